#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""dnstop on real packets of real clients and servers, in namespaces of its own."""

import collections
import os
import re
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import DNSTOP, Live, TempDirTest, dnstop, main, must, rows_of, run, wait_for

WHY_NOT = net.why_not()
# What of a row does not depend on where and when it was seen.
FACTS = ("state", "transport", "client", "client_port", "server", "server_port", "id", "opcode",
         "qname", "qtype", "qclass", "rcode", "flags", "attempts", "query_bytes",
         "response_bytes", "answers", "answer", "ttl")


def facts(row, keys=FACTS):
    return tuple(str(row[key]) for key in keys)


def tshark_times(path):
    """(client port, id, name) -> (rcode, latency in us), as tshark pairs them."""
    text = must(["tshark", "-r", path, "-2", "-Y", "udp and dns.flags.response == 1", "-T", "fields",
                 "-e", "udp.dstport", "-e", "dns.id", "-e", "dns.qry.name", "-e", "dns.flags.rcode",
                 "-e", "dns.time"])
    times = {}
    for line in text.splitlines():
        port, dns_id, name, rcode, seconds = line.split("\t")
        times[int(port), int(dns_id, 0), name.lower()] = int(rcode), float(seconds or "nan") * 1e6
    return times


RCODES = {0: "NOERROR", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}


@unittest.skipIf(WHY_NOT, WHY_NOT)
class LiveTest(TempDirTest):
    def pair(self, v6=True):
        """Two namespaces, a client's and a server's, and a veth pair."""
        a, b = net.Namespace(self, "a"), net.Namespace(self, "b")
        net.veth(a, "va", ["10.9.0.1/24", "fd09::1/64"], b, "vb", ["10.9.0.2/24", "fd09::2/64"])
        return a, b

    def queries(self, n):
        """A dnsperf file of n queries; a tenth NXDOMAIN, a tenth refused."""
        with open(self.path("queries"), "w") as out:
            for i in range(n):
                name = ("n%d.example", "n%d.mail.example", "n%d.elsewhere")[
                    1 if i % 10 == 3 else 2 if i % 10 == 7 else 0] % i
                out.write("%s %s\n" % (name, "AAAA" if i % 3 == 0 else "A"))
        return self.path("queries")

    def flood(self, client, server_ns, address, interface, n=10000):
        """dnsperf against knot, watched by dnstop and tcpdump; compares all."""
        net.knot(self, server_ns, self.dir, [address])
        capture = self.path("capture.pcap")
        queries = self.queries(n)
        with Live(of=[client, server_ns]) as live:
            tcpdump = net.tcpdump(self, client, interface, capture)
            report = client.must("dnsperf", "-s", address, "-d", queries, "-n", "1", "-c", "4",
                                 "-q", "50", "-t", "5", "-e")
            self.assertRegex(report, r"Queries completed:\s+%d " % n)
            live.wait_rows(n)
            rows, stats = live.stop()
        net.stop_tcpdump(tcpdump, capture, 2 * n)
        self.assertEqual(len(rows), n)
        self.assertEqual(len({(row["client_port"], row["id"], row["qname"]) for row in rows}), n)
        self.assertEqual({row["state"] for row in rows}, {"answered"})
        self.assertEqual({row["attempts"] for row in rows}, {1})
        for loss in ("lost_ring", "lost_capture", "unreadable", "evicted", "names_lost"):
            self.assertEqual(stats[loss], 0, loss)
        self.compare_with_tshark(rows, tshark_times(capture))
        return rows, capture

    def compare_with_tshark(self, rows, times):
        near = 0
        for row in rows:
            rcode, latency = times[row["client_port"], row["id"], row["qname"].lower()]
            self.assertEqual(row["rcode"], RCODES[rcode], row)
            near += abs(row["latency_us"] - latency) <= 200
        print("latency within 200 us of tshark's: %d of %d ..." % (near, len(rows)), end=" ")
        self.assertGreaterEqual(near, 0.99 * len(rows))

    def test_10000_over_veth(self):
        a, b = self.pair()
        rows, capture = self.flood(a, b, "10.9.0.2", "va")
        self.assertEqual(collections.Counter(row["rcode"] for row in rows),
                         {"NOERROR": 8000, "NXDOMAIN": 1000, "REFUSED": 1000})
        # Sent and received by both ends: two sightings each way.
        self.assertEqual(collections.Counter(row["sightings"] for row in rows), {4: 10000})
        self.assertEqual({row["interface"] for row in rows}, {"va"})
        self.assertEqual({row["netns"] for row in rows}, {a.inode()})
        # The capture of the same packets gives the same rows.
        done = dnstop("--json", capture)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(map(facts, rows_of(done.stdout))), sorted(map(facts, rows)))

    def test_reports_count_what_they_do_not_ask_for(self):
        """Sightings are told of where a group, a filter or an order asks for them, and
        counted everywhere."""
        a, b = self.pair()
        net.knot(self, b, self.dir, ["10.9.0.2"])
        queries = self.queries(500)
        for by, group in (("rcode", "NOERROR"), ("sightings", 4)):
            with Live("--by", by, "--where", "server=10.9.0.2") as live:
                a.must("dnsperf", "-s", "10.9.0.2", "-d", queries, "-n", "1", "-t", "5")
                rows, stats = live.stop()
            counts = {row[by]: row["count"] for row in rows}
            self.assertEqual(sum(counts.values()), 500, rows)
            self.assertEqual(counts[group], 400 if by == "rcode" else 500, rows)
            self.assertGreaterEqual(stats["query_hops"], 500)
            self.assertGreaterEqual(stats["hops"], 1000)
            self.assertGreaterEqual(stats["queries"], stats["query_hops"] + 500)
            self.assertEqual(stats["messages"] - stats["queries"] - stats["responses"],
                             stats["unpaired_opcodes"] + stats["malformed"])

    def test_10000_over_veth_ipv6(self):
        a, b = self.pair()
        self.flood(a, b, "fd09::2", "va")

    def test_10000_over_loopback(self):
        ns = net.Namespace(self, "lo")
        rows, _ = self.flood(ns, ns, "127.0.0.1", "lo")
        self.assertEqual(collections.Counter(row["sightings"] for row in rows), {4: 10000})

    def test_10000_over_loopback_ipv6(self):
        ns = net.Namespace(self, "lo6")
        self.flood(ns, ns, "::1", "lo")

    def test_written_live(self):
        """--write: what tshark reads of it is what the rows say."""
        a, b = self.pair()
        net.knot(self, b, self.dir, ["10.9.0.2"])
        out = self.path("out.pcapng")
        with Live("--write", out, "-Y", "netns=%d" % a.inode(), of=[a]) as live:
            a.must("dnsperf", "-s", "10.9.0.2", "-d", self.queries(1000), "-n", "1", "-c", "4", "-q", "50")
            a.must("dig", "+tcp", "+tries=1", "@10.9.0.2", "big.example", "TXT")
            live.wait_rows(1001)
            rows, _ = live.stop()
        self.compare_with_tshark([row for row in rows if row["transport"] == "udp"], tshark_times(out))
        again = dnstop("--json", out)
        keys = ("ts", "interface", "latency_us", *FACTS)
        self.assertEqual(sorted(facts(row, keys) for row in rows_of(again.stdout)),
                         sorted(facts(row, keys) for row in rows))

    def test_silent_server_is_one_row_with_three_attempts(self):
        ns = net.Namespace(self, "q")
        listener = ns.popen("python3", "-c", "import socket,time\n"
                            "s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
                            "s.bind(('127.0.0.1',53))\nprint('up',flush=True)\n"
                            "while True: s.recv(4096)\n", stdout=subprocess.PIPE, text=True)
        self.addCleanup(listener.stdout.close)
        self.addCleanup(net.stop, listener)
        listener.stdout.readline()
        with Live("--timeout", "1", of=[ns]) as live:
            run(ns.argv("dig", "@127.0.0.1", "+tries=3", "+timeout=1", "silent.example"))
            live.wait_rows(1)
            rows, _ = live.stop()
        self.assertEqual([(row["qname"], row["state"], row["attempts"], row["latency_us"], row["rcode"])
                          for row in rows], [("silent.example", "timeout", 3, None, None)])

    def test_rows_say_what_dig_says(self):
        a, b = self.pair()
        net.knot(self, b, self.dir, ["10.9.0.2", "fd09::2"])
        for server in ("10.9.0.2", "fd09::2"):
            for name, qtype in (("a.example", "A"), ("mail.example", "MX"), ("x.mail.example", "A"),
                                ("other.test", "AAAA"), ("big.example", "TXT")):
                with self.subTest(server=server, name=name), Live(of=[a, b]) as live:
                    text = a.must("dig", "+tries=1", "+bufsize=4096", "+qr", "-u", "@" + server,
                                  name, qtype)
                    live.wait_rows(1)
                    rows, _ = live.stop()
                    row = rows[0]
                    self.assertEqual(len(rows), 1)
                    self.assertEqual((row["qname"], row["qtype"], row["server"]), (name, qtype, server))
                    self.assertEqual(row["id"], int(re.findall(r", id: (\d+)", text)[-1]))
                    self.assertEqual(row["rcode"], re.findall(r"status: (\w+)", text)[-1])
                    self.assertEqual(row["answers"], int(re.findall(r"ANSWER: (\d+)", text)[-1]))
                    self.assertEqual(row["response_bytes"],
                                     int(re.search(r"MSG SIZE  rcvd: (\d+)", text)[1]))
                    took = int(re.search(r"Query time: (\d+) usec", text)[1])
                    self.assertLessEqual(row["latency_us"], took + 1)

    def test_tcp(self):
        a, b = self.pair()
        net.knot(self, b, self.dir, ["10.9.0.2", "fd09::2"])
        for server in ("10.9.0.2", "fd09::2"):
            with self.subTest(server=server), Live(of=[a, b]) as live:
                for name, qtype in (("a.example", "A"), ("big.example", "TXT")):
                    a.must("dig", "+tcp", "@" + server, name, qtype)
                live.wait_rows(2)
                rows, _ = live.stop()
                self.assertEqual([(r["qname"], r["transport"], r["state"], r["rcode"], r["answers"])
                                  for r in rows],
                                 [("a.example", "tcp", "answered", "NOERROR", 1),
                                  ("big.example", "tcp", "answered", "NOERROR", 1)])

    def test_several_questions_of_one_socket(self):
        """As glibc asks: A and AAAA together, from one socket."""
        ns = net.Namespace(self, "g")
        net.knot(self, ns, self.dir, ["127.0.0.1"])
        with open(self.path("resolv.conf"), "w") as conf:
            conf.write("nameserver 127.0.0.1\n")
        with Live(of=[ns]) as live:
            ns.must("sh", "-c", "mount --bind %s /etc/resolv.conf && getent ahosts g.example"
                    % self.path("resolv.conf"))
            live.wait_rows(2)
            rows, _ = live.stop()
        self.assertEqual(sorted((row["qname"], row["qtype"], row["rcode"]) for row in rows),
                         [("g.example", "A", "NOERROR"), ("g.example", "AAAA", "NOERROR")])
        self.assertEqual(len({row["client_port"] for row in rows}), 1)

    def test_resolver_and_its_upstream(self):
        a, b = self.pair()
        net.knot(self, b, self.dir, ["10.9.0.2"])
        net.unbound(self, a, self.dir, "127.0.0.1", "10.9.0.2")
        with Live(of=[a, b]) as live:
            a.must("dig", "@127.0.0.1", "fresh.example")
            live.wait_rows(2, lambda row: row["qname"].lower() == "fresh.example")
            rows, _ = live.stop()
        rows = {row["server"]: row for row in rows if row["qname"].lower() == "fresh.example"}
        self.assertEqual(set(rows), {"127.0.0.1", "10.9.0.2"})
        self.assertLess(rows["10.9.0.2"]["latency_us"], rows["127.0.0.1"]["latency_us"])

    def test_nat_is_one_row(self):
        """Client, bridge, masquerade, server: ten sightings, one transaction."""
        c, s = net.Namespace(self, "c"), net.Namespace(self, "s")
        r = net.Namespace(self, "r")
        net.veth(c, "eth0", ["172.30.0.2/24"], r, "vc", [])
        net.veth(r, "up0", ["10.88.0.1/24"], s, "eth0", ["10.88.0.2/24"])
        r.must("sh", "-c", "ip link add br0 type bridge && ip link set vc master br0 && "
               "ip addr add 172.30.0.1/24 dev br0 && ip link set br0 up && "
               "sysctl -qw net.ipv4.ip_forward=1 && "
               "nft 'add table ip t; add chain ip t p { type nat hook postrouting priority 100; }; "
               "add rule ip t p oifname up0 masquerade'")
        c.must("ip", "route", "add", "default", "via", "172.30.0.1")
        net.knot(self, s, self.dir, ["10.88.0.2"])
        with Live(of=[c, r, s]) as live:
            c.must("dig", "+tries=1", "@10.88.0.2", "nat.example")
            live.wait_rows(1)
            rows, _ = live.stop()
        self.assertEqual([(row["client"], row["server"], row["state"], row["attempts"])
                          for row in rows], [("172.30.0.2", "10.88.0.2", "answered", 1)])
        self.assertEqual(rows[0]["sightings"], 10)

    def test_interface_filter(self):
        ns = net.Namespace(self, "d")
        b = net.Namespace(self, "e")
        net.veth(ns, "va", ["10.9.0.1/24"], b, "vb", ["10.9.0.2/24"])
        net.knot(self, b, self.dir, ["10.9.0.2"])
        net.knot(self, ns, self.dir, ["127.0.0.1"])
        with Live("va", prefix=ns.argv()) as live:
            ns.must("dig", "@127.0.0.1", "over-lo.example")
            ns.must("dig", "@10.9.0.2", "over-va.example")
            live.wait_rows(1)
            rows, _ = live.stop()
        self.assertEqual([(row["qname"], row["sightings"]) for row in rows], [("over-va.example", 2)])

    def test_libpcap_live(self):
        a, b = self.pair()
        net.knot(self, b, self.dir, ["10.9.0.2"])
        with Live("--source", "pcap", "va", prefix=a.argv()) as live:
            a.must("dig", "@10.9.0.2", "pcap.example")
            live.wait_rows(1)
            rows, stats = live.stop()
        self.assertEqual([(row["qname"], row["state"], row["sightings"]) for row in rows],
                         [("pcap.example", "answered", 2)])
        self.assertEqual(stats["lost_capture"], 0)

    def test_vanished_interface_of_bpf(self):
        ns = net.Namespace(self, "x")
        ns.must("ip", "link", "add", "gone0", "type", "veth", "peer", "name", "gone1")
        with Live("gone0", prefix=["nsenter", "--net=/run/netns/" + ns.name]) as live:
            self.assertIn("(bpf)", "".join(live.errors))
            ns.must("ip", "link", "del", "gone0")
            wait_for("dnstop to notice", lambda: live.process.poll() is not None)
            live.stop()
        self.assertEqual(live.process.returncode, 1)
        self.assertIn("the interface gone0 has disappeared", "".join(live.errors))

    def test_vanished_interface(self):
        a, b = self.pair()
        with Live("--source", "pcap", "va", prefix=a.argv()) as live:
            a.must("ip", "link", "del", "va")
            wait_for("dnstop to end", lambda: live.process.poll() is not None)
            live.stop()
        self.assertEqual(live.process.returncode, 1)
        self.assertIn("va", "".join(live.errors))

    def test_no_such_interface(self):
        done = dnstop("--json", "--source", "bpf", "nosuch0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nosuch0", done.stderr)

    def test_without_privilege(self):
        copy = self.path("dnstop")
        must(["install", "-m", "755", DNSTOP, copy])
        os.chmod(self.dir, 0o755)
        done = run(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", copy,
                    "--json", "--duration", "1"])
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"CAP_BPF")
        self.assertRegex(done.stderr, r"CAP_PERFMON")
        # What it says to do is what helps, as it stands.
        command = re.search(r"once `sudo (setcap [^`]+)`", done.stderr).group(1)
        self.assertIn("run `sudo %s`" % copy, done.stderr)
        must(["sh", "-c", command])
        done = run(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", copy,
                    "--json", "--stats", "--duration", "0.1"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("watching all (bpf)", done.stderr)

    def test_duration_and_count_end_it(self):
        done = dnstop("--json", "--duration", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        ns = net.Namespace(self, "n")
        net.knot(self, ns, self.dir, ["127.0.0.1"])
        with Live("--count", "2", "-Y", "qname~counted*.example netns=%d" % ns.inode()) as live:
            for i in range(3):
                ns.must("dig", "@127.0.0.1", "counted%d.example" % i)
            wait_for("dnstop to end", lambda: live.process.poll() is not None)
            rows, _ = live.stop()
        self.assertEqual(live.process.returncode, 0)
        self.assertEqual(len(rows), 2)


if __name__ == "__main__":
    main()
