/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the kernel programs could not be had, in words, and what helps. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/program.h"
#include "core/source/bpf_load.h"

enum {
	CAPABILITY_SYS_ADMIN = 21, /* implies both others */
	CAPABILITY_PERFMON = 38,
	CAPABILITY_BPF = 39,
};

/* All of them where /proc cannot tell. */
static uint64_t effective_capabilities(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	uint64_t caps = UINT64_MAX;
	char line[256];

	if (!f)
		return caps;
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, "CapEff:", 7) == 0) {
			caps = strtoull(line + 7, NULL, 16);
			break;
		}
	}
	fclose(f);
	return caps;
}

static bool has(uint64_t caps, int capability)
{
	return caps >> capability & 1 || caps >> CAPABILITY_SYS_ADMIN & 1;
}

/* Before Linux 5.11 maps count as locked memory, and libbpf has tried already
 * to raise the limit. */
static bool memory_limit_is_low(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < (64u << 20);
}

static int explain_denied(const char *why, struct err *err)
{
	uint64_t caps = effective_capabilities();
	bool bpf = has(caps, CAPABILITY_BPF);
	bool perfmon = has(caps, CAPABILITY_PERFMON);
	char path[200];

	program_path(path, sizeof(path));
	if (!bpf || !perfmon)
		return err_set(err, -EPERM,
			       "no privilege for BPF: %s%s%s missing; run `sudo %s`, or once "
			       "`sudo setcap cap_bpf,cap_perfmon,cap_net_raw+ep %s`",
			       bpf ? "" : "CAP_BPF", bpf || perfmon ? "" : " and ",
			       perfmon ? "" : "CAP_PERFMON", path, path);
	if (memory_limit_is_low())
		return err_set(err, -EPERM,
			       "the kernel refuses memory for BPF (%.100s): the limit on locked "
			       "memory (ulimit -l) is too low; run `sudo %s`, or once `sudo "
			       "setcap cap_bpf,cap_perfmon,cap_net_raw,cap_sys_resource+ep %s`",
			       why, path, path);
	return err_set(err, -EPERM,
		       "the kernel refuses BPF programs although the capabilities are there; a "
		       "container, kernel lockdown or a security module forbids them: %.200s",
		       why);
}

int bpf_explain(const struct err why[BPF_WAYS], struct err *err)
{
	static const char *const names[BPF_WAYS] = { "direct", "typed", "classic" };
	char text[sizeof(err->text)] = "";
	size_t at;

	for (int i = 0; i < BPF_WAYS; i++) {
		if (!why[i].code)
			continue;
		if (why[i].code == -EPERM)
			return explain_denied(why[i].text, err);
		at = strlen(text);
		snprintf(text + at, sizeof(text) - at, "; %s: %.90s", names[i], why[i].text);
	}
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return err_set(
			err, -ENOTSUP,
			"this kernel says nothing of its types (no /sys/kernel/btf/vmlinux): "
			"it was built without CONFIG_DEBUG_INFO_BTF");
	return err_set(err, -ENOTSUP, "the kernel takes no BPF program at its tracepoints%s", text);
}

void bpf_notice(const struct bpf_programs *p, char *text, size_t size)
{
	char path[200];

	*text = '\0';
	if (p->way == BPF_WAY_CLASSIC)
		snprintf(text, size,
			 "this kernel gives classic tracepoints only: DNS over TCP is not seen "
			 "where its data lies in page fragments");
	else if (p->perf_fd < 0)
		snprintf(text, size,
			 "the kernel refuses perf buffers: DNS over TCP is not seen where its data "
			 "lies in page fragments; run `sudo %s`, or `sudo sysctl "
			 "kernel.perf_event_paranoid=2`",
			 program_path(path, sizeof(path)));
}
