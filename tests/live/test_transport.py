#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Other ways than one UDP packet: TCP, mDNS, fragments, VLAN, VXLAN, live in
namespaces."""

import os
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import Live, TempDirTest, main, run
from packets import query

WHY_NOT = net.why_not()

# Answers every question that comes to the group, to the group.
RESPONDER = """
import socket, struct, sys
sys.path.insert(0, sys.argv[1])
from packets import response
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("224.0.0.251", 5353))
mine = socket.inet_aton(sys.argv[2])
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("224.0.0.251") + mine)
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
out.bind((sys.argv[2], 5353))
print("ready", flush=True)
while True:
    wire = s.recv(9000)
    if not wire[2] & 0x80:
        out.sendto(response(0, "thing.local", answers=[("A", 120, mine)], flags=0x8400), ("224.0.0.251", 5353))
"""

ASK = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 5353))
s.sendto(bytes.fromhex(sys.argv[2]), ("224.0.0.251", 5353))
"""


@unittest.skipIf(WHY_NOT, WHY_NOT)
class TransportTest(TempDirTest):
    def pair(self):
        a, b = net.Namespace(self, "a"), net.Namespace(self, "b")
        net.veth(a, "va", ["10.9.0.1/24", "fd09::1/64"], b, "vb", ["10.9.0.2/24", "fd09::2/64"])
        return a, b

    def tcp_flood(self, client, server_ns, address, n=1000):
        net.knot(self, server_ns, self.dir, [address])
        with open(self.path("queries"), "w") as out:
            out.writelines("n%d.example A\n" % i for i in range(n))
        with Live("--where", "transport=tcp", of=[client, server_ns]) as live:
            report = client.must("dnsperf", "-m", "tcp", "-s", address, "-d", self.path("queries"), "-n", "1",
                                 "-c", "2", "-q", "50", "-t", "5")
            self.assertRegex(report, r"Queries completed:\s+%d " % n)
            live.wait_rows(n)
            rows, _ = live.stop()
        self.assertEqual(len(rows), n)
        self.assertEqual({(row["state"], row["rcode"], row["transport"]) for row in rows},
                         {("answered", "NOERROR", "tcp")})
        self.assertEqual(len({row["qname"] for row in rows}), n)

    def test_pipelined_tcp_over_veth(self):
        a, b = self.pair()
        self.tcp_flood(a, b, "10.9.0.2")

    def test_pipelined_tcp_over_loopback(self):
        a = net.Namespace(self, "a")
        self.tcp_flood(a, a, "127.0.0.1")

    def transfer(self, client, server_ns, address, records=20000, least=4 << 20,
                 meanwhile=lambda live, ask: ask()):
        """A zone of so many bytes is one row, with the messages and bytes that kdig has counted."""
        net.knot(self, server_ns, self.dir, [address], zones=[("large", net.large_zone(records))])
        with Live("--where", "qtype=AXFR", "--columns", "netns,state,rcode,transport,messages,response_bytes",
                  of=[client, server_ns]) as live:
            done = meanwhile(live, lambda: client.must("kdig", "@" + address, "large", "AXFR"))
            live.wait_rows(1)
            rows, stats = live.stop()
        self.assertEqual([(row["state"], row["transport"], row["rcode"]) for row in rows], [("answered", "tcp", "NOERROR")])
        size, count = map(int, re.search(r"Received (\d+) B \((\d+) messages", done).groups())
        self.assertEqual((rows[0]["response_bytes"], rows[0]["messages"]), (size, count), stats)
        self.assertGreater(size, least)

    def test_zone_transfer(self):
        a, b = self.pair()
        self.transfer(a, b, "10.9.0.2")

    def test_zone_transfer_over_loopback(self):
        a = net.Namespace(self, "a")
        self.transfer(a, a, "127.0.0.1")

    def test_zone_transfer_that_nobody_reads(self):
        """As on a machine so busy that dnstop has its turn only after all of it: it waits."""
        a = net.Namespace(self, "a")

        def stopped(live, ask):
            live.process.send_signal(signal.SIGSTOP)
            try:
                return ask()
            finally:
                live.process.send_signal(signal.SIGCONT)

        # The buffers are smaller where they are more: 16 MiB each for two processors.
        share = net.processors_rounded_up() // 2
        self.transfer(a, a, "127.0.0.1", 20000 // share, (4 << 20) // share, stopped)

    def test_fragments_of_ipv6(self):
        a, b = self.pair()
        net.knot(self, b, self.dir, ["fd09::2"])
        with Live("--where", "qname=big.example qtype=TXT", of=[a, b]) as live:
            for _ in range(20):
                a.must("dig", "+bufsize=4096", "+ignore", "+tries=1", "@fd09::2", "big.example", "TXT")
            live.wait_rows(20)
            rows, _ = live.stop()
        self.assertEqual(len(rows), 20)
        for row in rows:
            self.assertEqual((row["state"], row["transport"], row["answers"]), ("answered", "udp", 1))
            self.assertGreater(row["response_bytes"], 3500)

    def over(self, kind, options_a, options_b):
        """Queries through a device of that kind on top of the veth pair."""
        a, b = self.pair()
        for ns, device, options, address in ((a, "va", options_a, "10.8.0.1/24"), (b, "vb", options_b, "10.8.0.2/24")):
            done = run(ns.argv("ip", "link", "add", "link", device, "name", "over0", "type", kind, *options)
                       if kind == "vlan" else
                       ns.argv("ip", "link", "add", "over0", "type", kind, *options, "dev", device))
            if done.returncode:
                self.skipTest("no %s here: %s" % (kind, done.stderr.strip()))
            ns.must("ip", "addr", "add", address, "dev", "over0")
            ns.must("ip", "link", "set", "over0", "up")
        net.knot(self, b, self.dir, ["10.8.0.2"])
        with Live("--where", "qname~over*.example", of=[a, b]) as live:
            for i in range(20):
                a.must("dig", "+tries=1", "@10.8.0.2", "over%d.example" % i)
            live.wait_rows(20)
            rows, _ = live.stop()
        self.assertEqual(len(rows), 20)
        self.assertEqual({(row["state"], row["server"], row["attempts"]) for row in rows},
                         {("answered", "10.8.0.2", 1)})

    def test_vlan(self):
        self.over("vlan", ["id", "7"], ["id", "7"])

    def test_vxlan(self):
        self.over("vxlan", ["id", "42", "remote", "10.9.0.2", "dstport", "4789"],
                  ["id", "42", "remote", "10.9.0.1", "dstport", "4789"])

    def test_two_hosts_answer_one_multicast_question(self):
        a, b, c, bridge = (net.Namespace(self, name) for name in "abcm")
        bridge.must("ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        bridge.must("ip", "link", "set", "br0", "up")
        hosts = ((a, "10.9.0.1"), (b, "10.9.0.2"), (c, "10.9.0.3"))
        for i, (ns, address) in enumerate(hosts):
            net.veth(ns, "v0", [address + "/24"], bridge, "p%d" % i, [])
            bridge.must("ip", "link", "set", "p%d" % i, "master", "br0")
            ns.must("ip", "route", "add", "224.0.0.0/4", "dev", "v0")
        for ns, address in hosts[1:]:
            process = ns.popen(sys.executable, "-c", RESPONDER, os.path.join(os.path.dirname(__file__), "../lib"),
                               address, stdout=subprocess.PIPE, text=True)
            self.addCleanup(process.stdout.close)
            self.addCleanup(net.stop, process)
            self.assertEqual(process.stdout.readline(), "ready\n")
        with Live("--where", "service=mdns", of=[a, b, c, bridge]) as live:
            a.must(sys.executable, "-c", ASK, "10.9.0.1", query(0, "thing.local", flags=0).hex())
            live.wait_rows(1)
            rows, _ = live.stop()
        self.assertEqual([(row["qname"], row["state"], row["responders"], row["client"], row["server"])
                          for row in rows], [("thing.local", "answered", 2, "10.9.0.1", "224.0.0.251")])
        self.assertGreater(rows[0]["latency_us"], 0)


if __name__ == "__main__":
    main()
