/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sink/packet_make.h"

#include <stdbool.h>
#include <string.h>

#define IP4_HEAD 20
#define IP6_HEAD 40
#define UDP_HEAD 8
#define TCP_HEAD 20
#define HOPS     64
#define WINDOW   65535

enum {
	PROTO_TCP = 6,
	PROTO_UDP = 17,
};

static void put16(uint8_t *at, size_t n)
{
	at[0] = (uint8_t)(n >> 8);
	at[1] = (uint8_t)n;
}

static void put32(uint8_t *at, uint32_t n)
{
	put16(at, n >> 16);
	put16(at + 2, n & 0xffff);
}

/* The sum of RFC 1071 before it is folded. */
static uint64_t sum16(uint64_t sum, const uint8_t *bytes, size_t len)
{
	for (; len > 1; bytes += 2, len -= 2)
		sum += (uint64_t)bytes[0] << 8 | bytes[1];
	return len ? sum + ((uint64_t)bytes[0] << 8) : sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Two families in one packet can't be but for a translation that was not seen
 * whole: then both are written as IPv6 has them. */
static bool is_v4(const struct packet_end *from, const struct packet_end *to)
{
	return ip_addr_is_v4(&from->addr) && ip_addr_is_v4(&to->addr);
}

static size_t put_ip4(uint8_t *at, const struct packet_end *from, const struct packet_end *to,
		      uint16_t ip_id, uint8_t proto, size_t payload)
{
	memset(at, 0, IP4_HEAD);
	at[0] = 0x45;
	put16(at + 2, IP4_HEAD + payload);
	put16(at + 4, ip_id);
	at[8] = HOPS;
	at[9] = proto;
	memcpy(at + 12, from->addr.b + 12, 4);
	memcpy(at + 16, to->addr.b + 12, 4);
	put16(at + 10, fold(sum16(0, at, IP4_HEAD)));
	return IP4_HEAD;
}

static size_t put_ip6(uint8_t *at, const struct packet_end *from, const struct packet_end *to,
		      uint8_t proto, size_t payload)
{
	memset(at, 0, IP6_HEAD);
	at[0] = 0x60;
	put16(at + 4, payload);
	at[6] = proto;
	at[7] = HOPS;
	memcpy(at + 8, from->addr.b, sizeof(from->addr.b));
	memcpy(at + 24, to->addr.b, sizeof(to->addr.b));
	return IP6_HEAD;
}

static size_t put_ip(uint8_t *at, const struct packet_end *from, const struct packet_end *to,
		     uint16_t ip_id, uint8_t proto, size_t payload)
{
	return is_v4(from, to) ? put_ip4(at, from, to, ip_id, proto, payload)
			       : put_ip6(at, from, to, proto, payload);
}

/* Of the pseudo header, the transport's header and the body. */
static uint16_t checksum(const struct packet_end *from, const struct packet_end *to, uint8_t proto,
			 const uint8_t *head, size_t head_len, const struct packet_body *body)
{
	size_t skip = is_v4(from, to) ? 12 : 0;
	uint64_t sum = proto + head_len + body->len;

	sum = sum16(sum, from->addr.b + skip, sizeof(from->addr.b) - skip);
	sum = sum16(sum, to->addr.b + skip, sizeof(to->addr.b) - skip);
	sum = sum16(sum, head, head_len);
	return fold(sum16(sum, body->bytes, body->len));
}

size_t packet_udp(uint8_t head[PACKET_HEAD_MAX], const struct packet_end *from,
		  const struct packet_end *to, uint16_t ip_id, const struct packet_body *body)
{
	size_t ip = put_ip(head, from, to, ip_id, PROTO_UDP, UDP_HEAD + body->orig);
	uint8_t *udp = head + ip;
	uint16_t sum = 0;

	put16(udp, from->port);
	put16(udp + 2, to->port);
	put16(udp + 4, UDP_HEAD + body->orig);
	put16(udp + 6, 0);
	if (body->orig == body->len)
		sum = checksum(from, to, PROTO_UDP, udp, UDP_HEAD, body);
	/* A sum of 0 is written as its other zero (RFC 768): 0 says there is none. */
	put16(udp + 6, body->orig == body->len && sum == 0 ? 0xffff : sum);
	return ip + UDP_HEAD;
}

size_t packet_tcp(uint8_t head[PACKET_HEAD_MAX], const struct packet_end *from,
		  const struct packet_end *to, uint16_t ip_id, const struct packet_segment *seg,
		  const struct packet_body *body)
{
	size_t ip = put_ip(head, from, to, ip_id, PROTO_TCP, TCP_HEAD + body->orig);
	uint8_t *tcp = head + ip;

	memset(tcp, 0, TCP_HEAD);
	put16(tcp, from->port);
	put16(tcp + 2, to->port);
	put32(tcp + 4, seg->seq);
	put32(tcp + 8, seg->ack);
	tcp[12] = TCP_HEAD / 4 << 4;
	tcp[13] = seg->flags;
	put16(tcp + 14, WINDOW);
	if (body->orig == body->len)
		put16(tcp + 16, checksum(from, to, PROTO_TCP, tcp, TCP_HEAD, body));
	return ip + TCP_HEAD;
}
