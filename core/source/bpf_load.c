/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_load.h"

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

static int prepare(struct bpf_programs *p, const struct event_config *config, unsigned ring_bytes)
{
	struct bpf_program *program;
	int rc = set_config(p->object, config);

	if (rc)
		return rc;
	for (unsigned i = 0; i < 2; i++) {
		program = bpf_object__find_program_by_name(p->object, ways[p->way].programs[i]);
		rc = program ? bpf_program__set_autoload(program, true) : -ENOENT;
		if (rc)
			return rc;
	}
	return bpf_map__set_max_entries(bpf_object__find_map_by_name(p->object, "ring"),
					ring_bytes);
}

int bpf_programs_load(struct bpf_programs *p, enum bpf_way way, const struct event_config *config,
		      unsigned ring_bytes, struct err *err)
{
	struct bpf_object_open_opts opts = {
		.sz = sizeof(opts),
		.object_name = "dnstop",
		.kernel_log_size = LOG_BYTES,
	};
	const void *elf;
	size_t bytes;
	int rc;

	*p = (struct bpf_programs){ .way = way };
	libbpf_set_print(print_nothing);
	opts.kernel_log_buf = calloc(1, LOG_BYTES);
	if (!opts.kernel_log_buf)
		return err_set(err, -ENOMEM, "%s", strerror(ENOMEM));
	elf = ways[way].elf(&bytes);
	p->object = bpf_object__open_mem(elf, bytes, &opts);
	rc = p->object ? prepare(p, config, ring_bytes) : -errno;
	if (!rc)
		rc = bpf_object__load(p->object);
	if (rc) {
		rc = fail_load(err, rc, opts.kernel_log_buf);
		bpf_programs_close(p);
		goto out;
	}
	p->ring_fd = bpf_object__find_map_fd_by_name(p->object, "ring");
	p->counters_fd = bpf_object__find_map_fd_by_name(p->object, "counters");
	p->perf_fd = -1;
	if (way != BPF_WAY_CLASSIC && !config->linear_only)
		p->perf_fd = bpf_object__find_map_fd_by_name(p->object, "perf");
out:
	free(opts.kernel_log_buf);
	return rc;
}

int bpf_programs_attach(struct bpf_programs *p, struct err *err)
{
	for (unsigned i = 0; i < 2; i++) {
		const char *name = ways[p->way].programs[i];
		struct bpf_program *program = bpf_object__find_program_by_name(p->object, name);

		p->links[i] = bpf_program__attach(program);
		if (!p->links[i])
			return err_set(err, -errno, "attaching to %s: %s",
				       bpf_program__section_name(program), strerror(errno));
	}
	return 0;
}

void bpf_programs_close(struct bpf_programs *p)
{
	for (unsigned i = 0; i < 2; i++) {
		bpf_link__destroy(p->links[i]);
		p->links[i] = NULL;
	}
	bpf_object__close(p->object);
	p->object = NULL;
}
