/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A UDP answer that was cut and the same question over TCP after it: two rows
 * that name each other, by their sides' `twin`.
 *
 * Looked for only where an answer is cut or a query comes over TCP. Bounded: of
 * the cut answers of one place in the memory the newest is known.
 */
#ifndef DNSTOP_FLOW_TWIN_H
#define DNSTOP_FLOW_TWIN_H

#include <stdint.h>

#include "core/flow/pair.h"
#include "core/flow/table.h"

#define TWIN_SLOTS     1024u
#define TWIN_WINDOW_NS 5000000000ull /* from the cut answer to the query over TCP */

struct twins {
	struct twin_slot {
		uint32_t tag; /* of client, server and question; 0: empty */
		uint32_t seq;
	} slots[TWIN_SLOTS];
};

/* A row just got a cut answer over UDP. */
void twins_cut(struct twins *tw, const struct flow_table *t, const struct incoming *in,
	       uint32_t seq);
/* A row just made of a query over TCP. */
void twins_query(struct twins *tw, struct flow_table *t, const struct incoming *in, struct flow *f,
		 uint32_t seq);

#endif
