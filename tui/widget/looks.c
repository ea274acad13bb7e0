/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/widget/looks.h"

#include <errno.h>
#include <strings.h>

static const char *const themes[] = {
	[LOOKS_AUTO] = "auto",   [LOOKS_DARK] = "dark", [LOOKS_LIGHT] = "light",
	[LOOKS_BASIC] = "basic", [LOOKS_MONO] = "mono",
};

static const char *const graphs[] = {
	[GRAPH_AUTO] = "auto",
	[GRAPH_BRAILLE] = "braille",
	[GRAPH_BLOCK] = "block",
	[GRAPH_ASCII] = "ascii",
};

static int find(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		if (strcasecmp(names[i], name) == 0)
			return i;
	}
	return -1;
}

int looks_theme(struct looks *l, const char *name, struct err *err)
{
	int i = find(themes, LOOKS_MONO + 1, name);

	if (i < 0)
		return err_set(err, -EINVAL, "not " LOOKS_THEMES);
	l->theme = (enum looks_theme)i;
	return 0;
}

int looks_graph(struct looks *l, const char *name, struct err *err)
{
	int i = find(graphs, GRAPH_ASCII + 1, name);

	if (i < 0)
		return err_set(err, -EINVAL, "not " LOOKS_GRAPHS);
	l->graph = (enum graph)i;
	return 0;
}

const char *looks_theme_name(const struct looks *l)
{
	return themes[l->theme];
}

const char *looks_graph_name(const struct looks *l)
{
	return graphs[l->graph];
}
