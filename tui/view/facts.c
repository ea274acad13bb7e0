/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/facts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/words.h"
#include "core/dns/names.h"
#include "core/dns/wire.h"
#include "core/enrich/records.h"
#include "tui/view/lookups.h"

#define KEY_WIDTH 12

struct fact_row {
	const struct frame *f;
	const struct flow *row;
};

/* A line that takes more than one field, or words of its own. Fields that it
 * covers are not shown again under their titles. */
struct fact {
	const char *title;
	void (*write)(const struct fact_row *r, struct words *out);
	const char *covers[10];
};

static bool get(const struct fact_row *r, const char *name, struct value *v, char *buf)
{
	const struct field *fd = field_find(name, strlen(name), NULL);

	if (!fd)
		return false;
	fd->get(r->f->rows, r->row, v, buf);
	return v->type != VALUE_NONE;
}

/* Appends the value of a field in full; returns false where it is absent. */
static bool add_field(const struct fact_row *r, struct words *out, const char *name)
{
	char buf[VALUE_BUF], text[VALUE_BUF];
	struct value v;

	if (!get(r, name, &v, buf))
		return false;
	value_format(&v, VALUE_FULL, text, sizeof(text));
	words_add(out, "%s", text);
	return true;
}

/* NAME (number) and IANA's words. */
static bool add_named(const struct fact_row *r, struct words *out, const char *name)
{
	const struct field *fd = field_find(name, strlen(name), NULL);
	const char *words;
	char buf[VALUE_BUF];
	struct value v;

	if (!get(r, name, &v, buf) || !add_field(r, out, name))
		return false;
	words_add(out, " (%" PRIu64 ")", v.u);
	words = fd->registry >= 0 ? dns_description((enum dns_registry)fd->registry, (uint16_t)v.u)
				  : NULL;
	if (words)
		words_add(out, " %s", words);
	return true;
}

static void write_id(const struct fact_row *r, struct words *out)
{
	words_add(out, "%u (0x%04x)", r->row->id, r->row->id);
}

static void write_name(const struct fact_row *r, struct words *out)
{
	add_field(r, out, "qname");
}

static void write_type(const struct fact_row *r, struct words *out)
{
	char buf[VALUE_BUF];
	struct value v;

	if (!get(r, "qtype", &v, buf))
		return;
	add_field(r, out, "qtype");
	words_add(out, " (%" PRIu64 "), class ", v.u);
	add_field(r, out, "qclass");
}

static void write_response(const struct fact_row *r, struct words *out)
{
	if (add_named(r, out, "rcode")) {
		if (r->row->seen & SEEN_ANNOUNCED)
			words_add(out, "; announced to everyone");
		else if (r->row->state == FLOW_UNSOLICITED)
			words_add(out, "; nobody here asked");
		return;
	}
	words_add(out, "%s", r->row->state == FLOW_PENDING ? "waiting" : "no answer");
}

static void write_latency(const struct fact_row *r, struct words *out)
{
	struct value age = { .type = VALUE_DURATION };
	char text[64];

	if (add_field(r, out, "latency_us")) {
		if (r->row->marks & FLOW_LATE)
			words_add(out, ", after the timeout");
		return;
	}
	if (r->row->state != FLOW_PENDING)
		return;
	age.u = r->f->known_ns > r->row->ts_ns ? r->f->known_ns - r->row->ts_ns : 0;
	value_format(&age, VALUE_SHORT, text, sizeof(text));
	words_add(out, "none yet, waiting for %s", text);
}

static void add_end(const struct fact_row *r, struct words *out, const char *addr, const char *port)
{
	char buf[VALUE_BUF];
	struct value v;

	if (!get(r, addr, &v, buf))
		return;
	if (v.type == VALUE_ADDR && !ip_addr_is_v4(&v.addr)) {
		words_add(out, "[");
		add_field(r, out, addr);
		words_add(out, "]");
	} else {
		add_field(r, out, addr);
	}
	words_add(out, ":");
	add_field(r, out, port);
}

static void write_client(const struct fact_row *r, struct words *out)
{
	add_end(r, out, "client", "client_port");
}

static void write_server(const struct fact_row *r, struct words *out)
{
	add_end(r, out, "server", "server_port");
	words_add(out, " ");
	add_field(r, out, "transport");
}

static void write_process(const struct fact_row *r, struct words *out)
{
	char buf[VALUE_BUF];
	struct value v;

	if (!get(r, "pid", &v, buf))
		return;
	add_field(r, out, "comm");
	words_add(out, "[%" PRIu64 "]", v.u);
	if (get(r, "uid", &v, buf))
		words_add(out, " uid %" PRIu64, v.u);
}

static void write_asked(const struct fact_row *r, struct words *out)
{
	if (r->row->state != FLOW_UNSOLICITED)
		add_field(r, out, "ts");
}

static void write_answered(const struct fact_row *r, struct words *out)
{
	struct value at = { .type = VALUE_TIME, .u = r->row->ts_ns };
	char text[64];

	if (!(r->row->marks & FLOW_HAS_RESPONSE))
		return;
	if (r->row->state == FLOW_ANSWERED)
		at.u += r->row->latency_ns;
	value_format(&at, VALUE_FULL, text, sizeof(text));
	words_add(out, "%s", text);
}

static void write_attempts(const struct fact_row *r, struct words *out)
{
	struct value last = { .type = VALUE_DURATION };
	char text[64];

	if (!add_field(r, out, "attempts") || r->row->attempts < 2)
		return;
	last.u = (uint64_t)r->row->last_attempt_us * 1000;
	value_format(&last, VALUE_SHORT, text, sizeof(text));
	words_add(out, ", the last %s after the first", text);
}

static void write_sizes(const struct fact_row *r, struct words *out)
{
	bool asked = add_field(r, out, "query_bytes");
	char buf[VALUE_BUF];
	struct value v;

	if (asked)
		words_add(out, " asked");
	if (get(r, "response_bytes", &v, buf))
		words_add(out, "%s%" PRIu64 " answered", asked ? ", " : "", v.u);
}

static void add_flags(struct words *out, uint16_t flags)
{
	/* In dig's order, with dig's names. */
	static const struct {
		uint16_t bit;
		const char *name;
	} bits[] = {
		{ DNS_FLAG_QR, "qr" }, { DNS_FLAG_AA, "aa" }, { DNS_FLAG_TC, "tc" },
		{ DNS_FLAG_RD, "rd" }, { DNS_FLAG_RA, "ra" }, { DNS_FLAG_Z, "z" },
		{ DNS_FLAG_AD, "ad" }, { DNS_FLAG_CD, "cd" },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		if (flags & bits[i].bit)
			words_add(out, "%s%s", any ? " " : "", bits[i].name);
		any |= (flags & bits[i].bit) != 0;
	}
	if (!any)
		words_add(out, "none");
}

static void write_flags(const struct fact_row *r, struct words *out)
{
	bool asked = r->row->state != FLOW_UNSOLICITED;

	if (asked) {
		add_flags(out, r->row->query_flags);
		words_add(out, " asked");
	}
	if (!(r->row->marks & FLOW_HAS_RESPONSE))
		return;
	words_add(out, "%s", asked ? ", " : "");
	add_flags(out, r->row->response_flags);
	words_add(out, " answered");
}

/* "version: 0, flags: do, udp: 1232, COOKIE: ..." */
static void add_edns(struct words *out, const uint8_t *wire, size_t len)
{
	char text[VALUE_BUF];
	char *rest = text, *line;

	records_edns(wire, len, text, sizeof(text));
	while ((line = strsep(&rest, "\n")) && *line) {
		if (strncmp(line, "; ", 2) == 0)
			line += 2;
		if (strncmp(line, "EDNS: ", 6) == 0)
			line += 6;
		words_add(out, "%s%s", out->len ? ", " : "", line);
	}
}

static void write_side_edns(const struct fact_row *r, struct words *out, uint16_t mark,
			    uint32_t ref)
{
	size_t len = 0;
	const uint8_t *wire;

	if (!(r->row->marks & mark))
		return;
	wire = store_get(r->f->rows->table->store, ref, &len);
	if (wire)
		add_edns(out, wire, len);
	if (!out->len)
		words_add(out, "yes; its bytes are no longer in memory");
}

static void write_query_edns(const struct fact_row *r, struct words *out)
{
	write_side_edns(r, out, FLOW_HAS_QUERY_EDNS, r->row->query_ref);
}

static void write_response_edns(const struct fact_row *r, struct words *out)
{
	write_side_edns(r, out, FLOW_HAS_RESPONSE_EDNS, r->row->response_ref);
}

static void write_ede(const struct fact_row *r, struct words *out)
{
	char text[VALUE_BUF];
	const char *words;
	struct value v;

	if (!(r->row->marks & FLOW_HAS_EDE))
		return;
	words = dns_description(DNS_EDES, r->row->ede);
	if (!words) {
		char buf[DNS_MNEMONIC_MAX];

		words_add(out, "%u %s", r->row->ede, dns_mnemonic(DNS_EDES, r->row->ede, buf));
	} else {
		words_add(out, "%u %s", r->row->ede, words);
	}
	if (get(r, "ede_text", &v, text)) {
		words_add(out, ": ");
		add_field(r, out, "ede_text");
	}
}

static void write_messages(const struct fact_row *r, struct words *out)
{
	char buf[VALUE_BUF];
	struct value v;

	if (get(r, "messages", &v, buf) && v.u > 1)
		words_add(out, "%" PRIu64 " of the response", v.u);
}

/* The other one of a cut answer and the same question over TCP. */
static void write_twin(const struct fact_row *r, struct words *out)
{
	const struct flow_table *t = r->f->rows->table;
	struct fact_row twin = *r;
	char buf[VALUE_BUF];
	struct value v;

	if (!get(r, "twin", &v, buf))
		return;
	words_add(out, "%s, row %" PRIu64,
		  r->row->transport == TRANSPORT_UDP ? "asked again over TCP"
						     : "the answer over UDP was cut",
		  v.u);
	if (!flow_table_has(t, (uint32_t)v.u))
		return;
	twin.row = flow_table_row(t, (uint32_t)v.u);
	words_add(out, ": ");
	write_response(&twin, out);
	if (twin.row->state == FLOW_ANSWERED)
		words_add(out, " in ");
	add_field(&twin, out, "latency_us");
}

static void write_marks(const struct fact_row *r, struct words *out)
{
	static const struct {
		uint16_t mark;
		const char *words;
	} marks[] = {
		{ FLOW_CUT, "cut by the capture" },
		{ FLOW_BAD_RECORDS, "a record after the question is malformed" },
		{ FLOW_TCP_GAP, "the TCP stream was not seen whole" },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (r->row->marks & marks[i].mark)
			words_add(out, "%s%s", out->len ? "; " : "", marks[i].words);
	}
}

static void write_lookup(const struct fact_row *r, struct words *out)
{
	out->len = lookups_text(r->f->rows, r->row, out->buf, out->size);
}

/* clang-format off */
static const struct fact facts[] = {
	{ "Name",        write_name,     { "qname" } },
	{ "Response",    write_response, { "rcode", "state" } },
	{ "Id",          write_id,       { "id" } },
	{ "Type",        write_type,     { "qtype", "qclass" } },
	{ "Latency",     write_latency,  { "latency_us" } },
	{ "Client",      write_client,   { "client", "client_port" } },
	{ "Server",      write_server,   { "server", "server_port", "transport" } },
	{ "Process",     write_process,  { "pid", "comm", "uid" } },
	{ "Lookup",      write_lookup,   { "row", "lookup", "parent", "lookup_us", "lookup_outcome",
					   "lookup_rows", "upstream", "intended", "wasted" } },
	{ "Asked at",    write_asked,    { "ts" } },
	{ "Answered at", write_answered, { NULL } },
	{ "Attempts",    write_attempts, { "attempts" } },
	{ "Bytes",       write_sizes,    { "query_bytes", "response_bytes", "wire_bytes" } },
	{ "Flags",       write_flags,    { "flags", "tc" } },
	{ "EDNS asked",  write_query_edns, { "do", "edns_version", "edns_size", "ecs",
					       "cookie", "nsid" } },
	{ "EDNS answ.",  write_response_edns, { NULL } },
	{ "EDE",         write_ede,      { "ede", "ede_text" } },
	{ "Messages",    write_messages, { "messages" } },
	{ "Twin",        write_twin,     { "twin" } },
	{ "Note",        write_marks,    { NULL } },
};
/* clang-format on */

static bool is_covered(const struct field *fd)
{
	/* The name's last labels are in the name. */
	if (strncmp(fd->name, "domain", 6) == 0 && isdigit((unsigned char)fd->name[6]))
		return true;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		for (const char *const *name = facts[i].covers; *name; name++) {
			if (strcmp(*name, fd->name) == 0)
				return true;
		}
	}
	return false;
}

static enum role fact_role(const struct fact *fact, const struct flow *row)
{
	if (fact->write != write_response)
		return ROLE_TEXT;
	return row->marks & FLOW_HAS_RESPONSE ? theme_rcode(row->rcode) : ROLE_NO_ANSWER;
}

/* Of "drop_reason" makes "Drop reason", of "ttl" "TTL". */
static void write_title(const struct field *fd, char *out, size_t size)
{
	bool acronym = strlen(fd->name) <= 3;

	snprintf(out, size, "%s", fd->name);
	for (char *p = out; *p; p++) {
		if (*p == '_')
			*p = ' ';
		else if (p == out || acronym)
			*p = (char)toupper((unsigned char)*p);
	}
}

static void write_rest(struct doc *d, const struct fact_row *r)
{
	size_t n;
	const struct field *fd = fields(&n);

	for (size_t i = 0; i < n; i++) {
		char title[32], text[VALUE_BUF];
		struct words line = words_in(text, sizeof(text));

		/* Answers are in the message below. */
		if (is_covered(&fd[i]) || fd[i].type == VALUE_LIST)
			continue;
		if (!add_field(r, &line, fd[i].name))
			continue;
		if (fd[i].unit[0] && fd[i].type == VALUE_UINT)
			words_add(&line, " %s", fd[i].unit);
		write_title(&fd[i], title, sizeof(title));
		doc_add_pair(d, ROLE_STRONG, title, KEY_WIDTH, ROLE_TEXT, text);
	}
}

void facts_write(struct doc *d, const struct frame *f, const struct flow *row)
{
	struct fact_row r = { .f = f, .row = row };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		char text[VALUE_BUF];
		struct words line = words_in(text, sizeof(text));

		facts[i].write(&r, &line);
		if (line.len)
			doc_add_pair(d, ROLE_STRONG, facts[i].title, KEY_WIDTH,
				     fact_role(&facts[i], row), text);
	}
	write_rest(d, &r);
}
