/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What search lists waste: a line for each process (and pod) that walks through
 * one, or where processes are not known for each client; with the line to change.
 *
 * The advice is about what most of its walks come to, and there about the name that
 * most are about: one with dots in it that had to be tried bare in the end needs no
 * search list, nor does any with as many dots ("options ndots:2"); one that a later
 * suffix answered can be asked for in full.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/dns/wire.h"
#include "core/flow/member.h"
#include "core/query/board.h"
#include "core/query/filter_internal.h"

#define WALKERS_MAX 65536u

enum {
	COLUMN_PROCESS,
	COLUMN_POD,
	COLUMN_CLIENT,
	COLUMN_WALKS,
	COLUMN_WASTED,
	COLUMN_LOST,
	COLUMN_INTENDED,
	COLUMN_ADVICE,
};

/* clang-format off */
static const struct board_column columns[] = {
	[COLUMN_PROCESS] = { "comm", "PROCESS", "the process that asks", "comm",
			     VALUE_TEXT, 12, 16, 0, false },
	[COLUMN_POD] = { "pod", "POD", "its pod", "pod", VALUE_TEXT, 6, 32, 50, false },
	[COLUMN_CLIENT] = { "client", "CLIENT", "its address, where it has one", "client",
			    VALUE_ADDR, 15, 39, 60, false },
	[COLUMN_WALKS] = { "walks", "WALKS", "lookups that went through a search list", NULL,
			   VALUE_UINT, 6, 0, 40, true },
	[COLUMN_WASTED] = { "wasted", "WASTED", "queries that were in vain", NULL,
			    VALUE_UINT, 7, 0, 0, true },
	[COLUMN_LOST] = { "lost_us", "LOST", "time that went by with them", NULL,
			  VALUE_DURATION, 7, 0, 10, true },
	[COLUMN_INTENDED] = { "intended", "MEANT", "the name that most of them were about",
			      "intended", VALUE_TEXT, 16, 48, 20, false },
	[COLUMN_ADVICE] = { "advice", "CHANGE", "what would spare them", NULL,
			    VALUE_TEXT, 28, 90, 0, false },
};
/* clang-format on */

/* What a walk comes to. */
enum walk_end {
	WALK_BARE,    /* a name with dots, tried bare in the end */
	WALK_SUFFIX,  /* a suffix that was not the first had an answer */
	WALK_NOWHERE, /* one without dots, which nobody knows */
	WALK_ENDS,
};

/* Of the names that walks are about those met most often, each by a row of it; a new
 * one takes the place of the rarest, and its count: none that is frequent is missed. */
#define NAMES_KEPT 8

struct walks {
	uint64_t n;
	struct {
		uint64_t hash;
		uint32_t seq, n;
	} name[NAMES_KEPT];
};

/* Who walks. Texts are the table's, of the time it was made. */
struct walker {
	uint64_t key;
	bool has_comm, has_pod, has_client;
	char comm[16 * 4 + 1];
	char pod[256];
	struct ip_addr client;
	uint64_t walks, wasted, lost_ns;
	struct walks end[WALK_ENDS];
	unsigned dots; /* the fewest of a name that was tried bare; 0: none was */
	/* Of most of its walks, once all are counted. */
	enum walk_end most;
	char intended[DNS_NAME_TEXT_MAX]; /* "": not known */
};

struct searches {
	struct board base;
	struct walker **walkers;
	uint32_t *slots; /* by hash: 1 + place in walkers */
	uint32_t room;   /* of walkers; slots has twice as many, a power of two */
};

static void searches_free(struct board *b)
{
	struct searches *s = (struct searches *)b;

	for (uint32_t i = 0; i < b->count; i++)
		free(s->walkers[i]);
	free(s->walkers);
	free(s->slots);
	free(s);
}

static uint32_t *slot_of(const struct searches *s, uint64_t key)
{
	uint32_t mask = 2 * s->room - 1, at = (uint32_t)key & mask;

	while (s->slots[at] && s->walkers[s->slots[at] - 1]->key != key)
		at = (at + 1) & mask;
	return &s->slots[at];
}

static int grow(struct searches *s)
{
	uint32_t room = s->room ? 2 * s->room : 64;
	uint32_t *slots;
	struct walker **walkers = realloc(s->walkers, room * sizeof(struct walker *));

	if (!walkers)
		return -ENOMEM;
	s->walkers = walkers;
	slots = calloc(2 * (size_t)room, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(s->slots);
	s->slots = slots;
	s->room = room;
	for (uint32_t i = 0; i < s->base.count; i++)
		*slot_of(s, s->walkers[i]->key) = 1 + i;
	return 0;
}

/* Who a row's process is; what is not known is "". */
static void read_owner(const struct flow_table *t, const struct flow *f, struct walker *w)
{
	struct owner o;
	size_t len;
	const char *bytes = intern_text(t->owners, f->owner, &len), *pod;

	if (f->owner == INTERN_NONE || len != sizeof(o))
		return;
	memcpy(&o, bytes, sizeof(o));
	memcpy(w->comm, o.comm, sizeof(w->comm));
	w->has_comm = o.comm[0] != '\0';
	if (o.pod == INTERN_NONE)
		return;
	pod = intern_text(t->labels, o.pod, &len);
	snprintf(w->pod, sizeof(w->pod), "%.*s", (int)len, pod);
	w->has_pod = true;
}

/* NULL when memory is short, or there are too many. */
static struct walker *walker_of(struct searches *s, const struct flow_table *t,
				const struct flow *f)
{
	struct walker w = { .has_client = true };
	const char *bytes;
	uint32_t *slot;
	size_t len;

	read_owner(t, f, &w);
	bytes = intern_text(t->addrs, f->client, &len);
	if (len == sizeof(w.client))
		memcpy(&w.client, bytes, len);
	if (w.has_comm)
		w.key = hash_mix(hash_bytes(w.comm, strlen(w.comm), t->hash_seed),
				 hash_bytes(w.pod, strlen(w.pod), t->hash_seed));
	else
		w.key = hash_bytes(&w.client, sizeof(w.client), t->hash_seed);
	if (s->base.count == s->room && (s->room == WALKERS_MAX || grow(s)))
		return NULL;
	slot = slot_of(s, w.key);
	if (*slot == 0) {
		struct walker *new = malloc(sizeof(*new));

		if (!new)
			return NULL;
		*new = w;
		s->walkers[s->base.count++] = new;
		*slot = s->base.count;
		return new;
	}
	if (memcmp(&s->walkers[*slot - 1]->client, &w.client, sizeof(w.client)) != 0)
		s->walkers[*slot - 1]->has_client = false;
	return s->walkers[*slot - 1];
}

/* The name that the walk of a row is about; false where it is not known. */
static bool intended_of(const struct row_source *src, const struct flow *f, struct value *out,
			char *buf)
{
	static const char name[] = "intended";

	field_find(name, strlen(name), NULL)->get(src, f, out, buf);
	return out->type != VALUE_NONE && out->len < DNS_NAME_TEXT_MAX;
}

static unsigned dots_in(const struct value *v)
{
	unsigned n = 0;

	for (size_t i = 0; i < v->len; i++)
		n += v->text[i] == '.';
	return n;
}

static enum walk_end end_of(const struct flow_table *t, const struct flow_side *side,
			    const struct value *intended)
{
	size_t len = side->intended;

	if (flow_table_has(t, side->stage))
		intern_text(t->names, flow_table_row(t, side->stage)->qname, &len);
	if (len != side->intended && side->outcome == LOOKUP_OK)
		return WALK_SUFFIX;
	return dots_in(intended) ? WALK_BARE : WALK_NOWHERE;
}

static void count_name(struct walks *walks, uint64_t hash, uint32_t seq)
{
	int rarest = 0;

	walks->n++;
	for (int i = 0; i < NAMES_KEPT; i++) {
		if (walks->name[i].n && walks->name[i].hash == hash) {
			walks->name[i].n++;
			return;
		}
		if (walks->name[i].n < walks->name[rarest].n)
			rarest = i;
	}
	walks->name[rarest].hash = hash;
	walks->name[rarest].seq = seq;
	walks->name[rarest].n++;
}

/* One more walk, of which f is the first row. */
static void count_walk(struct walker *w, const struct row_source *src, const struct flow *f,
		       const struct flow_side *side, uint32_t seq)
{
	char buf[VALUE_BUF];
	enum walk_end end;
	struct value v;

	w->walks++;
	w->lost_ns += side->lost_us * 1000ull;
	if (!intended_of(src, f, &v, buf))
		return;
	end = end_of(src->table, side, &v);
	if (end == WALK_BARE && (w->dots == 0 || dots_in(&v) < w->dots))
		w->dots = dots_in(&v);
	count_name(&w->end[end], hash_bytes(v.text, v.len, src->table->hash_seed), seq);
}

/* What most of its walks come to, and are about. */
static void sum_up(struct walker *w, const struct row_source *src)
{
	const struct walks *walks;
	char buf[VALUE_BUF];
	struct value v;
	int best = 0;

	for (int end = 0; end < WALK_ENDS; end++) {
		if (w->end[end].n > w->end[w->most].n)
			w->most = (enum walk_end)end;
	}
	walks = &w->end[w->most];
	for (int i = 1; i < NAMES_KEPT; i++) {
		if (walks->name[i].n > walks->name[best].n)
			best = i;
	}
	if (walks->n == 0 ||
	    !intended_of(src, flow_table_row(src->table, walks->name[best].seq), &v, buf))
		return;
	memcpy(w->intended, v.text, v.len);
	w->intended[v.len] = '\0';
}

static void count_row(struct searches *s, const struct row_source *src, const struct flow *f,
		      uint32_t seq)
{
	const struct flow_table *t = src->table;
	static const char name[] = "wasted";
	const struct flow_side *own = flow_table_side(t, f);
	const struct flow_side *side;
	struct walker *w;
	struct value v;
	char buf[VALUE_BUF];

	if (!own || own->lookup == FLOW_NO_SEQ || own->parent != FLOW_NO_SEQ ||
	    !flow_table_has(t, own->lookup))
		return;
	side = flow_table_side(t, flow_table_row(t, own->lookup));
	if (!side || side->intended == 0)
		return;
	w = walker_of(s, t, f);
	if (!w)
		return;
	field_find(name, strlen(name), NULL)->get(src, f, &v, buf);
	w->wasted += v.type == VALUE_UINT && v.u;
	if (own->lookup == seq)
		count_walk(w, src, f, side, seq);
}

static int by_waste(const void *a, const void *b)
{
	const struct walker *x = *(struct walker *const *)a, *y = *(struct walker *const *)b;

	int order;

	if (x->wasted != y->wasted)
		return x->wasted < y->wasted ? 1 : -1;
	order = strcmp(x->comm, y->comm);
	if (order == 0)
		order = strcmp(x->pod, y->pod);
	return order ? order : memcmp(&x->client, &y->client, sizeof(x->client));
}

static int searches_make(struct board **out, const struct row_source *src, struct filter *filter,
			 uint32_t from_seq, uint32_t to_seq)
{
	struct searches *s = calloc(1, sizeof(*s));
	bool all = filter_is_empty(filter);

	*out = NULL;
	if (!s)
		return -ENOMEM;
	s->base.ops = &board_searches;
	if (grow(s)) {
		searches_free(&s->base);
		return -ENOMEM;
	}
	if (!all)
		filter_begin(filter, src);
	for (uint32_t seq = from_seq; seq != to_seq; seq++) {
		const struct flow *f = flow_table_row(src->table, seq);

		if (f->seen & SEEN_SIDE && (all || filter_run(filter, src, f)))
			count_row(s, src, f, seq);
	}
	for (uint32_t i = 0; i < s->base.count; i++)
		sum_up(s->walkers[i], src);
	if (s->base.count)
		qsort(s->walkers, s->base.count, sizeof(s->walkers[0]), by_waste);
	*out = &s->base;
	return 0;
}

/* The line to change. */
static size_t advise(const struct walker *w, char *buf, size_t size)
{
	const char *name = w->intended;

	if (!name[0])
		return (size_t)snprintf(buf, size, "names in full, with a final dot");
	if (w->most == WALK_SUFFIX)
		return (size_t)snprintf(buf, size, "ask for \"%s.\", with the dot at its end",
					name);
	if (w->most == WALK_BARE)
		return (size_t)snprintf(buf, size, "%s: options ndots:%u; or ask for \"%s.\"",
					w->has_pod ? "dnsConfig" : "resolv.conf", w->dots, name);
	return (size_t)snprintf(buf, size, "\"%s\" is nowhere: a shorter search line", name);
}

static void put_text(struct value *out, bool known, const char *text)
{
	*out = (struct value){ .type = known ? VALUE_TEXT : VALUE_NONE };
	out->text = text;
	out->len = strlen(text);
}

static void searches_value(const struct board *b, uint32_t line, int column, struct value *out,
			   char *buf)
{
	const struct walker *w = ((const struct searches *)b)->walkers[line];

	switch (column) {
	case COLUMN_PROCESS:
		put_text(out, w->has_comm, w->comm);
		break;
	case COLUMN_POD:
		put_text(out, w->has_pod, w->pod);
		break;
	case COLUMN_CLIENT:
		*out = (struct value){ .type = w->has_client ? VALUE_ADDR : VALUE_NONE,
				       .addr = w->client };
		break;
	case COLUMN_WALKS:
		*out = (struct value){ .type = VALUE_UINT, .u = w->walks };
		break;
	case COLUMN_WASTED:
		*out = (struct value){ .type = VALUE_UINT, .u = w->wasted };
		break;
	case COLUMN_LOST:
		*out = (struct value){ .type = VALUE_DURATION, .u = w->lost_ns };
		break;
	case COLUMN_INTENDED:
		put_text(out, w->intended[0] != '\0', w->intended);
		break;
	default:
		*out = (struct value){ .type = VALUE_TEXT, .text = buf };
		out->len = advise(w, buf, VALUE_BUF);
		break;
	}
}

const struct board_ops board_searches = {
	.name = "search",
	.help = "queries that search lists waste, and the line to change",
	.empty = "no walk through a search list",
	.columns = columns,
	.n_columns = sizeof(columns) / sizeof(columns[0]),
	.lookups = true,
	.where = "wasted=1",
	.make = searches_make,
	.value = searches_value,
	.free = searches_free,
};
