/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/model/window.h"

#include <stddef.h>

#define MINUTE_NS 60000000000ull

/* From the shortest. */
static const struct {
	uint64_t ns;
	uint64_t step_ns;
	const char *text;
} windows[] = {
	{ MINUTE_NS, MINUTE_NS / 6, "1m" },
	{ 5 * MINUTE_NS, MINUTE_NS, "5m" },
	{ 15 * MINUTE_NS, 3 * MINUTE_NS, "15m" },
	{ 60 * MINUTE_NS, 10 * MINUTE_NS, "1h" },
	{ WINDOW_ALL, 0, "all" },
};

#define WINDOWS (sizeof(windows) / sizeof(windows[0]))

static size_t index_of(uint64_t ns)
{
	size_t i = 0;

	while (i < WINDOWS - 1 && windows[i].ns != ns)
		i++;
	return i;
}

uint64_t window_step(uint64_t window_ns, int step)
{
	size_t i = index_of(window_ns);

	if (step < 0 && i > 0)
		i--;
	if (step > 0 && i < WINDOWS - 1)
		i++;
	return windows[i].ns;
}

uint64_t window_step_ns(uint64_t window_ns)
{
	return windows[index_of(window_ns)].step_ns;
}

const char *window_text(uint64_t window_ns)
{
	return windows[index_of(window_ns)].text;
}

/* Rows stand by the time of their arrival, nearly: a binary search is true to
 * a packet or two. */
uint32_t window_first(const struct flow_table *t, uint32_t from_seq, uint32_t to_seq, uint64_t t_ns)
{
	uint32_t low = 0, high = to_seq - from_seq;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (flow_table_row(t, from_seq + middle)->ts_ns < t_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return from_seq + low;
}

uint32_t window_from(const struct flow_table *t, uint32_t from_seq, uint32_t to_seq,
		     uint64_t window_ns, uint64_t now_ns)
{
	if (window_ns == WINDOW_ALL || now_ns < window_ns)
		return from_seq;
	return window_first(t, from_seq, to_seq, now_ns - window_ns);
}
