/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/lookups.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/words.h"
#include "core/flow/member.h"

/* Rows that are looked at to find how many of a lookup came before one. */
#define ORDINAL_MAX 65536u

static void add_field(struct words *t, const struct row_source *rows, const struct flow *row,
		      const char *name)
{
	char buf[VALUE_BUF], value[VALUE_BUF];
	struct value v;

	field_find(name, strlen(name), NULL)->get(rows, row, &v, buf);
	value_format(&v, VALUE_SHORT, value, sizeof(value));
	words_add(t, "%s", value);
}

static uint64_t number(const struct row_source *rows, const struct flow *row, const char *name)
{
	char buf[VALUE_BUF];
	struct value v;

	field_find(name, strlen(name), NULL)->get(rows, row, &v, buf);
	return v.type == VALUE_NONE ? 0 : v.u;
}

/* How many rows of its lookup came up to this one; 0: too many to tell. */
static uint32_t ordinal(const struct flow_table *t, uint32_t lookup, uint32_t seq)
{
	uint32_t n = 0;

	if (seq - lookup > ORDINAL_MAX)
		return 0;
	for (uint32_t at = lookup; (int32_t)(at - seq) <= 0; at++) {
		const struct flow *f = flow_table_row(t, at);

		if (flow_lookup(t, f, at) == lookup && !flow_has_parent(t, f))
			n++;
	}
	return n;
}

static void add_cause(struct words *t, const struct row_source *rows, uint32_t parent)
{
	const struct flow *cause = flow_table_row(rows->table, parent);

	words_add(t, "caused by row %" PRIu32, parent);
	if (!flow_table_has(rows->table, parent)) {
		words_add(t, ", no longer in memory");
		return;
	}
	words_add(t, ": ");
	add_field(t, rows, cause, "qname");
	words_add(t, " ");
	add_field(t, rows, cause, "qtype");
	words_add(t, " of ");
	add_field(t, rows, cause, "client");
}

static bool is_known(const struct row_source *rows, const struct flow *row, const char *name)
{
	char buf[VALUE_BUF];
	struct value v;

	field_find(name, strlen(name), NULL)->get(rows, row, &v, buf);
	return v.type != VALUE_NONE;
}

size_t lookups_whole(const struct row_source *rows, const struct flow *row, char *buf, size_t size)
{
	uint64_t upstream = number(rows, row, "upstream");
	struct words t = words_in(buf, size);

	add_field(&t, rows, row, "lookup_outcome");
	if (is_known(rows, row, "lookup_us")) {
		words_add(&t, " after ");
		add_field(&t, rows, row, "lookup_us");
	}
	if (upstream)
		words_add(&t, ", %" PRIu64 " upstream", upstream);
	return t.len;
}

size_t lookups_who(const struct row_source *rows, const struct flow *row, char *buf, size_t size)
{
	struct words t = words_in(buf, size);

	add_field(&t, rows, row, is_known(rows, row, "comm") ? "comm" : "client");
	words_add(&t, " > ");
	if (is_known(rows, row, "server_comm")) {
		add_field(&t, rows, row, "server_comm");
		words_add(&t, " ");
	}
	add_field(&t, rows, row, "server");
	return t.len;
}

size_t lookups_text(const struct row_source *rows, const struct flow *row, char *buf, size_t size)
{
	const struct flow_table *table = rows->table;
	const struct flow_side *side = flow_table_side(table, row);
	struct words t = words_in(buf, size);
	uint32_t lookup, n;

	if (!side || side->lookup == FLOW_NO_SEQ)
		return 0;
	lookup = side->lookup;
	if (side->parent != FLOW_NO_SEQ) {
		add_cause(&t, rows, side->parent);
		words_add(&t, "; in lookup %" PRIu32, lookup);
	} else if (flow_table_has(table, lookup)) {
		n = ordinal(table, lookup, flow_seq(table, row));
		if (n)
			words_add(&t, "%" PRIu32 " of ", n);
		add_field(&t, rows, row, "lookup_rows");
		words_add(&t, " in lookup %" PRIu32, lookup);
	} else {
		words_add(&t, "in lookup %" PRIu32, lookup);
	}
	if (flow_table_has(table, lookup)) {
		words_add(&t, ": ");
		t.len += lookups_whole(rows, row, buf + t.len, size - t.len);
	} else {
		words_add(&t, ", whose begin is no longer in memory");
	}
	if (number(rows, row, "wasted")) {
		words_add(&t, "; in vain, by a search list, for ");
		add_field(&t, rows, row, "intended");
	}
	return t.len;
}
