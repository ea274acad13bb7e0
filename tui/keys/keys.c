/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's own keys.
 */
#include "tui/keys/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tui/widget/key.h"

void keys_init(struct keys *k)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	*k = (struct keys){ 0 };
	for (size_t i = 0; i < n && i < KEYS_ACTIONS_MAX; i++)
		memcpy(k->of[i].key, a[i].keys, sizeof(a[i].keys));
}

static int action_index(const char *name)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	for (size_t i = 0; i < n && i < KEYS_ACTIONS_MAX; i++) {
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
	for (size_t i = 0; i < n && i < KEYS_ACTIONS_MAX; i++) {
		for (int p = 0; p < KEYMAP_MAX_KEYS && k->of[i].key[p]; p++) {
			if (key_is_same(k->of[i].key[p], key)) {
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
		key[n] = key_named(at, len);
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
		char name[KEY_NAME_MAX];

		other = holder(k, key[i], &place);
		if (other >= 0 && other != index && k->of[other].own)
			return err_set(err, -EINVAL, "the key %s is already that of %s",
				       key_text(key[i], name), all[other].name);
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
	char name[KEY_NAME_MAX];

	snprintf(buf + len, size - len, "%s%s", len ? " " : "", key_text(key, name));
}

bool keys_own_text(const struct keys *k, const struct action *a, char *buf, size_t size)
{
	size_t n;
	size_t i = (size_t)(a - keymap_actions(&n));

	snprintf(buf, size, "%s", "");
	if (i >= KEYS_ACTIONS_MAX || !k->of[i].own)
		return false;
	for (int p = 0; p < KEYMAP_MAX_KEYS && k->of[i].key[p]; p++)
		add_key_name(buf, size, k->of[i].key[p]);
	if (!buf[0])
		snprintf(buf, size, "none");
	return true;
}

const char *keys_text(const struct keys *keys, const struct action *a, int most,
		      char buf[KEYS_TEXT_MAX])
{
	size_t n;
	size_t index = (size_t)(a - keymap_actions(&n));
	bool mine = keys && index < KEYS_ACTIONS_MAX && a->name;
	const int *key = mine ? keys->of[index].key : a->keys;
	char last[KEY_NAME_MAX] = "";
	size_t len = 0;

	if (a->shown && !(mine && keys->of[index].own))
		return a->shown;
	buf[0] = '\0';
	for (int i = 0; i < KEYMAP_MAX_KEYS && key[i] && most > 0; i++) {
		char name[KEY_NAME_MAX];

		key_text(key[i], name);
		/* Enter is several keys to curses, and capitals are told of once. */
		if (strcasecmp(name, last) == 0)
			continue;
		snprintf(last, sizeof(last), "%s", name);
		len += (size_t)snprintf(buf + len, KEYS_TEXT_MAX - len, "%s%s", len ? " " : "",
					name);
		if (len >= KEYS_TEXT_MAX)
			break;
		most--;
	}
	return buf;
}
