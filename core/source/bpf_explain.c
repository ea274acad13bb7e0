/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the kernel programs could not be had, in words, and what helps. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/source/bpf_load.h"

enum {
	CAPABILITY_SYS_ADMIN = 21, /* implies both others */
	CAPABILITY_PERFMON = 38,
	CAPABILITY_BPF = 39,
};

bool bpf_denied(int code)
{
	return code == -EPERM || code == -EACCES;
}

/* All of them where /proc cannot tell. */
static uint64_t effective_capabilities(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	uint64_t caps = UINT64_MAX;
	char line[256];

	if (!f)
		return caps;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "CapEff: %" SCNx64, &caps) == 1)
			break;
	}
	fclose(f);
	return caps;
}

static bool has(uint64_t caps, int capability)
{
	return caps >> capability & 1 || caps >> CAPABILITY_SYS_ADMIN & 1;
}

static int explain_denied(const struct err *why, struct err *err)
{
	uint64_t caps = effective_capabilities();
	bool bpf = has(caps, CAPABILITY_BPF);
	bool perfmon = has(caps, CAPABILITY_PERFMON);
	char path[PATH_MAX] = "dnstop";
	ssize_t n;

	if (bpf && perfmon)
		return err_set(err, -EPERM,
			       "the kernel refuses BPF programs although the capabilities are "
			       "there; a container, kernel lockdown or a security module forbids "
			       "them: %.200s",
			       why->text);
	n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (n > 0)
		path[n] = '\0';
	return err_set(err, -EPERM,
		       "no privilege for BPF: %s%s%s missing; run `sudo dnstop`, or once "
		       "`sudo setcap cap_bpf,cap_perfmon,cap_net_raw+ep %s`",
		       bpf ? "" : "CAP_BPF", bpf || perfmon ? "" : " and ",
		       perfmon ? "" : "CAP_PERFMON", path);
}

int bpf_explain(const struct err why[BPF_WAYS], struct err *err)
{
	for (int i = 0; i < BPF_WAYS; i++) {
		if (bpf_denied(why[i].code) && i != BPF_WAY_CLASSIC)
			return explain_denied(&why[i], err);
	}
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return err_set(
			err, -ENOTSUP,
			"this kernel says nothing of its types (no /sys/kernel/btf/vmlinux): "
			"it was built without CONFIG_DEBUG_INFO_BTF");
	return err_set(err, why[BPF_WAY_READ].code ? why[BPF_WAY_READ].code : -ENOTSUP,
		       "the kernel takes no BPF program for its network tracepoints; typed: "
		       "%.150s; classic: %.150s",
		       why[BPF_WAY_READ].text, why[BPF_WAY_CLASSIC].text);
}
