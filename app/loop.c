/* SPDX-License-Identifier: BSD-2-Clause */
#include "app/loop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/clock.h"

/* Packets taken before keys and signals are looked at again: some 5 ms. */
#define POLL_BUDGET 50000
/* How long the loop sleeps at the most when nothing asks for less. */
#define IDLE_MS 1000

enum waker {
	WAKE_SOURCE,
	WAKE_SIGNAL,
	WAKE_KEYS,
};

struct descriptors {
	int epoll;
	int signals;
	uint64_t start_ns;      /* monotonic */
	uint64_t next_frame_ns; /* monotonic */
	uint64_t next_poll_ns;  /* monotonic; of a source that is drained by time */
	int input;              /* the face's, while it is waited on; else -1 */
	bool input_is_ready;    /* always, as of a file that can't be waited on */
	int quit;               /* 0: go on; -1: by the user; else the signal */
};

void loop_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGWINCH);
	sigaddset(set, SIGCONT);
	sigaddset(set, SIGTSTP);
}

void loop_settled(void *ctx, const struct flow *f, uint32_t seq)
{
	struct loop *l = ctx;

	(void)seq;
	writer_row(l->writer, f);
	if (l->face && l->face_ops->settled)
		l->face_ops->settled(l->face, f);
	if (!l->report || l->sink_error)
		return;
	l->sink_error = report_row(l->report, f);
}

static void feed_hidden(struct loop *l, const struct dns_msg *msg)
{
	char text[VALUE_ADDR_TEXT_MAX];
	struct dns_msg hidden;

	if (addresses_take(&l->opt->addresses, msg, &hidden, text))
		tracker_feed(l->tracker, &hidden);
}

static void take_message(void *ctx, const struct dns_msg *msg)
{
	struct loop *l = ctx;

	/* A file's --duration is of its own time. */
	if (!l->source->live && l->opt->duration_ns) {
		if (l->first_ns == 0)
			l->first_ns = msg->ts_ns;
		if (msg->ts_ns > l->first_ns + l->opt->duration_ns) {
			l->past_duration = true;
			return;
		}
	}
	if (addresses_are_set(&l->opt->addresses))
		feed_hidden(l, msg);
	else
		tracker_feed(l->tracker, msg);
}

static int watch(struct descriptors *d, int fd, enum waker who)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = who };

	return epoll_ctl(d->epoll, EPOLL_CTL_ADD, fd, &ev) == 0 ? 0 : -errno;
}

/* Where the face's input comes from, which may change. */
static int watch_input(struct descriptors *d, const struct loop *l)
{
	int fd = l->face ? l->face_ops->fd(l->face) : -1;
	int rc = 0;

	if (fd == d->input)
		return 0;
	if (d->input >= 0 && !d->input_is_ready)
		epoll_ctl(d->epoll, EPOLL_CTL_DEL, d->input, NULL);
	if (fd >= 0)
		rc = watch(d, fd, WAKE_KEYS);
	d->input_is_ready = rc == -EPERM;
	d->input = fd;
	return rc == -EPERM ? 0 : rc;
}

static int descriptors_open(struct descriptors *d, const struct loop *l, struct err *err)
{
	sigset_t set;
	int rc = 0;

	*d = (struct descriptors){
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.signals = -1,
		.input = -1,
	};
	loop_signals(&set);
	d->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (d->epoll < 0 || d->signals < 0) {
		rc = -errno;
		goto out;
	}
	rc = watch(d, d->signals, WAKE_SIGNAL);
	if (rc == 0 && l->source->ops->fd(l->source) >= 0)
		rc = watch(d, l->source->ops->fd(l->source), WAKE_SOURCE);
	if (rc == 0)
		rc = watch_input(d, l);
	d->start_ns = clock_ns(CLOCK_MONOTONIC);
out:
	return rc ? err_set(err, rc, "the event loop could not start: %s", strerror(-rc)) : 0;
}

static void descriptors_close(struct descriptors *d)
{
	if (d->signals >= 0)
		close(d->signals);
	if (d->epoll >= 0)
		close(d->epoll);
}

static void model_of(struct loop *l, struct ui_model *m)
{
	*m = (struct ui_model){
		.rows = l->rows,
		.tracker = tracker_stats(l->tracker),
		.title = l->source->title,
		.notice = l->source->notice,
		.problem = l->problem.text,
		.unwritten = writer_problem(l->writer),
		.live = l->source->live,
		.ended = l->ended,
		.now_ns = l->source->live ? clock_ns(CLOCK_REALTIME) : tracker_now(l->tracker),
	};
	l->source->ops->stats(l->source, &m->source);
}

static void apply(struct loop *l, struct descriptors *d, int effect)
{
	if (effect & UI_RESET) {
		tracker_clear(l->tracker);
		flow_table_clear(l->table);
	}
	if (effect & UI_QUIT)
		d->quit = -1;
	if (effect & (UI_REDRAW | UI_RESET))
		d->next_frame_ns = 0;
}

static void take_keys(struct loop *l, struct descriptors *d)
{
	struct ui_model m;

	model_of(l, &m);
	apply(l, d, l->face_ops->input(l->face, &m));
}

static void take_signals(struct loop *l, struct descriptors *d)
{
	struct signalfd_siginfo info;

	while (read(d->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		int signal = (int)info.ssi_signo;

		if (signal == SIGTSTP && l->face && l->face_ops->stop)
			apply(l, d, l->face_ops->stop(l->face));
		else if (signal == SIGTSTP)
			raise(SIGSTOP);
		else if (signal != SIGWINCH && signal != SIGCONT)
			d->quit = signal;
		else if (l->face && l->face_ops->resized)
			apply(l, d, l->face_ops->resized(l->face));
	}
}

/* Whether any message might be left out, changed, or the last. */
static bool chooses_messages(const struct loop *l)
{
	const struct options *o = l->opt;

	return o->duration_ns || o->count || addresses_are_set(&o->addresses);
}

/* Batch by batch as long as there are some: one takes 50 us, a turn of the loop several
 * system calls. */
static int poll_batches(struct loop *l)
{
	const struct dns_msg *const *msgs;
	uint32_t n_msgs;
	int n, sum = 0;

	do {
		n = l->source->ops->poll_batch(l->source, sum == 0, &msgs, &n_msgs, &l->problem);
		tracker_feed_batch(l->tracker, msgs, n_msgs);
		sum += n;
	} while (n > 0 && sum < POLL_BUDGET);
	return n < 0 ? n : sum;
}

/* What source_ops says of poll. */
static int poll_source(struct loop *l)
{
	const struct source_ops *ops = l->source->ops;
	int n;

	if (ops->poll_batch && !chooses_messages(l))
		return poll_batches(l);
	n = ops->poll(l->source, POLL_BUDGET, take_message, l, &l->problem);
	/* What was prepared of messages stays no longer. */
	tracker_flush(l->tracker);
	return n;
}

/* Takes what the source has. Returns true when it may have more right now. */
static bool take_source(struct loop *l, struct descriptors *d)
{
	/* Read before the drain: what happened later may still wait in the ring. */
	uint64_t now_ns = clock_ns(CLOCK_REALTIME);
	int n = poll_source(l);

	if (n < 0 || l->past_duration) {
		l->ended = true;
		l->source_error = n < 0 && n != -ENODATA ? n : 0;
		/* Of a file, what is still open stays so: time ends here. */
		tracker_finish(l->tracker);
		d->next_frame_ns = 0;
		/* A pipe that was closed would wake the loop for ever. */
		if (l->source->ops->fd(l->source) >= 0)
			epoll_ctl(d->epoll, EPOLL_CTL_DEL, l->source->ops->fd(l->source), NULL);
		return false;
	}
	if (l->source->live && n < POLL_BUDGET)
		tracker_advance(l->tracker, now_ns);
	return n >= POLL_BUDGET || (!l->source->live && n > 0);
}

/* -P: how many messages of the file have been read, and how many a second. */
static void tell_progress(const struct loop *l, uint64_t spent_ns)
{
	uint64_t n = tracker_stats(l->tracker)->messages;

	fprintf(stderr, "%" PRIu64 " %7.1f m/s\n", n, (double)n * 1e9 / (double)(spent_ns + 1));
}

/* At the most once a second, and at the end. */
static void progress(struct loop *l, const struct descriptors *d, uint64_t now)
{
	if (!l->opt->progress || l->face || l->source->live)
		return;
	if (l->told_ns == 0)
		l->told_ns = d->start_ns;
	if (l->ended || now - l->told_ns >= 1000000000) {
		tell_progress(l, now - d->start_ns);
		l->told_ns = now;
	}
}

static bool source_is_due(const struct loop *l, struct descriptors *d, uint64_t now)
{
	int interval = l->source->ops->interval_ms(l->source);

	if (l->ended)
		return false;
	if (interval == 0)
		return l->source->ops->fd(l->source) < 0;
	if (now < d->next_poll_ns)
		return false;
	d->next_poll_ns = now + (uint64_t)interval * 1000000;
	return true;
}

static void draw_if_due(struct loop *l, struct descriptors *d, uint64_t now)
{
	const struct face_ops *face = l->face_ops;
	struct ui_model m;
	int effect;

	if (!l->face || now < d->next_frame_ns)
		return;
	model_of(l, &m);
	effect = face->draw(l->face, &m);
	/* What it could not count yet it counts in frames that come at once. */
	d->next_frame_ns = face->is_busy && face->is_busy(l->face) ? now : now + l->opt->redraw_ns;
	apply(l, d, effect);
}

static int earlier_ms(uint64_t now, uint64_t then, int ms)
{
	uint64_t left = then > now ? (then - now + 999999) / 1000000 : 0;

	return left < (uint64_t)ms ? (int)left : ms;
}

static int sleep_ms(const struct loop *l, const struct descriptors *d, bool more, uint64_t now)
{
	int ms = IDLE_MS;

	if (more || d->input_is_ready)
		return 0;
	if (!l->ended && l->source->ops->interval_ms(l->source) > 0)
		ms = earlier_ms(now, d->next_poll_ns, ms);
	if (l->face)
		ms = earlier_ms(now, d->next_frame_ns, ms);
	if (l->opt->duration_ns && l->source->live)
		ms = earlier_ms(now, d->start_ns + l->opt->duration_ns, ms);
	return ms;
}

/* Whether the run is over, but for what the user or a signal says. */
static bool is_over(const struct loop *l, const struct descriptors *d, uint64_t now)
{
	if (!l->face && l->ended)
		return true;
	if (l->report && (l->sink_error || report_done(l->report)))
		return true;
	if (!l->face && !l->report && writer_done(l->writer))
		return true;
	return l->source->live && l->opt->duration_ns && now >= d->start_ns + l->opt->duration_ns;
}

static int turn(struct loop *l, struct descriptors *d, bool *more)
{
	struct epoll_event ev[4];
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	bool poll = false;
	int n = epoll_wait(d->epoll, ev, 4, sleep_ms(l, d, *more, now));

	if (n < 0 && errno != EINTR)
		return -errno;
	for (int i = 0; i < n; i++) {
		if (ev[i].data.u32 == WAKE_SIGNAL)
			take_signals(l, d);
		else if (ev[i].data.u32 == WAKE_KEYS)
			take_keys(l, d);
		else
			poll = true;
	}
	if (d->input_is_ready)
		take_keys(l, d);
	now = clock_ns(CLOCK_MONOTONIC);
	if (!l->ended && (poll || *more || source_is_due(l, d, now))) {
		*more = take_source(l, d);
		progress(l, d, clock_ns(CLOCK_MONOTONIC));
	}
	draw_if_due(l, d, now);
	return watch_input(d, l);
}

int loop_run(struct loop *l, struct err *err)
{
	struct descriptors d;
	struct ui_model m;
	bool more = true;
	int rc = descriptors_open(&d, l, err);

	while (rc == 0 && d.quit == 0 && !is_over(l, &d, clock_ns(CLOCK_MONOTONIC)))
		rc = turn(l, &d, &more);
	if (rc == 0 && !l->ended && l->source->live)
		take_source(l, &d);
	if (!l->ended)
		tracker_finish(l->tracker);
	if (l->face && l->face_ops->finish) {
		model_of(l, &m);
		l->face_ops->finish(l->face, &m);
	}
	if (rc == 0)
		rc = d.quit > 0 ? d.quit : 0;
	descriptors_close(&d);
	return rc;
}
