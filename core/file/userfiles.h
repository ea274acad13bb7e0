/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's own files: settings and what was entered before, in the places of
 * the XDG base directory specification. Under sudo they are those of the user
 * who called, read and written with that user's rights: root makes nothing in
 * a user's home, and follows no link that the user may not.
 */
#ifndef DNSTOP_FILE_USERFILES_H
#define DNSTOP_FILE_USERFILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

enum userfile {
	USERFILE_CONFIG,  /* DNSTOP_CONFIG, $XDG_CONFIG_HOME/dnstop/config */
	USERFILE_HISTORY, /* $XDG_STATE_HOME/dnstop/history */
};

#define USERFILE_MAX (256 * 1024)

/* False where there is no such place: no home. */
bool userfile_path(enum userfile which, char path[PATH_MAX]);
/* The text, of malloc. Returns 0 or a negative errno: -ENOENT where there is none,
 * -EFBIG beyond USERFILE_MAX, -EILSEQ with a zero byte in it. */
int userfile_read(const char *path, char **text);
/* Replaces it whole, with the directories above it where they are missing. */
int userfile_write(const char *path, const char *text, struct err *err);

#endif
