/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Does this row have the message's key, its question? Comparisons only.
 */
#ifndef DNSTOP_FLOW_MATCH_H
#define DNSTOP_FLOW_MATCH_H

#include <stdbool.h>

#include "core/flow/pair.h"

/* Whether it is the same stream of an HTTPS connection; true for all else. */
bool match_stream(const struct flow *f, const struct incoming *in);
/* Both addresses and ports, transport and id, of HTTPS the stream too. */
bool match_key(const struct flow_table *t, const struct flow *f, const struct incoming *in);
/* Client address, server address and port: the client's port may be another. */
bool match_client(const struct flow_table *t, const struct flow *f, const struct incoming *in);
/* Whether the query is known to be another process's than the row's. */
bool match_other_owner(const struct flow_table *t, const struct flow *f, const struct incoming *in);
/* Whether a row of the query's key has its question, or, being an answer that
 * overtook its query, may have been for it. */
bool match_query(const struct flow_table *t, const struct flow *f, const struct incoming *in);
/* Whether a row of the response's key has its question, which it may lack. */
bool match_response(const struct flow_table *t, const struct flow *f, const struct incoming *in);

#endif
