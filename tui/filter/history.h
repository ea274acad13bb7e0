/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was entered before, newest last, in memory.
 */
#ifndef DNSTOP_FILTER_HISTORY_H
#define DNSTOP_FILTER_HISTORY_H

#define HISTORY_MAX 100

struct history {
	char *line[HISTORY_MAX];
	int n;
	int at;    /* the one recalled; n: none */
	int fresh; /* as many of the newest were entered since it was settled */
};

void history_free(struct history *h);
/* Remembers a line, unless it is empty, as the newest: where it was before, it is no
 * more. */
void history_add(struct history *h, const char *line);
/* The one before (-1) or after (+1) the one recalled; NULL at the ends. After
 * the newest comes "". */
const char *history_recall(struct history *h, int step);
/* What there is so far is nothing new. */
void history_settle(struct history *h);
/* Recalling begins at the newest again. */
void history_rewind(struct history *h);

#endif
