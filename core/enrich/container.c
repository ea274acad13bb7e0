/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/container.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/hash.h"

#define SLOTS         1024u /* a power of two */
#define DEPTH_MAX     16
#define FOLDERS_MAX   65536u
#define ROOT_GROUP    1u   /* its id is no container's */
#define KERNFS_HANDLE 0xfe /* FILEID_KERNFS, linux/exportfs.h */
#define SECOND_NS     1000000000ull
#define WALK_EVERY_NS (SECOND_NS / 4)

/* How long an answer stands: names may be changed, and the kubelet may write
 * them after the first question; a pid may be used again. */
#define KNOWN_NS   (60 * SECOND_NS)
#define UNSURE_NS  (2 * SECOND_NS)
#define BY_PID_NS  SECOND_NS
#define TICK_SLACK (SECOND_NS / 50) /* start times are counted in ticks */

struct slot {
	uint64_t cgroup;
	uint32_t pid; /* 0 where the cgroup tells */
	bool used;
	uint64_t since_ns; /* of the answer */
	uint64_t stands_ns;
	struct container_names names;
};

struct containers {
	int root_fd;
	int groups_fd; /* where the hierarchy is mounted; -1: nowhere */
	enum cgroup_hierarchy hierarchy;
	bool v1;                 /* is in use, perhaps beside version 2 */
	containers_kept_fn kept; /* NULL: nothing is */
	void *kept_ctx;
	uint64_t walked_ns;
	struct container_names none;
	struct slot slots[SLOTS];
};

static int open_folder(int at, const char *path)
{
	return openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Controllers of version 1, by enum cgroup_hierarchy. */
static const char *const controllers[CGROUP_HIERARCHIES] = {
	[CGROUPS_V2] = "",
	[CGROUPS_PIDS] = "pids",
	[CGROUPS_MEMORY] = "memory",
	[CGROUPS_CPU] = "cpu",
};

static void open_hierarchy(struct containers *c)
{
	char path[64];

	for (int i = CGROUPS_V2 + 1; c->v1 && i < CGROUP_HIERARCHIES; i++) {
		snprintf(path, sizeof(path), "sys/fs/cgroup/%s/cgroup.procs", controllers[i]);
		if (faccessat(c->root_fd, path, F_OK, 0))
			continue;
		*strrchr(path, '/') = '\0';
		c->groups_fd = open_folder(c->root_fd, path);
		c->hierarchy = (enum cgroup_hierarchy)i;
		return;
	}
	c->hierarchy = CGROUPS_V2;
	c->groups_fd = open_folder(c->root_fd, c->v1 ? "sys/fs/cgroup/unified" : "sys/fs/cgroup");
}

struct containers *containers_new(const char *root)
{
	struct containers *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->root_fd = open_folder(AT_FDCWD, root);
	c->v1 = faccessat(c->root_fd, "sys/fs/cgroup/cgroup.controllers", F_OK, 0) != 0;
	open_hierarchy(c);
	return c;
}

enum cgroup_hierarchy containers_hierarchy(const struct containers *c)
{
	return c->hierarchy;
}

void containers_ask(struct containers *c, containers_kept_fn kept, void *ctx)
{
	c->kept = kept;
	c->kept_ctx = ctx;
}

void containers_free(struct containers *c)
{
	if (!c)
		return;
	if (c->groups_fd >= 0)
		close(c->groups_fd);
	if (c->root_fd >= 0)
		close(c->root_fd);
	free(c);
}

/* A file of /proc, which tells no size; "" where it is not there. */
static void read_proc(const struct containers *c, uint32_t pid, const char *name, char *text,
		      size_t size)
{
	char path[64];
	size_t len = 0;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "proc/%" PRIu32 "/%s", pid, name);
	fd = openat(c->root_fd, path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && len + 1 < size) {
		n = read(fd, text + len, size - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	text[len] = '\0';
	if (fd >= 0)
		close(fd);
}

/* Whether a list, A,B, has a controller; "", version 2's, is all of an empty one. */
static bool has_controller(const char *list, size_t len, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list, *end = list + len; at <= end; at++) {
		size_t part = strcspn(at, ",:");

		if (part == n && memcmp(at, name, n) == 0)
			return true;
		at += part;
	}
	return false;
}

/* Steps to the next line of /proc/PID/cgroup, ID:CONTROLLERS:PATH; NULL at the
 * end, else the path, its length in *len. *mine: it is of the hierarchy. */
static const char *next_line(const char **at, enum cgroup_hierarchy hierarchy, bool *mine,
			     size_t *len)
{
	const char *line = *at, *list, *path;

	*len = strcspn(line, "\n");
	if (*len == 0)
		return NULL;
	*at = line + *len + (line[*len] == '\n');
	list = memchr(line, ':', *len);
	path = list ? memchr(list + 1, ':', (size_t)(line + *len - list - 1)) : NULL;
	if (!path)
		return NULL;
	list++;
	*mine = has_controller(list, (size_t)(path - list), controllers[hierarchy]);
	path++;
	*len -= (size_t)(path - line);
	return path;
}

/* The process may be gone and its number another's: the folder must be the one
 * of this id. */
static bool path_by_process(const struct containers *c, uint64_t cgroup, uint32_t pid,
			    struct cgroup_path *out)
{
	char text[8192], folder[4096];
	const char *at = text, *path;
	struct stat st;
	size_t len;
	bool mine;

	read_proc(c, pid, "cgroup", text, sizeof(text));
	while ((path = next_line(&at, c->hierarchy, &mine, &len))) {
		if (!mine || len < 2 || len > sizeof(folder))
			continue;
		memcpy(folder, path + 1, len - 1);
		folder[len - 1] = '\0';
		if (fstatat(c->groups_fd, folder, &st, 0) || st.st_ino != cgroup)
			return false;
		cgroup_path_parse(path, len, out);
		return true;
	}
	return false;
}

/* The folder of this id, as exportfs knows it: for whoever may open by handle
 * (CAP_DAC_READ_SEARCH), and the group is there. */
static bool path_by_handle(const struct containers *c, uint64_t cgroup, struct cgroup_path *out)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(cgroup)];
	} of = { .handle = { .handle_bytes = sizeof(cgroup), .handle_type = KERNFS_HANDLE } };
	char link[64], path[4096];
	struct stat st;
	ssize_t n = -1;
	int fd;

	memcpy(of.handle.f_handle, &cgroup, sizeof(cgroup));
	fd = open_by_handle_at(c->groups_fd, &of.handle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (fstat(fd, &st) == 0 && st.st_ino == cgroup)
		n = readlink(link, path, sizeof(path));
	close(fd);
	if (n <= 0 || n == (ssize_t)sizeof(path))
		return false;
	cgroup_path_parse(path, (size_t)n, out);
	return true;
}

static bool path_kept(const struct containers *c, uint64_t cgroup, struct cgroup_path *out)
{
	char path[4096];
	int n = c->kept ? c->kept(c->kept_ctx, cgroup, path, sizeof(path)) : 0;

	if (n > 0)
		cgroup_path_parse(path, (size_t)n, out);
	return n > 0;
}

struct walk {
	uint64_t cgroup;
	unsigned folders;
	size_t len;
	char path[4096];
};

/* Down from the folder of dir_fd, which is closed. */
static bool walk_down(struct walk *w, int dir_fd, unsigned depth)
{
	DIR *dir = dir_fd < 0 ? NULL : fdopendir(dir_fd);
	const struct dirent *entry;
	bool found = false;
	size_t len = w->len;

	if (!dir) {
		if (dir_fd >= 0)
			close(dir_fd);
		return false;
	}
	while (!found && w->folders < FOLDERS_MAX && (entry = readdir(dir))) {
		size_t n = strlen(entry->d_name);

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    len + 1 + n >= sizeof(w->path))
			continue;
		w->folders++;
		w->path[len] = '/';
		memcpy(w->path + len + 1, entry->d_name, n + 1);
		w->len = len + 1 + n;
		found = entry->d_ino == w->cgroup ||
			(depth < DEPTH_MAX &&
			 walk_down(w, open_folder(dirfd(dir), entry->d_name), depth + 1));
	}
	closedir(dir);
	if (!found)
		w->len = len;
	return found;
}

static bool path_by_id(struct containers *c, uint64_t cgroup, uint64_t ts_ns,
		       struct cgroup_path *out)
{
	struct walk w = { .cgroup = cgroup };

	if (ts_ns - c->walked_ns < WALK_EVERY_NS)
		return false;
	c->walked_ns = ts_ns;
	if (!walk_down(&w, open_folder(c->groups_fd, "."), 1))
		return false;
	cgroup_path_parse(w.path, w.len, out);
	return true;
}

/* Whether the process of this number was there at ts_ns already: if so it is
 * the one that was meant. Field 22 of /proc/PID/stat, behind a name that may
 * have anything in it. */
static bool is_as_old(const struct containers *c, uint32_t pid, uint64_t ts_ns)
{
	uint64_t now = clock_ns(CLOCK_REALTIME), up = clock_ns(CLOCK_BOOTTIME), started;
	uint64_t tick = SECOND_NS / (uint64_t)sysconf(_SC_CLK_TCK);
	char text[1024];
	const char *at;

	read_proc(c, pid, "stat", text, sizeof(text));
	at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at || ts_ns > now)
		return false;
	started = strtoull(at + 1, NULL, 10) * tick;
	return started <= up && up - started + TICK_SLACK >= now - ts_ns;
}

/* Version 1: any hierarchy's path that tells of a container, else of a unit. */
static bool path_by_pid(const struct containers *c, uint32_t pid, uint64_t ts_ns,
			struct cgroup_path *out)
{
	struct cgroup_path here;
	const char *at, *path;
	char text[8192];
	bool found = false;
	size_t len;
	bool mine;

	read_proc(c, pid, "cgroup", text, sizeof(text));
	at = text;
	while (!out->id[0] && !out->pod[0] && (path = next_line(&at, c->hierarchy, &mine, &len))) {
		if (cgroup_path_parse(path, len, &here) && (!found || here.id[0] || here.pod[0])) {
			*out = here;
			found = true;
		}
	}
	/* Last, so that what was read is that process's. */
	return *text && is_as_old(c, pid, ts_ns);
}

/* What was known before stands when there is nothing to be found any more. */
static void answer(struct containers *c, struct slot *s, uint32_t pid, uint64_t ts_ns, bool known)
{
	struct cgroup_path path = { 0 };
	bool found;

	if (s->pid)
		found = path_by_pid(c, s->pid, ts_ns, &path);
	else
		found = path_by_handle(c, s->cgroup, &path) || path_kept(c, s->cgroup, &path) ||
			path_by_process(c, s->cgroup, pid, &path) ||
			path_by_id(c, s->cgroup, ts_ns, &path);
	s->since_ns = ts_ns;
	s->stands_ns = UNSURE_NS;
	if (!found && (s->pid || !known))
		s->names = c->none;
	else if (found && container_disk_names(c->root_fd, &path, &s->names))
		s->stands_ns = KNOWN_NS;
	if (s->pid)
		s->stands_ns = BY_PID_NS;
}

const struct container_names *containers_find(struct containers *c, uint64_t cgroup, uint32_t pid,
					      uint64_t ts_ns)
{
	bool by_pid = cgroup <= ROOT_GROUP || c->groups_fd < 0;
	struct slot key = { .cgroup = by_pid ? 0 : cgroup, .pid = by_pid ? pid : 0 };
	struct slot *s = &c->slots[hash_mix(hash_mix(0, key.cgroup), key.pid) & (SLOTS - 1)];
	bool known;

	if (by_pid && (!c->v1 || !pid))
		return &c->none;
	known = s->used && s->cgroup == key.cgroup && s->pid == key.pid;
	if (known && ts_ns - s->since_ns < s->stands_ns)
		return &s->names;
	s->cgroup = key.cgroup;
	s->pid = key.pid;
	s->used = true;
	answer(c, s, pid, ts_ns, known);
	return &s->names;
}
