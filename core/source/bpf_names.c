/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_names.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"

#define SLOTS (2 * BPF_NAMES_MAX) /* a power of two, never more than half full */

/* A name as the kernel has it: 16 bytes, all behind the NUL being zero. */
struct name {
	char bytes[BPF_NAME_MAX + 1];
};

struct bpf_names {
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

const char *bpf_names_keep(struct bpf_names *n, const char name[BPF_NAME_MAX])
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
