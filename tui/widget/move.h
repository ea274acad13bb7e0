/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Moving in what may be longer than the screen.
 */
#ifndef DNSTOP_WIDGET_MOVE_H
#define DNSTOP_WIDGET_MOVE_H

enum move {
	MOVE_UP,
	MOVE_DOWN,
	MOVE_PAGE_UP,
	MOVE_PAGE_DOWN,
	MOVE_FIRST,
	MOVE_LAST,
};

/* Where the choice of a list of n lines goes, `page` of them on screen; not
 * kept within the list yet. */
int move_choice(int chosen, enum move how, int page, int n);
/* Keeps the choice within the list and on screen. */
void move_reveal(int *chosen, int *top, int height, int n);

#endif
