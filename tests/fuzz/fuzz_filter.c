/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any text as a filter, over a table with a row of every kind: a wrong one
 * says where, a good one judges every row, `not` of it the other way round,
 * and the same text does so again.
 */
#include <stdlib.h>
#include <string.h>

#include "core/query/filter.h"
#include "tests/unit/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Longer ones only make the same things slower. */
#define TEXT_MAX 1000

static void require(bool what)
{
	if (!what)
		abort();
}

/* Made once, as most of the time would go there; nothing changes it later. */
static const struct rows *made_up_rows(void)
{
	static struct rows *rows;
	static const struct row_spec specs[] = {
		{ .qname = "www.example.com", .latency_ns = 20000000, .answers = 2, .ttl = 300 },
		{ .qname = "a\\.b\\007.example",
		  .client = "fd00::1",
		  .server = "fd00::53",
		  .qtype = 28 },
		{ .qname = ".", .qtype = 2, .rcode = 3, .ede = 18, .pid = 77, .uid = 1000 },
		{ .qname = "slow.test", .state = FLOW_TIMEOUT, .attempts = 3, .transport = 1 },
		{ .qname = "waits.test", .pending = true, .ifname = "eth0", .ifindex = 2 },
		{ .qname = "nobody.asked", .state = FLOW_UNSOLICITED, .rcode = 2 },
		{ .no_question = true, .rcode = 1, .opcode = 5, .netns = 4026531840u },
	};

	if (rows)
		return rows;
	rows = rows_new();
	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
		rows_add(rows, &specs[i]);
	return rows;
}

static void check_error(const struct err *err, size_t len)
{
	require(err->code < 0);
	require(err->text[0] != '\0' && !strchr(err->text, '\n'));
	require(err->pos >= 0 && (size_t)err->pos <= len);
	require(err->len >= 0 && (size_t)err->pos + (size_t)err->len <= len);
}

/* The verdicts as bits, row by row. */
static unsigned judge(struct filter *f)
{
	const struct rows *rows = made_up_rows();
	const struct flow_table *t = rows->table;
	unsigned verdicts = 0;

	for (uint32_t seq = flow_table_oldest(t); flow_table_has(t, seq); seq++)
		verdicts = verdicts << 1 | filter_match(f, &rows->src, flow_table_row(t, seq));
	return verdicts;
}

static void check_opposite(const char *text, unsigned verdicts)
{
	unsigned all = (1u << made_up_rows()->table->count) - 1;
	char opposite[TEXT_MAX + 8];
	struct filter *f;

	snprintf(opposite, sizeof(opposite), "not (%s)", text);
	/* It may be nested too deeply now. */
	if (filter_parse(opposite, ROWS_TS_NS, &f, NULL))
		return;
	require(judge(f) == (all ^ verdicts));
	filter_free(f);
}

static void check_candidate(void *ctx, const struct filter_completion *c)
{
	const char *text = ctx;

	require(c->text && c->text[0]);
	require(c->from >= 0 && c->from <= c->to && (size_t)c->to <= strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { 0 };
	struct filter *f;
	char *text;
	int rc;

	if (size > TEXT_MAX)
		return 0;
	text = strndup((const char *)data, size);
	require(text != NULL);
	size = strlen(text);
	rc = filter_parse(text, ROWS_TS_NS, &f, &err);
	if (rc) {
		require(rc == err.code && !f);
		check_error(&err, size);
	} else {
		unsigned verdicts = judge(f);

		require(judge(f) == verdicts);
		require(!filter_is_empty(f) ||
			verdicts == (1u << made_up_rows()->table->count) - 1);
		if (!filter_is_empty(f))
			check_opposite(text, verdicts);
		filter_free(f);
	}
	filter_complete(text, (int)size, check_candidate, text);
	filter_complete(text, (int)size / 2, check_candidate, text);
	free(text);
	return 0;
}
