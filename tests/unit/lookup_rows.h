/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of lookups have in common: rows of a script as text, and who
 * asks whom.
 */
#ifndef DNSTOP_TESTS_UNIT_LOOKUP_ROWS_H
#define DNSTOP_TESTS_UNIT_LOOKUP_ROWS_H

#include "core/query/field.h"
#include "tests/unit/script.h"

static inline void value_of(const struct script *s, const struct flow *f, const char *name,
			    char *out, size_t size)
{
	const struct row_source src = { .table = s->table };
	const struct field *field = field_find(name, strlen(name), NULL);
	char buf[VALUE_BUF];
	struct value v;

	assert_non_null(field);
	field->get(&src, f, &v, buf);
	value_format(&v, VALUE_SHORT, out, size);
}

static inline void write_rows(const struct script *s, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < s->table->count; i++) {
		const struct flow *f = flow_table_row(s->table, flow_table_oldest(s->table) + i);
		char name[64], type[16], lookup[16], parent[16];

		value_of(s, f, "qname", name, sizeof(name));
		value_of(s, f, "qtype", type, sizeof(type));
		value_of(s, f, "lookup", lookup, sizeof(lookup));
		value_of(s, f, "parent", parent, sizeof(parent));
		used += (size_t)snprintf(out + used, size - used, "%s %s L%s%s%s\n", name, type,
					 lookup, *parent == '-' ? "" : " <",
					 *parent == '-' ? "" : parent);
	}
}

static inline void write_first(const struct script *s, char *out, size_t size)
{
	static const char *const names[] = { "lookup_outcome", "lookup_us", "lookup_rows",
					     "upstream", "intended" };
	const struct flow *f = flow_table_row(s->table, flow_table_oldest(s->table));
	size_t used = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char text[64];

		value_of(s, f, names[i], text, sizeof(text));
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : "", text);
	}
}

#define P  "10.0.0.9:4001" /* a client */
#define Q  "10.0.0.9:4002" /* the same from another port */
#define O  "10.0.0.8:4001" /* another client */
#define R  "10.0.0.1:53"   /* a resolver, which asks from there */
#define U  "10.0.0.1:5001"
#define V  "10.0.0.1:5002"
#define S  "192.0.2.1:53" /* whom it asks */
#define S2 "192.0.2.2:53"
#define LO "127.0.0.53:53"

#endif
