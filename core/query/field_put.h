/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What getters are written with; for core/query/field_get*.c only.
 */
#ifndef DNSTOP_QUERY_FIELD_PUT_H
#define DNSTOP_QUERY_FIELD_PUT_H

#include <string.h>

#include "core/dns/names.h"
#include "core/query/field_get.h"

/* A getter's head; not every one looks at all it may look at. */
#define GETTER(name)                                                                           \
	void field_get_##name(const struct row_source *src __attribute__((unused)),            \
			      const struct flow *f __attribute__((unused)), struct value *out, \
			      char *buf __attribute__((unused)))

/* A getter of a number that is a fact when `known`. */
#define UINT_GETTER(name, known, number)       \
	GETTER(name)                           \
	{                                      \
		if (known)                     \
			put_uint(out, number); \
		else                           \
			put_none(out);         \
	}

/* Written in place: a value that is returned and copied costs a getter more
 * than all else it does. */
static inline void put_none(struct value *out)
{
	*out = (struct value){ .type = VALUE_NONE };
}

static inline void put_uint(struct value *out, uint64_t n)
{
	*out = (struct value){ .type = VALUE_UINT, .u = n };
}

static inline void put_text(struct value *out, const char *text)
{
	*out = (struct value){ .type = VALUE_TEXT, .text = text, .len = strlen(text) };
}

static inline void put_named(struct value *out, uint64_t n, const char *name)
{
	*out = (struct value){ .type = VALUE_NAMED, .u = n, .text = name, .len = strlen(name) };
}

static inline void put_registered(struct value *out, enum dns_registry reg, uint16_t n, char *buf)
{
	put_named(out, n, dns_mnemonic(reg, n, buf));
}

/* An address by its id in table.addrs. */
void field_put_addr(struct value *out, const struct row_source *src, uint32_t id);

static inline bool has(const struct flow *f, enum flow_mark mark)
{
	return f->marks & mark;
}

#endif
