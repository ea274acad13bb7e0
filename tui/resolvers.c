/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/resolvers.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (1u << 20)

static int read_file(struct inventory *v, const char *path, struct err *err)
{
	char *text = calloc(1, FILE_MAX + 1);
	FILE *f = fopen(path, "re");
	unsigned line;
	int rc = 0;

	if (!text || !f) {
		rc = err_set(err, f ? -ENOMEM : -errno, "%.200s: %s", path,
			     strerror(f ? ENOMEM : errno));
		goto out;
	}
	if (fread(text, 1, FILE_MAX, f) == FILE_MAX || ferror(f)) {
		rc = err_set(err, -EFBIG, "%.200s: no list of servers", path);
		goto out;
	}
	rc = inventory_read_servers(v, text, &line);
	if (rc == -ENOSPC)
		err_set(err, rc, "%.200s:%u: more than %d servers", path, line, INVENTORY_SERVERS);
	else if (rc)
		err_set(err, rc, "%.200s:%u: not an address", path, line);
out:
	if (f)
		fclose(f);
	free(text);
	return rc;
}

int resolvers_read(struct inventory *v, const char *path, struct err *err)
{
	static const char *const places[] = { "../share/dnstop", "../../data" };
	char self[PATH_MAX], list[PATH_MAX + 64];
	ssize_t n;
	char *slash;

	if (path)
		return read_file(v, path, err);
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0)
		return 0;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(list, sizeof(list), "%s/%s/doh-resolvers", self, places[i]);
		if (access(list, R_OK) == 0)
			return read_file(v, list, err);
	}
	return 0;
}
