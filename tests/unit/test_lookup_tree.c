/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lookups as trees: order, depth, and where the time went.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/lookup_tree.h"
#include "tests/unit/script.h"

#define P "10.0.0.9:4001"
#define R "10.0.0.1:53"
#define U "10.0.0.1:5001"
#define S "192.0.2.1:53"

static const struct {
	const char *script;
	uint32_t seq;
	/* "0 a A 0-21ms own 2ms", indented by depth; "?" no answer, "*" the slowest. */
	const char *tree;
} cases[] = {
	{
		"Q 0 " P " " R " 1 a A\nQ 1ms " U " " S " 7 a A\n"
		"R 20ms " U " " S " 7 a A answers=1\nR 21ms " P " " R " 1 a A answers=1\n"
		"Q 22ms " P " " R " 2 b A\n",
		1,
		"0 A 0-21 own 2 last\n 1 A 1-20 own 19 last*\n",
	},
	{
		"Q 22ms " P " " R " 2 b A\n",
		0,
		"0 A 22-30 own 8 last?*\n",
	},
	/* Two families, each with its own; those under the first overlap. */
	{
		"Q 0 " P " " R " 1 a A\nQ 0 " P " " R " 2 a AAAA\n"
		"Q 1ms " U " " S " 7 a A\nQ 2ms " U " " S " 8 a AAAA\n"
		"R 5ms " U " " S " 7 a A rcode=2\nQ 4ms 10.0.0.1:5002 192.0.2.2:53 9 a A\n"
		"R 8ms 10.0.0.1:5002 192.0.2.2:53 9 a A answers=1\n"
		"R 9ms " P " " R " 1 a A answers=1\n",
		3,
		"0 A 0-9 own 2\n 2 A 1-5 own 4\n 4 A 4-8 own 4 last\n1 AAAA 0-30 own 2 last?\n"
		" 3 AAAA 2-30 own 28 last?*\n",
	},
	/* A server that is dead until the next is asked. */
	{
		"Q 0 " P " " R " 1 a A\nQ 3s " P " 10.0.0.2:53 1 a A\n"
		"R 3001ms " P " 10.0.0.2:53 1 a A answers=1\nT 60s\n",
		0,
		"0 A 0-3000 own 3000?*\n1 A 3000-3001 own 1 last\n",
	},
};

static void write_tree(const struct lookup_tree *tree, const struct flow_table *t, char *out,
		       size_t size)
{
	size_t used = 0;

	for (int i = 0; i < tree->n; i++) {
		const struct lookup_node *n = &tree->node[i];
		const struct flow *f = flow_table_row(t, n->seq);

		used += (size_t)snprintf(
			out + used, size - used, "%*s%u %s %llu-%llu own %llu%s%s%s\n", n->depth,
			"", n->seq, script_type_name(f->qtype),
			(unsigned long long)(n->begin_ns - SCRIPT_START_NS) / 1000000,
			(unsigned long long)(n->end_ns - SCRIPT_START_NS) / 1000000,
			(unsigned long long)n->own_ns / 1000000, n->last ? " last" : "",
			n->open ? "?" : "", i == tree->slowest ? "*" : "");
	}
}

static void test_trees(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = script_new(64);
		struct lookup_tree tree;
		char text[1024];

		script_run(s, cases[i].script);
		lookup_tree_make(&tree, s->table, cases[i].seq, s->table->next_seq,
				 SCRIPT_START_NS + 30000000);
		write_tree(&tree, s->table, text, sizeof(text));
		assert_string_equal(text, cases[i].tree);
		assert_false(tree.cut);
		script_free(s);
	}
}

/* Its first row has left memory; more questions than a tree has room for. */
static void test_cut(void **state)
{
	struct script *s = script_new(512);
	struct lookup_tree tree;
	char line[128];

	(void)state;
	script_run(s, "Q 0 " P " " R " 1 a A\n");
	for (int i = 0; i < 400; i++) {
		snprintf(line, sizeof(line), "Q 1ms 10.0.0.1:6000 " S " %d a A\n", 7 + i);
		script_run(s, line);
	}
	lookup_tree_make(&tree, s->table, 300, s->table->next_seq, SCRIPT_START_NS);
	assert_true(tree.cut);
	assert_int_equal(tree.n, LOOKUP_TREE_MAX);
	assert_int_equal(tree.lookup, 0);
	script_free(s);
	s = script_new(2);
	script_run(s,
		   "Q 0 " P " " R " 1 a A\nQ 1us " P " " R " 2 a AAAA\nQ 2us " P " " R " 3 b A\n");
	lookup_tree_make(&tree, s->table, 1, s->table->next_seq, SCRIPT_START_NS);
	assert_true(tree.cut);
	assert_int_equal(tree.n, 1);
	assert_int_equal(tree.node[0].seq, 1);
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("lookup trees", tests, NULL, NULL);
}
