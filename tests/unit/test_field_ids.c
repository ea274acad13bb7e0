/* SPDX-License-Identifier: BSD-2-Clause */
/* What an id promises: rows that have the same one have the same value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/rows.h"

#define ROWS 4000

static uint32_t pick(uint64_t *state, uint32_t n)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)((*state >> 33) % n);
}

/* Few values of each kind, the ends of their ranges among them, in all mixtures. */
static void add_random(struct rows *r, uint64_t *state)
{
	static const uint16_t numbers[] = { 0, 1, 2, 53, 255, 4095, 65534, 65535 };
	static const char *const addrs[] = { "10.0.0.1", "10.0.0.2", "fd00::1", "::" };
	static const char *const names[] = { ".", "a.example", "B.example", "c.d.e.f.example" };
	struct flow *f = rows_add(r, &(struct row_spec){
					     .client = addrs[pick(state, 4)],
					     .server = addrs[pick(state, 4)],
					     .qname = names[pick(state, 4)],
					     .no_question = pick(state, 8) == 0,
					     .state = (uint8_t)pick(state, 4),
					     .pending = pick(state, 8) == 0,
					     .rcode = numbers[pick(state, 8)],
					     .pid = pick(state, 4) * 100,
					     .uid = pick(state, 2),
					     .comm = pick(state, 2) ? "dig" : "host",
					     .transport = (uint8_t)pick(state, 16),
					     .service = (uint8_t)pick(state, 16),
				     });

	f->client_port = numbers[pick(state, 8)];
	f->server_port = numbers[pick(state, 8)];
	f->qtype = numbers[pick(state, 8)];
	f->qclass = numbers[pick(state, 8)];
	f->state = (uint8_t)pick(state, 6);
}

struct seen {
	bool known;
	struct value value;
	char text[VALUE_BUF];
};

static void assert_same(const struct field *fd, struct seen *before, const struct value *v)
{
	if (!before->known) {
		before->known = true;
		before->value = *v;
		if (v->text)
			memcpy(before->text, v->text, v->len);
		before->value.text = before->text;
		return;
	}
	if (before->value.type != v->type || (v->type && value_compare(&before->value, v) != 0) ||
	    (v->type == VALUE_TEXT && memcmp(before->text, v->text, v->len) != 0))
		fail_msg("%s: two values of one id", fd->name);
}

static void test_one_id_one_value(void **state)
{
	struct rows *r = rows_new_sized(ROWS);
	size_t n_fields, with_id = 0;
	const struct field *all = fields(&n_fields);
	struct seen *seen = malloc(FIELD_IDS * sizeof(*seen));
	uint64_t random = 5;
	char buf[VALUE_BUF];

	(void)state;
	assert_non_null(seen);
	for (int i = 0; i < ROWS; i++)
		add_random(r, &random);
	for (size_t k = 0; k < n_fields; k++) {
		const struct intern *store = all[k].id_store ? all[k].id_store(r->table) : NULL;
		uint32_t limit = store ? intern_limit(store) : FIELD_IDS;

		if (!all[k].id)
			continue;
		with_id++;
		assert_true(limit <= FIELD_IDS);
		for (uint32_t i = 0; i < FIELD_IDS; i++)
			seen[i].known = false;
		for (uint32_t i = 0; i < ROWS; i++) {
			const struct flow *f = flow_table_row(r->table, i);
			uint32_t id = all[k].id(f);
			struct value v;

			assert_true(id < limit);
			all[k].get(&r->src, f, &v, buf);
			if (id)
				assert_same(&all[k], &seen[id], &v);
		}
	}
	assert_true(with_id > 10);
	free(seen);
	rows_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_id_one_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
