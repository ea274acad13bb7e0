/* SPDX-License-Identifier: BSD-2-Clause */
/* From a cgroup to names, in a root directory of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/enrich/container.h"
#include "core/enrich/json_strings.h"

#define ID    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID2   "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define UID   "1a2b3c4d-0011-2233-4455-66778899aabb"
#define S     1000000000ull
#define STORE "var/lib/containers/storage/overlay-containers/containers.json"

struct place {
	char root[64];
	int fd;
};

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	strcpy(p->root, "/tmp/dnstop-unit-XXXXXX");
	assert_non_null(mkdtemp(p->root));
	p->fd = open(p->root, O_RDONLY | O_DIRECTORY);
	assert_true(p->fd >= 0);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", p->root);
	close(p->fd);
	assert_int_equal(system(command), 0);
	free(p);
	return 0;
}

static void make_folder(struct place *p, const char *path)
{
	char part[1024];

	for (const char *at = path; at; at = *at ? at + 1 : NULL) {
		at = strchr(at, '/');
		if (!at)
			at = path + strlen(path);
		snprintf(part, sizeof(part), "%.*s", (int)(at - path), path);
		mkdirat(p->fd, part, 0755);
	}
}

static void make_file(struct place *p, const char *path, const char *text)
{
	char folder[1024];
	int fd;

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	make_folder(p, folder);
	fd = openat(p->fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static uint64_t inode(struct place *p, const char *path)
{
	struct stat st;

	assert_int_equal(fstatat(p->fd, path, &st, 0), 0);
	return st.st_ino;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * S + (uint64_t)ts.tv_nsec;
}

#define VOLATILE "var/lib/containers/storage/overlay-containers/volatile-containers.json"

#define N50  "n2345678901234567890123456789012345678901234567890"
#define N200 N50 N50 N50 N50

#define BUNDLES "run/containerd/io.containerd.runtime.v2.task/"

#define POD_LOG    "var/log/pods/shop_web-7d9_" UID "/web/0.log"
#define LOG_LINK   "var/log/containers/web-7d9_shop_web-" ID ".log"
#define DOCKER     "var/lib/docker/containers/" ID "/config.v2.json"
#define K8S_DOCKER "{\"Name\":\"/k8s_web_web-7d9_shop_" UID "_0\"}"

static const struct {
	const char *what;
	const char *id, *pod, *name; /* of the path */
	const char *file, *text;     /* what lies on the disk */
	const char *want_name, *want_pod;
	bool all;
} cases[] = {
	{ "nothing on the disk", ID, "", "", NULL, NULL, "0123456789ab", "", false },
	{ "a unit", "", "", "unbound.service", NULL, NULL, "unbound.service", "", true },
	{ "docker", ID, "", "", DOCKER,
	  "{\"State\":{\"Name\":\"no\"},\"Args\":[\"Name\",\"a\\\"b\"],\"ID\":\"x\",\n"
	  "\"Name\" : \"/some_name\",\"Config\":{}}",
	  "some_name", "", true },
	{ "docker: only an inner name", ID, "", "", DOCKER, "{\"State\":{\"Name\":\"/no\"}}",
	  "0123456789ab", "", false },
	{ "docker: cut short", ID, "", "", DOCKER, "{\"Name\":\"/some", "0123456789ab", "", false },
	{ "docker: an escape", ID, "", "", DOCKER, "{\"Name\":\"/a\\u001b\"}", "0123456789ab", "",
	  false },
	{ "docker: no name", ID, "", "", DOCKER, "{\"Name\":\"\"}", "0123456789ab", "", false },
	{ "docker: empty", ID, "", "", DOCKER, "", "0123456789ab", "", false },
	{ "docker: unbalanced", ID, "", "", DOCKER, "]]}{\"Name\":\"/x\"", "0123456789ab", "",
	  false },
	{ "docker for the kubelet", ID, UID, "", DOCKER, K8S_DOCKER, "web", "shop/web-7d9", true },
	{ "podman", ID, "", "", STORE,
	  "[{\"id\":\"" ID2 "\",\"names\":[\"other\"]},{\"id\":\"" ID
	  "\",\"names\":[\"mine\",\"second\"],\"metadata\":\"{\\\"id\\\":1}\"}]",
	  "mine", "", true },
	{ "podman: names first", ID, "", "", STORE,
	  "[{\"names\":[\"other\"],\"id\":\"" ID2 "\"},{\"names\":[\"mine\"],\"id\":\"" ID "\"}]",
	  "mine", "", true },
	{ "podman run --rm", ID, "", "", VOLATILE,
	  "[{\"id\":\"" ID "\",\"names\":[\"brief\"],\"flags\":{\"Volatile\":true}}]", "brief", "",
	  true },
	{ "podman: another driver", ID, "", "",
	  "var/lib/containers/storage/vfs-containers/containers.json",
	  "[{\"id\":\"" ID "\",\"names\":[\"slow\"]}]", "slow", "", true },
	{ "podman: a transient store", ID, "", "",
	  "run/containers/storage/overlay-containers/volatile-containers.json",
	  "[{\"id\":\"" ID "\",\"names\":[\"ram\"]}]", "ram", "", true },
	{ "docker from snap", ID, "", "",
	  "var/snap/docker/common/var-lib-docker/containers/" ID "/config.v2.json",
	  "{\"Name\":\"/snapped\"}", "snapped", "", true },
	{ "podman: another's", ID, "", "", STORE, "[{\"id\":\"" ID2 "\",\"names\":[\"other\"]}]",
	  "0123456789ab", "", false },
	{ "podman: no names", ID, "", "", STORE,
	  "[{\"id\":\"" ID "\"},{\"names\":[\"other\"],\"id\":\"" ID2 "\"}]", "0123456789ab", "",
	  false },
	{ "CRI-O", ID, UID, "", STORE,
	  "[{\"id\":\"" ID "\",\"names\":[\"k8s_web_web-7d9_shop_" UID "_2\"]}]", "web",
	  "shop/web-7d9", true },
	{ "containerd for the kubelet, which has no links", ID, UID, "",
	  BUNDLES "k8s.io/" ID "/config.json",
	  "{\"annotations\":{\"io.kubernetes.cri.container-name\":\"web\",\"io.kubernetes.cri."
	  "sandbox-name\":\"web-7d9\",\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}",
	  "web", "shop/web-7d9", true },
	{ "k3s's own", ID, UID, "",
	  "run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/config.json",
	  "{\"annotations\":{\"io.kubernetes.cri.container-name\":\"web\",\"io.kubernetes.cri."
	  "sandbox-name\":\"web-7d9\",\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}",
	  "web", "shop/web-7d9", true },
	{ "nerdctl", ID, "", "", BUNDLES "default/" ID "/config.json",
	  "{\"annotations\":{\"nerdctl/name\":\"mine\"}}", "mine", "", true },
	{ "docker's by containerd", ID, "", "", BUNDLES "moby/" ID "/config.json",
	  "{\"annotations\":{}}", "0123456789ab", "", false },
	{ "the kubelet's links", ID, UID, "", LOG_LINK, "", "web", "shop/web-7d9", true },
	{ "the kubelet's links, of a pod that the path does not tell", ID, "", "", LOG_LINK, "",
	  "web", "shop/web-7d9", true },
	{ "a link that was cut short", ID, UID, "",
	  "var/log/containers/" N200 "_shop_web-0123456789abcdef0123456789abcdef012345678.log", "",
	  "web", "shop/" N200, true },
	{ "another's that was", ID2, UID, "",
	  "var/log/containers/" N200 "_shop_web-0123456789abcdef0123456789abcdef012345678.log", "",
	  "fedcba987654", "", false },
	{ "another's link", ID2, UID, "", LOG_LINK, "", "fedcba987654", "", false },
	{ "the kubelet's folder", ID, UID, "", POD_LOG, "", "0123456789ab", "shop/web-7d9", false },
	{ "a pod's own group", "", UID, "", POD_LOG, "", "", "shop/web-7d9", true },
	{ "a pod nobody knows", "", UID, "", "var/log/pods/x", "", "", "", false },
};

static void names_lie_on_the_disk(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cgroup_path path = { 0 };
		struct container_names got;
		void *here;
		bool all;

		make_place(&here);
		strcpy(path.id, cases[i].id);
		strcpy(path.pod, cases[i].pod);
		strcpy(path.name, cases[i].name);
		if (cases[i].file)
			make_file(here, cases[i].file, cases[i].text);
		all = container_disk_names(((struct place *)here)->fd, &path, &got);
		if (strcmp(got.container, cases[i].want_name) ||
		    strcmp(got.pod, cases[i].want_pod) || all != cases[i].all)
			fail_msg("%s: \"%s\" \"%s\" %d", cases[i].what, got.container, got.pod,
				 all);
		remove_place(&here);
	}
}

/* What ctr starts may go by any name. */
static void containerd_has_tasks(void **state)
{
	struct place *p = *state;
	struct cgroup_path path = { .task = "default/web" };
	struct container_names got;

	assert_true(container_disk_names(p->fd, &path, &got));
	assert_string_equal(got.container, "");
	make_file(p, BUNDLES "default/web/config.json", "{\"annotations\":{}}");
	assert_true(container_disk_names(p->fd, &path, &got));
	assert_string_equal(got.container, "web");
	strcpy(path.task, "system.slice/web");
	assert_true(container_disk_names(p->fd, &path, &got));
	assert_string_equal(got.container, "");
}

/* What podman 4.3 leaves, in parts. */
static void podman_has_pods(void **state)
{
	static const char store[] = "var/lib/containers/storage/overlay-containers/";
	static const char both[] = "[{\"id\":\"" ID "\",\"names\":[\"web\"]},{\"id\":\"" ID2
				   "\",\"names\":[\"73e2f3a1f76e-infra\"]}]";
	static const struct {
		const char *config, *infra, *pod;
	} pods[] = {
		{ "{\"ociVersion\":\"1.0.2-dev\",\"process\":{\"env\":[\"HOSTNAME=shop\"]},"
		  "\"annotations\":{\"io.container.manager\":\"libpod\",\"io.kubernetes.cri-o."
		  "ContainerType\":\"container\",\"io.kubernetes.cri-o.SandboxID\":\"" ID2 "\"}}",
		  "{\"process\":{\"hostname\":\"no\"},\"hostname\":\"shop\"}", "shop" },
		{ "{\"annotations\":{\"io.container.manager\":\"libpod\"},\"hostname\":\"0123\"}",
		  "{\"hostname\":\"shop\"}", "" },
		{ "{\"annotations\":{\"io.kubernetes.cri-o.SandboxID\":\"" ID2 "\"}}", "{}", "" },
		{ "{\"annotations\":{\"io.kubernetes.cri-o.SandboxID\":\"../" ID2 "\"}}",
		  "{\"hostname\":\"shop\"}", "" },
		{ "{\"annotations\":{\"io.kubernetes.cri-o.SandboxID\":\"..\"}}",
		  "{\"hostname\":\"shop\"}", "" },
		{ "", "", "" },
	};
	char path[300];

	(void)state;
	for (size_t i = 0; i < sizeof(pods) / sizeof(pods[0]); i++) {
		struct cgroup_path of = { .id = ID };
		struct container_names got;
		void *here;

		make_place(&here);
		make_file(here, STORE, both);
		snprintf(path, sizeof(path), "%s%s/userdata/config.json", store, ID);
		make_file(here, path, pods[i].config);
		snprintf(path, sizeof(path), "%s%s/userdata/config.json", store, ID2);
		make_file(here, path, pods[i].infra);
		assert_true(container_disk_names(((struct place *)here)->fd, &of, &got));
		assert_string_equal(got.container, "web");
		assert_string_equal(got.pod, pods[i].pod);
		remove_place(&here);
	}
}

/* Of users without privileges, below their home directories. */
static void users_have_names_too(void **state)
{
	static const struct {
		const char *file, *text, *want;
		uint32_t uid;
	} users[] = {
		{ "home/ann/.local/share/containers/storage/overlay-containers/containers.json",
		  "[{\"id\":\"" ID "\",\"names\":[\"anns\"]}]", "anns", 1000 },
		{ "srv/bob/.local/share/docker/containers/" ID "/config.v2.json",
		  "{\"Name\":\"/bobs\"}", "bobs", 1001 },
		{ "run/user/1000/containers/overlay-containers/volatile-containers.json",
		  "[{\"id\":\"" ID "\",\"names\":[\"brief\"]}]", "brief", 1000 },
		{ "home/ann/.local/share/docker/containers/" ID "/config.v2.json",
		  "{\"Name\":\"/anns\"}", "0123456789ab", 1001 },
		{ "home/ann/.local/share/docker/containers/" ID "/config.v2.json",
		  "{\"Name\":\"/anns\"}", "0123456789ab", 0 },
		{ "etc/x", "", "0123456789ab", 1002 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		struct cgroup_path path = { .id = ID, .uid = users[i].uid };
		struct container_names got;
		void *here;

		make_place(&here);
		make_file(here, "etc/passwd",
			  "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000:,,,:/home/ann:/bin/sh\n"
			  "broken:x:1001\nbob:x:1001:1001::/srv/bob:\nlast:x:1002:1002::/cut");
		make_file(here, users[i].file, users[i].text);
		container_disk_names(((struct place *)here)->fd, &path, &got);
		assert_string_equal(got.container, users[i].want);
		remove_place(&here);
	}
}

static void a_fifo_does_not_hang(void **state)
{
	struct cgroup_path path = { .id = ID };
	struct container_names got;
	struct place *p = *state;

	make_folder(p, "var/lib/docker/containers/" ID);
	assert_int_equal(mkfifoat(p->fd, DOCKER, 0644), 0);
	assert_false(container_disk_names(p->fd, &path, &got));
}

static void a_group_is_found_by_its_id(void **state)
{
	const char *group = "sys/fs/cgroup/a.slice/b.slice/docker-" ID ".scope";
	const struct container_names *got;
	struct place *p = *state;
	struct containers *c;

	make_file(p, "sys/fs/cgroup/cgroup.controllers", "");
	make_folder(p, group);
	make_file(p, DOCKER, "{\"Name\":\"/first\"}");
	c = containers_new(p->root);
	assert_non_null(c);

	/* The process is gone: the folders are searched. */
	got = containers_find(c, inode(p, group), 4242, 100 * S);
	assert_string_equal(got->container, "first");
	/* What is known stands for a while, then is looked at again. */
	make_file(p, DOCKER, "{\"Name\":\"/second\"}");
	got = containers_find(c, inode(p, group), 4243, 159 * S);
	assert_string_equal(got->container, "first");
	got = containers_find(c, inode(p, group), 4243, 160 * S);
	assert_string_equal(got->container, "second");

	/* No group, no id, the root's, and one that is not there. */
	assert_string_equal(containers_find(c, 0, 4242, 200 * S)->container, "");
	assert_string_equal(containers_find(c, 1, 4242, 200 * S)->container, "");
	assert_string_equal(containers_find(c, 1ull << 60, 4242, 200 * S)->container, "");
	containers_free(c);
}

static void a_process_tells_faster(void **state)
{
	const char *group = "sys/fs/cgroup/system.slice/unbound.service";
	struct place *p = *state;
	struct containers *c;

	make_file(p, "sys/fs/cgroup/cgroup.controllers", "");
	make_folder(p, group);
	make_file(p, "proc/42/cgroup", "0::/system.slice/unbound.service\n");
	/* Whose number has been given to another: its group is not believed. */
	make_folder(p, "sys/fs/cgroup/system.slice/other.service");
	make_file(p, "proc/43/cgroup", "0::/system.slice/other.service\n");
	c = containers_new(p->root);
	assert_string_equal(containers_find(c, inode(p, group), 42, 100 * S)->container,
			    "unbound.service");
	containers_free(c);
	c = containers_new(p->root);
	assert_string_equal(containers_find(c, inode(p, group), 43, 100 * S)->container,
			    "unbound.service");
	containers_free(c);
}

static void an_unsure_name_is_looked_for_again(void **state)
{
	const char *group = "sys/fs/cgroup/docker/" ID;
	struct place *p = *state;
	struct containers *c;

	make_file(p, "sys/fs/cgroup/cgroup.controllers", "");
	make_folder(p, group);
	c = containers_new(p->root);
	assert_string_equal(containers_find(c, inode(p, group), 1, 100 * S)->container,
			    "0123456789ab");
	make_file(p, DOCKER, "{\"Name\":\"/late\"}");
	assert_string_equal(containers_find(c, inode(p, group), 1, 101 * S)->container,
			    "0123456789ab");
	assert_string_equal(containers_find(c, inode(p, group), 1, 102 * S)->container, "late");
	containers_free(c);
}

static void a_name_outlives_its_group(void **state)
{
	const char *group = "sys/fs/cgroup/docker/" ID;
	struct place *p = *state;
	struct containers *c;
	uint64_t id;

	make_file(p, "sys/fs/cgroup/cgroup.controllers", "");
	make_folder(p, group);
	make_file(p, DOCKER, "{\"Name\":\"/gone\"}");
	id = inode(p, group);
	c = containers_new(p->root);
	assert_string_equal(containers_find(c, id, 1, 100 * S)->container, "gone");
	assert_int_equal(unlinkat(p->fd, group, AT_REMOVEDIR), 0);
	assert_string_equal(containers_find(c, id, 1, 900 * S)->container, "gone");
	containers_free(c);
}

/* Version 1: the process's own word, if it is that process. */
static void version_1_knows_by_pid(void **state)
{
	static const char lines[] = "12:pids:/user.slice\n4:memory:/docker/" ID
				    "\n1:name=systemd:/system.slice/docker.service\n0::/\n";
	static const char old[] =
		"42 (a) b) (c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 0 20";
	struct place *p = *state;
	struct containers *c;
	struct timespec up;
	char young[200];

	clock_gettime(CLOCK_BOOTTIME, &up);
	snprintf(young, sizeof(young),
		 "43 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 %llu 2",
		 (unsigned long long)up.tv_sec * (unsigned long long)sysconf(_SC_CLK_TCK));
	make_folder(p, "sys/fs/cgroup/memory");
	make_file(p, DOCKER, "{\"Name\":\"/v1\"}");
	make_file(p, "proc/42/cgroup", lines);
	make_file(p, "proc/42/stat", old);
	make_file(p, "proc/43/cgroup", lines);
	make_file(p, "proc/43/stat", young);
	make_file(p, "proc/44/cgroup", lines);
	make_file(p, "proc/45/cgroup", "1:name=systemd:/system.slice/docker.service\n");
	make_file(p, "proc/45/stat", old);
	c = containers_new(p->root);
	assert_string_equal(containers_find(c, 1, 42, now_ns())->container, "v1");
	assert_string_equal(containers_find(c, 1, 45, now_ns())->container, "docker.service");
	/* It began after the message was sent; its age is not known; it is gone. */
	assert_string_equal(containers_find(c, 1, 43, now_ns() - 5 * S)->container, "");
	assert_string_equal(containers_find(c, 1, 44, now_ns())->container, "");
	assert_string_equal(containers_find(c, 1, 46, now_ns())->container, "");
	assert_string_equal(containers_find(c, 1, 0, now_ns())->container, "");
	containers_free(c);
}

/* Version 1, by the id of a group in one of its hierarchies. */
static void version_1_has_ids(void **state)
{
	const char *group = "sys/fs/cgroup/memory/docker/" ID;
	struct place *p = *state;
	struct containers *c;

	make_file(p, "sys/fs/cgroup/memory/cgroup.procs", "");
	make_folder(p, "sys/fs/cgroup/unified/system.slice/docker.service");
	make_folder(p, "sys/fs/cgroup/pids"); /* nothing is mounted there */
	make_folder(p, group);
	make_file(p, DOCKER, "{\"Name\":\"/v1\"}");
	c = containers_new(p->root);
	assert_int_equal(containers_hierarchy(c), CGROUPS_MEMORY);
	assert_string_equal(containers_find(c, inode(p, group), 42, 100 * S)->container, "v1");
	containers_free(c);

	/* Of the process, the line of that hierarchy counts. */
	make_file(p, "proc/42/cgroup",
		  "5:pids:/system.slice/ssh.service\n4:hugetlb,memory:/docker/" ID "\n0::/\n");
	c = containers_new(p->root);
	containers_find(c, 1ull << 60, 43, 100 * S); /* a walk, which is not done again soon */
	assert_string_equal(containers_find(c, inode(p, group), 42, 100 * S)->container, "v1");
	containers_free(c);

	make_file(p, "sys/fs/cgroup/pids/cgroup.procs", "");
	c = containers_new(p->root);
	assert_int_equal(containers_hierarchy(c), CGROUPS_PIDS);
	containers_free(c);
}

static int tell_kept(void *ctx, uint64_t cgroup, char *path, size_t size)
{
	(void)ctx;
	path[0] = '\0';
	return cgroup == 77 ? snprintf(path, size, "/docker/%s", ID) : 0;
}

static void a_group_that_is_gone_is_kept(void **state)
{
	struct place *p = *state;
	struct containers *c;

	make_file(p, "sys/fs/cgroup/cgroup.controllers", "");
	c = containers_new(p->root);
	assert_int_equal(containers_hierarchy(c), CGROUPS_V2);
	containers_ask(c, tell_kept, NULL);
	assert_string_equal(containers_find(c, 77, 42, 100 * S)->container, "0123456789ab");
	assert_string_equal(containers_find(c, 78, 42, 100 * S)->container, "");
	containers_free(c);
}

static void strings_have_their_keys(void **state)
{
	static const char text[] =
		"{\"a\":\"1\",\"b\":{\"c\":[\"2\",\"3\"]},\"d\" :\n \"\\\"4\\\\\"}";
	static const struct {
		const char *key, *value;
		unsigned depth;
	} want[] = { { "a", "1", 1 }, { "c", "2", 2 }, { "c", "3", 2 }, { "d", "\\\"4\\\\", 1 } };
	struct json_strings j;

	(void)state;
	json_strings_init(&j, text, sizeof(text) - 1);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_true(json_strings_next(&j));
		assert_true(json_text_is(&j.key, want[i].key));
		assert_true(json_text_is(&j.value, want[i].value));
		assert_int_equal(j.key_depth, want[i].depth);
	}
	assert_false(json_strings_next(&j));
	/* Cut anywhere, it ends without reading beyond. */
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		char *part = malloc(n ? n : 1);

		assert_non_null(part);
		memcpy(part, text, n);
		json_strings_init(&j, part, n);
		while (json_strings_next(&j))
			assert_true(j.value.len < n);
		free(part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_lie_on_the_disk),
		cmocka_unit_test(podman_has_pods),
		cmocka_unit_test_setup_teardown(containerd_has_tasks, make_place, remove_place),
		cmocka_unit_test(users_have_names_too),
		cmocka_unit_test_setup_teardown(a_fifo_does_not_hang, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_group_is_found_by_its_id, make_place,
						remove_place),
		cmocka_unit_test_setup_teardown(a_process_tells_faster, make_place, remove_place),
		cmocka_unit_test_setup_teardown(an_unsure_name_is_looked_for_again, make_place,
						remove_place),
		cmocka_unit_test_setup_teardown(a_name_outlives_its_group, make_place,
						remove_place),
		cmocka_unit_test_setup_teardown(version_1_knows_by_pid, make_place, remove_place),
		cmocka_unit_test_setup_teardown(version_1_has_ids, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_group_that_is_gone_is_kept, make_place,
						remove_place),
		cmocka_unit_test(strings_have_their_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
