/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tracker makes of messages that the kernel threw away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/script.h"

#define C " 10.0.0.1:4000 10.0.0.2:53 "

static const struct {
	const char *what, *script;
	unsigned rows;
	enum flow_state state; /* of the newest row */
	bool dropped;
	unsigned sightings, attempts;
} cases[] = {
	{ "seen nowhere else", "Q 0" C "7 a.example A hop drop\nT 20s\n", 1, FLOW_TIMEOUT, true, 1,
	  1 },
	{ "where it was going",
	  "Q 0" C "7 a.example A origin\nQ 10us" C "7 a.example A hop drop\nT 20s\n", 1,
	  FLOW_TIMEOUT, true, 1, 1 },
	{ "sent again, and answered",
	  "Q 0" C "7 a.example A origin\nQ 10us" C "7 a.example A hop drop\n"
	  "Q 1s" C "7 a.example A origin\nR 1001ms" C "7 a.example A origin\n",
	  1, FLOW_ANSWERED, true, 3, 2 },
	{ "the answer, before it was seen",
	  "Q 0" C "7 a.example A origin\nR 1ms" C "7 a.example A hop drop\nT 20s\n", 1,
	  FLOW_TIMEOUT, true, 1, 1 },
	{ "the answer, at its end",
	  "Q 0" C "7 a.example A origin\nR 1ms" C "7 a.example A origin\nR 1010us" C
	  "7 a.example A hop drop\n",
	  1, FLOW_ANSWERED, true, 2, 1 },
	{ "none", "Q 0" C "7 a.example A origin\nR 1ms" C "7 a.example A origin\n", 1,
	  FLOW_ANSWERED, false, 2, 1 },
	{ "another's", "Q 0" C "7 a.example A hop drop\nQ 1ms" C "8 b.example A origin\n", 2,
	  FLOW_PENDING, false, 1, 1 },
};

static void drops_are_told_in_their_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = script_new(8);
		const struct flow *f;
		const char *reason;
		size_t len;

		script_run(s, cases[i].script);
		assert_int_equal(s->table->count, cases[i].rows);
		f = flow_table_row(s->table, s->table->next_seq - 1);
		reason = intern_text(s->table->labels, f->drop_reason, &len);
		if (f->state != cases[i].state || f->sightings != cases[i].sightings ||
		    f->attempts != cases[i].attempts ||
		    strcmp(reason, cases[i].dropped ? "NO_SOCKET" : "") != 0)
			fail_msg("%s: state %d, %u sightings, %u attempts, \"%s\"", cases[i].what,
				 f->state, f->sightings, f->attempts, reason);
		script_free(s);
	}
}

static void a_sweep_keeps_reasons(void **state)
{
	struct script *s = script_new(8);
	const struct flow *f;
	size_t len;

	(void)state;
	script_run(s, "Q 0" C "7 a.example A hop drop\n");
	flow_table_sweep(s->table);
	f = flow_table_row(s->table, 0);
	assert_string_equal(intern_text(s->table->labels, f->drop_reason, &len), "NO_SOCKET");
	flow_table_clear(s->table);
	assert_int_equal(intern_count(s->table->labels), 0);
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drops_are_told_in_their_rows),
		cmocka_unit_test(a_sweep_keeps_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
