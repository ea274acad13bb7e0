/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/move.h"

int move_choice(int chosen, enum move how, int page, int n)
{
	switch (how) {
	case MOVE_UP:
		return chosen - 1;
	case MOVE_DOWN:
		return chosen + 1;
	case MOVE_PAGE_UP:
		return chosen - page;
	case MOVE_PAGE_DOWN:
		return chosen + page;
	case MOVE_FIRST:
		return 0;
	case MOVE_LAST:
		return n - 1;
	}
	return chosen;
}

void move_reveal(int *chosen, int *top, int height, int n)
{
	if (*chosen >= n)
		*chosen = n - 1;
	if (*chosen < 0)
		*chosen = 0;
	/* Where there is more room than before, it is filled. */
	if (*top > n - height)
		*top = n > height ? n - height : 0;
	if (*chosen < *top)
		*top = *chosen;
	if (height > 0 && *chosen >= *top + height)
		*top = *chosen - height + 1;
}
