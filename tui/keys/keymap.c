/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * THE action table. A new key action is an entry here, an enum act, and in
 * actions.c a function; help and footer follow. Letters are those that fingers
 * know: of less and vim for moving, of htop for the function keys, of the older
 * dnstop for its tables (small and capital letters mean the same there), ^R, ^X.
 */
#include "tui/keys/keymap.h"

#include "tui/model/groupby.h"
#include "tui/widget/key.h"

/* clang-format off */
static const struct action actions[] = {
	{ .name = "help", .section = SECTION_GENERAL, .keys = { KEY_F(1), '?', 'h' },
	  .act = ACT_HELP, .label = "Help", .help = "this help" },
	{ .name = "manage", .section = SECTION_GENERAL, .keys = { KEY_F(2), 'f' },
	  .act = ACT_MANAGE, .label = "Choose", .help = "choose panels, columns" },
	{ .name = "find", .section = SECTION_GENERAL, .keys = { KEY_F(3), KEY_CTRL('f') },
	  .act = ACT_FIND, .label = "Find", .help = "find, hiding nothing" },
	{ .name = "find-next", .section = SECTION_GENERAL, .keys = { 'n' },
	  .act = ACT_FIND, .arg = 1, .help = "the next one found" },
	{ .name = "find-before", .section = SECTION_GENERAL, .keys = { 'N' },
	  .act = ACT_FIND, .arg = -1, .help = "the one before" },
	{ .name = "filter", .section = SECTION_GENERAL, .keys = { KEY_F(4), '/', '\\' },
	  .act = ACT_FILTER, .label = "Filter", .help = "filter" },
	{ .name = "chips", .section = SECTION_GENERAL, .keys = { 'E' },
	  .act = ACT_CHIPS, .help = "its chips: on, off, edit" },
	{ .name = "next-view", .section = SECTION_GENERAL, .keys = { KEY_F(5), '\t' },
	  .act = ACT_VIEW, .arg = 1, .label = "View", .help = "next view" },
	{ .name = "view-before", .section = SECTION_GENERAL, .keys = { KEY_BTAB },
	  .act = ACT_VIEW, .arg = -1, .help = "the view before" },
	{ .name = "shorter", .section = SECTION_GENERAL, .keys = { '[' },
	  .act = ACT_WINDOW, .arg = -1, .help = "a shorter window of time" },
	{ .name = "longer", .section = SECTION_GENERAL, .keys = { ']' },
	  .act = ACT_WINDOW, .arg = 1, .help = "a longer one, up to all" },
	{ .name = "sort", .section = SECTION_TABLE, .keys = { KEY_F(6) },
	  .act = ACT_SORT_MENU, .label = "Sort", .help = "choose what to sort by" },
	{ .name = "sort-left", .section = SECTION_TABLE, .keys = { '<' },
	  .act = ACT_SORT_STEP, .arg = -1, .help = "sort by the column left" },
	{ .name = "sort-right", .section = SECTION_TABLE, .keys = { '>' },
	  .act = ACT_SORT_STEP, .arg = 1, .help = "sort by the column right" },
	{ .name = "sort-invert", .section = SECTION_TABLE, .keys = { 'I' },
	  .act = ACT_SORT_INVERT, .help = "sort the other way round" },
	{ .name = "quick", .section = SECTION_GENERAL, .keys = { KEY_F(7) },
	  .act = ACT_QUICK, .label = "Quick", .help = "quick filters" },
	{ .name = "pause", .section = SECTION_GENERAL, .keys = { KEY_F(8), ' ', 'Z' },
	  .act = ACT_PAUSE, .label = "Pause", .help = "pause (capture goes on)" },
	{ .name = "export", .section = SECTION_GENERAL, .keys = { KEY_F(9) },
	  .act = ACT_EXPORT, .label = "Export", .help = "write the rows to a file" },
	{ .name = "copy", .section = SECTION_TABLE, .keys = { 'y' },
	  .act = ACT_COPY, .help = "copy the cell, the group" },
	{ .name = "copy-row", .section = SECTION_TABLE, .keys = { 'Y' },
	  .act = ACT_COPY, .arg = 1, .help = "copy the row as JSON" },
	{ .name = "counters", .section = SECTION_GENERAL, .keys = { 'a' },
	  .act = ACT_COUNTERS, .help = "all counters, in words" },
	{ .name = "save", .section = SECTION_GENERAL, .keys = { 'W' },
	  .act = ACT_SAVE, .help = "save settings and columns" },
	{ .name = "rewind", .section = SECTION_GENERAL, .keys = { ',' },
	  .act = ACT_REWIND, .arg = -1, .help = "pause, back over memory" },
	{ .name = "forward", .section = SECTION_GENERAL, .keys = { '.' },
	  .act = ACT_REWIND, .arg = 1, .help = "forth again; Space: to now" },
	{ .name = "enter", .section = SECTION_GENERAL, .keys = { '\r', '\n', KEY_ENTER },
	  .act = ACT_ENTER, .label = "Detail", .help = "detail; flows of the group" },
	{ .name = "lookup", .section = SECTION_TABLE, .keys = { 'w' },
	  .act = ACT_WATERFALL, .help = "its lookup, as a waterfall" },
	{ .name = "group-client", .section = SECTION_GROUP, .keys = { 's', 'S' },
	  .act = ACT_GROUP, .arg = GROUPBY_CLIENT, .help = "by source: the client" },
	{ .name = "group-server", .section = SECTION_GROUP, .keys = { 'd', 'D' },
	  .act = ACT_GROUP, .arg = GROUPBY_SERVER, .help = "by destination: the server" },
	{ .name = "group-type", .section = SECTION_GROUP, .keys = { 't', 'T' },
	  .act = ACT_GROUP, .arg = GROUPBY_TYPE, .help = "by query type" },
	{ .name = "group-rcode", .section = SECTION_GROUP, .keys = { 'r', 'R' },
	  .act = ACT_GROUP, .arg = GROUPBY_RCODE, .help = "by response code" },
	{ .name = "group-opcode", .section = SECTION_GROUP, .keys = { 'o', 'O' },
	  .act = ACT_GROUP, .arg = GROUPBY_OPCODE, .help = "by opcode" },
	{ .name = "group-name", .section = SECTION_GROUP,
	  .keys = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' },
	  .shown = "1-9 0", .act = ACT_GROUP, .arg = GROUPBY_NAME, .counts = true,
	  .help = "by name: last 1-9 labels" },
	{ .name = "group-client-name", .section = SECTION_GROUP,
	  .keys = { ')', '!', '@', '#', '$', '%', '^', '&', '*', '(' },
	  .shown = "!-( )", .act = ACT_GROUP, .arg = GROUPBY_CLIENT_NAME, .counts = true,
	  .help = "by source and name" },
	{ .name = "group-client-domain", .section = SECTION_GROUP, .keys = { 'c', 'C' },
	  .act = ACT_GROUP, .arg = GROUPBY_CLIENT_NAME + 2, .help = "as @: source and 2 labels" },
	{ .name = "group-domain", .section = SECTION_GROUP, .keys = { 'm' },
	  .act = ACT_GROUP, .arg = GROUPBY_DOMAIN, .help = "by registrable domain" },
	{ .name = "group-process", .section = SECTION_GROUP, .keys = { 'p' },
	  .act = ACT_GROUP, .arg = GROUPBY_PROCESS, .help = "by process" },
	{ .name = "group-container", .section = SECTION_GROUP, .keys = { 'x' },
	  .act = ACT_GROUP, .arg = GROUPBY_CONTAINER, .help = "by container" },
	{ .name = "group-pod", .section = SECTION_GROUP, .keys = { 'P' },
	  .act = ACT_GROUP, .arg = GROUPBY_POD, .help = "by pod" },
	{ .name = "group-interface", .section = SECTION_GROUP, .keys = { 'i' },
	  .act = ACT_GROUP, .arg = GROUPBY_INTERFACE, .help = "by interface" },
	{ .name = "group-band", .section = SECTION_GROUP, .keys = { 'b' },
	  .act = ACT_GROUP, .arg = GROUPBY_BAND, .help = "by steps of latency" },
	{ .name = "group-choose", .section = SECTION_GROUP, .keys = { 'B' },
	  .act = ACT_CHOOSE_GROUP, .help = "by any field: a list" },
	{ .name = "group-lookup", .section = SECTION_GROUP, .keys = { 'l', 'L' },
	  .act = ACT_GROUP, .arg = GROUPBY_LOOKUP, .help = "by lookup" },
	{ .name = "expand", .section = SECTION_PANEL, .keys = { 'e' },
	  .act = ACT_TOGGLE, .arg = TOGGLE_EXPAND, .help = "the panel alone" },
	{ .name = "stacked", .section = SECTION_PANEL, .keys = { 'v' },
	  .act = ACT_TOGGLE, .arg = TOGGLE_STACKED, .help = "stacked columns, lines" },
	{ .name = "noerror", .section = SECTION_PANEL, .keys = { 'H' },
	  .act = ACT_TOGGLE, .arg = TOGGLE_NOERROR, .help = "NOERROR shown or not" },
	{ .name = "overall", .section = SECTION_PANEL, .keys = { 'A' },
	  .act = ACT_TOGGLE, .arg = TOGGLE_OVERALL, .help = "overall figures or not" },
	{ .name = "total", .section = SECTION_PANEL, .keys = { 'U' },
	  .act = ACT_TOGGLE, .arg = TOGGLE_TOTAL, .help = "the total or not" },
	{ .name = "top", .section = SECTION_PANEL, .keys = { 'X' },
	  .act = ACT_TOGGLE, .arg = TOGGLE_TOP, .help = "top 5, 10, 15" },
	{ .name = "only", .section = SECTION_GROUP, .keys = { '+', '=' },
	  .act = ACT_ONLY, .help = "only the group, the cell" },
	{ .name = "without", .section = SECTION_GROUP, .keys = { '-' },
	  .act = ACT_ONLY, .arg = 1, .help = "all but the group, cell" },
	{ .name = "cell-left", .section = SECTION_MOVE, .keys = { KEY_LEFT },
	  .act = ACT_CELL, .arg = -1, .help = "mark the cell left" },
	{ .name = "cell-right", .section = SECTION_MOVE, .keys = { KEY_RIGHT },
	  .act = ACT_CELL, .arg = 1, .help = "mark the cell right" },
	{ .name = "back", .section = SECTION_GROUP, .keys = { KEY_BACKSPACE, 0x7f, KEY_CTRL('h') },
	  .act = ACT_BACK, .help = "back, with the filter then" },
	{ .name = "follow", .section = SECTION_TABLE, .keys = { 'F' },
	  .act = ACT_TOGGLE, .arg = TOGGLE_FOLLOW, .help = "follow the selected row" },
	{ .name = "detail-up", .section = SECTION_TABLE, .keys = { '{', KEY_SR },
	  .act = ACT_DETAIL_SCROLL, .arg = -3, .help = "scroll the detail up" },
	{ .name = "detail-down", .section = SECTION_TABLE, .keys = { '}', KEY_SF },
	  .act = ACT_DETAIL_SCROLL, .arg = 3, .help = "scroll the detail down" },
	{ .name = "up", .section = SECTION_MOVE, .keys = { KEY_UP, 'k', KEY_CTRL('p') },
	  .act = ACT_MOVE, .arg = MOVE_UP, .help = "one row up" },
	{ .name = "down", .section = SECTION_MOVE, .keys = { KEY_DOWN, 'j', KEY_CTRL('n') },
	  .act = ACT_MOVE, .arg = MOVE_DOWN, .help = "one row down" },
	{ .name = "page-up", .section = SECTION_MOVE, .keys = { KEY_PPAGE },
	  .act = ACT_MOVE, .arg = MOVE_PAGE_UP, .help = "a page up" },
	{ .name = "page-down", .section = SECTION_MOVE, .keys = { KEY_NPAGE },
	  .act = ACT_MOVE, .arg = MOVE_PAGE_DOWN, .help = "a page down" },
	{ .name = "first", .section = SECTION_MOVE, .keys = { KEY_HOME, 'g' },
	  .act = ACT_MOVE, .arg = MOVE_FIRST, .help = "first; new rows pass there" },
	{ .name = "last", .section = SECTION_MOVE, .keys = { KEY_END, 'G' },
	  .act = ACT_MOVE, .arg = MOVE_LAST, .help = "last" },
	{ .name = "repaint", .section = SECTION_GENERAL, .keys = { KEY_CTRL('l') },
	  .act = ACT_REPAINT, .help = "paint the screen anew" },
	{ .name = "reset", .section = SECTION_GENERAL, .keys = { KEY_CTRL('r') },
	  .act = ACT_RESET, .help = "forget all rows" },
	{ .name = "close", .section = SECTION_GENERAL, .keys = { KEY_ESCAPE },
	  .act = ACT_CLOSE, .help = "close what is open" },
	{ .name = "quit", .section = SECTION_GENERAL, .keys = { KEY_F(10), 'q' },
	  .act = ACT_QUIT, .label = "Quit", .help = "close what is open, quit" },
	{ .name = "quit-keep", .section = SECTION_GENERAL, .keys = { 'Q' },
	  .act = ACT_QUIT_KEEP, .help = "quit, the text stays" },
	{ .name = "leave", .section = SECTION_GENERAL, .keys = { KEY_CTRL('x'), KEY_CTRL('c') },
	  .act = ACT_LEAVE, .help = "quit at once" },
	/* The filter bar's own keys: told of here, done by filterbar.c. */
	{ .section = SECTION_FILTER, .shown = "Tab", .help = "complete; values seen" },
	{ .section = SECTION_FILTER, .shown = "Enter Esc", .help = "keep it, go back" },
	{ .section = SECTION_FILTER, .shown = "Up Down", .help = "filters entered before" },
	{ .section = SECTION_FILTER, .shown = "^A ^E ^U", .help = "begin, end, clear before" },
	{ .section = SECTION_FILTER, .shown = "F4", .help = "to its chips" },
	{ .section = SECTION_FILTER, .shown = "^W ^K", .help = "clear a word, clear behind" },
	/* Those of its chips, by chips.c. */
	{ .section = SECTION_CHIPS, .shown = "Space", .help = "on or off" },
	{ .section = SECTION_CHIPS, .shown = "Enter", .help = "edit" },
	{ .section = SECTION_CHIPS, .shown = "x Del", .help = "remove" },
	{ .section = SECTION_CHIPS, .shown = "a", .help = "match all, or any" },
	/* The mouse, done by ui.c. */
	{ .section = SECTION_MOVE, .shown = "mouse", .help = "select, sort, take, open" },
	{ .section = SECTION_MOVE, .shown = "Shift-drag", .help = "select text" },
	/* What is no key. */
	{ .section = SECTION_SIGNS, .shown = ">1.2s", .help = "has waited for that long" },
	{ .section = SECTION_SIGNS, .shown = "no answer", .help = "none within --timeout" },
	{ .section = SECTION_SIGNS, .shown = "unasked", .help = "an answer to no query" },
	{ .section = SECTION_SIGNS, .shown = "err", .help = "answers not NOERROR" },
};
/* clang-format on */

static const char *const section_titles[SECTION_COUNT] = {
	[SECTION_GENERAL] = "GENERAL",
	[SECTION_GROUP] = "GROUP (classic letters)",
	[SECTION_PANEL] = "OVERVIEW",
	[SECTION_MOVE] = "MOVE",
	[SECTION_TABLE] = "SORT, SCROLL THE DETAIL",
	[SECTION_FILTER] = "IN THE FILTER BAR",
	[SECTION_CHIPS] = "ON A CHIP",
	[SECTION_SIGNS] = "SIGNS",
};

const struct action *keymap_actions(size_t *n)
{
	*n = sizeof(actions) / sizeof(actions[0]);
	return actions;
}

const struct action *keymap_find(int key)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		for (int k = 0; k < KEYMAP_MAX_KEYS && actions[i].keys[k]; k++) {
			if (actions[i].keys[k] == key)
				return &actions[i];
		}
	}
	return NULL;
}

int keymap_arg(const struct action *a, int key)
{
	int k = 0;

	while (a->counts && k < KEYMAP_MAX_KEYS - 1 && a->keys[k] != key)
		k++;
	return a->arg + k;
}

const char *keymap_section_title(enum section s)
{
	return section_titles[s];
}

bool keymap_move(int key, enum move *how)
{
	const struct action *a = keymap_find(key);

	if (!a || a->act != ACT_MOVE)
		return false;
	*how = (enum move)a->arg;
	return true;
}
