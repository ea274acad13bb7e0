/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mDNS and LLMNR: traffic in words, and the rows that it makes. A line is
 *
 *	TIME SOURCE DESTINATION ID ENTRY...
 *
 * with entries "q:NAME/TYPE" and "qu:NAME/TYPE" (a question, for answers by unicast),
 * "a:", "ns:", "ad:" (records of the three sections; "A:" with the cache-flush bit),
 * "r" (a response), "rcode=N", and those of script.h that tell of places.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/flow/multicast.h"
#include "tests/unit/rows.h"
#include "tests/unit/script.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define ME   " 10.0.0.1:5353 "
#define ALL  " 224.0.0.251:5353 "
#define HOST " 10.0.0.7:5353 "
#define TWO  " 10.0.0.8:5353 "
#define ALL6 " [ff02::fb]:5353 "

static uint16_t type_of(const char *text)
{
	static const struct {
		const char *name;
		uint16_t number;
	} more[] = { { "PTR", 12 }, { "SRV", 33 }, { "ANY", 255 }, { "NSEC", 47 }, { "CNAME", 5 } };

	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		if (!strcmp(text, more[i].name))
			return more[i].number;
	}
	return script_type(text);
}

struct message {
	struct dns_msg m;
	uint8_t wire[2048];
	size_t n;
};

static void put_entry(struct message *out, char *word)
{
	static const struct {
		const char *kind;
		unsigned section, class;
	} kinds[] = { { "q", 0, 1 },      { "qu", 0, 0x8001 }, { "a", 1, 1 },
		      { "A", 1, 0x8001 }, { "ns", 2, 1 },      { "ad", 3, 1 } };
	char *name = strchr(word, ':') + 1, *type = strrchr(word, '/');
	size_t i = 0;

	name[-1] = *type++ = '\0';
	while (strcmp(kinds[i].kind, word))
		i++;
	out->wire[5 + 2 * kinds[i].section]++;
	while (*name) {
		size_t label = strcspn(name, ".");

		out->wire[out->n++] = (uint8_t)label;
		memcpy(out->wire + out->n, name, label);
		out->n += label;
		name += label + (name[label] == '.');
	}
	out->wire[out->n++] = 0;
	out->n += script_put16(out->wire + out->n, type_of(type));
	out->n += script_put16(out->wire + out->n, kinds[i].class);
	if (kinds[i].section) {
		memcpy(out->wire + out->n, "\0\0\0\x78\0\4\xc0\0\2\1", 10);
		out->n += 10;
	}
}

static void say(struct script *s, char *line)
{
	struct message out = { .n = 12 };
	char *save = NULL, *word = strtok_r(line, " ", &save);

	out.m.ts_ns = script_time(word);
	script_endpoint(strtok_r(NULL, " ", &save), &out.m.src, &out.m.src_port);
	script_endpoint(strtok_r(NULL, " ", &save), &out.m.dst, &out.m.dst_port);
	script_put16(out.wire, (unsigned)atoi(strtok_r(NULL, " ", &save)));
	while ((word = strtok_r(NULL, " ", &save))) {
		const char *value = strchr(word, '=');

		if (strchr(word, ':')) {
			put_entry(&out, word);
		} else if (!strcmp(word, "r")) {
			out.wire[2] |= 0x84;
		} else if (!strcmp(word, "tcp")) {
			out.m.transport = TRANSPORT_TCP;
		} else if (!strcmp(word, "origin")) {
			out.m.sighting = SIGHTING_ORIGIN;
		} else if (!strcmp(word, "hop")) {
			out.m.sighting = SIGHTING_HOP;
		} else if (!strcmp(word, "drop")) {
			out.m.drop_reason = "NO_SOCKET";
		} else if (!strncmp(word, "if=", 3)) {
			out.m.ifindex = (uint32_t)atoi(value + 1);
			out.m.netns = 1;
		} else if (!strncmp(word, "ip=", 3)) {
			out.m.has_ip_id = true;
			out.m.ip_id = (uint16_t)atoi(value + 1);
		} else if (!strncmp(word, "rcode=", 6)) {
			out.wire[3] |= (uint8_t)atoi(value + 1);
		} else {
			fail_msg("unknown word %s", word);
		}
	}
	out.m.wire = out.wire;
	out.m.wire_len = out.m.wire_orig = (uint32_t)out.n;
	tracker_feed(s->tracker, &out.m);
}

static void run(struct script *s, const char *text)
{
	char copy[4096], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *l = strtok_r(copy, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		if (*l == 'F')
			tracker_finish(s->tracker);
		else if (*l == 'T')
			tracker_advance(s->tracker, script_time(l + 2));
		else
			say(s, l);
	}
	tracker_flush(s->tracker);
}

/* A field's text, "-" where it is absent. */
static const char *field_text(const struct script *s, const struct flow *f, const char *name,
			      char *buf, size_t size)
{
	const struct row_source src = { .table = s->table };

	field_cell(field_find(name, strlen(name), NULL), &src, f, buf, size);
	return buf;
}

/* NAME TYPE STATE and what was asked for besides, a line for each row. */
static const char *rows(struct script *s, const char *const *names)
{
	size_t used = 0;

	s->rows[0] = '\0';
	for (uint32_t i = 0; i < s->table->count; i++) {
		const struct flow *f = flow_table_row(s->table, flow_table_oldest(s->table) + i);

		for (const char *const *n = names; *n; n++) {
			char buf[VALUE_BUF];

			used += (size_t)snprintf(s->rows + used, sizeof(s->rows) - used, "%s%s",
						 n == names ? "" : " ",
						 field_text(s, f, *n, buf, sizeof(buf)));
		}
		used += (size_t)snprintf(s->rows + used, sizeof(s->rows) - used, "\n");
	}
	return s->rows;
}

/* clang-format off */
static const struct {
	const char *what;
	const char *traffic;
	const char *rows; /* name, type, state, latency, attempts, sightings, responders */
	const char *counts;
} cases[] = {
	{ "an answer by two hosts to the group",
	  "0 " ME ALL "0 q:_ipp._tcp.local/PTR\n"
	  "20ms " HOST ALL "0 r a:_ipp._tcp.local/PTR ad:x.local/A\n"
	  "90ms " TWO ALL "0 r a:_ipp._tcp.local/PTR\nF",
	  "_ipp._tcp.local PTR answered 20.0ms 1 2 2\n", "paired=1 more=1" },
	{ "the same host again is no further responder",
	  "0 " ME ALL "0 q:a.local/A\n2ms " HOST ALL "0 r a:a.local/A ip=1\n"
	  "900ms " HOST ALL "0 r a:a.local/A ip=2\nF",
	  "a.local A answered 2.0ms 1 2 1\n", "paired=1 more=1" },
	{ "case does not matter, nor the cache-flush bit",
	  "0 " ME ALL "0 q:A.Local/A\n2ms " HOST ALL "0 r A:a.lOCAL/A\nF",
	  "A.Local A answered 2.0ms 1 2 1\n", "paired=1" },
	{ "several questions of one message are rows, answered one by one",
	  "0 " ME ALL "0 q:a.local/A q:a.local/AAAA q:b.local/A\n"
	  "3ms " HOST ALL "0 r a:a.local/A a:a.local/AAAA\nF",
	  "a.local A answered 3.0ms 1 2 1\na.local AAAA answered 3.0ms 1 2 1\n"
	  "b.local A pending - 1 1 0\n", "paired=2" },
	{ "one answer for two askers",
	  "0 " ME ALL "0 q:a.local/A\n1ms" TWO ALL "0 q:a.local/A\n"
	  "5ms " HOST ALL "0 r a:a.local/A\nF",
	  "a.local A answered 5.0ms 1 2 1\na.local A answered 4.0ms 1 2 1\n", "paired=2" },
	{ "the bit for unicast is no part of the class, and the answer is the asker's alone",
	  "0 " ME ALL "0 qu:a.local/A\n0" TWO ALL "0 qu:a.local/A\n"
	  "4ms " HOST ME "0 r a:a.local/A\nF",
	  "a.local A answered 4.0ms 1 2 1\na.local A pending - 1 1 0\n", "paired=1" },
	{ "an old-fashioned asker, from a port of its own, gets its answer there",
	  "0 10.0.0.1:4000" ALL "77 q:a.local/A\n"
	  "6ms " HOST "10.0.0.1:4000 77 r q:a.local/A a:a.local/A\nF",
	  "a.local A answered 6.0ms 1 2 1\n", "paired=1" },
	{ "asked again while nobody answers, and at last nobody has",
	  "0 " ME ALL "0 q:a.local/A ip=1\n1s " ME ALL "0 q:a.local/A ip=2\n"
	  "3s " ME ALL "0 q:a.local/A ip=3\nT 20s",
	  "a.local A timeout - 3 3 0\n", "quiet=1 retries=2" },
	{ "the same packet elsewhere is a sighting",
	  "0 " ME ALL "0 q:a.local/A ip=9\n10us " ME ALL "0 q:a.local/A ip=9\n"
	  "3ms " HOST ALL "0 r a:a.local/A ip=4\n3ms " HOST ALL "0 r a:a.local/A ip=4\nF",
	  "a.local A answered 3.0ms 1 4 1\n", "paired=1 hops=2" },
	{ "what nobody asked for is an announcement, once for each packet",
	  "0 " HOST ALL "0 r A:a.local/A ip=1\n10us " HOST ALL "0 r A:a.local/A ip=1\n"
	  "1s " HOST ALL "0 r A:a.local/A ip=2\nF",
	  "a.local A announced - - 2 -\na.local A announced - - 1 -\n", "announced=2 hops=1" },
	{ "a question of another type or name is not answered",
	  "0 " ME ALL "0 q:a.local/AAAA q:b.local/A\n2ms " HOST ALL "0 r a:a.local/A\nF",
	  "a.local AAAA pending - 1 1 0\nb.local A pending - 1 1 0\na.local A announced - - 1 -\n",
	  "announced=1" },
	{ "any type, an alias, and that there is none",
	  "0 " ME ALL "0 q:a.local/ANY q:b.local/A q:c.local/AAAA\n"
	  "2ms " HOST ALL "0 r a:a.local/SRV a:b.local/CNAME a:c.local/NSEC\nF",
	  "a.local ANY answered 2.0ms 1 2 1\nb.local A answered 2.0ms 1 2 1\n"
	  "c.local AAAA answered 2.0ms 1 2 1\n", "paired=3" },
	{ "a probe is not answered by who made it, but by who objects",
	  "0 " ME ALL "0 qu:a.local/ANY ns:a.local/A\n750ms " ME ALL "0 r A:a.local/A\n"
	  "800ms " HOST ALL "0 r A:a.local/A\nF",
	  "a.local ANY answered 800.0ms 1 2 1\na.local A announced - - 1 -\n", "paired=1 announced=1" },
	{ "an answer over the other family is another's",
	  "0 " ME ALL "0 q:a.local/A\n2ms [fe80::7]:5353" ALL6 "0 r a:a.local/A\nF",
	  "a.local A pending - 1 1 0\na.local A announced - - 1 -\n", "announced=1" },
	{ "too late for the question",
	  "0 " ME ALL "0 q:a.local/A\n6s " HOST ALL "0 r a:a.local/A\nF",
	  "a.local A timeout - 1 1 0\na.local A announced - - 1 -\n", "announced=1 quiet=1" },
	{ "asked on two links, answered on one",
	  "0 " ME ALL "0 q:a.local/A if=2\n0 172.17.0.1:5353" ALL "0 q:a.local/A if=3\n"
	  "2ms " HOST ALL "0 r a:a.local/A if=2\nF",
	  "a.local A answered 2.0ms 1 2 1\na.local A pending - 1 1 0\n", "paired=1" },
	{ "an answer first seen elsewhere on its way",
	  "0 " ME ALL "0 q:a.local/A if=2 origin\n2ms " HOST ALL "0 r a:a.local/A if=9 origin\n"
	  "2ms " HOST ALL "0 r a:a.local/A if=2 hop\nF",
	  "a.local A answered 2.0ms 1 3 1\n", "paired=1 hops=1" },
	{ "what one of many hearers throws away is no loss",
	  "0 " ME ALL "0 q:a.local/A ip=1\n10us " ME ALL "0 q:a.local/A ip=1 drop\n"
	  "2ms " HOST ALL "0 r a:a.local/A ip=2\n2ms " HOST ALL "0 r a:a.local/A ip=2 drop\nF",
	  "a.local A answered 2.0ms 1 2 1\n", "paired=1" },
	{ "more of what the asker knows is no question",
	  "0 " ME ALL "0 q:a.local/PTR a:a.local/PTR\n1ms " ME ALL "0 a:a.local/PTR\nF",
	  "a.local PTR pending - 1 1 0\n", "" },
	{ "LLMNR: to the group, answered to the asker by id, by two",
	  "0 10.0.0.1:4000 224.0.0.252:5355 7 q:printer/A\n"
	  "0 10.0.0.1:4001 224.0.0.252:5355 8 q:printer/A\n"
	  "2ms 10.0.0.7:5355 10.0.0.1:4000 7 r q:printer/A a:printer/A\n"
	  "3ms 10.0.0.8:5355 10.0.0.1:4000 7 r q:printer/A a:printer/A\n"
	  "3ms 10.0.0.8:5355 10.0.0.1:4001 9 r q:printer/A a:printer/A\nT 1s",
	  "printer A answered 2.0ms 1 2 2\nprinter A pending - 1 1 0\n"
	  "printer A unsolicited - - 1 -\n", "paired=1 more=1 unsolicited=1" },
	{ "a server on port 5353 is an ordinary one",
	  "0 10.0.0.1:4000 10.0.0.2:5353 7 q:example.com/A\n"
	  "2ms 10.0.0.2:5353 10.0.0.1:4000 7 r q:example.com/A a:example.com/A\n"
	  "0 10.0.0.1:5353 10.0.0.2:53 7 q:example.com/A\nF",
	  "example.com A answered 2.0ms 1 2 -\nexample.com A pending - 1 1 -\n", "paired=1" },
};
/* clang-format on */

static const char *counts(const struct script *s, char *buf, size_t size)
{
	const struct tracker_stats *st = tracker_stats(s->tracker);
	const struct {
		const char *name;
		uint64_t n;
	} all[] = {
		{ "paired", st->paired },       { "unanswered", st->timeouts },
		{ "more", st->responses_more }, { "announced", st->announced },
		{ "quiet", st->quiet },         { "retries", st->retries },
		{ "hops", st->hops },           { "unsolicited", st->unsolicited },
		{ "lost", st->multicast_lost }, { "duplicates", st->duplicates },
	};
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (all[i].n)
			used += (size_t)snprintf(buf + used, size - used, "%s%s=%u",
						 used ? " " : "", all[i].name, (unsigned)all[i].n);
	}
	return buf;
}

static void questions_to_everyone_give_their_rows(void **state)
{
	static const char *const names[] = { "qname",    "qtype",     "state",      "latency_us",
					     "attempts", "sightings", "responders", NULL };
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script *s = script_new(64);
		char buf[256];

		run(s, cases[i].traffic);
		counts(s, buf, sizeof(buf));
		if (strcmp(rows(s, names), cases[i].rows) || strcmp(buf, cases[i].counts))
			fail_msg("%s:\n%s%s\n", cases[i].what, s->rows, buf);
		script_free(s);
	}
}

static void what_else_is_known(void **state)
{
	static const char *const names[] = { "service",       "client", "server",
					     "responder",     "qclass", "qu",
					     "known_answers", "ttl",    NULL };
	struct script *s = script_new(64);

	(void)state;
	run(s, "0 " ME ALL "0 qu:a.local/PTR q:b.local/A a:a.local/PTR a:c.local/PTR\n"
	       "1ms " HOST ALL "0 r a:a.local/PTR\n2ms " TWO ALL "0 r a:a.local/PTR\n"
	       "0 10.0.0.1:4000 224.0.0.252:5355 7 q:printer/A\nF");
	assert_string_equal(rows(s, names), "mdns 10.0.0.1 224.0.0.251 10.0.0.7 IN 1 1 120\n"
					    "mdns 10.0.0.1 224.0.0.251 - IN 0 0 -\n"
					    "llmnr 10.0.0.1 224.0.0.252 - IN - - -\n");
	script_free(s);
}

/* A row that left memory is not found, and questions beyond the bound are counted. */
static void it_is_bounded(void **state)
{
	struct script *small = script_new(2), *s = script_new(8192);
	char line[128], buf[256];

	(void)state;
	run(small, "0 " ME ALL "0 q:a.local/A q:b.local/A q:c.local/A q:d.local/A\n"
		   "1ms " HOST ALL "0 r a:a.local/A a:d.local/A\nF");
	assert_int_equal(tracker_stats(small->tracker)->paired, 1);
	script_free(small);

	for (unsigned i = 0; i < MULTICAST_OPEN + 5; i++) {
		snprintf(line, sizeof(line), "%uus " ME ALL "0 q:n%u.local/A", i, i);
		run(s, line);
	}
	run(s, "10ms " HOST ALL "0 r a:n0.local/A\n10ms " HOST ALL "0 r a:n2052.local/A");
	assert_string_equal(counts(s, buf, sizeof(buf)), "paired=1 lost=6");
	tracker_clear(s->tracker);
	flow_table_clear(s->table);
	run(s, "11ms " HOST ALL "0 r a:n2000.local/A\nF");
	assert_int_equal(s->table->count, 1);
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_to_everyone_give_their_rows),
		cmocka_unit_test(what_else_is_known),
		cmocka_unit_test(it_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
