/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DNS messages out of TCP segments.
 *
 * Most tests are scripts over a stream of messages of given lengths:
 *
 *   S        SYN                     10-42     bytes [10, 42) of the stream
 *   F        FIN behind the stream   10-42/5   the same, 5 bytes captured
 *   R        RST                     10-42F    with FIN; S10-42 with SYN
 *   +200     200 ms pass             @2        from here on seen at interface 2
 *   ~        new initial sequence number, same ports
 *
 * and what must come out: "0 1* 2/30" is message 0, message 1 marked tcp_gap,
 * and the first 30 bytes of message 2.
 */
#include "tests/unit/segments.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void step(struct run *r, const char *word)
{
	uint8_t flags = 0;
	uint32_t from = 0;
	uint32_t to = 0;
	uint32_t captured;
	char *end;

	switch (*word) {
	case '+':
		r->now += strtoul(word + 1, NULL, 10) * MS;
		return;
	case '@':
		r->ifindex = (uint32_t)strtoul(word + 1, NULL, 10);
		return;
	case '~':
		r->isn += 1000000007;
		return;
	case 'S':
		flags |= SYN;
		word++;
		break;
	}
	if (*word >= '0' && *word <= '9') {
		from = (uint32_t)strtoul(word, &end, 10);
		assert_int_equal(*end, '-');
		to = (uint32_t)strtoul(end + 1, &end, 10);
		captured = *end == '/' ? (uint32_t)strtoul(end + 1, &end, 10) : to - from;
		word = end;
	} else {
		from = to = flags & SYN ? 0 : r->content->len;
		captured = 0;
	}
	for (; *word; word++) {
		assert_true(*word == 'F' || *word == 'R');
		flags |= *word == 'F' ? FIN : RST;
	}
	assert_true(from <= to && to <= r->content->len && captured <= to - from);
	send(r, flags, from, to, captured);
}

static void play(struct run *r, const char *script)
{
	char word[64];
	int used;

	for (; sscanf(script, " %63s%n", word, &used) == 1; script += used)
		step(r, word);
}

static const struct {
	const char *name;
	const char *sizes;
	const char *script;
	const char *expect;
	unsigned gaps;
} rows[] = {
	{ "one message, one segment", "20", "S 0-22", "0", 0 },
	{ "several messages in a segment", SMALL, "S 0-96 F", "0 1 2", 0 },
	{ "the prefix by itself", SMALL, "S 0-2 2-22 22-24 24-54", "0 1", 0 },
	{ "half a prefix by itself", SMALL, "S 0-1 1-2 2-22", "0", 0 },
	{ "the prefix and the message before", SMALL, "S 0-24 24-96", "0 1 2", 0 },
	{ "data in the SYN", SMALL, "S0-22 22-54", "0 1", 0 },
	{ "data in the SYN, refused and sent again", SMALL, "S0-22 0-22 22-54", "0 1", 0 },
	{ "the SYN sent again", SMALL, "S +200 S 0-22 22-54", "0 1", 0 },
	{ "the SYN sent again behind data", SMALL, "S 0-22 S 22-54", "0 1", 0 },
	{ "the message with the FIN", "20", "S 0-22F", "0", 0 },

	{ "sent again", SMALL, "S 0-22 0-22 22-54 0-54", "0 1", 0 },
	{ "sent again in larger pieces", SMALL, "S 0-10 0-30 0-96", "0 1 2", 0 },
	{ "sent again within a held message", SMALL, "S 0-15 3-9 0-15 10-22", "0", 0 },
	{ "sent again after the FIN", SMALL, "S 0-96F 0-96F 54-96F F", "0 1 2", 0 },
	{ "a keep-alive probe", SMALL, "S 0-22 21-22 22-54", "0 1", 0 },
	{ "overlaps on both sides", SMALL, "S 0-10 20-30 5-25 25-54", "0 1", 0 },
	{ "one covers several", "200", "S 50-60 100-120 20-180 0-202", "0", 0 },
	{ "one fills the space between", "200", "S 0-50 100-202 20-150", "0", 0 },

	{ "out of order, whole messages: each at once", SMALL, "S 22-54 54-96 0-22", "1* 2* 0", 0 },
	{ "out of order, cut anywhere", SMALL, "S 60-96 10-60 0-10", "0 1 2", 0 },
	{ "out of order within a message", "200", "S 150-202 0-50 50-150", "0", 0 },
	{ "behind a hole, its prefix by itself", SMALL, "S 22-24 24-54 0-22", "1* 0", 0 },
	{ "behind a message whose end is missing", SMALL, "S 0-10 22-54 10-22 54-96", "1* 0 2", 0 },
	{ "a hole, and it goes on", SMALL, "S 22-54 +1100 54-96", "1* 2*", 22 },
	{ "a hole within a message", SMALL, "S 0-22 22-40 50-54 +1100 54-96", "0 1/16* 2", 10 },
	{ "a hole over the end of a message", SMALL, "S 0-22 22-40 60-80 +1100 80-96", "0 1/16*",
	  20 + 20 + 16 },
	{ "a hole up to the end of a message", SMALL, "S 0-40 54-96 +1100 @2 S", "0 2* 1/16*", 14 },
	{ "a hole within a prefix", SMALL, "S 0-23 54-96 +1100 @2 S", "0 2* ", 32 },
	{ "a hole, filled in time", SMALL, "S 0-10 22-54 +900 10-22 54-96", "1* 0 2", 0 },
	{ "a hole before the FIN", SMALL, "S 0-22 F +1100 @2 S", "0", 74 },
	{ "two holes", SMALL, "S 10-22 30-54 +1100 +1 @2 S +1100 @2 S", "", 10 + 12 + 8 + 24 },

	{ "joined at a message", SMALL, "22-54 54-96", "1* 2", 0 },
	{ "joined at a prefix by itself", SMALL, "22-24 24-54 54-96", "1* 2", 0 },
	{ "joined at several messages", SMALL, "0-96", "0* 1 2", 0 },
	{ "joined within a message", SMALL, "10-22 22-54 54-96", "1* 2", 12 },
	{ "joined within a message, cut anywhere", SMALL, "10-30 30-54 54-96", "2*", 44 },
	{ "joined at the beginning of a long one", "500,20", "0-200 200-502 502-524", "0* 1", 0 },
	{ "joined at bytes that are no prefix by itself", SMALL, "40-41 41-54 54-96", "2*", 14 },
	{ "joined by an empty segment", SMALL, "22-22 22-54", "1*", 0 },
	{ "joined by a FIN", SMALL, "F", "", 0 },
	{ "joined by a RST", SMALL, "R", "", 0 },

	{ "captured short", SMALL, "S 0-22/15 22-54", "0/13 1", 7 },
	{ "captured short, several", SMALL, "S 0-96/40 F", "0 1/16", 56 },
	{ "captured short at the very end", SMALL, "S 0-54/40 54-96", "0 1/16 2", 14 },
	{ "captured short, more of it comes", "500,20", "S 0-200/60 200-502 502-524", "0/58 1",
	  140 },
	{ "captured short, more of it comes with the next", "500,20", "S 0-200/60 200-524",
	  "0/58 1", 140 },
	{ "captured short in the header", SMALL, "S 0-22/10 22-54", "1", 12 + 10 },
	{ "captured short in the prefix", SMALL, "S 0-22/1 22-54", "1*", 22 },
	{ "captured without payload", SMALL, "S 0-22/0 22-54", "1*", 22 },
	{ "captured short out of order", SMALL, "S 22-54/20 0-22 54-96", "0 1/18 2", 12 },
	{ "captured short, sent again", SMALL, "S 0-22/15 0-22 22-54", "0/13 1", 7 },
	{ "captured short, joined", SMALL, "22-54/20 54-96", "1/18* 2", 12 },

	{ "closed in a message", SMALL, "S 0-30 R", "0", 8 },
	{ "closed in a message by a FIN", SMALL, "S 0-30F", "0", 8 },
	{ "a RST, and data again", SMALL, "S 0-22 R 22-54 54-96", "0 1* 2", 0 },
	{ "same ports, new SYN", SMALL, "S 0-30 ~ S 0-22", "0 0", 8 },
	{ "same ports after a close", SMALL, "S 0-96F ~ S 0-22", "0 1 2 0", 0 },
	{ "same ports, SYN not seen", SMALL, "S 0-22 ~ 0-22 22-54", "0 0* 1", 0 },
	{ "same ports after a close, SYN not seen", SMALL, "S 0-96F ~ 0-22", "0 1 2 0*", 0 },
	{ "seen at two interfaces", SMALL, "S @2 S @1 0-22 @2 0-22 @1 22-30 @2 22-54 @1 30-54",
	  "0 0@2 1@2 1", 0 },

	{ "the longest message", "65535,20", "S 0-60000 60000-65537 65537-65559", "0 1", 0 },
	{ "a super-segment", "65535,20", "S 0-65000 65000-65559", "0 1", 0 },
	{ "a length that no message has", "20", "S 2-22 +1 0-1", "", 0 },
};

static const uint32_t isns[] = { 1000, UINT32_MAX, UINT32_MAX - 30, INT32_MAX - 30u };

static void test_scripts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct content *c = content_new(rows[i].sizes);
		size_t want = strlen(rows[i].expect);

		while (want > 0 && rows[i].expect[want - 1] == ' ')
			want--;
		for (size_t k = 0; k < COUNT(isns); k++) {
			struct got got;
			struct run r = run_new(c, &got, isns[k]);

			assert_non_null(r.t);
			play(&r, rows[i].script);
			if (got.len != want || memcmp(got.text, rows[i].expect, want) != 0 ||
			    tcp_streams_gaps(r.t) != rows[i].gaps)
				fail_msg("%s (isn %u): got \"%s\", %llu lost; expected \"%s\", %u",
					 rows[i].name, isns[k], got.text,
					 (unsigned long long)tcp_streams_gaps(r.t), rows[i].expect,
					 rows[i].gaps);
			assert_int_equal(tcp_streams_evicted(r.t), 0);
			tcp_streams_free(r.t);
		}
		free(c);
	}
}

/* Every message once and nothing lost. */
static void assert_complete(const struct run *r, const char *what)
{
	for (int i = 0; i < r->content->n; i++) {
		if (r->got->times[i] != 1)
			fail_msg("%s: message %d came %d times (%s)", what, i, r->got->times[i],
				 r->got->text);
	}
	assert_int_equal(r->got->total, r->content->n);
	assert_int_equal(tcp_streams_gaps(r->t), 0);
}

static void test_every_split(void **state)
{
	struct content *c = content_new("29,31");
	char what[64];

	(void)state;
	for (uint32_t a = 0; a <= c->len; a++) {
		for (uint32_t b = a; b <= c->len; b++) {
			struct got got;
			struct run r = run_new(c, &got, UINT32_MAX - 20);

			snprintf(what, sizeof(what), "split at %u and %u", a, b);
			send(&r, SYN, 0, 0, 0);
			send(&r, 0, 0, a, a);
			send(&r, 0, a, b, b - a);
			send(&r, FIN, b, c->len, c->len - b);
			assert_complete(&r, what);
			assert_string_equal(got.text, "0 1");
			tcp_streams_free(r.t);
		}
	}
	free(c);
}

static void test_byte_by_byte(void **state)
{
	struct content *c = content_new("17,300,20");
	struct got got;
	struct run r = run_new(c, &got, 7);

	(void)state;
	send(&r, SYN, 0, 0, 0);
	for (uint32_t i = 0; i < c->len; i++) {
		r.now++;
		send(&r, 0, i, i + 1, 1);
	}
	assert_complete(&r, "byte by byte");
	for (int i = 0; i < c->n; i++)
		assert_int_equal(got.ts[i], T0 + c->at[i] + c->size[i] + 2);
	tcp_streams_free(r.t);
	free(c);
}

/* The k-th of the 24 orders of four things. */
static void permutation(int k, int order[4])
{
	int left[4] = { 0, 1, 2, 3 };

	for (int n = 4; n > 0; n--) {
		int i = k % n;

		k /= n;
		order[4 - n] = left[i];
		memmove(left + i, left + i + 1, (size_t)(3 - i) * sizeof(*left));
	}
}

/* Four segments in every order, cut at many places, each also sent twice. */
static void test_every_order(void **state)
{
	struct content *c = content_new("20,33,17,41");
	char what[96];

	(void)state;
	for (uint32_t a = 1; a < c->len - 2; a += 4) {
		for (uint32_t b = a + 1; b < c->len - 1; b += 5) {
			for (uint32_t d = b + 1; d < c->len; d += 6) {
				const uint32_t cuts[5] = { 0, a, b, d, c->len };

				for (int k = 0; k < 48; k++) {
					int order[4];
					struct got got;
					struct run r = run_new(c, &got, UINT32_MAX - 50);

					permutation(k % 24, order);
					snprintf(what, sizeof(what), "cut at %u %u %u, order %d", a,
						 b, d, k);
					send(&r, SYN, 0, 0, 0);
					for (int i = 0; i < 4; i++) {
						uint32_t from = cuts[order[i]];
						uint32_t to = cuts[order[i] + 1];

						send(&r, 0, from, to, to - from);
						if (k >= 24)
							send(&r, 0, from, to, to - from);
					}
					assert_complete(&r, what);
					tcp_streams_free(r.t);
				}
			}
		}
	}
	free(c);
}

/* A small generator of its own, so that a failure comes again everywhere. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*state >> 33) % below;
}

/* Segments of any length, overlapping, in any order, until all is there. */
static void test_any_mess(void **state)
{
	struct content *c = content_new("20,1400,30,3000,17,18,19,2500,40");
	uint64_t seed = 1;
	char what[64];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct got got;
		struct run r = run_new(c, &got, draw(&seed, UINT32_MAX));
		uint32_t front = 0;

		snprintf(what, sizeof(what), "round %d", round);
		send(&r, SYN, 0, 0, 0);
		while (front < c->len) {
			uint32_t from = front;
			uint32_t len = 1 + draw(&seed, 900);

			switch (draw(&seed, 4)) {
			case 0: /* ahead */
				from += draw(&seed, 3000);
				break;
			case 1: /* again */
				from -= draw(&seed, from + 1);
				break;
			}
			if (from >= c->len)
				continue;
			if (len > c->len - from)
				len = c->len - from;
			send(&r, 0, from, from + len, len);
			if (from <= front && from + len > front)
				front = from + len;
		}
		assert_complete(&r, what);
		tcp_streams_free(r.t);
	}
	free(c);
}

/* Whatever is lost, a message that starts a segment after the hole has been
 * given up is found again, and nothing comes twice. */
static void test_loss(void **state)
{
	struct content *c = content_new("20,1400,30,3000,17,18,19,2500,40,33,50,60");
	uint64_t seed = 2;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct got got;
		struct run r = run_new(c, &got, draw(&seed, UINT32_MAX));
		uint32_t last = c->at[c->n - 1];

		for (uint32_t from = 0; from < last;) {
			uint32_t len = 1 + draw(&seed, 1448);

			if (len > last - from)
				len = last - from;
			if (draw(&seed, 4) != 0)
				send(&r, 0, from, from + len, len);
			from += len;
			r.now += MS;
		}
		r.now += 1100 * MS;
		send(&r, FIN, last, c->len, c->len - last);
		r.now += 1100 * MS;
		r.ifindex = 2;
		send(&r, SYN, 0, 0, 0);
		for (int i = 0; i < c->n; i++)
			assert_in_range(got.times[i], 0, 1);
		assert_int_equal(got.times[c->n - 1], 1);
		tcp_streams_free(r.t);
	}
	free(c);
}

/* The time is the one of the segment that brings the last byte. */
static void test_time(void **state)
{
	static const struct {
		const char *script;
		unsigned ms[3];
	} cases[] = {
		{ "S +1 0-10 +1 10-22 +1 22-54 +1 54-96", { 2, 3, 4 } },
		{ "S +1 0-30 +5 30-96", { 1, 6, 6 } },
		{ "S +1 22-54 +1 0-22 +1 54-96", { 2, 1, 3 } },
		{ "S +1 10-30 +1 0-10 +1 30-96", { 2, 3, 3 } },
		{ "S +1 40-96 +1 0-40", { 2, 2, 1 } },
		{ "S +1 54-96 +2000 0-22 22-54", { 2001, 2001, 1 } },
	};
	struct content *c = content_new(SMALL);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct got got;
		struct run r = run_new(c, &got, 5);

		play(&r, cases[i].script);
		for (int k = 0; k < c->n; k++) {
			if (got.times[k] && got.ts[k] != T0 + cases[i].ms[k] * MS)
				fail_msg("%s: message %d at %llu us", cases[i].script, k,
					 (unsigned long long)(got.ts[k] - T0) / 1000);
		}
		tcp_streams_free(r.t);
	}
	free(c);
}

/* Messages of a zone transfer but the first have no question (RFC 5936, 2.2.1),
 * and a stream joined in its middle must stay in step over them. What has
 * neither question nor answer is no message. */
static void test_joined_transfer(void **state)
{
	static const struct {
		uint8_t flags, questions, answers;
		const char *expect;
	} cases[] = {
		{ 0x80, 0, 1, "0* 1 2" }, /* a transfer's */
		{ 0x80, 0, 0, "0* 2*" },  /* nothing in it */
		{ 0x00, 0, 1, "0* 2*" },  /* an answer in a query */
		{ 0x80, 2, 1, "0* 2*" },  /* two questions */
		{ 0x80, 1, 9, "0* 2*" },  /* more than there is room for */
		{ 0xf8, 0, 1, "0* 2*" },  /* an opcode that nobody knows */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct content *c = content_new("40,60,40");
		uint8_t *header = c->bytes + c->at[1] + 2;
		struct got got;
		struct run r = run_new(c, &got, 5);

		header[2] = cases[i].flags;
		header[5] = cases[i].questions;
		header[7] = cases[i].answers;
		play(&r, "0-42 42-104 104-146");
		if (strcmp(got.text, cases[i].expect) != 0)
			fail_msg("case %zu: got \"%s\", expected \"%s\"", i, got.text,
				 cases[i].expect);
		tcp_streams_free(r.t);
		free(c);
	}
}

/* At the end of input nothing is left to wait for. */
static void test_finish(void **state)
{
	struct content *c = content_new(SMALL);
	struct got got;
	struct run r = run_new(c, &got, 5);

	(void)state;
	play(&r, "S 0-10 40-54 54-96 @2 S 0-22 22-30");
	assert_string_equal(got.text, "0@2");
	tcp_streams_finish(r.t);
	assert_string_equal(got.text, "0@2 2*");
	assert_int_equal(tcp_streams_gaps(r.t), 10 + 30 + 14 + 8);
	tcp_streams_finish(r.t);
	assert_int_equal(tcp_streams_gaps(r.t), 62);
	tcp_streams_free(r.t);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_every_split),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_every_order),
		cmocka_unit_test(test_any_mess),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_finish),
		cmocka_unit_test(test_joined_transfer),
	};

	return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
