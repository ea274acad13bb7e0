/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any text as settings: every byte is of one line, and setting one pair makes
 * it what is read, and leaves the other lines alone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool what)
{
	if (!what)
		abort();
}

static bool is_of(const struct config_line *line, const char *name)
{
	return line->kind == CONFIG_PAIR && strcmp(line->name, name) == 0;
}

/* The lines of others, one after the other; of malloc. */
static char *others(const char *text, const char *name)
{
	char *out = calloc(1, strlen(text) + 2);
	const char *at = text;
	struct config_line line;
	int number = 0;

	require(out);
	while (config_next(&at, &number, &line)) {
		require(line.end > line.begin && line.end == at && line.number == number);
		require(line.kind != CONFIG_WRONG || line.why[0]);
		if (!is_of(&line, name))
			strncat(out, line.begin, (size_t)(line.end - line.begin));
	}
	require(*at == '\0');
	/* A last line without its newline gets one when something comes behind it. */
	if (*out && out[strlen(out) - 1] != '\n')
		strcat(out, "\n");
	return out;
}

static void check_set(const char *text, const char *name, const char *value)
{
	char *before = others(text, name), *set = config_set(text, name, value), *after, *again;
	const char *at = set;
	struct config_line line;
	int number = 0, found = 0;

	require(set);
	while (config_next(&at, &number, &line)) {
		if (!is_of(&line, name))
			continue;
		found++;
		require(value && strcmp(line.value, value) == 0);
	}
	require(found == (value ? 1 : 0));
	after = others(set, name);
	require(strcmp(before, after) == 0);
	again = config_set(set, name, value);
	require(strcmp(set, again) == 0);
	free(before);
	free(set);
	free(after);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	require(text);
	memcpy(text, data, size);
	text[size] = '\0';
	check_set(text, "sort", "-latency_us");
	check_set(text, "key.pause", "F8 Space");
	check_set(text, "sort", NULL);
	free(text);
	return 0;
}
