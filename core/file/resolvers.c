/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/file/resolvers.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "core/file/datafile.h"

static int read_list(struct inventory *v, const char *path, struct err *err)
{
	char *text;
	unsigned line;
	int rc = datafile_read(path, &text, err);

	if (rc)
		return rc;
	rc = inventory_read_servers(v, text, &line);
	if (rc == -ENOSPC)
		err_set(err, rc, "%.200s:%u: more than %d servers", path, line, SERVERS_MAX);
	else if (rc)
		err_set(err, rc, "%.200s:%u: not an address", path, line);
	free(text);
	return rc;
}

int resolvers_read(struct inventory *v, const char *path, struct err *err)
{
	char list[PATH_MAX + 64];

	if (path)
		return read_list(v, path, err);
	return datafile_find("doh-resolvers", list, sizeof(list)) ? 0 : read_list(v, list, err);
}
