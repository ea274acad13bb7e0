/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the entries of the action table do. Each returns enum ui_effect bits.
 */
#ifndef DNSTOP_TUI_ACTIONS_H
#define DNSTOP_TUI_ACTIONS_H

#include "tui/frame.h"

struct ui;

int act_quit(struct ui *ui, const struct frame *f, int arg);      /* innermost first */
int act_quit_keep(struct ui *ui, const struct frame *f, int arg); /* what is on screen stays */
int act_leave(struct ui *ui, const struct frame *f, int arg);     /* the program, at once */
int act_close(struct ui *ui, const struct frame *f, int arg);     /* innermost, never the program */
int act_help(struct ui *ui, const struct frame *f, int arg);
int act_filter(struct ui *ui, const struct frame *f, int arg);
int act_find(struct ui *ui, const struct frame *f, int arg); /* arg: 0 the line; +1, -1 */
int act_chips(struct ui *ui, const struct frame *f, int arg);
int act_quick(struct ui *ui, const struct frame *f, int arg); /* quick filters */
int act_sort_menu(struct ui *ui, const struct frame *f, int arg);
int act_sort_step(struct ui *ui, const struct frame *f, int arg); /* arg: +1, -1 */
int act_sort_invert(struct ui *ui, const struct frame *f, int arg);
int act_waterfall(struct ui *ui, const struct frame *f, int arg); /* the row's lookup */
int act_pause(struct ui *ui, const struct frame *f, int arg);
int act_rewind(struct ui *ui, const struct frame *f, int arg); /* arg: -1 back, +1 */
int act_enter(struct ui *ui, const struct frame *f, int arg);  /* a group, or the detail */
int act_back(struct ui *ui, const struct frame *f, int arg);   /* out of a group */
int act_only(struct ui *ui, const struct frame *f, int arg);   /* a group, a cell; 1: all but it */
int act_cell(struct ui *ui, const struct frame *f, int arg);   /* the cell marked: +1, -1 */
int act_toggle(struct ui *ui, const struct frame *f, int arg); /* arg: enum toggle */
int act_manage(struct ui *ui, const struct frame *f, int arg);
int act_view(struct ui *ui, const struct frame *f, int arg);  /* arg: +1, -1 */
int act_group(struct ui *ui, const struct frame *f, int arg); /* arg: enum groupby_key */
int act_choose_group(struct ui *ui, const struct frame *f, int arg);
int act_window(struct ui *ui, const struct frame *f, int arg);        /* arg: +1 longer, -1 */
int act_detail_scroll(struct ui *ui, const struct frame *f, int arg); /* arg: lines */
int act_move(struct ui *ui, const struct frame *f, int arg);          /* arg: enum move */
int act_export(struct ui *ui, const struct frame *f, int arg);
int act_copy(struct ui *ui, const struct frame *f, int arg);
int act_save(struct ui *ui, const struct frame *f, int arg);
int act_repaint(struct ui *ui, const struct frame *f, int arg);
int act_reset(struct ui *ui, const struct frame *f, int arg);

#endif
