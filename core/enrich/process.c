/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/process.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/hash.h"

#define SLOTS     1024u /* a power of two */
#define EXE_MAX   512   /* a longer path is left out */
#define SECOND_NS 1000000000ull

struct slot {
	uint32_t pid; /* 0: empty */
	uint64_t start_ns;
	uint16_t execs;
	char comm[16];
	char exe[EXE_MAX];
};

struct processes {
	int root_fd;
	uint64_t tick_ns;       /* in which /proc counts start times */
	processes_kept_fn kept; /* NULL: nothing is */
	void *kept_ctx;
	struct slot slots[SLOTS];
};

struct processes *processes_new(const char *root)
{
	struct processes *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	p->tick_ns = SECOND_NS / (uint64_t)sysconf(_SC_CLK_TCK);
	return p;
}

void processes_free(struct processes *p)
{
	if (p && p->root_fd >= 0)
		close(p->root_fd);
	free(p);
}

void processes_ask(struct processes *p, processes_kept_fn kept, void *ctx)
{
	p->kept = kept;
	p->kept_ctx = ctx;
}

/* Whether /proc/PID/stat is that of the process meant: "PID (NAME) STATE ...", the
 * name of any bytes, the start as field 22. */
static bool is_meant(const struct processes *p, const struct dns_msg *msg)
{
	size_t comm_len = strnlen(msg->comm, sizeof(msg->comm));
	char path[64], text[1024];
	const char *open_at, *at;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "proc/%" PRIu32 "/stat", msg->pid);
	fd = openat(p->root_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	open_at = strchr(text, '(');
	at = strrchr(text, ')');
	if (!open_at || !at || (size_t)(at - open_at) != comm_len + 1 ||
	    memcmp(open_at + 1, msg->comm, comm_len) != 0)
		return false;
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at && strtoull(at + 1, NULL, 10) == msg->start_ns / p->tick_ns;
}

static void read_exe(const struct processes *p, const struct dns_msg *msg, char exe[EXE_MAX])
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "proc/%" PRIu32 "/exe", msg->pid);
	n = readlinkat(p->root_fd, path, exe, EXE_MAX);
	if (n < 0 || n >= EXE_MAX)
		n = 0;
	exe[n] = '\0';
	/* Last, so that what was read is that process's. */
	if (n && !is_meant(p, msg))
		exe[0] = '\0';
}

static void find_exe(const struct processes *p, const struct dns_msg *msg, char exe[EXE_MAX])
{
	int n = p->kept ? p->kept(p->kept_ctx, msg, exe, EXE_MAX) : 0;

	if (n == 0)
		read_exe(p, msg, exe);
	else if (n < 0)
		exe[0] = '\0';
}

const char *processes_exe(struct processes *p, const struct dns_msg *msg)
{
	struct slot *s = &p->slots[hash_mix(hash_mix(0, msg->start_ns), msg->pid) & (SLOTS - 1)];

	if (!msg->pid || !msg->start_ns)
		return "";
	if (s->pid == msg->pid && s->start_ns == msg->start_ns && s->execs == msg->execs &&
	    memcmp(s->comm, msg->comm, sizeof(s->comm)) == 0)
		return s->exe;
	s->pid = msg->pid;
	s->start_ns = msg->start_ns;
	s->execs = msg->execs;
	memcpy(s->comm, msg->comm, sizeof(s->comm));
	find_exe(p, msg, s->exe);
	return s->exe;
}
