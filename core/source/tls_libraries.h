/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which files hold the TLS libraries of this host and of its containers: those
 * that processes have mapped, and those that lie where one would map them, so
 * that a program which runs for some milliseconds only meets them prepared.
 */
#ifndef DNSTOP_SOURCE_TLS_LIBRARIES_H
#define DNSTOP_SOURCE_TLS_LIBRARIES_H

#include <stdbool.h>
#include <stdint.h>

enum tls_library {
	TLS_OPENSSL,
	TLS_GNUTLS,
};

/* Files told of at the most. */
#define TLS_LIBRARIES_MAX   128
#define TLS_LIBRARIES_AGAIN 16u

struct tls_libraries;

/* path leads to the file from here, whatever namespace it is of; name is how
 * its processes call it. Borrowed for the length of the call. Returns false
 * when the file could not be opened by that path: another may do. */
typedef bool (*tls_library_fn)(void *ctx, enum tls_library kind, const char *path,
			       const char *name);

/* proc: "/proc"; root: "" but in tests. NULL when memory is short. */
struct tls_libraries *tls_libraries_new(const char *proc, const char *root);
void tls_libraries_free(struct tls_libraries *t);
/* Tells of each file once. The first time it looks at every process and mount namespace,
 * later at those that are new, and at others once in TLS_LIBRARIES_AGAIN scans. */
void tls_libraries_scan(struct tls_libraries *t, tls_library_fn fn, void *ctx);
/* Files that were not told of, there being too many. */
uint64_t tls_libraries_left_out(const struct tls_libraries *t);

#endif
