/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user who called sudo, as its environment says.
 */
#ifndef DNSTOP_FILE_SUDO_H
#define DNSTOP_FILE_SUDO_H

#include <stdbool.h>
#include <sys/types.h>

/* False where this is not root, or none but root called it. */
bool sudo_caller(uid_t *uid, gid_t *gid);

#endif
