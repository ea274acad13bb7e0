/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists that come along with the program: installed to PREFIX/share/dnstop, or in
 * data/ beside where it was built.
 */
#ifndef DNSTOP_FILE_DATAFILE_H
#define DNSTOP_FILE_DATAFILE_H

#include <stddef.h>

#include "core/base/err.h"

/* Writes where a list is into path; -ENOENT where it did not come along. */
int datafile_find(const char *name, char *path, size_t size);
/* The whole text of a file, for the caller to free. */
int datafile_read(const char *path, char **text, struct err *err);

#endif
