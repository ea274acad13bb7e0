/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The section of the detail pane that shows the way a transaction took: a line
 * for each sighting, with the time since the one before.
 */
#ifndef DNSTOP_VIEW_DETAIL_PATH_H
#define DNSTOP_VIEW_DETAIL_PATH_H

#include "core/flow/table.h"
#include "tui/widget/doc.h"

/* Adds its lines, times in words; nothing where the row's messages were seen once each. */
void detail_path_write(struct doc *d, const struct flow_table *t, const struct flow *row);

#endif
