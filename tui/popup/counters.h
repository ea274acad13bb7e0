/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The popup of all counters, in words: what was seen and what was lost since the
 * start. The truth bar has room for some of them.
 */
#ifndef DNSTOP_POPUP_COUNTERS_H
#define DNSTOP_POPUP_COUNTERS_H

#include "tui/popup/popup.h"
#include "tui/widget/doc.h"

struct counters {
	struct doc doc;
};

extern const struct popup_ops counters_ops;

#endif
