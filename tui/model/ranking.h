/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first few groups of a grouping in some order, copied: what is on show
 * stays while the groups are counted again, and takes no sorting of all.
 */
#ifndef DNSTOP_MODEL_RANKING_H
#define DNSTOP_MODEL_RANKING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query/group.h"

#define RANKING_MAX 60

struct ranked {
	struct group group;
	char text[VALUE_BUF / 2]; /* of its key */
};

struct ranking {
	struct group total;
	uint32_t groups; /* of which these are the first */
	int n;
	struct ranked at[RANKING_MAX];
};

struct ranking_order {
	enum group_column column;
	bool ascending;
	bool skip_noerror; /* the group of response code 0, too */
	int top;           /* RANKING_MAX at the most */
};

/* Leaves out groups whose figure is none: without a sample, or 0. */
void ranking_make(struct ranking *r, const struct grouping *g, struct ranking_order order);
void ranking_copy(struct ranking *to, const struct ranking *from);

#endif
