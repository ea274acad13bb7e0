/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One DNS message as a source saw it: who, when, where, and the bytes.
 *
 * This is all that a source says to the rest of the program. A message seen
 * at two hooks or on two interfaces is two struct dns_msg; the tracker merges
 * them. Everything is passed by value or borrowed for the length of the call.
 */
#ifndef DNSTOP_DNS_MSG_H
#define DNSTOP_DNS_MSG_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Room for the longest DNS message (RFC 1035, section 4.2.2). */
#define DNS_MSG_MAX 65535

/* An IP address: 16 bytes, IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
struct ip_addr {
	uint8_t b[16];
};

enum transport {
	TRANSPORT_UDP,
	TRANSPORT_TCP,
	TRANSPORT_TLS,   /* DNS over TLS, RFC 7858 */
	TRANSPORT_HTTPS, /* DNS over HTTPS, RFC 8484 */
	TRANSPORT_QUIC,  /* DNS over QUIC, RFC 9250 */
};

/* What kind of sighting this is (the design's origin rule). */
enum sighting {
	SIGHTING_UNKNOWN, /* a capture: IP id and time must tell */
	SIGHTING_ORIGIN,  /* sent by a local socket from its own namespace */
	SIGHTING_HOP,     /* any other place on the way */
};

enum direction {
	DIRECTION_UNKNOWN,
	DIRECTION_IN,  /* netif_receive_skb */
	DIRECTION_OUT, /* net_dev_queue */
};

struct dns_prepared;

/* What every message has comes first, in two cache lines. */
struct dns_msg {
	uint64_t ts_ns; /* epoch, of the last packet that carries it */
	struct ip_addr src;
	struct ip_addr dst;
	uint16_t src_port; /* host order */
	uint16_t dst_port;
	uint8_t transport; /* enum transport */
	uint8_t sighting;  /* enum sighting */
	uint8_t direction; /* enum direction */
	bool has_ip_id;    /* IPv4 and an id that tells packets apart */
	uint16_t ip_id;    /* HTTPS: instead, of the stream: its number / 2 */
	bool quoted;       /* in an ICMP error, which drop_reason tells and drop_by sent: no
			     * message, but what became of one, perhaps without its bytes */
	bool reset;        /* quoted, by a TCP reset that drop_by sent: what became of all that
			     * its connection asked and waits for */
	bool tcp_gap;      /* a stream joined in its middle or with a hole */
	/* A further sighting, of the last packet at its place: only that place and number,
	 * the packet's DNS id as wire, when and where are facts; all else is as it was. */
	bool again;
	/* The other half of its transaction may have been left out on purpose: without
	 * it this one is nobody's, and no row. */
	bool half;
	bool unfollowed;    /* its further sightings may have been left out on purpose */
	uint32_t wire_len;  /* bytes at wire */
	uint32_t wire_orig; /* its length on the wire; > wire_len: it was cut */
	/* The DNS message, without a TCP length prefix; NULL where it has been prepared
	 * and nobody wants its bytes (ahead.h). */
	const uint8_t *wire;
	/* What was done for it ahead, NULL for nothing. Where it is, all that is
	 * borrowed stays until the source is polled again. */
	const struct dns_prepared *prepared;
	uint32_t ifindex;   /* 0 when unknown */
	uint32_t netns;     /* inode number of the namespace, 0 when unknown */
	const char *ifname; /* of the capture's interface, NULL when only ifindex is known */
	uint64_t packet;    /* its number, that others before it at its packet_place have not */
	/* Why the kernel threw this sighting away, in its own words; NULL: it did
	 * not. Lives as long as the source. */
	const char *drop_reason;
	const char *drop_by; /* the kernel's function that did, NULL when unknown; for the call */
	uint32_t pid;        /* thread group of the socket's owner, 0 when unknown */
	uint32_t uid;        /* meaningful only with pid */
	/* Where the source remembers the packet, so that a further sighting can refer to
	 * it; places count from 1, there are few of them; 0: nothing will. */
	uint32_t packet_place;
	uint16_t execs;    /* of pid: tells the programs apart that it has run */
	uint64_t cookie;   /* of the local socket, 0 when unknown */
	uint64_t cgroup;   /* its id in the hierarchy asked for, like uid; 0 when unknown */
	uint64_t start_ns; /* when it began, CLOCK_BOOTTIME, likewise */
	char comm[16];     /* of the thread group leader; raw bytes */
};

static inline bool ip_addr_is_v4(const struct ip_addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(a->b, mapped, sizeof(mapped)) == 0;
}

static inline struct ip_addr ip_addr_from_v4(const void *four_bytes)
{
	struct ip_addr a;
	uint64_t half[2] = { 0 };
	uint32_t word;

	/* In words: what is put together in memory byte by byte is waited for. */
	memcpy(&word, four_bytes, sizeof(word));
	half[1] = htole64(0xffff0000u | (uint64_t)le32toh(word) << 32);
	memcpy(a.b, half, sizeof(a.b));
	return a;
}

static inline struct ip_addr ip_addr_from_v6(const void *sixteen_bytes)
{
	struct ip_addr a;

	memcpy(a.b, sixteen_bytes, 16);
	return a;
}

/* Reads 192.0.2.1 or 2001:db8::1. Returns 0, or -EINVAL and leaves *out alone. */
int ip_addr_parse(const char *text, struct ip_addr *out);

#endif
