/* SPDX-License-Identifier: BSD-2-Clause */
/* Which container a cgroup's path names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/enrich/cgroup_path.h"

#define ID  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID2 "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define UID "1a2b3c4d-0011-2233-4455-66778899aabb"
#define U_D "1a2b3c4d_0011_2233_4455_66778899aabb"
#define HEX "00112233445566778899aabbccddeeff"

static const struct {
	const char *path, *id, *pod, *name;
} cases[] = {
	/* docker, both drivers, in a slice of one's own, with systemd inside */
	{ "/docker/" ID, ID, "", "" },
	{ "/system.slice/docker-" ID ".scope", ID, "", "" },
	{ "/my.slice/docker-" ID ".scope/init.scope", ID, "", "" },
	{ "/docker/" ID "/system.slice/ssh.service", ID, "", "" },
	{ "/docker/buildx/docker-" ID ".scope", ID, "", "" },
	/* containerd: nerdctl, ctr */
	{ "/default/" ID, ID, "", "" },
	{ "/system.slice/nerdctl-" ID ".scope", ID, "", "" },
	/* podman, as root and not, and its monitor */
	{ "/machine.slice/libpod-" ID ".scope", ID, "", "" },
	{ "/machine.slice/libpod-" ID ".scope/container", ID, "", "" },
	{ "/libpod_parent/libpod-" ID, ID, "", "" },
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope/container",
	  ID, "", "" },
	{ "/machine.slice/libpod-conmon-" ID ".scope", "", "", "" },
	/* Kubernetes */
	{ "/kubepods/burstable/pod" UID "/" ID, ID, UID, "" },
	{ "/kubepods/pod" UID "/" ID, ID, UID, "" },
	{ "/kubepods/besteffort/pod" UID "/crio-" ID, ID, UID, "" },
	{ "/kubepods/besteffort/pod" UID "/crio-conmon-" ID, "", UID, "" },
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" U_D
	  ".slice/cri-containerd-" ID ".scope",
	  ID, UID, "" },
	{ "/kubepods.slice/kubepods-pod" U_D ".slice/crio-" ID ".scope", ID, UID, "" },
	{ "/kubepods.slice/kubepods-pod" U_D ".slice/docker-" ID ".scope", ID, UID, "" },
	{ "/kubepods/burstable/pod" HEX "/" ID, ID, HEX, "" },
	{ "/kubepods/burstable/pod" UID, "", UID, "" },
	/* systemd's names by cgroupfs */
	{ "/system.slice/containerd.service/kubepods-burstable-pod" U_D ".slice:cri-containerd:" ID,
	  ID, UID, "" },
	{ "/system.slice/containerd.service/kubepods-pod" U_D ".slice:cri-containerd:" ID "/child",
	  ID, UID, "" },
	{ "/system.slice:docker:" ID, ID, "", "" },
	/* k3s: with its own unit above, in docker (k3d), as a user's own service */
	{ "/system.slice/k3s.service/kubepods.slice/kubepods-pod" U_D ".slice/cri-containerd-" ID
	  ".scope",
	  ID, UID, "" },
	{ "/system.slice/k3s.service", "", "", "k3s.service" },
	{ "/docker/" ID2 "/kubepods/besteffort/pod" UID "/" ID, ID, UID, "" },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/k3s-rootless.service/kubepods/pod" UID
	  "/" ID,
	  ID, UID, "" },
	/* kind by systemd's driver, podman's pods, docker without root */
	{ "/system.slice/docker-" ID2 ".scope/kubelet.slice/kubelet-kubepods.slice/"
	  "kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod" U_D
	  ".slice/cri-containerd-" ID ".scope",
	  ID, UID, "" },
	{ "/machine.slice/machine-libpod_pod_" ID2 ".slice/libpod-" ID ".scope/container", ID, "",
	  "" },
	{ "/user.slice/user-1000.slice/user@1000.service/user-libpod_pod_" ID2 ".slice/libpod-" ID
	  ".scope",
	  ID, "", "" },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/docker-" ID ".scope", ID, "",
	  "" },
	/* CRI-O with cgroups of version 2, OpenShift's nodes; the pod's own conmon */
	{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" U_D ".slice/crio-" ID
	  ".scope/container",
	  ID, UID, "" },
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" U_D
	  ".slice/crio-conmon-" ID ".scope",
	  "", UID, "" },
	{ "/system.slice/crio-conmon-" ID ".scope", "", "", "" },
	{ "/system.slice/crio.service", "", "", "crio.service" },
	/* static pods have a hash for a UID, with either driver */
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" HEX
	  ".slice/cri-containerd-" ID ".scope",
	  ID, HEX, "" },
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" HEX ".slice/crio-" ID
	  ".scope",
	  ID, HEX, "" },
	{ "/system.slice/containerd.service/kubepods-burstable-pod" HEX ".slice:cri-containerd:" ID,
	  ID, HEX, "" },
	{ "/kubepods-besteffort-pod" U_D ".slice:cri-containerd:" ID, ID, UID, "" },
	/* the kubelet with --cgroup-root, and without a group for each quality of service */
	{ "/k8s/kubepods/burstable/pod" UID "/" ID, ID, UID, "" },
	{ "/k8s.slice/k8s-kubepods.slice/k8s-kubepods-pod" U_D ".slice/crio-" ID ".scope", ID, UID,
	  "" },
	{ "/k8s.io/" ID, ID, "", "" },
	{ "/system.slice/cri-containerd-" ID ".scope", ID, "", "" },
	/* minikube: docker's, podman's without root; ECS; buildkit's; garden and others: none */
	{ "/docker/" ID2 "/kubepods/besteffort/pod" UID "/" ID, ID, UID, "" },
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID2
	  ".scope/container/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" U_D
	  ".slice/cri-containerd-" ID ".scope",
	  ID, UID, "" },
	{ "/libpod_parent/libpod-" ID2 "/kubepods/burstable/pod" UID "/crio-" ID, ID, UID, "" },
	{ "/ecs/0123456789abcdef/" ID, ID, "", "" },
	{ "/ecs/cluster/0123456789abcdef/" ID, ID, "", "" },
	/* podman's pods by cgroupfs, what it calls by a user's systemd */
	{ "/libpod_parent/" ID2 "/libpod-" ID, ID, "", "" },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/web.service/libpod-payload-" ID,
	  ID, "", "" },
	{ "/system.slice/web.service/libpod-payload-" ID, ID, "", "" },
	/* kind: a node that is a container, a pod in it */
	{ "/docker/" ID2 "/kubelet.slice/kubelet-kubepods.slice/kubepods-pod" U_D
	  ".slice/cri-containerd-" ID ".scope",
	  ID, UID, "" },
	{ "/docker/" ID "/kubelet/kubepods/pod" UID, "", UID, "" },
	{ "/docker/" ID "/docker/" ID2, ID2, "", "" },
	/* LXC, nspawn, libvirt */
	{ "/lxc/web", "", "", "web" },
	{ "/lxc.payload.web/system.slice/nginx.service", "", "", "web" },
	{ "/machine.slice/machine-deb\\x2d12.scope", "", "", "deb-12" },
	{ "/machine.slice/systemd-nspawn@deb.service/payload", "", "", "deb" },
	{ "/machine.slice/systemd-nspawn@deb.service/payload/system.slice/ssh.service", "", "",
	  "deb" },
	{ "/system.slice/build.service/payload/system.slice/ssh.service", "", "", "build.service" },
	{ "/payload/system.slice/ssh.service", "", "", "" },
	/* systemd units */
	{ "/system.slice/unbound.service", "", "", "unbound.service" },
	{ "/system.slice/system-getty.slice/getty@tty1.service", "", "", "getty@tty1.service" },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox.service", "", "",
	  "app-firefox.service" },
	/* nothing */
	{ "", "", "", "" },
	{ "/", "", "", "" },
	{ "/init.scope", "", "", "" },
	{ "/user.slice/user-1000.slice/session-2.scope", "", "", "" },
	{ "/.service", "", "", "" },
	{ "/lxc.payload.", "", "", "" },
	{ "/machine-.scope", "", "", "" },
	{ "/lxc", "", "", "" },
	{ "/docker/" HEX, "", "", "" },
	{ "/docker/0" ID, "", "", "" },
	{ "/docker/" HEX "0123456789ABCDEF0123456789ABCDEF", "", "", "" },
	{ "/kubepods/pod1a2b3c4d-0011-2233-4455_66778899aab", "", "", "" },
	{ "/kubepods/pod1a2b3c4d-0011-2233-4455-66778899aabX", "", "", "" },
	{ "/kubepods/pod", "", "", "" },
	{ "/kubepods-.slice", "", "", "" },
	{ "/kubepods-pod.slice", "", "", "" },
	{ "/../..", "", "", "" },
	{ "/kubepods.slice:cri-containerd:" HEX, "", "", "" },
	{ "/a.slice:cri:0" ID, "", "", "" },
	{ "/:" HEX HEX "::", "", "", "" },
	/* relative to a namespace that is not ours */
	{ "/../docker-" ID ".scope", ID, "", "" },
};

static void paths_are_understood(void **state)
{
	struct cgroup_path got;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].path);
		/* Of the very size, so that a sanitizer sees reads beyond. */
		char *path = malloc(len ? len : 1);
		bool found;

		assert_non_null(path);
		memcpy(path, cases[i].path, len);
		found = cgroup_path_parse(path, len, &got);
		free(path);
		if (strcmp(got.id, cases[i].id) || strcmp(got.pod, cases[i].pod) ||
		    strcmp(got.name, cases[i].name))
			fail_msg("%s: \"%s\" \"%s\" \"%s\"", cases[i].path, got.id, got.pod,
				 got.name);
		assert_int_equal(found, *cases[i].id || *cases[i].pod || *cases[i].name);
	}
}

static void users_are_told_by_their_slices(void **state)
{
	static const struct {
		const char *path;
		uint32_t uid;
	} users[] = {
		{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope",
		  1000 },
		{ "/user.slice/user-1000.slice/user@1000.service/app.slice/k3s.service/kubepods/pod" UID
		  "/" ID,
		  1000 },
		{ "/user.slice/user-4294967294.slice/x.service", 0 },
		{ "/user.slice/user-70000.slice/x.service", 70000 },
		{ "/user.slice/user-.slice/x.service", 0 },
		{ "/user.slice/user-1x.slice/x.service", 0 },
		{ "/system.slice/x.service", 0 },
		/* it is somebody's in the container */
		{ "/docker/" ID "/user.slice/user-1000.slice/x.service", 0 },
	};
	struct cgroup_path got;

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		assert_true(cgroup_path_parse(users[i].path, strlen(users[i].path), &got));
		assert_int_equal(got.uid, users[i].uid);
	}
}

static void what_is_left_may_be_a_task(void **state)
{
	static const struct {
		const char *path, *task;
	} tasks[] = {
		{ "/default/web", "default/web" },
		{ "/sys/fs/cgroup/pids/default/web", "default/web" },
		{ "/web", "" },
		{ "/../web", "" },
		{ "/default/", "" },
		{ "//web", "" },
		{ "", "" },
		{ "/default/" ID, "" },
		{ "/system.slice/ssh.service", "" },
		{ "/machine.slice/libpod-conmon-" ID ".scope", "" },
	};
	struct cgroup_path got;

	(void)state;
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
		cgroup_path_parse(tasks[i].path, strlen(tasks[i].path), &got);
		assert_string_equal(got.task, tasks[i].task);
	}
}

static void a_group_that_is_gone_had_a_container(void **state)
{
	static const char scope[] = "/sys/fs/cgroup/docker-" ID ".scope (deleted)";
	struct cgroup_path got;

	(void)state;
	assert_true(cgroup_path_parse(scope, strlen(scope), &got));
	assert_string_equal(got.id, ID);
	assert_true(cgroup_path_parse("/ssh.service (deleted)", 22, &got));
	assert_string_equal(got.name, "ssh.service");
	assert_false(cgroup_path_parse("/default/web (deleted)", 22, &got));
	assert_string_equal(got.task, "default/web");
	assert_false(cgroup_path_parse(" (deleted)", 10, &got));
	assert_false(cgroup_path_parse("(deleted)", 9, &got));
}

static void a_long_unit_is_left_out(void **state)
{
	char path[400] = "/";
	struct cgroup_path got;

	(void)state;
	memset(path + 1, 'x', 300);
	memcpy(path + 301, ".service", 9);
	assert_false(cgroup_path_parse(path, strlen(path), &got));
	memcpy(path, "/lxc/", 5);
	assert_true(cgroup_path_parse(path, strlen(path), &got));
	assert_int_equal(strlen(got.name), sizeof(got.name) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_understood),
		cmocka_unit_test(users_are_told_by_their_slices),
		cmocka_unit_test(what_is_left_may_be_a_task),
		cmocka_unit_test(a_group_that_is_gone_had_a_container),
		cmocka_unit_test(a_long_unit_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
