/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of --plain: a line each, a word and what it is about. A new one is
 * a function and a row of the table.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/base/escape.h"
#include "core/file/tldfile.h"
#include "core/query/group.h"
#include "core/query/nearest.h"
#include "plain/plain_state.h"

#define DEFAULT_LIST 5
/* Values that top tells apart. */
#define MAX_GROUPS 1000000

struct command {
	const char *name;
	const char *arg; /* what help calls it; "" for none */
	const char *help;
	int (*run)(struct plain *p, const char *arg, const struct ui_model *m);
};

static int say_help(struct plain *p, const char *arg, const struct ui_model *m);

/* What the user typed, to be told again. */
#define ECHO_MAX 100
static const char *echo(char buf[ECHO_MAX], const char *text)
{
	escape_bytes(buf, ECHO_MAX, text, strlen(text));
	return buf;
}

static bool parse_count(struct plain *p, const char *arg, uint64_t *n)
{
	char buf[ECHO_MAX];

	if (value_parse_uint(arg, strlen(arg), n) == 0 && *n >= 1 && *n <= PLAIN_LIST_MAX)
		return true;
	plain_say(p, "\"%s\" is not a number from 1 to %d.", echo(buf, arg), PLAIN_LIST_MAX);
	return false;
}

/* ---- filter */

static int set_filter(struct plain *p, const char *text, uint64_t now_ns)
{
	char remark[300] = "";
	struct filter *f;
	struct err err;

	if (filter_parse(text, now_ns, &f, &err)) {
		plain_say(p, "That filter is not understood: %s (at character %d).", err.text,
			  err.pos + 1);
		return -1;
	}
	if (tldfile_check(p->cfg.rows->tlds, f, now_ns, remark, sizeof(remark))) {
		plain_say(p, "That filter can't be had: %s", remark);
		filter_free(f);
		return -1;
	}
	if (remark[0])
		plain_say(p, "%s", remark);
	filter_free(p->filter);
	p->filter = f;
	snprintf(p->filter_text, sizeof(p->filter_text), "%s", text);
	plain_limit_reset(&p->limit);
	if (!plain_count_anew(p))
		plain_say(p, "There is too little memory to count what comes.");
	return 0;
}

static uint32_t count_matches(struct plain *p)
{
	const struct flow_table *t = p->cfg.rows->table;
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->count; i++)
		n += filter_match(p->filter, p->cfg.rows,
				  flow_table_row(t, flow_table_oldest(t) + i));
	return n;
}

static int do_filter(struct plain *p, const char *arg, const struct ui_model *m)
{
	bool none = strcasecmp(arg, "none") == 0 || strcasecmp(arg, "off") == 0;

	if (!*arg) {
		plain_say(p, "The filter is: %s.", plain_filter_name(p));
		return UI_NOTHING;
	}
	if (set_filter(p, none ? "" : arg, m->now_ns))
		plain_say(p, "The filter stays: %s.", plain_filter_name(p));
	else
		plain_say(p,
			  "The filter is now: %s. %" PRIu32 " of %" PRIu32
			  " transactions in memory match.",
			  plain_filter_name(p), count_matches(p), p->cfg.rows->table->count);
	return UI_NOTHING;
}

/* ---- top, summary */

static int make_groups(struct plain *p, const struct field *by, struct grouping **out)
{
	const struct flow_table *t = p->cfg.rows->table;
	int rc = grouping_make(out, p->cfg.rows, p->filter, by, flow_table_oldest(t), t->next_seq,
			       MAX_GROUPS);

	if (rc)
		plain_say(p, "There is too little memory to count that.");
	return rc;
}

static void say_group(struct plain *p, uint32_t place, const struct group *g, uint64_t all)
{
	char buf[PLAIN_SENTENCE_MAX];
	struct words s = words_in(buf, sizeof(buf));

	say_value(&s, &g->key, VALUE_SHORT);
	words_add(&s, ": ");
	say_figures(&s, g);
	plain_say(p, "%" PRIu32 ". %s, %" PRIu64 " percent of all.", place, buf,
		  (g->count * 100 + all / 2) / all);
}

static const struct field *group_field(struct plain *p, const char *word, size_t len)
{
	const struct field *by = field_find(word, len, NULL);
	const char *near = by ? NULL : field_suggest(word, len);
	char buf[ECHO_MAX];

	if (by && !(by->flags & FIELD_NO_GROUP))
		return by;
	escape_bytes(buf, sizeof(buf), word, len);
	plain_say(p, "Nothing can be counted by \"%s\"%s%s%s Say fields for all there are.", buf,
		  near ? "; did you mean " : ".", near ? near : "", near ? "?" : "");
	return NULL;
}

static int do_top(struct plain *p, const char *arg, const struct ui_model *m)
{
	const char *word = *arg ? arg : "server";
	size_t len = strcspn(word, " ");
	const char *rest = word + len + strspn(word + len, " ");
	const struct field *by = group_field(p, word, len);
	uint64_t n = DEFAULT_LIST;
	struct grouping *g;

	(void)m;
	if (!by || (*rest && !parse_count(p, rest, &n)) || make_groups(p, by, &g))
		return UI_NOTHING;
	grouping_sort(g, GROUP_COUNT, true);
	if (grouping_count(g) == 0)
		plain_say(p, "Nothing to count: no transaction matches.");
	else
		plain_say(p, "%" PRIu64 " of %" PRIu32 " values of %s, most queries first:",
			  n < grouping_count(g) ? n : grouping_count(g), grouping_count(g),
			  by->name);
	for (uint32_t i = 0; i < n && i < grouping_count(g); i++)
		say_group(p, i + 1, grouping_at(g, i), grouping_total(g)->count);
	grouping_free(g);
	return UI_NOTHING;
}

static int do_summary(struct plain *p, const char *arg, const struct ui_model *m)
{
	char buf[PLAIN_SENTENCE_MAX];
	struct words s = words_in(buf, sizeof(buf));
	struct grouping *g;

	(void)arg, (void)m;
	if (make_groups(p, field_find("server", 6, NULL), &g))
		return UI_NOTHING;
	say_summary(&s, g);
	grouping_free(g);
	plain_say(p, "In memory: %s.", buf);
	return UI_NOTHING;
}

/* ---- show, detail */

static int do_show(struct plain *p, const char *arg, const struct ui_model *m)
{
	const struct flow_table *t = p->cfg.rows->table;
	uint64_t n = DEFAULT_LIST;

	(void)m;
	if (*arg && !parse_count(p, arg, &n))
		return UI_NOTHING;
	p->n_listed = 0;
	for (uint32_t i = 1; i <= t->count && (uint64_t)p->n_listed < n; i++) {
		const struct flow *f = flow_table_row(t, t->next_seq - i);
		char buf[PLAIN_SENTENCE_MAX];
		struct words s = words_in(buf, sizeof(buf));

		if (!filter_match(p->filter, p->cfg.rows, f))
			continue;
		p->listed[p->n_listed++] = t->next_seq - i;
		say_row(&s, p->cfg.rows, f);
		plain_say(p, "%d. %s", p->n_listed, buf);
	}
	if (p->n_listed == 0)
		plain_say(p, "No transaction matches; the filter is: %s.", plain_filter_name(p));
	return UI_NOTHING;
}

static void say_facts(struct plain *p, const struct flow *f)
{
	size_t n;
	const struct field *all = fields(&n);

	for (size_t i = 0; i < n; i++) {
		char buf[VALUE_BUF], text[VALUE_BUF];
		struct words s = words_in(text, sizeof(text));
		struct value v;

		if (!(all[i].flags & FIELD_JSON))
			continue;
		all[i].get(p->cfg.rows, f, &v, buf);
		if (v.type == VALUE_NONE)
			continue;
		say_value(&s, &v, VALUE_FULL);
		plain_say(p, "%s: %s", all[i].name, text);
	}
}

static int do_detail(struct plain *p, const char *arg, const struct ui_model *m)
{
	uint64_t n = 1;

	(void)m;
	if (*arg && !parse_count(p, arg, &n))
		return UI_NOTHING;
	if (p->n_listed == 0)
		plain_say(p, "Say show first; detail is about what it lists.");
	else if (n > (uint64_t)p->n_listed)
		plain_say(p, "The list has %d; say a number from 1 to %d.", p->n_listed,
			  p->n_listed);
	else if (!flow_table_has(p->cfg.rows->table, p->listed[n - 1]))
		plain_say(p, "That one has left memory for newer ones.");
	else
		say_facts(p, flow_table_row(p->cfg.rows->table, p->listed[n - 1]));
	return UI_NOTHING;
}

/* ---- the rest */

static int do_fields(struct plain *p, const char *arg, const struct ui_model *m)
{
	char buf[VALUE_BUF];
	struct words s = words_in(buf, sizeof(buf));
	size_t n;
	const struct field *all = fields(&n);

	(void)m;
	if (*arg) {
		const struct field *fd = field_find(arg, strlen(arg), NULL);

		plain_say(p, "%s%s%s.", fd ? fd->name : "There is no such field", fd ? ": " : "",
			  fd ? fd->help : "; fields tells of them all");
		return UI_NOTHING;
	}
	for (size_t i = 0; i < n; i++)
		words_add(&s, "%s%s", i ? ", " : "", all[i].name);
	plain_say(p, "%s.", buf);
	return UI_NOTHING;
}

static int do_counters(struct plain *p, const char *arg, const struct ui_model *m)
{
	struct truth now = truth_of(&m->source, m->tracker, m->rows->table);
	size_t n;
	const struct truth_counter *c = truth_counters(&n);

	(void)arg;
	for (size_t i = 0; i < n; i++)
		if (truth_value(&now, &c[i]))
			plain_say(p, "%s %" PRIu64 ": %s", c[i].title, truth_value(&now, &c[i]),
				  c[i].help);
	return UI_NOTHING;
}

static int do_pause(struct plain *p, const char *arg, const struct ui_model *m)
{
	(void)arg, (void)m;
	plain_say(p, p->paused
			     ? "It is paused already; say go."
			     : "Paused: nothing is said unless you ask; capture goes on. Say go.");
	p->paused = true;
	return UI_NOTHING;
}

static int do_go(struct plain *p, const char *arg, const struct ui_model *m)
{
	(void)arg, (void)m;
	plain_say(p, p->paused ? "Going on." : "It is not paused.");
	if (!p->paused)
		return UI_NOTHING;
	p->paused = false;
	return UI_REDRAW;
}

static int do_quit(struct plain *p, const char *arg, const struct ui_model *m)
{
	(void)p, (void)arg, (void)m;
	return UI_QUIT;
}

static const struct command commands[] = {
	{ "help", "", "these commands", say_help },
	{ "filter", "TEST", "tell only of what matches, as rcode=NXDOMAIN; none: of all",
	  do_filter },
	{ "summary", "", "all that is in memory in one line", do_summary },
	{ "top", "FIELD N", "the N values of a field with most queries, as top client 5", do_top },
	{ "show", "N", "the newest N transactions", do_show },
	{ "detail", "N", "all about the N-th of those shown", do_detail },
	{ "pause", "", "say nothing until go; capture goes on", do_pause },
	{ "go", "", "say again what comes", do_go },
	{ "fields", "NAME", "the names of fields; or what one means", do_fields },
	{ "counters", "", "what was seen, and what was lost", do_counters },
	{ "quit", "", "end it", do_quit },
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int say_help(struct plain *p, const char *arg, const struct ui_model *m)
{
	(void)arg, (void)m;
	for (size_t i = 0; i < N_COMMANDS; i++)
		plain_say(p, "%s%s%s: %s.", commands[i].name, *commands[i].arg ? " " : "",
			  commands[i].arg, commands[i].help);
	plain_say(p, "The beginning of a word will do, where it is of one command only.");
	return UI_NOTHING;
}

/* By its name, or so much of it that it can be no other. */
static const struct command *find(const char *word, size_t len)
{
	const struct command *found = NULL;

	if (len == 1 && *word == '?')
		return &commands[0];
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strncasecmp(commands[i].name, word, len) != 0)
			continue;
		if (found)
			return NULL;
		found = &commands[i];
	}
	return found;
}

static void say_unknown(struct plain *p, const char *word, size_t len)
{
	struct nearest near = nearest_to(word, len);
	char buf[ECHO_MAX];

	for (size_t i = 0; i < N_COMMANDS; i++)
		nearest_consider(&near, commands[i].name);
	escape_bytes(buf, sizeof(buf), word, len);
	plain_say(p, "There is no command \"%s\"%s%s%s Say help for those there are.", buf,
		  near.best ? "; did you mean " : ".", near.best ? near.best : "",
		  near.best ? "?" : "");
}

int plain_command(struct plain *p, char *line, const struct ui_model *m)
{
	const struct command *c;
	size_t end = strlen(line), len;

	while (end && isspace((unsigned char)line[end - 1]))
		line[--end] = '\0';
	line += strspn(line, " \t");
	len = strcspn(line, " \t");
	if (len == 0)
		return UI_NOTHING;
	c = find(line, len);
	if (!c) {
		say_unknown(p, line, len);
		return UI_NOTHING;
	}
	return c->run(p, line + len + strspn(line + len, " \t"), m);
}
