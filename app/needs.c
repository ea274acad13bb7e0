/* SPDX-License-Identifier: BSD-2-Clause */
#include "app/needs.h"

#include <string.h>

/* Message bytes kept: for the detail pane of many rows, or just until a row
 * has been printed. */
#define STORE_SCREEN_BYTES (32u << 20)
#define STORE_REPORT_BYTES (8u << 20)

/* Whether a filter may ask for a field, by any of its names. */
static bool is_named(const struct field *field, const char *filter)
{
	if (strcasestr(filter, field->name))
		return true;
	for (const struct field_alias *a = field->aliases; a && a->name; a++)
		if (strcasestr(filter, a->name))
			return true;
	return false;
}

/* Whether a report groups, orders or filters by such a field, or has it as a column.
 * (A filter that says "answered" seems to name "answer", in vain.) */
static bool asks_for(const struct options *o, enum field_flag flag)
{
	size_t n;
	const struct field *all = fields(&n);

	for (int i = 0; i < o->n_columns; i++)
		if (!o->by && !o->board && o->columns[i]->flags & flag)
			return true;
	for (size_t i = 0; i < n; i++)
		if (all[i].flags & flag &&
		    (o->by == &all[i] || o->second == &all[i] || o->sort_field == &all[i] ||
		     is_named(&all[i], o->filter)))
			return true;
	return false;
}

/* Whether every field is shown. (The default columns of --batch are neither of bytes nor
 * of lookups.) */
static bool shows_all(const struct options *o)
{
	return !o->by && !o->board && !o->n_columns &&
	       (o->output == OUTPUT_JSON || o->output == OUTPUT_CSV);
}

/* Whether the user can ask for any row's facts, as long as it runs. */
static bool is_asked(const struct options *o)
{
	return o->output == OUTPUT_SCREEN || o->output == OUTPUT_PLAIN;
}

bool needs_bytes(const struct options *o)
{
	return is_asked(o) || shows_all(o) || asks_for(o, FIELD_BYTES);
}

size_t needs_store(const struct options *o)
{
	/* Rows that wait for the end are looked at then. */
	bool late = !o->by && (o->sort || o->top);

	if (is_asked(o) || o->write || (late && needs_bytes(o)))
		return STORE_SCREEN_BYTES;
	return needs_bytes(o) ? STORE_REPORT_BYTES : 0;
}

bool needs_lookups(const struct options *o)
{
	if (o->board ? o->board->lookups : is_asked(o))
		return true;
	return shows_all(o) || asks_for(o, FIELD_LOOKUP);
}

bool needs_paths(const struct options *o)
{
	return is_asked(o) || shows_all(o) || asks_for(o, FIELD_PATH);
}

bool needs_sightings(const struct options *o)
{
	/* A question that was passed on was none of this host's. */
	return needs_paths(o) || needs_lookups(o) || asks_for(o, FIELD_SIGHTINGS);
}

/* A message whose addresses are hidden has to be understood anew. */
bool needs_wire(const struct options *o)
{
	return needs_store(o) || needs_lookups(o) || addresses_are_set(&o->addresses);
}
