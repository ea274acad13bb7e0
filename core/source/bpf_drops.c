/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_drops.h"

#include <bpf/btf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "SKB_DROP_REASON_"

struct bpf_drops {
	struct btf *btf; /* the names lie in it */
	uint32_t n;
	const char *names[]; /* by number */
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

static void take_names(struct bpf_drops *d, const struct btf_enum *e, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const char *name = btf__name_by_offset(d->btf, e[i].name_off);

		if (!name || strncmp(name, PREFIX, sizeof(PREFIX) - 1) != 0)
			continue;
		name += sizeof(PREFIX) - 1;
		if (e[i].val >= 0 && (uint32_t)e[i].val < d->n && is_loss(name))
			d->names[e[i].val] = name;
	}
}

struct bpf_drops *bpf_drops_new(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf ? btf__find_by_name_kind(btf, "skb_drop_reason", BTF_KIND_ENUM) : -1;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;
	uint32_t n = type ? btf_vlen(type) : 0;
	struct bpf_drops *d = calloc(1, sizeof(*d) + n * sizeof(d->names[0]));

	if (!d || !n) {
		btf__free(btf);
		return d;
	}
	d->btf = btf;
	d->n = n;
	take_names(d, btf_enum(type), n);
	return d;
}

void bpf_drops_free(struct bpf_drops *d)
{
	if (!d)
		return;
	btf__free(d->btf);
	free(d);
}

const char *bpf_drops_name(const struct bpf_drops *d, uint32_t reason)
{
	return reason < d->n ? d->names[reason] : NULL;
}
