/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a capture of made-up DNS traffic, the same for the same arguments:
 *
 *   gen PACKETS NAMES CLIENTS SECONDS > file.pcap
 *
 * Queries of NAMES names by CLIENTS clients of 16 servers, a fifth of them over
 * IPv6, 97 of 100 answered after 0.1 to 20 ms, spread evenly over SECONDS of
 * capture time. Names and clients follow a skewed choice, as real ones do.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHEEL_SLOTS 4096 /* answers wait here, a slot is 10 us of capture time */
#define SLOT_NS     10000ull

struct packet {
	struct packet *next;
	uint64_t ts_ns;
	uint32_t len;
	uint8_t bytes[512];
};

struct gen {
	uint64_t random;
	uint64_t names, clients;
	uint64_t left; /* packets still to be written */
	uint64_t slot;
	struct packet *wheel[WHEEL_SLOTS];
	struct packet *spare;
};

static uint64_t next_random(struct gen *g)
{
	g->random ^= g->random << 13;
	g->random ^= g->random >> 7;
	g->random ^= g->random << 17;
	return g->random;
}

/* Small numbers are more likely: the product of two uniform ones. */
static uint64_t skewed(struct gen *g, uint64_t n)
{
	uint64_t a = next_random(g) & 0xffffffff, b = next_random(g) & 0xffffffff;

	return (uint64_t)(((unsigned __int128)(a * b) * n) >> 64);
}

static void put16(uint8_t **p, unsigned v)
{
	*(*p)++ = (uint8_t)(v >> 8);
	*(*p)++ = (uint8_t)v;
}

static void put(uint8_t **p, const void *bytes, size_t n)
{
	memcpy(*p, bytes, n);
	*p += n;
}

static void put_label(uint8_t **p, const char *text)
{
	size_t n = strlen(text);

	*(*p)++ = (uint8_t)n;
	put(p, text, n);
}

/* Header and question, and for a response one A record. */
static size_t dns(uint8_t *buf, unsigned id, uint64_t name, bool response, unsigned rcode)
{
	static const char *const tlds[] = { "com", "net", "org", "example" };
	uint8_t *p = buf;
	char label[32];

	put16(&p, id);
	put16(&p, response ? 0x8180 | rcode : 0x0100);
	put16(&p, 1);
	put16(&p, response && rcode == 0);
	put16(&p, 0);
	put16(&p, 0);
	snprintf(label, sizeof(label), "host%llu", (unsigned long long)name);
	put_label(&p, label);
	snprintf(label, sizeof(label), "zone%llu", (unsigned long long)(name / 7));
	put_label(&p, label);
	put_label(&p, tlds[name % 4]);
	*p++ = 0;
	put16(&p, name % 5 == 0 ? 28 : 1);
	put16(&p, 1);
	if (response && rcode == 0) {
		put(&p, "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\1", 16);
	}
	return (size_t)(p - buf);
}

static uint32_t frame(uint8_t *buf, bool v6, uint32_t client, uint32_t server, unsigned sport,
		      unsigned dport, bool reply, unsigned ip_id, const uint8_t *payload,
		      size_t len)
{
	uint8_t *p = buf;
	uint32_t from = htonl(reply ? server : client), to = htonl(reply ? client : server);

	put(&p, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	put16(&p, v6 ? 0x86dd : 0x0800);
	if (v6) {
		put(&p, "\x60\0\0\0", 4);
		put16(&p, (unsigned)len + 8);
		put(&p, "\x11\x40", 2);
		put(&p, "\xfd\0\0\0\0\0\0\0\0\0\0\0", 12);
		put(&p, &from, 4);
		put(&p, "\xfd\0\0\0\0\0\0\0\0\0\0\0", 12);
		put(&p, &to, 4);
	} else {
		put(&p, "\x45\0", 2);
		put16(&p, (unsigned)len + 28);
		put16(&p, ip_id);
		put(&p, "\0\0\x40\x11\0\0", 6);
		put(&p, &from, 4);
		put(&p, &to, 4);
	}
	put16(&p, sport);
	put16(&p, dport);
	put16(&p, (unsigned)len + 8);
	put16(&p, 0);
	put(&p, payload, len);
	return (uint32_t)(p - buf);
}

static void write_packet(struct gen *g, const struct packet *k)
{
	uint32_t head[4] = { (uint32_t)(k->ts_ns / 1000000000), (uint32_t)(k->ts_ns % 1000000000),
			     k->len, k->len };

	if (g->left == 0)
		return;
	g->left--;
	fwrite(head, sizeof(head), 1, stdout);
	fwrite(k->bytes, k->len, 1, stdout);
}

static struct packet *take(struct gen *g)
{
	struct packet *k = g->spare;

	if (k)
		g->spare = k->next;
	else if (!(k = malloc(sizeof(*k))))
		exit(1);
	return k;
}

/* Writes the answers that are due before now_ns. */
static void turn_wheel(struct gen *g, uint64_t now_ns)
{
	for (; g->slot < now_ns / SLOT_NS; g->slot++) {
		struct packet **at = &g->wheel[g->slot % WHEEL_SLOTS];

		while (*at) {
			struct packet *k = *at;

			*at = k->next;
			write_packet(g, k);
			k->next = g->spare;
			g->spare = k;
		}
	}
}

static void ask(struct gen *g, uint64_t now_ns, uint64_t n)
{
	uint64_t name = skewed(g, g->names);
	uint32_t client = 0x0a000000u + (uint32_t)skewed(g, g->clients);
	uint32_t server = 0xac100000u + (uint32_t)(client % 16);
	bool v6 = client % 5 == 0;
	unsigned port = 1024 + (unsigned)(next_random(g) % 60000), id = (unsigned)n & 0xffff;
	unsigned rcode = next_random(g) % 10 == 0 ? 3 : 0;
	struct packet *k = take(g);
	uint8_t wire[256];
	size_t len = dns(wire, id, name, false, 0);

	k->ts_ns = now_ns;
	k->len = frame(k->bytes, v6, client, server, port, 53, false, (unsigned)n, wire, len);
	write_packet(g, k);
	if (next_random(g) % 100 >= 97) {
		k->next = g->spare;
		g->spare = k;
		return;
	}
	len = dns(wire, id, name, true, rcode);
	uint64_t due = now_ns + 100000 + skewed(g, 20000000);
	uint64_t slot = due / SLOT_NS;

	k->ts_ns = slot * SLOT_NS;
	k->len = frame(k->bytes, v6, client, server, 53, port, true, (unsigned)n, wire, len);
	k->next = g->wheel[slot % WHEEL_SLOTS];
	g->wheel[slot % WHEEL_SLOTS] = k;
}

int main(int argc, char **argv)
{
	static const uint32_t head[6] = { 0xa1b23c4d, 0x00040002, 0, 0, 262144, 1 };
	static struct gen g = { .random = 88172645463325252ull };
	uint64_t start = 1700000000ull * 1000000000, step, n = 0;

	if (argc != 5) {
		fprintf(stderr, "usage: gen PACKETS NAMES CLIENTS SECONDS > file.pcap\n");
		return 2;
	}
	g.left = strtoull(argv[1], NULL, 10);
	g.names = strtoull(argv[2], NULL, 10);
	g.clients = strtoull(argv[3], NULL, 10);
	step = strtoull(argv[4], NULL, 10) * 1000000000 * 2 / g.left;
	g.slot = start / SLOT_NS;
	fwrite(head, sizeof(head), 1, stdout);
	for (; g.left; n++) {
		turn_wheel(&g, start + n * step);
		ask(&g, start + n * step, n);
	}
	return fflush(stdout) ? 1 : 0;
}
