/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/tls_libraries.h"

#include <ctype.h>
#include <dirent.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/source/elf.h"

#define PIDS_MAX     65536
#define MOUNTS_MAX   1024
#define PROGRAMS_MAX 2048
/* A process is looked at when it is new and once more, as it may not have
 * loaded its libraries by then; so is a mount namespace, as its files may not
 * have been in place. After that it is rare that there is more, but some load a
 * library when they first need it, and packages are installed into containers. */
#define LOOKS 2

static const struct {
	const char *file; /* its name begins so, and goes on with a version or not */
	enum tls_library kind;
} names[] = {
	{ "libssl.so.3", TLS_OPENSSL },
	{ "libssl.so.1.1", TLS_OPENSSL },
	{ "libgnutls.so.30", TLS_GNUTLS },
};

/* Where distributions keep libraries. */
static const char *const folders[] = {
	"/usr/lib/*-linux-gnu", "/lib/*-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib", "/lib",
	"/usr/local/lib",
};

struct file_id {
	uint64_t dev;
	uint64_t ino;
};

/* What a mount namespace shows to those in it. */
struct mounts {
	uint64_t namespace;
	struct file_id root;
	unsigned times; /* that it was looked at, ... */
	unsigned scan;  /* ... in this scan the last time */
};

struct looked {
	int pid;
	int times;
};

struct tls_libraries {
	char proc[64];
	char root[64];
	uint64_t left_out;
	unsigned n_files;
	unsigned n_mounts;
	struct file_id files[TLS_LIBRARIES_MAX];
	unsigned n_programs;
	unsigned n_scans;
	struct file_id programs[PROGRAMS_MAX]; /* that were looked into */
	struct mounts mounts[MOUNTS_MAX];
	unsigned n_looked;
	struct looked *looked; /* processes, by pid, of the last scan */
	struct looked *now;    /* and of the one under way */
};

/* One scan. */
struct scan {
	struct tls_libraries *t;
	tls_library_fn fn;
	void *ctx;
};

struct tls_libraries *tls_libraries_new(const char *proc, const char *root)
{
	struct tls_libraries *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	snprintf(t->proc, sizeof(t->proc), "%s", proc);
	snprintf(t->root, sizeof(t->root), "%s", root);
	t->looked = calloc(PIDS_MAX, sizeof(*t->looked));
	t->now = calloc(PIDS_MAX, sizeof(*t->now));
	if (!t->looked || !t->now) {
		tls_libraries_free(t);
		return NULL;
	}
	return t;
}

void tls_libraries_free(struct tls_libraries *t)
{
	if (!t)
		return;
	free(t->looked);
	free(t->now);
	free(t);
}

uint64_t tls_libraries_left_out(const struct tls_libraries *t)
{
	return t->left_out;
}

/* Which library a path names by its last part; -1: none. */
static int kind_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i].file);

		if (strncmp(file, names[i].file, n) == 0 && (!file[n] || file[n] == '.'))
			return (int)names[i].kind;
	}
	return -1;
}

static bool file_known(const struct tls_libraries *t, struct file_id id)
{
	for (unsigned i = 0; i < t->n_files; i++)
		if (t->files[i].dev == id.dev && t->files[i].ino == id.ino)
			return true;
	return false;
}

/* Returns false when the path is of no use. */
static bool tell(struct scan *s, enum tls_library kind, const char *path, const char *name)
{
	struct tls_libraries *t = s->t;
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return false;

	struct file_id id = { st.st_dev, st.st_ino };

	if (file_known(t, id))
		return true;
	if (t->n_files == TLS_LIBRARIES_MAX) {
		t->left_out++;
		return true;
	}
	if (!s->fn(s->ctx, kind, path, name))
		return false;
	t->files[t->n_files++] = id;
	return true;
}

static void look_into_folders(struct scan *s, const char *root)
{
	char pattern[PATH_MAX];
	glob_t found;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			snprintf(pattern, sizeof(pattern), "%s%s/%s", root, folders[i],
				 names[k].file);
			if (glob(pattern, GLOB_NOSORT, NULL, &found))
				continue;
			for (size_t n = 0; n < found.gl_pathc; n++)
				tell(s, names[k].kind, found.gl_pathv[n],
				     found.gl_pathv[n] + strlen(root));
			globfree(&found);
		}
	}
}

static struct mounts *mounts_of(struct tls_libraries *t, const struct stat *ns,
				const struct stat *root)
{
	struct file_id id = { root->st_dev, root->st_ino };

	for (unsigned i = 0; i < t->n_mounts; i++) {
		struct mounts *m = &t->mounts[i];

		if (m->namespace == ns->st_ino && m->root.dev == id.dev && m->root.ino == id.ino)
			return m;
	}
	if (t->n_mounts == MOUNTS_MAX) /* those of containers long gone */
		t->n_mounts = 0;
	t->mounts[t->n_mounts] = (struct mounts){ .namespace = ns->st_ino, .root = id };
	return &t->mounts[t->n_mounts++];
}

static void look_into_mounts(struct scan *s, int pid)
{
	struct tls_libraries *t = s->t;
	char path[PATH_MAX];
	struct stat ns, root;
	struct mounts *m;

	snprintf(path, sizeof(path), "%s/%d/ns/mnt", t->proc, pid);
	if (stat(path, &ns))
		return;
	snprintf(path, sizeof(path), "%s/%d/root", t->proc, pid);
	if (stat(path, &root))
		return;
	m = mounts_of(t, &ns, &root);
	if (m->scan == t->n_scans ||
	    (m->times == LOOKS && t->n_scans - m->scan < TLS_LIBRARIES_AGAIN))
		return;
	m->times += m->times < LOOKS;
	m->scan = t->n_scans;
	look_into_folders(s, path);
}

/* A line of maps: "start-end perms offset dev inode   path". */
static void look_at_mapping(struct scan *s, int pid, char *line)
{
	char path[PATH_MAX];
	char range[40], permissions[8];
	char *name = strchr(line, '/');
	int kind;

	if (!name)
		return;
	name[strcspn(name, "\n")] = '\0';
	kind = kind_of(name);
	if (kind < 0 || sscanf(line, "%39s %7s", range, permissions) != 2 ||
	    !strchr(permissions, 'x'))
		return;
	/* This leads to the file even where it was deleted since. */
	snprintf(path, sizeof(path), "%s/%d/map_files/%s", s->t->proc, pid, range);
	if (tell(s, (enum tls_library)kind, path, name))
		return;
	snprintf(path, sizeof(path), "%s/%d/root%.3900s", s->t->proc, pid, name);
	tell(s, (enum tls_library)kind, path, name);
}

/* Whether a program is one that was not looked into yet. */
static bool program_is_new(struct tls_libraries *t, const char *path)
{
	struct file_id id;
	struct stat st;

	if (stat(path, &st))
		return false;
	id = (struct file_id){ st.st_dev, st.st_ino };
	for (unsigned i = 0; i < t->n_programs && i < PROGRAMS_MAX; i++)
		if (t->programs[i].dev == id.dev && t->programs[i].ino == id.ino)
			return false;
	t->programs[t->n_programs++ % PROGRAMS_MAX] = id;
	return true;
}

/* A program that brings its library itself, and has not lost its symbols. */
static void look_at_program(struct scan *s, int pid)
{
	char path[PATH_MAX], name[PATH_MAX];
	bool done = true;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%d/exe", s->t->proc, pid);
	if (!program_is_new(s->t, path))
		return;
	n = readlink(path, name, sizeof(name) - 1);
	name[n > 0 ? n : 0] = '\0';
	if (elf_file_defines(path, "SSL_write"))
		done = tell(s, TLS_OPENSSL, path, name);
	else if (elf_file_defines(path, "gnutls_record_send"))
		done = tell(s, TLS_GNUTLS, path, name);
	/* Its process may have ended meanwhile: the next one will do. */
	if (!done || access(path, F_OK))
		s->t->n_programs--;
}

static void look_at_process(struct scan *s, int pid)
{
	char path[PATH_MAX];
	char line[PATH_MAX + 128];
	FILE *maps;

	look_into_mounts(s, pid);
	look_at_program(s, pid);
	snprintf(path, sizeof(path), "%s/%d/maps", s->t->proc, pid);
	maps = fopen(path, "re");
	if (!maps)
		return;
	while (fgets(line, sizeof(line), maps))
		look_at_mapping(s, pid, line);
	fclose(maps);
}

/* Those met before take turns. */
static bool is_due(const struct tls_libraries *t, struct looked *p)
{
	if (p->times == LOOKS)
		return (t->n_scans + (unsigned)p->pid) % TLS_LIBRARIES_AGAIN == 0;
	p->times++;
	return true;
}

static int by_pid(const void *a, const void *b)
{
	return ((const struct looked *)a)->pid - ((const struct looked *)b)->pid;
}

static void look_at_processes(struct scan *s)
{
	struct tls_libraries *t = s->t;
	DIR *dir = opendir(t->proc);
	struct looked *swap = t->looked;
	unsigned n = 0;
	struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir)) && n < PIDS_MAX) {
		struct looked *before;

		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		t->now[n] = (struct looked){ .pid = (int)strtol(d->d_name, NULL, 10) };
		before = bsearch(&t->now[n], t->looked, t->n_looked, sizeof(*before), by_pid);
		t->now[n].times = before ? before->times : 0;
		if (is_due(t, &t->now[n]))
			look_at_process(s, t->now[n].pid);
		n++;
	}
	closedir(dir);
	qsort(t->now, n, sizeof(*t->now), by_pid);
	t->looked = t->now;
	t->now = swap;
	t->n_looked = n;
}

void tls_libraries_scan(struct tls_libraries *t, tls_library_fn fn, void *ctx)
{
	struct scan s = { .t = t, .fn = fn, .ctx = ctx };

	/* Those of the host each time: an upgrade puts others in their place. */
	t->n_scans++;
	look_into_folders(&s, t->root);
	look_at_processes(&s);
}
