/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of top-level domains: --tlds, else $DNSTOP_TLDS, else the one that came along.
 */
#ifndef DNSTOP_FILE_TLDFILE_H
#define DNSTOP_FILE_TLDFILE_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/query/filter.h"
#include "core/query/tlds.h"

/* path: of --tlds, NULL. A list that was asked for must be there; without one *out is
 * NULL, which is no mistake until a filter wants it. */
int tldfile_read(struct tlds **out, const char *path, struct err *err);

/* What to tell the user of a filter that looks into the list, in one sentence: it is
 * not there (returns -ENOENT), does not tell what is asked (-ENODATA), or is old (0).
 * buf is "" where there is nothing to tell. */
int tldfile_check(const struct tlds *t, const struct filter *f, uint64_t now_ns, char *buf,
		  size_t size);

#endif
