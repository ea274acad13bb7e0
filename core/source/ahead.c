/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/ahead.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/fetch.h"
#include "core/base/pages.h"
#include "core/dns/prepare.h"
#include "core/flow/multicast.h"

/* The bytes of an interface's name, as in struct place. */
#define IFNAME_MAX 16u
/* Of what a drop is told by: an address here. */
#define DROP_BY_MAX 64u

/* So many batches that neither side waits for the other's every step, so few that
 * they stay in the caches. */
#define BATCHES 8u
/* Packets in a batch, messages at the most, and bytes: room for the longest
 * message at least. */
#define BATCH_PACKETS  256
#define BATCH_MESSAGES 512u
#define BATCH_BYTES    (256u << 10)
/* So far behind the message that is put the lines of the next ones are asked for. They are
 * in the cache of the other CPU, which has read the batch before; who loads what it just
 * stored there would wait for them. */
#define OWN_AHEAD 1024u

/* A message, and behind it as much as it has of a name; then what else is borrowed. */
struct item {
	struct dns_msg msg;
	struct dns_prepared prepared;
};

#define ITEM_ALIGN 16u
_Static_assert(_Alignof(struct item) <= ITEM_ALIGN, "items lie one behind the other");
_Static_assert(BATCH_BYTES > sizeof(struct item) + DNS_MSG_MAX + IFNAME_MAX + DROP_BY_MAX,
	       "one must fit");

struct batch {
	int rc; /* of the poll that filled it */
	struct err err;
	struct source_stats stats; /* with this batch delivered */
	uint32_t n;
	uint32_t used;
	const struct dns_msg *msgs[BATCH_MESSAGES]; /* of items in bytes */
	_Alignas(FETCH_LINE) uint8_t bytes[BATCH_BYTES];
};

struct ahead {
	struct source pub;
	struct source *from; /* the thread's, once it runs */
	uint64_t seed;
	bool bytes;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Under the lock. Both count batches; modulo BATCHES a place. */
	uint32_t filled;
	uint32_t emptied;
	bool waiting; /* one side does, for a change */
	bool stop;    /* nobody will ask for more */
	/* The thread's own. */
	struct batch *filling;
	bool given_up;
	/* The poller's own. */
	struct batch *taken;
	bool ended;
	struct source_stats stats;
	struct batch batches[BATCHES];
};

static const struct source_ops ahead_ops;

bool ahead_is_worth_it(void)
{
	cpu_set_t cpus;

	return sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) > 1;
}

/* --- both sides, with the lock --- */

static void wait_for_change(struct ahead *a)
{
	a->waiting = true;
	pthread_cond_wait(&a->changed, &a->lock);
}

static void tell_change(struct ahead *a)
{
	if (a->waiting)
		pthread_cond_signal(&a->changed);
	a->waiting = false;
}

/* --- the thread --- */

/* A batch to fill; false when there is no need for more. */
static bool batch_begin(struct ahead *a)
{
	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->filled - a->emptied == BATCHES)
		wait_for_change(a);
	a->given_up = a->stop;
	a->filling = &a->batches[a->filled % BATCHES];
	pthread_mutex_unlock(&a->lock);
	a->filling->n = 0;
	a->filling->used = 0;
	return !a->given_up;
}

static void batch_end(struct ahead *a, int rc, const struct err *err)
{
	struct batch *b = a->filling;

	b->rc = rc;
	if (rc < 0)
		b->err = *err;
	a->from->ops->stats(a->from, &b->stats);
	pthread_mutex_lock(&a->lock);
	a->filled++;
	tell_change(a);
	pthread_mutex_unlock(&a->lock);
}

static bool batch_has_room(const struct batch *b, const struct dns_msg *msg)
{
	size_t most = sizeof(struct item) + msg->wire_len + IFNAME_MAX + DROP_BY_MAX + 1;

	return b->n < BATCH_MESSAGES && most <= BATCH_BYTES - b->used;
}

static void *put_bytes(uint8_t **end, const void *bytes, size_t n)
{
	void *at = *end;

	if (n)
		memcpy(at, bytes, n);
	*end += n;
	return at;
}

/* Of multicast's messages the tracker reads more than was prepared. */
static bool wants_bytes(const struct ahead *a, const struct dns_msg *msg)
{
	return a->bytes || msg->quoted || multicast_port(msg->src_port) ||
	       multicast_port(msg->dst_port);
}

static void batch_own(struct batch *b)
{
	uint32_t from = b->used + OWN_AHEAD;

	if (from + DNS_PREPARED_TYPICAL <= BATCH_BYTES)
		fetch_bytes_to_write(b->bytes + from, DNS_PREPARED_TYPICAL);
}

static void batch_put(struct ahead *a, const struct dns_msg *msg)
{
	struct batch *b = a->filling;
	struct item *item;
	uint8_t *end;

	batch_own(b);
	item = (void *)(b->bytes + b->used);
	item->msg = *msg;
	b->msgs[b->n++] = &item->msg;
	end = (uint8_t *)&item->prepared;
	/* A quoted one has perhaps no bytes, and is rare. */
	if (!msg->quoted) {
		item->msg.prepared = &item->prepared;
		dns_prepare(&item->prepared, msg, a->seed);
		end += dns_prepared_size(&item->prepared);
	}
	item->msg.wire = NULL;
	if (wants_bytes(a, msg))
		item->msg.wire = put_bytes(&end, msg->wire, msg->wire_len);
	if (msg->ifname) {
		item->msg.ifname = strncpy((char *)end, msg->ifname, IFNAME_MAX);
		end += IFNAME_MAX;
	}
	if (msg->drop_by) {
		item->msg.drop_by = put_bytes(&end, msg->drop_by,
					      strnlen(msg->drop_by, DROP_BY_MAX));
		*end++ = '\0';
	}
	b->used = (uint32_t)(end - b->bytes + ITEM_ALIGN - 1) & ~(ITEM_ALIGN - 1);
}

static void take(void *ctx, const struct dns_msg *msg)
{
	struct ahead *a = ctx;

	if (a->given_up)
		return;
	if (!batch_has_room(a->filling, msg)) {
		batch_end(a, 0, NULL);
		if (!batch_begin(a))
			return;
	}
	batch_put(a, msg);
}

static void *read_ahead(void *ctx)
{
	struct ahead *a = ctx;
	struct err err = { 0 };
	int rc = 0;

	while (rc >= 0 && batch_begin(a)) {
		rc = a->from->ops->poll(a->from, BATCH_PACKETS, take, a, &err);
		if (!a->given_up)
			batch_end(a, rc, &err);
	}
	return NULL;
}

/* --- the poller --- */

/* What was delivered by the poll before is given back only now. NULL: there is none yet. */
static struct batch *next_batch(struct ahead *a, bool may_wait)
{
	pthread_mutex_lock(&a->lock);
	if (a->taken) {
		a->emptied++;
		/* A thread woken for each batch would sleep as often. */
		if (a->filled - a->emptied <= BATCHES / 2)
			tell_change(a);
	}
	while (may_wait && a->filled == a->emptied)
		wait_for_change(a);
	a->taken = a->filled == a->emptied ? NULL : &a->batches[a->emptied % BATCHES];
	pthread_mutex_unlock(&a->lock);
	return a->taken;
}

static int ahead_poll_batch(struct source *s, bool may_wait, const struct dns_msg *const **msgs,
			    uint32_t *n, struct err *err)
{
	struct ahead *a = (struct ahead *)s;
	/* The last one stays. */
	struct batch *b = a->ended ? a->taken : next_batch(a, may_wait);

	*msgs = NULL;
	*n = 0;
	if (err)
		*err = (struct err){ .pos = -1 };
	if (!b)
		return 0;
	*msgs = b->msgs;
	*n = a->ended ? 0 : b->n;
	a->stats = b->stats;
	a->ended = b->rc < 0;
	if (err && a->ended)
		*err = b->err;
	/* A poll that needed two batches has its packets counted with the second. */
	return b->rc ? b->rc : 1;
}

static int ahead_poll(struct source *s, int budget, source_msg_fn fn, void *ctx, struct err *err)
{
	const struct dns_msg *const *msgs;
	uint32_t n;
	int rc = ahead_poll_batch(s, true, &msgs, &n, err);

	(void)budget; /* a batch is less */
	for (uint32_t i = 0; i < n; i++)
		fn(ctx, msgs[i]);
	return rc;
}

static void ahead_stats(struct source *s, struct source_stats *out)
{
	*out = ((struct ahead *)s)->stats;
}

static int ahead_fd(const struct source *s)
{
	(void)s;
	return -1;
}

static int ahead_interval_ms(const struct source *s)
{
	(void)s;
	return 0;
}

static void ahead_free(struct ahead *a)
{
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
	pages_free(a, 1, sizeof(*a));
}

static void ahead_close(struct source *s)
{
	struct ahead *a = (struct ahead *)s;

	pthread_mutex_lock(&a->lock);
	a->stop = true;
	tell_change(a);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	source_close(a->from);
	ahead_free(a);
}

int ahead_start(struct source **s, uint64_t seed, bool bytes)
{
	struct ahead *a = pages_alloc(1, sizeof(*a));
	int rc;

	if (!a)
		return -ENOMEM;
	a->pub = **s;
	a->pub.ops = &ahead_ops;
	a->from = *s;
	a->seed = seed;
	a->bytes = bytes;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	a->from->ops->stats(a->from, &a->stats);
	rc = pthread_create(&a->thread, NULL, read_ahead, a);
	if (rc) {
		ahead_free(a);
		return -rc;
	}
	*s = &a->pub;
	return 0;
}

static const struct source_ops ahead_ops = {
	.name = "pcap", /* a file's; nothing else is read ahead */
	.fd = ahead_fd,
	.interval_ms = ahead_interval_ms,
	.poll = ahead_poll,
	.poll_batch = ahead_poll_batch,
	.stats = ahead_stats,
	.close = ahead_close,
};
