/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_load.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dnstop.skel.h"
#include "dnstop_direct.skel.h"

#define LOG_BYTES (256u << 10)

/* Of the skeletons only the objects' bytes are used: two objects hold the same
 * maps, and which one is loaded is known only at run time. */
static const struct {
	const void *(*elf)(size_t *bytes);
	const char *programs[2];
} ways[BPF_WAYS] = {
	[BPF_WAY_DIRECT] = { dnstop_direct_bpf__elf_bytes, { "queue", "receive" } },
	[BPF_WAY_READ] = { dnstop_bpf__elf_bytes, { "queue", "receive" } },
	[BPF_WAY_CLASSIC] = { dnstop_bpf__elf_bytes, { "queue_classic", "receive_classic" } },
};

static int print_nothing(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	return 0;
}

/* The verifier's last words: the line before its statistics. */
static const char *last_words(char *log)
{
	char *end = strstr(log, "\nprocessed ");
	char *line;

	if (!end)
		end = log + strlen(log);
	while (end > log && end[-1] == '\n')
		end--;
	*end = '\0';
	line = strrchr(log, '\n');
	return line ? line + 1 : log;
}

static int fail_load(struct err *err, int rc, char *log)
{
	const char *words = last_words(log);

	if (*words)
		return err_set(err, rc, "%s (%.150s)", strerror(-rc), words);
	return err_set(err, rc, "%s", strerror(-rc));
}

/* The one section of constants holds the one variable there is. */
static int set_config(struct bpf_object *object, const struct event_config *config)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		if (strstr(bpf_map__name(map), ".rodata"))
			return bpf_map__set_initial_value(map, config, sizeof(*config));
	}
	return -ENOENT;
}

/* Programs that tell more of a packet where the kernel has the hook; those that more
 * kernels take come first, as what is refused is looked for from the end. */
static const struct {
	const char *program;
	const char *type; /* that the kernel has with the hook */
} extras[] = {
	{ "waits", "btf_trace_neigh_event_send_done" },
	{ "begins", "btf_trace_sched_process_exec" },
	{ "forks", "btf_trace_sched_process_fork" },
	{ "groups", "btf_trace_cgroup_mkdir" },
	{ "connects", "btf_trace_inet_sock_set_state" }, /* with its helper: 5.12 */
	{ "dropped", "btf_trace_kfree_skb" },            /* with a reason: 5.17 */
};

#define EXTRAS (sizeof(extras) / sizeof(extras[0]))

_Static_assert(sizeof(((struct bpf_programs *)0)->links) ==
		       (2 + EXTRAS) * sizeof(struct bpf_link *),
	       "a link for each program");

/* Sets *pieces where event_config.pieces may be. */
static unsigned extras_of_kernel(const struct btf *kernel, bool *pieces)
{
	unsigned have = 0;

	*pieces = kernel &&
		  btf__find_by_name_kind(kernel, "bpf_dynptr_from_skb", BTF_KIND_FUNC) > 0;
	for (unsigned i = 0; i < EXTRAS && kernel; i++) {
		if (btf__find_by_name_kind(kernel, extras[i].type, BTF_KIND_TYPEDEF) > 0)
			have |= 1u << i;
	}
	return have;
}

/* False where libbpf would look for it in vain, in every module, at each try. */
static bool has_cast(const struct btf *kernel)
{
	return !kernel || btf__find_by_name_kind(kernel, "bpf_rdonly_cast", BTF_KIND_FUNC) > 0;
}

static int choose(struct bpf_object *object, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);

	return program ? bpf_program__set_autoload(program, true) : -ENOENT;
}

static int prepare(struct bpf_programs *p, const struct event_config *config,
		   const struct bpf_lanes *lanes)
{
	struct bpf_map *map = bpf_object__find_map_by_name(p->object, "lanes");
	int rc = set_config(p->object, config);

	for (unsigned i = 0; i < 2 && !rc; i++)
		rc = choose(p->object, ways[p->way].programs[i]);
	for (unsigned i = 0; i < EXTRAS && !rc; i++) {
		if (p->extras >> i & 1)
			rc = choose(p->object, extras[i].program);
	}
	if (rc)
		return rc;
	return bpf_map__reuse_fd(map, lanes->fd);
}

static int load(struct bpf_programs *p, const struct event_config *config,
		const struct bpf_lanes *lanes, char *log)
{
	struct bpf_object_open_opts opts = {
		.sz = sizeof(opts),
		.object_name = "dnstop",
		.kernel_log_buf = log,
		.kernel_log_size = LOG_BYTES,
	};
	const void *elf;
	size_t bytes;
	int rc;

	*log = '\0';
	elf = ways[p->way].elf(&bytes);
	p->object = bpf_object__open_mem(elf, bytes, &opts);
	rc = p->object ? prepare(p, config, lanes) : -errno;
	if (!rc)
		rc = bpf_object__load(p->object);
	if (rc)
		bpf_programs_close(p);
	return rc;
}

int bpf_programs_load(struct bpf_programs *p, enum bpf_way way, const struct event_config *config,
		      const struct bpf_lanes *lanes, const struct btf *kernel, struct err *err)
{
	struct event_config may = *config;
	bool pieces;
	char *log;
	int rc;

	*p = (struct bpf_programs){ .way = way };
	if (way == BPF_WAY_DIRECT && !has_cast(kernel))
		return err_set(err, -EINVAL, "it has no bpf_rdonly_cast, as from Linux 6.2 on");
	log = calloc(1, LOG_BYTES);
	if (!log)
		return err_set(err, -ENOMEM, "%s", strerror(ENOMEM));
	libbpf_set_print(print_nothing);
	p->extras = extras_of_kernel(kernel, &pieces);
	may.pieces = pieces && way == BPF_WAY_DIRECT;
	rc = load(p, &may, lanes, log);
	/* Kernels from 6.4 to 6.11 have the function, for other programs. */
	if (rc && rc != -EPERM && may.pieces) {
		may.pieces = 0;
		rc = load(p, &may, lanes, log);
	}
	/* What the kernel refuses may be the last of the extras: 5.10 gives no reason. */
	for (unsigned i = EXTRAS; i-- > 0 && rc && rc != -EPERM;) {
		if (!(p->extras >> i & 1))
			continue;
		p->extras &= ~(1u << i);
		rc = load(p, &may, lanes, log);
	}
	if (rc) {
		rc = fail_load(err, rc, log);
		goto out;
	}
	p->counters_fd = bpf_object__find_map_fd_by_name(p->object, "counters");
	p->ring_fd = bpf_object__find_map_fd_by_name(p->object, "ring");
	p->executables_fd = bpf_object__find_map_fd_by_name(p->object, "executables");
	p->cgroup_paths_fd = bpf_object__find_map_fd_by_name(p->object, "cgroup_paths");
	p->resolvers_fd = bpf_object__find_map_fd_by_name(p->object, "resolvers");
	p->perf_fd = -1;
	if (way != BPF_WAY_CLASSIC && !config->linear_only)
		p->perf_fd = bpf_object__find_map_fd_by_name(p->object, "perf");
out:
	free(log);
	return rc;
}

static int attach(struct bpf_programs *p, const char *name, struct bpf_link **link, struct err *err)
{
	struct bpf_program *program = bpf_object__find_program_by_name(p->object, name);

	*link = bpf_program__attach(program);
	if (*link)
		return 0;
	return err_set(err, -errno, "attaching to %s: %s", bpf_program__section_name(program),
		       strerror(errno));
}

/* The extras come first, so that they know of the first packet that is seen. */
int bpf_programs_attach(struct bpf_programs *p, struct err *err)
{
	int rc = 0;

	for (unsigned i = 0; i < EXTRAS && !rc; i++) {
		if (p->extras >> i & 1)
			rc = attach(p, extras[i].program, &p->links[2 + i], err);
	}
	for (unsigned i = 0; i < 2 && !rc; i++)
		rc = attach(p, ways[p->way].programs[i], &p->links[i], err);
	return rc;
}

void bpf_programs_close(struct bpf_programs *p)
{
	for (unsigned i = 0; i < 2 + EXTRAS; i++) {
		bpf_link__destroy(p->links[i]);
		p->links[i] = NULL;
	}
	bpf_object__close(p->object);
	p->object = NULL;
}
