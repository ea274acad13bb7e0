/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/key.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FUNCTION_KEYS 12

/* clang-format off */
static const struct {
	int key;
	const char *name;
} key_names[] = {
	{ ' ',        "Space" },
	{ '\r',       "Enter" },
	{ '\n',       "Enter" },
	{ KEY_ENTER,  "Enter" },
	{ KEY_ESCAPE, "Esc" },
	{ KEY_UP,     "Up" },
	{ KEY_DOWN,   "Down" },
	{ KEY_LEFT,   "Left" },
	{ KEY_RIGHT,  "Right" },
	{ KEY_PPAGE,  "PgUp" },
	{ KEY_NPAGE,  "PgDn" },
	{ KEY_HOME,   "Home" },
	{ KEY_END,    "End" },
	{ '\t',       "Tab" },
	{ KEY_BTAB,   "S-Tab" },
	{ KEY_BACKSPACE, "Backspace" },
	{ 0x7f,       "Backspace" },
	{ KEY_CTRL('h'), "Backspace" },
	{ KEY_SR,     "S-Up" },
	{ KEY_SF,     "S-Down" },
};
/* clang-format on */

const char *key_text(int key, char buf[KEY_NAME_MAX])
{
	for (size_t i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++) {
		if (key_names[i].key == key) {
			snprintf(buf, KEY_NAME_MAX, "%s", key_names[i].name);
			return buf;
		}
	}
	if (key >= KEY_F(1) && key <= KEY_F(FUNCTION_KEYS))
		snprintf(buf, KEY_NAME_MAX, "F%d", key - KEY_F0);
	else if (key > 0 && key < 0x20)
		snprintf(buf, KEY_NAME_MAX, "^%c", key + 0x40);
	else
		snprintf(buf, KEY_NAME_MAX, "%c", key);
	return buf;
}

int key_named(const char *name, size_t len)
{
	char text[KEY_NAME_MAX], function[KEY_NAME_MAX];

	if (len == 1 && name[0] > ' ' && name[0] < 0x7f)
		return name[0];
	if (len >= sizeof(text))
		return 0;
	memcpy(text, name, len);
	text[len] = '\0';
	for (size_t i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++) {
		if (strcasecmp(key_names[i].name, text) == 0)
			return key_names[i].key;
	}
	for (int n = 1; n <= FUNCTION_KEYS; n++) {
		if (strcasecmp(key_text(KEY_F(n), function), text) == 0)
			return KEY_F(n);
	}
	if (len == 2 && text[0] == '^' && text[1] >= '@' && text[1] < 0x7f && text[1] != '`')
		return KEY_CTRL(text[1]);
	return 0;
}

bool key_is_same(int a, int b)
{
	char an[KEY_NAME_MAX], bn[KEY_NAME_MAX];

	if (a == b)
		return true;
	if (a == 0 || b == 0)
		return false;
	return key_text(a, an)[1] && strcmp(an, key_text(b, bn)) == 0;
}

bool key_is_enter(int key)
{
	return key == '\r' || key == '\n' || key == KEY_ENTER;
}
