/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dnstop: arguments and wiring. Everything that happens is in loop.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/loop.h"
#include "app/needs.h"
#include "app/options.h"
#include "core/base/seed.h"
#include "core/enrich/container.h"
#include "core/enrich/process.h"
#include "core/enrich/records.h"
#include "core/enrich/registrable.h"
#include "core/file/resolvers.h"
#include "core/file/tldfile.h"
#include "core/sink/truth.h"
#include "plain/plain.h"
#include "tui/ui.h"

enum {
	EXIT_RUNTIME = 1,
	EXIT_USAGE = 2
};

/* A crash must not leave the user with a terminal in curses' hands. The
 * handler runs once; the signal then does what it always does. */
static void crashed(int signal)
{
	ui_emergency_restore();
	raise(signal);
}

static void prepare_signals(void)
{
	static const int fatal[] = { SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE };
	struct sigaction crash = { .sa_handler = crashed, .sa_flags = (int)SA_RESETHAND };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaction(fatal[i], &crash, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	loop_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* A standard descriptor that is closed would be the next file's that is opened, and
 * output go into it. What stands in for it can't be read, or written to. */
static void keep_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(EXIT_RUNTIME);
	}
}

static struct owner_labels find_labels(void *ctx, const struct dns_msg *msg)
{
	struct loop *l = ctx;
	const struct container_names *names = containers_find(l->containers, msg->cgroup, msg->pid,
							      msg->ts_ns);

	return (struct owner_labels){
		.container = names->container,
		.pod = names->pod,
		.exe = processes_exe(l->processes, msg),
	};
}

static int kept_executable(void *ctx, const struct dns_msg *msg, char *path, size_t size)
{
	const struct loop *l = ctx;

	return source_executable(l->source, msg, path, size);
}

static int kept_cgroup(void *ctx, uint64_t cgroup, char *path, size_t size)
{
	const struct loop *l = ctx;

	return source_cgroup_path(l->source, cgroup, path, size);
}

static int open_table(struct loop *l, struct err *err)
{
	struct flow_table_config table = {
		.max_flows = l->opt->max_flows,
		.store_bytes = needs_store(l->opt),
		.no_paths = !needs_paths(l->opt),
		.hash_seed = seed_random(),
		.labels = find_labels,
	};
	struct tracker_config tracker = {
		.timeout_ns = l->opt->timeout_ns,
		.no_lookups = !needs_lookups(l->opt),
		.settled = loop_settled,
		.ctx = l,
	};

	l->containers = containers_new("/");
	l->processes = processes_new("/");
	table.labels_ctx = l;
	if (l->containers && l->processes) {
		containers_ask(l->containers, kept_cgroup, l);
		processes_ask(l->processes, kept_executable, l);
		l->table = flow_table_new(&table);
	}
	if (l->table)
		l->tracker = tracker_new(l->table, &tracker);
	if (l->tracker)
		return 0;
	err_set(err, -ENOMEM, "not enough memory for %u flows; try a smaller --max-flows",
		l->opt->max_flows);
	return -ENOMEM;
}

static int open_screen(struct loop *l, const struct row_source *rows, struct err *err)
{
	const struct options *o = l->opt;
	struct ui_config cfg = {
		.filter = o->filter,
		.tlds = rows->tlds,
		.sort = o->by ? NULL : o->sort,
		.top = o->top,
		.by = o->by,
		.second = o->second,
		.by_column = o->sort_column,
		.by_ascending = !o->descending,
		.columns = o->n_columns ? o->columns : NULL,
		.n_columns = o->n_columns,
		.colour = o->colour,
		.ascii = o->ascii,
		.theme = o->theme,
		.graph = o->graph,
		.no_mouse = o->no_mouse,
		.level = o->classic.levels,
		.settings = !o->no_config,
	};
	struct ui *screen = NULL;
	int rc = ui_open(&screen, &cfg, err);

	l->face_ops = &face_screen;
	l->face = screen;
	return rc;
}

static int open_plain(struct loop *l, const struct row_source *rows, struct err *err)
{
	const struct options *o = l->opt;
	bool piped_in = o->source.input && strcmp(o->source.input, "-") == 0;
	struct plain_config cfg = {
		.rows = rows,
		.title = l->source->title,
		.notice = l->source->notice,
		.filter = o->filter,
		.now_ns = o->now_ns,
		.interval_ns = o->redraw_ns,
		.live = l->source->live || o->source.follow,
		.in = piped_in ? -1 : STDIN_FILENO,
		.out = stdout,
	};
	struct plain *plain = NULL;
	int rc = plain_open(&plain, &cfg, err);

	l->face_ops = &face_plain;
	l->face = plain;
	return rc;
}

static int open_face(struct loop *l, const struct row_source *rows, struct err *err)
{
	const struct options *o = l->opt;

	if (o->write && writer_open(&l->writer, o, rows, err))
		return err->code;
	if (o->output == OUTPUT_SCREEN)
		return open_screen(l, rows, err);
	if (o->output == OUTPUT_PLAIN)
		return open_plain(l, rows, err);
	if (o->output == OUTPUT_NONE)
		return 0;
	return report_open(&l->report, o, rows, l->source->live || o->source.follow, err);
}

/* Things worth knowing that are no part of the output. */
static void tell_start(const struct loop *l)
{
	if (l->face)
		return;
	if (l->source->notice[0])
		fprintf(stderr, "dnstop: %s\n", l->source->notice);
	if (l->source->live || l->opt->source.follow)
		fprintf(stderr, "dnstop: watching %s (%s)\n", l->source->title,
			l->source->ops->name);
}

/* What the run came to: the report, the counters, the exit status. */
static int tell_end(struct loop *l, int rc, const struct err *err)
{
	int status = EXIT_SUCCESS;
	int out = l->sink_error;

	if (l->report && out == 0)
		out = report_finish(l->report);
	int closed = report_close(l->report), written = writer_close(l->writer);

	l->report = NULL;
	l->writer = NULL;
	out = out ? out : closed;

	if (l->opt->stats) {
		struct truth truth;

		truth_read(&truth, l->source, l->tracker, l->table);
		truth_print(&truth, stderr);
	}
	if (rc < 0)
		fprintf(stderr, "dnstop: %s\n", err->text);
	if (l->problem.text[0])
		fprintf(stderr, "dnstop: %s\n", l->problem.text);
	if (out && out != -EPIPE)
		fprintf(stderr, "dnstop: writing the output: %s\n", strerror(-out));
	if (rc < 0 || written || l->source_error || (out && out != -EPIPE))
		status = EXIT_RUNTIME;
	return status;
}

/* What is seen of encrypted DNS is kept for those who look at it. */
static int open_inventory(struct inventory **out, const struct options *o, struct err *err)
{
	*out = NULL;
	/* Its addresses are real ones. */
	if (o->addresses.anonymous)
		return 0;
	if (o->output != OUTPUT_SCREEN && !(o->board && o->board->unfiltered))
		return 0;
	*out = inventory_new(seed_random());
	if (!*out)
		return err_set(err, -ENOMEM, "not enough memory");
	return resolvers_read(*out, o->resolvers, err);
}

static int open_source(struct loop *l, struct inventory *inventory, struct err *err)
{
	struct source_config cfg = l->opt->source;

	cfg.inventory = inventory;
	cfg.cgroups = containers_hierarchy(l->containers);
	cfg.ahead = true;
	cfg.seed = l->table->hash_seed;
	cfg.bytes = needs_wire(l->opt);
	cfg.first_only = !needs_sightings(l->opt);
	return source_open(&l->source, &cfg, err);
}

/* The list of top-level domains, and whether it is what the command line's filter wants. */
static int open_tlds(struct tlds **out, const struct options *o, struct err *err)
{
	struct filter *f = NULL;
	char remark[300];
	int rc = tldfile_read(out, o->tlds, err);

	if (rc == 0)
		rc = filter_parse(o->filter, o->now_ns, &f, err);
	if (rc)
		return rc;
	rc = tldfile_check(*out, f, o->now_ns, remark, sizeof(remark));
	if (rc)
		err_set(err, rc, "%s", remark);
	else if (remark[0])
		fprintf(stderr, "dnstop: %s\n", remark);
	filter_free(f);
	return rc;
}

static int run(const struct options *opt)
{
	struct loop l = { .opt = opt };
	struct tlds *tlds = NULL;
	struct inventory *inventory = NULL;
	struct row_source rows = {
		.answer_texts = records_answers,
		.registrable = registrable_start,
	};
	struct err err = { 0 };
	int status = EXIT_RUNTIME, face = 0;
	int rc = open_table(&l, &err);

	rows.table = l.table;
	rows.prefix4 = opt->addresses.prefix4;
	rows.prefix6 = opt->addresses.prefix6;
	l.rows = &rows;
	if (rc == 0)
		rc = open_tlds(&tlds, opt, &err);
	rows.tlds = tlds;
	if (rc == 0)
		rc = open_inventory(&inventory, opt, &err);
	rows.inventory = inventory;
	if (rc == 0)
		rc = open_source(&l, inventory, &err);
	if (rc == 0)
		rc = open_face(&l, &rows, &err);
	if (rc) {
		fprintf(stderr, "dnstop: %s\n", err.text);
		goto out;
	}
	tell_start(&l);
	rc = loop_run(&l, &err);
	if (l.face)
		face = l.face_ops->close(l.face);
	l.face = NULL;
	if (l.sink_error == 0)
		l.sink_error = face;
	status = tell_end(&l, rc, &err);
out:
	writer_close(l.writer);
	source_close(l.source);
	tracker_free(l.tracker);
	flow_table_free(l.table);
	containers_free(l.containers);
	processes_free(l.processes);
	inventory_free(inventory);
	tlds_free(tlds);
	if (rc > 0) {
		/* Ended by a signal: let the parent see which. */
		sigset_t set;

		fflush(NULL);
		signal(rc, SIG_DFL);
		loop_signals(&set);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		raise(rc);
	}
	return status;
}

int main(int argc, char **argv)
{
	struct options opt;

	keep_standard_descriptors();
	setlocale(LC_ALL, "");
	/* Numbers in JSON, CSV and filters have a point in every country. */
	setlocale(LC_NUMERIC, "C");
	switch (options_parse(&opt, argc, argv)) {
	case OPTIONS_DONE:
		if (fflush(stdout) == 0)
			return EXIT_SUCCESS;
		fprintf(stderr, "dnstop: writing the output: %s\n", strerror(errno));
		return EXIT_RUNTIME;
	case OPTIONS_WRONG:
		return EXIT_USAGE;
	case OPTIONS_RUN:
		break;
	}
	prepare_signals();
	return run(&opt);
}
