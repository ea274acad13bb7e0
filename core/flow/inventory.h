/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypted DNS as it shows without keys: who has connections of DNS over TLS,
 * QUIC or HTTPS to which server, how long their handshakes take, how many
 * bytes go, and about how long an answer takes. No names, no codes: these are
 * no transactions, and count as none.
 *
 * What DNS over HTTPS is, is told by the server's address alone, from a list.
 * The time of an exchange is that from a record (or datagram) of a query's size
 * to the next one back: an estimate, to be marked as such wherever it is shown.
 *
 * Pure and bounded: connections that were silent the longest make room.
 */
#ifndef DNSTOP_FLOW_INVENTORY_H
#define DNSTOP_FLOW_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/dns/msg.h"
#include "core/flow/servers.h"

#define INVENTORY_ROWS        1024
#define INVENTORY_CONNECTIONS 8192

#define INVENTORY_PORT_DOT 853 /* RFC 7858, RFC 9250 */
#define INVENTORY_PORT_DOH 443

enum inventory_kind {
	INVENTORY_DOT,
	INVENTORY_DOQ,
	INVENTORY_DOH,
	INVENTORY_DOH3, /* over QUIC */
	INVENTORY_KINDS,
};

/* Nanoseconds, of `n` times. */
struct inventory_times {
	uint64_t n;
	uint64_t sum;
	uint64_t min;
	uint64_t max;
};

struct inventory_row {
	uint8_t kind; /* enum inventory_kind */
	struct ip_addr server;
	uint16_t port;
	char name[SERVERS_NAME_MAX]; /* of the server, from the list; "" */
	char comm[16]; /* of the process that asks, raw bytes; "" when not of this host */
	uint64_t connections;
	uint64_t joined;    /* of them, met in their middle */
	uint64_t bytes_out; /* payload of TCP or UDP, towards the server */
	uint64_t bytes_in;
	struct inventory_times handshake; /* first packet to the client's first data */
	struct inventory_times exchange;  /* the estimate */
	uint64_t first_ns;                /* epoch */
	uint64_t last_ns;
};

struct inventory_stats {
	uint64_t packets;
	uint64_t evicted; /* connections that made room */
	uint64_t no_room; /* connections that found no row */
};

/* A packet, as far as it is known: the beginning of its payload. */
struct inventory_packet {
	const struct dns_msg *meta; /* all but transport and wire */
	bool tcp;
	uint8_t tcp_flags;
	uint32_t seq; /* of the payload's first byte */
	const uint8_t *payload;
	uint32_t cap;  /* bytes at payload */
	uint32_t wire; /* bytes that there were */
};

struct inventory;

/* NULL when memory is short. */
struct inventory *inventory_new(uint64_t seed);
void inventory_free(struct inventory *v);

/* The servers of DNS over HTTPS, as servers.h takes them. */
int inventory_add_server(struct inventory *v, const struct ip_addr *a, const char *name);
int inventory_read_servers(struct inventory *v, const char *text, unsigned *line);
const struct ip_addr *inventory_servers(const struct inventory *v, size_t *n);

/* Whether a packet between these belongs here. */
bool inventory_wants(const struct inventory *v, bool tcp, const struct ip_addr *src,
		     uint16_t src_port, const struct ip_addr *dst, uint16_t dst_port);
/* Takes one that does. The same packet seen again elsewhere counts once. */
void inventory_feed(struct inventory *v, const struct inventory_packet *p);
void inventory_clear(struct inventory *v);

/* Rows in the order in which they were first met. */
uint32_t inventory_count(const struct inventory *v);
const struct inventory_row *inventory_at(const struct inventory *v, uint32_t i);
const struct inventory_stats *inventory_stats(const struct inventory *v);

/* "dot", "doq", "doh", "doh3". */
const char *inventory_kind_name(enum inventory_kind kind);

#endif
