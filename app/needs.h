/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the options ask of the table, so that nothing is kept that nobody looks at.
 */
#ifndef DNSTOP_APP_NEEDS_H
#define DNSTOP_APP_NEEDS_H

#include "app/options.h"

/* Whether the bytes of messages are looked at: in a column, a filter, an order. */
bool needs_bytes(const struct options *o);
/* How many of them are kept, for that and for --write. */
size_t needs_store(const struct options *o);
/* Whether anything that is shown or asked for depends on lookups. */
bool needs_lookups(const struct options *o);
/* The same of paths, and of all sightings but a packet's first. */
bool needs_paths(const struct options *o);
bool needs_sightings(const struct options *o);
/* Whether the messages' bytes are read after they have been understood, by whomever. */
bool needs_wire(const struct options *o);

#endif
