/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flow table: a bounded ring of transactions with interned names.
 *
 * Rows are numbered by an ever growing sequence (32 bits, modulo); the newest
 * `count` of them are in memory. A row keeps its sequence number for life, so
 * a view holds seqs, not pointers. The tracker is the only writer.
 */
#ifndef DNSTOP_FLOW_TABLE_H
#define DNSTOP_FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/msg.h"
#include "core/flow/flow.h"
#include "core/flow/intern.h"
#include "core/flow/legs.h"
#include "core/flow/side.h"
#include "core/flow/store.h"

/* More rows than this are refused: seqs are compared modulo 2^32. */
#define FLOW_TABLE_MAX (1u << 28)

/* Where a message was seen; names are kept, as interfaces vanish. */
struct place {
	uint32_t netns;
	uint32_t ifindex;
	char ifname[16]; /* escaped; "" when not known */
};

/* Who asked, as interned by the tracker; pid 0 never enters. */
struct owner {
	uint32_t pid;
	uint32_t uid;
	uint32_t container; /* table.labels ids */
	uint32_t pod;
	uint32_t exe;
	char comm[16 * 4 + 1]; /* escaped */
};

/* What else is known of who sent a message; "" for what is not. Borrowed until
 * the next call. */
struct owner_labels {
	const char *container;
	const char *pod;
	const char *exe;
};

struct flow_table_config {
	uint32_t max_flows; /* rows kept, 1 to FLOW_TABLE_MAX */
	size_t store_bytes; /* message bytes kept, 0 for none */
	bool no_paths;      /* nobody asks where messages were seen: see path.h */
	uint64_t hash_seed;
	/* Asked when a row gets another owner than the one before; may be NULL. */
	struct owner_labels (*labels)(void *ctx, const struct dns_msg *msg);
	void *labels_ctx;
};

#define FLOW_TABLE_RECENT_PLACES 16

struct flow_table {
	struct flow *rows;       /* ring of capacity rows */
	struct flow_side *sides; /* of the rows that have SEEN_SIDE, at the same places */
	uint32_t *paths;         /* of those that have FLOW_HAS_PATH: references of newest legs */
	uint32_t *answerers;     /* of those that are FLOW_ANSWERED_HERE: ids of owners */
	uint32_t capacity;       /* max_flows rounded up to a power of two, so that seqs may wrap */
	uint32_t max_flows;      /* rows in memory at the most */
	uint32_t next_seq;       /* the seq the next row will get */
	uint32_t count;
	uint64_t evicted; /* rows overwritten while in the table */
	uint64_t hash_seed;
	struct intern *names;  /* qnames, presentation form */
	struct intern *addrs;  /* struct ip_addr, 16 bytes each */
	struct intern *owners; /* struct owner, whole */
	struct intern *labels; /* of owners, escaped, and reasons of drops */
	struct owner_labels (*find_labels)(void *ctx, const struct dns_msg *msg);
	void *labels_ctx;
	struct store *store;
	struct legs *legs;     /* NULL: nobody asks for paths */
	struct place *places;  /* [0] is "unknown" */
	uint16_t *place_slots; /* hash table of indexes into places, 0 empty */
	uint16_t n_places;
	uint16_t max_places;
	uint16_t recent_places[FLOW_TABLE_RECENT_PLACES]; /* a message passes few of them */
	uint64_t *places_used;                            /* a bit for each of places */
	uint64_t places_swept;                            /* `evicted` at the last sweep of them */
	uint64_t places_lost; /* asked for when there was no room: 0 then */
	uint64_t swept;       /* the same of the strings */
	/* Of a copy of this struct that a screen stands still with: rows from seq
	 * still_from on as they were then. NULL in the table itself. */
	struct flow *still;
	uint32_t still_from, n_still;
};

/* NULL when memory is short or max_flows out of bounds. */
struct flow_table *flow_table_new(const struct flow_table_config *cfg);
void flow_table_free(struct flow_table *t);
/* Forgets every row and string, keeps counters and capacity. */
void flow_table_clear(struct flow_table *t);

/* Adds a zeroed row, evicting the oldest when full. Rows leave by age only.
 * The caller must have taken the row that is about to be evicted out of its
 * own indexes: flow_table_victim tells which (NULL: none). */
struct flow *flow_table_add(struct flow_table *t, uint32_t *seq);
const struct flow *flow_table_victim(const struct flow_table *t, uint32_t *seq);
/* Evicts the oldest row, which there must be, to make room for strings. */
void flow_table_evict(struct flow_table *t);

/* Interning: an id stays good until a sweep finds no row that uses it. What
 * finds no room gets INTERN_NONE; see flow_table_crowded. */
uint32_t flow_table_name(struct flow_table *t, const char *text, size_t len);
uint32_t flow_table_addr(struct flow_table *t, const struct ip_addr *a);
/* The same with the hash (hash_bytes by hash_seed) already at hand. */
uint32_t flow_table_addr_hashed(struct flow_table *t, const struct ip_addr *a, uint64_t hash);
uint32_t flow_table_owner(struct flow_table *t, const struct owner *o);
uint32_t flow_table_label(struct flow_table *t, const char *text, size_t len);
/* The same of raw text, which is escaped; INTERN_NONE of "" and NULL. */
uint32_t flow_table_label_text(struct flow_table *t, const char *text);

/* True when little room is left for strings and a sweep may make some: to be
 * asked every FLOW_TABLE_ASK rows or oftener. A sweep reads every row. */
#define FLOW_TABLE_ASK 256
bool flow_table_crowded(const struct flow_table *t);
/* Frees the strings that no row uses. */
void flow_table_sweep(struct flow_table *t);
/* True when the strings in use are so many that the next sweep would come too
 * soon: the caller had better evict an eighth of the rows, and sweep again. */
bool flow_table_tight(const struct flow_table *t);

/* The index of a place, entered if new; 0 when the list is full. ifname: the
 * raw bytes up to 16 or a NUL, NULL when unknown. */
uint16_t flow_table_place(struct flow_table *t, uint32_t netns, uint32_t ifindex,
			  const char *ifname);

static inline uint32_t flow_table_oldest(const struct flow_table *t)
{
	return t->next_seq - t->count;
}

static inline bool flow_table_has(const struct flow_table *t, uint32_t seq)
{
	return (uint32_t)(t->next_seq - 1 - seq) < t->count;
}

/* The row of a seq that flow_table_has. */
static inline struct flow *flow_table_row(const struct flow_table *t, uint32_t seq)
{
	if (__builtin_expect(t->still != NULL, 0) && seq - t->still_from < t->n_still)
		return &t->still[seq - t->still_from];
	return &t->rows[seq & (t->capacity - 1)];
}

/* The side of a row; NULL when it has none, as of a copy that is not in the table. */
const struct flow_side *flow_table_side(const struct flow_table *t, const struct flow *f);
/* The same of a row in the table, made with nothing known if it had none. */
struct flow_side *flow_table_side_make(struct flow_table *t, struct flow *f);

/* The owners' id of the process that answered a row; INTERN_NONE when that is not
 * known, as of a copy that is not in the table. */
uint32_t flow_table_answerer(const struct flow_table *t, const struct flow *f);
/* Sets it for a row in the table. */
void flow_table_set_answerer(struct flow_table *t, struct flow *f, uint32_t owner);

/* The reference of a row's newest leg; LEGS_NONE when it has none, as of a copy that
 * is not in the table. */
uint32_t flow_table_path(const struct flow_table *t, const struct flow *f);
/* Sets it for a row in the table. */
void flow_table_set_path(struct flow_table *t, struct flow *f, uint32_t ref);

#endif
