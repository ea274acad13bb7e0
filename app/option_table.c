/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * THE list of options. A new one is a function that takes its argument, and an
 * entry here; --help and the man page follow.
 */
#include "app/option_spec.h"

#include <errno.h>
#include <string.h>

#include "core/query/value.h"
#include "tui/widget/looks.h"

#define NS_PER_S 1000000000ull
/* Added to any time of the clock, twice, it still fits. */
#define SECONDS_MAX (100ull * 366 * 86400)

static int set_json(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->output = OUTPUT_JSON;
	return 0;
}

static int set_csv(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->output = OUTPUT_CSV;
	return 0;
}

static int set_batch(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->output = OUTPUT_TEXT;
	return 0;
}

static int set_plain(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->output = OUTPUT_PLAIN;
	return 0;
}

static int set_where(struct parse *p, const char *arg, struct err *err)
{
	return selection_where(&p->rows, arg, p->o->now_ns, err);
}

static int set_ipv4(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->ipv4 = true;
	return 0;
}

static int set_ipv6(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->ipv6 = true;
	return 0;
}

static int set_queries(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->classic.queries = true;
	return 0;
}

static int set_replies(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->classic.replies = true;
	return 0;
}

static int set_no_source_names(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->classic.no_source_names = true;
	return 0;
}

static int set_progress(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->progress = true;
	return 0;
}

/* -i has two meanings in people's fingers: the classic dnstop's "ignore this
 * source address" and everybody else's "this interface". The argument tells. */
static int set_ignore(struct parse *p, const char *arg, struct err *err)
{
	struct ip_addr addr;

	if (ip_addr_parse(arg, &addr)) {
		p->o->source.input = arg;
		return 0;
	}
	if (p->n_ignored == ADDRESSES_IGNORED_MAX)
		return err_set(err, -EINVAL, "at most %d addresses", ADDRESSES_IGNORED_MAX);
	p->ignored[p->n_ignored++] = arg;
	return 0;
}

static int set_domain(struct parse *p, const char *arg, struct err *err)
{
	return selection_domain(&p->rows, arg, err);
}

static int set_named(struct parse *p, const char *arg, struct err *err)
{
	return selection_named(&p->rows, arg, err);
}

static int set_pcap_filter(struct parse *p, const char *arg, struct err *err)
{
	(void)err;
	p->o->source.bpf_filter = arg;
	return 0;
}

static int set_no_promisc(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->source.no_promisc = true;
	return 0;
}

static int set_buckets(struct parse *p, const char *arg, struct err *err)
{
	/* The classic's hash size: tables here size themselves. Scripts pass it. */
	(void)p, (void)arg, (void)err;
	return 0;
}

static int set_source(struct parse *p, const char *arg, struct err *err)
{
	if (strcmp(arg, "auto") != 0 && strcmp(arg, "bpf") != 0 && strcmp(arg, "pcap") != 0)
		return err_set(err, -EINVAL, "the source is auto, bpf or pcap, not \"%s\"", arg);
	p->o->source.kind = arg;
	return 0;
}

static int set_port(struct parse *p, const char *arg, struct err *err)
{
	struct source_config *c = &p->o->source;

	for (const char *at = arg;; at++) {
		size_t n = strcspn(at, ",");
		uint64_t port;

		if (value_parse_uint(at, n, &port) || port == 0 || port > 65535)
			return err_set(err, -EINVAL, "\"%.*s\" is not a port", (int)n, at);
		if (c->n_ports == SOURCE_MAX_PORTS)
			return err_set(err, -EINVAL, "at most %d ports", SOURCE_MAX_PORTS);
		c->ports[c->n_ports++] = (uint16_t)port;
		at += n;
		if (!*at)
			return 0;
	}
}

static int set_report(struct parse *p, const char *arg, struct err *err)
{
	p->o->board = board_find(arg);
	return p->o->board ? 0
			   : err_set(err, -EINVAL,
				     "no report is called \"%s\": resolvers, search, "
				     "encrypted",
				     arg);
}

static int set_by(struct parse *p, const char *arg, struct err *err)
{
	const struct field *by[2] = { NULL };
	int n = field_parse_list(arg, by, 2, err);

	if (n < 0)
		return n;
	for (int i = 0; i < n; i++) {
		if (by[i]->flags & FIELD_NO_GROUP)
			return err_set(err, -EINVAL, "no rows can be grouped by %s", by[i]->name);
	}
	p->o->by = by[0];
	p->o->second = by[1];
	return 0;
}

static int parse_number(const char *arg, uint64_t max, uint64_t *out, struct err *err)
{
	if (value_parse_uint(arg, strlen(arg), out) || *out == 0 || *out > max)
		return err_set(err, -EINVAL, "\"%s\" is not a number from 1 to %llu", arg,
			       (unsigned long long)max);
	return 0;
}

static int set_levels(struct parse *p, const char *arg, struct err *err)
{
	uint64_t n;
	int rc = parse_number(arg, CLASSIC_LEVELS, &n, err);

	if (rc == 0)
		p->o->classic.levels = (uint8_t)n;
	return rc;
}

static int set_anonymous(struct parse *p, const char *arg, struct err *err)
{
	(void)arg;
	p->o->addresses.anonymous = true;
	return addresses_key(&p->o->addresses, err);
}

static int set_network4(struct parse *p, const char *arg, struct err *err)
{
	uint64_t n;
	int rc = parse_number(arg, 32, &n, err);

	if (rc == 0)
		p->o->addresses.prefix4 = (uint8_t)n;
	return rc;
}

static int set_network6(struct parse *p, const char *arg, struct err *err)
{
	uint64_t n;
	int rc = parse_number(arg, 128, &n, err);

	if (rc == 0)
		p->o->addresses.prefix6 = (uint8_t)n;
	return rc;
}

static int set_top(struct parse *p, const char *arg, struct err *err)
{
	uint64_t n;
	int rc = parse_number(arg, UINT32_MAX, &n, err);

	if (rc == 0)
		p->o->top = (uint32_t)n;
	return rc;
}

static int set_sort(struct parse *p, const char *arg, struct err *err)
{
	(void)err;
	p->sort = arg;
	return 0;
}

static int set_columns(struct parse *p, const char *arg, struct err *err)
{
	(void)err;
	p->columns = arg;
	return 0;
}

static int parse_seconds(const char *arg, uint64_t *ns, struct err *err)
{
	if (value_parse_duration(arg, strlen(arg), NS_PER_S, ns) || *ns == 0)
		return err_set(err, -EINVAL,
			       "\"%s\" is not a time: seconds, or with a unit: 500ms, 2m", arg);
	if (*ns > SECONDS_MAX * NS_PER_S)
		return err_set(err, -EINVAL, "\"%s\" is more than a hundred years", arg);
	return 0;
}

static int set_resolvers(struct parse *p, const char *arg, struct err *err)
{
	(void)err;
	p->o->resolvers = arg;
	return 0;
}

static int set_tlds(struct parse *p, const char *arg, struct err *err)
{
	(void)err;
	p->o->tlds = arg;
	return 0;
}

static int set_follow(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->source.follow = true;
	return 0;
}

static int set_decrypt(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->source.decrypt = true;
	return 0;
}

static int set_duration(struct parse *p, const char *arg, struct err *err)
{
	return parse_seconds(arg, &p->o->duration_ns, err);
}

static int set_timeout(struct parse *p, const char *arg, struct err *err)
{
	return parse_seconds(arg, &p->o->timeout_ns, err);
}

static int set_redraw(struct parse *p, const char *arg, struct err *err)
{
	if (strcmp(arg, "0") == 0) {
		p->o->redraw_ns = NS_PER_S / 10;
		return 0;
	}
	return parse_seconds(arg, &p->o->redraw_ns, err);
}

static int set_count(struct parse *p, const char *arg, struct err *err)
{
	return parse_number(arg, UINT64_MAX, &p->o->count, err);
}

static int set_max_flows(struct parse *p, const char *arg, struct err *err)
{
	uint64_t n;
	int rc = parse_number(arg, 1u << 30, &n, err);

	if (rc == 0)
		p->o->max_flows = (uint32_t)n;
	return rc;
}

static int set_write(struct parse *p, const char *arg, struct err *err)
{
	(void)err;
	p->o->write = arg;
	return 0;
}

static int set_stats(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->stats = true;
	return 0;
}

static int set_colour(struct parse *p, const char *arg, struct err *err)
{
	static const char *const names[] = {
		[LOOKS_COLOUR_AUTO] = "auto",
		[LOOKS_COLOUR_NEVER] = "never",
		[LOOKS_COLOUR_ALWAYS] = "always",
	};

	for (int i = LOOKS_COLOUR_AUTO; i <= LOOKS_COLOUR_ALWAYS; i++) {
		if (strcmp(arg, names[i]) == 0) {
			p->o->colour = (enum looks_colour)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "--color is auto, never or always, not \"%s\"", arg);
}

static int set_ascii(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->ascii = true;
	return 0;
}

static int set_theme(struct parse *p, const char *arg, struct err *err)
{
	struct looks any;

	p->o->theme = arg;
	if (looks_theme(&any, arg, NULL))
		return err_set(err, -EINVAL, "a theme is " LOOKS_THEMES ", not \"%s\"", arg);
	return 0;
}

static int set_graph(struct parse *p, const char *arg, struct err *err)
{
	struct looks any;

	p->o->graph = arg;
	if (looks_graph(&any, arg, NULL))
		return err_set(err, -EINVAL, "a graph is " LOOKS_GRAPHS ", not \"%s\"", arg);
	return 0;
}

static int set_no_mouse(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->no_mouse = true;
	return 0;
}

static int set_no_config(struct parse *p, const char *arg, struct err *err)
{
	(void)arg, (void)err;
	p->o->no_config = true;
	return 0;
}

static const struct option_spec specs[] = {
	{ 'Y', "where", "FILTER", "keep only the rows that match", set_where },
	{ 0, "json", NULL, "rows as NDJSON on standard output", set_json },
	{ 0, "csv", NULL, "rows as CSV", set_csv },
	{ 0, "batch", NULL, "rows as plain text", set_batch },
	{ 0, "plain", NULL,
	  "lines for a screen reader: what changes, in words; commands typed as lines", set_plain },
	{ 0, "report", "NAME",
	  "resolvers: their scorecard; search: what search lists waste; encrypted: by whom and where",
	  set_report },
	{ 0, "by", "A[,B]", "group rows by a field or two: a report at the end", set_by },
	{ 0, "top", "N", "only the first N rows or groups, in the order of --sort; of each panel",
	  set_top },
	{ 0, "sort", "[-]FIELD", "order, descending with -", set_sort },
	{ 0, "columns", "A,B", "which fields, on screen and in every output", set_columns },
	{ 0, "source", "KIND", "auto, bpf or pcap", set_source },
	{ 0, "port", "N[,N]", "DNS ports (53, and 5353 and 5355 for mDNS and LLMNR)", set_port },
	{ 0, "timeout", "SECS", "when a query counts as unanswered (5)", set_timeout },
	{ 0, "follow", NULL, "at a file's end wait for more, as tail -f", set_follow },
	{ 0, "decrypt", NULL, "also DNS in TLS and HTTPS of this host's programs (bpf only)",
	  set_decrypt },
	{ 0, "resolvers", "FILE", "servers of DNS over HTTPS, for the report encrypted",
	  set_resolvers },
	{ 0, "write", "FILE", "the messages of matching rows as pcapng; - is standard output",
	  set_write },
	{ 0, "tlds", "FILE", "top-level domains there are, for unknown-tlds and new-gtlds",
	  set_tlds },
	{ 0, "duration", "SECS", "stop after this long, of a file in its own time", set_duration },
	{ 0, "count", "N", "stop after N rows", set_count },
	{ 0, "max-flows", "N", "rows kept in memory (1000000)", set_max_flows },
	{ 0, "stats", NULL, "counters as one JSON object on standard error at the end", set_stats },
	{ 0, "color", "WHEN", "auto, never or always", set_colour },
	{ 0, "ascii", NULL, "draw with ASCII only", set_ascii },
	{ 0, "theme", "NAME", LOOKS_THEMES, set_theme },
	{ 0, "graph", "KIND", LOOKS_GRAPHS, set_graph },
	{ 0, "no-mouse", NULL, "leave the mouse to the terminal", set_no_mouse },
	{ 0, "no-config", NULL, "read and keep no settings and no history", set_no_config },
	{ '4', NULL, NULL, "only IPv4", set_ipv4 },
	{ '6', NULL, NULL, "only IPv6", set_ipv6 },
	{ 'Q', NULL, NULL, "only what was asked: rows whose query was seen", set_queries },
	{ 'R', NULL, NULL, "only what was replied to; -Q and -R together: all", set_replies },
	{ 'a', NULL, NULL, "anonymous addresses, by a random key of this run", set_anonymous },
	{ 'b', NULL, "EXPR", "capture filter in pcap's language (pcap sources)", set_pcap_filter },
	{ 'B', NULL, "N", "ignored: the classic dnstop's hash size", set_buckets },
	{ 'C', NULL, "LEN", "clients and servers of IPv4 by networks of LEN bits", set_network4 },
	{ 'D', NULL, "LEN", "the same of IPv6", set_network6 },
	{ 'f', NULL, "NAME",
	  "a named filter: unknown-tlds, new-gtlds, A-for-A, rfc1918-ptr, refused, servfail, "
	  "nxdomain, qtype-any, qtype-wks, bitsquat, unanswered, slow ...",
	  set_named },
	{ 'i', NULL, "ADDR|IF", "ignore this client; or: watch this interface", set_ignore },
	{ 'l', NULL, "N", "open names by their last N labels; of the tables, levels 1 to N (2)",
	  set_levels },
	{ 'n', NULL, "NAME", "only names in this domain", set_domain },
	{ 'p', NULL, NULL, "no promiscuous mode (pcap sources)", set_no_promisc },
	{ 'P', NULL, NULL, "of a file, messages read and a second on standard error",
	  set_progress },
	{ 'X', NULL, NULL, "without a terminal, no tables of sources with names",
	  set_no_source_names },
	{ 'r', NULL, "SECS", "time between two frames (0.25), or summaries of --plain (5)",
	  set_redraw },
};

_Static_assert(sizeof(specs) / sizeof(specs[0]) <= OPTIONS_MAX, "room for every option");

const struct option_spec *option_specs(size_t *n)
{
	*n = sizeof(specs) / sizeof(specs[0]);
	return specs;
}
