/* SPDX-License-Identifier: BSD-2-Clause */
#include "plain/plain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plain/plain_state.h"

/* Servers of an interval that are told apart, and what they may take. */
static const struct tallies_limits tally_limits = {
	.groups = 10000,
	.group_bytes = 16u << 20,
	.sample_bytes = 64u << 20,
};

void plain_say(struct plain *p, const char *fmt, ...)
{
	va_list args;

	if (p->error)
		return;
	errno = 0;
	va_start(args, fmt);
	vfprintf(p->cfg.out, fmt, args);
	va_end(args);
	putc('\n', p->cfg.out);
	/* Each line is heard when it is said. */
	if (fflush(p->cfg.out) || ferror(p->cfg.out))
		p->error = errno ? -errno : -EIO;
}

bool plain_count_anew(struct plain *p)
{
	tallies_free(p->tallies);
	p->settled = 0;
	p->tallies = tallies_new(p->cfg.rows, field_find("server", 6, NULL), NULL, &tally_limits);
	return p->tallies != NULL;
}

static void settled(void *face, const struct flow *f)
{
	char buf[PLAIN_SENTENCE_MAX];
	struct words s = words_in(buf, sizeof(buf));
	struct plain *p = face;
	enum plain_kind kind;

	if (!filter_match(p->filter, p->cfg.rows, f))
		return;
	if (!(f->marks & FLOW_SETTLED_ONCE) && f->state != FLOW_UNSOLICITED) {
		p->settled++;
		if (p->tallies)
			tallies_add(p->tallies, f);
	}
	kind = plain_kind_of(f);
	if (kind == PLAIN_FINE || p->paused || !plain_limit_pass(&p->limit, kind, f->rcode))
		return;
	say_row(&s, p->cfg.rows, f);
	plain_say(p, "%s", buf);
}

static void tell_limited(struct plain *p, uint64_t now_ns)
{
	char buf[PLAIN_SENTENCE_MAX];
	struct words s = words_in(buf, sizeof(buf));

	say_time(&s, now_ns);
	for (int i = 0;; i++) {
		struct words line = s;

		words_add(&line, " ");
		if (!plain_limit_say(&p->limit, i, &line))
			break;
		if (line.len > s.len + 1)
			plain_say(p, "%s", buf);
	}
	plain_limit_reset(&p->limit);
}

/* Of what came since the last one; silent where nothing did. */
static void tell_summary(struct plain *p, uint64_t now_ns, const char *of)
{
	char buf[PLAIN_SENTENCE_MAX];
	struct words s = words_in(buf, sizeof(buf));
	struct grouping *g;
	int rc;

	if (p->settled == 0 || !p->tallies)
		return;
	rc = tallies_finish(p->tallies, &g);
	if (rc == 0) {
		say_time(&s, now_ns);
		words_add(&s, " %s", of);
		say_summary(&s, g);
		plain_say(p, "%s", buf);
		grouping_free(g);
	}
	if (rc || !plain_count_anew(p))
		plain_say(p, "There is too little memory to count what comes.");
}

/* Every loss is told of, once. */
static void tell_losses(struct plain *p, const struct ui_model *m)
{
	struct truth now = truth_of(&m->source, m->tracker, m->rows->table);
	size_t n;
	const struct truth_counter *c = truth_counters(&n);

	for (size_t i = 0; i < n; i++) {
		uint64_t is = truth_value(&now, &c[i]), was = truth_value(&p->told, &c[i]);

		if (!c[i].loss || is == was)
			continue;
		/* A full memory loses rows all the time. */
		if (c[i].offset == offsetof(struct truth, evicted)) {
			if (!p->told_evicted)
				plain_say(p,
					  "Memory is full: the oldest rows leave for newer ones.");
			p->told_evicted = true;
		} else if (c[i].offset == offsetof(struct truth, source.sampling)) {
			plain_say(p,
				  is ? "Too much comes: of %" PRIu64 " transactions one is taken."
				     : "All transactions are taken again.",
				  is);
		} else if (c[i].offset == offsetof(struct truth, source.following)) {
			plain_say(p,
				  is ? "Much comes: of %" PRIu64 " transactions one's path is kept."
				     : "All paths are kept again.",
				  is);
		} else if (is > was) {
			plain_say(p, "Lost: %" PRIu64 " more (%" PRIu64 " in all), %s.", is - was,
				  is, c[i].help);
		}
	}
	p->told = now;
}

static void tell_problems(struct plain *p, const struct ui_model *m)
{
	if (m->unwritten[0] && !p->told_unwritten)
		plain_say(p, "Nothing more is written to the file: %s", m->unwritten);
	p->told_unwritten = m->unwritten[0];
}

static void tell_all(struct plain *p, const struct ui_model *m, const char *of)
{
	tell_limited(p, m->now_ns);
	tell_losses(p, m);
	tell_problems(p, m);
	tell_summary(p, m->now_ns, of);
}

static void tell_end(struct plain *p, const struct ui_model *m)
{
	p->told_end = true;
	tell_all(p, m, p->cfg.live ? "" : "in all ");
	if (m->problem[0])
		plain_say(p, "%s: %s", p->cfg.title, m->problem);
	plain_say(p, p->cfg.live ? "%s has ended." : "%s is read to its end.", p->cfg.title);
	if (isatty(p->cfg.in))
		plain_say(p, "Type a command and Enter; help tells of them.");
}

static int draw(void *face, const struct ui_model *m)
{
	struct plain *p = face;

	if (m->ended && !p->told_end)
		tell_end(p, m);
	else if (p->begun && !p->paused && p->cfg.live)
		tell_all(p, m, "");
	p->begun = true;
	return p->error || (p->told_end && p->input_ended) ? UI_QUIT : UI_NOTHING;
}

static int input_fd(const void *face)
{
	const struct plain *p = face;

	return p->input_ended || (!p->cfg.live && !p->told_end) ? -1 : p->cfg.in;
}

static int take_line(struct plain *p, const struct ui_model *m)
{
	int effect = UI_NOTHING;

	p->line[p->len] = '\0';
	if (p->overlong)
		plain_say(p, "That was too long a line.");
	else
		effect = plain_command(p, p->line, m);
	p->len = 0;
	p->overlong = false;
	return effect;
}

static int take_byte(struct plain *p, char c, const struct ui_model *m)
{
	if (c == '\n')
		return take_line(p, m);
	if (p->len + 1 < sizeof(p->line))
		p->line[p->len++] = c;
	else
		p->overlong = true;
	return UI_NOTHING;
}

static int input(void *face, const struct ui_model *m)
{
	struct plain *p = face;
	char buf[PLAIN_LINE_MAX];
	ssize_t n = read(p->cfg.in, buf, sizeof(buf));
	int effect = UI_NOTHING;

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return UI_NOTHING;
	for (ssize_t i = 0; i < n && !(effect & UI_QUIT); i++)
		effect |= take_byte(p, buf[i], m);
	if (n <= 0) {
		p->input_ended = true;
		if (p->len)
			effect |= take_line(p, m);
	}
	return effect | (p->error || (p->told_end && p->input_ended) ? UI_QUIT : UI_NOTHING);
}

static void finish(void *face, const struct ui_model *m)
{
	struct plain *p = face;

	if (!p->told_end)
		tell_all(p, m, "");
}

static int close_plain(void *face)
{
	struct plain *p = face;
	int rc = p->error;

	tallies_free(p->tallies);
	filter_free(p->filter);
	free(p);
	return rc;
}

const struct face_ops face_plain = {
	.fd = input_fd,
	.input = input,
	.settled = settled,
	.draw = draw,
	.finish = finish,
	.close = close_plain,
};

const char *plain_filter_name(const struct plain *p)
{
	return p->filter_text[0] ? p->filter_text : "none, all is told of";
}

static void tell_start(struct plain *p)
{
	char every[32];
	struct words s = words_in(every, sizeof(every));

	say_duration(&s, p->cfg.interval_ns);
	plain_say(p, "dnstop " DNSTOP_VERSION " %s %s. Filter: %s.",
		  p->cfg.live ? "watches" : "reads", p->cfg.title, plain_filter_name(p));
	if (p->cfg.live)
		plain_say(p, "A summary comes each %s in which something happened%s", every,
			  !isatty(p->cfg.in) ? "." : "; type help and Enter for commands.");
	if (p->cfg.notice[0])
		plain_say(p, "%s", p->cfg.notice);
}

int plain_open(struct plain **out, const struct plain_config *cfg, struct err *err)
{
	struct plain *p = calloc(1, sizeof(*p));
	int rc;

	*out = NULL;
	if (!p)
		return err_set(err, -ENOMEM, "not enough memory");
	p->cfg = *cfg;
	p->input_ended = cfg->in < 0;
	snprintf(p->filter_text, sizeof(p->filter_text), "%s", cfg->filter);
	rc = filter_parse(cfg->filter, cfg->now_ns, &p->filter, err);
	if (rc == 0 && !plain_count_anew(p))
		rc = err_set(err, -ENOMEM, "not enough memory");
	if (rc) {
		close_plain(p);
		return rc;
	}
	tell_start(p);
	*out = p;
	return 0;
}
