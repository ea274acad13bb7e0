/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --plain: for screen readers, and for terminals that can't show a screen. Lines
 * on standard output, without glyphs, colours or a moving cursor: what is watched,
 * then a summary each interval in which something came, and at once a line for
 * each error, unanswered query or slow answer. Commands are lines on standard
 * input; those about a file are taken once it is read.
 */
#ifndef DNSTOP_PLAIN_PLAIN_H
#define DNSTOP_PLAIN_PLAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "app/face.h"
#include "core/base/err.h"
#include "core/query/field.h"

struct plain_config {
	const struct row_source *rows; /* borrowed */
	const char *title;             /* of the source, likewise */
	const char *notice;            /* "" when there is none */
	const char *filter;            /* valid; "" for none */
	uint64_t now_ns;               /* what its relative times refer to */
	uint64_t interval_ns;          /* between two summaries */
	bool live; /* rows go on coming; else a file is read, and told of then */
	int in;    /* where commands come from, -1: nowhere; stays the caller's */
	FILE *out; /* borrowed */
};

struct plain;

extern const struct face_ops face_plain;

/* Says at once what is watched. Returns 0 or a negative errno with err. */
int plain_open(struct plain **out, const struct plain_config *cfg, struct err *err);

#endif
