#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Who asked: the right process, or none where it can't be known."""

import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import ROOT, Live, TempDirTest, main, must, run, wait_for

ASK = os.environ.get("ASK", os.path.join(ROOT, "build/out/tests/live/ask"))
WHY_NOT = net.why_not() or (None if os.path.exists(ASK) else "%s is not built" % ASK)

# Answers who-has after a while, so that what waits for it leaves while this
# process is in write() on the tap device; answers no DNS.
LATE_NEIGHBOUR = """
import fcntl, os, struct, sys, time
tap = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tap, 0x400454ca, struct.pack('16sH22x', b'tap0', 0x1002))
os.system('ip addr add 10.8.0.1/24 dev tap0; ip link set tap0 up')
mac = bytes([2, 0, 0, 0, 0, 2])
print('up', flush=True)
while True:
    frame = os.read(tap, 65536)
    if frame[12:14] != b'\\x08\\x06' or frame[20:22] != b'\\x00\\x01':
        continue
    time.sleep(float(sys.argv[1]))
    os.write(tap, frame[6:12] + mac + frame[12:20] + b'\\x00\\x02' + mac + frame[38:42]
             + frame[22:32])
"""

# Asks for "parent" and "childs" from one socket, in these two.
FORK_AND_SEND = """
import os, socket, sys
query = bytes.fromhex(sys.argv[1])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(query.replace(b'whowho', b'parent'), (sys.argv[2], 53))
child = os.fork()
s.sendto(query.replace(b'whowho', b'parent' if child else b'childs'), (sys.argv[2], 53))
if child:
    os.waitpid(child, 0)
    s.sendto(query.replace(b'whowho', b'parent'), (sys.argv[2], 53))
    print(os.getpid(), child)
"""


FORK_WHEN_TOLD = """
import os, socket, sys
sys.stdin.readline()
for i in range(100):
    if os.fork() == 0:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(bytes.fromhex(sys.argv[1]), ('127.0.0.1', 53))
        os._exit(0)
"""

# A container's root: $0/low below what is written, and nothing of the host's above.
INNER_ROOT = """
mount -t tmpfs none "$0/top"
mkdir "$0/top/upper" "$0/top/work" "$0/top/root"
mount -t overlay -o "lowerdir=$0/low,upperdir=$0/top/upper,workdir=$0/top/work" none "$0/top/root"
cd "$0/top/root"
mkdir old
pivot_root . old
exec /opt/inner "$@"
"""


# What dnstop is to see at /sys/fs/cgroup, in its own mount namespace.
SHOW_V1 = """
mount -t tmpfs none /sys/fs/cgroup
mkdir /sys/fs/cgroup/pids
mount --bind "$0" /sys/fs/cgroup/pids
exec "$@"
"""
SHOW_V2 = """
mount --bind "$0" /sys/fs/cgroup
exec "$@"
"""


def hierarchies(test):
    """(version, folder, how dnstop is started) for version 1 and 2 of cgroups, those that
    can be had, wherever this host has them."""
    found = []
    for version, kind, show in ("1", ["cgroup", "-o", "pids"], SHOW_V1), ("2", ["cgroup2"], SHOW_V2):
        place = test.path("cgroups" + version)
        os.makedirs(place)
        if run(["mount", "-t", *kind, "none", place]).returncode == 0:
            test.addCleanup(must, ["umount", place])
            found.append((version, place, ("unshare", "-m", "sh", "-ec", show, place)))
    if not found:
        test.skipTest("no cgroups")
    return found


class Groups:
    """A folder of cgroups that is removed with all in it."""

    def __init__(self, test, hierarchy):
        self.base = os.path.join(hierarchy, net.PREFIX)
        os.makedirs(self.base)
        test.addCleanup(self.remove, self.base)

    def make(self, path):
        os.makedirs(os.path.join(self.base, path))
        return os.path.join(self.base, path)

    def remove(self, group):
        for folder, _, _ in os.walk(group, topdown=False):
            wait_for("the group to be empty",
                     lambda: not open(folder + "/cgroup.procs").read())
            os.rmdir(folder)

    def run(self, group, argv):
        # From outside: `ip netns exec` has a /sys of its own.
        return must(["sh", "-ec", 'echo $$ > "$0/cgroup.procs"; exec "$@"', group, *argv])


def asked(name):
    """The pid that a name of ask's carries."""
    label = name.split(".")[0]
    return int(label[1:]) if label[:1] == "q" and label[1:].isdigit() else None


@unittest.skipIf(WHY_NOT, WHY_NOT)
class OwnerTest(TempDirTest):
    def here(self, name="o"):
        ns = net.Namespace(self, name)
        net.knot(self, ns, self.dir, ["127.0.0.1"])
        return ns

    def pair(self):
        a, b = net.Namespace(self, "a"), net.Namespace(self, "b")
        net.veth(a, "va", ["10.9.0.1/24"], b, "vb", ["10.9.0.2/24"])
        net.knot(self, b, self.dir, ["10.9.0.2"])
        return a, b

    def one(self, ns, select, *argv, prefix=(), n=1):
        """Runs a client; its pid, and the rows that match."""
        with Live("--timeout", "1", of=[ns]) as live:
            process = ns.popen(*argv, stdout=subprocess.PIPE, text=True)
            out = process.communicate(timeout=30)[0]
            live.wait_rows(n, select)
            rows, _ = live.stop()
        return process.pid, [row for row in rows if select(row)], out

    def judge(self, ns, rows, pids, least):
        """Each row by the name asked for: right, unknown or wrong."""
        right, unknown, wrong = 0, [], []
        for row in rows:
            pid = asked(row["qname"])
            if (row["pid"], row["comm"], row["uid"]) == (pid, "q%d" % pid, 0):
                right += 1
            elif row["pid"] is None:
                unknown.append(row)
            else:
                wrong.append(row)
        print("%d right, %d unknown, %d wrong of %d ..." % (right, len(unknown), len(wrong),
                                                          len(pids)), end=" ")
        self.assertEqual(wrong, [])
        self.assertEqual({asked(row["qname"]) for row in rows}, set(pids))
        self.assertEqual(len(rows), len(pids))
        self.assertGreaterEqual(right, least * len(pids), unknown[:2])

    def crowd(self, ns, how, count, server, least, *more):
        with Live("--timeout", "1", of=[ns]) as live:
            out = ns.must(ASK, how, str(count), server, *more)
            pids = [int(line.split()[0]) for line in out.splitlines()]
            live.wait_rows(count, lambda row: asked(row["qname"]))
            rows, stats = live.stop()
        self.assertEqual(stats["lost_ring"], 0)
        self.judge(ns, [row for row in rows if asked(row["qname"])], pids, least)

    def test_clients(self):
        """A process whose threads ask, one that asks by TCP, libc's resolver."""
        a, _ = self.pair()
        with open(self.path("resolv.conf"), "w") as conf:
            conf.write("nameserver 10.9.0.2\n")
        getaddrinfo = ("exec python3 -c 'import socket; "
                       "socket.getaddrinfo(\"gai.example\", 80)'")
        for name, comm, n, argv in (
                ("dig.example", "dig", 1, ["dig", "@10.9.0.2", "dig.example"]),
                ("dig-tcp.example", "dig", 1, ["dig", "+tcp", "@10.9.0.2", "dig-tcp.example"]),
                ("kdig.example", "kdig", 1, ["kdig", "+tcp", "@10.9.0.2", "kdig.example"]),
                ("big.example", "kdig", 1, ["kdig", "+tcp", "@10.9.0.2", "big.example", "TXT"]),
                ("gai.example", "python3", 2,
                 ["sh", "-c", "mount --bind %s /etc/resolv.conf; %s"
                  % (self.path("resolv.conf"), getaddrinfo)])):
            with self.subTest(name):
                pid, rows, _ = self.one(a, lambda row: row["qname"] == name, *argv, n=n)
                self.assertEqual([(row["pid"], row["comm"], row["uid"]) for row in rows],
                                 [(pid, comm, 0)] * n)

    def test_executable(self):
        """Of a process that is there to be looked at, and of those that are gone."""
        ns = self.here()
        query = ("1234" "0100" "0001" "000000000000" "03" + b"exe".hex() + "07"
                 + b"example".hex() + "00" "0001" "0001")
        code = ("import socket, sys\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                "s.sendto(bytes.fromhex(sys.argv[1]), ('127.0.0.1', 53))\nsys.stdin.read()\n")
        with Live(of=[ns]) as live:
            stays = subprocess.Popen(ns.argv(sys.executable, "-c", code, query),
                                     stdin=subprocess.PIPE)
            live.wait_rows(1, lambda row: row["qname"] == "exe.example")
            stays.communicate()
            ns.must(ASK, "all", "200", "127.0.0.1")
            live.wait_rows(200, lambda row: asked(row["qname"]))
            rows, _ = live.stop()
        self.assertEqual([(row["pid"], row["exe"]) for row in rows
                          if row["qname"] == "exe.example"],
                         [(stays.pid, os.path.realpath(sys.executable))])
        self.assertEqual({row["exe"] for row in rows if asked(row["qname"])},
                         {os.path.realpath(ASK)})

    def test_executables(self):
        """Of 1,000 processes that are gone at once, each by its own program, and before
        it as a fork of the one that made it: theirs, and never another's."""
        ns = self.here()
        for folder in ("bin", "jail/opt", "low/opt", "top"):
            os.makedirs(self.path(folder))
        for name in ("plain", "target", "interpreter", "gone", "f" * 200):
            shutil.copy(ASK, self.path("bin/" + name))
        for name in ("jail/opt/inner", "low/opt/inner"):
            shutil.copy(ASK, self.path(name))
        os.symlink("target", self.path("bin/link"))
        with open(self.path("bin/script"), "w") as script:
            script.write("#!%s one\n" % self.path("bin/interpreter"))
        os.chmod(self.path("bin/script"), 0o755)
        gone = os.open(self.path("bin/gone"), os.O_RDONLY)
        self.addCleanup(os.close, gone)
        os.unlink(self.path("bin/gone"))
        with open(os.memfd_create("placeless"), "wb") as memory, open(ASK, "rb") as program:
            memory.write(program.read())
            memory.flush()
            placeless = os.open("/proc/self/fd/%d" % memory.fileno(), os.O_RDONLY)
        self.addCleanup(os.close, placeless)
        here = {self.path("bin/plain"): self.path("bin/plain"),
                self.path("bin/link"): self.path("bin/target"),
                self.path("bin/script"): self.path("bin/interpreter"),
                self.path("bin/" + "f" * 200): self.path("bin/" + "f" * 200),
                "/proc/self/fd/%d" % gone: self.path("bin/gone") + " (deleted)",
                "/proc/self/fd/%d" % placeless: "/memfd:placeless (deleted)"}
        crowds = ((800, [ASK], os.path.realpath(ASK), here),
                  (100, ["chroot", self.path("jail"), "/opt/inner"], self.path("jail/opt/inner"),
                   {"/opt/inner": self.path("jail/opt/inner")}),
                  (100, ["unshare", "-m", "sh", "-ec", INNER_ROOT, self.path("")], "/opt/inner",
                   {"/opt/inner": "/opt/inner"}))
        want, running = {}, []
        with Live("--timeout", "1", of=[ns]) as live:
            for count, argv, before, programs in crowds:
                process = ns.popen(*argv, "each", str(count), "127.0.0.1", *programs,
                                   stdout=subprocess.PIPE, text=True, pass_fds=[gone, placeless])
                running.append((process, before, programs))
            for process, before, programs in running:
                for line in process.communicate(timeout=60)[0].splitlines():
                    pid, program = line.split()
                    want["f" + pid], want["q" + pid] = before, programs[program]
                self.assertEqual(process.returncode, 0)
            live.wait_rows(2000, lambda row: row["qname"].split(".")[0] in want)
            rows, stats = live.stop()
        got = {row["qname"].split(".")[0]: row["exe"] for row in rows}
        wrong = {name: (got[name], exe) for name, exe in want.items()
                 if got[name] not in (exe, None)}
        right = sum(got[name] == exe for name, exe in want.items())
        print("%d right, %d unknown, %d wrong of 2000 ..." % (
            right, 2000 - right - len(wrong), len(wrong)), end=" ")
        self.assertEqual(stats["lost_ring"], 0)
        self.assertEqual(wrong, {})
        self.assertGreaterEqual(right, 0.999 * 2000)

    def test_forks_of_an_older_process(self):
        """What ran before dnstop did, and has children that don't stay."""
        ns = self.here()
        query = ("1234" "0100" "0001" "000000000000" "03" + b"fff".hex() + "07"
                 + b"example".hex() + "00" "0001" "0001")
        older = ns.popen(sys.executable, "-c", FORK_WHEN_TOLD, query, stdin=subprocess.PIPE,
                         text=True)
        with Live("--timeout", "1", of=[ns]) as live:
            older.communicate("\n", timeout=30)
            live.wait_rows(100, lambda row: row["qname"] == "fff.example")
            rows, _ = live.stop()
        rows = [row for row in rows if row["qname"] == "fff.example"]
        self.assertEqual(len({row["pid"] for row in rows}), 100)
        self.assertEqual({row["exe"] for row in rows}, {os.path.realpath(sys.executable)})

    def test_who_answered(self):
        """The server's process, where it is on this host, by UDP and TCP; where it
        is not, none."""
        ns = net.Namespace(self, "s")
        server = net.knot(self, ns, self.dir, ["127.0.0.1"])
        for name, argv in (("udp.example", ["dig"]), ("tcp.example", ["dig", "+tcp"])):
            with self.subTest(name):
                _, rows, _ = self.one(ns, lambda row: row["qname"] == name, *argv, "@127.0.0.1",
                                      name)
                self.assertEqual([(row["server_pid"], row["server_comm"]) for row in rows],
                                 [(server.pid, "knotd")])
        net.stop(server)
        _, rows, _ = self.one(ns, lambda row: row["qname"] == "none.example", "dig", "+tries=1",
                              "+timeout=1", "@127.0.0.1", "none.example")
        self.assertEqual([(row["server_pid"], row["server_comm"]) for row in rows], [(None, None)])

    def test_another_user(self):
        ns = self.here()
        pid, rows, _ = self.one(ns, lambda row: row["qname"] == "uid.example", "setpriv",
                                "--reuid", "65534", "--clear-groups", "dig", "@127.0.0.1",
                                "uid.example")
        self.assertEqual([(row["pid"], row["uid"]) for row in rows], [(pid, 65534)])

    def test_1000_short_lived_processes(self):
        ns = self.here()
        self.crowd(ns, "all", 1000, "127.0.0.1", 0.999)

    def test_1000_over_veth(self):
        a, _ = self.pair()
        self.crowd(a, "all", 1000, "10.9.0.2", 0.999)

    def test_io_uring(self):
        """Who asked, or nobody: its system call does not name the socket."""
        ns = self.here()
        if run(ns.argv(ASK, "uring", "1", "127.0.0.1")).returncode == 77:
            self.skipTest("no io_uring")
        for how in "uring", "worker":
            with self.subTest(how):
                self.crowd(ns, how, 50, "127.0.0.1", 0)

    def test_flushed_neighbour(self):
        """Each one's query waits for its neighbour to answer."""
        a, b = self.pair()
        for how in ("sendto", "write", "tcp"):
            for ns in a, b:
                ns.must("ip", "neigh", "flush", "all")
            with self.subTest(how):
                self.crowd(a, how, 20, "10.9.0.2", 0.999)

    def late_neighbour(self, name, seconds):
        """A namespace with 10.8.0.2, which takes so long to say where it is."""
        ns = net.Namespace(self, name)
        neighbour = ns.popen(sys.executable, "-c", LATE_NEIGHBOUR, seconds,
                             stdout=subprocess.PIPE, text=True)
        self.addCleanup(neighbour.stdout.close)
        self.addCleanup(net.stop, neighbour)
        self.assertEqual(neighbour.stdout.readline(), "up\n")
        return ns

    @unittest.skipUnless(os.path.exists("/dev/net/tun"), "no /dev/net/tun")
    def test_neighbour_that_answers_late(self):
        """The query leaves in a system call of the process that answers the ARP
        request, when the one that asked is gone, or waits, or asks again."""
        for stays_ms in "0", "100":
            ns = self.late_neighbour("t" + stays_ms, "0.01")
            with Live("--timeout", "1", of=[ns]) as live:
                pids = []
                for i in range(60):
                    ns.must("ip", "neigh", "flush", "dev", "tap0")
                    how = ("sendto", "sendmsg", "send", "write")[i % 4]
                    out = ns.must(ASK, how, "1", "10.8.0.2", stays_ms)
                    pids.append(int(out.split()[0]))
                    wait_for("the neighbour", lambda: "lladdr" in ns.must("ip", "neigh"))
                live.wait_rows(len(pids), lambda row: asked(row["qname"]))
                rows, _ = live.stop()
            self.judge(ns, [row for row in rows if asked(row["qname"])], pids, 0.999)

    @unittest.skipUnless(os.path.exists("/dev/net/tun"), "no /dev/net/tun")
    def test_crowd_that_waits_for_a_neighbour(self):
        """Each processor's queries queue up behind those of the others."""
        ns = self.late_neighbour("w", "0.3")
        for _ in range(5):
            ns.must("ip", "neigh", "flush", "dev", "tap0")
            self.crowd(ns, "sendto", 90, "10.8.0.2", 0.999)

    def test_shared_socket(self):
        """Whoever of two processes sent it, not who had sent before."""
        ns = self.here()
        query = ("1234" "0100" "0001" "000000000000" "06" + b"whowho".hex() + "07"
                 + b"example".hex() + "00" "0001" "0001")
        _, rows, out = self.one(ns, lambda row: row["qname"].startswith("childs"),
                                sys.executable, "-c", FORK_AND_SEND, query, "127.0.0.1")
        parent, child = map(int, out.split())
        self.assertEqual([row["pid"] for row in rows], [child])
        self.assertNotEqual(parent, child)

    def test_containers(self):
        """Groups named as runtimes do, the processes in them gone at once."""
        a, _ = self.pair()
        digits = "%064x" % (os.getpid() * 0x1234567890abcdef)
        uid = "1a2b3c4d-0011-2233-4455-66778899aabb"
        for version, hierarchy, prefix in hierarchies(self):
            groups = Groups(self, hierarchy)
            for folder, container in (("docker-%s.scope" % digits, digits[:12]),
                                      ("kubepods/pod%s/%s" % (uid, digits[::-1]),
                                       digits[::-1][:12]),
                                      ("%s.service" % net.PREFIX, "%s.service" % net.PREFIX),
                                      ("plain", None)):
                group = groups.make(folder)
                with self.subTest(folder, version=version), \
                        Live("--timeout", "1", of=[a], prefix=prefix) as live:
                    out = groups.run(group, a.argv(ASK, "all", "100", "10.9.0.2"))
                    pids = [int(line.split()[0]) for line in out.splitlines()]
                    live.wait_rows(100, lambda row: asked(row["qname"]))
                    rows = [row for row in live.stop()[0] if asked(row["qname"])]
                    self.judge(a, rows, pids, 0.999)
                    self.assertEqual({row["container"] for row in rows}, {container})
                    self.assertEqual({row["pod"] for row in rows}, {None})

    def test_containers_gone(self):
        """Each process in a group of its own, which goes as soon as the process does."""
        ns = self.here()
        for version, hierarchy, prefix in hierarchies(self):
            groups, want = Groups(self, hierarchy), {}
            with self.subTest(version=version), \
                    Live("--timeout", "1", of=[ns], prefix=prefix) as live:
                for i in range(100):
                    name = "%064x" % ((i + 1) * 0x1234567890abcdef << 180 | os.getpid())
                    group = groups.make("docker-%s.scope" % name)
                    out = groups.run(group, ns.argv(ASK, "sendto", "1", "127.0.0.1"))
                    groups.remove(group)
                    want[int(out.split()[0])] = name[:12]
                live.wait_rows(100, lambda row: asked(row["qname"]))
                rows = [row for row in live.stop()[0] if asked(row["qname"])]
                self.assertEqual({asked(row["qname"]): row["container"] for row in rows}, want)


if __name__ == "__main__":
    main()
