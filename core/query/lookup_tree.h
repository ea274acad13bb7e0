/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lookup as a tree: its own questions in the order in which they were asked,
 * and under each what resolvers asked for its sake.
 */
#ifndef DNSTOP_QUERY_LOOKUP_TREE_H
#define DNSTOP_QUERY_LOOKUP_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow/table.h"

#define LOOKUP_TREE_MAX 256

struct lookup_node {
	uint32_t seq;
	uint16_t depth; /* 0: the client's own questions */
	bool last;      /* of those under its parent */
	bool open;      /* no answer (yet): it was awaited up to end_ns at the least */
	uint64_t begin_ns;
	uint64_t end_ns;
	uint64_t own_ns; /* of that, what nothing under it accounts for */
};

struct lookup_tree {
	uint32_t lookup;
	int n;
	bool cut;    /* there are more, or its begin has left memory */
	int slowest; /* the node with most time of its own */
	uint64_t begin_ns;
	uint64_t end_ns;
	struct lookup_node node[LOOKUP_TREE_MAX]; /* as they stand below each other */
};

/* Of rows up to to_seq, the one that `seq`, which must be in the table, is part
 * of; now_ns: what waits has waited until then. */
void lookup_tree_make(struct lookup_tree *tree, const struct flow_table *t, uint32_t seq,
		      uint32_t to_seq, uint64_t now_ns);

#endif
