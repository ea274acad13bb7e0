#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Real containers of the runtimes that are installed, by their names. Each engine runs
in a mount and a network namespace of its own, with nothing of this host's in it."""

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import ROOT, Live, TempDirTest, main, must, run, wait_for

ASK = os.environ.get("ASK", os.path.join(ROOT, "build/out/tests/live/ask"))
WHY_NOT = net.why_not() or (None if os.path.exists(ASK) else "%s is not built" % ASK)
IMAGE = "dnstop-test:1"

# Where engines keep things is empty; cgroups are there, of version 1 if 2 lacks controllers.
HOUSE = """
for place in /run /var/lib/docker /var/lib/containerd /var/lib/containers \
             /etc/containers/networks; do
    mkdir -p "$place"
    mount -t tmpfs none "$place"
done
umount /sys/fs/cgroup/unified 2>/dev/null || true
if ! ls /sys/fs/cgroup/cgroup.controllers /sys/fs/cgroup/pids/cgroup.procs >/dev/null 2>&1; then
    mount -t tmpfs none /sys/fs/cgroup
    for name in cpu cpuacct cpuset memory devices freezer blkio pids; do
        mkdir "/sys/fs/cgroup/$name"
        mount -t cgroup -o "$name" none "/sys/fs/cgroup/$name" || rmdir "/sys/fs/cgroup/$name"
    done
    mkdir /sys/fs/cgroup/systemd
    mount -t cgroup -o none,name=systemd none /sys/fs/cgroup/systemd
fi
echo up
exec sleep infinity
"""

# No more than this host's own limits, which a container's may not exceed everywhere.
PODMAN_CONF = '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'


def image(path):
    """An image with /bin/ask alone, as `docker save` writes it."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        for folder in "bin", "etc", "dev", "proc", "sys", "tmp", "run":
            info = tarfile.TarInfo(folder)
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(info)
        tar.add(ASK, "bin/ask")
    layer = layer.getvalue()
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    config = {"architecture": arch, "os": "linux", "config": {"Cmd": ["/bin/ask"]},
              "rootfs": {"type": "layers",
                         "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]}}
    manifest = [{"Config": "config.json", "RepoTags": [IMAGE], "Layers": ["layer.tar"]}]
    with tarfile.open(path, "w") as tar:
        for name, data in (("layer.tar", layer), ("config.json", json.dumps(config).encode()),
                           ("manifest.json", json.dumps(manifest).encode())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


class EngineTest(TempDirTest):
    def setUp(self):
        if WHY_NOT or not shutil.which(self.TOOL):
            self.skipTest(WHY_NOT or "no %s" % self.TOOL)
        super().setUp()
        self.ns = net.Namespace(self, "c")
        house = subprocess.Popen(["unshare", "-m", "sh", "-ec", HOUSE], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(house.stdout.close)
        self.addCleanup(net.stop, house)
        if house.stdout.readline() != "up\n":
            self.skipTest("no cgroups")
        self.prefix = ["nsenter", "--mount=/proc/%d/ns/mnt" % house.pid,
                       "--net=/run/netns/" + self.ns.name, "--wd=" + os.getcwd()]
        self.image = image(self.path("image.tar"))
        self.start()

    def inside(self, *args, **kw):
        return must([*self.prefix, *args], **kw)

    def daemon(self, *args):
        log = open(self.path(args[0] + ".log"), "w")
        self.addCleanup(log.close)
        process = subprocess.Popen([*self.prefix, *args], stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT)
        self.addCleanup(net.stop, process)
        return process

    def first(self, *args):
        """A container, or the reason why there can be none here."""
        done = run([*self.prefix, *args])
        if done.returncode:
            self.skipTest("%s runs no container here: %s" % (
                self.TOOL, (done.stderr.strip().splitlines() or ["?"])[-1]))

    def rows(self, runs, n=20):
        """Of containers by name, each with what runs it: n rows, all by its program."""
        with Live("--timeout", "1", prefix=self.prefix) as live:
            for argv in runs.values():
                self.inside(*argv)
            for name in runs:
                live.wait_rows(n, lambda row: row["container"] == name)
            rows, _ = live.stop()
        for name in runs:
            mine = [row for row in rows if row["container"] == name]
            self.assertEqual(len(mine), n, name)
            self.assertEqual({row["exe"] for row in mine}, {"/bin/ask"}, name)
            self.assertEqual({row["comm"][0] for row in mine}, {"q"}, name)
            self.assertNotIn(None, {row["pid"] for row in mine}, name)
        return rows


class PodmanTest(EngineTest):
    TOOL = "podman"

    def start(self):
        with open(self.path("containers.conf"), "w") as conf:
            conf.write(PODMAN_CONF)
        self.prefix += ["env", "CONTAINERS_CONF=" + self.path("containers.conf")]
        self.inside("podman", "load", "-i", self.image)
        self.first("podman", "run", "--rm", IMAGE, "/bin/ask", "sendto", "1", "127.0.0.1")

    def ask(self, name, *options, server="10.88.0.1"):
        return ["podman", "run", "--name", name, *options, IMAGE, "/bin/ask", "sendto", "20", server]

    def test_networks(self):
        """By its bridge, by the host's network, and of one that is removed at its end."""
        self.rows({"bridged": self.ask("bridged"),
                   "brief": self.ask("brief", "--rm"),
                   "hosts": self.ask("hosts", "--network", "host", server="127.0.0.1")})

    def test_pod(self):
        done = run([*self.prefix, "podman", "pod", "create", "--name", "shop"])
        if done.returncode or run([*self.prefix, "podman", "pod", "start", "shop"]).returncode:
            self.skipTest("podman has no pods here: " + done.stderr.strip())
        self.addCleanup(run, [*self.prefix, "podman", "pod", "rm", "-f", "-t", "0", "shop"])
        rows = self.rows({"web": self.ask("web", "--pod", "shop"), "alone": self.ask("alone")})
        self.assertEqual({(row["container"], row["pod"]) for row in rows if row["container"]},
                         {("web", "shop"), ("alone", None)})

    def test_resolver(self):
        """aardvark-dns, at the gateway of networks with names, and what it asks others."""
        with open(self.path("resolv.conf"), "w") as conf:
            conf.write("nameserver 127.0.0.9\n")
        self.inside("mount", "--bind", self.path("resolv.conf"), "/etc/resolv.conf")
        net.knot(self, self.ns, self.dir, ["127.0.0.9"])
        self.inside("podman", "network", "create", "--subnet", "10.77.1.0/24", "own")
        if not shutil.which("aardvark-dns") and not os.path.exists("/usr/lib/podman/aardvark-dns"):
            self.skipTest("no aardvark-dns")
        rows = self.rows({"user": ["podman", "run", "--name", "user", "--network", "own", IMAGE,
                                   "/bin/ask", "sendto", "20", "10.77.1.1", "2000"]})
        asked = {row["row"]: row for row in rows if row["container"] == "user"}
        self.assertEqual({(row["server"], row["state"], row["server_comm"])
                          for row in asked.values()}, {("10.77.1.1", "answered", "aardvark-dns")})
        caused = [row for row in rows if row["server"] == "127.0.0.9"]
        self.assertEqual({row["parent"] for row in caused}, set(asked))


class DockerTest(EngineTest):
    TOOL = "dockerd"

    def start(self):
        self.daemon("dockerd")
        try:
            wait_for("dockerd", lambda: run([*self.prefix, "docker", "version"]).returncode == 0)
        except AssertionError:
            with open(self.path("dockerd.log")) as log:
                self.skipTest("dockerd does not run here: " + log.read().splitlines()[-1])
        self.inside("docker", "load", "-i", self.image)
        self.first("docker", "run", "--rm", IMAGE, "/bin/ask", "sendto", "1", "127.0.0.1")

    def ask(self, name, *options, server="172.17.0.1"):
        return ["docker", "run", "--name", name, *options, IMAGE, "/bin/ask", "sendto", "20", server]

    def test_networks(self):
        self.rows({"bridged": self.ask("bridged"),
                   "brief": self.ask("brief", "--rm"),
                   "hosts": self.ask("hosts", "--network", "host", server="127.0.0.1")})

    def test_resolver(self):
        """Docker's 127.0.0.11, which asks others: in the rows that it was asked, and by
        whom, with what it asked under them."""
        self.inside("docker", "network", "create", "--subnet", "172.30.77.0/24", "own")
        net.knot(self, self.ns, self.dir, ["172.30.77.1"])
        rows = self.rows({"user": ["docker", "run", "--name", "user", "--network", "own", "--dns",
                                   "172.30.77.1", IMAGE, "/bin/ask", "sendto", "20",
                                   "127.0.0.11", "2000"]})
        asked = {row["row"]: row for row in rows if row["container"] == "user"}
        self.assertEqual({(row["server"], row["server_port"], row["state"], row["server_comm"])
                          for row in asked.values()},
                         {("127.0.0.11", 53, "answered", "dockerd")})
        caused = [row for row in rows if row["server"] == "172.30.77.1"
                  and row["comm"] == "dockerd"]
        self.assertEqual({row["parent"] for row in caused}, set(asked))
        self.assertEqual([row["qname"] for row in caused],
                         [asked[row["parent"]]["qname"] for row in caused])


class ContainerdTest(EngineTest):
    TOOL = "ctr"

    def start(self):
        self.daemon("containerd")
        try:
            wait_for("containerd", lambda: run([*self.prefix, "ctr", "version"]).returncode == 0)
        except AssertionError:
            with open(self.path("containerd.log")) as log:
                self.skipTest("containerd does not run here: " + log.read().splitlines()[-1])
        self.inside("ctr", "image", "import", self.image)
        self.first(*self.ask("first"))

    def ask(self, name):
        return ["ctr", "run", "--rm", "--net-host", "docker.io/library/" + IMAGE, name,
                "/bin/ask", "sendto", "20", "127.0.0.1"]

    def test_names(self):
        self.rows({"web": self.ask("web"), "a.b-c": self.ask("a.b-c")})


del EngineTest

if __name__ == "__main__":
    main()
