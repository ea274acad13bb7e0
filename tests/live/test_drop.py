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


@unittest.skipIf(WHY_NOT, WHY_NOT)
class DropTest(TempDirTest):
    def setUp(self):
        super().setUp()
        self.a, self.b = net.Namespace(self, "a"), net.Namespace(self, "b")
        net.veth(self.a, "va", ["10.9.0.1/24"], self.b, "vb", ["10.9.0.2/24"])

    def drop(self, ns, hook, rule):
        ns.must("nft", "add table ip t; add chain ip t c { type filter hook %s priority 0; };"
                "add rule ip t c %s drop" % (hook, rule))

    def ask(self, reason, name, server="10.9.0.2", tries=1, state="timeout"):
        """One row, with this reason, and who asked."""
        with Live("--timeout", "1", of=[self.a, self.b]) as live:
            process = self.a.popen("dig", "+tries=%d" % tries, "+timeout=1", "@" + server, name)
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
        self.assertEqual((row["client"], row["sightings"]), ("10.9.0.1", 1))

    def test_firewall_on_the_way_in(self):
        self.drop(self.b, "input", "udp dport 53")
        row = self.ask("NETFILTER_DROP", "in.example", tries=2)
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
        self.ask("NO_SOCKET", "closed.example")

    def test_full_buffer(self):
        full = self.b.popen(sys.executable, "-c", FULL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(full.stdout.close)
        self.addCleanup(net.stop, full)
        self.assertEqual(full.stdout.readline(), "up\n")
        self.ask("SOCKET_RCVBUFF", "full.example")

    def test_neighbour_that_is_not_there(self):
        with Live("--timeout", "1", of=[self.a]) as live:
            process = self.a.popen("dig", "+tries=1", "+timeout=4", "@10.9.0.99", "neigh.example")
            live.wait_rows(1, lambda row: row["qname"] == "neigh.example")
            rows, _ = live.stop()
        net.stop(process)
        self.assertEqual([(row["qname"], row["drop_reason"], row["pid"], row["comm"])
                          for row in rows],
                         [("neigh.example", "NEIGH_FAILED", process.pid, "dig")])

    def test_no_drop_no_reason(self):
        net.knot(self, self.b, self.dir, ["10.9.0.2"])
        self.ask(None, "fine.example", state="answered")


if __name__ == "__main__":
    main()
