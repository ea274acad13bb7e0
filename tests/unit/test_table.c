/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct flow_table *table_of(uint32_t max_flows)
{
	struct flow_table_config cfg = {
		.max_flows = max_flows,
		.store_bytes = 4096,
		.hash_seed = 1,
	};
	struct flow_table *t = flow_table_new(&cfg);

	assert_non_null(t);
	return t;
}

static struct ip_addr addr_of(uint32_t n)
{
	return ip_addr_from_v4(&n);
}

static void sizes_out_of_bounds_are_refused(void **state)
{
	struct flow_table_config none = { .max_flows = 0 };
	struct flow_table_config many = { .max_flows = FLOW_TABLE_MAX + 1 };

	(void)state;
	assert_null(flow_table_new(&none));
	assert_null(flow_table_new(&many));
	flow_table_free(NULL);
}

static void rows_leave_by_age(void **state)
{
	struct flow_table *t = table_of(3);
	const struct flow *victim;
	uint32_t seq;

	(void)state;
	assert_int_equal(t->capacity, 4);
	for (uint32_t i = 0; i < 10; i++) {
		victim = flow_table_victim(t, &seq);
		if (i < 3) {
			assert_null(victim);
		} else {
			assert_int_equal(seq, i - 3);
			assert_int_equal(victim->id, i - 3);
		}
		struct flow *f = flow_table_add(t, &seq);

		assert_int_equal(seq, i);
		assert_int_equal(f->id, 0);
		assert_int_equal(f->same_key, FLOW_NO_SEQ);
		f->id = (uint16_t)i;
	}
	assert_int_equal(t->count, 3);
	assert_int_equal(t->evicted, 7);
	assert_int_equal(flow_table_oldest(t), 7);
	assert_false(flow_table_has(t, 6));
	assert_false(flow_table_has(t, 10));
	for (uint32_t i = 7; i < 10; i++) {
		assert_true(flow_table_has(t, i));
		assert_int_equal(flow_table_row(t, i)->id, i);
	}
	flow_table_free(t);
}

static void a_table_of_one_row(void **state)
{
	struct flow_table *t = table_of(1);
	uint32_t seq;

	(void)state;
	flow_table_add(t, &seq);
	flow_table_add(t, &seq);
	assert_int_equal(seq, 1);
	assert_true(flow_table_has(t, 1));
	assert_false(flow_table_has(t, 0));
	flow_table_free(t);
}

static void sequence_numbers_wrap(void **state)
{
	struct flow_table *t = table_of(5);
	uint32_t seq;

	(void)state;
	t->next_seq = UINT32_MAX - 2;
	for (uint16_t i = 0; i < 8; i++)
		flow_table_add(t, &seq)->id = i;
	assert_int_equal(seq, 4);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(flow_table_row(t, flow_table_oldest(t) + i)->id, 3 + i);
	assert_false(flow_table_has(t, UINT32_MAX));
	assert_true(flow_table_has(t, 0));
	flow_table_free(t);
}

static void strings_are_interned(void **state)
{
	struct flow_table *t = table_of(10);
	struct ip_addr a = addr_of(1), b = addr_of(2);
	struct owner o, p;

	(void)state;
	memset(&o, 0, sizeof(o));
	o.pid = 1;
	memcpy(o.comm, "dig", 3);
	p = o;
	p.uid = 5;
	assert_int_equal(flow_table_addr(t, &a), flow_table_addr(t, &a));
	assert_int_not_equal(flow_table_addr(t, &a), flow_table_addr(t, &b));
	assert_int_equal(flow_table_owner(t, &o), flow_table_owner(t, &o));
	assert_int_not_equal(flow_table_owner(t, &o), flow_table_owner(t, &p));
	assert_int_equal(flow_table_name(t, "a.example", 9), flow_table_name(t, "a.example", 9));
	assert_int_not_equal(flow_table_name(t, "a.example", 9), flow_table_name(t, "a.exampl", 8));
	flow_table_free(t);
}

static void places_are_listed_once(void **state)
{
	struct flow_table *t = table_of(10);
	char name[16];
	uint16_t eth0, eth1;

	(void)state;
	assert_int_equal(flow_table_place(t, 0, 0, NULL), 0);
	assert_int_equal(flow_table_place(t, 0, 0, ""), 0);
	eth0 = flow_table_place(t, 7, 2, "eth0");
	eth1 = flow_table_place(t, 7, 3, "eth1");
	assert_int_not_equal(eth0, 0);
	assert_int_not_equal(eth0, eth1);
	assert_int_equal(flow_table_place(t, 7, 2, "eth0"), eth0);
	assert_int_not_equal(flow_table_place(t, 8, 2, "eth0"), eth0);
	assert_int_equal(flow_table_place(t, 7, 2, "eth0"), eth0);
	assert_string_equal(t->places[eth0].ifname, "eth0");
	assert_int_equal(t->places[eth0].netns, 7);
	/* Names need not be printable, nor end with a NUL. */
	memcpy(name, "\x1b[31mnot ended !", sizeof(name));
	assert_string_equal(t->places[flow_table_place(t, 1, 1, name)].ifname, "\\027[31mnot end");
	flow_table_free(t);
}

/* Far more places than the list holds: it is full, then rows that leave make
 * room, and rows in the table keep theirs. */
static void places_are_bounded(void **state)
{
	struct flow_table *t = table_of(100);
	uint32_t seq, unknown = 0;

	(void)state;
	for (uint32_t i = 1; i <= 20000; i++) {
		struct flow *f = flow_table_add(t, &seq);

		f->place = flow_table_place(t, i, 1, NULL);
		f->ttl = i;
		unknown += f->place == 0;
	}
	assert_int_equal(unknown, 0);
	assert_true(t->n_places <= t->max_places);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct flow *f = flow_table_row(t, flow_table_oldest(t) + i);

		assert_int_equal(t->places[f->place].netns, f->ttl);
	}
	flow_table_free(t);
}

static void a_full_list_of_places_says_unknown(void **state)
{
	struct flow_table *t = table_of(10000);
	uint32_t seq;

	(void)state;
	for (uint32_t i = 1; i < 9000; i++) {
		struct flow *f = flow_table_add(t, &seq);

		f->place = flow_table_place(t, i, 1, NULL);
		assert_int_equal(f->place, i < t->max_places ? i : 0);
	}
	flow_table_free(t);
}

/* Adds a row with strings of its own, as the tracker does: makes room first. */
static void row_add(struct flow_table *t, uint32_t n, size_t name_len)
{
	struct ip_addr client = addr_of(n), server = addr_of(~n);
	char name[300];
	struct flow *f;
	uint32_t seq;

	if (t->next_seq % FLOW_TABLE_ASK == 0 && flow_table_crowded(t)) {
		flow_table_sweep(t);
		for (uint32_t left = t->count / 8; flow_table_tight(t) && left; left--)
			flow_table_evict(t);
		flow_table_sweep(t);
	}
	f = flow_table_add(t, &seq);
	snprintf(name, sizeof(name), "%0*u", (int)name_len, n);
	f->client = flow_table_addr(t, &client);
	f->server = flow_table_addr(t, &server);
	f->qname = flow_table_name(t, name, strlen(name));
	f->ttl = n;
}

static void row_check(const struct flow_table *t, const struct flow *f, size_t name_len)
{
	struct ip_addr client = addr_of(f->ttl);
	char name[300];
	size_t len;

	snprintf(name, sizeof(name), "%0*u", (int)name_len, f->ttl);
	assert_string_equal(intern_text(t->names, f->qname, &len), name);
	assert_memory_equal(intern_text(t->addrs, f->client, &len), client.b, 16);
}

/* A flood of names and addresses that never come again: memory stays bounded,
 * sweeps are few, rows keep their own strings; of long names fewer rows. */
static void floods_of_strings_are_bounded(void **state)
{
	static const struct {
		uint32_t rows;
		size_t name_len;
		uint32_t at_least; /* rows that stay in memory */
	} floods[] = {
		{ 1, 30, 1 },          { 300, 250, 300 },     { 20000, 20, 12000 },
		{ 50000, 200, 30000 }, { 60000, 250, 30000 },
	};
	enum {
		N = 200000
	};

	(void)state;
	for (size_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++) {
		struct flow_table *t = table_of(floods[i].rows);

		for (uint32_t n = 0; n < N; n++)
			row_add(t, n, floods[i].name_len);
		assert_int_equal(t->count + t->evicted, N);
		assert_true(t->count >= floods[i].at_least);
		assert_int_equal(intern_lost(t->names) + intern_lost(t->addrs), 0);
		assert_true(intern_generation(t->names) < 40 + 10 * N / 8192);
		for (uint32_t k = 0; k < t->count; k++)
			row_check(t, flow_table_row(t, flow_table_oldest(t) + k),
				  floods[i].name_len);
		flow_table_free(t);
	}
}

/* Without sweeps what does not fit is counted, and what is there stays. */
static void what_does_not_fit_is_counted(void **state)
{
	struct flow_table *t = table_of(10);
	uint32_t first = 0, n;
	char name[300];

	(void)state;
	for (n = 0; n < 100000; n++) {
		snprintf(name, sizeof(name), "%0250u", n);
		uint32_t id = flow_table_name(t, name, 250);

		if (n == 0)
			first = id;
		if (id == INTERN_NONE)
			break;
	}
	assert_true(n > 8000);
	assert_true(flow_table_crowded(t));
	assert_int_equal(intern_lost(t->names), 1);
	snprintf(name, sizeof(name), "%0250u", 0);
	assert_int_equal(flow_table_name(t, name, 250), first);
	flow_table_sweep(t);
	assert_false(flow_table_crowded(t));
	assert_int_equal(intern_count(t->names), 0);
	flow_table_free(t);
}

/* A side is its row's alone: the next row at the place has none, and a copy of a
 * row neither. What it names stays through a sweep. */
static void few_rows_have_a_side(void **state)
{
	struct flow_table *t = table_of(2);
	struct owner o = { .pid = 7, .comm = "knotd" };
	struct flow *f, copy;
	uint32_t seq, owner;
	size_t len;

	(void)state;
	f = flow_table_add(t, &seq);
	assert_null(flow_table_side(t, f));
	owner = flow_table_owner(t, &o);
	flow_table_side_make(t, f)->responders = 3;
	flow_table_set_answerer(t, f, owner);
	assert_int_equal(flow_table_answerer(t, f), owner);
	assert_int_equal(flow_table_side(t, f)->responders, 3);
	assert_int_equal(flow_table_side(t, f)->twin, FLOW_NO_SEQ);
	copy = *f;
	assert_null(flow_table_side(t, &copy));
	assert_int_equal(flow_table_answerer(t, &copy), INTERN_NONE);
	flow_table_sweep(t);
	intern_text(t->owners, owner, &len);
	assert_int_equal(len, sizeof(o));
	for (int i = 0; i < 2; i++) {
		f = flow_table_add(t, &seq);
		assert_null(flow_table_side(t, f));
		assert_int_equal(flow_table_answerer(t, f), INTERN_NONE);
	}
	flow_table_sweep(t);
	assert_int_equal(intern_count(t->owners), 0);
	flow_table_free(t);
}

static void clearing_forgets_rows_and_strings(void **state)
{
	struct flow_table *t = table_of(4);
	uint32_t seq;

	(void)state;
	for (uint32_t n = 0; n < 6; n++)
		row_add(t, n, 5);
	flow_table_place(t, 1, 1, "eth0");
	flow_table_clear(t);
	assert_int_equal(t->count, 0);
	assert_int_equal(t->evicted, 2);
	assert_int_equal(intern_count(t->names), 0);
	assert_int_equal(intern_count(t->addrs), 0);
	assert_int_equal(t->n_places, 1);
	assert_null(flow_table_victim(t, &seq));
	flow_table_add(t, &seq);
	assert_int_equal(seq, 6);
	assert_int_equal(flow_table_place(t, 1, 1, "eth0"), 1);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_out_of_bounds_are_refused),
		cmocka_unit_test(rows_leave_by_age),
		cmocka_unit_test(a_table_of_one_row),
		cmocka_unit_test(sequence_numbers_wrap),
		cmocka_unit_test(strings_are_interned),
		cmocka_unit_test(places_are_listed_once),
		cmocka_unit_test(places_are_bounded),
		cmocka_unit_test(a_full_list_of_places_says_unknown),
		cmocka_unit_test(floods_of_strings_are_bounded),
		cmocka_unit_test(what_does_not_fit_is_counted),
		cmocka_unit_test(few_rows_have_a_side),
		cmocka_unit_test(clearing_forgets_rows_and_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
