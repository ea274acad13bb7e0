/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_exe.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#define DELETED " (deleted)"

int bpf_exe_path(const struct event_exe *exe, char *path, size_t size)
{
	size_t tail = exe->deleted ? strlen(DELETED) : 0;
	size_t end = exe->len, at = 0;

	path[0] = '\0';
	/* Each name is written with a "/" where it has its NUL. */
	if (!end || end > sizeof(exe->names) || exe->names[end - 1] || end + tail >= size)
		return 0;
	while (end) {
		size_t begin = end - 1;

		while (begin && exe->names[begin - 1])
			begin--;
		path[at++] = '/';
		memcpy(path + at, exe->names + begin, end - 1 - begin);
		at += end - 1 - begin;
		end = begin;
	}
	memcpy(path + at, DELETED, tail);
	path[at + tail] = '\0';
	return (int)(at + tail);
}

static bool look_up(int map_fd, const struct event_process *of, struct event_exe *exe)
{
	return bpf_map_lookup_elem(map_fd, of, exe) == 0 && memcmp(&exe->of, of, sizeof(*of)) == 0;
}

int bpf_exe_find(int map_fd, const struct dns_msg *msg, char *path, size_t size)
{
	struct event_process of = {
		.start_ns = msg->start_ns,
		.pid = msg->pid,
		.execs = msg->execs,
	};
	struct event_exe exe;

	path[0] = '\0';
	if (look_up(map_fd, &of, &exe))
		return bpf_exe_path(&exe, path, size);
	of.execs++;
	return look_up(map_fd, &of, &exe) ? -ESRCH : 0;
}
