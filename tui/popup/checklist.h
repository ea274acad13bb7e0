/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A popup to choose what is shown, and in which order: panels, columns; or one of
 * several. Each key takes effect at once; r goes back to the defaults, and / narrows
 * the list to what has the letters typed.
 */
#ifndef DNSTOP_POPUP_CHECKLIST_H
#define DNSTOP_POPUP_CHECKLIST_H

#include "tui/popup/popup.h"

#define CHECKLIST_MAX        96
#define CHECKLIST_SEARCH_MAX 24

struct checklist;

/* Whose choice it is. */
struct checklist_owner {
	const char *title;
	bool one;           /* of all: Enter takes it, and that is that; no reset then */
	bool toggles;       /* on or off, and no more: no order, no defaults */
	const char *number; /* what + and - change, "top"; NULL: nothing */
	int number_max;
	void (*fill)(void *owner, struct checklist *c); /* by checklist_add */
	void (*apply)(void *owner, const struct checklist *c);
	void (*reset)(void *owner); /* to the defaults */
};

struct checklist_item {
	const char *text; /* borrowed while it is open, as is the help */
	const char *help; /* "" for none */
	char key;         /* that does the same without the list; 0: none */
	bool on;
	bool moves; /* has a place among the others */
	int tag;    /* the owner's */
};

struct checklist {
	const struct checklist_owner *ops;
	void *owner;
	struct checklist_item item[CHECKLIST_MAX];
	int n;
	int number;
	int text_w; /* cells of the texts that have a help */
	int typed;  /* digits of the number so far */
	char search[CHECKLIST_SEARCH_MAX];
	bool searching;           /* letters go into it */
	int shown[CHECKLIST_MAX]; /* the items that have it */
	int n_shown;
	int chosen, top, height; /* of shown */
	struct rect box;         /* as drawn last */
};

extern const struct popup_ops checklist_ops;

/* Both are borrowed while it is open. */
void checklist_open(struct checklist *c, const struct checklist_owner *ops, void *owner);
/* For fill: the next item; beyond CHECKLIST_MAX there is none. */
void checklist_add(struct checklist *c, const char *text, const char *help, bool on, int tag,
		   bool moves);
/* The key of the item just added. */
void checklist_key(struct checklist *c, char key);

#endif
