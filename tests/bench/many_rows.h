/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A full table of made-up rows for benches: 100,000 names or another number of
 * them, 10,000 clients, 50 servers; some names and clients frequent, most rare.
 */
#ifndef DNSTOP_TESTS_BENCH_MANY_ROWS_H
#define DNSTOP_TESTS_BENCH_MANY_ROWS_H

#include <stdio.h>

#include "core/flow/table.h"

#define MANY_NAMES    100000
#define MANY_CLIENTS  10000
#define MANY_SERVERS  50
#define MANY_FIRST_TS 1795435471000000000ull

struct many {
	struct flow_table *table;
	uint32_t names; /* 0: each row has its own */
	uint32_t made;
	uint64_t gap_ns; /* between rows */
	uint64_t next_ts_ns;
	uint64_t state; /* of the random numbers */
};

static inline uint64_t many_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Few values are frequent, most are rare, as names are. */
static inline uint32_t many_skewed(uint64_t *state, uint32_t n)
{
	uint64_t r = many_random(state);

	return (uint32_t)(r % 4 ? r / 4 % n : r / 4 % (n / 100 + 1));
}

static inline void many_add(struct many *m)
{
	struct flow_table *t = m->table;
	static const uint16_t types[] = { 1, 1, 1, 28, 28, 65, 12, 15, 16 };
	static const uint16_t rcodes[] = { 0, 0, 0, 0, 0, 0, 0, 3, 3, 2 };
	uint32_t name = m->names ? many_skewed(&m->state, m->names) : m->made;
	uint32_t client = many_skewed(&m->state, MANY_CLIENTS), seq;
	char text[64];
	struct ip_addr addr = ip_addr_from_v4("\12\0\0\0");
	int len = snprintf(text, sizeof(text), "host%u.dept%u.example.%s", name, name % 300,
			   name % 3 ? "com" : "org");
	struct flow *f;
	uint32_t name_id = flow_table_name(t, text, (size_t)len);
	uint32_t server_id;

	addr.b[14] = (uint8_t)(many_random(&m->state) % MANY_SERVERS);
	server_id = flow_table_addr(t, &addr);
	addr.b[12] = client % 2 ? 10 : 192;
	addr.b[14] = (uint8_t)(client >> 8);
	addr.b[15] = (uint8_t)client;
	addr.b[13] = 1;
	if (m->made++ % FLOW_TABLE_ASK == 0 && flow_table_crowded(t))
		flow_table_sweep(t);
	f = flow_table_add(t, &seq);
	f->qname = name_id;
	f->server = server_id;
	f->client = flow_table_addr(t, &addr);
	f->ts_ns = m->next_ts_ns;
	m->next_ts_ns += m->gap_ns;
	f->id = (uint16_t)many_random(&m->state);
	f->qtype = types[many_random(&m->state) % 9];
	f->qclass = 1;
	f->client_port = (uint16_t)many_random(&m->state);
	f->server_port = 53;
	f->attempts = 1;
	f->query_bytes = 40;
	f->marks = FLOW_HAS_QUESTION;
	f->state = FLOW_TIMEOUT;
	if (many_random(&m->state) % 100 == 0)
		return;
	f->state = FLOW_ANSWERED;
	f->marks |= FLOW_HAS_RESPONSE;
	f->rcode = rcodes[many_random(&m->state) % 10];
	f->latency_ns = 100000 +
			many_random(&m->state) % (1ull << (20 + many_random(&m->state) % 12));
	f->response_bytes = 120;
}

/* rows of them, as many names, gap_ns from one to the next. False when
 * memory is short. */
static inline bool many_make(struct many *m, uint32_t rows, uint32_t names, uint64_t gap_ns)
{
	struct flow_table_config cfg = { .max_flows = rows, .hash_seed = 1 };

	*m = (struct many){
		.table = flow_table_new(&cfg),
		.names = names,
		.gap_ns = gap_ns,
		.next_ts_ns = MANY_FIRST_TS,
		.state = 88172645463325252ull,
	};
	for (uint32_t i = 0; m->table && i < rows; i++)
		many_add(m);
	return m->table;
}

#endif
