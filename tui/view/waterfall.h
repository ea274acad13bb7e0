/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The waterfall: the lookup that a row is part of, as a tree of its questions
 * with a bar of time for each, so that it can be seen which hop was slow.
 */
#ifndef DNSTOP_VIEW_WATERFALL_H
#define DNSTOP_VIEW_WATERFALL_H

#include "core/query/lookup_tree.h"
#include "tui/popup/popup.h"

struct waterfall {
	uint32_t seq; /* a row of the lookup: what it was opened for */
	/* Enter: shows a row of it in the view below. */
	void (*go)(void *owner, uint32_t seq, uint32_t lookup);
	void *owner;
	uint32_t chosen_seq; /* the row under the cursor */
	int top;
	int height;      /* lines as drawn last */
	struct rect box; /* likewise */
	struct lookup_tree tree;
};

extern const struct popup_ops waterfall_ops;

/* seq: a row of the lookup; owner is borrowed while it
 * is open. */
void waterfall_open(struct waterfall *w, uint32_t seq,
		    void (*go)(void *owner, uint32_t seq, uint32_t lookup), void *owner);

#endif
