/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/wire.h"

#include <string.h>

#include "core/dns/msg.h"

/* RFC 1035, 2.3.4: what a name and a label may take on the wire. */
#define NAME_MAX_WIRE  255
#define LABEL_MAX_WIRE 63
/* A name has at most 127 labels, so no honest encoder writes more pointers. */
#define HOPS_MAX 127
/* RFC 1035, 4.1.4: two high bits set make a pointer. */
#define POINTER 0xc0
/* A record with the root as its owner and no data. */
#define RECORD_MIN 11

#define TYPE_OPT   41
#define OPTION_EDE 15
#define OPT_DO     0x8000

enum section {
	SECTION_ANSWER,
	SECTION_AUTHORITY,
	SECTION_ADDITIONAL,
};

/* The bytes that stand for themselves in a name's text. */
static const bool plain[256] = {
	[0x21 ... '.' - 1] = true,
	['.' + 1 ... '\\' - 1] = true,
	['\\' + 1 ... 0x7e] = true,
};

void wire_init(struct wire *w, const void *base, size_t len)
{
	*w = (struct wire){ .base = base, .len = len };
}

static void wire_end(struct wire *w)
{
	w->bad = true;
	w->ended = true;
}

/* The next n bytes, or NULL. */
static inline const uint8_t *wire_take(struct wire *w, size_t n)
{
	const uint8_t *p = w->base + w->pos;

	if (w->bad)
		return NULL;
	if (n > w->len - w->pos) {
		wire_end(w);
		return NULL;
	}
	w->pos += n;
	return p;
}

uint8_t wire_u8(struct wire *w)
{
	const uint8_t *p = wire_take(w, 1);

	return p ? p[0] : 0;
}

uint16_t wire_u16(struct wire *w)
{
	const uint8_t *p = wire_take(w, 2);

	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

uint32_t wire_u32(struct wire *w)
{
	const uint8_t *p = wire_take(w, 4);

	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

void wire_skip(struct wire *w, size_t n)
{
	(void)wire_take(w, n);
}

static char *byte_escaped(char *t, uint8_t c)
{
	*t++ = '\\';
	if (c == '.' || c == '\\') {
		*t++ = (char)c;
		return t;
	}
	*t++ = (char)('0' + c / 100);
	*t++ = (char)('0' + c / 10 % 10);
	*t++ = (char)('0' + c % 10);
	return t;
}

/* A label of n bytes. */
static inline char *label_text(char *t, const uint8_t *label, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (plain[label[i]])
			*t++ = (char)label[i];
		else
			t = byte_escaped(t, label[i]);
	}
	return t;
}

typedef uint8_t lanes __attribute__((vector_size(16)));

/* Counts in each lane its bytes that are not plain. */
static inline lanes odd_count(lanes count, const uint8_t *at, lanes wanted)
{
	lanes x;

	memcpy(&x, at, sizeof(x));
	x = (lanes)((x - 0x21 > 0x7e - 0x21) | (x == '.') | (x == '\\'));
	return count - (x & wanted);
}

static inline unsigned int lanes_sum(lanes count)
{
	uint64_t half[2];

	memcpy(half, &count, sizeof(half));
	return (unsigned int)((half[0] + half[1]) * 0x0101010101010101 >> 56);
}

/* What the labels of a name of plain bytes without pointers take, the root's left
 * out; 0 for other names. As many bytes as are not plain must be labels' lengths:
 * they are counted 16 at a time, the odd ones at the front together with what the
 * message has before them. */
static inline size_t name_plain(const struct wire *w)
{
	static const lanes number = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	const uint8_t *name = w->base + w->pos;
	size_t room = w->len - w->pos, len = 0;
	unsigned int odd_lengths = 0;

	if (room > NAME_MAX_WIRE)
		room = NAME_MAX_WIRE;
	for (;;) {
		if (len >= room)
			return 0;
		if (name[len] == 0)
			break;
		if (name[len] > LABEL_MAX_WIRE)
			return 0;
		odd_lengths += !plain[name[len]];
		len += name[len] + 1U;
	}

	size_t front = len % sizeof(lanes), before = sizeof(lanes) - front;

	if (before > w->pos)
		before = w->pos;
	if (before + room < sizeof(lanes))
		return 0;

	lanes count = odd_count((lanes){ 0 }, name - before,
				(lanes)(number - (uint8_t)before < (uint8_t)front));

	for (size_t i = front; i < len; i += sizeof(lanes))
		count = odd_count(count, name + i, ~(lanes){ 0 });
	return lanes_sum(count) == odd_lengths ? len : 0;
}

/* As memcpy, for lengths of which compilers expect too much. */
static inline void copy_short(char *to, const uint8_t *from, size_t n)
{
	size_t i = 0;

	for (; i + 16 <= n; i += 16)
		memcpy(to + i, from + i, 16);
	if (i + 8 <= n) {
		memcpy(to + i, from + i, 8);
		i += 8;
	}
	if (n >= 8)
		memcpy(to + n - 8, from + n - 8, 8);
	else
		for (; i < n; i++)
			to[i] = (char)from[i];
}

/* The text of a name that name_plain found good: dots where its lengths were. */
static inline size_t name_copy(struct wire *w, char *text, size_t len)
{
	const uint8_t *name = w->base + w->pos;

	copy_short(text, name + 1, len - 1);
	for (size_t i = name[0]; i < len - 1; i += name[i + 1] + 1U)
		text[i] = '.';
	text[len - 1] = '\0';
	w->pos += len + 1;
	return len - 1;
}

/* Reads any name at w->pos, without moving the cursor until it is whole. */
static size_t name_walk(struct wire *w, char *text)
{
	const uint8_t *base = w->base;
	size_t pos = w->pos, lowest = pos, resume = 0, used = 0;
	unsigned int hops = 0;
	char *t = text;

	for (;;) {
		if (pos >= w->len)
			goto ended;
		uint8_t n = base[pos++];

		if (n >= POINTER) {
			if (pos >= w->len)
				goto ended;
			size_t target = (size_t)(n & 0x3f) << 8 | base[pos++];

			if (target >= lowest || ++hops > HOPS_MAX)
				goto wrong;
			if (!resume)
				resume = pos;
			pos = lowest = target;
			continue;
		}
		used += n + 1U;
		if (n > LABEL_MAX_WIRE || used > NAME_MAX_WIRE)
			goto wrong;
		if (n == 0)
			break;
		if (n > w->len - pos)
			goto ended;
		if (t != text)
			*t++ = '.';
		t = label_text(t, base + pos, n);
		pos += n;
	}
	if (t == text)
		*t++ = '.';
	*t = '\0';
	w->pos = resume ? resume : pos;
	return (size_t)(t - text);

ended:
	/* Bytes behind a pointer were sent before it: they can't be missing. */
	w->ended = !resume;
wrong:
	w->bad = true;
	*text = '\0';
	return 0;
}

static inline size_t name_read(struct wire *w, char *text)
{
	size_t len = name_plain(w);

	return len ? name_copy(w, text, len) : name_walk(w, text);
}

static inline void name_skip(struct wire *w)
{
	size_t start = w->pos;

	for (;;) {
		const uint8_t *p = wire_take(w, 1);

		if (!p || *p == 0)
			break;
		if (*p >= POINTER) {
			size_t high = *p & 0x3f;

			p = wire_take(w, 1);
			if (p && (high << 8 | *p) >= start)
				w->bad = true;
			break;
		}
		if (*p > LABEL_MAX_WIRE || w->pos + *p - start >= NAME_MAX_WIRE) {
			w->bad = true;
			break;
		}
		wire_skip(w, *p);
	}
}

size_t wire_name(struct wire *w, char *text)
{
	if (text && !w->bad)
		return name_read(w, text);
	if (text)
		*text = '\0';
	else
		name_skip(w);
	return 0;
}

/* One extended error, RFC 8914 section 2. */
static bool ede_parse(struct wire *w, size_t len, struct dns_edns *edns)
{
	if (len < 2)
		return false;
	uint16_t code = wire_u16(w);

	if (w->bad || edns->has_ede)
		return true;
	size_t text_len = len - 2;

	if (text_len > w->len - w->pos)
		text_len = w->len - w->pos;
	/* Senders may end the text with a NUL, which is no part of it. */
	if (text_len > 0 && w->base[w->pos + text_len - 1] == 0)
		text_len--;
	edns->has_ede = true;
	edns->ede = code;
	edns->ede_text_at = (uint16_t)w->pos;
	edns->ede_text_len = (uint16_t)text_len;
	return true;
}

/* The options of an OPT record, RFC 6891, 6.1.2; false when they are wrong. */
static bool options_parse(struct wire *w, size_t rdlen, struct dns_edns *edns)
{
	size_t end = w->pos + rdlen;

	while (w->pos < end && !w->bad) {
		if (end - w->pos < 4)
			return false;
		uint16_t code = wire_u16(w);
		uint16_t len = wire_u16(w);
		size_t next = w->pos + len;

		if (w->bad)
			break;
		if (next > end)
			return false;
		if (code == OPTION_EDE && !ede_parse(w, len, edns))
			return false;
		if (!w->bad)
			wire_skip(w, next - w->pos);
	}
	return true;
}

/* An OPT record after its type: RFC 6891, 6.1.1 to 6.1.3. False when it is one
 * too many, not where it belongs, or not the root's. */
static bool opt_parse(struct wire *w, enum section section, bool root, struct dns_parsed *out)
{
	uint16_t udp_size = wire_u16(w);
	uint32_t ttl = wire_u32(w);
	uint16_t rdlen = wire_u16(w);
	struct dns_edns *edns = &out->edns;

	if (w->bad)
		return true;
	if (section != SECTION_ADDITIONAL || !root || edns->present) {
		wire_skip(w, rdlen);
		return false;
	}
	edns->present = true;
	edns->udp_size = udp_size;
	edns->version = (uint8_t)(ttl >> 16);
	edns->dnssec_ok = ttl & OPT_DO;
	out->rcode |= (uint16_t)(ttl >> 24 << 4);

	size_t next = w->pos + rdlen;
	bool good = options_parse(w, rdlen, edns);

	if (!w->bad)
		wire_skip(w, next - w->pos);
	return good;
}

/* False when the record is wrong although its bounds are known. */
static inline bool record_parse(struct wire *w, enum section section, struct dns_parsed *out)
{
	bool root = w->pos < w->len && w->base[w->pos] == 0;

	name_skip(w);
	if (wire_u16(w) == TYPE_OPT)
		return opt_parse(w, section, root, out);

	const uint8_t *p = wire_take(w, 8);

	if (!p)
		return true;
	if (section == SECTION_ANSWER) {
		uint32_t ttl = (uint32_t)p[2] << 24 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 8 |
			       p[5];

		if (!out->has_ttl || ttl < out->ttl)
			out->ttl = ttl;
		out->has_ttl = true;
	}
	wire_skip(w, (size_t)(p[6] << 8 | p[7]));
	return true;
}

static inline uint16_t be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline bool header_parse(struct wire *w, struct dns_parsed *out)
{
	const uint8_t *p = wire_take(w, DNS_HEADER_LEN);

	if (!p)
		return false;
	out->id = be16(p);
	out->flags = be16(p + 2);
	out->qdcount = be16(p + 4);
	out->ancount = be16(p + 6);
	out->nscount = be16(p + 8);
	out->arcount = be16(p + 10);
	out->rcode = out->flags & 0xf;
	return true;
}

static void question_parse(struct wire *w, struct dns_parsed *out)
{
	size_t len = name_read(w, out->qname);
	const uint8_t *p = wire_take(w, 4);

	if (!p) {
		out->qname[0] = '\0';
		return;
	}
	out->qtype = be16(p);
	out->qclass = be16(p + 2);
	out->has_question = true;
	out->qname_len = (uint16_t)len;
}

enum dns_parse dns_parse(const uint8_t *wire, size_t len, size_t orig_len, struct dns_parsed *out)
{
	struct wire w;
	bool good = true;

	wire_init(&w, wire, len < DNS_MSG_MAX ? len : DNS_MSG_MAX);
	/* Clearing the kilobyte of qname would cost more than the parsing. */
	memset(out, 0, offsetof(struct dns_parsed, qname));
	out->qname[0] = '\0';

	if (header_parse(&w, out) && out->qdcount > 0)
		question_parse(&w, out);
	if (w.bad)
		return DNS_BAD;

	for (unsigned int i = 1; i < out->qdcount && !w.bad; i++) {
		name_skip(&w);
		wire_skip(&w, 4);
	}
	const uint16_t counts[] = { out->ancount, out->nscount, out->arcount };

	for (enum section s = SECTION_ANSWER; s <= SECTION_ADDITIONAL; s++)
		for (unsigned int i = 0; i < counts[s] && !w.bad; i++)
			good &= record_parse(&w, s, out);

	if (w.bad && !(w.ended && orig_len > w.len))
		good = false;
	return good ? DNS_OK : DNS_BAD_RECORDS;
}

/* Bits and counts that no query and no response to one has. */
static bool header_plausible(const struct dns_parsed *h, size_t len)
{
	size_t records = (size_t)h->ancount + h->nscount + h->arcount;
	bool response = h->flags & DNS_FLAG_QR;

	if (h->qdcount != 1 || (h->flags & DNS_FLAG_Z))
		return false;
	if (records * RECORD_MIN > len - DNS_HEADER_LEN)
		return false;
	switch (DNS_OPCODE(h->flags)) {
	case 0: /* QUERY */
		return response || (h->rcode == 0 && h->ancount == 0 && !(h->flags & DNS_FLAG_TC));
	case 4: /* NOTIFY: may carry the new SOA */
	case 5: /* UPDATE: its sections are other ones */
		return response || h->rcode == 0;
	default:
		return false;
	}
}

bool dns_plausible(const uint8_t *wire, size_t len)
{
	struct wire w;
	struct dns_parsed head;

	wire_init(&w, wire, len);
	if (!header_parse(&w, &head) || !header_plausible(&head, len))
		return false;
	name_skip(&w);

	uint16_t type = wire_u16(&w);
	uint16_t class = wire_u16(&w) & 0x7fff; /* mDNS asks for unicast in the top bit */

	return !w.bad && type != 0 &&
	       (class == 1 || class == 3 || class == 4 || class == 254 || class == 255);
}
