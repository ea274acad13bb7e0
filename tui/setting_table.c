/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * THE list of settings: what each sets and gets. A new one is one entry.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/query/value.h"
#include "tui/model/window.h"
#include "tui/panel/panel.h"
#include "tui/setting_spec.h"
#include "tui/ui_state.h"
#include "tui/view/flows.h"
#include "tui/view/overview.h"

/* --- flows --- */

static struct flows *flows_of(struct ui *ui)
{
	return ui->views[VIEW_FLOWS].state;
}

static int set_columns(struct ui *ui, const char *value, struct err *err)
{
	const struct field *columns[FIELD_MAX_COLUMNS];
	char list[SETTINGS_VALUE_MAX];
	size_t len = 0;
	int n;

	/* Blanks part them as well as commas. */
	for (const char *at = value; *at && len + 1 < sizeof(list);) {
		size_t word = strcspn(at, " \t,");

		if (len && word)
			list[len++] = ',';
		for (size_t i = 0; i < word && len + 1 < sizeof(list); i++)
			list[len++] = at[i];
		at += word + strspn(at + word, " \t,");
	}
	list[len] = '\0';
	n = field_parse_list(list, columns, FIELD_MAX_COLUMNS, err);
	if (n <= 0)
		return n ? n : err_set(err, -EINVAL, "no column");
	flows_set_columns(flows_of(ui), columns, n);
	return 0;
}

static void get_columns(struct ui *ui, char *buf, size_t size)
{
	const struct field *columns[FIELD_MAX_COLUMNS];
	int n = flows_columns(flows_of(ui), columns);
	size_t len = 0;

	buf[0] = '\0';
	for (int i = 0; i < n && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s", i ? " " : "",
					columns[i]->name);
}

static bool said_columns(const struct ui_config *cfg)
{
	return cfg->columns;
}

static int set_sort(struct ui *ui, const char *value, struct err *err)
{
	const char *name = value + (*value == '-');

	if (!field_find(name, strlen(name), NULL))
		return err_set(err, -EINVAL, "no field is called \"%.60s\"", name);
	flows_set_sort(flows_of(ui), value);
	return 0;
}

static void get_sort(struct ui *ui, char *buf, size_t size)
{
	flows_sort_text(flows_of(ui), buf, size);
}

static bool said_sort(const struct ui_config *cfg)
{
	return cfg->sort;
}

/* --- overview --- */

static struct overview *overview_of(struct ui *ui)
{
	return ui->views[VIEW_OVERVIEW].state;
}

static int set_panels(struct ui *ui, const char *value, struct err *err)
{
	return overview_set_panels(overview_of(ui), value, err);
}

static void get_panels(struct ui *ui, char *buf, size_t size)
{
	overview_panels(overview_of(ui), buf, size);
}

static int set_top(struct ui *ui, const char *value, struct err *err)
{
	uint64_t n;

	if (value_parse_uint(value, strlen(value), &n) || n < 1 || n > PANEL_TOP_MAX)
		return err_set(err, -EINVAL, "not a number from 1 to %d", PANEL_TOP_MAX);
	overview_choice(overview_of(ui))->top = (int)n;
	return 0;
}

static bool said_top(const struct ui_config *cfg)
{
	return cfg->top;
}

static void get_top(struct ui *ui, char *buf, size_t size)
{
	snprintf(buf, size, "%d", overview_choice(overview_of(ui))->top);
}

static int set_scope(struct ui *ui, const char *value, struct err *err)
{
	const struct field *field = field_find(value, strlen(value), NULL);

	if (!field || field->flags & FIELD_NO_GROUP)
		return err_set(err, -EINVAL, "nothing can be ranked by \"%.60s\"", value);
	overview_choice(overview_of(ui))->scope = groupby_field(field);
	return 0;
}

static void get_scope(struct ui *ui, char *buf, size_t size)
{
	snprintf(buf, size, "%s", overview_choice(overview_of(ui))->scope.field->name);
}

static int parse_bool(const char *value, bool *out, struct err *err)
{
	static const char *const yes[] = { "yes", "on", "true", "1" };
	static const char *const no[] = { "no", "off", "false", "0" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcasecmp(value, yes[i]) == 0 || strcasecmp(value, no[i]) == 0) {
			*out = strcasecmp(value, yes[i]) == 0;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "neither yes nor no");
}

/* Switches are all alike. */
#define SWITCH(name, place)                                                      \
	static int set_##name(struct ui *ui, const char *value, struct err *err) \
	{                                                                        \
		return parse_bool(value, &(place), err);                         \
	}                                                                        \
	static void get_##name(struct ui *ui, char *buf, size_t size)            \
	{                                                                        \
		snprintf(buf, size, "%s", (place) ? "yes" : "no");               \
	}

SWITCH(overall, overview_choice(overview_of(ui))->overall)
SWITCH(total, overview_choice(overview_of(ui))->total)
SWITCH(noerror, overview_choice(overview_of(ui))->noerror)
SWITCH(stacked, overview_choice(overview_of(ui))->stacked)

/* --- all views --- */

static int set_window(struct ui *ui, const char *value, struct err *err)
{
	uint64_t window = WINDOW_ALL, shorter;

	for (;; window = shorter) {
		if (strcasecmp(window_text(window), value) == 0) {
			ui->window_ns = window;
			return 0;
		}
		shorter = window_step(window, -1);
		if (shorter == window)
			return err_set(err, -EINVAL, "not 1m, 5m, 15m, 1h or all");
	}
}

static void get_window(struct ui *ui, char *buf, size_t size)
{
	snprintf(buf, size, "%s", window_text(ui->window_ns));
}

static int set_view(struct ui *ui, const char *value, struct err *err)
{
	for (int i = 0; i < VIEW_COUNT; i++) {
		if (strcasecmp(ui->views[i].ops->title, value) == 0) {
			ui_show(ui, i);
			return 0;
		}
	}
	return err_set(err, -EINVAL, "no view is called \"%.60s\"", value);
}

static void get_view(struct ui *ui, char *buf, size_t size)
{
	snprintf(buf, size, "%s", ui->view_ops->title);
	for (char *c = buf; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
}

static int set_theme(struct ui *ui, const char *value, struct err *err)
{
	return looks_theme(&ui->looks, value, err);
}

static void get_theme(struct ui *ui, char *buf, size_t size)
{
	snprintf(buf, size, "%s", looks_theme_name(&ui->looks));
}

static bool said_theme(const struct ui_config *cfg)
{
	return cfg->theme;
}

static int set_graph(struct ui *ui, const char *value, struct err *err)
{
	return looks_graph(&ui->looks, value, err);
}

static void get_graph(struct ui *ui, char *buf, size_t size)
{
	snprintf(buf, size, "%s", looks_graph_name(&ui->looks));
}

static bool said_graph(const struct ui_config *cfg)
{
	return cfg->graph;
}

SWITCH(ascii, ui->looks.ascii)
SWITCH(mouse, ui->looks.mouse)

static bool said_ascii(const struct ui_config *cfg)
{
	return cfg->ascii;
}

static bool said_mouse(const struct ui_config *cfg)
{
	return cfg->no_mouse;
}

/* --- the table --- */

/* clang-format off */
static const struct setting table[] = {
	{ "columns", "of the flows, in their order", set_columns, get_columns, said_columns },
	{ "sort", "field that orders the flows, descending with - before it",
	  set_sort, get_sort, said_sort },
	{ "panels", "of the overview, in their order", set_panels, get_panels, NULL },
	{ "top", "groups that a panel shows, 1 to 50", set_top, get_top, said_top },
	{ "scope", "field that latencies are ranked by", set_scope, get_scope, NULL },
	{ "overall", "the figures of all rows in titles, yes or no", set_overall, get_overall, NULL },
	{ "total", "all rows beside the groups", set_total, get_total, NULL },
	{ "noerror", "NOERROR among response codes", set_noerror, get_noerror, NULL },
	{ "stacked", "columns, not lines, over time", set_stacked, get_stacked, NULL },
	{ "window", "1m, 5m, 15m, 1h or all", set_window, get_window, NULL },
	{ "view", "to begin with: flows, overview, top ...", set_view, get_view, NULL },
	{ "theme", LOOKS_THEMES, set_theme, get_theme, said_theme },
	{ "graph", LOOKS_GRAPHS, set_graph, get_graph, said_graph },
	{ "mouse", "clicks and the wheel, yes or no", set_mouse, get_mouse, said_mouse },
	{ "ascii", "ASCII only, yes or no", set_ascii, get_ascii, said_ascii },
};
/* clang-format on */

_Static_assert(sizeof(table) / sizeof(table[0]) <= SETTINGS_MAX, "room for what was set before");

const struct setting *setting_specs(size_t *n)
{
	*n = sizeof(table) / sizeof(table[0]);
	return table;
}
