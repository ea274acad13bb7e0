/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"

#define SLOTS (2 * BPF_NAMES_MAX) /* a power of two, never more than half full */

/* A name as the kernel has it: 16 bytes, all behind the NUL being zero. */
struct name {
	char bytes[BPF_NAME_MAX + 1];
};

#define MEMOS 16

/* What was asked for last, as the kernel gave it. */
struct memo {
	uint64_t raw[BPF_NAME_MAX / 8];
	const char *kept;
};

struct bpf_names {
	struct memo memos[MEMOS];
	unsigned used;
	struct name slots[SLOTS];
};

struct bpf_names *bpf_names_new(void)
{
	return calloc(1, sizeof(struct bpf_names));
}

void bpf_names_free(struct bpf_names *n)
{
	free(n);
}

static const char *keep(struct bpf_names *n, const char name[BPF_NAME_MAX])
{
	struct name key = { { 0 } };
	unsigned i;

	memcpy(key.bytes, name, strnlen(name, BPF_NAME_MAX));
	if (!key.bytes[0])
		return NULL;
	i = (unsigned)hash_bytes(key.bytes, BPF_NAME_MAX, 0) & (SLOTS - 1);
	while (n->slots[i].bytes[0]) {
		if (memcmp(n->slots[i].bytes, key.bytes, BPF_NAME_MAX) == 0)
			return n->slots[i].bytes;
		i = (i + 1) & (SLOTS - 1);
	}
	if (n->used == BPF_NAMES_MAX)
		return NULL;
	n->used++;
	n->slots[i] = key;
	return n->slots[i].bytes;
}

const char *bpf_names_keep(struct bpf_names *n, const char name[BPF_NAME_MAX])
{
	uint64_t raw[BPF_NAME_MAX / 8];
	struct memo *m;

	memcpy(raw, name, sizeof(raw));
	m = &n->memos[(raw[0] ^ raw[1]) * 0x9e3779b97f4a7c15ull >> 60];
	if (!m->kept || m->raw[0] != raw[0] || m->raw[1] != raw[1]) {
		memcpy(m->raw, raw, sizeof(raw));
		m->kept = keep(n, name);
	}
	return m->kept;
}

_Static_assert(1u << (64 - 60) == MEMOS, "a memo for each of the hash's first bits");
