/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What frames of the real screen cost with a full table: rows come in between
 * them as on a busy host, and each frame is timed, from drawing to the last byte
 * written. A line a scene: the median, the 99th percentile and the longest
 * frame, in brackets the CPU time of the longest (what is above it, others took of
 * a shared machine), the CPU that the screen takes of one core, bytes a frame.
 *
 *	bench_ui [rows [frames]]
 *
 * "opening" is of the frames that follow the keys that lead there: the longest, and
 * all until the screen owes no more.
 */
#include <locale.h>
#include <pthread.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "core/enrich/records.h"
#include "tests/bench/many_rows.h"
#include "tui/ui.h"

#define FRAMES_MAX 1000
/* As much as a busy resolver's host sees. */
#define ROWS_A_SECOND 10000
#define KEYS_MAX      12

struct bench {
	struct many many;
	struct row_source src;
	struct tracker_stats stats;
	struct ui_model model;
	struct ui *ui;
	int master;
	int report; /* where results go: standard output is the screen */
	int frames;
	volatile uint64_t bytes; /* that the screen wrote */
};

struct scene {
	const char *title;
	const char *keys[KEYS_MAX]; /* that lead there from the flows */
	unsigned interval_ms;
	bool idle; /* no rows come */
};

#define OVERVIEW "\033[Z"
#define CR       "\r"

static const struct scene scenes[] = {
	{ "flows, 4 frames a second", { NULL }, 250, false },
	{ "flows by latency", { ">", ">", ">", ">", ">", ">", ">", ">" }, 250, false },
	{ "flows, idle", { NULL }, 250, true },
	{ "overview, 4 a second", { OVERVIEW }, 250, false },
	{ "overview, 1 a second", { OVERVIEW }, 1000, false },
	{ "overview by name", { OVERVIEW, "0" }, 250, false },
	{ "overview, a filter", { OVERVIEW, "/rcode!=NOERROR" CR }, 250, false },
	{ "overview, idle", { OVERVIEW }, 250, true },
	{ "top clients", { "s" }, 250, false },
	{ "top names", { "0" }, 250, false },
};

static uint64_t clock_of(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/* The terminal: takes what is written. */
static void *drain(void *arg)
{
	struct bench *b = arg;
	char buf[65536];
	ssize_t n;

	while ((n = read(b->master, buf, sizeof(buf))) > 0)
		b->bytes += (uint64_t)n;
	return NULL;
}

static int open_terminal(struct bench *b)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };
	pthread_t thread;
	int slave;

	b->report = dup(STDOUT_FILENO);
	if (b->report < 0 || openpty(&b->master, &slave, NULL, NULL, &size) < 0)
		return -1;
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	close(slave);
	setenv("TERM", "xterm-256color", 1);
	return pthread_create(&thread, NULL, drain, b) ? -1 : 0;
}

static void bring_rows(struct bench *b, unsigned ms)
{
	for (unsigned i = 0; i < ROWS_A_SECOND / 1000 * ms; i++)
		many_add(&b->many);
	b->stats.messages += 2ull * (ROWS_A_SECOND / 1000 * ms);
	b->stats.queries += ROWS_A_SECOND / 1000 * ms;
	b->model.now_ns = b->many.next_ts_ns;
}

static uint64_t draw(struct bench *b, uint64_t *cpu_ns, uint64_t *most_cpu_ns)
{
	uint64_t start = clock_of(CLOCK_MONOTONIC), cpu = clock_of(CLOCK_THREAD_CPUTIME_ID);

	ui_draw(b->ui, &b->model);
	cpu = clock_of(CLOCK_THREAD_CPUTIME_ID) - cpu;
	*cpu_ns += cpu;
	*most_cpu_ns = cpu > *most_cpu_ns ? cpu : *most_cpu_ns;
	return clock_of(CLOCK_MONOTONIC) - start;
}

static void type(struct bench *b, const char *keys)
{
	size_t len = strlen(keys);

	if (write(b->master, keys, len) == (ssize_t)len) {
		usleep(2000);
		ui_input(b->ui, &b->model);
	}
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* What follows a key: the longest frame, and until all is there. */
static void settle(struct bench *b, uint64_t *longest, uint64_t *all)
{
	uint64_t cpu = 0, most = 0;

	*longest = *all = 0;
	do {
		uint64_t ns = draw(b, &cpu, &most);

		*longest = ns > *longest ? ns : *longest;
		*all += ns;
	} while (ui_is_busy(b->ui));
}

static void run(struct bench *b, const struct scene *s)
{
	static uint64_t ns[FRAMES_MAX];
	uint64_t cpu = 0, most = 0, began, bytes, longest = 0, all = 0;
	struct timespec pause = { .tv_sec = s->interval_ms / 1000,
				  .tv_nsec = s->interval_ms % 1000 * 1000000l };
	int frames = s->interval_ms >= 1000 ? b->frames / 4 + 1 : b->frames;

	for (int i = 0; i < KEYS_MAX && s->keys[i]; i++)
		type(b, s->keys[i]);
	settle(b, &longest, &all);
	usleep(20000);
	bytes = b->bytes;
	began = clock_of(CLOCK_MONOTONIC);
	for (int i = 0; i < frames; i++) {
		nanosleep(&pause, NULL);
		if (!s->idle)
			bring_rows(b, s->interval_ms);
		ns[i] = draw(b, &cpu, &most);
	}
	usleep(20000);
	bytes = b->bytes - bytes;
	began = clock_of(CLOCK_MONOTONIC) - began;
	qsort(ns, (size_t)frames, sizeof(ns[0]), by_number);
	dprintf(b->report,
		"%-26s opening %6.1f in %6.1f ms  p50 %6.2f  p99 %6.2f  max %6.2f (%5.1f) ms"
		"  cpu %5.2f%%"
		"  %6.0f bytes\n",
		s->title, (double)longest / 1e6, (double)all / 1e6, (double)ns[frames / 2] / 1e6,
		(double)ns[(frames * 99 - 1) / 100] / 1e6, (double)ns[frames - 1] / 1e6,
		(double)most / 1e6, 100.0 * (double)cpu / (double)began, (double)bytes / frames);
}

static int run_scene(struct bench *b, const struct scene *s)
{
	struct ui_config cfg = { .filter = NULL };
	struct err err;

	if (ui_open(&b->ui, &cfg, &err)) {
		fprintf(stderr, "bench_ui: %s\n", err.text);
		return -1;
	}
	ui_draw(b->ui, &b->model);
	run(b, s);
	ui_close(b->ui);
	return 0;
}

static int measure(struct bench *b, uint32_t rows, uint32_t names)
{
	int rc = 0;

	if (!many_make(&b->many, rows, names, 1000000000 / ROWS_A_SECOND))
		return -1;
	dprintf(b->report, "%u rows, %u names\n", rows, names ? names : rows);
	b->src = (struct row_source){ .table = b->many.table, .answer_texts = records_answers };
	b->model = (struct ui_model){
		.rows = &b->src,
		.tracker = &b->stats,
		.title = "bench",
		.notice = "",
		.problem = "",
		.live = true,
		.now_ns = b->many.next_ts_ns,
	};
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]) && rc == 0; i++)
		rc = run_scene(b, &scenes[i]);
	flow_table_free(b->many.table);
	return rc;
}

int main(int argc, char **argv)
{
	int rows = argc > 1 ? atoi(argv[1]) : 1000000;
	struct bench b = { .frames = argc > 2 ? atoi(argv[2]) : 60 };

	if (rows < 1 || b.frames < 1 || b.frames > FRAMES_MAX) {
		fprintf(stderr, "usage: bench_ui [rows [frames]]\n");
		return 2;
	}
	setlocale(LC_ALL, "C.UTF-8");
	if (open_terminal(&b) < 0) {
		perror("bench_ui");
		return 1;
	}
	if (measure(&b, (uint32_t)rows, MANY_NAMES) || measure(&b, (uint32_t)rows, 0))
		return 1;
	return 0;
}
