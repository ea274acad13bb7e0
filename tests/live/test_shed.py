#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""More than can be read: whole transactions are left out, counted, and it ends."""

import os
import re
import signal
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import Live, TempDirTest, main, wait_for

WHY_NOT = net.why_not()

# Answers with the bytes that come, QR set; and asks for n different names.
ECHO = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 33, 1 << 26)  # SO_RCVBUFFORCE
s.bind(('10.9.0.2', 53))
silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
silent.bind(('10.9.0.2', 5399))
print('ready', flush=True)
while True:
    wire, who = s.recvfrom(512)
    s.sendto(wire[:2] + bytes([wire[2] | 0x80]) + wire[3:], who)
"""
ASK = """
import socket, struct, sys
name, first, n, port = sys.argv[1].encode(), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(('10.9.0.2', port))
tail = bytes([len(name)]) + name + b'\\7example\\0\\0\\1\\0\\1'
for i in range(first, first + n):
    s.send(struct.pack('!6H', i & 0xffff, 0x100, 1, 0, 0, 0) + tail)
    if port == 53:
        s.recv(512)
"""


@unittest.skipIf(WHY_NOT, WHY_NOT)
class ShedTest(TempDirTest):
    def test_whole_transactions(self):
        a, b = net.Namespace(self, "a"), net.Namespace(self, "b")
        net.veth(a, "va", ["10.9.0.1/24"], b, "vb", ["10.9.0.2/24"])
        echo = b.popen(sys.executable, "-c", ECHO, stdout=-1, text=True)
        self.addCleanup(echo.stdout.close)
        self.addCleanup(net.stop, echo)
        self.assertEqual(echo.stdout.readline(), "ready\n")
        with Live("--timeout", "1", "--port", "53,5399", of=[a]) as live:
            # It is held up while a flood comes, until its rings are more than half full.
            live.process.send_signal(signal.SIGSTOP)
            a.must(sys.executable, "-c", ASK, "flood", "0", "100000", "5399")
            live.process.send_signal(signal.SIGCONT)
            wait_for("it to have read on", lambda: any(row["qname"] == "flood.example"
                                                       for row in list(live.rows)))
            a.must(sys.executable, "-c", ASK, "then", "0", "8000", "53")
            live.wait_rows(1, lambda row: row["qname"] == "then.example")
            # Then everything again, after a while.
            def again():
                a.must(sys.executable, "-c", ASK, "again", "0", "64", "53")
                return len({row["id"] for row in list(live.rows) if row["qname"] == "again.example"}) == 64
            wait_for("all to be taken again", again)
            rows, stats = live.stop()
        then = [row for row in rows if row["qname"] == "then.example"]
        self.assertEqual({row["state"] for row in then}, {"answered"})
        self.assertEqual({row["sightings"] for row in then}, {4})
        self.assertEqual(len({row["id"] for row in then}), len(then))
        self.assertTrue(0 < len(then) < 8000, len(then))
        self.assertGreaterEqual(stats["shed"] + stats["halves"], 4 * (8000 - len(then)))
        self.assertEqual([row for row in rows if row["state"] == "unsolicited"], [])

    def test_paths_of_some(self):
        """Of tens of thousands of further sightings a second some are told of, whole
        transactions; the rest is counted, and their rows say that they do not know."""
        a, b = net.Namespace(self, "a"), net.Namespace(self, "b")
        net.veth(a, "va", ["10.9.0.1/24"], b, "vb", ["10.9.0.2/24"])
        net.knot(self, b, self.dir, ["10.9.0.2"])
        with open(self.path("queries"), "w") as out:
            out.writelines("n%d.example A\n" % i for i in range(50000))
        with Live("--by", "sightings", "--where", "server=10.9.0.2") as live:
            report = a.must("dnsperf", "-s", "10.9.0.2", "-d", self.path("queries"), "-n", "5",
                            "-c", "8", "-q", "200")
            rows, stats = live.stop()
        sent = int(re.search(r"Queries completed:\s+(\d+)", report)[1])
        rate = 2 * float(re.search(r"Queries per second:\s+([\d.]+)", report)[1])
        if rate < 60000 or stats["shed"]:
            self.skipTest("%d sightings a second, %d packets shed" % (rate, stats["shed"]))
        counts = {row["sightings"]: row["count"] for row in rows}
        self.assertEqual(sum(counts.values()), sent, rows)
        self.assertEqual(set(counts), {4, None})
        self.assertGreater(stats["following"], 1)
        self.assertGreaterEqual(stats["hops"], 2 * sent)


if __name__ == "__main__":
    main()
