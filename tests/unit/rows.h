/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Made-up rows for tests: a real flow table, filled as the tracker would fill
 * it, one line a row.
 *
 *	struct rows *r = rows_new();
 *	rows_add(r, &(struct row_spec){ .qname = "example.com", .qtype = 1,
 *					.latency_ns = 2104118000, .rcode = 2 });
 *	... r->table, r->src ...
 *	rows_free(r);
 *
 * What a spec leaves out has the defaults below, so that a test says only what
 * it is about. Failures of set-up end the test program.
 */
#ifndef DNSTOP_TESTS_UNIT_ROWS_H
#define DNSTOP_TESTS_UNIT_ROWS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dns/wire.h"
#include "core/flow/table.h"
#include "core/query/field.h"

/* 2026-11-23 12:04:31.402118233 UTC: what a spec without a time gets. */
#define ROWS_TS_NS 1795435471402118233ull

struct row_spec {
	uint64_t ts_ns;          /* 0: ROWS_TS_NS, and a millisecond later for each row */
	const char *client;      /* "10.0.3.22" */
	const char *server;      /* "10.0.0.2" */
	uint16_t client_port;    /* 41220 */
	uint16_t server_port;    /* 53 */
	uint16_t id;             /* 0 is an id */
	const char *qname;       /* presentation form; "example.com" */
	bool no_question;        /* there was no question section */
	uint16_t qtype;          /* 1, A */
	uint16_t qclass;         /* 1, IN */
	uint8_t state;           /* 0: answered, see `pending` */
	bool pending;            /* FLOW_PENDING, which is 0 and so can't be said by `state` */
	uint16_t rcode;          /* with a response */
	uint64_t latency_ns;     /* when answered; 0: 1 ms */
	uint16_t query_flags;    /* 0: RD */
	uint16_t response_flags; /* 0: QR RD RA */
	uint8_t opcode;          /* set in both flag words */
	uint16_t attempts;       /* 0: 1 */
	uint16_t sightings;      /* 0: 1 */
	uint16_t query_bytes;    /* 0: 40, none when unsolicited */
	uint32_t response_bytes; /* 0: 120, none without a response */
	uint16_t answers;        /* of the response */
	uint32_t ttl;            /* a fact when not 0 */
	uint16_t ede;            /* a fact when not 0 */
	uint32_t pid;            /* an owner is entered when not 0 */
	uint32_t uid;
	const char *comm;
	const char *container; /* of that owner */
	const char *pod;
	const char *exe;
	uint32_t server_pid; /* likewise */
	const char *server_comm;
	const char *server_container;
	uint32_t netns; /* a place is entered when any of these is set */
	uint32_t ifindex;
	const char *ifname;
	uint8_t transport; /* enum transport */
	uint8_t service;   /* enum flow_service */
	const char *drop_reason;
	uint16_t marks;               /* in addition to those that follow from the rest */
	const void *query, *response; /* wire bytes kept in the table's store */
	size_t query_len, response_len;
};

struct rows {
	struct flow_table *table;
	struct row_source src; /* of table, without a decoder of answers */
	uint64_t next_ts_ns;
};

static inline void rows_must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "rows.h: %s\n", what);
		abort();
	}
}

static inline struct rows *rows_new_sized(uint32_t max_flows)
{
	struct flow_table_config cfg = {
		.max_flows = max_flows,
		.store_bytes = 1 << 20,
		.hash_seed = 1,
	};
	struct rows *r = calloc(1, sizeof(*r));

	rows_must(r != NULL, "out of memory");
	r->table = flow_table_new(&cfg);
	rows_must(r->table != NULL, "no flow table");
	r->src.table = r->table;
	r->next_ts_ns = ROWS_TS_NS;
	return r;
}

static inline struct rows *rows_new(void)
{
	return rows_new_sized(1024);
}

static inline void rows_free(struct rows *r)
{
	flow_table_free(r->table);
	free(r);
}

static inline struct ip_addr rows_addr(const char *text)
{
	struct ip_addr a = { 0 };

	rows_must(ip_addr_parse(text, &a) == 0, "not an address");
	return a;
}

static inline uint32_t rows_addr_id(struct rows *r, const char *text)
{
	struct ip_addr a = rows_addr(text);

	return flow_table_addr(r->table, &a);
}

static inline uint32_t rows_owner_id(struct rows *r, const struct row_spec *s)
{
	struct owner o = { .pid = s->pid, .uid = s->uid };

	if (!s->pid)
		return 0;
	if (s->container)
		o.container = flow_table_label(r->table, s->container, strlen(s->container));
	if (s->pod)
		o.pod = flow_table_label(r->table, s->pod, strlen(s->pod));
	if (s->exe)
		o.exe = flow_table_label(r->table, s->exe, strlen(s->exe));
	snprintf(o.comm, sizeof(o.comm), "%s", s->comm ? s->comm : "dig");
	return flow_table_owner(r->table, &o);
}

static inline void rows_fill_side(struct rows *r, struct flow *f, const struct row_spec *s)
{
	const struct row_spec server = {
		.pid = s->server_pid,
		.comm = s->server_comm,
		.container = s->server_container,
	};

	if (s->server_pid)
		flow_table_set_answerer(r->table, f, rows_owner_id(r, &server));
}

static inline void rows_fill_response(struct rows *r, struct flow *f, const struct row_spec *s)
{
	uint16_t op = (uint16_t)(s->opcode << 11);

	f->marks |= FLOW_HAS_RESPONSE;
	f->rcode = s->rcode;
	f->response_flags = s->response_flags ? s->response_flags
					      : DNS_FLAG_QR | DNS_FLAG_RD | DNS_FLAG_RA;
	f->response_flags |= op | (s->rcode & 0xf);
	f->response_bytes = s->response_bytes ? s->response_bytes : 120;
	f->answers = s->answers;
	if (f->state == FLOW_ANSWERED)
		f->latency_ns = s->latency_ns ? s->latency_ns : 1000000;
	if (s->ttl)
		f->marks |= FLOW_HAS_TTL;
	f->ttl = s->ttl;
	if (s->ede)
		f->marks |= FLOW_HAS_EDE | FLOW_HAS_RESPONSE_EDNS;
	f->ede = s->ede;
	if (s->response)
		f->response_ref = store_put(r->table->store, s->response, s->response_len);
}

/* Adds one row; it is valid until the table evicts it. */
static inline struct flow *rows_add(struct rows *r, const struct row_spec *s)
{
	const char *qname = s->qname ? s->qname : "example.com";
	uint32_t client = rows_addr_id(r, s->client ? s->client : "10.0.3.22");
	uint32_t server = rows_addr_id(r, s->server ? s->server : "10.0.0.2");
	uint32_t name = s->no_question ? 0 : flow_table_name(r->table, qname, strlen(qname));
	uint32_t owner = rows_owner_id(r, s);
	bool placed = s->netns || s->ifindex || s->ifname;
	uint16_t place = placed ? flow_table_place(r->table, s->netns, s->ifindex,
						   s->ifname ? s->ifname : "")
				: 0;
	uint32_t seq;
	struct flow *f = flow_table_add(r->table, &seq);

	f->ts_ns = s->ts_ns ? s->ts_ns : r->next_ts_ns;
	r->next_ts_ns += 1000000;
	f->client = client;
	f->server = server;
	f->same_key = FLOW_NO_SEQ;
	f->owner = owner;
	rows_fill_side(r, f, s);
	f->place = place;
	f->client_port = s->client_port ? s->client_port : 41220;
	f->server_port = s->server_port ? s->server_port : 53;
	f->id = s->id;
	f->state = s->pending ? FLOW_PENDING : s->state ? s->state : FLOW_ANSWERED;
	f->transport = s->transport & 0xf;
	f->service = s->service & 0xf;
	f->attempts = s->attempts ? s->attempts : 1;
	f->sightings = s->sightings ? s->sightings : 1;
	if (s->drop_reason)
		f->drop_reason = (uint16_t)flow_table_label(r->table, s->drop_reason,
							    strlen(s->drop_reason));
	f->marks |= s->marks;
	if (!s->no_question) {
		f->marks |= FLOW_HAS_QUESTION;
		f->qname = name;
		f->qtype = s->qtype ? s->qtype : 1;
		f->qclass = s->qclass ? s->qclass : 1;
	}
	if (f->state == FLOW_UNSOLICITED) {
		f->attempts = 0;
	} else {
		f->query_flags = s->query_flags ? s->query_flags : DNS_FLAG_RD;
		f->query_flags |= (uint16_t)(s->opcode << 11);
		f->query_bytes = s->query_bytes ? s->query_bytes : 40;
		if (s->query)
			f->query_ref = store_put(r->table->store, s->query, s->query_len);
	}
	if (f->state == FLOW_ANSWERED || f->state == FLOW_UNSOLICITED)
		rows_fill_response(r, f, s);
	return f;
}

#endif
