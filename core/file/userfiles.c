/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/file/userfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/newfile.h"
#include "core/file/sudo.h"

#define GROUPS_MAX 256

/* --- whose files --- */

/* Who this process is while it is somebody else. */
struct self {
	bool away;
	gid_t gid;
	int n_groups;
	gid_t groups[GROUPS_MAX];
};

static void come_back(struct self *self)
{
	if (!self->away)
		return;
	/* Nothing else may run with the wrong rights. */
	if (seteuid(0) < 0 || setegid(self->gid) < 0 ||
	    setgroups((size_t)self->n_groups, self->groups) < 0)
		abort();
	self->away = false;
}

/* False when it could not become the user: then the files are left alone. */
static bool go_away(struct self *self)
{
	uid_t uid;
	gid_t gid;

	*self = (struct self){ .gid = getegid() };
	if (!sudo_caller(&uid, &gid))
		return true;
	self->n_groups = getgroups(GROUPS_MAX, self->groups);
	if (self->n_groups < 0 || setgroups(0, NULL) < 0)
		return false;
	self->away = true;
	if (setegid(gid) < 0 || seteuid(uid) < 0) {
		come_back(self);
		return false;
	}
	return true;
}

static const char *home(void)
{
	const struct passwd *pw;
	const char *dir = getenv("HOME");
	uid_t uid;
	gid_t gid;

	if (sudo_caller(&uid, &gid)) {
		pw = getpwuid(uid);
		return pw ? pw->pw_dir : NULL;
	}
	if (dir && *dir == '/')
		return dir;
	pw = getpwuid(getuid());
	return pw ? pw->pw_dir : NULL;
}

bool userfile_path(enum userfile which, char path[PATH_MAX])
{
	static const struct {
		const char *base, *below, *name;
	} places[] = {
		[USERFILE_CONFIG] = { "XDG_CONFIG_HOME", ".config", "config" },
		[USERFILE_HISTORY] = { "XDG_STATE_HOME", ".local/state", "history" },
	};
	const char *own = getenv("DNSTOP_CONFIG"), *base = getenv(places[which].base);
	const char *dir = home();
	int len;

	if (which == USERFILE_CONFIG && own && *own)
		len = snprintf(path, PATH_MAX, "%s", own);
	else if (base && *base == '/')
		len = snprintf(path, PATH_MAX, "%s/dnstop/%s", base, places[which].name);
	else if (dir && *dir == '/')
		len = snprintf(path, PATH_MAX, "%s/%s/dnstop/%s", dir, places[which].below,
			       places[which].name);
	else
		return false;
	return len > 0 && len < PATH_MAX;
}

/* --- reading and writing --- */

static int read_all(int fd, char **out)
{
	char *text = malloc(USERFILE_MAX + 2);
	ssize_t n, len = 0;
	int rc = 0;

	if (!text)
		return -ENOMEM;
	while (len <= USERFILE_MAX &&
	       (n = read(fd, text + len, (size_t)(USERFILE_MAX + 1 - len))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = -errno;
			break;
		}
		len += n;
	}
	text[len] = '\0';
	if (rc == 0 && len > USERFILE_MAX)
		rc = -EFBIG;
	if (rc == 0 && strlen(text) != (size_t)len)
		rc = -EILSEQ;
	if (rc) {
		free(text);
		return rc;
	}
	*out = text;
	return 0;
}

int userfile_read(const char *path, char **text)
{
	struct self self;
	int fd, rc;

	*text = NULL;
	if (!go_away(&self))
		return -EPERM;
	/* What is no file (a FIFO) must not keep the program waiting. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	rc = fd < 0 ? -errno : read_all(fd, text);
	if (fd >= 0)
		close(fd);
	come_back(&self);
	return rc;
}

static void make_directories(const char *path)
{
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s", path);
	for (char *slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		/* What is missing then is told by who opens the file. */
		if (mkdir(dir, 0700) < 0 && errno != EEXIST)
			return;
		*slash = '/';
	}
}

int userfile_write(const char *path, const char *text, struct err *err)
{
	struct newfile file;
	struct self self;
	int rc;

	if (!go_away(&self))
		return err_set(err, -EPERM, "the rights of the user who called sudo can't be had");
	make_directories(path);
	rc = newfile_open(&file, path, err);
	if (rc == 0) {
		fputs(text, file.file);
		rc = newfile_keep(&file, true, err);
	}
	come_back(&self);
	return rc;
}
