/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is said of a row as part of a lookup, for the detail pane.
 */
#ifndef DNSTOP_VIEW_LOOKUPS_H
#define DNSTOP_VIEW_LOOKUPS_H

#include "core/query/field.h"

/* "2 of 4 in lookup 17: ok after 9.0ms", "caused by ..."; "" of a row that is
 * alone. Returns the text's length, less than size. */
size_t lookups_text(const struct row_source *rows, const struct flow *row, char *buf, size_t size);
/* Of the whole: "ok after 38.2ms, 3 asked upstream". */
size_t lookups_whole(const struct row_source *rows, const struct flow *row, char *buf, size_t size);
/* "python3 > 10.0.0.1", "10.0.3.17 > unbound 10.0.0.1". */
size_t lookups_who(const struct row_source *rows, const struct flow *row, char *buf, size_t size);

#endif
