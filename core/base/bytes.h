/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether two short runs of bytes are equal: memcmp without the call, which
 * for names and addresses costs more than the comparison.
 */
#ifndef DNSTOP_BASE_BYTES_H
#define DNSTOP_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t bytes_eight_differ(const char *a, const char *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x ^ y;
}

static inline bool bytes_equal(const void *bytes_a, const void *bytes_b, size_t n)
{
	const char *a = bytes_a, *b = bytes_b;
	size_t i = 0;

	if (n < 8) {
		while (i < n && a[i] == b[i])
			i++;
		return i == n;
	}
	if (n <= 16)
		return !(bytes_eight_differ(a, b) | bytes_eight_differ(a + n - 8, b + n - 8));
	/* Sixteen at once: most names take as many turns as others do. */
	for (; i + 16 < n; i += 16) {
		if (bytes_eight_differ(a + i, b + i) | bytes_eight_differ(a + i + 8, b + i + 8))
			return false;
	}
	return !(bytes_eight_differ(a + n - 16, b + n - 16) |
		 bytes_eight_differ(a + n - 8, b + n - 8));
}

#endif
