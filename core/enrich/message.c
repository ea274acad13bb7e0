/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/names.h"
#include "core/dns/wire.h"
#include "core/enrich/edns.h"
#include "core/enrich/lines.h"
#include "core/enrich/rdata.h"
#include "core/enrich/records.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define OPCODE_UPDATE 5
#define CLASS_NONE    254
#define CLASS_ANY     255

/* Columns of a record's line, as dig's tabs make them. */
#define COLUMN_TTL   24
#define COLUMN_CLASS 32
#define COLUMN_TYPE  40
#define COLUMN_DATA  48

enum {
	QUESTION,
	ANSWER,
	AUTHORITY,
	ADDITIONAL,
	SECTIONS
};

/* What the sections are called; an UPDATE has other ones (RFC 2136, 2). */
struct section_names {
	const char *count[SECTIONS];
	const char *title[SECTIONS];
};

/* clang-format off */
static const struct section_names query_names = {
	.count = { "QUERY", "ANSWER", "AUTHORITY", "ADDITIONAL" },
	.title = { "QUESTION", "ANSWER", "AUTHORITY", "ADDITIONAL" },
};

static const struct section_names update_names = {
	.count = { "ZONE", "PREREQ", "UPDATE", "ADDITIONAL" },
	.title = { "ZONE", "PREREQUISITE", "UPDATE", "ADDITIONAL" },
};

static const struct {
	uint16_t bit;
	const char *name;
} flag_names[] = {
	{ DNS_FLAG_QR, "qr" },
	{ DNS_FLAG_AA, "aa" },
	{ DNS_FLAG_TC, "tc" },
	{ DNS_FLAG_RD, "rd" },
	{ DNS_FLAG_RA, "ra" },
	{ DNS_FLAG_Z, "z" },
	{ DNS_FLAG_AD, "ad" },
	{ DNS_FLAG_CD, "cd" },
};
/* clang-format on */

static void add_header(struct lines *l, const struct dns_parsed *m,
		       const struct section_names *names)
{
	const uint16_t counts[SECTIONS] = { m->qdcount, m->ancount, m->nscount, m->arcount };
	char opcode[DNS_MNEMONIC_MAX], rcode[DNS_MNEMONIC_MAX];

	lines_addf(l, ";; ->>HEADER<<- opcode: %s, status: %s, id: %u",
		   dns_mnemonic(DNS_OPCODES, DNS_OPCODE(m->flags), opcode),
		   dns_mnemonic(DNS_RCODES, m->rcode, rcode), m->id);
	lines_end(l);
	lines_add(l, ";; flags:");
	for (size_t i = 0; i < ARRAY_SIZE(flag_names); i++)
		if (m->flags & flag_names[i].bit)
			lines_addf(l, " %s", flag_names[i].name);
	for (int s = QUESTION; s < SECTIONS; s++)
		lines_addf(l, "%s%s: %u", s ? ", " : "; ", names->count[s], counts[s]);
	lines_end(l);
}

static void add_title(struct lines *l, const char *title)
{
	lines_end(l);
	lines_addf(l, ";; %s SECTION:", title);
	lines_end(l);
}

static void add_class_and_type(struct lines *l, uint16_t class, uint16_t type)
{
	char buf[DNS_MNEMONIC_MAX];

	lines_pad(l, COLUMN_CLASS);
	lines_add(l, dns_mnemonic(DNS_CLASSES, class, buf));
	lines_pad(l, COLUMN_TYPE);
	lines_add(l, dns_mnemonic(DNS_TYPES, type, buf));
}

static void add_questions(struct lines *l, struct wire *w, unsigned int n, const char *title)
{
	char name[DNS_NAME_TEXT_MAX];

	if (n > 0)
		add_title(l, title);
	for (; n > 0 && !l->full; n--) {
		wire_name(w, name);
		uint16_t type = wire_u16(w);
		uint16_t class = wire_u16(w);

		if (w->bad)
			return;
		lines_add(l, ";");
		lines_name(l, name);
		add_class_and_type(l, class, type);
		lines_end(l);
	}
}

/* An UPDATE's record that has no data, RFC 2136, 2.4 and 2.5. */
static bool deletes(const struct record *r)
{
	return r->len == 0 && (r->class == CLASS_NONE || r->class == CLASS_ANY);
}

static void add_records(struct lines *l, struct wire *w, unsigned int n, int section,
			const char *title)
{
	char owner[DNS_NAME_TEXT_MAX];
	struct record r;

	for (; n > 0 && !l->full && record_read(w, owner, &r); n--) {
		/* OPT is shown apart, and may leave nothing here. */
		if (r.type == RR_OPT && section == ADDITIONAL)
			continue;
		if (title)
			add_title(l, title);
		title = NULL;
		lines_name(l, owner);
		lines_pad(l, COLUMN_TTL);
		lines_addf(l, "%u", r.ttl);
		add_class_and_type(l, r.class, r.type);
		if (!deletes(&r)) {
			lines_pad(l, COLUMN_DATA);
			record_data(l, &r);
		}
		lines_end(l);
	}
}

static void add_opt(struct lines *l, struct wire w, const struct dns_parsed *m, bool title)
{
	size_t before = (size_t)m->ancount + m->nscount;
	struct record r;

	for (unsigned int i = 0; i < m->qdcount && !w.bad; i++) {
		wire_name(&w, NULL);
		wire_skip(&w, 4);
	}
	for (size_t i = 0; i < before + m->arcount && record_read(&w, NULL, &r); i++) {
		if (i < before || r.type != RR_OPT)
			continue;
		if (title) {
			lines_end(l);
			lines_add(l, ";; OPT PSEUDOSECTION:");
			lines_end(l);
		}
		edns_add(l, &r);
	}
}

/* Says what is not as the counts promised. */
static void add_rest(struct lines *l, const struct wire *w)
{
	if (!w->bad && w->pos == w->len)
		return;
	lines_end(l);
	if (w->ended)
		lines_addf(l, ";; the message ends within %s, after %zu bytes",
			   w->len < DNS_HEADER_LEN ? "its header" : "a record", w->len);
	else if (w->bad)
		lines_addf(l, ";; a name is wrong at byte %zu of %zu", w->pos, w->len);
	else
		lines_addf(l, ";; %zu more bytes after the last record", w->len - w->pos);
	lines_end(l);
}

size_t records_message(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	const struct section_names *names;
	struct dns_parsed m;
	struct lines l;
	struct wire w;

	lines_init(&l, buf, size);
	(void)dns_parse(wire, len, len, &m);
	wire_init(&w, wire, len);
	wire_skip(&w, DNS_HEADER_LEN);
	if (!w.bad) {
		names = DNS_OPCODE(m.flags) == OPCODE_UPDATE ? &update_names : &query_names;
		add_header(&l, &m, names);
		add_opt(&l, w, &m, true);
		add_questions(&l, &w, m.qdcount, names->title[QUESTION]);
		add_records(&l, &w, m.ancount, ANSWER, names->title[ANSWER]);
		add_records(&l, &w, m.nscount, AUTHORITY, names->title[AUTHORITY]);
		add_records(&l, &w, m.arcount, ADDITIONAL, names->title[ADDITIONAL]);
	}
	add_rest(&l, &w);
	return lines_finish(&l);
}

size_t records_edns(const uint8_t *wire, size_t len, char *buf, size_t size)
{
	struct dns_parsed m;
	struct lines l;
	struct wire w;

	lines_init(&l, buf, size);
	(void)dns_parse(wire, len, len, &m);
	wire_init(&w, wire, len);
	wire_skip(&w, DNS_HEADER_LEN);
	if (!w.bad)
		add_opt(&l, w, &m, false);
	return lines_finish(&l);
}
