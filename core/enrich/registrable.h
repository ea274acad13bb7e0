/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registrable domains by the public suffix list (publicsuffix.org), as libpsl has it:
 * of a.b.example.co.uk example.co.uk, of a.b.example.com example.com.
 */
#ifndef DNSTOP_ENRICH_REGISTRABLE_H
#define DNSTOP_ENRICH_REGISTRABLE_H

#include <stddef.h>

/* Where the registrable domain begins in a name, in presentation form as the table has
 * it. 0 where the name is one, and where it has none: a public suffix, one label, the
 * root. */
size_t registrable_start(const char *name, size_t len);

#endif
