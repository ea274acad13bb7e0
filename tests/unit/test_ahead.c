/* SPDX-License-Identifier: BSD-2-Clause */
/* What is read ahead by a thread comes as if it were not: from a made-up source,
 * messages of all sizes, few and many to a poll, to its end and to an early one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/dns/prepare.h"
#include "core/source/ahead.h"

#define SEED 77

/* Message n is told by n alone. */
struct made {
	struct source pub;
	uint64_t n, end;
	uint64_t polls;
	unsigned burst; /* messages a poll in the long run */
	int rc;         /* at the end */
	bool *closed;
};

static uint32_t made_len(uint64_t n)
{
	static const uint32_t lens[] = { 40, 12, 0, 5, 512, 40, 41, 1400, 29, 65535, 33 };

	return lens[n % (sizeof(lens) / sizeof(lens[0]))];
}

static void made_msg(uint64_t n, struct dns_msg *m, uint8_t wire[DNS_MSG_MAX], char name[16])
{
	*m = (struct dns_msg){
		.ts_ns = n * 1000,
		.src_port = (uint16_t)n,
		.dst_port = 53,
		.wire = wire,
		.wire_len = made_len(n),
		.wire_orig = made_len(n) + (n % 7 == 0),
		.ifname = n % 3 ? name : NULL,
		.drop_by = n % 11 == 2 ? name : NULL,
		.quoted = n % 11 == 2,
	};
	if (m->quoted)
		m->wire = NULL;
	memcpy(m->src.b, &n, sizeof(n));
	m->dst.b[0] = (uint8_t)(n % 5);
	snprintf(name, 16, "if%u", (unsigned)n % 100);
	memset(wire, (int)(n & 0xff), m->wire_len);
	if (m->wire_len >= 40) {
		memcpy(wire, "\1\2\1\0\0\1\0\0\0\0\0\0\3www\7example\3com\0\0\1\0\1", 33);
		wire[2] = n % 2 ? 0x81 : 1;
		wire[13] = (uint8_t)('a' + n % 26);
	}
}

static int made_poll(struct source *s, int budget, source_msg_fn fn, void *ctx, struct err *err)
{
	static uint8_t wire[DNS_MSG_MAX];
	struct made *f = (struct made *)s;
	unsigned n = ++f->polls % 3 * f->burst;
	struct dns_msg m;
	char name[16];

	assert_true(budget > 0);
	for (; n > 0 && f->n < f->end; n--, f->n++) {
		made_msg(f->n, &m, wire, name);
		fn(ctx, &m);
		/* Nothing of it may be kept. */
		memset(wire, 0xee, m.wire_len);
		memset(name, 'x', sizeof(name));
	}
	if (f->n < f->end)
		return budget;
	*err = (struct err){ 0 };
	if (f->rc != -ENODATA)
		err_set(err, f->rc, "broken after %llu", (unsigned long long)f->n);
	return f->rc;
}

static void made_stats(struct source *s, struct source_stats *out)
{
	*out = (struct source_stats){ .messages = ((struct made *)s)->n };
}

static void made_close(struct source *s)
{
	*((struct made *)s)->closed = true;
	free(s);
}

static const struct source_ops made_ops = {
	.name = "made",
	.poll = made_poll,
	.stats = made_stats,
	.close = made_close,
};

static struct source *open_made(uint64_t end, unsigned burst, int rc, bool bytes, bool *closed)
{
	struct made *f = calloc(1, sizeof(*f));
	struct source *s = &f->pub;

	assert_non_null(f);
	*f = (struct made){ .pub = { .ops = &made_ops, .title = "made.pcap" } };
	f->end = end;
	f->burst = burst;
	f->rc = rc;
	f->closed = closed;
	*closed = false;
	assert_int_equal(ahead_start(&s, SEED, bytes), 0);
	assert_ptr_not_equal(s, &f->pub);
	assert_string_equal(s->title, "made.pcap");
	return s;
}

static void check_prepared(const struct dns_msg *m, const struct dns_msg *sent)
{
	static struct dns_prepared want;
	const struct dns_prepared *got = m->prepared;
	bool response = got->dns.flags & DNS_FLAG_QR;
	const struct ip_addr *client = response ? &m->dst : &m->src;
	const struct ip_addr *server = response ? &m->src : &m->dst;

	assert_non_null(got);
	dns_prepare(&want, sent, SEED);
	assert_int_equal(dns_prepared_size(got), dns_prepared_size(&want));
	assert_memory_equal(&got->dns, &want.dns,
			    dns_prepared_size(&want) - offsetof(struct dns_prepared, dns));
	assert_int_equal(got->result, want.result);
	assert_int_equal(got->seed, SEED);
	assert_int_equal(got->client_hash, hash_bytes(client, sizeof(*client), SEED));
	assert_int_equal(got->server_hash, hash_bytes(server, sizeof(*server), SEED));
	assert_int_equal(got->name_hash, want.name_hash);
	assert_int_equal(got->key_hash, want.key_hash);
}

/* What has come; all of a poll is looked at again when the poll is over. */
struct seen {
	uint64_t n;
	bool bytes;   /* were asked for */
	bool batches; /* are asked for */
	const struct dns_msg *of_poll[2048];
	unsigned n_of_poll;
};

static void check_bytes(const struct dns_msg *m, const struct dns_msg *want, bool bytes)
{
	bool multicast = m->src_port == 5353 || m->src_port == 5355;

	assert_int_equal(m->wire_len, want->wire_len);
	assert_int_equal(m->wire_orig, want->wire_orig);
	if (!bytes && !m->quoted && !multicast)
		assert_null(m->wire);
	else if (want->wire_len)
		assert_memory_equal(m->wire, want->wire, want->wire_len);
}

static void check_msg(const struct dns_msg *m, uint64_t n, bool bytes)
{
	static uint8_t wire[DNS_MSG_MAX];
	struct dns_msg want;
	char name[16];

	made_msg(n, &want, wire, name);
	assert_int_equal(m->ts_ns, want.ts_ns);
	assert_int_equal(m->src_port, want.src_port);
	assert_memory_equal(&m->src, &want.src, sizeof(m->src));
	want.wire = wire; /* a quoted one's, too */
	check_bytes(m, &want, bytes);
	assert_int_equal(m->ifname == NULL, want.ifname == NULL);
	if (m->ifname)
		assert_memory_equal(m->ifname, name, strlen(name) + 1);
	assert_int_equal(m->drop_by == NULL, want.drop_by == NULL);
	if (m->drop_by)
		assert_string_equal(m->drop_by, name);
	assert_int_equal(m->quoted, want.quoted);
	if (!m->quoted)
		check_prepared(m, &want);
}

static void see(void *ctx, const struct dns_msg *m)
{
	struct seen *seen = ctx;

	check_msg(m, seen->n++, seen->bytes);
	assert_true(seen->n_of_poll < 2048);
	seen->of_poll[seen->n_of_poll++] = m;
}

/* First without waiting, which finds some or none. */
static int poll_batch(struct source *s, struct seen *seen, struct err *err)
{
	const struct dns_msg *const *msgs;
	uint32_t n;
	int rc = s->ops->poll_batch(s, false, &msgs, &n, err);

	if (rc == 0) {
		assert_int_equal(n, 0);
		rc = s->ops->poll_batch(s, true, &msgs, &n, err);
	}
	for (uint32_t i = 0; i < n; i++)
		see(seen, msgs[i]);
	return rc;
}

static int poll_once(struct source *s, struct seen *seen, struct err *err)
{
	struct source_stats stats;
	int rc;

	seen->n_of_poll = 0;
	rc = seen->batches ? poll_batch(s, seen, err) : s->ops->poll(s, 50000, see, seen, err);
	for (unsigned i = 0; i < seen->n_of_poll; i++)
		check_msg(seen->of_poll[i], seen->n - seen->n_of_poll + i, seen->bytes);
	/* The counters are those of here, not of where the thread is. */
	s->ops->stats(s, &stats);
	assert_true(stats.messages >= seen->n && stats.messages <= seen->n + 1);
	return rc;
}

static void test_in_order(void **state)
{
	static const struct {
		uint64_t end;
		unsigned burst;
		int rc;
		bool bytes;
	} rows[] = {
		{ 0, 1, -ENODATA, true },       { 1, 1, -ENODATA, true },
		{ 3000, 1, -ENODATA, false },   { 5000, 7, -EIO, true },
		{ 9000, 700, -ENODATA, false }, { 9000, 9000, -EIO, true },
		{ 4000, 256, -ENOMEM, true },
	};
	static struct seen seen;

	(void)state;
	for (size_t turn = 0; turn < 2 * (sizeof(rows) / sizeof(rows[0])); turn++) {
		size_t i = turn / 2;
		bool closed;
		struct source *s = open_made(rows[i].end, rows[i].burst, rows[i].rc, rows[i].bytes,
					     &closed);
		struct source_stats stats;
		struct err err;
		int rc;

		seen.n = 0;
		seen.bytes = rows[i].bytes;
		seen.batches = turn % 2;
		while ((rc = poll_once(s, &seen, &err)) > 0)
			assert_int_equal(err.code, 0);
		assert_int_equal(rc, rows[i].rc);
		assert_int_equal(seen.n, rows[i].end);
		if (rows[i].rc != -ENODATA)
			assert_non_null(strstr(err.text, "broken after"));
		else
			assert_int_equal(err.code, 0);
		s->ops->stats(s, &stats);
		assert_int_equal(stats.messages, rows[i].end);
		/* The end stays the end. */
		assert_int_equal(poll_once(s, &seen, &err), rows[i].rc);
		assert_int_equal(seen.n, rows[i].end);
		source_close(s);
		assert_true(closed);
	}
}

/* Whoever has enough closes it, wherever the thread is. */
static void test_early_close(void **state)
{
	static struct seen seen;

	(void)state;
	for (unsigned polls = 0; polls < 12; polls++) {
		bool closed;
		struct source *s = open_made(UINT64_MAX, polls % 2 ? 3 : 900, -ENODATA, true,
					     &closed);
		struct err err;

		seen.n = 0;
		seen.bytes = true;
		for (unsigned i = 0; i < polls; i++)
			assert_true(poll_once(s, &seen, &err) > 0);
		source_close(s);
		assert_true(closed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_early_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
