/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for the big tables: zeroed, taken from the system only as it is
 * touched, and in huge pages where the system allows, because a look-up in a
 * table of a million rows costs as much in the TLB as in the caches.
 */
#ifndef DNSTOP_BASE_PAGES_H
#define DNSTOP_BASE_PAGES_H

#include <stddef.h>

/* n elements of size bytes; NULL when memory is short, the product too large, or
 * nothing asked for. */
void *pages_alloc(size_t n, size_t size);
/* The same in small pages: for a table of which few elements are used, here and
 * there, each of which would take a huge page. */
void *pages_alloc_sparse(size_t n, size_t size);
/* The same as pages_alloc of which all is about to be written: small pages are taken at
 * once, for less than the half of what a fault for each costs. */
void *pages_alloc_whole(size_t n, size_t size);
/* Gives back what pages_alloc(n, size) or the others gave; NULL is fine. */
void pages_free(void *p, size_t n, size_t size);

#endif
