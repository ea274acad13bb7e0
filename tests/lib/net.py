# SPDX-License-Identifier: BSD-2-Clause
"""Real networks for the live tests: namespaces, veth pairs, servers."""

import os
import re
import shutil
import struct
import subprocess
import textwrap

from harness import must, run, wait_for

PREFIX = "dnstop%d" % (os.getpid() % 100000)


def why_not():
    """Why live tests can't run here, or None."""
    if os.geteuid() != 0:
        return "not root"
    if not os.path.exists("/sys/kernel/btf/vmlinux"):
        return "a kernel without BTF"
    for tool in ("ip", "knotd", "unbound", "dig", "dnsperf", "tcpdump", "tshark"):
        if not shutil.which(tool):
            return "no %s" % tool
    return None


class Namespace:
    ours = set()  # inodes of all that were made; what else the host does is not ours

    def __init__(self, test, name):
        self.name = PREFIX + name
        must(["ip", "netns", "add", self.name])
        test.addCleanup(run, ["ip", "netns", "del", self.name])
        self.must("ip", "link", "set", "lo", "up")
        Namespace.ours.add(self.inode())

    def argv(self, *args):
        return ["ip", "netns", "exec", self.name, *args]

    def must(self, *args, **kw):
        return must(self.argv(*args), **kw)

    def popen(self, *args, **kw):
        kw.setdefault("stdin", subprocess.DEVNULL)
        kw.setdefault("stdout", subprocess.DEVNULL)
        kw.setdefault("stderr", subprocess.DEVNULL)
        return subprocess.Popen(self.argv(*args), **kw)

    def inode(self):
        return os.stat("/run/netns/" + self.name).st_ino


def veth(a, a_name, a_addrs, b, b_name, b_addrs):
    """A veth pair between two namespaces, its addresses usable at once."""
    must(["ip", "link", "add", a_name, "netns", a.name, "type", "veth",
          "peer", "name", b_name, "netns", b.name])
    for ns, name, addrs in ((a, a_name, a_addrs), (b, b_name, b_addrs)):
        for addr in addrs:
            extra = ["nodad"] if ":" in addr else []
            ns.must("ip", "addr", "add", addr, "dev", name, *extra)
        ns.must("ip", "link", "set", name, "up")


def stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(ns, address, name):
    done = run(ns.argv("dig", "+tries=1", "+timeout=1", "@" + address, name))
    return done.returncode == 0 and "status: " in done.stdout


ZONE = """\
    $ORIGIN example.
    $TTL 300
    @ SOA ns hostmaster 1 3600 600 86400 60
    @ NS ns
    ns A 192.0.2.53
    mail MX 10 mx.example.
    big TXT %s
    * A 192.0.2.1
    * AAAA 2001:db8::1
    """


def processors_rounded_up():
    """The power of two, 2 at least, that is no less than the number of processors there may be."""
    with open("/sys/devices/system/cpu/possible") as ranges:
        last = int(re.findall(r"\d+", ranges.read())[-1])
    return max(2, 1 << last.bit_length())


def large_zone(n):
    """The text of a zone `large` with n records, about 220 n bytes on the wire."""
    return ("$ORIGIN large.\n$TTL 300\n@ SOA ns.large. hostmaster.large. 1 3600 600 86400 60\n@ NS ns.large.\n" +
            "".join('t%d TXT "%s"\n' % (i, "x" * 200) for i in range(n)))


def knot(test, ns, directory, addresses, zones=(), asked=None):
    """An authoritative server: *.example exists, "no.mail.example" does not,
    other zones are refused, and big.example takes some 3,600 bytes. More zones:
    (name, text). An address may have a port, "a@p"; asked: where it is reached, if not there."""
    base = os.path.join(directory, "knot-" + ns.name)
    os.makedirs(base)
    texts = " ".join('"%s"' % ("%03d" % i + "x" * 200) for i in range(17))
    with open(base + "/example.zone", "w") as zone:
        zone.write(textwrap.dedent(ZONE) % texts)
    for name, text in zones:
        with open(base + "/%s.zone" % (name or "root"), "w") as zone:
            zone.write(textwrap.dedent(text))
    with open(base + "/knot.conf", "w") as conf:
        conf.write("server:\n  rundir: %s\n  udp-max-payload: 4096\n" % base)
        conf.write("".join("  listen: %s\n" % (a if "@" in a else a + "@53") for a in addresses))
        conf.write("database:\n  storage: %s\n" % base)
        conf.write("acl:\n  - id: anyone\n    action: transfer\n")
        conf.write("template:\n  - id: default\n    acl: anyone\n    storage: %s\n    journal-content: none\n" % base)
        conf.write("    zonefile-sync: -1\n")
        conf.write("zone:\n  - domain: example\n    file: example.zone\n")
        conf.write("".join("  - domain: %s.\n    file: %s.zone\n" % (name, name or "root")
                           for name, _ in zones))
    process = ns.popen("knotd", "-c", base + "/knot.conf", stdout=open(base + "/log", "w"),
                       stderr=subprocess.STDOUT)
    test.addCleanup(stop, process)
    for address in asked or addresses:
        try:
            wait_for("knot at " + address, lambda: answers(ns, address, "a.example"))
        except AssertionError:
            raise AssertionError(open(base + "/log").read()) from None
    return process


def unbound(test, ns, directory, address, forward):
    """A resolver that forwards example. to another server."""
    base = os.path.join(directory, "unbound-" + ns.name)
    os.makedirs(base)
    with open(base + "/unbound.conf", "w") as conf:
        conf.write(textwrap.dedent("""\
            server:
              interface: %s
              access-control: 0.0.0.0/0 allow
              username: ""
              chroot: ""
              directory: "%s"
              pidfile: "%s/pid"
              use-syslog: no
              logfile: "%s/log"
              do-daemonize: no
              module-config: "iterator"
              do-not-query-localhost: no
            remote-control:
              control-enable: no
            forward-zone:
              name: "example"
              forward-addr: %s
            """) % (address, base, base, base, forward))
    process = ns.popen("unbound", "-d", "-c", base + "/unbound.conf")
    test.addCleanup(stop, process)
    wait_for("unbound at " + address, lambda: answers(ns, address, "a.example"))
    return process


def tcpdump(test, ns, interface, path, *expression):
    """A capture to a file, running when this returns. A short snap length makes room for
    60,000 packets in its ring, however slow it is; tcpdump must not be what loses them."""
    process = ns.popen("tcpdump", "-i", interface, "-U", "-s", "1000", "--immediate-mode", "-B", "65536",
                       "-w", path, *(expression or ("port", "53")), stderr=subprocess.PIPE, text=True)
    test.addCleanup(process.stderr.close)
    test.addCleanup(stop, process)
    for line in process.stderr:
        if "listening on" in line:
            break
    return process


def captured(path):
    """How many packets tcpdump has written to a file so far, each whole."""
    with open(path, "rb") as file:
        data = file.read()
    n, at = 0, 24
    while at + 16 <= len(data):
        at += 16 + struct.unpack_from("=I", data, at + 8)[0]
        n += at <= len(data)
    return n


def stop_tcpdump(process, path, least):
    """Ends it once it has written so many packets: what it has not read then is left."""
    wait_for("%d packets in %s" % (least, path), lambda: captured(path) >= least)
    stop(process)
