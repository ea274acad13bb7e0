/* SPDX-License-Identifier: BSD-2-Clause */
#include "app/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/option_spec.h"
#include "core/base/clock.h"
#include "core/flow/tracker.h"
#include "core/query/nearest.h"
#include "tui/widget/lineedit.h"

#define NS_PER_S 1000000000ull
/* -r, where it is not said. */
#define FRAME_NS (NS_PER_S / 4)
#define PLAIN_NS (5 * NS_PER_S)

#define HELP_COLUMNS 80

/* getopt's code of a spec: above any character. */
#define SPEC_CODE(i) (256 + (int)(i))
enum {
	CODE_HELP = 1000,
	CODE_VERSION
};

/* An option and what it means, in lines of a terminal's width. */
static void print_item(const char *left, const char *help)
{
	int at = printf("  %-24s", left);

	while (*help) {
		int word = (int)strcspn(help, " ");

		if (at + 1 + word >= HELP_COLUMNS)
			at = printf("\n  %-24s", "") - 1;
		at += printf(" %.*s", word, help);
		help += word;
		help += *help == ' ';
	}
	putchar('\n');
}

static void print_help(void)
{
	size_t n;
	const struct option_spec *specs = option_specs(&n);

	printf("Usage: dnstop [options] [device|savefile]\n\n"
	       "top for DNS: every DNS transaction on this host, or of a capture file, live.\n\n");
	for (size_t i = 0; i < n; i++) {
		const struct option_spec *s = &specs[i];
		char left[48], letter[4] = "  ";

		if (s->letter)
			snprintf(letter, sizeof(letter), "-%c", s->letter);
		snprintf(left, sizeof(left), "%s%s%s%s%s%s", letter,
			 s->name ? (s->letter ? ", " : "  ") : "", s->name ? "--" : "",
			 s->name ? s->name : "", s->arg ? " " : "", s->arg ? s->arg : "");
		print_item(left, s->help);
	}
	print_item("-h, --help", "this text");
	print_item("-v, -V, --version", "the version");
	printf("\nA filter: rcode=NXDOMAIN,SERVFAIL latency>=10ms not client=10.0.0.0/8\n"
	       "See dnstop(8) for fields, filters and keys.\n");
}

void options_print_mdoc(void)
{
	size_t n;
	const struct option_spec *specs = option_specs(&n);

	for (size_t i = 0; i < n; i++) {
		const struct option_spec *s = &specs[i];

		printf(".It");
		if (s->letter)
			printf(" Fl %c", s->letter);
		if (s->letter && s->name)
			printf(" ,");
		if (s->name)
			printf(" Fl -%s", s->name);
		if (s->arg)
			printf(" Ar %s", s->arg);
		printf("\n%s\n", s->help);
	}
	printf(".It Fl h , Fl -help\na summary\n.It Fl v , V , Fl -version\nthe version\n");
}

static void print_version(void)
{
	printf("dnstop %s (eBPF; not the Measurement Factory's program of the same name)\n",
	       DNSTOP_VERSION);
}

static int getopt_tables(struct option *longs, char *shorts)
{
	size_t n_specs;
	const struct option_spec *specs = option_specs(&n_specs);
	int n = 0;

	*shorts++ = ':';
	for (size_t i = 0; i < n_specs; i++) {
		const struct option_spec *s = &specs[i];

		if (s->name)
			longs[n++] = (struct option){
				.name = s->name,
				.has_arg = s->arg ? required_argument : no_argument,
				.val = SPEC_CODE(i),
			};
		if (s->letter) {
			*shorts++ = s->letter;
			if (s->arg)
				*shorts++ = ':';
		}
	}
	longs[n++] = (struct option){ .name = "help", .val = CODE_HELP };
	longs[n++] = (struct option){ .name = "version", .val = CODE_VERSION };
	longs[n] = (struct option){ 0 };
	memcpy(shorts, "hvV", 4);
	return n;
}

static const struct option_spec *spec_of(int code)
{
	size_t n;
	const struct option_spec *specs = option_specs(&n);

	if (code >= 256)
		return &specs[code - 256];
	for (size_t i = 0; i < n; i++) {
		if (specs[i].letter == code)
			return &specs[i];
	}
	return NULL;
}

/* --sort, of a report's own columns. */
static int settle_board(struct options *o, const char *name, struct err *err)
{
	for (int i = 0; i < o->board->n_columns; i++) {
		if (strcasecmp(o->board->columns[i].name, name) == 0 ||
		    strcasecmp(o->board->columns[i].title, name) == 0)
			o->board_column = i;
	}
	return o->board_column >= 0
		       ? 0
		       : err_set(err, -EINVAL, "the report can't be ordered by \"%s\"", name);
}

/* What --plain has commands for. */
static int settle_plain(struct parse *p, struct err *err)
{
	struct options *o = p->o;

	if (o->redraw_ns == 0)
		o->redraw_ns = o->output == OUTPUT_PLAIN ? PLAIN_NS : FRAME_NS;
	if (o->output == OUTPUT_PLAIN && (o->board || o->by || o->top || p->sort || p->columns))
		return err_set(err, -EINVAL,
			       "--plain has no reports, order, limit or columns: --batch does");
	return 0;
}

/* --write needs no screen where there is none. */
static int settle_write(struct options *o, struct err *err)
{
	bool to_stdout = o->write && strcmp(o->write, "-") == 0;
	bool on_terminal = isatty(STDOUT_FILENO);

	if (to_stdout && o->output != OUTPUT_SCREEN)
		return err_set(err, -EINVAL, "--write - and the other output are one too many");
	if (to_stdout && on_terminal)
		return err_set(err, -EINVAL, "--write - is not for a terminal to show");
	if (o->write && o->output == OUTPUT_SCREEN && !on_terminal)
		o->output = OUTPUT_NONE;
	return 0;
}

/* Of a savefile and without a terminal, the older dnstop's tables, unless something
 * was asked for that they do not show. */
static void settle_classic(struct options *o)
{
	bool piped_in = o->source.input && strcmp(o->source.input, "-") == 0;
	bool terminal = isatty(STDOUT_FILENO) && (piped_in || isatty(STDIN_FILENO));

	if (o->output == OUTPUT_SCREEN && !terminal && source_names_file(o->source.input) &&
	    !o->source.follow && !o->by && !o->n_columns && !o->top && !o->count)
		o->output = OUTPUT_CLASSIC;
}

/* -i: what rows show is what filters see, so where that is no address any more the
 * messages are left out. */
static int settle_ignored(struct parse *p, struct err *err)
{
	struct addresses *a = &p->o->addresses;
	bool hidden = a->anonymous || a->prefix4 || a->prefix6;
	/* Of replies alone the source is the server. */
	bool servers = p->o->classic.replies && !p->o->classic.queries;
	int rc = 0;

	for (int i = 0; i < p->n_ignored && rc == 0; i++) {
		const char *text = p->ignored[i];

		if (!hidden)
			rc = servers ? selection_not_server(&p->rows, text, err)
				     : selection_not_client(&p->rows, text, err);
		else
			rc = ip_addr_parse(text, &a->ignored[a->n_ignored++]);
	}
	a->ignored_serve = servers;
	return rc;
}

/* The switches that select rows only together. */
static int settle_rows(struct parse *p, struct err *err)
{
	const struct classic_options *classic = &p->o->classic;
	int rc = settle_ignored(p, err);

	if (rc == 0 && p->ipv4 != p->ipv6)
		rc = p->ipv4 ? selection_ipv4(&p->rows, err) : selection_ipv6(&p->rows, err);
	if (rc == 0 && classic->queries != classic->replies)
		rc = classic->queries ? selection_queries(&p->rows, err)
				      : selection_replies(&p->rows, err);
	return rc;
}

/* What is wrong with an option, with its name before it. */
static int name_option(const char *option, struct err *err)
{
	char text[sizeof(err->text)];

	memcpy(text, err->text, sizeof(text));
	return err_set(err, err->code, "%s: %.380s", option, text);
}

static int settle_columns(struct parse *p, struct err *err)
{
	struct options *o = p->o;
	int n;

	if (!p->columns)
		return 0;
	n = field_parse_list(p->columns, o->columns, FIELD_MAX_COLUMNS, err);
	if (n < 0)
		return name_option("--columns", err);
	o->n_columns = n;
	return 0;
}

static int settle_report(struct options *o, struct err *err)
{
	if (o->board && o->by)
		return err_set(err, -EINVAL, "--report and --by are two reports");
	if (o->board && o->board->unfiltered && o->filter[0])
		return err_set(err, -EINVAL, "--report %s is not about rows: no filter applies",
			       o->board->name);
	if (o->board && o->board->unfiltered && o->addresses.anonymous)
		return err_set(err, -EINVAL, "--report %s is about addresses: not with -a",
			       o->board->name);
	if (o->board && o->output == OUTPUT_SCREEN)
		o->output = OUTPUT_TEXT;
	return 0;
}

/* What would be left aside without a word. */
static int settle_limits(const struct parse *p, struct err *err)
{
	const struct options *o = p->o;
	bool shown = o->output == OUTPUT_SCREEN || o->output == OUTPUT_PLAIN;

	if (o->n_columns && !shown && (o->board || o->by))
		return err_set(err, -EINVAL, "--columns is about rows: %s has its own columns",
			       o->board ? "--report" : "--by");
	if (o->output == OUTPUT_SCREEN && strlen(o->filter) >= LINEEDIT_MAX)
		return err_set(err, -EINVAL,
			       "--where: on the screen a filter has %d bytes at the most, not %zu",
			       LINEEDIT_MAX - 1, strlen(o->filter));
	if (o->count && shown && !o->write)
		return err_set(err, -EINVAL,
			       "--count is for --json, --csv and --batch, with --by or without, "
			       "and for --write");
	if (o->count && !shown && (o->board || (!o->by && (p->sort || o->top))))
		return err_set(err, -EINVAL,
			       "--count stops before there is an order or a report: --duration "
			       "goes with them");
	return 0;
}

static int settle_rows_order(struct options *o, const char *name, struct err *err)
{
	o->sort_field = field_find(name, strlen(name), NULL);
	if (!o->sort_field) {
		const char *near = field_suggest(name, strlen(name));

		return err_set(err, -EINVAL, "no field is called \"%s\"%s%s%s", name,
			       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	}
	return 0;
}

static int settle_groups_order(struct options *o, const char *name, struct err *err)
{
	int column = group_column_find(name, strlen(name));

	if (column < 0 && field_find(name, strlen(name), NULL) != o->by)
		return err_set(err, -EINVAL, "groups can't be ordered by \"%s\"", name);
	o->sort_column = column < 0 ? GROUP_KEY : (enum group_column)column;
	return 0;
}

/* --sort, now that --by and --report are known. */
static int settle_order(struct parse *p, struct err *err)
{
	struct options *o = p->o;
	const char *name = p->sort;
	int rc;

	o->board_column = -1;
	if (!name) {
		settle_classic(o);
		o->sort_column = GROUP_COUNT;
		o->descending = true;
		return 0;
	}
	o->sort = name;
	o->descending = *name == '-';
	name += o->descending;
	if (o->board)
		rc = settle_board(o, name, err);
	else
		rc = o->by ? settle_groups_order(o, name, err) : settle_rows_order(o, name, err);
	return rc ? name_option("--sort", err) : 0;
}

/* What depends on several options. */
static int settle(struct parse *p, struct err *err)
{
	struct options *o = p->o;
	int rc = settle_columns(p, err);

	if (rc == 0)
		rc = settle_rows(p, err);
	if (rc == 0)
		rc = settle_report(o, err);
	if (rc == 0)
		rc = settle_write(o, err);
	if (rc == 0)
		rc = settle_plain(p, err);
	if (rc == 0)
		rc = source_check(&o->source, err);
	if (rc == 0)
		rc = settle_order(p, err);
	return rc ? rc : settle_limits(p, err);
}

/* How the user wrote the option that getopt has just taken. */
static void option_title(const struct option_spec *s, char *buf, size_t size)
{
	if (s->name)
		snprintf(buf, size, "--%s", s->name);
	else
		snprintf(buf, size, "-%c", s->letter);
}

/* The long option that was begun, or probably meant; NULL: none comes near. *several:
 * it could be more than one. */
static const char *long_option_of(const char *word, size_t len, bool *several)
{
	struct nearest n = nearest_to(word, len);
	const char *begun = NULL;
	size_t n_specs;
	const struct option_spec *specs = option_specs(&n_specs);

	*several = false;
	for (size_t i = 0; i < n_specs; i++) {
		if (!specs[i].name)
			continue;
		nearest_consider(&n, specs[i].name);
		if (len == 0 || strncmp(specs[i].name, word, len) != 0)
			continue;
		*several = begun != NULL;
		begun = begun ? begun : specs[i].name;
	}
	return begun ? begun : n.best;
}

/* "-json": letters to getopt, a long option to who typed it. */
static const char *long_option_meant(char *const *argv, int letter)
{
	bool several;

	for (; *argv; argv++) {
		const char *word = *argv + 1;

		if (**argv == '-' && *word == letter && word[1] && word[1] != '=') {
			const char *name = long_option_of(word, strlen(word), &several);

			return name && *name == letter ? name : NULL;
		}
	}
	return NULL;
}

/* What getopt did not take: how the user wrote it in title, why not in err. */
static void refuse(int c, char *const *argv, char *title, size_t size, struct err *err)
{
	const char *text = argv[optind - 1], *near;
	const struct option_spec *s = optopt > 0 && optopt < CODE_HELP ? spec_of(optopt) : NULL;
	int len = (int)strcspn(text, "=");
	bool several;

	if (s)
		option_title(s, title, size);
	else if (optopt > 0 && optopt < SPEC_CODE(0))
		snprintf(title, size, "-%c", optopt);
	else
		snprintf(title, size, "%.*s", len, text);
	if (c == ':') {
		err_set(err, -EINVAL, "wants an argument%s%s", s ? ": " : "", s ? s->arg : "");
	} else if (optopt >= SPEC_CODE(0)) {
		err_set(err, -EINVAL, "takes no argument");
	} else if (optopt) {
		near = long_option_meant(argv + 1, optopt);
		err_set(err, -EINVAL, "no such option%s%s%s", near ? "; did you mean --" : "",
			near ? near : "", near ? "?" : "");
	} else {
		near = long_option_of(text + 2, (size_t)len - 2, &several);
		err_set(err, -EINVAL, "%s%s%s%s",
			several ? "there is more than one such option" : "no such option",
			near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
	}
}

static enum options_verdict wrong(const char *what, const struct err *err)
{
	fprintf(stderr, "dnstop: %s%s%s\nTry dnstop --help.\n", what, *what ? ": " : "", err->text);
	return OPTIONS_WRONG;
}

enum options_verdict options_parse(struct options *o, int argc, char **argv)
{
	struct option longs[OPTIONS_MAX + 3];
	char shorts[2 * OPTIONS_MAX + 8];
	struct parse p = { .o = o, .rows = { .text = o->filter, .size = sizeof(o->filter) } };
	struct err err = { 0 };
	int c;

	*o = (struct options){
		.now_ns = clock_ns(CLOCK_REALTIME),
		.timeout_ns = TRACKER_TIMEOUT_NS,
		.max_flows = 1000000,
	};
	getopt_tables(longs, shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		char title[80] = "";

		if (c == CODE_HELP || c == 'h') {
			print_help();
			return OPTIONS_DONE;
		}
		if (c == CODE_VERSION || c == 'v' || c == 'V') {
			print_version();
			return OPTIONS_DONE;
		}
		if (c == '?' || c == ':') {
			refuse(c, argv, title, sizeof(title), &err);
			return wrong(title, &err);
		}
		const struct option_spec *s = spec_of(c);

		option_title(s, title, sizeof(title));
		if (s->set(&p, optarg, &err))
			return wrong(title, &err);
	}
	if (optind + 1 < argc) {
		err_set(&err, -EINVAL, "one device or savefile, not %d", argc - optind);
		return wrong("", &err);
	}
	if (optind < argc)
		o->source.input = argv[optind];
	if (settle(&p, &err))
		return wrong("", &err);
	return OPTIONS_RUN;
}
