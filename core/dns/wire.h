/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The DNS message format, RFC 1035 section 4, with EDNS (RFC 6891) and
 * extended errors (RFC 8914): what the tracker and the table need of it.
 *
 * The parser never reads outside [wire, wire + len), never loops on
 * compression, allocates nothing, and writes names once, escaped.
 */
#ifndef DNSTOP_DNS_WIRE_H
#define DNSTOP_DNS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_HEADER_LEN 12
/* The longest name in presentation form: 255 bytes of wire, each byte at most
 * four characters (\DDD), and the terminating NUL. */
#define DNS_NAME_TEXT_MAX 1024

/* Bits of the header's second word, RFC 1035 4.1.1 and RFC 4035 3. */
#define DNS_FLAG_QR       0x8000
#define DNS_FLAG_AA       0x0400
#define DNS_FLAG_TC       0x0200
#define DNS_FLAG_RD       0x0100
#define DNS_FLAG_RA       0x0080
#define DNS_FLAG_Z        0x0040
#define DNS_FLAG_AD       0x0020
#define DNS_FLAG_CD       0x0010
#define DNS_OPCODE(flags) (((flags) >> 11) & 0xf)

/* A cursor with a sticky error: after the first read past the end every read
 * gives zero and `bad` stays set, so a parser checks once. */
struct wire {
	const uint8_t *base;
	size_t len;
	size_t pos;
	bool bad;
	bool ended; /* bad because the bytes ended, not because they are wrong */
};

void wire_init(struct wire *w, const void *base, size_t len);
uint8_t wire_u8(struct wire *w);
uint16_t wire_u16(struct wire *w);
uint32_t wire_u32(struct wire *w);
void wire_skip(struct wire *w, size_t n);

/* Reads a name at the cursor into text (DNS_NAME_TEXT_MAX bytes, or NULL to
 * skip it) in presentation form: bytes as sent, "." and "\" escaped by "\",
 * everything outside 0x21..0x7e as \DDD (RFC 1035 5.1, RFC 4343 2.1), final
 * dot left off except for the root. Returns the text's length; sets w->bad on
 * a loop, a forward pointer, a label type this format does not have, or a name
 * longer than 255 bytes; the text is then "". Each pointer must lead to bytes
 * before all those read so far, and there are at most 127 of them, so a name
 * costs a bounded number of steps. Skipping does not follow pointers: it costs
 * the bytes skipped, and what is behind a pointer is not checked. */
size_t wire_name(struct wire *w, char *text);

/* How far a message could be understood. */
enum dns_parse {
	DNS_OK,          /* all of it */
	DNS_BAD_RECORDS, /* header and question; a later record is cut or wrong */
	DNS_BAD,         /* the header or the question is wrong: no transaction */
};

/* EDNS facts of one message, RFC 6891. */
struct dns_edns {
	bool present;
	bool dnssec_ok; /* the DO bit */
	uint8_t version;
	uint16_t udp_size;
	bool has_ede;
	uint16_t ede;         /* the first extended error's INFO-CODE, RFC 8914 */
	uint16_t ede_text_at; /* offset of its EXTRA-TEXT in the message */
	uint16_t ede_text_len;
};

struct dns_parsed {
	uint16_t id;
	uint16_t flags; /* the whole second word of the header */
	uint16_t qdcount, ancount, nscount, arcount;
	bool has_question; /* the fields below are the first question's */
	uint16_t qtype;
	uint16_t qclass;
	uint16_t qname_len;
	uint16_t rcode; /* extended: header | OPT << 4 */
	bool has_ttl;
	uint32_t ttl; /* the smallest of the answer section, seconds */
	struct dns_edns edns;
	char qname[DNS_NAME_TEXT_MAX];
};

/* Parses one message. orig_len is its length on the wire: where it is larger
 * than len the message was cut by the capture, and a record beyond the cut is
 * not an error of the message. out->qname is valid (maybe "") in every case. */
enum dns_parse dns_parse(const uint8_t *wire, size_t len, size_t orig_len, struct dns_parsed *out);

/* A cheap test whether bytes on a non-DNS port could be DNS at all; never used
 * to reject on a DNS port. */
bool dns_plausible(const uint8_t *wire, size_t len);

#endif
