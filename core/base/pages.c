/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif

#define HUGE_PAGE ((size_t)2 << 20)

static void *map(size_t bytes, int flags)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1,
		       0);

	return p == MAP_FAILED ? NULL : p;
}

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t bytes)
{
	return (bytes + page_size() - 1) & ~(page_size() - 1);
}

/* 0: none, or too many. */
static size_t bytes_of(size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2 ? 0 : bytes;
}

#ifdef __SANITIZE_ADDRESS__

/* Large tables of which little is used: of what malloc gives the sanitizer notes all that
 * may be used, which takes longer than most tests. Here it notes what may not: a page
 * before, and what follows up to the end of the page behind. */
static void *take(size_t bytes, int flags)
{
	size_t whole = whole_pages(bytes), page = page_size();
	char *p = map(page + whole + page, 0);

	(void)flags; /* they save time, which is not what this is for */
	if (!p)
		return NULL;
	__asan_poison_memory_region(p, page);
	p += page;
	__asan_poison_memory_region(p + bytes, whole - bytes + page);
	__lsan_register_root_region(p, bytes);
	return p;
}

static void give(char *p, size_t bytes)
{
	size_t whole = whole_pages(bytes), page = page_size();

	__lsan_unregister_root_region(p, bytes);
	/* What comes to lie there is not to inherit it. */
	__asan_unpoison_memory_region(p - page, page);
	__asan_unpoison_memory_region(p + bytes, whole - bytes + page);
	(void)munmap(p - page, page + whole + page);
}

#else

/* Huge pages lie at multiples of their size: what is in front of the first one
 * in a larger mapping, and what is too much behind, is given back. */
static void *map_aligned(size_t bytes)
{
	size_t whole = whole_pages(bytes);
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

static void *take(size_t bytes, int flags)
{
	return bytes < HUGE_PAGE ? map(bytes, flags) : map_aligned(bytes);
}

static void give(char *p, size_t bytes)
{
	(void)munmap(p, bytes);
}

#endif

static void *alloc(size_t n, size_t size, int flags)
{
	size_t bytes = bytes_of(n, size);

	return bytes ? take(bytes, flags) : NULL;
}

void *pages_alloc(size_t n, size_t size)
{
	return alloc(n, size, 0);
}

void *pages_alloc_sparse(size_t n, size_t size)
{
	void *p = alloc(n, size, 0);

	if (p)
		(void)madvise(p, n * size, MADV_NOHUGEPAGE);
	return p;
}

void *pages_alloc_whole(size_t n, size_t size)
{
	return alloc(n, size, MAP_POPULATE);
}

void pages_free(void *p, size_t n, size_t size)
{
	if (p)
		give(p, n * size);
}
