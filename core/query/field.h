/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The field registry: the one list of what a row has.
 *
 * Each entry is a column, a sort key, a filter field, a group-by, a JSON and
 * CSV key and a line of the man page. There is no other switch over fields.
 */
#ifndef DNSTOP_QUERY_FIELD_H
#define DNSTOP_QUERY_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/flow/table.h"
#include "core/query/value.h"

struct inventory;
struct tlds;

/* What a getter may look at besides the row. */
struct row_source {
	const struct flow_table *table;
	const struct inventory *inventory; /* of encrypted DNS; NULL: none is kept */
	const struct tlds *tlds;           /* the top-level domains; NULL: no list is at hand */
	/* Texts of a response's answer records, one a line, into buf; returns the
	 * length. NULL where no decoder was given (see core/enrich/records.h). */
	size_t (*answer_texts)(const uint8_t *wire, size_t len, char *buf, size_t size);
	/* Where a name's registrable domain begins, of all that is one or less 0. NULL
	 * where no list was given (see core/enrich/registrable.h). */
	size_t (*registrable)(const char *name, size_t len);
	/* Clients and servers are told by their networks of so many bits; 0: by addresses. */
	uint8_t prefix4, prefix6;
};

enum field_flag {
	FIELD_RIGHT = 1 << 0,     /* right-aligned in a table */
	FIELD_JSON = 1 << 2,      /* a key of a JSON row */
	FIELD_NO_GROUP = 1 << 3,  /* grouping by it makes no sense */
	FIELD_TAIL = 1 << 4,      /* too long a cell is cut on its left */
	FIELD_LOOKUP = 1 << 5,    /* known only where the tracker finds lookups */
	FIELD_BYTES = 1 << 6,     /* known only where the messages' bytes are kept */
	FIELD_PATH = 1 << 7,      /* known only where paths are kept */
	FIELD_SIGHTINGS = 1 << 8, /* known only where packets are told of wherever they pass */
};

#define FIELD_IDS 65538u

/* Another name for a field: Wireshark's, NetObserv's, a short one. */
struct field_alias {
	const char *name;
	uint64_t bare_ns; /* as in struct field, where it differs under this name; else 0 */
};

/* From this drop number on columns are worth less than the whole of a name. */
#define FIELD_DROP_CHEAP 70

struct field {
	const char *name;                  /* lower case: the JSON key, the filter's word */
	const char *title;                 /* column header */
	const char *unit;                  /* "us", "bytes", "" */
	const char *help;                  /* one line, for help, man page and completion */
	const struct field_alias *aliases; /* ended by a NULL name; NULL: none */
	enum value_type type;              /* of every value that is not absent */
	int registry;                      /* enum dns_registry for VALUE_NAMED numbers, -1 none */
	const char *const
		*names;    /* VALUE_NAMED with registry -1: the names by number; NULL-ended */
	uint64_t bare_ns;  /* VALUE_DURATION: what a bare number in a filter counts */
	uint8_t width;     /* of its column at least, in cells */
	uint8_t max_width; /* that it grows to where there is room; 0: width */
	uint8_t drop;      /* columns with a higher number leave a narrow screen first; 0 never */
	uint16_t flags;    /* enum field_flag */
	/* Yields the value, setting all of *out; buf (VALUE_BUF bytes) is the getter's to use. */
	void (*get)(const struct row_source *src, const struct flow *f, struct value *out,
		    char *buf);
	/* What people read in the cell of an absent value ("no answer"); NULL: "-". */
	const char *(*absent)(const struct flow *f);
	/* For a field whose value depends on one number alone: that number, so that
	 * each value is looked at once. 0 says nothing: there get is to be asked. */
	uint32_t (*id)(const struct flow *f);
	/* The intern store that id's numbers are of; NULL: they are below FIELD_IDS. */
	const struct intern *(*id_store)(const struct flow_table *t);
};

/* The registry, in the order of JSON keys. */
const struct field *fields(size_t *n);
/* The columns of a screen until the user chooses, in their order from the left;
 * returns how many of them are in out. */
#define FIELD_MAX_COLUMNS 96
int field_default_columns(const struct field *out[FIELD_MAX_COLUMNS]);
/* A table cell: the value in short style, or what stands for its absence.
 * Returns the text's length, less than size. */
size_t field_cell(const struct field *fd, const struct row_source *src, const struct flow *f,
		  char *buf, size_t size);
/* By name or alias, case ignored; NULL when there is none. When alias_bare_ns
 * is not NULL it receives what a bare number counts under this very name
 * (dns.time: seconds; dns_latency: milliseconds). */
const struct field *field_find(const char *name, size_t len, uint64_t *alias_bare_ns);
/* The known name or alias nearest to a misspelt one, NULL if none is near. */
const char *field_suggest(const char *name, size_t len);
/* Parses "a,b,c" into at most max fields; returns how many or a negative errno
 * with err pointing at the place. */
struct err;
int field_parse_list(const char *text, const struct field **out, int max, struct err *err);

#endif
