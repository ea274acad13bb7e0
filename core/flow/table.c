/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/table.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/escape.h"
#include "core/base/hash.h"
#include "core/base/pages.h"
#include "core/flow/path.h"
#include "core/flow/places.h"

#define MIB (1024u * 1024)

/* What the strings of n rows may take. Distinct names are fewer than rows but
 * for floods of random ones, and those of gone rows wait for a sweep. */
#define NAME_BYTES_MIN    (16 * MIB)
#define NAME_BYTES_A_ROW  64u
#define ADDR_BYTES        32u /* an address with what intern.h adds */
#define OWNER_BYTES       96u
#define LABELS_MAX        8192u
#define LABEL_BYTES       64u   /* their ids have 16 bits in rows */
#define STRINGS_MIN       8192u /* a sixteenth is what FLOW_TABLE_ASK rows may bring */
#define STRINGS_FOR(rows) ((rows) + (rows) / 2 + STRINGS_MIN)
#define OWNERS_FOR(rows)  ((rows) / 4 + STRINGS_MIN)
/* Legs in memory: of a host's loopback four a row. */
#define LEGS_MAX   (1u << 18)
#define LEGS_A_ROW 4u
/* Sixteenths of the room for strings. */
#define FILL_CROWDED 15u
#define FILL_TIGHT   12u
/* The part of the rows that must have gone since the last sweep for owners. */
#define SWEEP_SHARE 8u

static uint32_t round_up_pow2(uint32_t n)
{
	uint32_t p = 1;

	while (p < n)
		p *= 2;
	return p;
}

static bool strings_new(struct flow_table *t)
{
	uint32_t n = STRINGS_FOR(t->max_flows);
	uint32_t owners = OWNERS_FOR(t->max_flows);
	size_t name_bytes = (size_t)t->max_flows * NAME_BYTES_A_ROW;

	if (name_bytes < NAME_BYTES_MIN)
		name_bytes = NAME_BYTES_MIN;
	t->names = intern_new(n, name_bytes, t->hash_seed);
	t->addrs = intern_new(n, (size_t)n * ADDR_BYTES, t->hash_seed);
	t->owners = intern_new(owners, (size_t)owners * OWNER_BYTES, t->hash_seed);
	t->labels = intern_new(LABELS_MAX, (size_t)LABELS_MAX * LABEL_BYTES, t->hash_seed);
	return t->names && t->addrs && t->owners && t->labels;
}

static bool paths_new(struct flow_table *t)
{
	uint32_t most = t->max_flows < LEGS_MAX / LEGS_A_ROW ? t->max_flows * LEGS_A_ROW : LEGS_MAX;

	t->paths = pages_alloc(t->capacity, sizeof(t->paths[0]));
	t->legs = legs_new(most);
	return t->paths && t->legs;
}

struct flow_table *flow_table_new(const struct flow_table_config *cfg)
{
	struct flow_table *t;

	if (cfg->max_flows == 0 || cfg->max_flows > FLOW_TABLE_MAX)
		return NULL;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->max_flows = cfg->max_flows;
	t->capacity = round_up_pow2(cfg->max_flows);
	t->hash_seed = cfg->hash_seed;
	t->find_labels = cfg->labels;
	t->labels_ctx = cfg->labels_ctx;
	/* Fresh pages cost nothing until rows are there. */
	t->rows = pages_alloc(t->capacity, sizeof(t->rows[0]));
	t->sides = pages_alloc_sparse(t->capacity, sizeof(t->sides[0]));
	t->answerers = pages_alloc(t->capacity, sizeof(t->answerers[0]));
	t->store = store_new(cfg->store_bytes);
	if (places_init(t) < 0 || !strings_new(t) || !t->rows || !t->sides || !t->answerers ||
	    !t->store || (!cfg->no_paths && !paths_new(t))) {
		flow_table_free(t);
		return NULL;
	}
	return t;
}

void flow_table_free(struct flow_table *t)
{
	if (!t)
		return;
	intern_free(t->names);
	intern_free(t->addrs);
	intern_free(t->owners);
	intern_free(t->labels);
	store_free(t->store);
	legs_free(t->legs);
	places_fini(t);
	pages_free(t->rows, t->capacity, sizeof(t->rows[0]));
	pages_free(t->sides, t->capacity, sizeof(t->sides[0]));
	pages_free(t->answerers, t->capacity, sizeof(t->answerers[0]));
	pages_free(t->paths, t->capacity, sizeof(t->paths[0]));
	free(t);
}

/* An owner, and the labels that it names. */
static void mark_owner(struct flow_table *t, uint32_t id)
{
	struct owner o;
	size_t len;
	const char *bytes = intern_text(t->owners, id, &len);

	if (len != sizeof(o))
		return;
	memcpy(&o, bytes, sizeof(o));
	intern_mark(t->owners, id);
	intern_mark(t->labels, o.container);
	intern_mark(t->labels, o.pod);
	intern_mark(t->labels, o.exe);
}

static void mark_leg(void *ctx, const struct leg *leg)
{
	struct flow_table *t = ctx;

	intern_mark(t->labels, leg->reason);
	intern_mark(t->labels, leg->by);
}

static void mark_side(struct flow_table *t, const struct flow *f)
{
	const struct flow_side *side = flow_table_side(t, f);

	intern_mark(t->addrs, side->responder);
	intern_mark(t->labels, side->drop_by);
}

void flow_table_sweep(struct flow_table *t)
{
	struct intern *const strings[] = { t->names, t->addrs, t->owners, t->labels };

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		intern_mark_begin(strings[i]);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct flow *f = flow_table_row(t, flow_table_oldest(t) + i);

		intern_mark(t->names, f->qname);
		intern_mark(t->addrs, f->client);
		intern_mark(t->addrs, f->server);
		mark_owner(t, f->owner);
		mark_owner(t, flow_table_answerer(t, f));
		if (f->seen & SEEN_SIDE)
			mark_side(t, f);
		path_each(t, f, mark_leg, t);
		intern_mark(t->labels, f->drop_reason);
	}
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		intern_sweep(strings[i]);
	t->swept = t->evicted;
}

void flow_table_clear(struct flow_table *t)
{
	t->count = 0;
	flow_table_sweep(t);
	places_clear(t);
}

const struct flow *flow_table_victim(const struct flow_table *t, uint32_t *seq)
{
	if (t->count < t->max_flows)
		return NULL;
	*seq = flow_table_oldest(t);
	return flow_table_row(t, *seq);
}

struct flow *flow_table_add(struct flow_table *t, uint32_t *seq)
{
	struct flow *f;

	if (t->count == t->max_flows)
		t->evicted++;
	else
		t->count++;
	*seq = t->next_seq++;
	f = flow_table_row(t, *seq);
	/* Halves are stored at once; of the whole compilers make a slow loop. */
	memset(f, 0, sizeof(*f) / 2);
	memset((char *)f + sizeof(*f) / 2, 0, sizeof(*f) / 2);
	f->same_key = FLOW_NO_SEQ;
	return f;
}

void flow_table_evict(struct flow_table *t)
{
	t->count--;
	t->evicted++;
}

#define NOWHERE UINT32_MAX

/* A row's place in the ring, a still row's too; NOWHERE for another copy. */
static uint32_t place_of(const struct flow_table *t, const struct flow *f)
{
	uintptr_t at = (uintptr_t)f - (uintptr_t)t->rows;
	uintptr_t still = (uintptr_t)f - (uintptr_t)t->still;

	if (at < t->capacity * sizeof(*f))
		return (uint32_t)(at / sizeof(*f));
	if (t->still && still < t->n_still * sizeof(*f))
		return (uint32_t)(t->still_from + still / sizeof(*f)) & (t->capacity - 1);
	return NOWHERE;
}

const struct flow_side *flow_table_side(const struct flow_table *t, const struct flow *f)
{
	uint32_t at = f->seen & SEEN_SIDE ? place_of(t, f) : NOWHERE;

	return at == NOWHERE ? NULL : &t->sides[at];
}

uint32_t flow_table_answerer(const struct flow_table *t, const struct flow *f)
{
	uint32_t at = f->marks & FLOW_ANSWERED_HERE ? place_of(t, f) : NOWHERE;

	return at == NOWHERE ? INTERN_NONE : t->answerers[at];
}

void flow_table_set_answerer(struct flow_table *t, struct flow *f, uint32_t owner)
{
	t->answerers[f - t->rows] = owner;
	f->marks |= FLOW_ANSWERED_HERE;
}

uint32_t flow_table_path(const struct flow_table *t, const struct flow *f)
{
	uint32_t at = f->marks & FLOW_HAS_PATH ? place_of(t, f) : NOWHERE;

	return at == NOWHERE ? LEGS_NONE : t->paths[at];
}

void flow_table_set_path(struct flow_table *t, struct flow *f, uint32_t ref)
{
	t->paths[f - t->rows] = ref;
	f->marks |= FLOW_HAS_PATH;
}

struct flow_side *flow_table_side_make(struct flow_table *t, struct flow *f)
{
	static const struct flow_side nothing = {
		.twin = FLOW_NO_SEQ,
		.parent = FLOW_NO_SEQ,
		.lookup = FLOW_NO_SEQ,
	};
	struct flow_side *s = &t->sides[f - t->rows];

	if (!(f->seen & SEEN_SIDE))
		*s = nothing;
	f->seen |= SEEN_SIDE;
	return s;
}

bool flow_table_crowded(const struct flow_table *t)
{
	if (intern_fill(t->names) >= FILL_CROWDED || intern_fill(t->addrs) >= FILL_CROWDED)
		return true;
	/* There may be more processes than room for them; no row must go for that. */
	return (intern_fill(t->owners) >= FILL_CROWDED || intern_fill(t->labels) >= FILL_CROWDED) &&
	       t->evicted - t->swept > t->max_flows / SWEEP_SHARE;
}

bool flow_table_tight(const struct flow_table *t)
{
	return intern_fill(t->names) > FILL_TIGHT || intern_fill(t->addrs) > FILL_TIGHT;
}

uint32_t flow_table_name(struct flow_table *t, const char *text, size_t len)
{
	return intern_id(t->names, text, len);
}

uint32_t flow_table_addr_hashed(struct flow_table *t, const struct ip_addr *a, uint64_t hash)
{
	return intern_id_hashed(t->addrs, a->b, sizeof(a->b), hash);
}

uint32_t flow_table_addr(struct flow_table *t, const struct ip_addr *a)
{
	return flow_table_addr_hashed(t, a, hash_bytes(a, sizeof(*a), t->hash_seed));
}

uint32_t flow_table_owner(struct flow_table *t, const struct owner *o)
{
	return intern_id(t->owners, o, sizeof(*o));
}

uint32_t flow_table_label(struct flow_table *t, const char *text, size_t len)
{
	return intern_id(t->labels, text, len);
}

uint32_t flow_table_label_text(struct flow_table *t, const char *text)
{
	char label[INTERN_MAX_LEN];

	if (!text || !*text)
		return INTERN_NONE;
	return flow_table_label(t, label, escape_bytes(label, sizeof(label), text, strlen(text)));
}
