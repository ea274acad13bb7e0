/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines around a view: what is watched and how it fares, the filter, the
 * truth bar, the keys.
 */
#ifndef DNSTOP_TUI_STATUS_H
#define DNSTOP_TUI_STATUS_H

#include "tui/filter/filterbar.h"
#include "tui/model/rate.h"
#include "tui/view/view_ops.h"
#include "tui/widget/text.h"

/* What the first line says of the traffic; fed with each frame. */
struct status {
	struct rate rate;
	bool has_first;
	uint64_t first_ns; /* epoch, of the oldest row there was */
	uint64_t error_rows, answered_rows;
	uint64_t counted_messages; /* tracker's, when errors were counted last */
	uint64_t counted_at_ns;    /* model time of it */
};

void status_feed(struct status *s, const struct frame *f);
void status_reset(struct status *s);

void status_draw_title(const struct status *s, const struct frame *f, struct rect at);
void status_draw_filter(struct filterbar *b, const struct frame *f, const char *counts,
			struct rect at);
/* The keys that mean something in the view. */
void status_draw_footer(const struct filterbar *b, bool finding, const struct frame *f,
			const struct view_ops *ops, struct rect at);
/* What a click at column x of the footer means: an action, NULL for none; while the
 * filter bar or a chip has the keys, one of theirs, 0 for none. */
struct action;
const struct action *status_footer_action(const struct frame *f, const struct view_ops *ops,
					  struct rect at, int x);
int status_footer_key(const struct filterbar *b, bool finding, struct rect at, int x);

#endif
