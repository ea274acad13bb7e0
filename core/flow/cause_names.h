/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which names may be asked upstream for the sake of a question: for cause.c.
 *
 * A question is entered under its name and under each name above it; answers to
 * what was asked for it add the targets of CNAMEs and the names of name servers.
 */
#ifndef DNSTOP_FLOW_CAUSE_NAMES_H
#define DNSTOP_FLOW_CAUSE_NAMES_H

#include "core/dns/labels.h"
#include "core/flow/pair.h"
#include "core/flow/questions.h"
#include "core/flow/table.h"

/* What a hash of a name says of it. */
enum cause_name {
	CAUSE_NAME,   /* it is the question's */
	CAUSE_TARGET, /* an answer told to go there */
	CAUSE_ABOVE,  /* it is above one of these */
};

/* The labels of a row's name; none where it has none. */
void cause_labels(struct dns_labels *out, const struct flow_table *t, const struct flow *f);
/* Of the name from a label on, asked of `who`. */
uint64_t cause_hash(const struct flow_table *t, const struct dns_labels *name, int from,
		    uint64_t who, enum cause_name what);
/* Enters an open question under the names above one. */
void cause_add_above(struct questions *q, const struct flow_table *t, uint32_t seq,
		     const struct dns_labels *name, uint64_t who);
/* Enters it under what an answer (a response, parsed) says to ask next. */
void cause_add_targets(struct questions *q, const struct flow_table *t, uint32_t seq,
		       const struct incoming *in, uint64_t who);

/* The open question of `who` that caused the query f, or FLOW_NO_SEQ; with
 * `exactly` only one of its name and type. */
uint32_t cause_find(const struct questions *q, const struct flow_table *t, const struct flow *f,
		    uint32_t seq, uint64_t who, bool exactly);

#endif
