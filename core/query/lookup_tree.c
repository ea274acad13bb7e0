/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/lookup_tree.h"

#include <stdlib.h>
#include <string.h>

#include "core/flow/lookup.h"
#include "core/flow/member.h"
#include "core/flow/sighting.h"

/* What is asked for a lookup is asked within this, and so many rows are looked at. */
#define SPAN_NS  (2 * LOOKUP_MAX_NS)
#define ROWS_MAX (1u << 20)

struct member {
	uint32_t seq;
	uint32_t parent; /* FLOW_NO_SEQ: none that is in the tree */
};

static bool is_found(const struct member *m, int n, uint32_t seq)
{
	for (int i = 0; i < n; i++) {
		if (m[i].seq == seq)
			return true;
	}
	return false;
}

/* The rows of the lookup in the order of arrival. */
static int find_members(struct lookup_tree *tree, const struct flow_table *t, uint32_t to_seq,
			struct member *m)
{
	uint32_t oldest = flow_table_oldest(t), from = tree->lookup;
	uint64_t begin_ns = 0;
	int n = 0;

	if ((int32_t)(from - oldest) < 0) {
		from = oldest;
		tree->cut = true;
	}
	for (uint32_t at = from; at != to_seq && at - from < ROWS_MAX; at++) {
		const struct flow *f = flow_table_row(t, at);
		uint32_t parent;

		if (n && f->ts_ns > begin_ns + SPAN_NS)
			break;
		if ((at != tree->lookup && !(f->seen & SEEN_SIDE)) ||
		    flow_lookup(t, f, at) != tree->lookup)
			continue;
		if (n == LOOKUP_TREE_MAX) {
			tree->cut = true;
			break;
		}
		if (n == 0)
			begin_ns = f->ts_ns;
		parent = flow_parent(t, f);
		m[n] = (struct member){ at, is_found(m, n, parent) ? parent : FLOW_NO_SEQ };
		n++;
	}
	return n;
}

static void add_node(struct lookup_tree *tree, const struct flow_table *t, uint32_t seq,
		     uint16_t depth, uint64_t now_ns)
{
	const struct flow *f = flow_table_row(t, seq);
	struct lookup_node *node = &tree->node[tree->n++];

	*node = (struct lookup_node){ .seq = seq, .depth = depth, .begin_ns = f->ts_ns };
	node->open = f->state != FLOW_ANSWERED;
	node->end_ns = f->state == FLOW_ANSWERED ? flow_response_ns(f) : flow_attempt_ns(f);
	if (f->state == FLOW_PENDING && now_ns > node->end_ns)
		node->end_ns = now_ns;
	if (tree->n == 1 || node->begin_ns < tree->begin_ns)
		tree->begin_ns = node->begin_ns;
	if (node->end_ns > tree->end_ns)
		tree->end_ns = node->end_ns;
}

/* Those under `parent`, each with what is under it. */
static void add_nodes(struct lookup_tree *tree, const struct flow_table *t, const struct member *m,
		      int n, uint32_t parent, uint16_t depth, uint64_t now_ns)
{
	int last = -1;

	if (depth >= LOOKUP_TREE_MAX)
		return;
	for (int i = 0; i < n; i++) {
		if (m[i].parent != parent)
			continue;
		last = tree->n;
		add_node(tree, t, m[i].seq, depth, now_ns);
		add_nodes(tree, t, m, n, m[i].seq, (uint16_t)(depth + 1), now_ns);
	}
	if (last >= 0)
		tree->node[last].last = true;
}

/* An answer that never came was awaited until the same was asked elsewhere. */
static void extend_unanswered(struct lookup_tree *tree, const struct flow_table *t)
{
	for (int i = 0; i < tree->n; i++) {
		struct lookup_node *node = &tree->node[i];
		const struct flow *f = flow_table_row(t, node->seq);

		for (int j = i + 1; node->open && j < tree->n && tree->node[j].depth >= node->depth;
		     j++) {
			const struct lookup_node *next = &tree->node[j];
			const struct flow *n = flow_table_row(t, next->seq);

			if (next->depth != node->depth || n->qname != f->qname ||
			    n->qtype != f->qtype)
				continue;
			if (next->begin_ns > node->end_ns)
				node->end_ns = next->begin_ns;
			break;
		}
	}
}

/* The time in which nothing right under the node was under way. Nodes are in the
 * order in which they began. */
static uint64_t own_time(const struct lookup_tree *tree, int i)
{
	const struct lookup_node *node = &tree->node[i];
	uint64_t at_ns = node->begin_ns, own_ns = 0;

	for (int j = i + 1; j < tree->n && tree->node[j].depth > node->depth; j++) {
		const struct lookup_node *under = &tree->node[j];

		if (under->depth != node->depth + 1)
			continue;
		if (under->begin_ns > at_ns)
			own_ns += (under->begin_ns < node->end_ns ? under->begin_ns
								  : node->end_ns) -
				  at_ns;
		if (under->end_ns > at_ns)
			at_ns = under->end_ns;
		if (at_ns >= node->end_ns)
			return own_ns;
	}
	return own_ns + (node->end_ns > at_ns ? node->end_ns - at_ns : 0);
}

void lookup_tree_make(struct lookup_tree *tree, const struct flow_table *t, uint32_t seq,
		      uint32_t to_seq, uint64_t now_ns)
{
	struct member m[LOOKUP_TREE_MAX];
	int n;

	*tree = (struct lookup_tree){ .slowest = -1 };
	tree->lookup = flow_lookup(t, flow_table_row(t, seq), seq);
	n = find_members(tree, t, to_seq, m);
	add_nodes(tree, t, m, n, FLOW_NO_SEQ, 0, now_ns);
	extend_unanswered(tree, t);
	for (int i = 0; i < tree->n; i++) {
		struct lookup_node *node = &tree->node[i];

		node->own_ns = own_time(tree, i);
		if (tree->slowest < 0 || node->own_ns > tree->node[tree->slowest].own_ns)
			tree->slowest = i;
	}
}
