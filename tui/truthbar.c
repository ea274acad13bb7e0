/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/truthbar.h"

#include <stdio.h>
#include <string.h>

#include "core/sink/truth.h"
#include "tui/widget/theme.h"

#define MAX_ITEMS   16
#define KEEP_ALWAYS 100

/* One count of the bar: the sum of counters of core/sink/truth.h. */
struct item {
	const char *word;
	const char *brief;
	const char *counters[5];
	enum role role;  /* when it isn't zero */
	bool quiet_zero; /* zero: not worth a word */
	int keep;        /* the lowest leave a narrow screen first; KEEP_ALWAYS never */
};

/* clang-format off */
static const struct item items[] = {
	{ .word = "seen", .brief = "seen", .keep = 8,
	  .counters = { "packets" } },
	{ .word = "messages", .brief = "msgs", .keep = 1,
	  .counters = { "messages" } },
	{ .word = "paired", .brief = "pair", .keep = 7,
	  .counters = { "paired" } },
	{ .word = "unanswered", .brief = "unans", .keep = 6,
	  .counters = { "unanswered" } },
	{ .word = "unpaired", .brief = "unpair", .keep = 3,
	  .counters = { "unsolicited" } },
	{ .word = "malformed", .brief = "bad", .keep = 4,
	  .counters = { "malformed" } },
	{ .word = "cut", .brief = "cut", .keep = 2,
	  .counters = { "cut" }, .role = ROLE_WARNING, .quiet_zero = true },
	{ .word = "TCP gaps", .brief = "gaps", .keep = 2,
	  .counters = { "tcp_gaps" }, .role = ROLE_WARNING, .quiet_zero = true },
	{ .word = "names lost", .brief = "unnamed", .keep = 5,
	  .counters = { "names_lost" }, .role = ROLE_LOSS, .quiet_zero = true },
	{ .word = "shed", .brief = "shed", .keep = KEEP_ALWAYS,
	  .counters = { "shed" }, .role = ROLE_WARNING, .quiet_zero = true },
	{ .word = "1 in", .brief = "1 in", .keep = KEEP_ALWAYS,
	  .counters = { "sampling" }, .role = ROLE_LOSS, .quiet_zero = true },
	{ .word = "paths 1 in", .brief = "paths 1 in", .keep = 4,
	  .counters = { "following" }, .role = ROLE_WARNING, .quiet_zero = true },
	{ .word = "lost", .brief = "lost", .keep = KEEP_ALWAYS,
	  .counters = { "lost_ring", "lost_capture", "unreadable", "fragments" }, .role = ROLE_LOSS },
	{ .word = "evicted", .brief = "evict", .keep = 5,
	  .counters = { "evicted" }, .role = ROLE_WARNING },
};
/* clang-format on */

/* How much is said: each level less than the one before. */
enum level {
	FULL,  /* all words, all digits */
	BRIEF, /* short words */
	TIGHT, /* and little between them */
	SHORT, /* and short counts */
};

struct shown {
	const struct item *item;
	uint64_t value;
};

static uint64_t counter_value(const struct truth *t, const char *name)
{
	size_t n;
	const struct truth_counter *c = truth_counters(&n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(c[i].name, name) == 0)
			return truth_value(t, &c[i]);
	}
	return 0;
}

static int gather(const struct frame *f, struct shown out[MAX_ITEMS])
{
	struct truth t = truth_of(&f->m->source, f->m->tracker, f->m->rows->table);
	int n = 0;

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		uint64_t sum = 0;

		for (const char *const *name = items[i].counters; *name; name++)
			sum += counter_value(&t, *name);
		if (sum || !items[i].quiet_zero)
			out[n++] = (struct shown){ &items[i], sum };
	}
	return n;
}

static void item_text(const struct shown *s, enum level level, char *buf, size_t size)
{
	char n[TEXT_COUNT_MAX];

	snprintf(buf, size, "%s %s", level == FULL ? s->item->word : s->item->brief,
		 text_count(s->value, level == SHORT ? COUNT_SHORT : COUNT_FULL, n));
}

static int gap_of(enum level level)
{
	return level < TIGHT ? 2 : 1;
}

static int width_of(const struct shown *s, int n, enum level level)
{
	int gap = gap_of(level);
	char buf[64];
	int sum = 1;

	for (int i = 0; i < n; i++) {
		item_text(&s[i], level, buf, sizeof(buf));
		sum += text_cells(buf) + gap;
	}
	return sum;
}

/* Leaves out the item that matters least: zeros before others. */
static int leave_one_out(struct shown *s, int n)
{
	int least = 0;

	for (int i = 1; i < n; i++) {
		int a = s[i].item->keep + (s[i].value ? 10 : 0);
		int b = s[least].item->keep + (s[least].value ? 10 : 0);

		if (a < b)
			least = i;
	}
	memmove(&s[least], &s[least + 1], sizeof(s[0]) * (size_t)(n - least - 1));
	return n - 1;
}

void truthbar_draw(const struct frame *f, struct rect at)
{
	struct shown s[MAX_ITEMS];
	int n = gather(f, s);
	enum level level = FULL;
	int x = at.x + 1;

	while (level < SHORT && width_of(s, n, level) > at.w)
		level++;
	while (n > 1 && width_of(s, n, level) > at.w)
		n = leave_one_out(s, n);
	theme_use(f->theme, ROLE_TEXT);
	text_blank(at.y, at.x, at.w);
	for (int i = 0; i < n; i++) {
		char buf[64];

		item_text(&s[i], level, buf, sizeof(buf));
		theme_use(f->theme, s[i].value && s[i].item->role ? s[i].item->role : ROLE_TEXT);
		x += text_put(at.y, x, at.x + at.w - x, buf) + gap_of(level);
	}
}
