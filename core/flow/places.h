/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table's list of places, for table.c. Containers come and go, so when the
 * list is full, places that no row names any more are given away again.
 */
#ifndef DNSTOP_FLOW_PLACES_H
#define DNSTOP_FLOW_PLACES_H

#include "core/flow/table.h"

/* 0 or -ENOMEM; places_fini in either case. */
int places_init(struct flow_table *t);
void places_fini(struct flow_table *t);
/* To be called when the table has no rows. */
void places_clear(struct flow_table *t);

#endif
