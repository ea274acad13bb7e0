/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Panels of the overview. A new one is an entry in panels.c; a new kind is a
 * file that defines a struct panel_ops.
 */
#ifndef DNSTOP_PANEL_PANEL_H
#define DNSTOP_PANEL_PANEL_H

#include <stdbool.h>

#include "core/query/board.h"
#include "tui/model/frame.h"
#include "tui/model/groupby.h"
#include "tui/model/queries.h"
#include "tui/model/ranking.h"
#include "tui/widget/text.h"
#include "tui/widget/theme.h"

#define PANEL_TOP_MAX 50

/* What all panels are shown by; the user's to choose. */
struct panel_choice {
	struct groupby scope; /* what latencies are ranked by */
	int top;              /* groups of each, 1 to PANEL_TOP_MAX */
	bool overall;         /* the figures of all rows in the titles */
	bool total;           /* all rows beside the groups */
	bool noerror;         /* NOERROR among response codes */
	bool stacked;         /* columns, not lines, over time */
};

struct panel_ops;

struct panel {
	const char *name;  /* "latency-avg": what settings call it */
	const char *title; /* "average DNS latencies" */
	const struct panel_ops *ops;
	const char *field;             /* grouped by; NULL: the chosen scope */
	const struct board_ops *board; /* of panel_board_ops */
	enum group_column column;
	bool ascending;
	bool shown; /* until the user chooses */
};

/* What a panel keeps from frame to frame. */
struct panel_state {
	const struct panel *panel;
	const struct field *field; /* of the ranking on show; NULL: there is none yet */
	struct ranking ranking;
	/* The newest ranking, on show once its timeline is counted, too. */
	const struct field *next_field;
	struct ranking next;
	struct ranking_order order;
	uint32_t made; /* of the grouping that it is of */
	bool adopted;
	struct panel_board *board; /* of panel_board_ops, which made it; panel_board_free */
};

struct panel_board;
void panel_board_free(struct panel_board *b); /* NULL is fine */

/* Around a panel that is drawn. */
struct panel_frame {
	const struct frame *f;
	struct queries *queries;
	const struct panel_choice *choice;
	struct rect at;
	int top;    /* groups that fit */
	int cursor; /* the line under the cursor, -1: not in this panel */
};

struct panel_ops {
	bool wide; /* gets the whole width: it shows time */
	/* Lines that it takes to show `top` groups, title included. */
	int (*height)(const struct panel *panel, const struct panel_choice *choice, int top);
	void (*draw)(struct panel_state *s, const struct panel_frame *p);
	/* How many lines the cursor can be on. */
	int (*lines)(const struct panel_state *s, const struct panel_choice *choice);
	/* The value that is on a line; NULL for what is no group. */
	const struct value *(*value)(const struct panel_state *s, const struct panel_choice *choice,
				     int line);
	/* The field of that value; NULL: the panel's. */
	const struct field *(*field)(const struct panel_state *s, int line);
};

extern const struct panel_ops panel_ranked_ops; /* groups by a figure, a line each */
extern const struct panel_ops panel_times_ops;  /* groups over time, a line each */
extern const struct panel_ops panel_line_ops;   /* latency over time, one line for all */

extern const struct panel_ops panel_board_ops; /* the first lines of a board */

const struct panel *panels(size_t *n);

/* Ranks, and with `times` asks for the series of what is ranked, in the order of
 * their keys, so that a change of ranks is no other question: series[i] is that of
 * the group ranked i. What there was stays on show while they are counted. False
 * where there is nothing to show yet: then that has been drawn. */
struct panel_times {
	const struct timeline *line;
	int series[RANKING_MAX];
};
bool panel_ask(struct panel_state *s, const struct panel_frame *p, enum group_column column,
	       bool ascending, struct panel_times *times);
/* What it groups by: its own field, or the chosen scope. */
const struct field *panel_field(const struct panel_state *s, const struct panel_frame *p);
/* There is nothing to show yet. */
void panel_draw_counting(const struct panel_state *s, const struct panel_frame *p);
/* w cells of a sparkline, each as high as most is full. */
void panel_draw_spark(const struct panel_frame *p, const double *values, double most, int y, int x,
		      int w);
#define PANEL_CELLS_MAX 400

/* For kinds: the first line with the title, and what stands on its right. */
void panel_draw_title(const struct panel_state *s, const struct panel_frame *p, const char *right);
/* A group's name, and how it looks: a response code with its letter before. */
enum role panel_key(const struct panel_state *s, const struct group *g, char *buf, size_t size);
/* "12.2ms"; "-" without a sample. */
void panel_latency(const struct group *g, enum group_column column, char *buf, size_t size);
/* "last 5m" */
void panel_span(const struct timeline *t, char *buf, size_t size);
/* w cells of points: each cell the mean of the buckets that it covers. */
void panel_resample(const struct timeline *t, const struct timeline_point *points, bool latency,
		    int w, double *out);

#endif
