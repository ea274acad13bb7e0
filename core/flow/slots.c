/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/slots.h"

#include <errno.h>
#include <stddef.h>

#include "core/base/pages.h"

#define BITS_MIN   6u
#define BITS_SMALL 12u /* 256 KiB */
#define BITS_HUGE  15u /* 2 MiB */
#define BITS_MAX   26u
#define PARTS      (1u << SLOTS_PART_BITS)

static uint32_t part_lines(const struct slots_part *p)
{
	return 1u << p->bits;
}

static bool part_alloc(struct slots_part *p, uint32_t bits)
{
	struct slots_line *lines = pages_alloc_whole((size_t)1 << bits, sizeof(lines[0]));

	if (!lines)
		return false;
	p->lines = lines;
	p->bits = bits;
	return true;
}

int slots_init(struct slots *s)
{
	for (uint32_t i = 0; i < PARTS; i++) {
		s->part[i].used = 0;
		if (!part_alloc(&s->part[i], BITS_MIN))
			return -ENOMEM;
	}
	return 0;
}

void slots_fini(struct slots *s)
{
	for (uint32_t i = 0; i < PARTS; i++)
		pages_free(s->part[i].lines, part_lines(&s->part[i]), sizeof(struct slots_line));
}

void slots_clear(struct slots *s)
{
	for (uint32_t i = 0; i < PARTS; i++) {
		memset(s->part[i].lines, 0, sizeof(struct slots_line) << s->part[i].bits);
		s->part[i].used = 0;
	}
}

static struct slots_part *part_of(struct slots *s, uint32_t tag)
{
	return &s->part[tag >> (32 - SLOTS_PART_BITS)];
}

static struct slots_line *part_home(const struct slots_part *p, uint32_t tag)
{
	return &p->lines[tag << SLOTS_PART_BITS >> (32 - p->bits)];
}

static struct slots_line *part_next(const struct slots_part *p, struct slots_line *line)
{
	return line + 1 == p->lines + part_lines(p) ? p->lines : line + 1;
}

bool slots_pass(const struct slots *s, uint32_t tag, struct slots_walk *w)
{
	const struct slots_part *p = &s->part[tag >> (32 - SLOTS_PART_BITS)];
	struct slots_line *next = part_next(p, w->line);

	if (next == part_home(p, tag))
		return false;
	w->line = next;
	w->lanes = slots_match(next, tag);
	return true;
}

/* There is an empty lane. */
static void part_enter(struct slots_part *p, uint32_t tag, uint32_t value)
{
	struct slots_line *line = part_home(p, tag);
	uint32_t empty, lane;

	while (!(empty = slots_match(line, 0))) {
		line->passed++;
		line = part_next(p, line);
	}
	lane = (uint32_t)__builtin_ctz(empty);
	line->tag[lane] = tag;
	line->value[lane] = value;
}

/* To twice the lines; from some size on to a huge page, which costs as much as the few
 * small ones of the next step. */
static uint32_t bits_after(uint32_t bits)
{
	return bits >= BITS_SMALL && bits < BITS_HUGE ? BITS_HUGE : bits + 1;
}

/* Where memory is short it stays as it is. */
static void part_grow(struct slots_part *p)
{
	struct slots_part old = *p;

	if (!part_alloc(p, bits_after(p->bits)))
		return;
	for (uint32_t i = 0; i < part_lines(&old); i++) {
		const struct slots_line *line = &old.lines[i];

		for (uint32_t lane = 0; lane < SLOTS_LANES; lane++) {
			if (line->tag[lane])
				part_enter(p, line->tag[lane], line->value[lane]);
		}
	}
	pages_free(old.lines, part_lines(&old), sizeof(old.lines[0]));
}

bool slots_put(struct slots *s, uint32_t tag, uint32_t value)
{
	struct slots_part *p = part_of(s, tag);
	uint32_t room = part_lines(p) * SLOTS_LANES;

	/* A walk must end, and soon, also where memory is short. */
	if (p->used >= room - room / 16)
		return false;
	/* From three quarters on, too many walks leave their line. */
	if (p->used > room / 4 * 3 && p->bits < BITS_MAX)
		part_grow(p);
	part_enter(p, tag, value);
	p->used++;
	return true;
}

/* From where it began to where it came to lie, no line counts it any more. */
static void part_remove(struct slots_part *p, struct slots_line *line, uint32_t lane)
{
	struct slots_line *passed = part_home(p, line->tag[lane]);

	for (; passed != line; passed = part_next(p, passed))
		passed->passed--;
	line->tag[lane] = 0;
	p->used--;
}

void slots_remove(struct slots *s, uint32_t tag, uint32_t *value)
{
	struct slots_part *p = part_of(s, tag);
	size_t at = (size_t)(value - (uint32_t *)(void *)p->lines);

	part_remove(p, &p->lines[at / (2 * SLOTS_LINE)], (uint32_t)(at % SLOTS_LINE));
}

static void part_filter(struct slots_part *p, bool (*keep)(const void *, uint32_t), const void *ctx)
{
	for (uint32_t i = 0; i < part_lines(p); i++) {
		struct slots_line *line = &p->lines[i];

		for (uint32_t lane = 0; lane < SLOTS_LANES; lane++) {
			if (line->tag[lane] && !keep(ctx, line->value[lane]))
				part_remove(p, line, lane);
		}
	}
}

void slots_filter(struct slots *s, bool (*keep)(const void *ctx, uint32_t value), const void *ctx)
{
	for (uint32_t i = 0; i < PARTS; i++)
		part_filter(&s->part[i], keep, ctx);
}
