/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/tlds.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LABEL_MAX  63
#define NS_PER_DAY (86400 * 1000000000ull)

struct entry {
	char label[LABEL_MAX + 1]; /* lower case */
	bool is_new;
};

struct tlds {
	struct entry *entry; /* in the order of their labels */
	size_t n;
	bool tell_new;
	unsigned day;
};

static int order(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->label, ((const struct entry *)b)->label);
}

static bool is_label_byte(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

/* "# Version 2026112300, Last Updated ..." */
static void read_remark(struct tlds *t, const char *text, size_t len)
{
	static const char word[] = "Version ";
	const char *at = memmem(text, len, word, sizeof(word) - 1);
	unsigned day = 0;

	if (!at || t->day || (size_t)(text + len - at) < sizeof(word) - 1 + 8)
		return;
	at += sizeof(word) - 1;
	for (int i = 0; i < 8; i++) {
		if (!isdigit((unsigned char)at[i]))
			return;
		day = day * 10 + (unsigned)(at[i] - '0');
	}
	t->day = day;
}

/* A line without its end; false for one that is no label. */
static bool read_line(struct tlds *t, const char *text, size_t len)
{
	struct entry *e = &t->entry[t->n];
	size_t n = 0;

	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	while (len && isspace((unsigned char)*text))
		text++, len--;
	if (len == 0)
		return true;
	if (*text == '#') {
		read_remark(t, text, len);
		return true;
	}
	while (n < len && is_label_byte(text[n]))
		n++;
	if (n == 0 || n > LABEL_MAX || (n < len && !isspace((unsigned char)text[n])))
		return false;
	*e = (struct entry){ 0 };
	for (size_t i = 0; i < n; i++)
		e->label[i] = (char)tolower((unsigned char)text[i]);
	while (n < len && isspace((unsigned char)text[n]))
		n++;
	e->is_new = len - n == 3 && strncasecmp(text + n, "new", 3) == 0;
	if (n < len && !e->is_new)
		return false;
	t->tell_new |= e->is_new;
	t->n++;
	return true;
}

int tlds_parse(struct tlds **out, const char *text, unsigned *line)
{
	struct tlds *t = calloc(1, sizeof(*t));
	size_t lines = 1;
	int rc = -ENOMEM;

	*out = NULL;
	*line = 0;
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	if (t)
		t->entry = calloc(lines, sizeof(*t->entry));
	if (!t || !t->entry)
		goto out;
	rc = -EINVAL;
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, "\n");

		++*line;
		if (!read_line(t, at, len))
			goto out;
		at += len + (at[len] == '\n');
	}
	*line = 0;
	if (t->n == 0)
		goto out;
	qsort(t->entry, t->n, sizeof(*t->entry), order);
	*out = t;
	return 0;
out:
	tlds_free(t);
	return rc;
}

void tlds_free(struct tlds *t)
{
	if (!t)
		return;
	free(t->entry);
	free(t);
}

static const struct entry *find(const struct tlds *t, const char *label, size_t len)
{
	struct entry key = { 0 };

	if (len > LABEL_MAX)
		return NULL;
	for (size_t i = 0; i < len; i++)
		key.label[i] = (char)tolower((unsigned char)label[i]);
	return bsearch(&key, t->entry, t->n, sizeof(*t->entry), order);
}

bool tlds_have(const struct tlds *t, const char *label, size_t len)
{
	return find(t, label, len) != NULL;
}

bool tlds_have_new(const struct tlds *t, const char *label, size_t len)
{
	const struct entry *e = find(t, label, len);

	return e && e->is_new;
}

size_t tlds_count(const struct tlds *t)
{
	return t->n;
}

bool tlds_tell_new(const struct tlds *t)
{
	return t->tell_new;
}

unsigned tlds_day(const struct tlds *t)
{
	return t->day;
}

/* Days from 1970 to a day of the Gregorian calendar; years begin in March, so that
 * a leap day is a year's last. */
static int64_t days_to(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

int64_t tlds_age_days(const struct tlds *t, uint64_t now_ns)
{
	if (!t->day)
		return -1;
	return (int64_t)(now_ns / NS_PER_DAY) -
	       days_to(t->day / 10000, t->day / 100 % 100, t->day % 100);
}
