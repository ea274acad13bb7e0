/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys by their names, and the user's own.
 */
#include "tui/keymap.h"

#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

static void write_key_name(int key, char *buf, size_t size)
{
	for (size_t i = 0; i < sizeof(key_names) / sizeof(key_names[0]); i++) {
		if (key_names[i].key == key) {
			snprintf(buf, size, "%s", key_names[i].name);
			return;
		}
	}
	if (key >= KEY_F(1) && key <= KEY_F(12))
		snprintf(buf, size, "F%d", key - KEY_F0);
	else if (key > 0 && key < 0x20)
		snprintf(buf, size, "^%c", key + 0x40);
	else
		snprintf(buf, size, "%c", key);
}

/* 0: no key has that name. */
static int key_of(const char *name, size_t len)
{
	char text[16];
	int n;

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
	if ((text[0] == 'F' || text[0] == 'f') && sscanf(text + 1, "%2d", &n) == 1 && n >= 1 &&
	    n <= 12 && len == (n < 10 ? 2u : 3u))
		return KEY_F(n);
	if (len == 2 && text[0] == '^' && text[1] >= '@' && text[1] < 0x7f && text[1] != '`')
		return KEY_CTRL(text[1]);
	return 0;
}

/* Enter and Backspace are several keys to curses: one stands for all. */
static bool is_same_key(int a, int b)
{
	char an[16], bn[16];

	if (a == b)
		return true;
	if (a == 0 || b == 0)
		return false;
	write_key_name(a, an, sizeof(an));
	write_key_name(b, bn, sizeof(bn));
	return an[1] && strcmp(an, bn) == 0;
}

void keys_init(struct keys *k)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	*k = (struct keys){ 0 };
	for (size_t i = 0; i < n && i < KEYMAP_ACTIONS_MAX; i++)
		memcpy(k->of[i].key, a[i].keys, sizeof(a[i].keys));
}

static int action_index(const char *name)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	for (size_t i = 0; i < n && i < KEYMAP_ACTIONS_MAX; i++) {
		if (a[i].name && strcmp(a[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

/* The action that has a key, -1 for none; *place where among its keys. */
static int holder(const struct keys *k, int key, int *place)
{
	size_t n;

	keymap_actions(&n);
	for (size_t i = 0; i < n && i < KEYMAP_ACTIONS_MAX; i++) {
		for (int p = 0; p < KEYMAP_MAX_KEYS && k->of[i].key[p]; p++) {
			if (is_same_key(k->of[i].key[p], key)) {
				*place = p;
				return (int)i;
			}
		}
	}
	return -1;
}

static void take_key(struct keys *k, int action, int place)
{
	int *key = k->of[action].key;

	memmove(key + place, key + place + 1, sizeof(*key) * (size_t)(KEYMAP_MAX_KEYS - 1 - place));
	key[KEYMAP_MAX_KEYS - 1] = 0;
}

/* The keys named in text; the number of them, or -EINVAL. */
static int parse_keys(const char *text, int key[KEYMAP_MAX_KEYS], struct err *err)
{
	int n = 0;

	if (strcasecmp(text, "none") == 0)
		return 0;
	for (const char *at = text; *at; at += strspn(at, " \t")) {
		size_t len = strcspn(at, " \t");

		if (len == 0) {
			at++;
			continue;
		}
		if (n == KEYMAP_MAX_KEYS)
			return err_set(err, -EINVAL, "more than %d keys", KEYMAP_MAX_KEYS);
		key[n] = key_of(at, len);
		if (!key[n])
			return err_set(err, -EINVAL, "no key is called \"%.*s\"",
				       len > 40 ? 40 : (int)len, at);
		n++;
		at += len;
	}
	return n;
}

int keys_bind(struct keys *k, const char *action, const char *text,
	      const struct action **taken_from, struct err *err)
{
	size_t n_actions;
	const struct action *all = keymap_actions(&n_actions);
	int key[KEYMAP_MAX_KEYS] = { 0 };
	int index = action_index(action), place, other;
	int n = parse_keys(text, key, err);

	*taken_from = NULL;
	if (index < 0)
		return err_set(err, -EINVAL, "no action is called \"%.60s\"", action);
	if (n < 0)
		return n;
	/* Someone must be able to leave. */
	if (n == 0 && strcmp(action, "leave") == 0)
		return err_set(err, -EINVAL, "leave needs a key");
	for (int i = 0; i < n; i++) {
		char name[16];

		write_key_name(key[i], name, sizeof(name));
		other = holder(k, key[i], &place);
		if (other >= 0 && other != index && k->of[other].own)
			return err_set(err, -EINVAL, "the key %s is already that of %s", name,
				       all[other].name);
	}
	for (int i = 0; i < n; i++) {
		while ((other = holder(k, key[i], &place)) >= 0 && other != index) {
			*taken_from = &all[other];
			take_key(k, other, place);
		}
	}
	memcpy(k->of[index].key, key, sizeof(key));
	k->of[index].own = true;
	return 0;
}

int keys_translate(const struct keys *k, int key)
{
	size_t n;
	const struct action *all = keymap_actions(&n), *table = keymap_find(key);
	int place, index = holder(k, key, &place);

	if (index >= 0 && k->of[index].own && all[index].keys[0])
		return all[index].keys[all[index].counts ? place : 0];
	return index < 0 && table ? 0 : key;
}

static void add_key_name(char *buf, size_t size, int key)
{
	size_t len = strlen(buf);
	char name[16];

	write_key_name(key, name, sizeof(name));
	snprintf(buf + len, size - len, "%s%s", len ? " " : "", name);
}

bool keys_own_text(const struct keys *k, const struct action *a, char *buf, size_t size)
{
	size_t n;
	size_t i = (size_t)(a - keymap_actions(&n));

	snprintf(buf, size, "%s", "");
	if (i >= KEYMAP_ACTIONS_MAX || !k->of[i].own)
		return false;
	for (int p = 0; p < KEYMAP_MAX_KEYS && k->of[i].key[p]; p++)
		add_key_name(buf, size, k->of[i].key[p]);
	if (!buf[0])
		snprintf(buf, size, "none");
	return true;
}

const char *keymap_keys_text(const struct keys *keys, const struct action *a, int most,
			     char buf[KEYMAP_KEYS_TEXT_MAX])
{
	size_t n;
	size_t index = (size_t)(a - keymap_actions(&n));
	bool mine = keys && index < KEYMAP_ACTIONS_MAX && a->name;
	const int *key = mine ? keys->of[index].key : a->keys;
	char last[16] = "";
	size_t len = 0;

	if (a->shown && !(mine && keys->of[index].own))
		return a->shown;
	buf[0] = '\0';
	for (int i = 0; i < KEYMAP_MAX_KEYS && key[i] && most > 0; i++) {
		char name[16];

		write_key_name(key[i], name, sizeof(name));
		/* Enter is several keys to curses, and capitals are told of once. */
		if (strcasecmp(name, last) == 0)
			continue;
		snprintf(last, sizeof(last), "%s", name);
		len += (size_t)snprintf(buf + len, KEYMAP_KEYS_TEXT_MAX - len, "%s%s",
					len ? " " : "", name);
		if (len >= KEYMAP_KEYS_TEXT_MAX)
			break;
		most--;
	}
	return buf;
}
