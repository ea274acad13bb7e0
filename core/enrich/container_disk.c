/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/container_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/enrich/json_strings.h"

#define FILE_MAX_BYTES (8u << 20)
#define ENTRIES_MAX    65536u /* of a folder that are looked at */
#define SHORT_ID_LEN   12

/* A file's bytes, to be freed; NULL where there is no such regular file of
 * sensible size. */
static char *read_file(int root_fd, const char *path, size_t *len)
{
	int fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *text = NULL;
	struct stat st;
	ssize_t n = 0;

	*len = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
	    st.st_size > FILE_MAX_BYTES)
		goto out;
	text = malloc((size_t)st.st_size);
	while (text && *len < (size_t)st.st_size) {
		n = read(fd, text + *len, (size_t)st.st_size - *len);
		if (n <= 0)
			break;
		*len += (size_t)n;
	}
out:
	close(fd);
	return text;
}

static bool copy(char *out, size_t size, const char *text, size_t len)
{
	if (len == 0 || len >= size)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

static bool set_pod(struct container_names *out, const char *ns, size_t ns_len, const char *pod,
		    size_t pod_len)
{
	int n = snprintf(out->pod, sizeof(out->pod), "%.*s/%.*s", (int)ns_len, ns, (int)pod_len,
			 pod);

	if (ns_len && pod_len && n < (int)sizeof(out->pod))
		return true;
	out->pod[0] = '\0';
	return false;
}

/* Splits at "_", which no Kubernetes name has, into at most max parts, the last
 * with all that is left. Returns how many there are. */
static unsigned split(const char *text, size_t len, struct json_text *parts, unsigned max)
{
	const char *end = text + len;
	unsigned n = 0;

	for (;;) {
		const char *bar = memchr(text, '_', (size_t)(end - text));

		if (!bar || n + 1 == max) {
			parts[n] = (struct json_text){ text, (size_t)(end - text) };
			return n + 1;
		}
		parts[n++] = (struct json_text){ text, (size_t)(bar - text) };
		text = bar + 1;
	}
}

/* k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT, as docker and CRI-O are told to call
 * what they run for the kubelet. */
static bool take_kubelet_name(const char *name, size_t len, struct container_names *out)
{
	struct json_text parts[5];

	if (len < 4 || memcmp(name, "k8s_", 4) != 0 || split(name, len, parts, 5) < 5)
		return false;
	return copy(out->container, sizeof(out->container), parts[1].text, parts[1].len) &&
	       set_pod(out, parts[3].text, parts[3].len, parts[2].text, parts[2].len);
}

static bool take_name(const struct json_text *name, struct container_names *out)
{
	if (memchr(name->text, '\\', name->len))
		return false;
	return take_kubelet_name(name->text, name->len, out) ||
	       copy(out->container, sizeof(out->container), name->text, name->len);
}

/* The home directory of a user, without its first "/". */
static bool find_home(int root_fd, uint32_t uid, char *home, size_t size)
{
	size_t len;
	char *text = read_file(root_fd, "etc/passwd", &len);
	bool found = false;

	for (char *line = text, *end; text && !found && line < text + len; line = end + 1) {
		char *field[7] = { line }, *at = line;
		unsigned n = 1;

		end = memchr(line, '\n', (size_t)(text + len - line));
		if (!end)
			break;
		*end = '\0';
		while (n < 7 && (at = strchr(at, ':')))
			field[n++] = ++at;
		if (n < 7 || strtoul(field[2], NULL, 10) != uid)
			continue;
		field[5] += *field[5] == '/';
		found = copy(home, size, field[5], (size_t)(field[6] - 1 - field[5]));
	}
	free(text);
	return found;
}

/* Goes to the next string of a key, so many objects and arrays deep; false at the end. */
static bool next_of_key(struct json_strings *j, unsigned depth, const char *key)
{
	while (json_strings_next(j)) {
		if (j->key_depth == depth && json_text_is(&j->key, key))
			return true;
	}
	return false;
}

/* "Name" of the file at path. */
static bool take_config(int root_fd, const char *path, struct container_names *out)
{
	struct json_strings j;
	bool found = false;
	size_t len;
	char *text = read_file(root_fd, path, &len);

	if (!text)
		return false;
	json_strings_init(&j, text, len);
	while (!found && next_of_key(&j, 1, "Name")) {
		if (j.value.len && j.value.text[0] == '/') {
			j.value.text++;
			j.value.len--;
		}
		found = take_name(&j.value, out);
	}
	free(text);
	return found;
}

/* An array of objects, each with an id and, before or after it, names. */
static bool take_store(int root_fd, const char *path, const char *id, struct container_names *out)
{
	struct json_text name = { 0 };
	unsigned object = 0;
	struct json_strings j;
	bool mine = false;
	size_t len;
	char *text = read_file(root_fd, path, &len);

	if (!text)
		return false;
	json_strings_init(&j, text, len);
	while (!(mine && name.len) && json_strings_next(&j)) {
		if (j.objects != object) {
			object = j.objects;
			name = (struct json_text){ 0 };
			mine = false;
		}
		if (j.key_depth != 2)
			continue;
		if (json_text_is(&j.key, "id"))
			mine = json_text_is(&j.value, id);
		else if (json_text_is(&j.key, "names") && !name.len)
			name = j.value;
	}
	mine = mine && name.len && take_name(&name, out);
	free(text);
	return mine;
}

static const char *const docker_folders[] = { "var/lib/docker",
					      "var/snap/docker/common/var-lib-docker" };
static const char *const storage_folders[] = { "var/lib/containers/storage",
					       "run/containers/storage" };

/* The string of a key, so many objects and arrays deep, in the file at path; no escapes. */
static bool take_string(int root_fd, const char *path, unsigned depth, const char *key, char *out,
			size_t size)
{
	struct json_strings j;
	bool found = false;
	size_t len;
	char *text = read_file(root_fd, path, &len);

	if (!text)
		return false;
	json_strings_init(&j, text, len);
	while (!found && next_of_key(&j, depth, key))
		found = !memchr(j.value.text, '\\', j.value.len) &&
			copy(out, size, j.value.text, j.value.len);
	free(text);
	return found;
}

/* Of a container in one of podman's pods its configuration names another one that is
 * there for the pod, whose host name is the pod's. */
static void take_podman_pod(int root_fd, const char *containers, const char *id,
			    struct container_names *out)
{
	char path[512], sandbox[CONTAINER_ID_LEN + 1];

	snprintf(path, sizeof(path), "%s/%s/userdata/config.json", containers, id);
	if (!take_string(root_fd, path, 2, "io.kubernetes.cri-o.SandboxID", sandbox,
			 sizeof(sandbox)) ||
	    strchr(sandbox, '/'))
		return;
	snprintf(path, sizeof(path), "%s/%s/userdata/config.json", containers, sandbox);
	take_string(root_fd, path, 1, "hostname", out->pod, sizeof(out->pod));
}

static bool docker_name(int root_fd, const char *folder, const char *id,
			struct container_names *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/containers/%s/config.v2.json", folder, id);
	return take_config(root_fd, path, out);
}

static bool storage_name(int root_fd, const char *folder, const char *id,
			 struct container_names *out)
{
	static const char *const drivers[] = { "overlay", "vfs", "btrfs", "zfs" };
	static const char *const kinds[] = { "", "volatile-" };
	char containers[384], path[512];

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		snprintf(containers, sizeof(containers), "%s/%s-containers", folder, drivers[i]);
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			snprintf(path, sizeof(path), "%s/%scontainers.json", containers, kinds[k]);
			if (!take_store(root_fd, path, id, out))
				continue;
			if (!out->pod[0])
				take_podman_pod(root_fd, containers, id, out);
			return true;
		}
	}
	return false;
}

static bool users_name(int root_fd, const struct cgroup_path *path, struct container_names *out)
{
	char home[256], folder[320];

	snprintf(folder, sizeof(folder), "run/user/%" PRIu32 "/containers", path->uid);
	if (storage_name(root_fd, folder, path->id, out))
		return true;
	if (!find_home(root_fd, path->uid, home, sizeof(home)))
		return false;
	snprintf(folder, sizeof(folder), "%s/.local/share/containers/storage", home);
	if (storage_name(root_fd, folder, path->id, out))
		return true;
	snprintf(folder, sizeof(folder), "%s/.local/share/docker", home);
	return docker_name(root_fd, folder, path->id, out);
}

/* A bundle of containerd's: what the kubelet or nerdctl have told of it, else, where its
 * id is no number, that. */
static bool bundle_name(int root_fd, const char *bundle, struct container_names *out)
{
	char path[600], ns[128], pod[256];
	const char *id = strrchr(bundle, '/') + 1;

	snprintf(path, sizeof(path), "%s/config.json", bundle);
	if (take_string(root_fd, path, 2, "io.kubernetes.cri.sandbox-namespace", ns, sizeof(ns)) &&
	    take_string(root_fd, path, 2, "io.kubernetes.cri.sandbox-name", pod, sizeof(pod)))
		set_pod(out, ns, strlen(ns), pod, strlen(pod));
	return take_string(root_fd, path, 2, "io.kubernetes.cri.container-name", out->container,
			   sizeof(out->container)) ||
	       take_string(root_fd, path, 2, "nerdctl/name", out->container,
			   sizeof(out->container)) ||
	       (strlen(id) != CONTAINER_ID_LEN &&
		copy(out->container, sizeof(out->container), id, strlen(id)));
}

/* Of a container whose path tells its id, each of containerd's namespaces may have it. */
static bool containerd_name(int root_fd, const struct cgroup_path *path,
			    struct container_names *out)
{
	static const char *const folders[] = {
		"run/containerd/io.containerd.runtime.v2.task",
		"run/k3s/containerd/io.containerd.runtime.v2.task",
	};
	char bundle[512];
	bool found = false;

	for (size_t i = 0; !found && i < sizeof(folders) / sizeof(folders[0]); i++) {
		int fd = openat(root_fd, folders[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		DIR *dir = fd < 0 ? NULL : fdopendir(fd);
		const struct dirent *entry;

		if (fd >= 0 && !dir)
			close(fd);
		while (dir && !found && (entry = readdir(dir))) {
			if (entry->d_name[0] == '.')
				continue;
			if (path->id[0])
				snprintf(bundle, sizeof(bundle), "%s/%s/%s", folders[i],
					 entry->d_name, path->id);
			else
				snprintf(bundle, sizeof(bundle), "%s/%s", folders[i], path->task);
			found = faccessat(root_fd, bundle, F_OK, 0) == 0 &&
				bundle_name(root_fd, bundle, out);
		}
		if (dir)
			closedir(dir);
	}
	return found;
}

static bool runtime_name(int root_fd, const struct cgroup_path *path, struct container_names *out)
{
	for (size_t i = 0; i < sizeof(docker_folders) / sizeof(docker_folders[0]); i++) {
		if (docker_name(root_fd, docker_folders[i], path->id, out))
			return true;
	}
	for (size_t i = 0; i < sizeof(storage_folders) / sizeof(storage_folders[0]); i++) {
		if (storage_name(root_fd, storage_folders[i], path->id, out))
			return true;
	}
	if (path->uid && users_name(root_fd, path, out))
		return true;
	return containerd_name(root_fd, path, out);
}

/* Goes through a folder until `take` says true of an entry. */
static bool any_entry(int root_fd, const char *path, const char *key,
		      bool (*take)(const char *entry, const char *key, struct container_names *out),
		      struct container_names *out)
{
	int fd = openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool found = false;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (unsigned n = 0; !found && n < ENTRIES_MAX; n++) {
		entry = readdir(dir);
		if (!entry)
			break;
		found = take(entry->d_name, key, out);
	}
	closedir(dir);
	return found;
}

/* POD_NAMESPACE_CONTAINER-ID.log, of which the kubelet cuts the id short where a
 * file's name would be too long. */
static bool take_log_link(const char *entry, const char *id, struct container_names *out)
{
	size_t len = strlen(entry), digits = CONTAINER_ID_LEN;
	struct json_text parts[3];

	if (len <= 4 || strcmp(entry + len - 4, ".log") != 0)
		return false;
	len -= 4;
	if (len + 4 == NAME_MAX) {
		const char *dash = memrchr(entry, '-', len);

		digits = dash ? (size_t)(entry + len - dash - 1) : 0;
	}
	if (digits < SHORT_ID_LEN || digits > CONTAINER_ID_LEN || len <= digits + 1)
		return false;
	len -= digits + 1;
	if (entry[len] != '-' || memcmp(entry + len + 1, id, digits) != 0 ||
	    split(entry, len, parts, 3) != 3)
		return false;
	return copy(out->container, sizeof(out->container), parts[2].text, parts[2].len) &&
	       set_pod(out, parts[1].text, parts[1].len, parts[0].text, parts[0].len);
}

/* NAMESPACE_POD_UID */
static bool take_pod_folder(const char *entry, const char *uid, struct container_names *out)
{
	struct json_text parts[3];

	if (split(entry, strlen(entry), parts, 3) != 3 || !json_text_is(&parts[2], uid))
		return false;
	return set_pod(out, parts[0].text, parts[0].len, parts[1].text, parts[1].len);
}

bool container_disk_names(int root_fd, const struct cgroup_path *path, struct container_names *out)
{
	bool all = true;

	*out = (struct container_names){ 0 };
	if (path->id[0])
		any_entry(root_fd, "var/log/containers", path->id, take_log_link, out);
	if (path->id[0] && !out->container[0] && !runtime_name(root_fd, path, out)) {
		copy(out->container, sizeof(out->container), path->id, SHORT_ID_LEN);
		all = false;
	}
	if (path->pod[0] && !out->pod[0] &&
	    !any_entry(root_fd, "var/log/pods", path->pod, take_pod_folder, out))
		all = false;
	if (path->task[0])
		containerd_name(root_fd, path, out);
	if (path->name[0] && !path->id[0])
		copy(out->container, sizeof(out->container), path->name, strlen(path->name));
	return all;
}
