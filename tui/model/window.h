/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The window of time that rows on show are of: the last minutes before now, or
 * all that is in memory.
 */
#ifndef DNSTOP_MODEL_WINDOW_H
#define DNSTOP_MODEL_WINDOW_H

#include <stdint.h>

#include "core/flow/table.h"

#define WINDOW_ALL 0u

/* The next longer (+1) or shorter (-1) window in ns; the same at the end. */
uint64_t window_step(uint64_t window_ns, int step);
/* What it is moved by at a time, 0: that depends on what there is. */
uint64_t window_step_ns(uint64_t window_ns);
/* "5m", "all" */
const char *window_text(uint64_t window_ns);
/* The first row of [from_seq, to_seq) that is not before t_ns; to_seq: all are. */
uint32_t window_first(const struct flow_table *t, uint32_t from_seq, uint32_t to_seq,
		      uint64_t t_ns);
/* The first row of [from_seq, to_seq) that is of the window before now_ns. */
uint32_t window_from(const struct flow_table *t, uint32_t from_seq, uint32_t to_seq,
		     uint64_t window_ns, uint64_t now_ns);

#endif
