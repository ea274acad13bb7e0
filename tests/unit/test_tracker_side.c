/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tracker writes beside the rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/query/field.h"
#include "tests/unit/rows.h"
#include "tests/unit/script.h"

#define C " 10.0.0.1:1000 10.0.0.2:53 "

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct flow *only_row(const struct script *s)
{
	assert_int_equal(s->table->count, 1);
	return flow_table_row(s->table, flow_table_oldest(s->table));
}

/* Where the response was sent; not who sent it on. Rows without touch no side. */
static void a_row_has_who_answered(void **state)
{
	static const struct {
		const char *lines;
		uint32_t pid; /* 0: no side */
	} answers[] = {
		{ "Q 0" C "7 a A\nR 1ms" C "7 a A origin pid=7 comm=knotd\n", 7 },
		{ "Q 0" C "7 a A pid=3\nR 1ms" C "7 a A\n", 0 },
		/* its later sighting comes first; a second answer is another's */
		{ "Q 0" C "7 a A\nR 2ms" C "7 a A hop ip=1\n"
		  "R 1ms" C "7 a A origin pid=7 comm=knotd ip=1\n",
		  7 },
		{ "Q 0" C "7 a A\nR 1ms" C "7 a A origin pid=7 comm=knotd\n"
		  "R 2ms" C "7 a A origin pid=8\n",
		  7 },
		/* thrown away where it was sent */
		{ "Q 0" C "7 a A\nR 1ms" C "7 a A pid=7 comm=knotd drop\n", 7 },
		{ "R 1ms" C "7 a A origin pid=7 comm=knotd\n", 7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct script *s = script_new(4);
		struct owner o = { 0 };
		const char *bytes;
		size_t len;

		script_run(s, answers[i].lines);
		bytes = intern_text(s->table->owners, flow_table_answerer(s->table, only_row(s)),
				    &len);
		if (len == sizeof(o))
			memcpy(&o, bytes, sizeof(o));
		assert_int_equal(o.pid, answers[i].pid);
		assert_string_equal(o.comm, answers[i].pid ? "knotd" : "");
		script_free(s);
	}
}

static void expect_field(struct rows *r, const struct flow *f, const char *name, const char *want)
{
	const struct field *fd = field_find(name, strlen(name), NULL);
	char text[128];

	assert_non_null(fd);
	field_cell(fd, &r->src, f, text, sizeof(text));
	assert_string_equal(text, want);
}

static void who_answered_is_in_fields(void **state)
{
	struct rows *r = rows_new();
	const struct flow *f = rows_add(r, &(struct row_spec){ .server_pid = 53,
							       .server_comm = "knotd",
							       .server_container = "k.service" });

	(void)state;
	expect_field(r, f, "server_pid", "53");
	expect_field(r, f, "server_comm", "knotd");
	expect_field(r, f, "server_container", "k.service");
	f = rows_add(r, &(struct row_spec){ .pid = 7 });
	expect_field(r, f, "server_pid", "-");
	expect_field(r, f, "server_comm", "-");
	expect_field(r, f, "server_container", "-");
	rows_free(r);
}

/* Be it the query, another attempt or the answer that may have been seen elsewhere. */
static void a_row_not_followed_has_no_count_of_sightings(void **state)
{
	static const struct {
		const char *lines;
		const char *sightings;
	} rows[] = {
		{ "Q 0" C "7 a A\nR 1ms" C "7 a A\n", "2" },
		{ "Q 0" C "7 a A unfollowed\n", "-" },
		{ "Q 0" C "7 a A unfollowed\nR 1ms" C "7 a A\n", "-" },
		{ "Q 0" C "7 a A\nQ 1s" C "7 a A unfollowed\n", "-" },
		{ "Q 0" C "7 a A\nR 1ms" C "7 a A unfollowed\n", "-" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct script *s = script_new(4);
		const struct row_source src = { .table = s->table };
		char text[128];

		script_run(s, rows[i].lines);
		field_cell(field_find("sightings", 9, NULL), &src, only_row(s), text, sizeof(text));
		assert_string_equal(text, rows[i].sightings);
		script_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_has_who_answered),
		cmocka_unit_test(who_answered_is_in_fields),
		cmocka_unit_test(a_row_not_followed_has_no_count_of_sightings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
