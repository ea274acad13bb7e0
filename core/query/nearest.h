/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a misspelt word probably meant.
 *
 *	struct nearest n = nearest_to(word, len);
 *	for (each name) nearest_consider(&n, name);
 *	if (n.best) ... Did you mean n.best?
 */
#ifndef DNSTOP_QUERY_NEAREST_H
#define DNSTOP_QUERY_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word;
	size_t len;
	const char *best; /* NULL while no candidate is near */
	unsigned distance;
};

struct nearest nearest_to(const char *word, size_t len);
/* A candidate that ties with an earlier one does not replace it. Case ignored;
 * one that begins with the word is near. */
void nearest_consider(struct nearest *n, const char *candidate);

#endif
