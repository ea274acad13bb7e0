/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The switches that select rows, the classic dnstop's among them: each is a
 * term of one filter, in the language of the filter bar.
 */
#ifndef DNSTOP_APP_SELECTION_H
#define DNSTOP_APP_SELECTION_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

/* The filter so far; text is the caller's and begins as "". */
struct selection {
	char *text;
	size_t size;
	size_t len;
};

/* Each adds its term, or returns a negative errno with err filled. */

/* -Y: any filter. A mistake in it is shown on standard error with a caret. */
int selection_where(struct selection *s, const char *filter, uint64_t now_ns, struct err *err);
int selection_ipv4(struct selection *s, struct err *err);
int selection_ipv6(struct selection *s, struct err *err);
/* -Q, -R: rows whose query, whose reply was seen. */
int selection_queries(struct selection *s, struct err *err);
int selection_replies(struct selection *s, struct err *err);
/* -i: not what this address asks, or is asked. */
int selection_not_client(struct selection *s, const char *address, struct err *err);
int selection_not_server(struct selection *s, const char *address, struct err *err);
/* -n: this name and those below it. */
int selection_domain(struct selection *s, const char *name, struct err *err);
/* -f: a classic filter by its name. */
int selection_named(struct selection *s, const char *name, struct err *err);

#endif
