/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The distinct values of one field, numbered in the order of their first row:
 * what grouping counts by and what sorting by text ranks. Their texts are
 * copies, so that they outlive their rows.
 *
 * Texts that differ in case only are one value (RFC 4343; resolvers that mix
 * the case at random would fill every table else), shown in lower case once
 * they have been seen in several spellings.
 */
#ifndef DNSTOP_QUERY_DISTINCT_H
#define DNSTOP_QUERY_DISTINCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/query/field.h"

struct distinct;

#define DISTINCT_FULL UINT32_MAX

/* For rows of src; at most max values. NULL when memory is short. */
struct distinct *distinct_new(const struct row_source *src, const struct field *field,
			      uint32_t max);
/* The distinct pairs of two fields' values. */
struct distinct *distinct_new_pairs(const struct row_source *src, const struct field *first,
				    const struct field *second, uint32_t max);
void distinct_free(struct distinct *d);

/* The number of a row's value, entered if new; DISTINCT_FULL when there are max
 * others, or when memory is short (distinct_error is -ENOMEM then). */
uint32_t distinct_of(struct distinct *d, const struct flow *row);

int distinct_error(const struct distinct *d);
/* From now on no value is entered. */
void distinct_close(struct distinct *d);
/* What the values take; not what is remembered by interned id, which is at most
 * half as much as the table's strings. */
size_t distinct_bytes(const struct distinct *d);

uint32_t distinct_count(const struct distinct *d);
/* Value i < distinct_count; its text belongs to d. */
const struct value *distinct_at(const struct distinct *d, uint32_t i);
/* Of pairs the second value; NULL where there are none. */
const struct value *distinct_second(const struct distinct *d, uint32_t i);

/* The numbers of all values in the order of value_compare, of pairs by the first
 * and then the second: an array for the
 * caller to free, NULL when memory is short. */
uint32_t *distinct_order(const struct distinct *d);

#endif
