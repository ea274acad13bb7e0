/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks for memory ahead of its use.
 */
#ifndef DNSTOP_BASE_FETCH_H
#define DNSTOP_BASE_FETCH_H

#include <stddef.h>

#define FETCH_LINE 64u /* bytes that come at once */

/* GCC takes a function that does nothing but __builtin_prefetch for one without
 * effect and drops its calls. Not so where there is a volatile asm. */
static inline void fetch(const void *at)
{
	__builtin_prefetch(at);
	__asm__ volatile("");
}

/* The same of what will be written, and is another CPU's until then. For x86 GCC makes
 * a fetch to read of it, unless told that the processor has this instruction: those
 * that have not take it for nothing. */
static inline void fetch_to_write(void *at)
{
#ifdef __x86_64__
	__asm__ volatile("prefetchw %0" : : "m"(*(char *)at));
#else
	__builtin_prefetch(at, 1);
	__asm__ volatile("");
#endif
}

/* Both for n bytes. */
static inline void fetch_bytes(const void *at, size_t n)
{
	for (size_t i = 0; i < n; i += FETCH_LINE)
		fetch((const char *)at + i);
}

static inline void fetch_bytes_to_write(void *at, size_t n)
{
	for (size_t i = 0; i < n; i += FETCH_LINE)
		fetch_to_write((char *)at + i);
}

#endif
