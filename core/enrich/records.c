/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/records.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "core/dns/names.h"
#include "core/enrich/rdata.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define RR_IPSECKEY 45
/* A gateway that is a name, RFC 4025, 2.3. */
#define IPSECKEY_NAME 3

/*
 * ldns gets the data alone, behind bytes that no name may have. So it never
 * follows a pointer (they reach no further than 14 bits), of which a hostile
 * message could give it chains without end; the types whose names may be
 * compressed are read here.
 */
#define LDNS_DATA_AT 0x4000
#define LDNS_FILL    0x40
/* ldns writes some parameters of SVCB without looking for room, and a byte
 * becomes at most 8 there (a key of 2 bytes "no-default-alpn,"). */
#define LDNS_TEXT_ROOM(len) (16U * (len) + 256U)
/* Its cost for the worst data of this length is about 4 ms. */
#define LDNS_DATA_MAX 16384

/*
 * The types whose data is a row of simple fields. Among them are all whose
 * names may be compressed (RFC 3597, 4; RFC 6762, 18.14), and all of which
 * ldns would allocate their whole length for every string.
 *
 *   A Q    IPv4 and IPv6 address         n    domain name
 *   h w    16 and 32 bits                s S  string, strings to the end
 *   t      set of types to the end
 */
/* clang-format off */
static const struct layout {
	uint16_t type;
	const char *fields;
} layouts[] = {
	{ 1, "A" },           /* A */
	{ 2, "n" },           /* NS */
	{ 3, "n" },           /* MD */
	{ 4, "n" },           /* MF */
	{ 5, "n" },           /* CNAME */
	{ 6, "nnwwwww" },     /* SOA */
	{ 7, "n" },           /* MB */
	{ 8, "n" },           /* MG */
	{ 9, "n" },           /* MR */
	{ 12, "n" },          /* PTR */
	{ 13, "ss" },         /* HINFO */
	{ 14, "nn" },         /* MINFO */
	{ 15, "hn" },         /* MX */
	{ 16, "S" },          /* TXT */
	{ 17, "nn" },         /* RP */
	{ 18, "hn" },         /* AFSDB */
	{ 21, "hn" },         /* RT */
	{ 23, "n" },          /* NSAP-PTR */
	{ 26, "hnn" },        /* PX */
	{ 28, "Q" },          /* AAAA */
	{ 33, "hhhn" },       /* SRV */
	{ 35, "hhsssn" },     /* NAPTR */
	{ 36, "hn" },         /* KX */
	{ 39, "n" },          /* DNAME */
	{ 47, "nt" },         /* NSEC */
	{ 56, "S" },          /* NINFO */
	{ 58, "nn" },         /* TALINK */
	{ 62, "wht" },        /* CSYNC */
	{ 99, "S" },          /* SPF */
	{ 107, "hn" },        /* LP */
	{ 258, "S" },         /* AVC */
	{ 261, "S" },         /* RESINFO */
	{ 262, "S" },         /* WALLET */
	{ 263, "S" },         /* CLA */
};
/* clang-format on */

bool record_read(struct wire *w, char *owner, struct record *r)
{
	wire_name(w, owner);
	*r = (struct record){ .wire = w->base };
	r->type = wire_u16(w);
	r->class = wire_u16(w);
	r->ttl = wire_u32(w);
	r->len = wire_u16(w);
	r->at = w->pos;
	wire_skip(w, r->len);
	return !w->bad;
}

static bool add_name(struct lines *l, struct wire *w)
{
	char name[DNS_NAME_TEXT_MAX];

	wire_name(w, name);
	if (w->bad)
		return false;
	lines_name(l, name);
	return true;
}

static bool add_address(struct lines *l, struct wire *w, int family)
{
	char text[INET6_ADDRSTRLEN];
	const uint8_t *address = w->base + w->pos;

	wire_skip(w, family == AF_INET ? 4 : 16);
	if (w->bad)
		return false;
	lines_add(l, inet_ntop(family, address, text, sizeof(text)));
	return true;
}

static bool add_string(struct lines *l, struct wire *w)
{
	uint8_t n = wire_u8(w);
	const uint8_t *bytes = w->base + w->pos;

	wire_skip(w, n);
	if (w->bad)
		return false;
	lines_add(l, "\"");
	lines_escaped(l, bytes, n, "\"\\");
	lines_add(l, "\"");
	return true;
}

static bool add_strings(struct lines *l, struct wire *w)
{
	if (!add_string(l, w))
		return false;
	while (w->pos < w->len && !l->full) {
		lines_add(l, " ");
		if (!add_string(l, w))
			return false;
	}
	return true;
}

/* A set of types, RFC 4034, 4.1.2; false when a window is wrong. */
static bool add_types(struct lines *l, const uint8_t *p, size_t n)
{
	const char *gap = "";

	while (n > 0 && !l->full) {
		if (n < 2 || p[1] < 1 || p[1] > 32 || p[1] > n - 2)
			return false;
		for (unsigned int bit = 0; bit < p[1] * 8U; bit++) {
			char buf[DNS_MNEMONIC_MAX];

			if (!(p[2 + bit / 8] & 0x80 >> bit % 8))
				continue;
			lines_add(l, gap);
			lines_add(l, dns_mnemonic(DNS_TYPES, (uint16_t)(p[0] << 8 | bit), buf));
			gap = " ";
		}
		n -= 2U + p[1];
		p += 2U + p[1];
	}
	return true;
}

static bool add_types_left(struct lines *l, struct wire *w)
{
	const uint8_t *p = w->base + w->pos;
	size_t n = w->len - w->pos;

	wire_skip(w, n);
	return add_types(l, p, n);
}

static bool add_field(struct lines *l, struct wire *w, char field)
{
	switch (field) {
	case 'A':
		return add_address(l, w, AF_INET);
	case 'Q':
		return add_address(l, w, AF_INET6);
	case 'n':
		return add_name(l, w);
	case 'h':
		lines_addf(l, "%u", wire_u16(w));
		return !w->bad;
	case 'w':
		lines_addf(l, "%u", wire_u32(w));
		return !w->bad;
	case 's':
		return add_string(l, w);
	case 'S':
		return add_strings(l, w);
	default: /* t */
		return add_types_left(l, w);
	}
}

static bool add_by_layout(struct lines *l, const struct record *r, const char *fields)
{
	struct wire w;

	/* A name may point to anything before it, and ends with the data. */
	wire_init(&w, r->wire, r->at + r->len);
	wire_skip(&w, r->at);
	for (const char *field = fields; *field && !l->full; field++) {
		if (field > fields && w.pos < w.len)
			lines_add(l, " ");
		if (!add_field(l, &w, *field))
			return false;
	}
	return l->full || w.pos == w.len;
}

/* What ldns wrote: it ends some fields with a space. */
static bool add_written(struct lines *l, ldns_buffer *buf)
{
	size_t n = ldns_buffer_position(buf);

	while (n > 0 && ldns_buffer_read_u8_at(buf, n - 1) == ' ')
		n--;
	lines_escaped(l, ldns_buffer_begin(buf), n, "");
	return true;
}

static bool add_rdf(struct lines *l, const ldns_rdf *rdf, ldns_buffer *buf)
{
	const uint8_t *data = ldns_rdf_data(rdf);
	size_t n = ldns_rdf_size(rdf);
	char mnemonic[DNS_MNEMONIC_MAX];

	switch (ldns_rdf_get_type(rdf)) {
	case LDNS_RDF_TYPE_NSEC:
		return add_types(l, data, n);
	case LDNS_RDF_TYPE_TYPE:
		lines_add(l, dns_mnemonic(DNS_TYPES, ldns_rdf2native_int16(rdf), mnemonic));
		return true;
	case LDNS_RDF_TYPE_HEX:
		lines_hex(l, data, n);
		return true;
	case LDNS_RDF_TYPE_UNKNOWN:
	case LDNS_RDF_TYPE_WKS: /* would ask the system's databases */
		return false;
	default:
		ldns_buffer_clear(buf);
		return ldns_rdf2buffer_str(buf, rdf) == LDNS_STATUS_OK && add_written(l, buf);
	}
}

static bool add_rdfs(struct lines *l, const ldns_rr *rr, ldns_buffer *buf)
{
	size_t n = ldns_rr_rd_count(rr);

	if (n < ldns_rr_descriptor_minimum(ldns_rr_descript(ldns_rr_get_type(rr))))
		return false;
	for (size_t i = 0; i < n && !l->full; i++) {
		if (i > 0)
			lines_add(l, " ");
		if (!add_rdf(l, ldns_rr_rdf(rr, i), buf))
			return false;
	}
	return true;
}

/* False when ldns does not know the type or finds the data wrong. */
static bool add_by_ldns(struct lines *l, const struct record *r)
{
	const uint8_t *data = r->wire + r->at;
	size_t size = LDNS_DATA_AT + 2U + r->len, pos = LDNS_DATA_AT;
	uint8_t *bytes = NULL;
	ldns_rr *rr = NULL;
	ldns_buffer *buf = NULL;
	bool done = false;

	if (r->len > LDNS_DATA_MAX)
		return false;
	/* ldns reads that name in the data alone, where pointers may loop. */
	if (r->type == RR_IPSECKEY && r->len > 1 && data[1] == IPSECKEY_NAME)
		return false;

	bytes = malloc(size);
	rr = ldns_rr_new();
	buf = ldns_buffer_new(LDNS_TEXT_ROOM(r->len));
	if (!bytes || !rr || !buf)
		goto out;
	memset(bytes, LDNS_FILL, LDNS_DATA_AT);
	ldns_write_uint16(bytes + LDNS_DATA_AT, r->len);
	memcpy(bytes + LDNS_DATA_AT + 2, data, r->len);
	ldns_rr_set_type(rr, (ldns_rr_type)r->type);
	ldns_rr_set_class(rr, (ldns_rr_class)r->class);
	if (ldns_wire2rdf(rr, bytes, size, &pos) == LDNS_STATUS_OK && pos == size)
		done = add_rdfs(l, rr, buf);
out:
	ldns_buffer_free(buf);
	ldns_rr_free(rr);
	free(bytes);
	return done;
}

static const char *layout_of(uint16_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++)
		if (layouts[i].type == type)
			return layouts[i].fields;
	return NULL;
}

void record_data(struct lines *l, const struct record *r)
{
	const char *fields = layout_of(r->type);
	size_t mark = l->len;

	if (l->full)
		return;
	if (r->len > 0 && (fields ? add_by_layout(l, r, fields) : add_by_ldns(l, r)))
		return;
	lines_rewind(l, mark);
	lines_addf(l, "\\# %u", r->len);
	if (r->len > 0)
		lines_add(l, " ");
	lines_hex(l, r->wire + r->at, r->len);
}

size_t records_answers(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	struct record r;
	struct lines l;
	struct wire w;

	wire_init(&w, wire, len);
	wire_skip(&w, 4);
	unsigned int questions = wire_u16(&w);
	unsigned int answers = wire_u16(&w);

	wire_skip(&w, 4);
	for (; questions > 0 && !w.bad; questions--) {
		wire_name(&w, NULL);
		wire_skip(&w, 4);
	}
	lines_init(&l, buf, size);
	for (; answers > 0 && !l.full && record_read(&w, NULL, &r); answers--) {
		record_data(&l, &r);
		lines_end(&l);
	}
	size_t n = lines_finish(&l);

	if (n > 0)
		buf[--n] = '\0';
	return n;
}
