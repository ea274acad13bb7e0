/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/history.h"

#include <stdlib.h>
#include <string.h>

void history_free(struct history *h)
{
	for (int i = 0; i < h->n; i++)
		free(h->line[i]);
	*h = (struct history){ 0 };
}

void history_add(struct history *h, const char *line)
{
	char *copy;

	if (!*line || (h->n && strcmp(h->line[h->n - 1], line) == 0))
		return;
	copy = strdup(line);
	if (!copy)
		return;
	if (h->n == HISTORY_MAX) {
		free(h->line[0]);
		memmove(h->line, h->line + 1, sizeof(h->line[0]) * (HISTORY_MAX - 1));
		h->n--;
	}
	h->line[h->n++] = copy;
	h->at = h->n;
}

const char *history_recall(struct history *h, int step)
{
	int at = h->at + step;

	if (at < 0 || at > h->n)
		return NULL;
	h->at = at;
	return at == h->n ? "" : h->line[at];
}

void history_rewind(struct history *h)
{
	h->at = h->n;
}
