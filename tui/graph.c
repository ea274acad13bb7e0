/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/graph.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const char *const bars[]   = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
static const char *const sparks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const ascii_sparks[] = { " ", "_", ".", ",", "-", "=", "+", "*", "#" };
/* clang-format on */

int graph_eighths(double value, double max)
{
	double eighths = max > 0 ? value / max * GRAPH_EIGHTHS : 0;

	if (value <= 0)
		return 0;
	if (eighths < 1)
		return 1;
	return eighths >= GRAPH_EIGHTHS ? GRAPH_EIGHTHS : (int)(eighths + 0.5);
}

void graph_bar(const struct theme *t, double share, int w, char *buf, size_t size)
{
	int eighths = (int)(share * w * GRAPH_EIGHTHS + 0.5);
	const char *full = t->ascii ? "#" : bars[GRAPH_EIGHTHS];
	size_t len = 0;

	buf[0] = '\0';
	if (share <= 0 || w <= 0)
		return;
	if (eighths < 1)
		eighths = 1;
	if (eighths > w * GRAPH_EIGHTHS)
		eighths = w * GRAPH_EIGHTHS;
	/* Of ASCII there are whole cells alone. */
	if (t->ascii)
		eighths = eighths < GRAPH_EIGHTHS
				  ? GRAPH_EIGHTHS
				  : (eighths + GRAPH_EIGHTHS / 2) / GRAPH_EIGHTHS * GRAPH_EIGHTHS;
	for (; eighths > 0 && len + 4 < size; eighths -= GRAPH_EIGHTHS) {
		const char *glyph = eighths >= GRAPH_EIGHTHS ? full : bars[eighths];

		memcpy(buf + len, glyph, strlen(glyph) + 1);
		len += strlen(glyph);
	}
}

const char *graph_spark(const struct theme *t, int eighths)
{
	if (eighths < 0)
		eighths = 0;
	if (eighths > GRAPH_EIGHTHS)
		eighths = GRAPH_EIGHTHS;
	return t->ascii ? ascii_sparks[eighths] : sparks[eighths];
}
