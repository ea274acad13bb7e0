/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/file/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/sudo.h"

#define SUFFIX   ".XXXXXX"
#define SYNC_MAX (1 << 20)

/* Gives what is made in a directory of the user who called sudo to that user. */
static void give(int fd, const char *dir)
{
	struct stat st;
	uid_t uid;
	gid_t gid;

	if (!sudo_caller(&uid, &gid))
		return;
	/* That it can't be given is no reason not to have it. */
	if (stat(dir, &st) == 0 && st.st_uid == uid && fchown(fd, uid, gid) < 0)
		return;
}

static int resolve(struct newfile *n, const char *path)
{
	char *real = realpath(path, NULL);
	int len = snprintf(n->path, sizeof(n->path), "%s", real ? real : path);

	free(real);
	return len > 0 && len < (int)(sizeof(n->path) - sizeof(SUFFIX)) ? 0 : -ENAMETOOLONG;
}

/* The permissions that any new file has; those of the file that it replaces. */
static void set_mode(const struct newfile *n, int fd)
{
	mode_t mask = umask(0);
	struct stat st;

	umask(mask);
	if (fchmod(fd, stat(n->path, &st) == 0 ? st.st_mode & 07777 : 0666 & ~mask) < 0)
		return;
}

int newfile_open(struct newfile *n, const char *path, struct err *err)
{
	char dir[PATH_MAX];
	struct stat st;
	int rc = resolve(n, path);
	int fd;

	n->file = NULL;
	if (rc)
		return err_set(err, rc, "%.200s: %s", path, strerror(-rc));
	if (stat(n->path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%.200s is no regular file", path);
	memcpy(n->temporary, n->path, strlen(n->path));
	memcpy(n->temporary + strlen(n->path), SUFFIX, sizeof(SUFFIX));
	fd = mkostemp(n->temporary, O_CLOEXEC);
	if (fd < 0)
		return err_set(err, -errno, "%.200s: %s", path, strerror(errno));
	set_mode(n, fd);
	memcpy(dir, n->path, strlen(n->path) + 1);
	give(fd, dirname(dir));
	n->file = fdopen(fd, "w");
	if (!n->file) {
		rc = -errno;
		close(fd);
		unlink(n->temporary);
		return err_set(err, rc, "%.200s: %s", path, strerror(-rc));
	}
	return 0;
}

/* To its name, if nothing has it yet; not every file system can do so in one step. */
static int put_there(const struct newfile *n)
{
	if (renameat2(AT_FDCWD, n->temporary, AT_FDCWD, n->path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (link(n->temporary, n->path) < 0)
		return -1;
	unlink(n->temporary);
	return 0;
}

static bool is_small(FILE *file)
{
	struct stat st;

	return fstat(fileno(file), &st) == 0 && st.st_size < SYNC_MAX;
}

int newfile_keep(struct newfile *n, bool replace, struct err *err)
{
	int rc = 0;

	/* On the disk before its name is, where that takes no time to speak of. */
	if (fflush(n->file) != 0 || (is_small(n->file) && fsync(fileno(n->file)) != 0) ||
	    (replace ? rename(n->temporary, n->path) : put_there(n)) != 0)
		rc = -errno;
	if (rc == -EEXIST)
		return err_set(err, rc, "%.200s is there already", n->path);
	if (rc) {
		newfile_abort(n);
		return err_set(err, rc, "%.200s: %s; nothing is left of it", n->path,
			       strerror(-rc));
	}
	fclose(n->file);
	n->file = NULL;
	return 0;
}

void newfile_abort(struct newfile *n)
{
	if (!n->file)
		return;
	fclose(n->file);
	n->file = NULL;
	unlink(n->temporary);
}
