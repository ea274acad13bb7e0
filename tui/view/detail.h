/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The detail pane: every fact of one transaction, and its messages as dig
 * shows them. Facts come from the field registry; one that this file has no
 * better line for is shown under its own title.
 */
#ifndef DNSTOP_VIEW_DETAIL_H
#define DNSTOP_VIEW_DETAIL_H

#include <stdbool.h>

#include "tui/model/frame.h"
#include "tui/widget/doc.h"
#include "tui/widget/text.h"

struct detail {
	bool open;
	struct doc doc;
	char *message; /* room for one decoded message */
	bool shown;    /* what follows is of a row */
	uint32_t seq;  /* of the row it was made from */
	struct flow made_from;
	char lookup[256];             /* what was told of its lookup, which goes on */
	bool had_query, had_response; /* whether the bytes were in memory */
	bool gone;
};

void detail_free(struct detail *d);
/* Makes the text for a row, where it isn't made yet. */
void detail_update(struct detail *d, const struct frame *f, uint32_t seq);
/* There is no row to show. */
void detail_clear(struct detail *d);
void detail_draw(struct detail *d, const struct frame *f, struct rect at);

#endif
