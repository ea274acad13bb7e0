/* SPDX-License-Identifier: BSD-2-Clause */
/* Encrypted DNS from outside: connections, handshakes, bytes, estimates. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/flow/inventory.h"

#define MS 1000000ull
#define T0 1700000000000000000ull

enum {
	FIN = 1,
	SYN = 2,
	RST = 4,
	ACK = 16,
};

struct peer {
	struct inventory *v;
	uint16_t client_port;
	uint16_t port; /* of the server */
	uint8_t server;
	bool udp;
	uint8_t sighting;
	uint8_t direction;
	const char *comm;
	uint32_t seq[2];
};

/* A packet: its payload begins with a record of that type and length, or, of
 * UDP, with that byte; `wire` bytes in all. */
static void say(struct peer *p, unsigned ms, bool from_client, uint8_t flags, unsigned type,
		unsigned record, unsigned wire)
{
	uint8_t head[16] = { (uint8_t)type, 3, 3, (uint8_t)(record >> 8), (uint8_t)record };
	struct dns_msg m = {
		.ts_ns = T0 + ms * MS,
		.sighting = p->sighting,
		.direction = p->direction,
		.src_port = from_client ? p->client_port : p->port,
		.dst_port = from_client ? p->port : p->client_port,
	};
	struct inventory_packet packet = {
		.meta = &m,
		.tcp = !p->udp,
		.tcp_flags = flags,
		.seq = p->seq[!from_client],
		.payload = head,
		.cap = wire < sizeof(head) ? wire : sizeof(head),
		.wire = wire,
	};

	if (type == 20) /* the last word follows */
		memcpy(head + 6, "\27\3\3\0\105", 5);
	*(from_client ? &m.dst : &m.src) = ip_addr_from_v4((uint8_t[]){ 10, 0, 0, p->server });
	*(from_client ? &m.src : &m.dst) = ip_addr_from_v4((uint8_t[]){ 10, 0, 1, 1 });
	if (p->comm && from_client) {
		m.pid = 7;
		memcpy(m.comm, p->comm, strlen(p->comm));
	}
	assert_true(inventory_wants(p->v, packet.tcp, &m.src, m.src_port, &m.dst, m.dst_port));
	inventory_feed(p->v, &packet);
	p->seq[!from_client] += wire + (flags & SYN ? 1 : 0);
}

/* One row as text: kind, port, process, connections (joined), bytes, handshakes
 * and exchanges with their averages in ms. */
static const char *row_text(const struct inventory *v, uint32_t i)
{
	static char text[200];
	const struct inventory_row *r = inventory_at(v, i);
	const struct inventory_times *h = &r->handshake, *e = &r->exchange;

	snprintf(text, sizeof(text), "%s %u %u [%.16s] %llu(%llu) %llu/%llu %llux%llu %llux%llu",
		 inventory_kind_name(r->kind), r->server.b[15], r->port, r->comm,
		 (unsigned long long)r->connections, (unsigned long long)r->joined,
		 (unsigned long long)r->bytes_out, (unsigned long long)r->bytes_in,
		 (unsigned long long)h->n, (unsigned long long)(h->n ? h->sum / h->n / MS : 0),
		 (unsigned long long)e->n, (unsigned long long)(e->n ? e->sum / e->n / MS : 0));
	return text;
}

/* Hello and hello, Finished, then two questions: 1 ms of the network each way,
 * 10 ms for an answer. */
static void talk_tls13(struct peer *p, unsigned ms)
{
	say(p, ms, true, SYN, 0, 0, 0);
	say(p, ms + 2, false, SYN | ACK, 0, 0, 0);
	say(p, ms + 3, true, ACK, 22, 300, 305);
	say(p, ms + 5, false, ACK, 22, 90, 1000);
	say(p, ms + 6, false, ACK, 23, 500, 505);
	say(p, ms + 7, true, ACK, 23, 53, 58);
	say(p, ms + 8, true, ACK, 23, 150, 155);
	say(p, ms + 18, false, ACK, 23, 490, 495);
	say(p, ms + 30, true, ACK, 23, 150, 155);
	say(p, ms + 40, false, ACK, 23, 490, 495);
	say(p, ms + 50, true, FIN | ACK, 0, 0, 0);
}

static void tls13(void **state)
{
	struct peer p = {
		.v = inventory_new(1), .client_port = 5000, .port = 853, .server = 9, .comm = "kdig"
	};

	(void)state;
	talk_tls13(&p, 0);
	assert_string_equal(row_text(p.v, 0), "dot 9 853 [kdig] 1(0) 673/2495 1x7 2x10");
	/* The ports used again; another client; another process. */
	p.seq[0] += 77777;
	talk_tls13(&p, 100000);
	p.client_port++;
	talk_tls13(&p, 1000);
	assert_string_equal(row_text(p.v, 0), "dot 9 853 [kdig] 3(0) 2019/7485 3x7 6x10");
	p.client_port++;
	p.comm = "resolved";
	talk_tls13(&p, 2000);
	assert_int_equal(inventory_count(p.v), 2);
	assert_string_equal(row_text(p.v, 1), "dot 9 853 [resolved] 1(0) 673/2495 1x7 2x10");
	inventory_clear(p.v);
	assert_int_equal(inventory_count(p.v), 0);
	inventory_free(p.v);
}

/* The last word of the handshake and the first question in one segment. */
static void at_once(void **state)
{
	struct peer p = { .v = inventory_new(1), .client_port = 5000, .port = 853, .server = 9 };

	(void)state;
	say(&p, 0, true, SYN, 0, 0, 0);
	say(&p, 3, true, ACK, 22, 300, 305);
	say(&p, 6, false, ACK, 23, 500, 505);
	say(&p, 7, true, ACK, 23, 53, 58 + 155);
	say(&p, 12, false, ACK, 23, 490, 495);
	assert_string_equal(row_text(p.v, 0), "dot 9 853 [] 1(0) 518/1000 1x7 1x5");
	inventory_free(p.v);
}

/* What dig sends: a record of the old handshake before the last word, and a
 * question as long as that. */
static void like_the_last_word(void **state)
{
	struct peer p = { .v = inventory_new(1), .client_port = 5000, .port = 853, .server = 9 };

	(void)state;
	say(&p, 0, true, SYN, 0, 0, 0);
	say(&p, 3, true, ACK, 22, 298, 303);
	say(&p, 6, false, ACK, 22, 122, 1365);
	say(&p, 7, true, ACK, 20, 1, 80);
	say(&p, 8, false, ACK, 23, 250, 255);
	say(&p, 9, true, ACK, 23, 69, 74);
	say(&p, 13, false, ACK, 23, 73, 78);
	assert_string_equal(row_text(p.v, 0), "dot 9 853 [] 1(0) 457/1698 1x7 1x4");
	/* TLS 1.2: the first data is a question, whatever its size. */
	p.client_port++;
	p.server++;
	say(&p, 0, true, SYN, 0, 0, 0);
	say(&p, 3, true, ACK, 22, 298, 303);
	say(&p, 6, false, ACK, 22, 122, 1365);
	say(&p, 7, true, ACK, 22, 70, 126);
	say(&p, 9, false, ACK, 22, 16, 51);
	say(&p, 10, true, ACK, 23, 69, 74);
	say(&p, 15, false, ACK, 23, 73, 78);
	assert_string_equal(row_text(p.v, 1), "dot 10 853 [] 1(0) 503/1494 1x10 1x5");
	inventory_free(p.v);
}

/* The same packet at four places, and sent again: bytes count once, and each
 * question has one answer. */
static void seen_often(void **state)
{
	struct peer p = {
		.v = inventory_new(1), .client_port = 5000, .port = 853, .server = 9, .comm = "kdig"
	};

	(void)state;
	for (int place = 0; place < 4; place++) {
		p.sighting = place ? SIGHTING_HOP : SIGHTING_ORIGIN;
		p.direction = place % 2 ? DIRECTION_IN : DIRECTION_OUT;
		p.seq[0] = p.seq[1] = UINT32_MAX - 100;
		talk_tls13(&p, 0);
	}
	assert_string_equal(row_text(p.v, 0), "dot 9 853 [kdig] 1(0) 673/2495 1x7 2x10");
	/* What left with other addresses (NAT) is no connection more. */
	p.client_port++;
	p.sighting = SIGHTING_HOP;
	p.direction = DIRECTION_OUT;
	talk_tls13(&p, 0);
	assert_string_equal(row_text(p.v, 0), "dot 9 853 [kdig] 1(0) 673/2495 1x7 2x10");
	assert_int_equal(inventory_count(p.v), 1);
	inventory_free(p.v);
}

static void joined(void **state)
{
	struct peer p = { .v = inventory_new(1), .client_port = 5000, .port = 853, .server = 9 };

	(void)state;
	say(&p, 0, false, ACK, 23, 490, 495); /* begins nothing */
	say(&p, 10, true, ACK, 23, 150, 155);
	say(&p, 14, false, ACK, 23, 490, 495);
	say(&p, 15, true, RST, 0, 0, 0);
	assert_string_equal(row_text(p.v, 0), "dot 9 853 [] 1(1) 155/495 0x0 1x4");
	inventory_free(p.v);
}

static void quic(void **state)
{
	struct peer p = { .v = inventory_new(1),
			  .client_port = 5000,
			  .port = 853,
			  .server = 9,
			  .udp = true,
			  .comm = "kdig",
			  .direction = DIRECTION_OUT };

	(void)state;
	say(&p, 0, true, 0, 0xc0, 0, 1200);
	say(&p, 5, false, 0, 0xc0, 0, 1200);
	say(&p, 6, true, 0, 0xe0, 0, 90);
	say(&p, 7, true, 0, 0x40, 0, 90);
	p.direction = DIRECTION_IN; /* seen again */
	say(&p, 7, true, 0, 0x40, 0, 90);
	p.direction = DIRECTION_OUT;
	say(&p, 10, false, 0, 0x40, 0, 130);
	assert_string_equal(row_text(p.v, 0), "doq 9 853 [kdig] 1(0) 1380/1330 1x7 1x3");
	inventory_free(p.v);
}

static void a_list_of_servers(void **state)
{
	struct peer p = { .v = inventory_new(1), .client_port = 5000, .port = 443, .server = 9 };
	struct ip_addr client = ip_addr_from_v4("\12\0\1\1"), other = ip_addr_from_v4("\12\0\0\10");
	unsigned line;
	size_t n;

	(void)state;
	assert_int_equal(
		inventory_read_servers(p.v,
				       "# Who answers\n\n10.0.0.9 dns.example # all\n"
				       "fd00::9\tsix.example\r\n10.0.0.9 twice\n  10.0.0.7",
				       &line),
		0);
	inventory_servers(p.v, &n);
	assert_int_equal(n, 3);
	assert_false(inventory_wants(p.v, true, &client, 5000, &other, 443));
	assert_false(inventory_wants(p.v, true, &client, 5000, &other, 53));
	talk_tls13(&p, 0);
	p.udp = true;
	say(&p, 0, true, 0, 0xc0, 0, 1200);
	assert_string_equal(row_text(p.v, 0), "doh 9 443 [] 1(0) 673/2495 1x7 2x10");
	assert_string_equal(inventory_at(p.v, 0)->name, "dns.example");
	assert_string_equal(row_text(p.v, 1), "doh3 9 443 [] 1(0) 1200/0 0x0 0x0");
	assert_int_equal(inventory_read_servers(p.v, "10.0.0.1\n10.0.0 x\n", &line), -EINVAL);
	assert_int_equal(line, 2);
	inventory_free(p.v);
}

static void bounds(void **state)
{
	struct peer p = { .v = inventory_new(1), .port = 853, .server = 9 };
	char comm[16];

	(void)state;
	p.comm = comm;
	for (unsigned i = 0; i < 40000; i++) {
		snprintf(comm, sizeof(comm), "p%u", i % 2000);
		p.client_port = (uint16_t)(1000 + i);
		say(&p, i, true, SYN, 0, 0, 0);
	}
	assert_int_equal(inventory_count(p.v), INVENTORY_ROWS);
	assert_true(inventory_stats(p.v)->evicted >= 40000 - INVENTORY_CONNECTIONS);
	assert_int_equal(inventory_stats(p.v)->no_room, 20 * (2000 - INVENTORY_ROWS));
	inventory_free(p.v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tls13),
		cmocka_unit_test(at_once),
		cmocka_unit_test(seen_often),
		cmocka_unit_test(like_the_last_word),
		cmocka_unit_test(joined),
		cmocka_unit_test(quic),
		cmocka_unit_test(a_list_of_servers),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
