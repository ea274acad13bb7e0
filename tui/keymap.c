/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * THE action table. A new key action is a function in actions.c and an entry
 * here; help and footer follow. Letters are those that fingers know: of less
 * and vim for moving, of htop for the function keys, of the older dnstop for
 * its tables (small and capital letters mean the same there), ^R and ^X.
 */
#include "tui/keymap.h"

#include <curses.h>

#include "tui/actions.h"
#include "tui/groupby.h"
#include "tui/view_ops.h"

/* clang-format off */
static const struct action actions[] = {
	{ .name = "help", .section = SECTION_GENERAL, .keys = { KEY_F(1), '?' },
	  .run = act_help, .label = "Help", .help = "this help" },
	{ .name = "manage", .section = SECTION_GENERAL, .keys = { KEY_F(2), 'f' },
	  .run = act_manage, .label = "Choose", .help = "choose panels, columns" },
	{ .name = "find", .section = SECTION_GENERAL, .keys = { KEY_F(3), KEY_CTRL('f') },
	  .run = act_find, .label = "Find", .help = "find, hiding nothing" },
	{ .name = "find-next", .section = SECTION_GENERAL, .keys = { 'n' },
	  .run = act_find, .arg = 1, .help = "the next one found" },
	{ .name = "find-before", .section = SECTION_GENERAL, .keys = { 'N' },
	  .run = act_find, .arg = -1, .help = "the one before" },
	{ .name = "filter", .section = SECTION_GENERAL, .keys = { KEY_F(4), '/', '\\' },
	  .run = act_filter, .label = "Filter", .help = "filter" },
	{ .name = "chips", .section = SECTION_GENERAL, .keys = { 'E' },
	  .run = act_chips, .help = "its chips: on, off, edit" },
	{ .name = "next-view", .section = SECTION_GENERAL, .keys = { KEY_F(5), '\t' },
	  .run = act_view, .arg = 1, .label = "View", .help = "next view" },
	{ .name = "view-before", .section = SECTION_GENERAL, .keys = { KEY_BTAB },
	  .run = act_view, .arg = -1, .help = "the view before" },
	{ .name = "shorter", .section = SECTION_GENERAL, .keys = { '[' },
	  .run = act_window, .arg = -1, .help = "a shorter window of time" },
	{ .name = "longer", .section = SECTION_GENERAL, .keys = { ']' },
	  .run = act_window, .arg = 1, .help = "a longer one, up to all" },
	{ .name = "sort", .section = SECTION_TABLE, .keys = { KEY_F(6) },
	  .run = act_sort_menu, .label = "Sort", .help = "choose what to sort by" },
	{ .name = "sort-left", .section = SECTION_TABLE, .keys = { '<' },
	  .run = act_sort_step, .arg = -1, .help = "sort by the column left" },
	{ .name = "sort-right", .section = SECTION_TABLE, .keys = { '>' },
	  .run = act_sort_step, .arg = 1, .help = "sort by the column right" },
	{ .name = "sort-invert", .section = SECTION_TABLE, .keys = { 'I' },
	  .run = act_sort_invert, .help = "sort the other way round" },
	{ .name = "quick", .section = SECTION_GENERAL, .keys = { KEY_F(7) },
	  .run = act_quick, .label = "Quick", .help = "quick filters" },
	{ .name = "pause", .section = SECTION_GENERAL, .keys = { KEY_F(8), ' ', 'Z' },
	  .run = act_pause, .label = "Pause", .help = "pause (capture goes on)" },
	{ .name = "export", .section = SECTION_GENERAL, .keys = { KEY_F(9) },
	  .run = act_export, .label = "Export", .help = "write the rows to a file" },
	{ .name = "copy", .section = SECTION_TABLE, .keys = { 'y' },
	  .run = act_copy, .help = "copy the cell, the group" },
	{ .name = "copy-row", .section = SECTION_TABLE, .keys = { 'Y' },
	  .run = act_copy, .arg = 1, .help = "copy the row as JSON" },
	{ .name = "save", .section = SECTION_GENERAL, .keys = { 'W' },
	  .run = act_save, .help = "save settings and columns" },
	{ .name = "rewind", .section = SECTION_GENERAL, .keys = { ',' },
	  .run = act_rewind, .arg = -1, .help = "pause, back over memory" },
	{ .name = "forward", .section = SECTION_GENERAL, .keys = { '.' },
	  .run = act_rewind, .arg = 1, .help = "forth again; Space: to now" },
	{ .name = "enter", .section = SECTION_GENERAL, .keys = { '\r', '\n', KEY_ENTER },
	  .run = act_enter, .label = "Detail", .help = "detail; flows of the group" },
	{ .name = "lookup", .section = SECTION_TABLE, .keys = { 'w' },
	  .run = act_waterfall, .help = "its lookup, as a waterfall" },
	{ .name = "group-client", .section = SECTION_GROUP, .keys = { 's', 'S' },
	  .run = act_group, .arg = GROUPBY_CLIENT, .help = "by source: the client" },
	{ .name = "group-server", .section = SECTION_GROUP, .keys = { 'd', 'D' },
	  .run = act_group, .arg = GROUPBY_SERVER, .help = "by destination: the server" },
	{ .name = "group-type", .section = SECTION_GROUP, .keys = { 't', 'T' },
	  .run = act_group, .arg = GROUPBY_TYPE, .help = "by query type" },
	{ .name = "group-rcode", .section = SECTION_GROUP, .keys = { 'r', 'R' },
	  .run = act_group, .arg = GROUPBY_RCODE, .help = "by response code" },
	{ .name = "group-opcode", .section = SECTION_GROUP, .keys = { 'o', 'O' },
	  .run = act_group, .arg = GROUPBY_OPCODE, .help = "by opcode" },
	{ .name = "group-name", .section = SECTION_GROUP,
	  .keys = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' },
	  .shown = "1-9 0", .run = act_group, .arg = GROUPBY_NAME, .counts = true,
	  .help = "by name: last 1-9 labels" },
	{ .name = "group-client-name", .section = SECTION_GROUP,
	  .keys = { ')', '!', '@', '#', '$', '%', '^', '&', '*', '(' },
	  .shown = "!-( )", .run = act_group, .arg = GROUPBY_CLIENT_NAME, .counts = true,
	  .help = "by source and name" },
	{ .name = "group-client-domain", .section = SECTION_GROUP, .keys = { 'c', 'C' },
	  .run = act_group, .arg = GROUPBY_CLIENT_NAME + 2, .help = "as @: source and 2 labels" },
	{ .name = "group-domain", .section = SECTION_GROUP, .keys = { 'm' },
	  .run = act_group, .arg = GROUPBY_DOMAIN, .help = "by registrable domain" },
	{ .name = "group-process", .section = SECTION_GROUP, .keys = { 'p' },
	  .run = act_group, .arg = GROUPBY_PROCESS, .help = "by process" },
	{ .name = "group-container", .section = SECTION_GROUP, .keys = { 'x' },
	  .run = act_group, .arg = GROUPBY_CONTAINER, .help = "by container" },
	{ .name = "group-pod", .section = SECTION_GROUP, .keys = { 'P' },
	  .run = act_group, .arg = GROUPBY_POD, .help = "by pod" },
	{ .name = "group-interface", .section = SECTION_GROUP, .keys = { 'i' },
	  .run = act_group, .arg = GROUPBY_INTERFACE, .help = "by interface" },
	{ .name = "group-band", .section = SECTION_GROUP, .keys = { 'b' },
	  .run = act_group, .arg = GROUPBY_BAND, .help = "by steps of latency" },
	{ .name = "group-choose", .section = SECTION_GROUP, .keys = { 'B' },
	  .run = act_choose_group, .help = "by any field: a list" },
	{ .name = "group-lookup", .section = SECTION_GROUP, .keys = { 'l', 'L' },
	  .run = act_group, .arg = GROUPBY_LOOKUP, .help = "by lookup" },
	{ .name = "expand", .section = SECTION_PANEL, .keys = { 'e' },
	  .run = act_toggle, .arg = TOGGLE_EXPAND, .help = "the panel alone" },
	{ .name = "stacked", .section = SECTION_PANEL, .keys = { 'v' },
	  .run = act_toggle, .arg = TOGGLE_STACKED, .help = "stacked columns, lines" },
	{ .name = "noerror", .section = SECTION_PANEL, .keys = { 'H' },
	  .run = act_toggle, .arg = TOGGLE_NOERROR, .help = "NOERROR shown or not" },
	{ .name = "overall", .section = SECTION_PANEL, .keys = { 'A' },
	  .run = act_toggle, .arg = TOGGLE_OVERALL, .help = "overall figures or not" },
	{ .name = "total", .section = SECTION_PANEL, .keys = { 'U' },
	  .run = act_toggle, .arg = TOGGLE_TOTAL, .help = "the total or not" },
	{ .name = "top", .section = SECTION_PANEL, .keys = { 'X' },
	  .run = act_toggle, .arg = TOGGLE_TOP, .help = "top 5, 10, 15" },
	{ .name = "only", .section = SECTION_GROUP, .keys = { '+', '=' },
	  .run = act_only, .help = "only the group, the cell" },
	{ .name = "without", .section = SECTION_GROUP, .keys = { '-' },
	  .run = act_only, .arg = 1, .help = "all but the group, cell" },
	{ .name = "cell-left", .section = SECTION_MOVE, .keys = { KEY_LEFT },
	  .run = act_cell, .arg = -1, .help = "mark the cell left" },
	{ .name = "cell-right", .section = SECTION_MOVE, .keys = { KEY_RIGHT },
	  .run = act_cell, .arg = 1, .help = "mark the cell right" },
	{ .name = "back", .section = SECTION_GROUP, .keys = { KEY_BACKSPACE, 0x7f, KEY_CTRL('h') },
	  .run = act_back, .help = "back, with the filter then" },
	{ .name = "follow", .section = SECTION_TABLE, .keys = { 'F' },
	  .run = act_toggle, .arg = TOGGLE_FOLLOW, .help = "follow the selected row" },
	{ .name = "detail-up", .section = SECTION_TABLE, .keys = { '{', KEY_SR },
	  .run = act_detail_scroll, .arg = -3, .help = "scroll the detail up" },
	{ .name = "detail-down", .section = SECTION_TABLE, .keys = { '}', KEY_SF },
	  .run = act_detail_scroll, .arg = 3, .help = "scroll the detail down" },
	{ .name = "up", .section = SECTION_MOVE, .keys = { KEY_UP, 'k', KEY_CTRL('p') },
	  .run = act_move, .arg = MOVE_UP, .help = "one row up" },
	{ .name = "down", .section = SECTION_MOVE, .keys = { KEY_DOWN, 'j', KEY_CTRL('n') },
	  .run = act_move, .arg = MOVE_DOWN, .help = "one row down" },
	{ .name = "page-up", .section = SECTION_MOVE, .keys = { KEY_PPAGE },
	  .run = act_move, .arg = MOVE_PAGE_UP, .help = "a page up" },
	{ .name = "page-down", .section = SECTION_MOVE, .keys = { KEY_NPAGE },
	  .run = act_move, .arg = MOVE_PAGE_DOWN, .help = "a page down" },
	{ .name = "first", .section = SECTION_MOVE, .keys = { KEY_HOME, 'g' },
	  .run = act_move, .arg = MOVE_FIRST, .help = "first; new rows pass there" },
	{ .name = "last", .section = SECTION_MOVE, .keys = { KEY_END, 'G' },
	  .run = act_move, .arg = MOVE_LAST, .help = "last" },
	{ .name = "repaint", .section = SECTION_GENERAL, .keys = { KEY_CTRL('l') },
	  .run = act_repaint, .help = "paint the screen anew" },
	{ .name = "reset", .section = SECTION_GENERAL, .keys = { KEY_CTRL('r') },
	  .run = act_reset, .help = "forget all rows" },
	{ .name = "close", .section = SECTION_GENERAL, .keys = { KEY_ESCAPE },
	  .run = act_close, .help = "close what is open" },
	{ .name = "quit", .section = SECTION_GENERAL, .keys = { KEY_F(10), 'q' },
	  .run = act_quit, .label = "Quit", .help = "close what is open, quit" },
	{ .name = "quit-keep", .section = SECTION_GENERAL, .keys = { 'Q' },
	  .run = act_quit_keep, .help = "quit, the text stays" },
	{ .name = "leave", .section = SECTION_GENERAL, .keys = { KEY_CTRL('x'), KEY_CTRL('c') },
	  .run = act_leave, .help = "quit at once" },
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
	{ .section = SECTION_MOVE, .shown = "mouse", .help = "select, sort; chip on, off" },
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
