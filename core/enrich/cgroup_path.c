/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/enrich/cgroup_path.h"

#include <string.h>

#define STATIC_POD_LEN 32

/* A piece of the path. */
struct piece {
	const char *text;
	size_t len;
};

static bool begins(struct piece p, const char *with)
{
	size_t n = strlen(with);

	return p.len >= n && memcmp(p.text, with, n) == 0;
}

/* Takes an ending off; false where it has another. */
static bool strip_end(struct piece *p, const char *end)
{
	size_t n = strlen(end);

	if (p->len <= n || memcmp(p->text + p->len - n, end, n) != 0)
		return false;
	p->len -= n;
	return true;
}

static void skip(struct piece *p, size_t n)
{
	p->text += n;
	p->len -= n;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool all_hex(struct piece p)
{
	for (size_t i = 0; i < p.len; i++) {
		if (!is_hex(p.text[i]))
			return false;
	}
	return true;
}

static int hex_value(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* systemd writes what has a meaning of its own as \xHH. */
static void copy_unescaped(char *out, size_t size, struct piece p)
{
	size_t n = 0;

	for (size_t i = 0; i < p.len && n + 1 < size; i++) {
		if (p.len - i >= 4 && memcmp(p.text + i, "\\x", 2) == 0 && is_hex(p.text[i + 2]) &&
		    is_hex(p.text[i + 3])) {
			out[n++] = (char)(hex_value(p.text[i + 2]) << 4 | hex_value(p.text[i + 3]));
			i += 3;
		} else {
			out[n++] = p.text[i];
		}
	}
	out[n] = '\0';
}

/* systemd's slices have "_" where the UID has "-", and before it whatever the kubelet
 * was given as its root (kind: "kubelet-kubepods-podUID.slice"). */
static bool take_pod(struct piece p, struct cgroup_path *out)
{
	static const char dashes[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	char uid[CONTAINER_POD_LEN + 1];

	if (strip_end(&p, ".slice")) {
		while (p.len > 9 && !begins(p, "kubepods-"))
			skip(&p, 1);
		while (p.len > 4 && memcmp(p.text, "-pod", 4) != 0)
			skip(&p, 1);
		skip(&p, p.len > 0);
	}
	if (!begins(p, "pod"))
		return false;
	skip(&p, 3);
	if (p.len != CONTAINER_POD_LEN && p.len != STATIC_POD_LEN)
		return false;
	for (size_t i = 0; i < p.len; i++) {
		bool dash = p.len == CONTAINER_POD_LEN && dashes[i] == '-';

		if (dash ? p.text[i] != '-' && p.text[i] != '_' : !is_hex(p.text[i]))
			return false;
		uid[i] = dash ? '-' : p.text[i];
	}
	uid[p.len] = '\0';
	*out = (struct cgroup_path){ .uid = out->uid };
	memcpy(out->pod, uid, p.len + 1);
	return true;
}

/* SLICE:PREFIX:ID, which containerd makes where it is told systemd's names but to use
 * cgroupfs: the slice tells the pod. */
static bool take_triple(struct piece p, struct cgroup_path *out)
{
	const char *colon = memchr(p.text, ':', p.len);
	struct piece slice, id;

	if (!colon || p.len < CONTAINER_ID_LEN + 1)
		return false;
	slice = (struct piece){ p.text, (size_t)(colon - p.text) };
	id = (struct piece){ p.text + p.len - CONTAINER_ID_LEN, CONTAINER_ID_LEN };
	if (id.text[-1] != ':' || !all_hex(id))
		return false;
	take_pod(slice, out);
	out->name[0] = '\0';
	memcpy(out->id, id.text, id.len);
	out->id[id.len] = '\0';
	return true;
}

/* ID, PREFIX-ID or PREFIX-ID.scope. A monitor of a container is none. */
static bool take_id(struct piece p, struct cgroup_path *out)
{
	struct piece prefix, id;

	strip_end(&p, ".scope");
	if (p.len < CONTAINER_ID_LEN)
		return false;
	prefix = (struct piece){ p.text, p.len - CONTAINER_ID_LEN };
	id = (struct piece){ p.text + prefix.len, CONTAINER_ID_LEN };
	if (!all_hex(id) || (prefix.len && !strip_end(&prefix, "-")))
		return false;
	out->id[0] = '\0';
	out->name[0] = '\0';
	if (strip_end(&prefix, "conmon"))
		return true;
	memcpy(out->id, id.text, id.len);
	out->id[id.len] = '\0';
	return true;
}

static bool take_name(struct piece p, bool in_lxc, struct cgroup_path *out)
{
	struct piece name = p;

	if (begins(p, "lxc.payload.") && p.len > 12) {
		skip(&name, 12);
	} else if (begins(p, "machine-") && strip_end(&name, ".scope") && name.len > 8) {
		skip(&name, 8);
	} else if (begins(p, "systemd-nspawn@") && strip_end(&name, ".service")) {
		skip(&name, 15);
	} else if (!in_lxc) {
		return false;
	}
	out->id[0] = '\0';
	copy_unescaped(out->name, sizeof(out->name), name);
	return true;
}

/* A unit is named only where nothing encloses it: one that runs in a container
 * is not known by that name outside. */
static void take_unit(struct piece p, bool contained, struct cgroup_path *out)
{
	struct piece stem = p;

	if (contained || out->id[0] || out->pod[0] || !strip_end(&stem, ".service") ||
	    p.len >= sizeof(out->name))
		return;
	memcpy(out->name, p.text, p.len);
	out->name[p.len] = '\0';
}

/* user-UID.slice */
static void take_user(struct piece p, struct cgroup_path *out)
{
	uint32_t uid = 0;

	if (!begins(p, "user-") || !strip_end(&p, ".slice"))
		return;
	for (skip(&p, 5); p.len; skip(&p, 1)) {
		if (*p.text < '0' || *p.text > '9' || uid > UINT32_MAX / 10 - 1)
			return;
		uid = uid * 10 + (uint32_t)(*p.text - '0');
	}
	out->uid = uid;
}

/* What nspawn runs: in its own group, or in that of the unit that started it. */
static bool is_payload(struct piece p)
{
	return p.len == 7 && begins(p, "payload");
}

static void take_task(const char *path, const char *end, struct cgroup_path *out)
{
	const char *at = end;

	for (unsigned n = 0; n < 2; n++) {
		at = at > path ? memrchr(path, '/', (size_t)(at - path)) : NULL;
		if (!at)
			return;
	}
	at++;
	if ((size_t)(end - at) < sizeof(out->task) && *at != '/' && *at != '.' && end[-1] != '/') {
		memcpy(out->task, at, (size_t)(end - at));
		out->task[end - at] = '\0';
	}
}

/* The length without what the kernel adds where the group has been removed. */
static size_t without_deleted(const char *path, size_t len)
{
	static const char deleted[] = " (deleted)";
	size_t n = sizeof(deleted) - 1;

	return len > n && memcmp(path + len - n, deleted, n) == 0 ? len - n : len;
}

bool cgroup_path_parse(const char *path, size_t len, struct cgroup_path *out)
{
	const char *begin = path, *end = path + without_deleted(path, len);
	bool contained = false;
	bool in_lxc = false;

	*out = (struct cgroup_path){ 0 };
	while (path < end) {
		const char *slash = memchr(path, '/', (size_t)(end - path));
		struct piece p = { path, (size_t)((slash ? slash : end) - path) };

		if (p.len && (take_pod(p, out) || take_triple(p, out) || take_id(p, out) ||
			      take_name(p, in_lxc, out) || is_payload(p)))
			contained = true;
		else if (p.len) {
			take_unit(p, contained, out);
			if (!contained)
				take_user(p, out);
		}
		in_lxc = p.len == 3 && memcmp(p.text, "lxc", 3) == 0;
		path += p.len + 1;
	}
	if (out->id[0] || out->pod[0] || out->name[0])
		return true;
	if (!contained)
		take_task(begin, end, out);
	return false;
}
