/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/config.h"
#include "core/base/escape.h"
#include "core/file/userfiles.h"
#include "tui/keys/keys.h"
#include "tui/setting_spec.h"
#include "tui/ui_state.h"

#define KEY_PREFIX   "key."
#define PROBLEMS_MAX 3

void settings_print_mdoc(void)
{
	size_t n;
	const struct setting *s = setting_specs(&n);

	for (size_t i = 0; i < n; i++)
		printf(".It Cm %s\n%s\n", s[i].name, s[i].help);
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

/* The place of a setting among all, -1: there is none of that name. */
static int find_setting(const char *name)
{
	size_t n;
	const struct setting *s = setting_specs(&n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(s[i].name, name) == 0)
			return (int)i;
	}
	return -1;
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
	size_t n;
	const struct setting *s = setting_specs(&n);
	int i = find_setting(line->name);
	char what[600];
	struct err err = { 0 };

	if (line->kind == CONFIG_WRONG) {
		snprintf(what, sizeof(what), "%s", line->why);
	} else if (strncmp(line->name, KEY_PREFIX, strlen(KEY_PREFIX)) == 0) {
		apply_key(ui, line, p);
		return;
	} else if (i < 0) {
		snprintf(what, sizeof(what), "%s is no setting, and stays as it is", line->name);
	} else if (ui->settings.said[i] || s[i].set(ui, line->value, &err) == 0) {
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
	size_t n;
	const struct setting *s = setting_specs(&n);

	for (size_t i = 0; i < n; i++) {
		s[i].get(ui, value, sizeof(value));
		ui->settings.first[i] = strdup(value);
		ui->settings.said[i] = s[i].said && s[i].said(cfg);
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

/* Adds what the file has; false where there is none. */
static bool read_history(const char *path, struct history *to)
{
	char *text, *rest, *line;

	if (userfile_read(path, &text))
		return false;
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		if (is_entry(line))
			history_add(to, line);
	}
	free(text);
	return true;
}

static void load_history(struct ui *ui)
{
	struct history *h = &ui->filterbar.history;
	char path[PATH_MAX];

	if (!userfile_path(USERFILE_HISTORY, path) || !read_history(path, h))
		return;
	history_settle(h);
	history_add(h, ui->filterbar.applied);
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
static bool is_to_write(const struct ui *ui, size_t i, const char *name, const char *value,
			const char *text)
{
	const char *first = ui->settings.first[i];

	if (!first || strcmp(first, value) != 0)
		return true;
	return !ui->settings.said[i] && has(text, name);
}

static bool put_all(struct ui *ui, char **text)
{
	char value[SETTINGS_VALUE_MAX], name[CONFIG_NAME_MAX];
	size_t n, n_actions;
	const struct setting *s = setting_specs(&n);
	const struct action *a = keymap_actions(&n_actions);

	for (size_t i = 0; i < n; i++) {
		s[i].get(ui, value, sizeof(value));
		if (is_to_write(ui, i, s[i].name, value, *text) && !put(text, s[i].name, value))
			return false;
	}
	for (size_t i = 0; i < n_actions; i++) {
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
	char path[PATH_MAX], *out = NULL;
	struct err err;
	size_t size;
	FILE *f;

	if (!ours->fresh || !userfile_path(USERFILE_HISTORY, path))
		return;
	(void)read_history(path, &all);
	for (int i = ours->n - ours->fresh; i < ours->n; i++)
		history_add(&all, ours->line[i]);
	f = open_memstream(&out, &size);
	for (int i = 0; f && i < all.n; i++)
		fprintf(f, "%s\n", all.line[i]);
	if (f && fclose(f) == 0)
		userfile_write(path, out, &err);
	free(out);
	history_free(&all);
}

void settings_close(struct ui *ui)
{
	if (ui->settings.on)
		save_history(ui);
	for (size_t i = 0; i < SETTINGS_MAX; i++)
		free(ui->settings.first[i]);
}
