/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/file/tldfile.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/file/datafile.h"

/* The root zone changes by a few names a month. */
#define OLD_DAYS 400

int tldfile_read(struct tlds **out, const char *path, struct err *err)
{
	char found[PATH_MAX + 64];
	char *text;
	unsigned line;
	int rc;

	*out = NULL;
	if (!path)
		path = getenv("DNSTOP_TLDS");
	if (!path || !*path) {
		if (datafile_find("tlds", found, sizeof(found)))
			return 0;
		path = found;
	}
	rc = datafile_read(path, &text, err);
	if (rc)
		return rc;
	rc = tlds_parse(out, text, &line);
	if (rc == -ENOMEM)
		err_set(err, rc, "not enough memory");
	else if (rc && line)
		err_set(err, rc, "%.200s:%u: not a top-level domain", path, line);
	else if (rc)
		err_set(err, rc, "%.200s: no list of top-level domains", path);
	free(text);
	return rc;
}

int tldfile_check(const struct tlds *t, const struct filter *f, uint64_t now_ns, char *buf,
		  size_t size)
{
	bool known = filter_uses(f, "unknown-tlds"), fresh = filter_uses(f, "new-gtlds");
	int64_t days;

	buf[0] = '\0';
	if (!known && !fresh)
		return 0;
	if (!t) {
		snprintf(buf, size,
			 "no list of top-level domains is at hand: --tlds FILE names one, such as "
			 "https://data.iana.org/TLD/tlds-alpha-by-domain.txt");
		return -ENOENT;
	}
	if (fresh && !tlds_tell_new(t)) {
		snprintf(buf, size,
			 "the list of top-level domains does not tell which are new: the one that "
			 "came with dnstop does");
		return -ENODATA;
	}
	days = tlds_age_days(t, now_ns);
	if (days > OLD_DAYS)
		snprintf(buf, size,
			 "the list of top-level domains is %" PRId64
			 " days old: --tlds FILE names a newer one, such as "
			 "https://data.iana.org/TLD/tlds-alpha-by-domain.txt",
			 days);
	return 0;
}
