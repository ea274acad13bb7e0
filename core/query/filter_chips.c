/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/filter_chips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/query/filter_internal.h"

_Static_assert(FILTER_CHIPS_MAX == OPERANDS_MAX, "an operand is a chip");

static const char *unit_of(uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = {
		{ 1, "ns" },
		{ 1000, "us" },
		{ 1000000, "ms" },
		{ 1000000000, "s" },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].ns == ns)
			return units[i].name;
	return "";
}

void operands_note_bare(struct operands *o, int end, uint64_t bare_ns)
{
	if (o->n_bare < OPERANDS_MAX)
		o->bare[o->n_bare++] = (struct bare_number){ end, unit_of(bare_ns) };
}

static bool read_operands(const char *text, struct operands *o)
{
	struct filter *f;

	*o = (struct operands){ 0 };
	if (filter_parse_operands(text, 0, &f, o, NULL))
		return false;
	filter_free(f);
	return true;
}

/* A filter that is one pair of parentheses: what is in them. */
static bool unwrap(char *text, struct operands *o, int *base)
{
	const struct operand whole = o->at[0];

	if (o->n != 1 || o->overflow || whole.off || !whole.grouped)
		return false;
	memmove(text, text + whole.pos + 1, (size_t)whole.len - 2);
	text[whole.len - 2] = '\0';
	*base += whole.pos + 1;
	return read_operands(text, o);
}

static void add_operand(struct filter_chips *c, const struct operand *from, int base)
{
	struct filter_chip *last = c->n ? &c->chip[c->n - 1] : NULL;
	int end = base + from->pos + from->len;

	/* An "and" among operands of "or". */
	if (c->any && last && from->chain == from[-1].chain) {
		if (!last->bracket)
			last->pos = base + from[-1].start;
		last->len = end - last->pos;
		last->off = false;
		last->bracket = true;
		return;
	}
	c->chip[c->n++] = (struct filter_chip){
		.pos = base + from->pos,
		.len = from->len,
		.off = from->off,
	};
}

static void take_chips(struct filter_chips *c, const struct operands *o, size_t len, int base)
{
	c->any = o->chains > 0;
	if (o->overflow) {
		c->any = false;
		c->n = 1;
		c->chip[0] = (struct filter_chip){ .pos = base, .len = (int)len, .bracket = true };
		return;
	}
	for (int i = 0; i < o->n; i++)
		add_operand(c, &o->at[i], base);
	for (int i = 0; i < o->n_bare; i++) {
		c->bare[c->n_bare].end = base + o->bare[i].end;
		c->bare[c->n_bare++].unit = o->bare[i].unit;
	}
}

void filter_chips(const char *text, struct filter_chips *out)
{
	char *inner = strdup(text);
	struct operands *o = malloc(sizeof(*o));
	int base = 0;

	*out = (struct filter_chips){ 0 };
	if (inner && o && read_operands(inner, o)) {
		while (unwrap(inner, o, &base))
			;
		take_chips(out, o, strlen(inner), base);
	}
	free(o);
	free(inner);
}

/* --- text again --- */

struct writer {
	char *buf;
	size_t size, len;
	bool full;
};

static void put(struct writer *w, const char *text, size_t n)
{
	if (w->full || w->len + n >= w->size) {
		w->full = true;
		return;
	}
	memcpy(w->buf + w->len, text, n);
	w->len += n;
	w->buf[w->len] = '\0';
}

static void put_word(struct writer *w, const char *text)
{
	put(w, text, strlen(text));
}

const char *filter_chip_label(const char *text, const struct filter_chips *c, int i, char *buf,
			      size_t size)
{
	struct writer w = { .buf = buf, .size = size };
	const struct filter_chip *chip = &c->chip[i];
	int at = chip->pos, end = chip->pos + chip->len;

	buf[0] = '\0';
	if (chip->bracket)
		put_word(&w, "(");
	for (int b = 0; b < c->n_bare; b++) {
		if (c->bare[b].end <= at || c->bare[b].end > end)
			continue;
		put(&w, text + at, (size_t)(c->bare[b].end - at));
		put_word(&w, c->bare[b].unit);
		at = c->bare[b].end;
	}
	put(&w, text + at, (size_t)(end - at));
	if (chip->bracket)
		put_word(&w, ")");
	return buf;
}

int filter_chip_find(const char *text, const struct filter_chips *c, const char *test)
{
	for (int i = 0; i < c->n; i++)
		if ((size_t)c->chip[i].len == strlen(test) &&
		    strncasecmp(text + c->chip[i].pos, test, strlen(test)) == 0)
			return i;
	return -1;
}

static void put_test(struct writer *w, const struct filter_chips *c, const char *test, size_t len,
		     bool off, bool bracket)
{
	if (w->len)
		put_word(w, c->any ? " or " : " and ");
	if (off)
		put_word(w, "# ");
	if (bracket)
		put_word(w, "(");
	put(w, test, len);
	if (bracket)
		put_word(w, ")");
}

static void put_chips(struct writer *w, const char *text, const struct filter_chips *c)
{
	for (int i = 0; i < c->n; i++) {
		const struct filter_chip *chip = &c->chip[i];

		put_test(w, c, text + chip->pos, (size_t)chip->len, chip->off, chip->bracket);
	}
}

bool filter_chips_write(const char *text, const struct filter_chips *c, char *buf, size_t size)
{
	struct writer w = { .buf = buf, .size = size };

	buf[0] = '\0';
	put_chips(&w, text, c);
	return !w.full;
}

bool filter_chips_add(const char *text, const struct filter_chips *c, const char *test, char *buf,
		      size_t size)
{
	struct writer w = { .buf = buf, .size = size };
	struct filter_chips of_test;

	buf[0] = '\0';
	filter_chips(test, &of_test);
	put_chips(&w, text, c);
	/* Alone it needs no brackets, nor where it is joined like the others. */
	put_test(&w, c, test, strlen(test), false,
		 c->n > 0 && of_test.n > 1 && of_test.any != c->any);
	return !w.full;
}
