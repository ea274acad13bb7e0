/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One setting. The list is setting_table.c's; settings.c reads and writes the
 * file by it and prints the man page from it.
 */
#ifndef DNSTOP_TUI_SETTING_SPEC_H
#define DNSTOP_TUI_SETTING_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/settings.h"

struct setting {
	const char *name;
	const char *help;
	/* Takes a value: 0, or a negative errno with err filled. */
	int (*set)(struct ui *ui, const char *value, struct err *err);
	void (*get)(struct ui *ui, char *buf, size_t size);
	/* Whether the command line said it; NULL: it can't. */
	bool (*said)(const struct ui_config *cfg);
};

/* At most SETTINGS_MAX of them. */
const struct setting *setting_specs(size_t *n);

#endif
