/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree of tests, and its way into jumps. */
#include "core/query/filter_internal.h"

/* What a test costs in its place among others: and, or are judged from the
 * cheapest on. Tests have no effect but their result, so any order will do. */
enum cost {
	COST_ROW = 1,
	COST_PRESENT = 4,
	COST_MEMO = 5, /* one byte is looked at; judging each text once is soon repaid */
	COST_NUMBER = 6,
	COST_ADDR = 8, /* looked up by its id */
	COST_TEXTS = 60,
	COST_LIST = 2000, /* a message is decoded for it */
};

static struct node *new_node(struct tree *tree, enum node_kind kind, unsigned cost)
{
	struct node *n;

	if (tree->n_nodes == FILTER_MAX_NODES)
		return NULL;
	n = &tree->nodes[tree->n_nodes++];
	*n = (struct node){ .kind = kind, .cost = cost };
	return n;
}

static void add_child(struct node *parent, struct node *child)
{
	struct node **at = &parent->child;

	while (*at && (*at)->cost > child->cost)
		at = &(*at)->next;
	child->next = *at;
	*at = child;
	parent->cost += child->cost;
}

struct node *tree_join(struct tree *tree, enum node_kind kind, struct node *first,
		       struct node *second)
{
	struct node *n = first;

	if (first->kind != kind) {
		n = new_node(tree, kind, 0);
		if (!n)
			return NULL;
		add_child(n, first);
	}
	add_child(n, second);
	return n;
}

struct node *tree_not(struct tree *tree, struct node *child)
{
	struct node *n = new_node(tree, NODE_NOT, child->cost);

	if (n)
		n->child = child;
	return n;
}

static unsigned cost_of(const struct test *t)
{
	if (t->kind == TEST_ROW)
		return COST_ROW;
	if (t->field->type == VALUE_LIST)
		return COST_LIST;
	if (t->kind == TEST_PRESENT)
		return COST_PRESENT;
	if (t->memo != FILTER_NO_MEMO)
		return COST_MEMO;
	if (t->kind == TEST_TEXTS || t->kind == TEST_NAME)
		return COST_TEXTS;
	return t->field->type == VALUE_ADDR ? COST_ADDR : COST_NUMBER;
}

struct node *tree_test(struct tree *tree, struct test t)
{
	struct filter *f = tree->f;
	struct node *n;

	t.memo = FILTER_NO_MEMO;
	if ((t.kind == TEST_RANGES || t.kind == TEST_TEXTS || t.kind == TEST_NAME) &&
	    t.field->id_store && f->n_memos < FILTER_MAX_MEMOS) {
		f->memos[f->n_memos] = (struct memo){ .field = t.field };
		t.memo = (int16_t)f->n_memos++;
	}
	if (f->n_tests == FILTER_MAX_TESTS)
		return NULL;
	n = new_node(tree, NODE_TEST, cost_of(&t));
	if (n) {
		n->test = (uint16_t)f->n_tests;
		f->tests[f->n_tests++] = t;
	}
	return n;
}

/* From the last child to the first: each knows where the next one begins. */
static uint16_t compile_node(struct filter *f, const struct node *n, uint16_t yes, uint16_t no)
{
	uint16_t entry = n->kind == NODE_AND ? yes : no;

	switch (n->kind) {
	case NODE_TEST:
		f->tests[n->test].yes = yes;
		f->tests[n->test].no = no;
		return n->test;
	case NODE_NOT:
		return compile_node(f, n->child, no, yes);
	case NODE_AND:
		for (const struct node *c = n->child; c; c = c->next)
			entry = compile_node(f, c, entry, no);
		return entry;
	case NODE_OR:
		for (const struct node *c = n->child; c; c = c->next)
			entry = compile_node(f, c, yes, entry);
		return entry;
	}
	return no;
}

uint16_t tree_compile(struct filter *f, const struct node *root)
{
	return compile_node(f, root, FILTER_ACCEPT, FILTER_REJECT);
}
