/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the user wants of the screen every time: read from a file at the start,
 * written to it by an explicit action only. A new setting is one entry of
 * setting_table.c. And what was entered before, which is kept by itself.
 */
#ifndef DNSTOP_TUI_SETTINGS_H
#define DNSTOP_TUI_SETTINGS_H

#include <stdbool.h>

#include "tui/ui.h"

struct ui;

#define SETTINGS_MAX       24
#define SETTINGS_VALUE_MAX 1024

struct settings {
	bool on; /* false: nothing is read or kept */
	/* What was set before the file was read: by the program itself, or by the
	 * command line, which wins and isn't saved. */
	char *first[SETTINGS_MAX];
	bool said[SETTINGS_MAX];
};

/* Takes the file's settings over, but for what the command line said. A file with
 * mistakes is no reason not to start: they are told on the screen. To be called
 * before the screen is opened. */
void settings_load(struct ui *ui, const struct ui_config *cfg);
/* Writes what is set now; lines of others stay. Says in ui->told what came of it. */
void settings_save(struct ui *ui);
/* Keeps the history, without a word if that can't be. Ends settings. */
void settings_close(struct ui *ui);

/* The settings as a list of the man page, on standard output. */
void settings_print_mdoc(void);

/* For tests: a text as if settings_load had found it in that file. */
void settings_apply(struct ui *ui, const char *text, const char *file);

#endif
