/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/program.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-"

const char *program_path(char *buf, size_t size)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	int used = 0;

	if (n > 0) {
		bool plain;

		path[n] = '\0';
		plain = path[strspn(path, PLAIN)] == '\0';
		/* A quote within quotes is rarer than it is worth. */
		if (!strchr(path, '\''))
			used = snprintf(buf, size, plain ? "%s" : "'%s'", path);
	}
	if (used <= 0 || (size_t)used >= size)
		snprintf(buf, size, "dnstop");
	return buf;
}
