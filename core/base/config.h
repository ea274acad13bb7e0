/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Settings as text: lines of "name = value"; blank lines and those that begin
 * with "#" are for people. Changing one leaves all other lines as they are.
 */
#ifndef DNSTOP_BASE_CONFIG_H
#define DNSTOP_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#define CONFIG_NAME_MAX  64
#define CONFIG_VALUE_MAX 2048

enum config_kind {
	CONFIG_BLANK, /* or a comment */
	CONFIG_PAIR,
	CONFIG_WRONG, /* neither: why says */
};

struct config_line {
	enum config_kind kind;
	int number;      /* from 1 */
	const char *why; /* a few words */
	char name[CONFIG_NAME_MAX];
	char value[CONFIG_VALUE_MAX]; /* without blanks around it */
	const char *begin, *end;      /* the line in the text; end behind its newline */
};

/* The next line of a text, from *at on, which moves behind it; *number counts.
 * False at the end. */
bool config_next(const char **at, int *number, struct config_line *line);
/* The text with that pair: in the place of its last line, else at the end; NULL as a
 * value takes it out. Of malloc; NULL when memory is short. The name must be good
 * (letters, digits, "-", "_", "."), the value without newlines. */
char *config_set(const char *text, const char *name, const char *value);

#endif
