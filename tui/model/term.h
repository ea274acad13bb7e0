/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing filters: a test that a cell's value passes, and tests put together.
 */
#ifndef DNSTOP_MODEL_TERM_H
#define DNSTOP_MODEL_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/query/field.h"

/* Room for one test: a name in quotes, each of its backslashes doubled. */
#define TERM_MAX 2200

/* "qname=www.example.com", with quotes where they are needed; of an absent
 * value "not rcode". exclude: the other way round. False where it does not fit
 * in size. */
bool term_of(const struct field *field, const struct value *v, bool exclude, char *buf,
	     size_t size);
/* What stands behind the operator there; false where it does not fit. */
bool term_value(const struct value *v, char *buf, size_t size);
/* Adds a test to a filter, with parentheses where `or` would take it apart.
 * False where it does not fit. */
bool term_add(const char *filter, const char *term, char *buf, size_t size);

#endif
