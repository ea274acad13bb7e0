/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traffic in words, for tests of the tracker. A line of a script is
 *
 *	Q TIME CLIENT SERVER ID NAME TYPE [WORD...]	a query
 *	R TIME CLIENT SERVER ID NAME TYPE [WORD...]	a response, to that client
 *	E TIME CLIENT SERVER ID NAME TYPE [WORD...]	an ICMP error about a query
 *	X TIME CLIENT SERVER	the server resets the TCP connection
 *	T TIME		time passes up to TIME
 *	F		the input ends
 *	C		the table is cleared
 *
 * TIME is "0", "250us", "3ms", "5s", "1500ms" after the start; addresses are
 * "10.0.0.1:53" or "[fd00::1]:53"; NAME "-" means no question section. Words:
 * origin, hop; drop (thrown away, for want of a socket); ip=N (the packet's IP id); tcp; tls;
 * stream=N (of HTTPS); rcode=N; opcode=N; pid=N; comm=X;
 * if=N; netns=N; cname=NAME (an answer record), nsname=NAME (an authority record);
 * in, out (of the host); tc (truncated); cut (the capture cut the packet's end); bad (a record is wrong);
 * answers=N; of errors: response (what is quoted is one), bare (ports alone are
 * quoted), cutname (its front alone); unfollowed (further sightings are not told); len=N (pretend wire length); class=N.
 *
 * The result is text too: a line for each row in the table, see script_rows.
 */
#ifndef DNSTOP_TESTS_UNIT_SCRIPT_H
#define DNSTOP_TESTS_UNIT_SCRIPT_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dns/prepare.h"
#include "core/dns/wire.h"
#include "core/flow/tracker.h"

#define SCRIPT_START_NS 1700000000000000000ull

#define SCRIPT_BATCH_MAX 64u
#define SCRIPT_WIRE      1024u

struct script {
	struct flow_table *table;
	struct tracker *tracker;
	/* Where batch is not 0, so many messages are fed at once, prepared; else each by itself. */
	unsigned batch, n_kept;
	struct script_kept {
		struct dns_msg msg;
		struct dns_prepared prepared;
		uint8_t wire[SCRIPT_WIRE];
	} kept[SCRIPT_BATCH_MAX];
	char settled[8192]; /* "SEQ:state " for each row that settled, "SEQ:state:again " */
	char rows[8192];
};

static inline void script_must(bool ok, const char *what, const char *line)
{
	if (!ok) {
		fprintf(stderr, "script: %s in: %s\n", what, line);
		abort();
	}
}

static const char *const script_states[] = { "pending", "answered", "timeout", "unsolicited" };

static inline void script_settled(void *ctx, const struct flow *f, uint32_t seq)
{
	struct script *s = ctx;
	size_t used = strlen(s->settled);

	if (used + 32 < sizeof(s->settled))
		snprintf(s->settled + used, sizeof(s->settled) - used, "%s%u:%s%s", used ? " " : "",
			 seq, script_states[f->state],
			 f->marks & FLOW_SETTLED_ONCE ? ":again" : "");
}

static inline struct script *script_new_of(const struct flow_table_config *table)
{
	struct script *s = calloc(1, sizeof(*s));
	struct tracker_config tracker = { .settled = script_settled, .ctx = s };

	script_must(s != NULL, "no memory", "");
	s->table = flow_table_new(table);
	script_must(s->table != NULL, "no table", "");
	s->tracker = tracker_new(s->table, &tracker);
	script_must(s->tracker != NULL, "no tracker", "");
	return s;
}

static inline struct script *script_new_store(uint32_t max_flows, size_t store_bytes)
{
	struct flow_table_config table = {
		.max_flows = max_flows,
		.store_bytes = store_bytes,
		.hash_seed = 1,
	};

	return script_new_of(&table);
}

static inline struct script *script_new(uint32_t max_flows)
{
	return script_new_store(max_flows, 1 << 16);
}

static inline void script_free(struct script *s)
{
	tracker_free(s->tracker);
	flow_table_free(s->table);
	free(s);
}

static inline void script_feed_kept(struct script *s)
{
	const struct dns_msg *msgs[SCRIPT_BATCH_MAX];

	for (unsigned i = 0; i < s->n_kept; i++)
		msgs[i] = &s->kept[i].msg;
	tracker_feed_batch(s->tracker, msgs, s->n_kept);
	s->n_kept = 0;
}

static inline void script_keep(struct script *s, const struct dns_msg *m)
{
	struct script_kept *k = &s->kept[s->n_kept++];

	k->msg = *m;
	if (m->wire_len)
		memcpy(k->wire, m->wire, m->wire_len);
	k->msg.wire = k->wire;
	if (!m->quoted) {
		dns_prepare(&k->prepared, m, s->table->hash_seed);
		k->msg.prepared = &k->prepared;
	}
	if (s->n_kept == s->batch)
		script_feed_kept(s);
}

static inline void script_feed(struct script *s, const struct dns_msg *m)
{
	if (s->batch)
		script_keep(s, m);
	else
		tracker_feed(s->tracker, m);
}

static inline uint64_t script_time(const char *text)
{
	char *unit;
	double n = strtod(text, &unit);
	uint64_t ns = !strcmp(unit, "us") ? 1000 : !strcmp(unit, "ms") ? 1000000 : 1000000000;

	return SCRIPT_START_NS + (uint64_t)(int64_t)(n * (double)ns);
}

static inline void script_endpoint(const char *text, struct ip_addr *a, uint16_t *port)
{
	const char *colon = strrchr(text, ':');
	bool bracket = text[0] == '[';
	char host[64];

	script_must(colon != NULL, "no port", text);
	*port = (uint16_t)atoi(colon + 1);
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text) - 2 * bracket, text + bracket);
	script_must(ip_addr_parse(host, a) == 0, "no address", text);
}

static inline uint16_t script_type(const char *text)
{
	static const struct {
		const char *name;
		uint16_t number;
	} types[] = { { "A", 1 },  { "AAAA", 28 }, { "MX", 15 },   { "AXFR", 252 },
		      { "NS", 2 }, { "DS", 43 },   { "HTTPS", 65 } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!strcmp(text, types[i].name))
			return types[i].number;
	}
	return (uint16_t)atoi(text);
}

static inline const char *script_type_name(uint16_t type)
{
	return type == 1 ? "A" : type == 28 ? "AAAA" : type == 15 ? "MX" : "other";
}

static inline size_t script_put16(uint8_t *p, unsigned int n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
	return 2;
}

/* Header, question and `answers` address records. */
static inline size_t script_wire(uint8_t *w, bool response, unsigned int id, const char *name,
				 const char *type, unsigned int opcode, unsigned int rcode,
				 unsigned int answers)
{
	bool question = strcmp(name, "-") != 0;
	size_t n = script_put16(w, id);

	n += script_put16(w + n, (response ? 0x8080u : 0) | opcode << 11 | 0x100 | rcode);
	n += script_put16(w + n, question);
	n += script_put16(w + n, answers);
	n += script_put16(w + n, 0);
	n += script_put16(w + n, 0);
	while (question && *name && strcmp(name, ".") != 0) {
		size_t label = strcspn(name, ".");

		w[n++] = (uint8_t)label;
		memcpy(w + n, name, label);
		n += label;
		name += label + (name[label] == '.');
	}
	if (question) {
		w[n++] = 0;
		n += script_put16(w + n, script_type(type));
		n += script_put16(w + n, 1);
	}
	while (answers--) {
		memcpy(w + n, "\0\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1", 15);
		n += 15;
	}
	return n;
}

/* One more record, of the answer section or the authority section: NAME is its
 * data, and the root its owner. */
static inline size_t script_record(uint8_t *w, size_t n, int count_at, unsigned int type,
				   const char *name)
{
	size_t len_at;

	w[count_at + 1]++;
	w[n++] = 0;
	n += script_put16(w + n, type);
	n += script_put16(w + n, 1);
	n += script_put16(w + n, 0);
	n += script_put16(w + n, 60);
	len_at = n;
	n += 2;
	while (*name) {
		size_t label = strcspn(name, ".");

		w[n++] = (uint8_t)label;
		memcpy(w + n, name, label);
		n += label;
		name += label + (name[label] == '.');
	}
	w[n++] = 0;
	script_put16(w + len_at, (unsigned int)(n - len_at - 2));
	return n;
}

static inline void script_quote(struct dns_msg *m, const char *last, bool *response)
{
	m->quoted = true;
	m->drop_reason = "ICMP";
	m->drop_by = "192.0.2.1";
	*response = !strcmp(last, "response");
}

static inline void script_reset(struct script *s, const char *time, const char *client,
				const char *server)
{
	struct dns_msg m = {
		.ts_ns = script_time(time),
		.transport = TRANSPORT_TCP,
		.quoted = true,
		.reset = true,
		.drop_reason = "TCP_RESET",
		.drop_by = "192.0.2.1",
	};

	script_endpoint(client, &m.src, &m.src_port);
	script_endpoint(server, &m.dst, &m.dst_port);
	script_feed(s, &m);
}

/* A further sighting: but for the id no bytes, and the addresses go without saying. */
static inline void script_again(struct dns_msg *m)
{
	m->wire_len = m->wire_orig = 2;
	m->src = m->dst = (struct ip_addr){ 0 };
	m->src_port = m->dst_port = 0;
}

/* A word that says something of the message and nothing else; false for another one. */
static inline bool script_mark(struct dns_msg *m, const char *w)
{
	if (!strcmp(w, "origin") || !strcmp(w, "hop"))
		m->sighting = *w == 'o' ? SIGHTING_ORIGIN : SIGHTING_HOP;
	else if (!strcmp(w, "tcp") || !strcmp(w, "tls"))
		m->transport = w[1] == 'c' ? TRANSPORT_TCP : TRANSPORT_TLS;
	else if (!strcmp(w, "in") || !strcmp(w, "out"))
		m->direction = *w == 'i' ? DIRECTION_IN : DIRECTION_OUT;
	else if (!strcmp(w, "half"))
		m->half = true;
	else if (!strcmp(w, "unfollowed"))
		m->unfollowed = true;
	else if (!strcmp(w, "again"))
		m->again = true;
	else if (!strcmp(w, "drop"))
		m->drop_reason = "NO_SOCKET";
	else
		return false;
	return true;
}

static inline void script_message(struct script *s, char *const word[], int words, const char *line)
{
	bool response = word[0][0] == 'R', quoted = word[0][0] == 'E';
	unsigned int rcode = 0, opcode = 0, answers = 0, len = 0, class = 1;
	const char *cname = NULL, *nsname = NULL;
	bool cut = false, bad = false, tc = false, bare = false;
	struct dns_msg m = { .ts_ns = script_time(word[1]) };
	uint8_t wire[SCRIPT_WIRE];

	script_must(words >= 7, "too few words", line);
	if (quoted)
		script_quote(&m, word[words - 1], &response);
	script_endpoint(word[2], response ? &m.dst : &m.src, response ? &m.dst_port : &m.src_port);
	script_endpoint(word[3], response ? &m.src : &m.dst, response ? &m.src_port : &m.dst_port);
	for (int i = 7; i < words; i++) {
		const char *w = word[i], *value = strchr(w, '=');
		unsigned int n = value ? (unsigned int)atoi(value + 1) : 0;

		if (script_mark(&m, w) || (quoted && !strcmp(w, "response"))) {
			continue;
		} else if (quoted && !strcmp(w, "bare")) {
			bare = true;
		} else if (quoted && !strcmp(w, "cutname")) {
			len = 100;
		} else if (!strcmp(w, "tc")) {
			tc = true;
		} else if (!strncmp(w, "cname=", 6)) {
			cname = value + 1;
		} else if (!strncmp(w, "nsname=", 7)) {
			nsname = value + 1;
		} else if (!strncmp(w, "netns=", 6)) {
			m.netns = n;
		} else if (!strncmp(w, "stream=", 7)) {
			m.transport = TRANSPORT_HTTPS;
			m.has_ip_id = true;
			m.ip_id = (uint16_t)(n / 2);
		} else if (!strcmp(w, "cut")) {
			cut = true;
		} else if (!strcmp(w, "bad")) {
			bad = true;
		} else if (!strncmp(w, "ip=", 3)) {
			m.has_ip_id = true;
			m.ip_id = (uint16_t)n;
		} else if (!strncmp(w, "rcode=", 6)) {
			rcode = n;
		} else if (!strncmp(w, "opcode=", 7)) {
			opcode = n;
		} else if (!strncmp(w, "answers=", 8)) {
			answers = n;
		} else if (!strncmp(w, "len=", 4)) {
			len = n;
		} else if (!strncmp(w, "class=", 6)) {
			class = n;
		} else if (!strncmp(w, "pid=", 4)) {
			m.pid = n;
		} else if (!strncmp(w, "packet=", 7)) {
			m.packet = n;
			m.packet_place = 1 + n % 7;
		} else if (!strncmp(w, "if=", 3)) {
			m.ifindex = n;
		} else if (!strncmp(w, "comm=", 5)) {
			/* As the kernel gives it: no NUL where it fills the field. */
			memcpy(m.comm, value + 1, strnlen(value + 1, sizeof(m.comm)));
		} else {
			script_must(false, "unknown word", line);
		}
	}
	m.wire = wire;
	m.wire_len = (uint32_t)script_wire(wire, response, (unsigned int)atoi(word[4]), word[5],
					   word[6], opcode, rcode, answers + bad);
	if (class != 1)
		script_put16(wire + m.wire_len - (answers + bad) * 15 - 2, class);
	if (tc)
		wire[2] |= DNS_FLAG_TC >> 8;
	if (cname)
		m.wire_len = (uint32_t)script_record(wire, m.wire_len, 6, 5, cname);
	if (nsname)
		m.wire_len = (uint32_t)script_record(wire, m.wire_len, 8, 2, nsname);
	m.wire_orig = len ? len : m.wire_len;
	m.wire_len -= cut || bad ? 3 : 0;
	if (bad)
		m.wire_orig = m.wire_len;
	m.wire_len = bare ? 0 : quoted && len ? 15 : m.wire_len;
	if (m.again)
		script_again(&m);
	script_feed(s, &m);
}

static inline void script_line(struct script *s, const char *line)
{
	char copy[256], *word[16], *save = NULL;
	int words = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok_r(copy, " \t", &save); w && words < 16;
	     w = strtok_r(NULL, " \t", &save))
		word[words++] = w;
	if (words == 0)
		return;
	if (!strchr("QREX", word[0][0]))
		script_feed_kept(s);
	switch (word[0][0]) {
	case 'Q':
	case 'R':
	case 'E':
		script_message(s, word, words, line);
		break;
	case 'X':
		script_reset(s, word[1], word[2], word[3]);
		break;
	case 'T':
		tracker_advance(s->tracker, script_time(word[1]));
		break;
	case 'F':
		tracker_finish(s->tracker);
		break;
	case 'C':
		tracker_clear(s->tracker);
		flow_table_clear(s->table);
		break;
	default:
		script_must(false, "unknown line", line);
	}
}

static inline void script_run(struct script *s, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char line[256];

		script_must(n < sizeof(line), "long line", text);
		memcpy(line, text, n);
		line[n] = '\0';
		script_line(s, line);
		text += n + (text[n] == '\n');
	}
	script_feed_kept(s);
	tracker_flush(s->tracker);
}

/* "answered 10.0.0.1:1000 7 a.example A 1500us tries=1 seen=2", and the marks. */
static inline int script_row(const struct script *s, const struct flow *f, char *out, size_t size)
{
	char host[INET6_ADDRSTRLEN], latency[32] = "";
	size_t len;
	const char *addr = intern_text(s->table->addrs, f->client, &len);
	bool v4 = len == 16 && ip_addr_is_v4((const struct ip_addr *)addr);
	const char *name = f->marks & FLOW_HAS_QUESTION
				   ? intern_text(s->table->names, f->qname, &len)
				   : "-";

	if (f->client == INTERN_NONE || len == 0)
		snprintf(host, sizeof(host), "?");
	else
		inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? addr + 12 : addr, host, sizeof(host));
	if (f->state == FLOW_ANSWERED)
		snprintf(latency, sizeof(latency), " %gus", (double)f->latency_ns / 1000);
	return snprintf(out, size, "%s %s:%u %u %s %s%s tries=%u seen=%u%s%s%s%s\n",
			script_states[f->state], host, f->client_port, f->id, name,
			f->marks & FLOW_HAS_QUESTION ? script_type_name(f->qtype) : "-", latency,
			f->attempts, f->sightings, f->marks & FLOW_LATE ? " late" : "",
			f->marks & FLOW_CUT ? " cut" : "",
			f->marks & FLOW_BAD_RECORDS ? " bad" : "",
			f->marks & FLOW_SETTLED ? "" : " open");
}

/* The table's rows, oldest first. */
static inline const char *script_rows(struct script *s)
{
	size_t used = 0;

	s->rows[0] = '\0';
	for (uint32_t i = 0; i < s->table->count && used + 256 < sizeof(s->rows); i++) {
		const struct flow *f = flow_table_row(s->table, flow_table_oldest(s->table) + i);

		used += (size_t)script_row(s, f, s->rows + used, sizeof(s->rows) - used);
	}
	return s->rows;
}

/* "retries=2 hops=3": the totals that are not zero, of those that pairing decides. */
static inline void script_stats(const struct script *s, char *out, size_t size)
{
	const struct tracker_stats *st = tracker_stats(s->tracker);
	const struct {
		const char *name;
		uint64_t n;
	} all[] = {
		{ "paired", st->paired },
		{ "timeouts", st->timeouts },
		{ "late", st->late },
		{ "unsolicited", st->unsolicited },
		{ "duplicates", st->duplicates },
		{ "retries", st->retries },
		{ "hops", st->hops },
		{ "malformed", st->malformed },
		{ "bad_records", st->bad_records },
		{ "cut", st->cut },
		{ "unpaired_opcodes", st->unpaired_opcodes },
		{ "halves", st->halves },
		{ "continued", st->continued },
	};
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].n)
			used += (size_t)snprintf(out + used, size - used, "%s%s=%llu",
						 used ? " " : "", all[i].name,
						 (unsigned long long)all[i].n);
	}
}

#endif
