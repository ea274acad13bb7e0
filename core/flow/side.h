/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts that few rows have: a second ring beside the rows, of which memory is
 * touched only where a row got its side. A capture file whose rows need none
 * costs nothing.
 *
 * Rows are named by their seqs here, which may have left the table since.
 */
#ifndef DNSTOP_FLOW_SIDE_H
#define DNSTOP_FLOW_SIDE_H

#include <stdint.h>

struct flow_side {
	uint32_t server_owner; /* table.owners id of the process that answered, 0 unknown */
	uint32_t legs;         /* reference of its newest leg, LEGS_NONE for none: see path.h */
	uint32_t twin; /* the same question over TCP after a cut answer, and back; or FLOW_NO_SEQ */
	uint32_t parent;     /* the client's question that caused this one, or FLOW_NO_SEQ */
	uint32_t lookup;     /* the first row of the lookup that this is part of, or FLOW_NO_SEQ */
	uint16_t responders; /* distinct hosts that answered a multicast question */
	uint16_t drop_place; /* table.places index of where it was dropped, 0 unknown */
	uint16_t drop_by;  /* table.labels id: the kernel's function, or the router that said so */
	uint16_t messages; /* of the response: a zone transfer has many; 0 not counted */
};

#endif
