/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/file/datafile.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (1u << 20)

int datafile_find(const char *name, char *path, size_t size)
{
	static const char *const places[] = { "../share/dnstop", "../../data" };
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n < 0)
		return -ENOENT;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int len = snprintf(path, size, "%s/%s/%s", self, places[i], name);

		if (len >= 0 && (size_t)len < size && access(path, R_OK) == 0)
			return 0;
	}
	return -ENOENT;
}

int datafile_read(const char *path, char **text, struct err *err)
{
	FILE *f = fopen(path, "re");
	int rc = 0;

	*text = calloc(1, FILE_MAX + 1);
	if (!*text || !f)
		rc = err_set(err, f ? -ENOMEM : -errno, "%.200s: %s", path,
			     strerror(f ? ENOMEM : errno));
	else if (fread(*text, 1, FILE_MAX, f) == FILE_MAX || ferror(f))
		rc = err_set(err, -EFBIG, "%.200s: no list", path);
	if (f)
		fclose(f);
	if (rc) {
		free(*text);
		*text = NULL;
	}
	return rc;
}
