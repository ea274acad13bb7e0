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

#include <stdbool.h>
#include <stdint.h>

/* What came of a lookup; of its rows the best one tells. */
enum lookup_outcome {
	LOOKUP_PENDING,
	LOOKUP_TIMEOUT,
	LOOKUP_TRUNCATED,
	LOOKUP_ERROR, /* any other response code */
	LOOKUP_NXDOMAIN,
	LOOKUP_NODATA, /* the name exists, without a record of that type */
	LOOKUP_OK,
};

struct flow_side {
	uint32_t twin; /* the same question over TCP after a cut answer, and back; or FLOW_NO_SEQ */
	uint32_t parent;     /* the client's question that caused this one, or FLOW_NO_SEQ */
	uint32_t lookup;     /* the first row of the lookup that this is part of, or FLOW_NO_SEQ */
	uint16_t responders; /* distinct hosts that answered a multicast question */
	uint16_t drop_place; /* table.places index of where it was dropped, 0 unknown */
	uint16_t drop_by;  /* table.labels id: the kernel's function, or the router that said so */
	uint16_t messages; /* of the response: a zone transfer has many; 0 not counted */
	uint16_t response_place;    /* of a transfer: where its first message was seen, ... */
	uint8_t response_direction; /* ... and in which direction */
	/* Of a question to everyone on the link (multicast.h): */
	uint32_t responder;     /* table.addrs id of the first host that answered, 0 none */
	uint16_t known_answers; /* that came with it, not to be told again */
	bool unicast_wanted;    /* it asks for answers by unicast */
	/* Of a lookup's first row, where `lookup` is its own seq (member.h). */
	uint32_t stage;     /* the first row of the name asked for last */
	uint32_t lookup_us; /* from its begin to its last answer; saturates */
	uint32_t lost_us;   /* of that, before the name it is about: a search list's walk */
	uint16_t rows;      /* its own, without what resolvers asked for it; saturate */
	uint16_t upstream;  /* what resolvers asked for it */
	uint16_t intended;  /* bytes of the name that a walk is about, 0 none */
	uint8_t outcome;    /* enum lookup_outcome; pending while there is no answer */
};

#endif
