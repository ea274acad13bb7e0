/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The popup that writes the rows on show to a file: those that were on show
 * when it was opened, in their order; of pcapng the order of time. It works in
 * parts, so that capture goes on.
 */
#ifndef DNSTOP_POPUP_EXPORT_H
#define DNSTOP_POPUP_EXPORT_H

#include "core/file/newfile.h"
#include "core/sink/sink.h"
#include "tui/popup/popup.h"
#include "tui/widget/lineedit.h"

enum export_format {
	EXPORT_CSV,
	EXPORT_NDJSON,
	EXPORT_PCAPNG,
	EXPORT_FORMATS,
};

enum export_state {
	EXPORT_ASKING,
	EXPORT_WRITING,
	EXPORT_EXISTS, /* written, but another file is in its place: may that go? */
	EXPORT_DONE,   /* well or not: text says */
};

struct export
{
	enum export_format format;
	bool all_columns;
	struct lineedit name;
	enum export_state state;
	bool failed;
	char text[500]; /* what is told */

	const struct row_source *rows; /* borrowed while it is open */
	uint32_t *seqs;                /* its own */
	uint32_t n, at;                /* rows, and those dealt with */
	uint32_t gone;                 /* rows that left memory */
	uint64_t lacking;              /* rows without all of their messages */
	const struct field *columns[FIELD_MAX_COLUMNS];
	int n_columns;
	struct rect box; /* as drawn last */
	struct newfile file;
	struct sink *sink;
};

extern const struct popup_ops export_ops;

/* seqs: of malloc, its own from now on. columns: those on screen. now_ns names
 * the file. */
void export_open(struct export *e, const struct row_source *rows, uint32_t *seqs, uint32_t n,
		 const struct field *const *columns, int n_columns, uint64_t now_ns);
/* Ends it, whatever it was doing; fine when it is closed. */
void export_close(struct export *e);
/* Whether there is something to write; and writes some of it. */
bool export_is_busy(const struct export *e);
void export_work(struct export *e);

#endif
