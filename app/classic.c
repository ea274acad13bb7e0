/* SPDX-License-Identifier: BSD-2-Clause */
#include "app/classic.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/dns/names.h"
#include "core/query/distinct.h"

#define LINES_SHOWN 50
#define COLUMNS     80
#define COUNT_W     9
#define SHARE_W     6
/* What is behind the keys of a line: three blanks, three numbers; one cell stays free. */
#define NUMBERS_W (COUNT_W + 2 * SHARE_W + 4)

/* Distinct keys of a table; what comes later is counted in its total alone. */
#define KEYS_MAX 1000000u

#define TYPES   65536
#define OPCODES 16
#define RCODES  4096

/* Sources, destinations, and for each level names, and sources with them. */
#define KEYED_MAX (2 + 2 * CLASSIC_LEVELS)

/* One table whose keys are the values of a field or two. */
struct keyed {
	const char *title, *second_title;
	struct distinct *keys;
	uint64_t *counts; /* by number of the key */
	uint32_t room;
	uint64_t total;
	uint64_t lost;   /* of it, those whose key found no room */
	bool of_replies; /* counts replies, not queries */
	bool needs_name; /* rows without a question are in none of its lines */
};

/* One whose keys are small numbers. */
struct numbered {
	const char *title;
	uint64_t *counts;
	uint32_t n;
	const char *(*text)(uint16_t number, char *buf, size_t size);
};

struct classic {
	const struct row_source *rows;
	bool queries, replies; /* what is counted */
	bool rcodes_of_queries;
	struct keyed keyed[KEYED_MAX];
	int n_keyed;
	struct numbered types, opcodes, rcodes;
	bool *counted; /* by place in the table's ring: the row's queries are */
};

/* A line to be printed. */
struct line {
	uint64_t count;
	uint32_t key;
};

/* --- texts, as the older one has them --- */

static const char *type_text(uint16_t number, char *buf, size_t size)
{
	char name[DNS_MNEMONIC_MAX];
	const char *text = dns_mnemonic(DNS_TYPES, number, name);

	/* RFC 3597's TYPE65280 is younger than its #65280. */
	if (text == name)
		snprintf(buf, size, "#%u?", number);
	else
		snprintf(buf, size, "%s?", text);
	return buf;
}

static const char *opcode_text(uint16_t number, char *buf, size_t size)
{
	static const char *const names[] = {
		"Query", "Iquery", "Status", NULL, "Notify", "Update"
	};

	if (number < sizeof(names) / sizeof(names[0]) && names[number])
		return names[number];
	snprintf(buf, size, "Opcode%u", number);
	return buf;
}

static const char *rcode_text(uint16_t number, char *buf, size_t size)
{
	static const char *const names[] = { "Noerror", "Formerr", "Servfail", "Nxdomain",
					     "Notimpl", "Refused", "Yxdomain", "Yxrrset",
					     "Nxrrset", "Notauth", "Notzone" };

	if (number < sizeof(names) / sizeof(names[0]))
		return names[number];
	snprintf(buf, size, "Rcode%u", number);
	return buf;
}

/* --- life --- */

static const struct field *named(const char *name)
{
	return field_find(name, strlen(name), NULL);
}

static bool add_keyed(struct classic *c, struct keyed t, const struct field *field,
		      const struct field *second)
{
	t.room = 64;
	t.counts = calloc(t.room, sizeof(*t.counts));
	t.keys = second ? distinct_new_pairs(c->rows, field, second, KEYS_MAX)
			: distinct_new(c->rows, field, KEYS_MAX);
	c->keyed[c->n_keyed++] = t;
	return t.counts && t.keys;
}

static bool add_names(struct classic *c, const struct field *source, int levels)
{
	struct keyed t = {
		.title = source ? "Source" : "Query Name",
		.second_title = source ? "Query Name" : NULL,
		.of_replies = !c->queries,
		.needs_name = true,
	};
	bool whole = true;

	for (int level = 1; level <= levels; level++) {
		char name[16];

		snprintf(name, sizeof(name), "domain%d", level);
		whole = add_keyed(c, t, source ? source : named(name),
				  source ? named(name) : NULL) &&
			whole;
	}
	return whole;
}

static bool numbered_init(struct numbered *t, const char *title, uint32_t n,
			  const char *(*text)(uint16_t, char *, size_t))
{
	*t = (struct numbered){ .title = title, .n = n, .text = text };
	t->counts = calloc(n, sizeof(*t->counts));
	return t->counts != NULL;
}

struct classic *classic_new(const struct row_source *rows, const struct classic_options *opt)
{
	struct classic *c = calloc(1, sizeof(*c));
	/* Who sends the messages that are counted: the one who asks, or of replies
	 * the one who was asked. */
	const struct field *source = named(opt->replies && !opt->queries ? "server" : "client");
	const struct field *destination = named(opt->replies ? "client" : "server");
	int levels = opt->levels ? opt->levels : 2;
	bool whole;

	if (!c)
		return NULL;
	c->rows = rows;
	c->queries = opt->queries || !opt->replies;
	c->replies = opt->replies;
	c->rcodes_of_queries = opt->queries && !opt->replies;
	c->counted = calloc(rows->table->capacity, sizeof(*c->counted));
	whole = c->counted && numbered_init(&c->types, "Query Type", TYPES, type_text) &&
		numbered_init(&c->opcodes, "Opcode", OPCODES, opcode_text) &&
		numbered_init(&c->rcodes, "Rcode", RCODES, rcode_text) &&
		add_keyed(c, (struct keyed){ .title = "Sources", .of_replies = !c->queries },
			  source, NULL) &&
		add_keyed(c, (struct keyed){ .title = "Destinations", .of_replies = c->replies },
			  destination, NULL) &&
		add_names(c, NULL, levels) &&
		(opt->no_source_names || add_names(c, source, levels));
	if (!whole) {
		classic_free(c);
		return NULL;
	}
	return c;
}

void classic_free(struct classic *c)
{
	if (!c)
		return;
	for (int i = 0; i < c->n_keyed; i++) {
		distinct_free(c->keyed[i].keys);
		free(c->keyed[i].counts);
	}
	free(c->types.counts);
	free(c->opcodes.counts);
	free(c->rcodes.counts);
	free(c->counted);
	free(c);
}

/* --- counting --- */

static bool make_room(struct keyed *t, uint32_t number)
{
	uint64_t *more;

	if (number < t->room)
		return true;
	if (number > t->room)
		return false;
	more = realloc(t->counts, 2 * (size_t)t->room * sizeof(*more));
	if (!more)
		return false;
	memset(more + t->room, 0, t->room * sizeof(*more));
	t->counts = more;
	t->room *= 2;
	return true;
}

static void count_keyed(struct classic *c, const struct flow *f, uint64_t n, bool replies)
{
	for (int i = 0; i < c->n_keyed; i++) {
		struct keyed *t = &c->keyed[i];
		uint32_t number;

		if (t->of_replies != replies || (t->needs_name && !(f->marks & FLOW_HAS_QUESTION)))
			continue;
		number = distinct_of(t->keys, f);
		t->total += n;
		if (number != DISTINCT_FULL && make_room(t, number))
			t->counts[number] += n;
		else
			t->lost += n;
	}
}

static void count(struct classic *c, const struct flow *f, uint64_t n, bool replies)
{
	unsigned flags = replies ? f->response_flags : f->query_flags;

	if (n == 0)
		return;
	count_keyed(c, f, n, replies);
	if (replies == !c->queries) {
		if (f->marks & FLOW_HAS_QUESTION)
			c->types.counts[f->qtype] += n;
		c->opcodes.counts[flags >> 11 & (OPCODES - 1)] += n;
	}
	if (c->rcodes_of_queries && !replies)
		c->rcodes.counts[flags & 15] += n;
	if (!c->rcodes_of_queries && replies)
		c->rcodes.counts[f->rcode & (RCODES - 1)] += n;
}

void classic_row(struct classic *c, const struct flow *f, bool passes)
{
	bool *counted = &c->counted[f - c->rows->table->rows];

	if (!(f->marks & FLOW_SETTLED_ONCE))
		*counted = false;
	if (!passes)
		return;
	if (!*counted && f->state != FLOW_UNSOLICITED)
		count(c, f, f->attempts, false);
	*counted = true;
	if (f->marks & FLOW_HAS_RESPONSE)
		count(c, f, 1, true);
}

uint64_t classic_lost(const struct classic *c)
{
	uint64_t lost = 0;

	for (int i = 0; i < c->n_keyed; i++)
		lost = c->keyed[i].lost > lost ? c->keyed[i].lost : lost;
	return lost;
}

/* --- printing --- */

static int by_count(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->key > y->key) - (x->key < y->key);
}

/* The most frequent of n keys, of which those below room have been counted; order:
 * where equal ones come, NULL: by number. Returns how many, at most LINES_SHOWN, or
 * a negative errno. */
static int most_frequent(const uint64_t *counts, uint32_t room, uint32_t n, const uint32_t *order,
			 struct line out[LINES_SHOWN])
{
	struct line *all = calloc((size_t)n + 1, sizeof(*all));
	uint32_t found = 0;

	if (!all)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t key = order ? order[i] : i;

		if (key < room && counts[key])
			all[found++] = (struct line){ counts[key], i };
	}
	qsort(all, found, sizeof(*all), by_count);
	if (found > LINES_SHOWN)
		found = LINES_SHOWN;
	memcpy(out, all, found * sizeof(*all));
	for (uint32_t i = 0; order && i < found; i++)
		out[i].key = order[out[i].key];
	free(all);
	return (int)found;
}

/* A key's text in lower case, as the older one has names. */
static void key_text(const struct value *v, char *buf, size_t size)
{
	value_format(v, VALUE_SHORT, buf, size);
	for (; *buf; buf++)
		*buf = (char)tolower((unsigned char)*buf);
}

static int wider(int w, const char *text)
{
	int len = (int)strlen(text);

	return len > w ? len : w;
}

static int at_most(int w, int room)
{
	return w > room ? room : w;
}

struct columns {
	int w, second_w; /* 0: no second key */
};

static void put_head(const char *title, const char *second, struct columns at, FILE *out)
{
	static const char dashes[] = "--------------------------------------------------------"
				     "------------------------";

	fprintf(out, "%-*.*s ", at.w, at.w, title);
	if (second)
		fprintf(out, "%-*.*s ", at.second_w, at.second_w, second);
	fprintf(out, "%*s %*s %*s\n%.*s ", COUNT_W, "Count", SHARE_W, "%", SHARE_W, "cum%", at.w,
		dashes);
	if (second)
		fprintf(out, "%.*s ", at.second_w, dashes);
	fprintf(out, "%.*s %.*s %.*s\n", COUNT_W, dashes, SHARE_W, dashes, SHARE_W, dashes);
}

static void put_numbers(uint64_t count, uint64_t sum, uint64_t total, FILE *out)
{
	fprintf(out, "%*" PRIu64 " %*.1f %*.1f\n", COUNT_W, count, SHARE_W,
		100.0 * (double)count / (double)total, SHARE_W,
		100.0 * (double)sum / (double)total);
}

static int print_keyed(const struct keyed *t, FILE *out)
{
	struct columns at = { .w = (int)strlen(t->title) };
	struct line lines[LINES_SHOWN];
	char text[VALUE_BUF];
	uint64_t sum = 0;
	uint32_t *order = distinct_order(t->keys);
	int n;

	if (!order)
		return -ENOMEM;
	n = most_frequent(t->counts, t->room, distinct_count(t->keys), order, lines);
	free(order);
	for (int i = 0; i < n; i++) {
		key_text(distinct_at(t->keys, lines[i].key), text, sizeof(text));
		at.w = wider(at.w, text);
	}
	at.w = at_most(at.w, COLUMNS - NUMBERS_W);
	if (t->second_title)
		at.second_w = (int)strlen(t->second_title);
	for (int i = 0; t->second_title && i < n; i++) {
		key_text(distinct_second(t->keys, lines[i].key), text, sizeof(text));
		at.second_w = wider(at.second_w, text);
	}
	at.second_w = at_most(at.second_w, COLUMNS - NUMBERS_W - 1 - at.w);
	put_head(t->title, t->second_title, at, out);
	for (int i = 0; i < n; i++) {
		key_text(distinct_at(t->keys, lines[i].key), text, sizeof(text));
		fprintf(out, "%-*.*s ", at.w, at.w, text);
		if (t->second_title) {
			key_text(distinct_second(t->keys, lines[i].key), text, sizeof(text));
			fprintf(out, "%-*.*s ", at.second_w, at.second_w, text);
		}
		sum += lines[i].count;
		put_numbers(lines[i].count, sum, t->total, out);
	}
	return n < 0 ? n : 0;
}

static int print_numbered(const struct numbered *t, FILE *out)
{
	struct columns at = { .w = (int)strlen(t->title) };
	struct line lines[LINES_SHOWN];
	char buf[DNS_MNEMONIC_MAX + 8];
	uint64_t total = 0, sum = 0;
	int n = most_frequent(t->counts, t->n, t->n, NULL, lines);

	for (uint32_t i = 0; i < t->n; i++)
		total += t->counts[i];
	for (int i = 0; i < n; i++)
		at.w = wider(at.w, t->text((uint16_t)lines[i].key, buf, sizeof(buf)));
	fputc('\n', out);
	put_head(t->title, NULL, at, out);
	for (int i = 0; i < n; i++) {
		fprintf(out, "%-*s ", at.w, t->text((uint16_t)lines[i].key, buf, sizeof(buf)));
		sum += lines[i].count;
		put_numbers(lines[i].count, sum, total, out);
	}
	return n < 0 ? n : 0;
}

int classic_print(struct classic *c, FILE *out)
{
	int rc = print_keyed(&c->keyed[0], out);

	for (int i = 1; i < c->n_keyed && rc == 0; i++) {
		fputc('\n', out);
		rc = print_keyed(&c->keyed[i], out);
		if (i == 1 && rc == 0)
			rc = print_numbered(&c->types, out);
		if (i == 1 && rc == 0)
			rc = print_numbered(&c->opcodes, out);
		if (i == 1 && rc == 0)
			rc = print_numbered(&c->rcodes, out);
	}
	errno = 0;
	if (rc == 0 && (fflush(out) || ferror(out)))
		rc = errno ? -errno : -EIO;
	return rc;
}
