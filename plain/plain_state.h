/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole state of --plain, for plain.c and its commands.
 */
#ifndef DNSTOP_PLAIN_PLAIN_STATE_H
#define DNSTOP_PLAIN_PLAIN_STATE_H

#include "core/query/filter.h"
#include "core/query/tallies.h"
#include "core/sink/truth.h"
#include "plain/plain.h"
#include "plain/plain_limit.h"

/* Bytes of a command; longer ones are refused. */
#define PLAIN_LINE_MAX 4096
/* Rows or groups that one command tells of. */
#define PLAIN_LIST_MAX 100

struct plain {
	struct plain_config cfg;
	int error;         /* negative errno of the output: nothing more is said */
	bool input_ended;  /* no more commands will come */
	bool told_end;     /* the source has ended, and that was said */
	bool begun;        /* the first interval has */
	bool paused;       /* nothing is said unless asked */
	bool told_evicted; /* that rows leave memory */

	char line[PLAIN_LINE_MAX]; /* of a command, what has come of it */
	size_t len;
	bool overlong; /* its end is awaited, and then it is refused */

	struct filter *filter;
	char filter_text[PLAIN_LINE_MAX];
	struct tallies *tallies; /* by server, of this interval; NULL: memory was short */
	uint64_t settled;        /* rows in it */
	struct plain_limit limit;
	struct truth told;   /* the losses that were told of */
	bool told_unwritten; /* that --write came to an end */

	uint32_t listed[PLAIN_LIST_MAX]; /* seqs that show told of */
	int n_listed;
};

/* A line of output. */
void plain_say(struct plain *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The filter as it is told of, also where there is none. */
const char *plain_filter_name(const struct plain *p);
/* Counts anew, as of another filter; false when memory is short. */
bool plain_count_anew(struct plain *p);

/* Does what a line says. Returns enum ui_effect bits. */
int plain_command(struct plain *p, char *line, const struct ui_model *m);

#endif
