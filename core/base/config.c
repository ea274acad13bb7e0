/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/config.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.';
}

static enum config_kind wrong(struct config_line *line, const char *why)
{
	line->why = why;
	return CONFIG_WRONG;
}

static enum config_kind parse(struct config_line *line, const char *at, const char *end)
{
	const char *name;

	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	if (at == end || *at == '#')
		return CONFIG_BLANK;
	for (name = at; at < end && is_name(*at);)
		at++;
	if (at == name)
		return wrong(line, "no name");
	if (at - name >= CONFIG_NAME_MAX)
		return wrong(line, "too long a name");
	memcpy(line->name, name, (size_t)(at - name));
	line->name[at - name] = '\0';
	while (at < end && is_blank(*at))
		at++;
	if (at == end || *at != '=')
		return wrong(line, "no \"=\" after the name");
	for (at++; at < end && is_blank(*at);)
		at++;
	if (end - at >= CONFIG_VALUE_MAX)
		return wrong(line, "too long a value");
	for (const char *c = at; c < end; c++) {
		if ((unsigned char)*c < ' ' && *c != '\t')
			return wrong(line, "a control character");
	}
	memcpy(line->value, at, (size_t)(end - at));
	line->value[end - at] = '\0';
	return CONFIG_PAIR;
}

bool config_next(const char **at, int *number, struct config_line *line)
{
	const char *newline = strchr(*at, '\n');
	const char *end = newline ? newline : *at + strlen(*at);

	if (!**at)
		return false;
	line->why = "";
	line->name[0] = line->value[0] = '\0';
	line->begin = *at;
	line->end = newline ? newline + 1 : end;
	line->number = ++*number;
	line->kind = parse(line, *at, end);
	*at = line->end;
	return true;
}

static bool is_of(const struct config_line *line, const char *name)
{
	return line->kind == CONFIG_PAIR && strcmp(line->name, name) == 0;
}

static char *append(char *out, const char *bytes, size_t len)
{
	memcpy(out, bytes, len);
	return out + len;
}

static char *append_pair(char *out, const char *name, const char *value)
{
	out = append(out, name, strlen(name));
	out = append(out, " = ", 3);
	out = append(out, value, strlen(value));
	return append(out, "\n", 1);
}

char *config_set(const char *text, const char *name, const char *value)
{
	size_t size = strlen(text) + strlen(name) + (value ? strlen(value) : 0) + 8;
	char *out = malloc(size), *end = out;
	const char *at = text, *last = NULL;
	struct config_line line;
	int number = 0;

	if (!out)
		return NULL;
	while (config_next(&at, &number, &line))
		last = is_of(&line, name) ? line.begin : last;
	at = text;
	number = 0;
	while (config_next(&at, &number, &line)) {
		if (!is_of(&line, name))
			end = append(end, line.begin, (size_t)(line.end - line.begin));
		else if (line.begin == last && value)
			end = append_pair(end, name, value);
	}
	if (!last && value) {
		if (end > out && end[-1] != '\n')
			*end++ = '\n';
		end = append_pair(end, name, value);
	}
	*end = '\0';
	return out;
}
