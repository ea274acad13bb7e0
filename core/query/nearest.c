/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/query/nearest.h"

#include <string.h>
#include <strings.h>

#include "core/query/glob.h"

/* Longer words are near to nothing. */
#define WORD_MAX 40
#define FAR      3

struct nearest nearest_to(const char *word, size_t len)
{
	return (struct nearest){ .word = word, .len = len, .distance = FAR };
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many letters to insert, drop, change or swap with their neighbour
 * (Damerau and Levenshtein; a swapped pair is not edited again). */
static unsigned edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *here = rows[2], *spare;

	for (size_t j = 0; j <= b_len; j++)
		above[j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		here[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned char x = glob_fold(a[i - 1]), y = glob_fold(b[j - 1]);

			here[j] = least(above[j - 1] + (x != y), least(above[j], here[j - 1]) + 1);
			if (i > 1 && j > 1 && x == glob_fold(b[j - 2]) && y == glob_fold(a[i - 2]))
				here[j] = least(here[j], before[j - 2] + 1);
		}
		spare = before;
		before = above;
		above = here;
		here = spare;
	}
	return above[b_len];
}

void nearest_consider(struct nearest *n, const char *candidate)
{
	size_t len = strlen(candidate);
	unsigned distance;

	if (n->len < 2 || n->len > WORD_MAX || len > WORD_MAX)
		return;
	distance = edit_distance(n->word, n->len, candidate, len);
	if (n->len >= 3 && len > n->len && strncasecmp(candidate, n->word, n->len) == 0)
		distance = least(distance, FAR - 1);
	/* Of a short word, half may not be wrong. */
	if (distance < n->distance && 2 * distance <= n->len) {
		n->distance = distance;
		n->best = candidate;
	}
}
