/* SPDX-License-Identifier: BSD-2-Clause */
/* The hash table of tags, against a plain list of what is in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/flow/slots.h"

#define ENTRIES 6000u

struct entry {
	uint32_t tag;
	uint32_t value;
	bool in;
};

struct model {
	struct slots slots;
	struct entry entries[ENTRIES];
	uint32_t tags; /* so many different ones, all of a few lines; 0: any */
};

static void model_init(struct model *m, uint32_t tags)
{
	memset(m, 0, sizeof(*m));
	m->tags = tags;
	assert_int_equal(slots_init(&m->slots), 0);
	for (uint32_t i = 0; i < ENTRIES; i++) {
		uint32_t random = (uint32_t)rand() << 12 ^ (uint32_t)rand();

		m->entries[i].tag = tags ? random % tags + 1 : slots_tag((uint64_t)random << 32);
		m->entries[i].value = i;
	}
}

static uint32_t *find(const struct model *m, const struct entry *e)
{
	struct slots_walk w = slots_walk(&m->slots, e->tag);
	uint32_t *value;

	while ((value = slots_next(&m->slots, e->tag, &w))) {
		assert_int_equal(slots_tag_of(value), e->tag);
		if (*value == e->value)
			return value;
	}
	return NULL;
}

static void assert_is(const struct model *m)
{
	for (uint32_t i = 0; i < ENTRIES; i++)
		assert_int_equal(find(m, &m->entries[i]) != NULL, m->entries[i].in);
}

static void toggle(struct model *m, struct entry *e)
{
	uint32_t *value = find(m, e);

	if (value) {
		slots_remove(&m->slots, e->tag, value);
		assert_int_equal(slots_tag_of(value), 0);
	} else {
		assert_true(slots_put(&m->slots, e->tag, e->value));
	}
	e->in = !value;
}

static bool is_odd(const void *ctx, uint32_t value)
{
	(void)ctx;
	return value % 2;
}

/* Tags at random, and so few that nearly all entries lie far from home. */
static void finds_what_was_put(void **state)
{
	static const uint32_t tags[] = { 0, 1, 7, 300 };

	(void)state;
	srand(5);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		/* Of few tags every look-up reads all there are. */
		uint32_t most = tags[i] ? 500 : ENTRIES;
		struct model m;

		model_init(&m, tags[i]);
		for (uint32_t round = 0; round < 4 * most; round++)
			toggle(&m, &m.entries[(uint32_t)rand() % most]);
		assert_is(&m);
		slots_filter(&m.slots, is_odd, NULL);
		for (uint32_t k = 0; k < ENTRIES; k++)
			m.entries[k].in = m.entries[k].in && k % 2;
		assert_is(&m);
		slots_clear(&m.slots);
		for (uint32_t k = 0; k < ENTRIES; k++)
			m.entries[k].in = false;
		assert_is(&m);
		slots_fini(&m.slots);
	}
}

/* All that were away from home gone again, no walk goes on from it. */
static void leaves_no_traces(void **state)
{
	struct model m;

	(void)state;
	model_init(&m, 3);
	for (uint32_t i = 0; i < 100; i++)
		toggle(&m, &m.entries[i]);
	for (uint32_t i = 0; i < 100; i++)
		toggle(&m, &m.entries[i]);
	for (uint32_t part = 0; part < 1u << SLOTS_PART_BITS; part++) {
		const struct slots_part *p = &m.slots.part[part];

		assert_int_equal(p->used, 0);
		for (uint32_t i = 0; i < 1u << p->bits; i++)
			assert_int_equal(p->lines[i].passed, 0);
	}
	slots_fini(&m.slots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_put),
		cmocka_unit_test(leaves_no_traces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
