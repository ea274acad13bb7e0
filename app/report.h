/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What dnstop prints instead of a screen: rows as they settle, or, where an
 * order, a limit or a grouping was asked for, a report at the end.
 */
#ifndef DNSTOP_APP_REPORT_H
#define DNSTOP_APP_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/options.h"
#include "core/base/err.h"
#include "core/query/field.h"

struct report;

/* rows and opt are borrowed and must outlive it. live: somebody may be reading
 * the pipe while rows come, so each is flushed. */
int report_open(struct report **out, const struct options *opt, const struct row_source *rows,
		bool live, struct err *err);

/* A row of the table has settled, for the first time or again. Returns 0, or a
 * negative errno from the output. */
int report_row(struct report *r, const struct flow *f);

/* True when --count rows have been printed. */
bool report_done(const struct report *r);

/* Prints what was held back for the end. */
int report_finish(struct report *r);

/* Closes the output; returns what its last write met. NULL is fine. */
int report_close(struct report *r);

#endif
