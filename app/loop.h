/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one event loop: source, terminal, signals and time. Handlers change
 * state and say what needs doing; only the loop draws.
 */
#ifndef DNSTOP_APP_LOOP_H
#define DNSTOP_APP_LOOP_H

#include <signal.h>

#include "app/face.h"
#include "app/options.h"
#include "app/report.h"
#include "app/writer.h"
#include "core/base/err.h"
#include "core/flow/tracker.h"
#include "core/query/field.h"
#include "core/source/source.h"

/* What the loop moves; owned by main. At most one of report and face is set. */
struct loop {
	const struct options *opt;
	struct source *source;
	struct flow_table *table;
	struct tracker *tracker;
	struct containers *containers;
	struct processes *processes;
	const struct row_source *rows;
	struct report *report;
	const struct face_ops *face_ops; /* of face */
	void *face;
	struct writer *writer; /* NULL: no --write */

	/* The loop's own, zero at the start. */
	int sink_error;     /* negative errno of the output: nothing more is printed */
	uint64_t told_ns;   /* monotonic; when -P told last, 0: not yet */
	uint64_t first_ns;  /* epoch time of a file's first message */
	bool past_duration; /* a file: a message later than --duration was met */
	bool ended;         /* the source has no more */
	int source_error;   /* negative errno that ended the source; 0 for the end of a file */
	struct err problem; /* in words what ended it, or a warning about a file's end */
};

/* The signals that the loop takes through its descriptor; main blocks them
 * before it starts anything. */
void loop_signals(sigset_t *set);

/* The callbacks that main hands to the tracker and that feed it. */
void loop_settled(void *ctx, const struct flow *f, uint32_t seq);

/* Runs until the end of the source, the user or a signal ends it. Returns 0,
 * the number of the signal that ended it, or a negative errno with err. */
int loop_run(struct loop *l, struct err *err);

#endif
