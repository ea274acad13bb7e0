/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of a few hosts to a group or to each other: mDNS, LLMNR, and DNS for what
 * EDNS fields make of it. Each message is one byte that says who, to whom, by what
 * and how much later, two bytes of length, and its bytes. Rows stay whole: counts are
 * sums, and every field of each can be read.
 */
#include <stdlib.h>
#include <string.h>

#include "core/flow/tracker.h"
#include "core/query/field.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FROM(byte)    ((byte)&3u)
#define GROUP         4u
#define LLMNR         8u
#define UNICAST       16u /* of port 53 */
#define LATER(byte)   ((byte) >> 5)
#define LATER_STEP_NS 300000000ull

static void require(bool what)
{
	if (!what)
		abort();
}

static struct ip_addr host(unsigned n)
{
	return (struct ip_addr){ .b = { [10] = 0xff, 0xff, 10, 0, 0, (uint8_t)(n + 1) } };
}

static struct ip_addr group(bool llmnr)
{
	return (struct ip_addr){ .b = { [10] = 0xff, 0xff, 224, 0, 0, llmnr ? 252 : 251 } };
}

static void address(struct dns_msg *m, uint8_t how)
{
	uint16_t port = how & UNICAST ? 53 : how & LLMNR ? 5355 : 5353;
	bool response = m->wire_len > 2 && m->wire[2] & 0x80;
	uint16_t far = port == 5353 ? port : 1000;

	m->src = host(FROM(how));
	m->dst = how & GROUP ? group(how & LLMNR) : host((FROM(how) + 1) & 3);
	m->src_port = response ? port : far;
	m->dst_port = response ? far : port;
}

static void feed(struct tracker *tr, const uint8_t *data, size_t size)
{
	struct dns_msg m = { .ts_ns = 1700000000000000000ull };

	while (size >= 3) {
		size_t n = (size_t)data[1] << 8 | data[2];

		n = n < size - 3 ? n : size - 3;
		m.wire = data + 3;
		m.wire_len = m.wire_orig = (uint32_t)n;
		m.ts_ns += 1000 + LATER(data[0]) * LATER_STEP_NS;
		address(&m, data[0]);
		tracker_feed(tr, &m);
		data += 3 + n;
		size -= 3 + n;
	}
	tracker_finish(tr);
}

static void read_fields(const struct flow_table *t)
{
	struct row_source src = { .table = t };
	char text[4096];
	size_t n;
	const struct field *all = fields(&n);

	for (uint32_t i = 0; i < t->count; i++) {
		const struct flow *f = flow_table_row(t, flow_table_oldest(t) + i);

		for (size_t k = 0; k < n; k++)
			require(field_cell(&all[k], &src, f, text, sizeof(text)) <
				(int)sizeof(text));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flow_table_config table = { .max_flows = 64, .store_bytes = 1u << 16 };
	struct tracker_config cfg = { 0 };
	struct flow_table *t = flow_table_new(&table);
	struct tracker *tr = t ? tracker_new(t, &cfg) : NULL;
	const struct tracker_stats *s;

	require(tr);
	feed(tr, data, size);
	s = tracker_stats(tr);
	require(s->messages >= s->queries + s->responses + s->malformed);
	require(s->announced + s->unsolicited + s->paired <= s->responses * 128);
	read_fields(t);
	tracker_free(tr);
	flow_table_free(t);
	return 0;
}
