/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE ((size_t)2 << 20)

#ifdef __SANITIZE_ADDRESS__

/* The sanitizer watches the bounds of what malloc gives. */
void *pages_alloc(size_t n, size_t size)
{
	return n && size ? calloc(n, size) : NULL;
}

void *pages_alloc_sparse(size_t n, size_t size)
{
	return pages_alloc(n, size);
}

void *pages_alloc_whole(size_t n, size_t size)
{
	return pages_alloc(n, size);
}

void pages_free(void *p, size_t n, size_t size)
{
	(void)n;
	(void)size;
	free(p);
}

#else

static void *map(size_t bytes, int flags)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1,
		       0);

	return p == MAP_FAILED ? NULL : p;
}

/* Huge pages lie at multiples of their size: what is in front of the first one
 * in a larger mapping, and what is too much behind, is given back. */
static void *map_aligned(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t whole = (bytes + page - 1) & ~(page - 1);
	char *p = map(whole + HUGE_PAGE, 0);
	size_t before = -(uintptr_t)p & (HUGE_PAGE - 1);

	if (!p)
		return NULL;
	if (before)
		(void)munmap(p, before);
	(void)munmap(p + before + whole, HUGE_PAGE - before);
	(void)madvise(p + before, whole, MADV_HUGEPAGE);
	return p + before;
}

/* 0: none, or too many. */
static size_t bytes_of(size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2 ? 0 : bytes;
}

static void *alloc(size_t n, size_t size, int flags)
{
	size_t bytes = bytes_of(n, size);

	if (!bytes)
		return NULL;
	return bytes < HUGE_PAGE ? map(bytes, flags) : map_aligned(bytes);
}

void *pages_alloc(size_t n, size_t size)
{
	return alloc(n, size, 0);
}

void *pages_alloc_whole(size_t n, size_t size)
{
	return alloc(n, size, MAP_POPULATE);
}

void *pages_alloc_sparse(size_t n, size_t size)
{
	size_t bytes = bytes_of(n, size);
	void *p = bytes ? map(bytes, 0) : NULL;

	if (p)
		(void)madvise(p, bytes, MADV_NOHUGEPAGE);
	return p;
}

void pages_free(void *p, size_t n, size_t size)
{
	if (p)
		(void)munmap(p, n * size);
}

#endif
