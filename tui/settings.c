/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/config.h"
#include "core/base/escape.h"
#include "core/file/userfiles.h"
#include "core/query/value.h"
#include "tui/keys/keys.h"
#include "tui/model/window.h"
#include "tui/panel/panel.h"
#include "tui/ui_state.h"
#include "tui/view/flows.h"
#include "tui/view/overview.h"

#define KEY_PREFIX   "key."
#define PROBLEMS_MAX 3

struct setting {
	const char *name;
	const char *help;
	/* Takes a value: 0, or a negative errno with err filled. */
	int (*set)(struct ui *ui, const char *value, struct err *err);
	void (*get)(struct ui *ui, char *buf, size_t size);
	/* Whether the command line said it; NULL: it can't. */
	bool (*said)(const struct ui_config *cfg);
};

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
static const struct setting settings[] = {
	{ "columns", "of the flows, in their order", set_columns, get_columns, said_columns },
	{ "sort", "field that orders the flows, descending with - before it",
	  set_sort, get_sort, said_sort },
	{ "panels", "of the overview, in their order", set_panels, get_panels, NULL },
	{ "top", "groups that a panel shows, 1 to 50", set_top, get_top, NULL },
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

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))
_Static_assert(SETTINGS <= SETTINGS_MAX, "room for what the command line said");

void settings_print_mdoc(void)
{
	for (size_t i = 0; i < SETTINGS; i++)
		printf(".It Cm %s\n%s\n", settings[i].name, settings[i].help);
	printf(".It Cm key. Ns Ar ACTION\nits keys, parted by blanks: F8 Space ^P x; or none\n");
}

/* --- reading --- */

/* What is wrong, told on the screen: the first few, and how many more there are. */
struct problems {
	char *text;
	size_t size, len;
	const char *file;
	int n;
};

static void note_problem(struct problems *p, int line, const char *what)
{
	char safe[300];

	if (++p->n > PROBLEMS_MAX)
		return;
	escape_bytes(safe, sizeof(safe), what, strlen(what));
	p->len += (size_t)snprintf(p->text + p->len, p->size - p->len, "%s%s:%d: %s",
				   p->len ? "; " : "", p->file, line, safe);
	if (p->len >= p->size)
		p->len = p->size - 1;
}

static void note_more(struct problems *p)
{
	if (p->n > PROBLEMS_MAX)
		snprintf(p->text + p->len, p->size - p->len, "; and %d more", p->n - PROBLEMS_MAX);
}

static const struct setting *find_setting(const char *name)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	}
	return NULL;
}

static void apply_key(struct ui *ui, const struct config_line *line, struct problems *p)
{
	const char *action = line->name + strlen(KEY_PREFIX);
	const struct action *taken;
	struct err err = { 0 };
	char what[600];

	if (keys_bind(&ui->keys, action, line->value, &taken, &err)) {
		snprintf(what, sizeof(what), "%s: %s", line->name, err.text);
		note_problem(p, line->number, what);
	} else if (taken) {
		snprintf(what, sizeof(what), "%s takes a key from %s", line->name, taken->name);
		note_problem(p, line->number, what);
	}
}

static void apply_line(struct ui *ui, const struct config_line *line, struct problems *p)
{
	const struct setting *s = find_setting(line->name);
	char what[600];
	struct err err = { 0 };

	if (line->kind == CONFIG_WRONG) {
		snprintf(what, sizeof(what), "%s", line->why);
	} else if (strncmp(line->name, KEY_PREFIX, strlen(KEY_PREFIX)) == 0) {
		apply_key(ui, line, p);
		return;
	} else if (!s) {
		snprintf(what, sizeof(what), "%s is no setting, and stays as it is", line->name);
	} else if (ui->settings.said[s - settings] || s->set(ui, line->value, &err) == 0) {
		return;
	} else {
		snprintf(what, sizeof(what), "%s = %.40s: %s", line->name, line->value, err.text);
	}
	note_problem(p, line->number, what);
}

void settings_apply(struct ui *ui, const char *text, const char *file)
{
	struct problems p = { .text = ui->told, .size = sizeof(ui->told), .file = file };
	struct config_line line;
	int number = 0;

	while (config_next(&text, &number, &line)) {
		if (line.kind != CONFIG_BLANK)
			apply_line(ui, &line, &p);
	}
	note_more(&p);
}

/* What is set before anything is read, by the command line or nobody. */
static void note_first(struct ui *ui, const struct ui_config *cfg)
{
	char value[SETTINGS_VALUE_MAX];

	for (size_t i = 0; i < SETTINGS; i++) {
		settings[i].get(ui, value, sizeof(value));
		ui->settings.first[i] = strdup(value);
		ui->settings.said[i] = settings[i].said && settings[i].said(cfg);
	}
}

/* What can be typed. */
static bool is_entry(const char *line)
{
	for (const char *c = line; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return false;
	}
	return strlen(line) < LINEEDIT_MAX;
}

static void load_history(struct ui *ui)
{
	char path[PATH_MAX], *text, *rest, *line;

	if (!userfile_path(USERFILE_HISTORY, path) || userfile_read(path, &text))
		return;
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		if (is_entry(line))
			history_add(&ui->filterbar.history, line);
	}
	history_settle(&ui->filterbar.history);
	history_add(&ui->filterbar.history, ui->filterbar.applied);
	free(text);
}

void settings_load(struct ui *ui, const struct ui_config *cfg)
{
	char path[PATH_MAX], *text = NULL;
	int rc;

	note_first(ui, cfg);
	ui->settings.on = cfg->settings;
	if (!cfg->settings || !userfile_path(USERFILE_CONFIG, path))
		return;
	rc = userfile_read(path, &text);
	if (rc == 0)
		settings_apply(ui, text, path);
	else if (rc != -ENOENT && rc != -ENOTDIR)
		snprintf(ui->told, sizeof(ui->told), "settings: %.200s: %s", path, strerror(-rc));
	free(text);
	load_history(ui);
}

/* --- writing --- */

/* Takes the place of *text, which is freed; false when memory is short. */
static bool put(char **text, const char *name, const char *value)
{
	char *with = *text ? config_set(*text, name, value) : NULL;

	free(*text);
	*text = with;
	return with;
}

static bool has(const char *text, const char *name)
{
	struct config_line line;
	int number = 0;

	while (config_next(&text, &number, &line)) {
		if (line.kind == CONFIG_PAIR && strcmp(line.name, name) == 0)
			return true;
	}
	return false;
}

/* What nobody changed is written only where the file has it already, so that it may
 * be another with another version. */
static bool is_to_write(const struct ui *ui, size_t i, const char *value, const char *text)
{
	const char *first = ui->settings.first[i];

	if (!first || strcmp(first, value) != 0)
		return true;
	return !ui->settings.said[i] && has(text, settings[i].name);
}

static bool put_all(struct ui *ui, char **text)
{
	char value[SETTINGS_VALUE_MAX], name[CONFIG_NAME_MAX];
	size_t n;
	const struct action *a = keymap_actions(&n);

	for (size_t i = 0; i < SETTINGS; i++) {
		settings[i].get(ui, value, sizeof(value));
		if (is_to_write(ui, i, value, *text) && !put(text, settings[i].name, value))
			return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (!a[i].name || !keys_own_text(&ui->keys, &a[i], value, sizeof(value)))
			continue;
		snprintf(name, sizeof(name), KEY_PREFIX "%s", a[i].name);
		if (!put(text, name, value))
			return false;
	}
	return true;
}

void settings_save(struct ui *ui)
{
	struct err err = { 0 };
	char path[PATH_MAX], *text = NULL;
	int rc;

	if (!ui->settings.on || !userfile_path(USERFILE_CONFIG, path)) {
		snprintf(ui->told, sizeof(ui->told), "settings are not saved: %s",
			 ui->settings.on ? "there is no home directory" : "--no-config");
		return;
	}
	rc = userfile_read(path, &text);
	if (rc == -ENOENT || rc == -ENOTDIR) {
		text = strdup("# dnstop's settings; see dnstop(8)\n");
		rc = 0;
	}
	if (rc == 0 && !put_all(ui, &text))
		rc = -ENOMEM;
	if (rc)
		err_set(&err, rc, "%.200s: %s", path, strerror(-rc));
	else
		rc = userfile_write(path, text, &err);
	if (rc)
		snprintf(ui->told, sizeof(ui->told), "settings are not saved: %s", err.text);
	else
		snprintf(ui->told, sizeof(ui->told), "settings saved in %.300s", path);
	free(text);
}

/* The file as it is now, which others may have added to, then ours. */
static void save_history(struct ui *ui)
{
	const struct history *ours = &ui->filterbar.history;
	struct history all = { 0 };
	char path[PATH_MAX], *text = NULL, *rest, *line, *out = NULL;
	struct err err;
	size_t size;
	FILE *f;

	if (!ours->fresh || !userfile_path(USERFILE_HISTORY, path))
		return;
	if (userfile_read(path, &text) == 0) {
		rest = text;
		while ((line = strsep(&rest, "\n"))) {
			if (is_entry(line))
				history_add(&all, line);
		}
	}
	for (int i = ours->n - ours->fresh; i < ours->n; i++)
		history_add(&all, ours->line[i]);
	f = open_memstream(&out, &size);
	for (int i = 0; f && i < all.n; i++)
		fprintf(f, "%s\n", all.line[i]);
	if (f && fclose(f) == 0)
		userfile_write(path, out, &err);
	free(out);
	free(text);
	history_free(&all);
}

void settings_close(struct ui *ui)
{
	if (ui->settings.on)
		save_history(ui);
	for (size_t i = 0; i < SETTINGS_MAX; i++)
		free(ui->settings.first[i]);
}
