/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is said of a row as part of a lookup, for the detail pane.
 */
#ifndef DNSTOP_TUI_LOOKUPS_H
#define DNSTOP_TUI_LOOKUPS_H

#include "core/query/field.h"

/* "2 of 4 in lookup 17: ok after 9.0 ms", "caused by ..."; "" of a row that is
 * alone. Returns the text's length, less than size. */
size_t lookups_text(const struct row_source *rows, const struct flow *row, char *buf, size_t size);

#endif
