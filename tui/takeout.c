/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/takeout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/sink/sink.h"
#include "tui/model/cell.h"
#include "tui/model/term.h"
#include "tui/ui_state.h"
#include "tui/view/flows.h"
#include "tui/widget/clipboard.h"

/* The row under the cursor, with the field whose cell is marked; NULL: none is. */
static const struct flow *marked_row(struct ui *ui, const struct frame *f,
				     const struct field **field)
{
	uint32_t seq;

	*field = ui->view_ops->cell ? ui->view_ops->cell(ui->view) : NULL;
	if (!*field || !ui->view_ops->selected(ui->view, &seq) ||
	    !flow_table_has(f->rows->table, seq))
		return NULL;
	return flow_table_row(f->rows->table, seq);
}

bool takeout_term(struct ui *ui, const struct frame *f, bool exclude, char *buf, size_t size)
{
	const struct field *field;
	const struct flow *row;

	if (ui->view_ops->term)
		return ui->view_ops->term(ui->view, exclude, buf, size);
	row = marked_row(ui, f, &field);
	return row && cell_term(field, f->rows, row, exclude, buf, size);
}

/* The rows on show: of the flows in their order, elsewhere those that match. */
static uint32_t *rows_on_show(struct ui *ui, const struct frame *f, uint32_t *n)
{
	const struct view *v = flows_rows(ui->views[VIEW_FLOWS].state);
	bool ordered = ui->current == VIEW_FLOWS;
	uint32_t most = ordered ? view_count(v) : f->to_seq - f->from_seq;
	uint32_t *seqs = malloc(((size_t)most + 1) * sizeof(*seqs));

	*n = 0;
	if (!seqs)
		return NULL;
	for (uint32_t i = 0; i < most; i++) {
		uint32_t seq = ordered ? view_seq(v, i) : f->from_seq + i;

		if (ordered ||
		    filter_match(f->filter, f->rows, flow_table_row(f->rows->table, seq)))
			seqs[(*n)++] = seq;
	}
	return seqs;
}

int takeout_export(struct ui *ui, const struct frame *f)
{
	const struct field *columns[FIELD_MAX_COLUMNS];
	int n_columns = flows_columns(ui->views[VIEW_FLOWS].state, columns);
	uint32_t n;
	uint32_t *seqs = rows_on_show(ui, f, &n);

	if (!seqs)
		return UI_NOTHING;
	/* The frame's rows are the model's or the frozen ones: both outlive the popup. */
	export_open(&ui->export, f->rows, seqs, n, columns, n_columns, f->now_ns);
	return ui_popup(ui, &export_ops, &ui->export);
}

/* The selected row as a line of JSON; of malloc. */
static char *row_json(const struct frame *f, const struct flow *row)
{
	struct sink_config cfg = { 0 };
	struct sink *sink;
	char *text = NULL;
	size_t len = 0;

	cfg.out = open_memstream(&text, &len);
	if (!cfg.out)
		return NULL;
	if (sink_find("json")->open(&sink, &cfg, NULL) == 0) {
		sink->ops->row(sink, f->rows, row);
		sink->ops->close(sink);
	}
	fclose(cfg.out);
	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

/* What is under the cursor: of a row its cell or all of it, of a group what filters
 * it; of malloc. */
static char *text_to_copy(struct ui *ui, const struct frame *f, bool whole)
{
	char term[2 * TERM_MAX];
	const struct field *field;
	const struct flow *row = marked_row(ui, f, &field);

	if (row && whole)
		return row_json(f, row);
	if (row) {
		field_cell(field, f->rows, row, term, sizeof(term));
		return strdup(term);
	}
	if (ui->view_ops->term && ui->view_ops->term(ui->view, false, term, sizeof(term)))
		return strdup(term);
	return NULL;
}

int takeout_copy(struct ui *ui, const struct frame *f, bool whole)
{
	char *text = text_to_copy(ui, f, whole);
	int rc = text ? clipboard_put(stdout, text) : 0;

	if (rc)
		snprintf(ui->told, sizeof(ui->told), "not copied: %s", strerror(-rc));
	else if (text)
		snprintf(ui->told, sizeof(ui->told),
			 "sent to the terminal's clipboard, if it takes OSC 52: %.300s", text);
	free(text);
	return UI_REDRAW;
}
