/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sink/out.h"

#include <errno.h>
#include <string.h>

/* Digits of the largest uint64_t. */
#define UINT_DIGITS 20

void out_init(struct out *o, const struct sink_config *cfg)
{
	o->file = cfg->out;
	o->flush_rows = cfg->line_buffered;
	o->error = 0;
	o->len = 0;
}

static void fail(struct out *o)
{
	if (!o->error)
		o->error = errno ? -errno : -EIO;
}

static void spill(struct out *o)
{
	errno = 0;
	if (!o->error && fwrite(o->data, 1, o->len, o->file) != o->len)
		fail(o);
	o->len = 0;
}

void out_long(struct out *o, const char *bytes, size_t len)
{
	while (len > sizeof(o->data) - o->len) {
		size_t room = sizeof(o->data) - o->len;

		memcpy(o->data + o->len, bytes, room);
		o->len += room;
		bytes += room;
		len -= room;
		spill(o);
	}
	memcpy(o->data + o->len, bytes, len);
	o->len += len;
}

void out_text(struct out *o, const char *text)
{
	out_bytes(o, text, strlen(text));
}

void out_spaces(struct out *o, size_t n)
{
	while (n--)
		out_char(o, ' ');
}

/* Writes the digits of n before `end`, at least `least` of them. */
static char *digits(char *end, uint64_t n, unsigned least)
{
	char *p = end;

	for (; n || p > end - least; n /= 10)
		*--p = (char)('0' + n % 10);
	return p;
}

void out_uint(struct out *o, uint64_t n)
{
	char buf[UINT_DIGITS], *end = buf + sizeof(buf), *p = digits(end, n, 1);

	out_bytes(o, p, (size_t)(end - p));
}

void out_decimal(struct out *o, uint64_t n, unsigned decimals, bool trim)
{
	char buf[UINT_DIGITS + 1], *end = buf + UINT_DIGITS, *p = digits(end, n, decimals + 1);
	char *point = end - decimals;

	out_bytes(o, p, (size_t)(point - p));
	while (trim && end > point && end[-1] == '0')
		end--;
	if (end == point)
		return;
	out_char(o, '.');
	out_bytes(o, point, (size_t)(end - point));
}

void out_number(struct out *o, const struct value *v)
{
	switch (v->type) {
	case VALUE_TIME:
		out_decimal(o, v->u, 9, false);
		break;
	case VALUE_DURATION:
		out_decimal(o, v->u, 3, true);
		break;
	default:
		out_uint(o, v->u);
	}
}

int out_end_row(struct out *o)
{
	if (o->flush_rows)
		return out_finish(o);
	return o->error;
}

int out_finish(struct out *o)
{
	spill(o);
	errno = 0;
	if (!o->error && fflush(o->file) != 0)
		fail(o);
	return o->error;
}

int sink_columns(const struct sink_config *cfg, const struct field *out[FIELD_MAX_COLUMNS],
		 struct err *err)
{
	size_t total;
	const struct field *all = fields(&total);
	int n = 0;

	if (cfg->columns) {
		if (cfg->n_columns > FIELD_MAX_COLUMNS)
			return err_set(err, -E2BIG, "more than %d columns", FIELD_MAX_COLUMNS);
		memcpy(out, cfg->columns, (size_t)cfg->n_columns * sizeof(*out));
		return cfg->n_columns;
	}
	for (size_t i = 0; i < total && n < FIELD_MAX_COLUMNS; i++)
		if (all[i].flags & FIELD_JSON)
			out[n++] = &all[i];
	return n;
}

struct value sink_group_value(const struct group *g, enum group_column c)
{
	struct value v = { .type = VALUE_UINT };

	switch (c) {
	case GROUP_COUNT:
		v.u = g->count;
		break;
	case GROUP_TIMEOUTS:
		v.u = g->timeouts;
		break;
	case GROUP_ERRORS:
		v.u = g->errors;
		break;
	case GROUP_BYTES:
		v.u = g->bytes;
		break;
	default:
		v.type = g->answered ? VALUE_DURATION : VALUE_NONE;
		v.u = g->latency_ns[c];
	}
	return v;
}

uint64_t sink_group_share(const struct group *g, uint64_t total)
{
	return total ? (g->count * 1000000 + total / 2) / total : 0;
}
