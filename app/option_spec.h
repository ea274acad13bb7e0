/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One option of the command line. The list is option_table.c's; options.c reads
 * the command line by it and prints --help and the man page from it.
 */
#ifndef DNSTOP_APP_OPTION_SPEC_H
#define DNSTOP_APP_OPTION_SPEC_H

#include <stddef.h>

#include "app/options.h"
#include "app/selection.h"
#include "core/base/err.h"

/* The options are read in one pass; what depends on several of them (--sort
 * names a row's field or a group's column) is settled after it. */
struct parse {
	struct options *o;
	const char *sort;
	const char *columns;
	bool ipv4, ipv6;                            /* -4, -6: both are all there is */
	const char *ignored[ADDRESSES_IGNORED_MAX]; /* -i, as written */
	int n_ignored;
	struct selection rows;
};

struct option_spec {
	char letter; /* 0: none */
	const char *name;
	const char *arg; /* what --help calls the argument; NULL: takes none */
	const char *help;
	/* 0, or a negative errno with err filled. */
	int (*set)(struct parse *p, const char *arg, struct err *err);
};

/* At most OPTIONS_MAX of them. */
#define OPTIONS_MAX 100
const struct option_spec *option_specs(size_t *n);

#endif
