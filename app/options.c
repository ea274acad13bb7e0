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

#define NS_PER_S 1000000000ull
/* -r, where it is not said. */
#define FRAME_NS (NS_PER_S / 4)
#define PLAIN_NS (5 * NS_PER_S)

/* getopt's code of a spec: above any character. */
#define SPEC_CODE(i) (256 + (int)(i))
enum {
	CODE_HELP = 1000,
	CODE_VERSION
};

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
		printf("  %-24s %s\n", left, s->help);
	}
	printf("  %-24s %s\n", "-h, --help", "this text");
	printf("  %-24s %s\n", "-v, -V, --version", "the version");
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
	if (o->output == OUTPUT_PLAIN && (o->board || o->by || p->sort || p->columns))
		return err_set(err, -EINVAL,
			       "--plain has no reports, order or columns: --batch does");
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
	unsigned prefix;
	int rc = 0;

	for (int i = 0; i < p->n_ignored && rc == 0; i++) {
		const char *text = p->ignored[i];

		if (!hidden)
			rc = selection_not_client(&p->rows, text, err);
		else
			rc = value_parse_prefix(text, strlen(text), &a->ignored[a->n_ignored++],
						&prefix);
	}
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

/* --sort and --columns, now that --by is known. */
static int settle(struct parse *p, struct err *err)
{
	struct options *o = p->o;

	if (p->columns) {
		int n = field_parse_list(p->columns, o->columns, FIELD_MAX_COLUMNS, err);

		if (n < 0)
			return n;
		o->n_columns = n;
	}
	o->board_column = -1;
	if (settle_rows(p, err))
		return -EINVAL;
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
	if (settle_write(o, err) || settle_plain(p, err))
		return -EINVAL;
	if (!p->sort) {
		settle_classic(o);
		o->sort_column = GROUP_COUNT;
		o->descending = true;
		return 0;
	}
	const char *name = p->sort;

	o->sort = p->sort;
	o->descending = *name == '-';
	name += o->descending;
	if (o->board)
		return settle_board(o, name, err);
	if (o->by) {
		int column = group_column_find(name, strlen(name));

		if (column < 0 && field_find(name, strlen(name), NULL) != o->by)
			return err_set(err, -EINVAL, "groups can't be ordered by \"%s\"", name);
		o->sort_column = column < 0 ? GROUP_KEY : (enum group_column)column;
		return 0;
	}
	o->sort_field = field_find(name, strlen(name), NULL);
	if (!o->sort_field) {
		const char *near = field_suggest(name, strlen(name));

		return err_set(err, -EINVAL, "no field is called \"%s\"%s%s%s", name,
			       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	}
	return 0;
}

static enum options_verdict wrong(const char *what, const struct err *err)
{
	fprintf(stderr, "dnstop: %s%s%s\nTry dnstop --help.\n", what, *what ? ": " : "", err->text);
	return OPTIONS_WRONG;
}

/* How the user wrote the option that getopt has just taken. */
static void option_title(const struct option_spec *s, char *buf, size_t size)
{
	if (s->name)
		snprintf(buf, size, "--%s", s->name);
	else
		snprintf(buf, size, "-%c", s->letter);
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
		char title[32] = "";

		if (c == CODE_HELP || c == 'h') {
			print_help();
			return OPTIONS_DONE;
		}
		if (c == CODE_VERSION || c == 'v' || c == 'V') {
			print_version();
			return OPTIONS_DONE;
		}
		if (c == '?' || c == ':') {
			err_set(&err, -EINVAL, c == '?' ? "no such option" : "wants an argument");
			return wrong(argv[optind - 1], &err);
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
