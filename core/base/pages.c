/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/pages.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Below this a table fits the caches, and a huge page would be mostly empty. */
#define HUGE_MIN (4u << 20)

#ifdef __SANITIZE_ADDRESS__

/* The sanitizer watches the bounds of what malloc gives. */
void *pages_alloc(size_t n, size_t size)
{
	return n && size ? calloc(n, size) : NULL;
}

void pages_free(void *p, size_t n, size_t size)
{
	(void)n;
	(void)size;
	free(p);
}

#else

void *pages_alloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes == 0)
		return NULL;
	p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (bytes >= HUGE_MIN)
		(void)madvise(p, bytes, MADV_HUGEPAGE);
	return p;
}

void pages_free(void *p, size_t n, size_t size)
{
	if (p)
		(void)munmap(p, n * size);
}

#endif
