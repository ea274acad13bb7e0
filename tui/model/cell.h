/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cell of the flows as a test of a filter.
 */
#ifndef DNSTOP_MODEL_CELL_H
#define DNSTOP_MODEL_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/query/field.h"

/* What rows with the same in that field pass: "rcode=NXDOMAIN", of a list all of
 * its items, "unanswered" and "not comm" where there is nothing. With `exclude`
 * what all other rows pass, those that lack the fact among them. False where it
 * does not fit in size. */
bool cell_term(const struct field *field, const struct row_source *src, const struct flow *row,
	       bool exclude, char *buf, size_t size);

#endif
