/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/file/sudo.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static bool env_id(const char *name, unsigned *id)
{
	const char *text = getenv(name);
	unsigned long number;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtoul(text, &end, 10);
	*id = (unsigned)number;
	/* (uid_t)-1 is nobody's. */
	return errno == 0 && *end == '\0' && number < UINT_MAX;
}

bool sudo_caller(uid_t *uid, gid_t *gid)
{
	return geteuid() == 0 && env_id("SUDO_UID", uid) && env_id("SUDO_GID", gid) && *uid != 0;
}
