/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The labels of a name in presentation form (RFC 1035, 5.1), from its end.
 */
#ifndef DNSTOP_QUERY_NAME_LABELS_H
#define DNSTOP_QUERY_NAME_LABELS_H

#include <stddef.h>

#define NAME_LABEL_MAX 64

/* Where the label before text[end] begins; end is past its last byte, and before a
 * dot or the name's end. */
size_t name_label_start(const char *text, size_t end);
/* A label's own bytes, without escapes; returns how many, at most NAME_LABEL_MAX. */
size_t name_label_bytes(const char *label, size_t len, char out[NAME_LABEL_MAX]);

#endif
