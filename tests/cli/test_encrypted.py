#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--report encrypted: DNS over TLS, QUIC and HTTPS in capture files."""

import csv
import io
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import TempDirTest, dnstop, main, rows_of
from packets import pcap, tls_session, udp

START = 1_700_000_000 * 10**9
CLIENT, SERVER, LISTED = "10.0.0.1", "10.0.0.9", "2001:db8::9"


class EncryptedTest(TempDirTest):
    def setUp(self):
        super().setUp()
        packets = [*tls_session(START, 0, CLIENT, 5000, SERVER, 853), *tls_session(START, 1000, CLIENT, 5001, SERVER, 853),
                   *tls_session(START, 2000, "2001:db8::1", 5000, LISTED, 443),
                   *tls_session(START, 3000, CLIENT, 5002, "10.0.0.8", 443)]  # in no list
        for ms, down, first, size in ((4000, 0, 0xc0, 1200), (4005, 1, 0xc0, 1200), (4006, 0, 0x40, 90),
                                      (4016, 1, 0x40, 200)):
            ends = ((CLIENT, 6000), (SERVER, 853))
            packets.append((START + ms * 10**6, udp(*ends[down], *ends[1 - down], bytes([first]) + bytes(size - 1))))
        self.capture = self.path("encrypted.pcap")
        with open(self.capture, "wb") as out:
            out.write(pcap(packets))
        self.list = self.path("list")
        with open(self.list, "w") as out:
            out.write("# ours\n%s dns.example\n" % LISTED)

    def report(self, *args):
        return dnstop("--report", "encrypted", "--resolvers", self.list, *args, self.capture)

    def test_json(self):
        done = self.report("--json", "--stats")
        self.assertEqual(done.returncode, 0, done.stderr)
        dot, doh, doq = rows_of(done.stdout)
        self.assertEqual({k: dot[k] for k in ("kind", "comm", "server", "server_port", "server_name", "connections")},
                         {"kind": "dot", "comm": None, "server": SERVER, "server_port": 853, "server_name": None,
                          "connections": 2})
        self.assertEqual((dot["handshake_avg_us"], dot["handshake_max_us"]), (7000, 7000))
        self.assertEqual((dot["exchanges_estimate"], dot["exchange_avg_us_estimate"], dot["exchange_min_us_estimate"],
                          dot["exchange_max_us_estimate"]), (4, 15000, 10000, 20000))
        self.assertEqual((dot["bytes_out"], dot["bytes_in"]), (2 * (305 + 58 + 2 * 155), 2 * (1100 + 505 + 2 * 495)))
        self.assertEqual((doh["kind"], doh["server_name"], doh["connections"], doh["exchanges_estimate"]),
                         ("doh", "dns.example", 1, 2))
        self.assertEqual((doq["kind"], doq["handshake_avg_us"], doq["exchange_avg_us_estimate"]), ("doq", 6000, 10000))
        # None of this is a message, nor a loss.
        self.assertRegex(done.stderr, '"packets":0,"messages":0,.*"malformed":0,.*"not_dns":0,')

    def test_text_and_csv(self):
        text = self.report("--batch", "--sort", "server", "--top", "2").stdout.splitlines()
        self.assertEqual(len(text), 3)
        self.assertRegex(text[0], "^KIND PROCESS .*~AVG")
        table = list(csv.DictReader(io.StringIO(self.report("--csv").stdout)))
        self.assertEqual([row["kind"] for row in table], ["dot", "doh", "doq"])

    def test_mistakes(self):
        done = self.report("-Y", "server=10.0.0.9")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no filter applies", done.stderr)
        with open(self.list, "a") as out:
            out.write("10.0.0\n")
        done = self.report("--json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("list:3: not an address", done.stderr)

    def test_the_list_that_comes_along(self):
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        done = dnstop("--report", "encrypted", "--json", "--resolvers", os.path.join(root, "data/doh-resolvers"),
                      self.capture)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([row["kind"] for row in rows_of(done.stdout)], ["dot", "doq"])


main()
