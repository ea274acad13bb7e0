/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/graph.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
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
	int halves = (int)(share * w * 2 + 0.5);
	size_t len = 0;

	buf[0] = '\0';
	if (share <= 0 || w <= 0)
		return;
	if (halves < 1)
		halves = 1;
	if (halves > w * 2)
		halves = w * 2;
	/* ASCII has whole cells alone. */
	if (t->graph == GRAPH_ASCII)
		halves = (halves + 1) / 2 * 2;
	for (; halves > 0 && len + 4 < size; halves -= 2) {
		const char *glyph = t->graph == GRAPH_ASCII ? "#" : halves > 1 ? "━" : "╸";

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
	return t->graph == GRAPH_ASCII ? ascii_sparks[eighths] : sparks[eighths];
}
