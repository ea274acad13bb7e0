/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of the flows: which, in which order, which of them is marked, and
 * what stands in their cells.
 */
#include <stdio.h>
#include <string.h>

#include "tui/popup/checklist.h"
#include "tui/view/flows_state.h"

/* --- cells --- */

static void answer_role(const struct flow *row, struct table_cell *out)
{
	if (row->marks & FLOW_HAS_RESPONSE)
		out->role = theme_rcode(row->rcode);
	else if (row->state == FLOW_PENDING)
		out->role = ROLE_WAITING;
	else
		out->role = ROLE_NO_ANSWER;
}

/* A query that still waits has no latency, but its age is a lower bound. */
static void write_age(const struct frame *f, const struct flow *row, struct table_cell *out)
{
	struct value age = { .type = VALUE_DURATION };

	age.u = f->known_ns > row->ts_ns ? f->known_ns - row->ts_ns : 0;
	/* With its sign it has seven cells, too. */
	if (age.u >= 99950000 && age.u < 999500000) {
		snprintf(out->text, sizeof(out->text), ">%ums",
			 (unsigned)((age.u + 500000) / 1000000));
		return;
	}
	out->text[0] = '>';
	value_format(&age, VALUE_SHORT, out->text + 1, sizeof(out->text) - 1);
}

static void flows_cell(void *ctx, const struct frame *f, uint32_t i, int column,
		       struct table_cell *out)
{
	const struct flows *v = ctx;
	const struct field *field = v->table.column[column].tag;
	const struct flow_table *table = f->rows->table;
	uint32_t seq = view_seq(v->view, i);
	const struct flow *row;

	out->role = ROLE_TEXT;
	if (!flow_table_has(table, seq)) {
		out->role = ROLE_GONE;
		snprintf(out->text, sizeof(out->text), "%s", column ? "" : "(evicted)");
		return;
	}
	row = flow_table_row(table, seq);
	if (field == v->latency && row->state == FLOW_PENDING) {
		write_age(f, row, out);
		return;
	}
	if (field == v->latency && row->state == FLOW_UNSOLICITED) {
		out->role = ROLE_STRONG;
		snprintf(out->text, sizeof(out->text), "%s",
			 row->seen & SEEN_ANNOUNCED ? "told" : "unasked");
		return;
	}
	field_cell(field, f->rows, row, out->text, sizeof(out->text));
	if (field == v->rcode)
		answer_role(row, out);
}

/* --- which columns, in which order --- */

_Static_assert(TABLE_MAX_COLUMNS >= FIELD_MAX_COLUMNS && CHECKLIST_MAX >= FIELD_MAX_COLUMNS,
	       "every field can be chosen");

struct view_order flows_order(const struct flows *v)
{
	struct view_order o = { .descending = v->table.descending };

	o.field = v->table.sort >= 0 ? v->table.column[v->table.sort].tag : v->order_elsewhere;
	if (o.field == v->time)
		o.field = NULL;
	return o;
}

static void set_columns(struct flows *v, const struct field *const *columns, int n)
{
	for (int i = 0; i < n; i++) {
		const struct field *fd = columns[i];

		v->table.column[i] = (struct table_column){
			.title = fd->title,
			.help = fd->help,
			.tag = fd,
			.width = fd->width,
			.max_width = fd->max_width > fd->width ? fd->max_width : fd->width,
			.drop = fd->drop,
			.flags = (fd->flags & FIELD_RIGHT ? TEXT_RIGHT : 0u) |
				 (fd->flags & FIELD_TAIL ? TEXT_TAIL : 0u),
		};
	}
	v->table.n_columns = n;
}

/* Orders by a field, a column or not. */
static void order_by(struct flows *v, const struct field *by)
{
	v->table.sort = -1;
	v->order_elsewhere = by;
	for (int i = 0; i < v->table.n_columns; i++) {
		if (v->table.column[i].tag == by)
			v->table.sort = i;
	}
}

/* sort: "field", "-field" or NULL, already known to name a field. */
static void set_order(struct flows *v, const char *sort)
{
	bool minus = sort && *sort == '-';
	const char *name = sort ? sort + minus : "";
	const struct field *by = sort ? field_find(name, strlen(name), NULL) : v->time;

	v->table.descending = sort ? minus : true;
	order_by(v, by);
}

static bool is_column(const struct flows *v, const struct field *field)
{
	for (int i = 0; i < v->table.n_columns; i++) {
		if (v->table.column[i].tag == field)
			return true;
	}
	return false;
}

/* Those on show in their order, then the others. */
static void fill_checklist(void *view, struct checklist *c)
{
	const struct flows *v = view;
	size_t n;
	const struct field *all = fields(&n);

	for (int i = 0; i < v->table.n_columns; i++) {
		const struct field *field = v->table.column[i].tag;

		checklist_add(c, field->name, field->help, true, (int)(field - all), true);
	}
	for (size_t i = 0; i < n; i++) {
		if (!is_column(v, &all[i]))
			checklist_add(c, all[i].name, all[i].help, false, (int)i, true);
	}
}

static void show_columns(struct flows *v, const struct field *const *columns, int n, bool chosen)
{
	const struct field *by = flows_order(v).field;

	set_columns(v, columns, n);
	order_by(v, by ? by : v->time);
	v->table.keep_blank = chosen;
	v->table.at.w = -1; /* so that what they want is learnt anew */
}

static void apply_checklist(void *view, const struct checklist *c)
{
	const struct field *columns[CHECKLIST_MAX]; /* as many as there are fields */
	size_t n_fields;
	const struct field *all = fields(&n_fields);
	int n = 0;

	for (int i = 0; i < c->n; i++) {
		if (c->item[i].on)
			columns[n++] = &all[c->item[i].tag];
	}
	show_columns(view, columns, n, true);
}

static void reset_checklist(void *view)
{
	const struct field *columns[FIELD_MAX_COLUMNS];

	show_columns(view, columns, field_default_columns(columns), false);
}

void flows_manage(void *view, struct checklist *c)
{
	static const struct checklist_owner owner = {
		.title = "Manage columns",
		.fill = fill_checklist,
		.apply = apply_checklist,
		.reset = reset_checklist,
	};

	checklist_open(c, &owner, view);
}

/* The cell that the user went to, else what the rows are ordered by, else the name:
 * whichever is on screen. Times are no two the same. */
static int marked_column(const void *ctx)
{
	const struct flows *v = ctx;
	const struct table *t = &v->table;
	const struct field *by = flows_order(v).field;
	int best = -1, rank = 0;

	for (int i = 0; i < t->n_columns; i++) {
		const struct field *field = t->column[i].tag;
		int now = field == v->cell ? 4 : field == by ? 3 : field == v->name ? 2 : 1;

		if (t->column[i].w && now > rank) {
			best = i;
			rank = now;
		}
	}
	return best;
}

const struct field *flows_cell_field(const void *view)
{
	const struct flows *v = view;
	int column = marked_column(v);

	return column >= 0 ? v->table.column[column].tag : NULL;
}

void flows_move_cell(void *view, int step)
{
	struct flows *v = view;
	int column = marked_column(v);

	if (column >= 0)
		v->cell = v->table.column[table_column_beside(&v->table, column, step)].tag;
}

void flows_init_columns(struct flows *v, const struct field *const *columns, int n_columns,
			const char *sort)
{
	const struct field *defaults[FIELD_MAX_COLUMNS];

	v->time = field_find("ts", 2, NULL);
	v->rcode = field_find("rcode", 5, NULL);
	v->latency = field_find("latency_us", 10, NULL);
	v->name = field_find("qname", 5, NULL);
	v->table.cell = flows_cell;
	v->table.marked = marked_column;
	v->table.ctx = v;
	v->table.keep_blank = columns != NULL;
	v->table.cheap = FIELD_DROP_CHEAP;
	if (columns)
		set_columns(v, columns, n_columns);
	else
		set_columns(v, defaults, field_default_columns(defaults));
	set_order(v, sort);
}

int flows_columns(const struct flows *v, const struct field *out[FIELD_MAX_COLUMNS])
{
	for (int i = 0; i < v->table.n_columns; i++)
		out[i] = v->table.column[i].tag;
	return v->table.n_columns;
}

void flows_set_columns(struct flows *v, const struct field *const *columns, int n)
{
	show_columns(v, columns, n, true);
}

void flows_set_sort(struct flows *v, const char *sort)
{
	set_order(v, sort);
	v->table.sort_revision++;
}

void flows_sort_text(const struct flows *v, char *buf, size_t size)
{
	const struct field *by = flows_order(v).field;

	snprintf(buf, size, "%s%s", v->table.descending ? "-" : "", (by ? by : v->time)->name);
}
