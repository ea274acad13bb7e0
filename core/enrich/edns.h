/* SPDX-License-Identifier: BSD-2-Clause */
/* EDNS options as text. Used within core/enrich. */
#ifndef DNSTOP_ENRICH_EDNS_H
#define DNSTOP_ENRICH_EDNS_H

#include "core/enrich/lines.h"
#include "core/enrich/rdata.h"

/* Adds what an OPT record says (RFC 6891, section 6), a line for each thing,
 * as dig does. */
void edns_add(struct lines *l, const struct record *opt);

#endif
