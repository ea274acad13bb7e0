#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Why a message never came: the kernel's reason in the row of its query."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import Live, TempDirTest, main


def why_not():
    if net.why_not():
        return net.why_not()
    with open("/sys/kernel/btf/vmlinux", "rb") as btf:
        return None if b"SKB_DROP_REASON_NO_SOCKET" in btf.read() else "a kernel without reasons"


WHY_NOT = why_not()

FULL = """
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
s.bind(('10.9.0.2', 53))
for size in 500, 1:
    for _ in range(64):
        s.sendto(bytes(size), ('10.9.0.2', 53))
print('up', flush=True)
time.sleep(60)
"""


# A router and a host that this kernel knows nothing of, behind a tap device: answers
# who-has, and each UDP packet by an ICMP error from another address.
FAR_ROUTER = """
import fcntl, os, struct, sys
code, quote, v6 = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == '6'
tap = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tap, 0x400454ca, struct.pack('16sH22x', b'tap0', 0x1002))
os.system('ip addr add 10.88.0.1/24 dev tap0; ip -6 addr add fd88::1/64 dev tap0 nodad;'
          'ip link set tap0 up; ip route add 10.99.0.0/16 via 10.88.0.2;'
          'ip -6 neigh add fd88::2 lladdr 02:00:00:00:00:02 dev tap0;'
          'ip -6 route add fd99::/64 via fd88::2')
mac = bytes([2, 0, 0, 0, 0, 2])
def total(data):
    n = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    n = (n >> 16) + (n & 0xffff)
    return ~(n + (n >> 16)) & 0xffff
print('up', flush=True)
while True:
    frame = os.read(tap, 65536)
    ip = frame[14:]
    if frame[12:14] == b'\\x08\\x06' and frame[20:22] == b'\\x00\\x01':
        os.write(tap, frame[6:12] + mac + frame[12:20] + b'\\x00\\x02' + mac + frame[38:42]
                 + frame[22:32])
    elif not v6 and frame[12:14] == b'\\x08\\x00' and ip[9] == 17:
        part = ip[:20 + quote]
        part += bytes(len(part) % 2)
        icmp = struct.pack('!BBHI', 3, code, 0, 0) + part
        icmp = icmp[:2] + struct.pack('!H', total(icmp)) + icmp[4:]
        head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(icmp), 7, 0, 60, 1, 0)
        head += bytes([10, 99, 0, 1]) + ip[12:16]
        head = head[:10] + struct.pack('!H', total(head)) + head[12:]
        os.write(tap, frame[6:12] + mac + b'\\x08\\x00' + head + icmp)
    elif v6 and frame[12:14] == b'\\x86\\xdd' and ip[6] == 17:
        part = ip[:40 + quote]
        part += bytes(len(part) % 2)
        icmp = struct.pack('!BBHI', 1, code, 0, 0) + part
        ends = bytes.fromhex('fd990000000000000000000000000001') + ip[8:24]
        check = total(ends + struct.pack('!II', len(icmp), 58) + icmp)
        icmp = icmp[:2] + struct.pack('!H', check) + icmp[4:]
        head = struct.pack('!IHBB', 6 << 28, len(icmp), 58, 60) + ends
        os.write(tap, frame[6:12] + mac + b'\\x86\\xdd' + head + icmp)
"""


# Accepts, reads the first question, and resets the connection.
RESETS = """
import socket, struct
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('10.9.0.2', 53))
s.listen()
print('up', flush=True)
while True:
    c, _ = s.accept()
    c.recv(65536)
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    c.close()
"""


@unittest.skipIf(WHY_NOT, WHY_NOT)
class DropTest(TempDirTest):
    def setUp(self):
        super().setUp()
        self.a, self.b = net.Namespace(self, "a"), net.Namespace(self, "b")
        net.veth(self.a, "va", ["10.9.0.1/24", "fd09::1/64"], self.b, "vb",
                 ["10.9.0.2/24", "fd09::2/64"])

    def drop(self, ns, hook, rule):
        ns.must("nft", "add table ip t; add chain ip t c { type filter hook %s priority 0; };"
                "add rule ip t c %s drop" % (hook, rule))

    def ask(self, reason, name, server="10.9.0.2", tries=1, state="timeout", how=()):
        """One row, with this reason, and who asked."""
        with Live("--timeout", "1", of=[self.a, self.b]) as live:
            process = self.a.popen("dig", "+tries=%d" % tries, "+timeout=1", *how, "@" + server, name)
            process.wait()
            live.wait_rows(1, lambda row: row["qname"] == name)
            rows = [row for row in live.stop()[0] if row["qname"] == name]
        self.assertEqual([(row["state"], row["drop_reason"], row["attempts"], row["pid"],
                           row["comm"], row["netns"]) for row in rows],
                         [(state, reason, tries, process.pid, "dig", self.a.inode())])
        return rows[0]

    def test_firewall_on_the_way_out(self):
        self.drop(self.a, "output", "udp dport 53")
        row = self.ask("NETFILTER_DROP", "out.example")
        self.assertIn("nft_do_chain", row["drop_place"])
        self.assertEqual((row["client"], row["sightings"]), ("10.9.0.1", 1))

    def test_firewall_on_the_way_in(self):
        self.drop(self.b, "input", "udp dport 53")
        row = self.ask("NETFILTER_DROP", "in.example", tries=2)
        self.assertEqual(row["drop_place"], "nft_do_chain at vb")
        self.assertEqual(row["sightings"], 4)

    def test_answer_that_is_dropped_is_none(self):
        net.knot(self, self.b, self.dir, ["10.9.0.2"])
        self.drop(self.b, "output", "udp sport 53")
        self.ask("NETFILTER_DROP", "answer.example")

    def test_answer_dropped_at_its_end(self):
        net.knot(self, self.b, self.dir, ["10.9.0.2"])
        self.drop(self.a, "input", "udp sport 53")
        self.ask("NETFILTER_DROP", "end.example", state="answered")

    def test_closed_port(self):
        """The kernel's own word goes before that of the ICMP error it sends."""
        row = self.ask("NO_SOCKET", "closed.example")
        self.assertIn("udp", row["drop_place"])
        self.assertTrue(row["drop_place"].endswith(" at vb"))
        self.assertEqual([leg.split(" ")[7] for leg in row["path"] if len(leg.split(" ")) > 7],
                         ["ICMP_PORT_UNREACHABLE", "NO_SOCKET"])

    def test_full_buffer(self):
        full = self.b.popen(sys.executable, "-c", FULL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(full.stdout.close)
        self.addCleanup(net.stop, full)
        self.assertEqual(full.stdout.readline(), "up\n")
        row = self.ask("SOCKET_RCVBUFF", "full.example")
        self.assertTrue(row["drop_place"].endswith(" at vb"))

    def test_neighbour_that_is_not_there(self):
        with Live("--timeout", "1", of=[self.a]) as live:
            process = self.a.popen("dig", "+tries=1", "+timeout=4", "@10.9.0.99", "neigh.example")
            live.wait_rows(1, lambda row: row["qname"] == "neigh.example")
            rows, _ = live.stop()
        net.stop(process)
        self.assertEqual([(row["qname"], row["drop_reason"], row["pid"], row["comm"])
                          for row in rows],
                         [("neigh.example", "NEIGH_FAILED", process.pid, "dig")])

    def test_firewall_between(self):
        c = net.Namespace(self, "c")
        net.veth(self.b, "vo", ["10.10.0.1/24"], c, "vc", ["10.10.0.2/24"])
        self.a.must("ip", "route", "add", "default", "via", "10.9.0.2")
        self.b.must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        self.drop(self.b, "forward", "udp dport 53")
        row = self.ask("NETFILTER_DROP", "between.example", server="10.10.0.2")
        self.assertIn("nft_do_chain", row["drop_place"])
        self.assertTrue(row["path"][-1].endswith("NETFILTER_DROP nft_do_chain"), row["path"])

    @unittest.skipUnless(os.path.exists("/dev/net/tun"), "no /dev/net/tun")
    def test_errors_of_a_router_two_hops_away(self):
        """Through masquerade, which changes what is quoted; whole, and its ports alone."""
        self.b.must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1",
                    "net.ipv6.conf.all.forwarding=1")
        for ns, way in ((self.a, "10.9.0.2"), (self.a, "fd09::2")):
            ns.must("ip", "route", "add", "default", "via", way)
        self.b.must("nft", "add table inet nat; add chain inet nat post { type nat hook "
                    "postrouting priority 100; }; add rule inet nat post oifname tap0 masquerade")
        for code, quote, version, reason in ((1, 600, "4", "ICMP_HOST_UNREACHABLE"),
                                             (3, 600, "4", "ICMP_PORT_UNREACHABLE"),
                                             (13, 600, "4", "ICMP_ADMIN_PROHIBITED"),
                                             (0, 8, "4", "ICMP_NET_UNREACHABLE"),
                                             (0, 600, "6", "ICMP_NO_ROUTE"),
                                             (4, 8, "6", "ICMP_PORT_UNREACHABLE")):
            router = self.b.popen(sys.executable, "-c", FAR_ROUTER, str(code), str(quote),
                                  version, stdout=subprocess.PIPE, text=True)
            self.addCleanup(router.stdout.close)
            self.assertEqual(router.stdout.readline(), "up\n")
            server, place = (("10.99.0.53", "10.99.0.1"), ("fd99::53", "fd99::1"))[version == "6"]
            with self.subTest(reason=reason, quote=quote, version=version):
                row = self.ask(reason, "far.example", server=server)
                self.assertEqual(row["drop_place"], place)
            net.stop(router)

    def test_connection_that_is_reset(self):
        server = self.b.popen(sys.executable, "-c", RESETS, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(net.stop, server)
        self.assertEqual(server.stdout.readline(), "up\n")
        row = self.ask("TCP_RESET", "reset.example", how=["+tcp"])
        self.assertEqual((row["transport"], row["drop_place"]), ("tcp", "10.9.0.2"))

    def test_connection_that_is_refused(self):
        """No question was asked: no row, but of what is asked by another transport."""
        with Live("--timeout", "1", of=[self.a, self.b]) as live:
            for how in "+tcp", "+notcp":
                self.a.popen("dig", "+tries=1", "+timeout=1", how, "@10.9.0.2",
                             "refused.example").wait()
            live.wait_rows(1, lambda row: row["qname"] == "refused.example")
            rows, _ = live.stop()
        self.assertEqual([(row["transport"], row["drop_reason"]) for row in rows],
                         [("udp", "NO_SOCKET")])

    def test_no_drop_no_reason(self):
        net.knot(self, self.b, self.dir, ["10.9.0.2"])
        self.ask(None, "fine.example", state="answered")


if __name__ == "__main__":
    main()
