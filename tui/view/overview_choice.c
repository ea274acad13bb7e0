/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which panels the overview shows, in which order, and by what: as the user chooses
 * from lists, and as settings name it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tui/popup/checklist.h"
#include "tui/popup/grouplist.h"
#include "tui/view/overview_state.h"

void overview_defaults(struct overview *v)
{
	for (int i = 0; i < v->n; i++) {
		v->list[i].panel = i;
		v->list[i].shown = v->panels[i].shown;
	}
	v->choice.top = OVERVIEW_TOP;
	v->choice.overall = v->choice.total = v->choice.noerror = true;
	v->choice.stacked = false;
}

/* The switches below the panels. */
static bool *switch_of(struct overview *v, int i)
{
	bool *const all[] = { &v->choice.overall, &v->choice.total, &v->choice.noerror,
			      &v->choice.stacked };

	return i < (int)(sizeof(all) / sizeof(all[0])) ? all[i] : NULL;
}

static void fill_checklist(void *view, struct checklist *c)
{
	static const char *const switches[] = {
		"show the overall figures",
		"show the total",
		"show NOERROR",
		"stack columns over time",
	};
	struct overview *v = view;

	c->number = v->choice.top;
	for (int i = 0; i < v->n; i++) {
		const struct panel *p = &v->panels[v->list[i].panel];

		checklist_add(c, p->title, p->name, v->list[i].shown, v->list[i].panel, true);
	}
	for (int i = 0; switch_of(v, i); i++)
		checklist_add(c, switches[i], "", *switch_of(v, i), i, false);
}

static void apply_checklist(void *view, const struct checklist *c)
{
	struct overview *v = view;
	int n = 0;

	for (int i = 0; i < c->n; i++) {
		const struct checklist_item *item = &c->item[i];

		if (!item->moves) {
			*switch_of(v, item->tag) = item->on;
			continue;
		}
		v->list[n].panel = item->tag;
		v->list[n++].shown = item->on;
	}
	v->choice.top = c->number;
}

static void reset_checklist(void *view)
{
	overview_defaults(view);
}

void overview_manage(void *view, struct checklist *c)
{
	static const struct checklist_owner owner = {
		.title = "Manage panels",
		.number = "top",
		.number_max = PANEL_TOP_MAX,
		.fill = fill_checklist,
		.apply = apply_checklist,
		.reset = reset_checklist,
	};

	checklist_open(c, &owner, view);
}

static void fill_scopes(void *view, struct checklist *c)
{
	grouplist_fill(c, ((const struct overview *)view)->choice.scope.field);
}

static void take_scope(void *view, const struct checklist *c)
{
	((struct overview *)view)->choice.scope = grouplist_taken(c);
}

void overview_choose_group(void *view, struct checklist *c)
{
	static const struct checklist_owner owner = {
		.title = "Rank by",
		.one = true,
		.fill = fill_scopes,
		.apply = take_scope,
	};

	checklist_open(c, &owner, view);
}

/* --- by their names, for settings --- */

void overview_panels(const struct overview *v, char *buf, size_t size)
{
	size_t len = 0;

	snprintf(buf, size, "none");
	for (int i = 0; i < v->n && len < size; i++) {
		if (v->list[i].shown)
			len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? " " : "",
						v->panels[v->list[i].panel].name);
	}
}

static int panel_named(const struct overview *v, const char *name, size_t len)
{
	for (int i = 0; i < v->n; i++) {
		if (strlen(v->panels[i].name) == len && memcmp(v->panels[i].name, name, len) == 0)
			return i;
	}
	return -1;
}

int overview_set_panels(struct overview *v, const char *names, struct err *err)
{
	bool shown[OVERVIEW_MAX_PANELS] = { false };
	int order[OVERVIEW_MAX_PANELS], n = 0;

	if (strcmp(names, "none") == 0)
		names = "";
	for (names += strspn(names, " \t,"); *names; names += strspn(names, " \t,")) {
		size_t len = strcspn(names, " \t,");
		int panel = panel_named(v, names, len);

		if (panel < 0)
			return err_set(err, -EINVAL, "no panel is called \"%.*s\"",
				       len > 40 ? 40 : (int)len, names);
		if (!shown[panel])
			order[n++] = panel;
		shown[panel] = true;
		names += len;
	}
	for (int i = 0; i < v->n; i++) {
		if (!shown[i])
			order[n++] = i;
	}
	for (int i = 0; i < n; i++) {
		v->list[i].panel = order[i];
		v->list[i].shown = shown[order[i]];
	}
	return 0;
}
