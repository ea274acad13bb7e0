/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_drops.h"

#include <bpf/btf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "SKB_DROP_REASON_"

struct bpf_drops {
	uint32_t n;
	char *names[]; /* by number */
};

/* Not said why; copies for others than the receiver; what a process had not
 * read when it closed its socket. */
static bool is_loss(const char *name)
{
	static const char *const harmless[] = {
		"NOT_SPECIFIED", "OTHERHOST", "PACKET_SOCK_ERROR", "QUEUE_PURGE", "MAX",
	};

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		if (strcmp(name, harmless[i]) == 0)
			return false;
	}
	return true;
}

static void take_names(struct bpf_drops *d, const struct btf *kernel, const struct btf_type *type)
{
	const struct btf_enum *e = btf_enum(type);

	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(kernel, e[i].name_off);

		if (!name || strncmp(name, PREFIX, sizeof(PREFIX) - 1) != 0)
			continue;
		name += sizeof(PREFIX) - 1;
		if (e[i].val >= 0 && (uint32_t)e[i].val < d->n && is_loss(name))
			d->names[e[i].val] = strdup(name);
	}
}

struct bpf_drops *bpf_drops_new(const struct btf *kernel)
{
	int id = kernel ? btf__find_by_name_kind(kernel, "skb_drop_reason", BTF_KIND_ENUM) : -1;
	const struct btf_type *type = id > 0 ? btf__type_by_id(kernel, (uint32_t)id) : NULL;
	uint32_t n = type ? btf_vlen(type) : 0;
	struct bpf_drops *d = calloc(1, sizeof(*d) + n * sizeof(d->names[0]));

	if (!d || !n)
		return d;
	d->n = n;
	take_names(d, kernel, type);
	return d;
}

void bpf_drops_free(struct bpf_drops *d)
{
	if (!d)
		return;
	for (uint32_t i = 0; i < d->n; i++)
		free(d->names[i]);
	free(d);
}

const char *bpf_drops_name(const struct bpf_drops *d, uint32_t reason)
{
	return reason < d->n ? d->names[reason] : NULL;
}
