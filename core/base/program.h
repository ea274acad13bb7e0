/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program that runs, as one names it in a shell: for advice that can be pasted,
 * under sudo's PATH too.
 */
#ifndef DNSTOP_BASE_PROGRAM_H
#define DNSTOP_BASE_PROGRAM_H

#include <stddef.h>

/* Its path, in quotes where a shell needs them; "dnstop" where it can't be had or
 * has no room. Returns buf. */
const char *program_path(char *buf, size_t size);

#endif
