/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/popup/grouplist.h"

#include "tui/keys/keymap.h"

/* The key that groups by it, 0: none. */
static char key_of(const struct field *field)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	for (size_t i = 0; i < n; i++) {
		for (int k = 0; a[i].act == ACT_GROUP && k < KEYMAP_MAX_KEYS && a[i].keys[k]; k++) {
			struct groupby by = groupby_of(keymap_arg(&a[i], a[i].keys[k]));

			if (!by.second && by.field == field)
				return (char)a[i].keys[k];
		}
	}
	return 0;
}

static void list_fields(struct checklist *c, const struct field *now, bool with_key)
{
	size_t n;
	const struct field *all = fields(&n);

	for (size_t i = 0; i < n; i++) {
		char key = key_of(&all[i]);

		if (all[i].flags & FIELD_NO_GROUP || (key != 0) != with_key)
			continue;
		checklist_add(c, all[i].name, all[i].help, &all[i] == now, (int)i, false);
		checklist_key(c, key);
	}
}

void grouplist_fill(struct checklist *c, const struct field *now)
{
	list_fields(c, now, true);
	list_fields(c, now, false);
}

struct groupby grouplist_taken(const struct checklist *c)
{
	size_t n;
	const struct field *all = fields(&n);

	for (int i = 0; i < c->n; i++) {
		if (c->item[i].on)
			return groupby_field(&all[c->item[i].tag]);
	}
	return groupby_of(GROUPBY_CLIENT);
}
