#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The bpf source by itself: every packet at every hook, with the right flags
and bytes. What the tracker makes of it is tested in test_live.py."""

import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
import packets
from harness import ROOT, TempDirTest, main, must, run, wait_for

SMOKE = os.environ.get("BPF_SMOKE", os.path.join(ROOT, "build/out/tests/live/bpf_smoke"))
WHY_NOT = net.why_not() or (None if os.path.exists(SMOKE) else "%s is not built" % SMOKE)
A4, B4, A6, B6 = "10.9.0.1", "10.9.0.2", "fd09::1", "fd09::2"


# Classic tracepoints are found in tracefs; a mount of one's own leaves the host as it is.
TRACEFS = ["unshare", "-m", "sh", "-c",
           'test -d /sys/kernel/tracing/events || mount -t tracefs tracefs /sys/kernel/tracing; '
           'exec "$@"', "sh"]


class Watch:
    """bpf_smoke, running from here to stop()."""

    def __init__(self, *args, prefix=(), way=None, quiet=False, servers=None,
                 first_only=False):
        env = dict(os.environ)
        if way is not None:
            env["BPF_SMOKE_WAY"] = str(way)
        if servers:
            env["BPF_SMOKE_SERVERS"] = servers
        if first_only:
            env["BPF_SMOKE_FIRST_ONLY"] = "1"
        if quiet:
            env["BPF_SMOKE_QUIET"] = "1"
        self.process = subprocess.Popen([*prefix, *TRACEFS, SMOKE, "0", *args],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=env)
        line = self.process.stderr.readline()
        if not line.startswith("ready"):
            raise AssertionError(line)
        self.notice = line[6:].strip()
        self.output = ""
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        self.output = self.process.stdout.read()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        # A name of a process is raw bytes.
        lines = [json.loads(line, strict=False) for line in self.output.split("\n") if line]
        self.inventory = [line for line in lines if "kind" in line]
        lines = [line for line in lines if "kind" not in line]
        # The host's own DNS goes on while the tests run.
        return [m for m in lines[:-1] if m["netns"] in net.Namespace.ours], lines[-1]["stats"]


def total(wire):
    """The check that bpf_smoke makes of every byte."""
    value = 0
    for byte in wire:
        value = (value * 31 + byte) & 0xffffffff
    return value


def places(seen):
    return sorted((m["netns"], m["ifname"], m["dir"], m["origin"]) for m in seen)


class Sender:
    """Sends made-up IP packets out of a namespace, as they are."""

    CODE = """
import socket, sys
for line in sys.stdin:
    family, target, raw, protocol = line.split()
    if family == "4":
        s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    else:
        s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    s.sendto(bytes.fromhex(raw), (target, 0))
"""

    @staticmethod
    def send(ns, target, *raw):
        family = "6" if ":" in target else "4"
        text = "".join("%s %s %s 0\n" % (family, target, r.hex()) for r in raw)
        subprocess.run(ns.argv(sys.executable, "-c", Sender.CODE), input=text, text=True, check=True)


def ipv4(payload, proto=17, options=b"", ip_id=1, fragment=0):
    head = struct.pack("!BBHHHBBH4s4s", 0x40 | 5 + len(options) // 4, 0,
                       20 + len(options) + len(payload), ip_id, fragment, 64, proto, 0,
                       socket.inet_aton(A4), socket.inet_aton(B4)) + options
    return head[:10] + struct.pack("!H", packets.checksum(head)) + head[12:] + payload


def ipv6(payload, proto):
    return struct.pack("!IHBB16s16s", 0x60000000, len(payload), proto, 64,
                       socket.inet_pton(socket.AF_INET6, A6),
                       socket.inet_pton(socket.AF_INET6, B6)) + payload


def udp(payload, sport=4242, dport=53):
    return struct.pack("!4H", sport, dport, 8 + len(payload), 0) + payload


def udp6(payload, sport, dport):
    """With a checksum, without which a kernel throws it away."""
    head = udp(payload, sport, dport)
    pseudo = socket.inet_pton(socket.AF_INET6, A6) + socket.inet_pton(socket.AF_INET6, B6) + \
        struct.pack("!II", len(head), 17)
    return head[:6] + struct.pack("!H", packets.checksum(pseudo + head) or 0xffff) + head[8:]


class Case(TempDirTest):
    WAY = None  # the program chooses
    PIECES = True

    def watch(self, *args, **kw):
        return Watch(*args, way=self.WAY, **kw)

    def pair(self):
        a, b = net.Namespace(self, "a"), net.Namespace(self, "b")
        net.veth(a, "va", [A4 + "/24", A6 + "/64"], b, "vb", [B4 + "/24", B6 + "/64"])
        # Packets that wait for a neighbour would come after the test.
        for ns, device, other, there, addresses in ((a, "va", b, "vb", (B4, B6)),
                                                    (b, "vb", a, "va", (A4, A6))):
            mac = other.must("cat", "/sys/class/net/%s/address" % there).strip()
            for address in addresses:
                ns.must("ip", "neigh", "replace", address, "lladdr", mac, "dev", device)
        return a, b

    def seen(self, watch, **want):
        """What was seen that has these values, and the stats, in which nothing is lost."""
        messages, stats = watch.stop()
        self.assertEqual(stats["lost_ring"], 0)
        return [m for m in messages if all(m[k] == v for k, v in want.items())], stats


class Linear:
    """What lies in one piece: every way."""

    def test_udp_loopback(self):
        a = net.Namespace(self, "a")
        net.knot(self, a, self.dir, ["127.0.0.1", "::1"])
        for server in ("127.0.0.1", "::1"):
            watch = self.watch()
            a.must("dig", "+tries=1", "+noedns", "@" + server, "lo.example")
            messages, _ = self.seen(watch, netns=a.inode())
            for qr in (0, 1):
                half = [m for m in messages if m["qr"] == qr]
                self.assertEqual([(m["dir"], m["origin"]) for m in half],
                                 [("out", True), ("in", False)], server)
                self.assertEqual({m["ifname"] for m in half}, {"lo"})
                self.assertEqual(len({(m["sum"], m["len"], m["id"]) for m in half}), 1)
                self.assertLess(half[0]["ts_ns"], half[1]["ts_ns"])
            self.assertLess(abs(messages[0]["ts_ns"] / 1e9 - time.time()), 30)

    def test_udp_veth(self):
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4, B6])
        for server in (B4, B6):
            watch = self.watch()
            a.must("dig", "+tries=1", "@" + server, "veth.example")
            messages, _ = self.seen(watch)
            messages = [m for m in messages if m["netns"] in (a.inode(), b.inode())]
            query = [m for m in messages if not m["qr"]]
            answer = [m for m in messages if m["qr"]]
            self.assertEqual(places(query), sorted([(a.inode(), "va", "out", True),
                                                    (b.inode(), "vb", "in", False)]))
            self.assertEqual(places(answer), sorted([(b.inode(), "vb", "out", True),
                                                     (a.inode(), "va", "in", False)]))

    def test_further_sightings_are_counted_alone(self):
        """Where nobody asks for them, over a veth and on loopback."""
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4, B6, "127.0.0.1"])
        for ns, server, device in ((a, B4, "va"), (a, B6, "va"), (b, "127.0.0.1", "lo")):
            watch = self.watch(first_only=True)
            ns.must("dig", "+tries=1", "@" + server, "first.example")
            messages, stats = self.seen(watch)
            self.assertEqual([(m["ifname"], m["dir"], m["origin"], m["qr"]) for m in messages],
                             [(device, "out", True, 0),
                              ("vb" if device == "va" else "lo", "out", True, 1)], server)
            # The host's own come in addition.
            self.assertGreaterEqual(stats["query_hops"], 1)
            self.assertGreaterEqual(stats["hops"], stats["query_hops"] + 1)
            self.assertGreaterEqual(stats["packets"], stats["messages"] + stats["hops"])

    def test_large_udp(self):
        """An answer of 3.6 kB is whole on loopback and in fragments over a veth."""
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4, B6, "127.0.0.1"])
        for ns, server in ((b, "127.0.0.1"), (a, B4), (a, B6)):
            watch = self.watch()
            done = ns.must("dig", "+tries=1", "+bufsize=4096", "+ignore", "@" + server,
                           "big.example", "TXT")
            size = int(done.split("MSG SIZE  rcvd: ")[1])
            self.assertGreater(size, 3400)
            answers, stats = self.seen(watch, qr=1)
            self.assertEqual([(m["len"], m["orig"]) for m in answers], [(size, size)] * 2, server)
            self.assertEqual(len({m["sum"] for m in answers}), 1)
            self.assertEqual((stats["fragments"], stats["cut"]), (0, 0))

    def test_sizes_around_each_class(self):
        a, b = self.pair()
        watch = self.watch()
        sizes = [12, 13, 63, 64, 83, 84, 85, 100, 127, 128, 403, 404, 405, 1427, 1428, 1429, 4096]
        texts = [packets.query(i, "a.example") + bytes((i + k) & 255 for k in range(size))
                 for i, size in enumerate(sizes)]
        texts = [t[:size] for t, size in zip(texts, sizes)]
        code = ("import socket,sys\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
                "for line in sys.stdin: s.sendto(bytes.fromhex(line), ('127.0.0.1', 53))\n")
        subprocess.run(a.argv(sys.executable, "-c", code), text=True, check=True,
                       input="".join(t.hex() + "\n" for t in texts))
        messages, stats = self.seen(watch, netns=a.inode())
        want = [(i, len(t), len(t), total(t)) for i, t in enumerate(texts) for _ in "12"]
        self.assertEqual([(m["id"], m["len"], m["orig"], m["sum"]) for m in messages], want)
        self.assertEqual(stats["cut"], 0)

    def test_odd_headers(self):
        """IPv4 options; IPv6 extension headers up to the bound, and beyond it."""
        a, b = self.pair()
        dst = bytes([17, 0, 1, 4, 0, 0, 0, 0])
        hop = bytes([60, 0, 1, 4, 0, 0, 0, 0])
        long_dst = bytes([17, 31, 1, 252]) + bytes(252)
        chain = bytes([60, 0, 1, 4, 0, 0, 0, 0]) * 6
        wire = packets.query(0x1234, "odd.example")
        cases = [
            (B4, ipv4(udp(wire), options=bytes([148, 4, 0, 0]))),
            (B4, ipv4(udp(wire), options=bytes([1]) * 40)),
            (B6, ipv6(dst + udp(wire), 60)),
            (B6, ipv6(hop + dst + udp(wire), 0)),
            (B6, ipv6(long_dst + udp(wire), 60)),
            (B6, ipv6(chain + dst + udp(wire), 60)),
        ]
        for target, packet in cases:
            watch = self.watch()
            Sender.send(a, target, packet)
            messages, stats = self.seen(watch, id=0x1234)
            self.assertEqual([(m["dir"], m["sum"]) for m in messages],
                             [("out", total(wire)), ("in", total(wire))], packet[:64].hex())
            self.assertEqual(stats["unreadable"], 0)
        watch = self.watch()
        Sender.send(a, B6, ipv6(chain * 2 + dst + udp(wire), 60))
        messages, stats = self.seen(watch, id=0x1234)
        self.assertEqual((messages, stats["unreadable"]), ([], 2))

    def test_fragments(self):
        """In any order after the first; one whose first is missing is counted."""
        a, b = self.pair()
        wire = packets.query(0x77, "f.example") + bytes(range(256)) * 8
        data = udp(wire)
        parts = [data[:808], data[808:1608], data[1608:]]
        places_8 = [0, 101, 201]
        v4 = [ipv4(part, ip_id=99, fragment=at | (0x2000 if i < 2 else 0))
              for i, (part, at) in enumerate(zip(parts, places_8))]
        v6 = [ipv6(struct.pack("!BBHI", 17, 0, at << 3 | (i < 2), 99) + part, 44)
              for i, (part, at) in enumerate(zip(parts, places_8))]
        for target, sent in ((B4, v4), (B6, v6)):
            watch = self.watch()
            Sender.send(a, target, sent[0], sent[2], sent[1])
            messages, stats = self.seen(watch, id=0x77)
            self.assertEqual([(m["len"], m["sum"]) for m in messages],
                             [(len(wire), total(wire))] * 2, target)
            self.assertEqual(stats["fragments"], 0)
        lonely = ipv4(parts[1], ip_id=100, fragment=101)
        watch = self.watch()
        Sender.send(a, B4, lonely)
        messages, stats = watch.stop()
        self.assertEqual(stats["fragments"], 2)

    def test_fragments_of_others_do_not_count(self):
        a, b = self.pair()
        data = udp(bytes(1600), dport=2049)
        first = ipv4(data[:808], ip_id=5, fragment=0x2000)
        second = ipv4(data[808:], ip_id=5, fragment=101)
        watch = self.watch()
        Sender.send(a, B4, first, second)
        messages, stats = watch.stop()
        self.assertEqual((messages, stats["fragments"]), ([], 0))

    def test_ports(self):
        a, _ = self.pair()
        ports = [5300 + i for i in range(16)]
        watch = self.watch("", *map(str, ports))
        code = ("import socket,sys\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
                "for p in 53,*range(5299,5317): s.sendto(bytes.fromhex(sys.argv[1]),('127.0.0.1',p))")
        a.must(sys.executable, "-c", code, packets.query(9, "p.example").hex())
        messages, _ = self.seen(watch, netns=a.inode())
        self.assertEqual([m["dport"] for m in messages], [p for p in ports for _ in "12"])

    def test_encrypted(self):
        """By its port, and by addresses that are in a list; no byte more than tells."""
        a, _ = self.pair()
        first = b"\xc0" + bytes(1199)  # a QUIC connection's, by its looks
        for listed in (B4, B6):
            watch = self.watch("va", prefix=a.argv(), servers="192.0.2.1 x\n%s y" % listed)
            Sender.send(a, B4, ipv4(udp(first, 1000, 443)), ipv4(udp(first, 1001, 444)), ipv4(udp(first, 1002, 853)))
            Sender.send(a, B6, ipv6(udp6(first, 1000, 443), 17))
            messages, stats = self.seen(watch, netns=a.inode())
            self.assertEqual((messages, stats["packets"], stats["not_dns"], stats["cut"]), ([], 0, 0, 0))
            rows = {row["kind"]: (row["connections"], row["out"], row["in"]) for row in watch.inventory}
            self.assertEqual(rows, {"doh3": (1, 1200, 0), "doq": (1, 1200, 0)}, listed)

    def test_vlan(self):
        """Tags inline, one and two of them, as a kernel without offload has them."""
        a, b = self.pair()
        wire = packets.query(0x5678, "tag.example")
        mac = a.must("cat", "/sys/class/net/va/address").strip().replace(":", "")
        code = ("import socket,sys\ns=socket.socket(socket.AF_PACKET,socket.SOCK_RAW)\n"
                "s.bind(('va',0))\ns.send(bytes.fromhex(sys.argv[1]))\n")
        for tags in ("81000007", "88a8000781000008"):
            frame = "ff" * 6 + mac + tags + "0800" + ipv4(udp(wire)).hex()
            watch = self.watch()
            a.must(sys.executable, "-c", code, frame)
            messages, stats = self.seen(watch, id=0x5678)
            self.assertEqual([(m["dir"], m["sum"]) for m in messages],
                             [("out", total(wire)), ("in", total(wire))], tags)

    def test_interface(self):
        """A device filter means the device of one's own namespace."""
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4, "127.0.0.1"])
        watch = self.watch("vb", prefix=b.argv())
        a.must("dig", "+tries=1", "@" + B4, "i.example")
        b.must("dig", "+tries=1", "@127.0.0.1", "i.example")
        messages, _ = watch.stop()
        self.assertEqual(places(messages), [(b.inode(), "vb", "in", False),
                                            (b.inode(), "vb", "out", True)])
        done = run([SMOKE, "1", "nosuch0"])
        self.assertEqual(done.returncode, 1)
        self.assertIn("-19: no interface is called nosuch0", done.stderr)


class Paged:
    """What lies in page fragments: all ways but the classic one."""

    def test_cut(self):
        """Beyond 4,096 bytes a message is marked as cut: linear, and in pages."""
        a, _ = self.pair()
        watch = self.watch()
        code = ("import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
                # Where nobody listens each would be dropped, and cut, once more.
                "r=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nr.bind(('127.0.0.1',53))\n"
                "for n in 4097, 9000, 40000: s.sendto(bytes(12) + b'x' * (n - 12), "
                "('127.0.0.1', 53))\n")
        a.must(sys.executable, "-c", code)
        messages, stats = self.seen(watch, netns=a.inode())
        self.assertEqual([(m["len"], m["orig"]) for m in messages],
                         [(4096, n) for n in (4097, 9000, 40000) for _ in "12"])
        self.assertEqual(stats["cut"], 6)

    def test_tcp(self):
        """Payload in page fragments arrives whole, on loopback and over a veth."""
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4, B6, "127.0.0.1"])
        for ns, server in ((b, "127.0.0.1"), (a, B4), (a, B6)):
            watch = self.watch()
            done = ns.must("kdig", "+tcp", "@" + server, "big.example", "TXT")
            size = int(done.split("Received ")[1].split(" B")[0])
            self.assertGreater(size, 3400)
            messages, stats = self.seen(watch, tcp=True)
            self.assertEqual([(m["qr"], m["dir"]) for m in messages if not m["qr"]],
                             [(0, "out"), (0, "in")], server)
            answers = [m for m in messages if m["qr"]]
            self.assertEqual([(m["len"], m["orig"], m["gap"]) for m in answers],
                             [(size, size, False)] * 2)
            self.assertEqual(len({m["sum"] for m in answers}), 1)
            self.assertEqual((stats["tcp_gaps"], stats["cut"], stats["unreadable"]), (0, 0, 0))

    def transfer(self, ns, server):
        """A zone of some MiB, whose segments are as long as they get: bytes and messages of it
        as kdig has them, what was seen come in, and the stats."""
        watch = self.watch()
        done = ns.must("kdig", "@" + server, "large", "AXFR")
        size, count = re.search(r"Received (\d+) B \((\d+) messages", done).groups()
        messages, stats = self.seen(watch, tcp=True, qr=1, dir="in", netns=ns.inode())
        return (int(size), int(count)), messages, stats

    def test_segments_beyond_64_kib(self):
        """Longer than a perf record can be: read to their end, or said to be cut."""
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4, B6, "127.0.0.1", "::1"], zones=[("large", net.large_zone(20000))])
        for ns, server, big in ((b, "127.0.0.1", False), (b, "::1", False), (a, B4, False), (b, "::1", True), (a, B6, True)):
            for at, device in ((b, "lo"), (a, "va"), (b, "vb")) if big else ():
                done = run(at.argv("ip", "link", "set", "dev", device, "gso_max_size", "200000", "gro_max_size", "200000"))
                if done.returncode:
                    self.skipTest("no BIG TCP here: " + done.stderr)
            kdig, messages, stats = self.transfer(ns, server)
            if not self.PIECES and big:
                self.assertGreater(stats["unreadable"], 0)
                self.assertGreater(stats["cut"], 0)
                continue
            self.assertEqual((sum(m["orig"] for m in messages), len(messages)), kdig, server)
            self.assertEqual([m for m in messages if m["len"] < m["orig"] or m["gap"]], [], server)
            self.assertEqual((stats["tcp_gaps"], stats["cut"], stats["unreadable"]), (0, 0, 0))

    def test_tcp_pipeline(self):
        """Many large answers in one stream, written as they come."""
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4])
        query = packets.query(1, "big.example", "TXT")
        code = ("import socket,struct,sys\nq=bytes.fromhex(sys.argv[1])\n"
                "s=socket.create_connection((sys.argv[2],53))\n"
                "f=s.makefile('rb')\n"
                "for i in range(200):\n"
                " s.sendall(struct.pack('!HH',len(q),i)+q[2:])\n"
                "for i in range(200):\n"
                " n,=struct.unpack('!H',f.read(2));f.read(n)\n"
                "print(n)\n")
        watch = self.watch()
        size = int(a.must(sys.executable, "-c", code, query.hex(), B4))
        messages, stats = self.seen(watch, tcp=True)
        answers = [m for m in messages if m["qr"]]
        self.assertEqual(sorted((m["id"], m["dir"], m["len"]) for m in answers),
                         sorted((i, d, size) for i in range(200) for d in ("in", "out")))
        self.assertEqual(len([m for m in messages if not m["qr"]]), 400)
        self.assertEqual(stats["tcp_gaps"], 0)


@unittest.skipIf(WHY_NOT, WHY_NOT)
class BestTest(Linear, Paged, Case):
    """The way that the program chooses here."""

    def test_flood(self):
        """Nothing is lost while dnsperf asks as fast as it can."""
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4])
        with open(self.path("queries"), "w") as out:
            for i in range(1000):
                out.write("n%d.example A\n" % i)
        watch = self.watch("va", prefix=a.argv(), quiet=True)
        done = a.must("dnsperf", "-s", B4, "-d", self.path("queries"), "-l", "3", "-q", "200")
        sent = int(done.split("Queries sent:")[1].split()[0])
        answered = int(done.split("Queries completed:")[1].split()[0])
        time.sleep(0.1)
        messages, stats = watch.stop()
        self.assertEqual(stats["lost_ring"], 0)
        self.assertEqual(stats["messages"], sent + answered)
        print("%d queries a second" % (sent / 3), end=" ... ")

    def test_without_privilege(self):
        for caps in ("", "+bpf", "+perfmon"):
            sets = "-all" + ("," + caps if caps else "")
            done = run(["setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps", sets,
                        *(["--ambient-caps", caps] if caps else []), SMOKE, "1"])
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, "^-1: no privilege for BPF: ")
            self.assertEqual("CAP_BPF" in done.stderr, caps != "+bpf")
            self.assertEqual("CAP_PERFMON" in done.stderr, caps != "+perfmon")
            self.assertIn("setcap cap_bpf,cap_perfmon,cap_net_raw+ep " + os.path.realpath(SMOKE),
                          done.stderr)

    def test_with_just_enough_privilege(self):
        done = run(["setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps",
                    "-all,+bpf,+perfmon", "--ambient-caps", "+bpf,+perfmon", SMOKE, "0.1"])
        self.assertEqual((done.returncode, done.stderr), (0, "ready \n"))


@unittest.skipIf(WHY_NOT, WHY_NOT)
class ReadTest(Linear, Paged, Case):
    """Typed tracepoints without bpf_rdonly_cast."""
    WAY = 1
    PIECES = False


@unittest.skipIf(WHY_NOT, WHY_NOT)
class ClassicTest(Linear, Case):
    """Classic tracepoints."""
    WAY = 2

    def test_tcp_is_not_lost_silently(self):
        a, b = self.pair()
        net.knot(self, b, self.dir, [B4])
        watch = self.watch()
        a.must("kdig", "+tcp", "@" + B4, "tcp.example")
        messages, stats = self.seen(watch, tcp=True)
        self.assertEqual(messages, [])
        self.assertGreaterEqual(stats["unreadable"], 4)


main()
