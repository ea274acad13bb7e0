/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/filter/history.h"

#include <stdlib.h>
#include <string.h>

void history_free(struct history *h)
{
	for (int i = 0; i < h->n; i++)
		free(h->line[i]);
	*h = (struct history){ 0 };
}

static void take_out(struct history *h, int at)
{
	free(h->line[at]);
	memmove(h->line + at, h->line + at + 1, sizeof(h->line[0]) * (size_t)(h->n - 1 - at));
	h->n--;
}

void history_add(struct history *h, const char *line)
{
	char *copy;
	int at = 0;

	if (!*line || (h->n && strcmp(h->line[h->n - 1], line) == 0))
		return;
	copy = strdup(line);
	if (!copy)
		return;
	while (at < h->n && strcmp(h->line[at], line) != 0)
		at++;
	if (at < h->n && at >= h->n - h->fresh)
		h->fresh--;
	if (at < h->n)
		take_out(h, at);
	else if (h->n == HISTORY_MAX)
		take_out(h, 0);
	h->line[h->n++] = copy;
	h->at = h->n;
	if (h->fresh < HISTORY_MAX)
		h->fresh++;
}

void history_settle(struct history *h)
{
	h->fresh = 0;
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
