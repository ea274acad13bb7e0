/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The labels of names in presentation form, as wire_name() writes them: a dot
 * behind an odd number of backslashes is a byte of a label.
 */
#ifndef DNSTOP_DNS_LABELS_H
#define DNSTOP_DNS_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/wire.h"

/* 255 bytes of wire hold no more labels than this. */
#define DNS_LABELS_MAX 127

struct dns_labels {
	size_t len;                    /* of the text */
	int n;                         /* 0: the root */
	uint16_t at[DNS_LABELS_MAX];   /* where each begins */
	char lower[DNS_NAME_TEXT_MAX]; /* the text, ASCII letters small (RFC 4343) */
};

/* Parts a name of len bytes; what is longer than any name is cut. */
void dns_labels(struct dns_labels *out, const char *text, size_t len);

/* How many labels, from the left, two names have in common. */
int dns_labels_common(const struct dns_labels *a, const struct dns_labels *b);

/* Whether the labels of b from b_from on are the last ones of a's from a_from on,
 * and fewer than those. */
bool dns_labels_end(const struct dns_labels *a, int a_from, const struct dns_labels *b, int b_from);

/* Bytes of the text that the first n labels take, without a dot behind them. */
size_t dns_labels_length(const struct dns_labels *l, int n);

#endif
