/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --write: the messages of the rows that match, as pcapng, as they settle;
 * beside whatever else is printed or shown.
 */
#ifndef DNSTOP_APP_WRITER_H
#define DNSTOP_APP_WRITER_H

#include <stdbool.h>

#include "app/options.h"
#include "core/base/err.h"
#include "core/query/field.h"

struct writer;

/* Makes the file that opt->write names. rows and opt are borrowed and must
 * outlive it. */
int writer_open(struct writer **out, const struct options *opt, const struct row_source *rows,
		struct err *err);
/* A row has settled, for the first time or again; NULL is fine. */
void writer_row(struct writer *w, const struct flow *f);
/* What keeps it from writing on, in words; "" where nothing does. NULL is fine. */
const char *writer_problem(const struct writer *w);
/* True when --count rows have been written, or no more can be. */
bool writer_done(const struct writer *w);
/* Closes the file and says on standard error what is not in it; NULL is fine.
 * Returns 0 or what went wrong first. A reader that has gone away is not told of. */
int writer_close(struct writer *w);

#endif
