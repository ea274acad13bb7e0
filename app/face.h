/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the loop shows while it runs, and takes input from: the screen (tui/ui.h), or
 * the lines of --plain (plain/plain.h). A new one is a struct face_ops and one line in
 * main.c's open_face.
 */
#ifndef DNSTOP_APP_FACE_H
#define DNSTOP_APP_FACE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow/tracker.h"
#include "core/query/field.h"
#include "core/source/source.h"

/* What a frame is drawn from; borrowed for the length of a call. */
struct ui_model {
	const struct row_source *rows;
	const struct tracker_stats *tracker;
	struct source_stats source;
	const char *title;     /* of the source: "eth0", "all", "x.pcap" */
	const char *notice;    /* told once at the start; "" when there is none */
	const char *problem;   /* the source stopped with this error; "" when it did not */
	const char *unwritten; /* --write stopped with this error; likewise */
	bool live;             /* false: a file */
	bool ended;            /* the file was read to its end */
	uint64_t now_ns;       /* epoch; of a file: the newest message's time */
};

/* What an input asks of the loop; bits. */
enum ui_effect {
	UI_NOTHING = 0,
	UI_REDRAW = 1 << 0,
	UI_QUIT = 1 << 1,
	UI_RESET = 1 << 2, /* forget rows and counters (^R) */
};

/* What is marked "may be NULL" a face need not have. Effects are enum ui_effect. */
struct face_ops {
	/* Where input comes from, to wait on; -1: nowhere now. */
	int (*fd)(const void *face);
	/* Takes what waits there. Returns effects. */
	int (*input)(void *face, const struct ui_model *m);
	/* The terminal's size changed, or we were stopped and continued; may be NULL. */
	int (*resized)(void *face);
	/* Stops the program as ^Z asks; NULL: there is nothing to put right first. */
	int (*stop)(void *face);
	/* A row has settled, for the first time or again; may be NULL. */
	void (*settled)(void *face, const struct flow *f);
	/* Called each -r, and when there is reason to. Returns effects. */
	int (*draw)(void *face, const struct ui_model *m);
	/* Whether it is to be called again at once; may be NULL. */
	bool (*is_busy)(const void *face);
	/* The run is over, and every row has settled; may be NULL. */
	void (*finish)(void *face, const struct ui_model *m);
	/* Frees it; returns 0, or the negative errno that its output met. */
	int (*close)(void *face);
};

#endif
