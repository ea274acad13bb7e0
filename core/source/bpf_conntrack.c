/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_conntrack.h"

#include <bpf/btf.h>
#include <stdbool.h>
#include <string.h>

/* Follows a path of members, "a.b.c", from a struct on; of an array the first
 * element. Adds up the offset in bytes; false where there is no such path. */
static bool find_member(const struct btf *btf, int id, const char *path, __u32 *offset)
{
	while (*path) {
		const struct btf_type *t =
			btf__type_by_id(btf, (__u32)btf__resolve_type(btf, (__u32)id));
		size_t len = strcspn(path, ".");
		const struct btf_member *m;
		unsigned i;

		if (t && btf_is_array(t))
			t = btf__type_by_id(btf, (__u32)btf__resolve_type(btf, btf_array(t)->type));
		if (!t || !btf_is_composite(t))
			return false;
		m = btf_members(t);
		for (i = 0; i < btf_vlen(t); i++) {
			const char *name = btf__name_by_offset(btf, m[i].name_off);

			if (name && strlen(name) == len && memcmp(name, path, len) == 0)
				break;
		}
		if (i == btf_vlen(t))
			return false;
		*offset += btf_member_bit_offset(t, i) / 8;
		id = (int)m[i].type;
		path += len + (path[len] == '.');
	}
	return true;
}

static bool find_in(const struct btf *btf, struct event_config *config)
{
	int id = btf ? btf__find_by_name_kind(btf, "nf_conn", BTF_KIND_STRUCT) : -1;
	__u32 status = 0, address = 0, port = 0;

	if (id < 0 || !find_member(btf, id, "status", &status) ||
	    !find_member(btf, id, "tuplehash.tuple.dst.u3", &address) ||
	    !find_member(btf, id, "tuplehash.tuple.dst.u.all", &port))
		return false;
	config->conntrack_status = status;
	config->conntrack_address = address;
	config->conntrack_port = port;
	return true;
}

/* Conntrack may be a module, whose types are then its own. */
void bpf_conntrack_find(struct event_config *config, struct btf *kernel)
{
	struct btf *module;

	if (kernel && !find_in(kernel, config)) {
		module = btf__load_module_btf("nf_conntrack", kernel);
		find_in(module, config);
		btf__free(module);
	}
}
