/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that appears whole or not at all: written under another name beside
 * its place, then put there. Under sudo what is made in the directory of the
 * user who called belongs to that user.
 */
#ifndef DNSTOP_FILE_NEWFILE_H
#define DNSTOP_FILE_NEWFILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/base/err.h"

struct newfile {
	FILE *file;
	char path[PATH_MAX]; /* where symbolic links lead */
	char temporary[PATH_MAX];
};

/* Returns 0 or a negative errno with err; then there is nothing to close. */
int newfile_open(struct newfile *n, const char *path, struct err *err);
/* Puts it in its place and closes it. replace: what is there goes; else -EEXIST,
 * with the file still open, to be kept or aborted. On any other error it is gone. */
int newfile_keep(struct newfile *n, bool replace, struct err *err);
/* Closes it, and nothing is left of it; fine for one that is closed. */
void newfile_abort(struct newfile *n);

#endif
