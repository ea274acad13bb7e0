/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real screen over a made-up live source, for what a file can't show:
 * rows that come in while one looks: live_main [MAX_ROWS [ROWS]]. SIGUSR1
 * brings three rows, SIGUSR2 loses three messages, SIGHUP brings a row that waits
 * for its answer, and the next SIGHUP the answer; SIGCONT lets half a second pass.
 * Time stands still but for those, so every screen is the same.
 */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/enrich/records.h"
#include "tests/unit/rows.h"
#include "tui/ui.h"

#define START_ROWS 60

struct world {
	struct rows *rows;
	struct tracker_stats stats;
	struct ui_model model;
	unsigned made;
	struct flow *waiting;
};

static void make_row(struct world *w)
{
	static const uint16_t rcodes[] = { 0, 0, 3, 0, 2, 0, 5 };
	char qname[32];
	struct row_spec spec = {
		.qname = qname,
		.id = (uint16_t)(1000 + w->made),
		.rcode = rcodes[w->made % 7],
		.latency_ns = 400000 + 137000ull * (w->made * 7919 % 101),
	};

	snprintf(qname, sizeof(qname), "host%03u.example", w->made);
	rows_add(w->rows, &spec);
	w->made++;
	w->stats.messages += 2;
	w->stats.queries++;
	w->stats.responses++;
	w->stats.paired++;
	w->model.source.packets += 2;
	w->model.now_ns = w->rows->next_ts_ns;
}

static void wait_or_answer(struct world *w)
{
	struct row_spec spec = { .qname = "waiting.example", .pending = true };

	if (!w->waiting) {
		w->waiting = rows_add(w->rows, &spec);
		w->stats.queries++;
	} else {
		w->waiting->state = FLOW_ANSWERED;
		w->waiting->marks |= FLOW_HAS_RESPONSE;
		w->waiting->latency_ns = 4000000;
		w->waiting = NULL;
		w->stats.paired++;
	}
	w->stats.messages++;
	w->model.now_ns = w->rows->next_ts_ns;
}

static void take_signal(struct world *w, struct ui *ui, int signal)
{
	if (signal == SIGWINCH)
		ui_resized(ui);
	for (int i = 0; i < 3 && signal == SIGUSR1; i++)
		make_row(w);
	if (signal == SIGUSR2)
		w->model.source.lost_ring += 3;
	if (signal == SIGHUP)
		wait_or_answer(w);
	if (signal == SIGCONT)
		w->model.now_ns += 527000000;
}

static int run(struct world *w, struct ui *ui, int signals)
{
	struct pollfd p[2] = {
		{ .fd = ui_fd(ui), .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	struct signalfd_siginfo info;

	for (;;) {
		ui_draw(ui, &w->model);
		if (poll(p, 2, 250) < 0 && errno != EINTR)
			return 1;
		while (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
			take_signal(w, ui, (int)info.ssi_signo);
		if (p[0].revents & POLLIN && ui_input(ui, &w->model) & UI_QUIT)
			return 0;
	}
}

int main(int argc, char **argv)
{
	struct ui_config cfg = { .ascii = strcmp(setlocale(LC_ALL, ""), "C") == 0 };
	struct world w = { .rows = rows_new_sized(argc > 1 ? (uint32_t)atoi(argv[1]) : 4096) };
	struct err err = { 0 };
	struct ui *ui;
	sigset_t set;
	int status;

	w.rows->src.answer_texts = records_answers;
	w.model = (struct ui_model){
		.rows = &w.rows->src,
		.tracker = &w.stats,
		.title = "eth0",
		.notice = "",
		.problem = "",
		.unwritten = "",
		.live = true,
	};
	for (int i = 0; i < (argc > 2 ? atoi(argv[2]) : START_ROWS); i++)
		make_row(&w);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCONT);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (ui_open(&ui, &cfg, &err)) {
		fprintf(stderr, "live_main: %s\n", err.text);
		return 1;
	}
	status = run(&w, ui, signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
	ui_close(ui);
	rows_free(w.rows);
	return status;
}
