/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypted DNS by process and server, from the inventory that the source keeps:
 * no rows of the flow table are behind it, so that no filter applies.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/escape.h"
#include "core/flow/inventory.h"
#include "core/query/board.h"

enum {
	COLUMN_KIND,
	COLUMN_PROCESS,
	COLUMN_SERVER,
	COLUMN_PORT,
	COLUMN_NAME,
	COLUMN_CONNECTIONS,
	COLUMN_HANDSHAKE,
	COLUMN_HANDSHAKE_MAX,
	COLUMN_OUT,
	COLUMN_IN,
	COLUMN_EXCHANGES,
	COLUMN_EXCHANGE,
	COLUMN_EXCHANGE_MIN,
	COLUMN_EXCHANGE_MAX,
	COLUMN_LAST,
	COLUMNS,
};

/* clang-format off */
static const struct board_column columns[] = {
	{ "kind", "KIND", "dot (853/tcp), doq (853/udp), doh (443/tcp to a server of the list), doh3 (443/udp)",
	  NULL, VALUE_TEXT, 4, 4, 0, false },
	{ "comm", "PROCESS", "who asks, where it is of this host", NULL, VALUE_TEXT, 10, 16, 0, false },
	{ "server", "SERVER", "whom", "server", VALUE_ADDR, 15, 39, 0, false },
	{ "server_port", "PORT", "its port", NULL, VALUE_UINT, 5, 5, 60, true },
	{ "server_name", "NAME", "its name, from the list of servers", NULL, VALUE_TEXT, 16, 30, 40, false },
	{ "connections", "CONN", "connections, or QUIC's", NULL, VALUE_UINT, 6, 10, 0, true },
	{ "handshake_avg_us", "SHAKE", "average time from the first packet to the client's first data",
	  NULL, VALUE_DURATION, 7, 7, 10, true },
	{ "handshake_max_us", "MAX", "greatest time of a handshake", NULL, VALUE_DURATION, 7, 7, 70, true },
	{ "bytes_out", "OUT", "bytes to the server, without headers", NULL, VALUE_UINT, 8, 14, 20, true },
	{ "bytes_in", "IN", "bytes back", NULL, VALUE_UINT, 8, 14, 20, true },
	{ "exchanges_estimate", "~ASKED", "estimate: what has a query's size and had something come back",
	  NULL, VALUE_UINT, 7, 10, 30, true },
	{ "exchange_avg_us_estimate", "~AVG", "estimate: the average time until then", NULL,
	  VALUE_DURATION, 7, 7, 5, true },
	{ "exchange_min_us_estimate", "~MIN", "estimate: the least", NULL, VALUE_DURATION, 7, 7, 80, true },
	{ "exchange_max_us_estimate", "~MAX", "estimate: the greatest", NULL, VALUE_DURATION, 7, 7, 50, true },
	{ "last_ts", "LAST", "its last packet", NULL, VALUE_TIME, 12, 12, 90, true },
};
/* clang-format on */

_Static_assert(sizeof(columns) / sizeof(columns[0]) == COLUMNS, "a name for each column");

struct encrypted {
	struct board base;
	struct inventory_row rows[];
};

static int by_connections(const void *a, const void *b)
{
	const struct inventory_row *x = a, *y = b;

	if (x->connections != y->connections)
		return x->connections < y->connections ? 1 : -1;
	return x->first_ns < y->first_ns ? -1 : x->first_ns > y->first_ns;
}

static int encrypted_make(struct board **out, const struct row_source *src, struct filter *filter,
			  uint32_t from_seq, uint32_t to_seq)
{
	uint32_t n = src->inventory ? inventory_count(src->inventory) : 0;
	struct encrypted *e = calloc(1, sizeof(*e) + n * sizeof(e->rows[0]));

	(void)filter, (void)from_seq, (void)to_seq;
	*out = NULL;
	if (!e)
		return -ENOMEM;
	e->base.ops = &board_encrypted;
	e->base.count = n;
	for (uint32_t i = 0; i < n; i++)
		e->rows[i] = *inventory_at(src->inventory, i);
	qsort(e->rows, n, sizeof(e->rows[0]), by_connections);
	*out = &e->base;
	return 0;
}

static void put_text(struct value *out, const char *text, size_t len, char *buf)
{
	*out = (struct value){ .type = VALUE_NONE };
	if (!len || !*text)
		return;
	out->type = VALUE_TEXT;
	out->text = buf;
	out->len = escape_bytes(buf, VALUE_BUF, text, len);
}

/* Of no times there is neither an average nor a least. */
static struct value duration(const struct inventory_times *t, uint64_t ns)
{
	return (struct value){ .type = t->n ? VALUE_DURATION : VALUE_NONE, .u = ns };
}

static uint64_t average(const struct inventory_times *t)
{
	return t->n ? t->sum / t->n : 0;
}

static void encrypted_value(const struct board *b, uint32_t line, int column, struct value *out,
			    char *buf)
{
	const struct inventory_row *r = &((const struct encrypted *)b)->rows[line];
	const uint64_t numbers[COLUMNS] = {
		[COLUMN_PORT] = r->port,
		[COLUMN_CONNECTIONS] = r->connections,
		[COLUMN_OUT] = r->bytes_out,
		[COLUMN_IN] = r->bytes_in,
		[COLUMN_EXCHANGES] = r->exchange.n,
	};
	const char *kind = inventory_kind_name((enum inventory_kind)r->kind);

	switch (column) {
	case COLUMN_KIND:
		put_text(out, kind, strlen(kind), buf);
		break;
	case COLUMN_PROCESS:
		put_text(out, r->comm, strnlen(r->comm, sizeof(r->comm)), buf);
		break;
	case COLUMN_NAME:
		put_text(out, r->name, strlen(r->name), buf);
		break;
	case COLUMN_SERVER:
		*out = (struct value){ .type = VALUE_ADDR, .addr = r->server };
		break;
	case COLUMN_HANDSHAKE:
		*out = duration(&r->handshake, average(&r->handshake));
		break;
	case COLUMN_HANDSHAKE_MAX:
		*out = duration(&r->handshake, r->handshake.max);
		break;
	case COLUMN_EXCHANGE:
		*out = duration(&r->exchange, average(&r->exchange));
		break;
	case COLUMN_EXCHANGE_MIN:
		*out = duration(&r->exchange, r->exchange.min);
		break;
	case COLUMN_EXCHANGE_MAX:
		*out = duration(&r->exchange, r->exchange.max);
		break;
	case COLUMN_LAST:
		*out = (struct value){ .type = VALUE_TIME, .u = r->last_ns };
		break;
	default:
		*out = (struct value){ .type = VALUE_UINT, .u = numbers[column] };
		break;
	}
}

static void encrypted_free(struct board *b)
{
	free(b);
}

const struct board_ops board_encrypted = {
	.name = "encrypted",
	.help = "DNS over TLS, QUIC and HTTPS by process and server, without keys",
	.empty = "no connection of DNS over TLS, QUIC or, to a server of the list, HTTPS",
	.columns = columns,
	.n_columns = COLUMNS,
	.unfiltered = true,
	.where = "transport=tls,https",
	.make = encrypted_make,
	.value = encrypted_value,
	.free = encrypted_free,
};
