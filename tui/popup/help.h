/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The help: every key that does something, from the action table.
 */
#ifndef DNSTOP_POPUP_HELP_H
#define DNSTOP_POPUP_HELP_H

#include "tui/popup/popup.h"

struct help {
	int top;    /* first line on screen */
	int lines;  /* of the longest column, as drawn last */
	int height; /* cells for them */
};

extern const struct popup_ops help_ops;

#endif
