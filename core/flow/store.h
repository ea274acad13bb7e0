/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last few megabytes of message bytes: a ring that the newest overwrites.
 *
 * A row refers to its query's and its response's bytes by a reference that
 * says itself when they are gone. The detail pane decodes them, JSON lists
 * their answers, an export writes them.
 */
#ifndef DNSTOP_FLOW_STORE_H
#define DNSTOP_FLOW_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_NONE 0u

struct store;

/* capacity in bytes; 0 makes a store that keeps nothing and returns
 * STORE_NONE always. NULL when memory is short. */
struct store *store_new(size_t capacity);
void store_free(struct store *s);

/* Whether it keeps anything at all. */
bool store_keeps(const struct store *s);
/* Keeps a copy. Messages longer than capacity / 4 are not kept. */
uint32_t store_put(struct store *s, const void *bytes, size_t len);
/* The bytes of a reference, or NULL when they have been overwritten; borrowed
 * until the next store_put. */
const uint8_t *store_get(const struct store *s, uint32_t ref, size_t *len);

#endif
