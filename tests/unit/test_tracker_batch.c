/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that come in batches become what they become one by one. */
#include "core/flow/tracker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script.h"

#define C " 10.0.0.1:1000 10.0.0.2:53 "
#define T " 10.0.0.1:2000 10.0.0.2:53 "

/* One client's questions, each asked twice and answered, some by an ICMP error, and what
 * becomes of them while others come. */
static void run_many(struct script *s)
{
	char line[128];

	for (int i = 0; i < 150; i++) {
		int id = i % 10, ms = i * 3;

		snprintf(line, sizeof(line), "Q %dms" C "%d n%d.example A ip=%d", ms, id, i % 25,
			 i);
		script_line(s, line);
		if (i % 4 == 0)
			script_line(s, line);
		if (i % 7 == 3)
			line[0] = 'E';
		else if (i % 5 == 4)
			continue;
		else
			snprintf(line, sizeof(line), "R %dms" C "%d n%d.example A", ms + 1, id,
				 i % 25);
		script_line(s, line);
	}
	script_run(s, "");
}

static const char *const scripts[] = {
	"",
	"Q 0" C "1 a.example A\nR 1ms" C "1 a.example A\nF\n",
	/* Of one group: asked again, seen again, answered twice, overtaken. */
	"Q 0" C "1 a.example A ip=1\nQ 0" C "1 a.example A ip=1\nQ 1s" C "1 a.example A ip=2\n"
	"R 2s" C "1 a.example A\nR 2s" C "1 a.example A ip=4\n"
	"R 3s" C "2 b.example A\nQ 2999ms" C "2 b.example A\nF\n",
	/* Bytes that are wrong, cut, or of an opcode without a response. */
	"Q 0" C "1 a.example A cut\nQ 1ms" C "0 b.example A opcode=6\nQ 2ms" C "3 - -\n"
	"R 3ms" C "3 c.example A bad\nT 20s\n",
	/* Quotes between what they are of and what comes after. */
	"Q 0" C "1 a.example A\nE 1ms" C "1 a.example A\nE 1ms" C "1 a.example A bare\n"
	"Q 2ms" T "2 b.example A tcp\nX 3ms" T "\nQ 4ms" C "1 a.example A\nR 5ms" C
	"1 a.example A\nT 20s\n",
	/* A further sighting by its packet's place alone. */
	"Q 0" C "1 a.example A packet=3 origin\nQ 1us" C "1 a.example A packet=3 again hop\n"
	"R 1ms" C "1 a.example A packet=4\nR 2ms" C "1 a.example A packet=4 again hop\nF\n",
};

static void compare(void (*run)(struct script *s, const char *text), const char *text)
{
	static const unsigned sizes[] = { 1, 2, 15, 16, 17, 31, 32, 33, 63, 64 };
	struct script *want = script_new(64);

	run(want, text);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct script *s = script_new(64);

		s->batch = sizes[i];
		run(s, text);
		assert_string_equal(script_rows(s), script_rows(want));
		assert_string_equal(s->settled, want->settled);
		assert_memory_equal(tracker_stats(s->tracker), tracker_stats(want->tracker),
				    sizeof(struct tracker_stats));
		script_free(s);
	}
	script_free(want);
}

static void a_batch_is_as_its_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		compare(script_run, scripts[i]);
}

static void many(struct script *s, const char *text)
{
	(void)text;
	run_many(s);
}

static void so_are_many(void **state)
{
	(void)state;
	compare(many, NULL);
}

/* What was held back before has its turn first. */
static void what_was_held_comes_first(void **state)
{
	struct script *s = script_new(4);

	(void)state;
	script_line(s, "Q 0" C "1 a.example A");
	s->batch = 1;
	script_line(s, "R 1ms" C "1 a.example A");
	assert_string_equal(script_rows(s),
			    "answered 10.0.0.1:1000 1 a.example A 1000us tries=1 seen=2 open\n");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_batch_is_as_its_messages),
		cmocka_unit_test(so_are_many),
		cmocka_unit_test(what_was_held_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
