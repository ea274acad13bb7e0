/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every part of one frame is made from.
 */
#ifndef DNSTOP_MODEL_FRAME_H
#define DNSTOP_MODEL_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "app/face.h"
#include "core/query/field.h"
#include "core/query/filter.h"

struct keys;
struct theme;

struct frame {
	const struct ui_model *m;
	const struct row_source *rows; /* what is on show is of: the model's, or them frozen */
	const struct theme *theme;
	struct filter *filter;    /* NULL: every row */
	uint32_t filter_revision; /* changes with the filter */
	uint32_t from_seq;        /* rows [from_seq, to_seq) are on show: */
	uint32_t to_seq;          /* less than all of them while paused */
	uint64_t window_ns;       /* they are of this time before now; 0: of any */
	uint64_t now_ns;          /* model time, where the window ends; stands still while paused */
	uint64_t known_ns;        /* up to when rows tell what became of them */
	bool paused;
	const struct keys *keys; /* the user's; NULL: those of the table */
};

#endif
