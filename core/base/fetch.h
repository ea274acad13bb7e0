/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks for memory ahead of its use.
 */
#ifndef DNSTOP_BASE_FETCH_H
#define DNSTOP_BASE_FETCH_H

/* GCC takes a function that does nothing but __builtin_prefetch for one without
 * effect and drops its calls. Not so where there is a volatile asm. */
static inline void fetch(const void *at)
{
	__builtin_prefetch(at);
	__asm__ volatile("");
}

#endif
