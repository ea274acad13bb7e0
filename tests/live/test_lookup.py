#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lookups on real packets: what a resolver asks hangs under the question that
caused it, and what one getaddrinfo asks is one lookup."""

import collections
import os
import shutil
import sys
import textwrap
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import Live, TempDirTest, dnstop, main, rows_of, wait_for

WHY_NOT = net.why_not()
RESOLVER, AUTHORITY = "10.9.0.2", "10.9.2.2"

GETADDRINFO = """
import socket, sys
try:
    print(socket.getaddrinfo(sys.argv[1], 80, type=socket.SOCK_STREAM)[0][4][0])
except socket.gaierror as error:
    print(error)
"""


def dnsmasq(test, ns, address, forward):
    process = ns.popen("dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                       "--user=root", "--pid-file=", "--listen-address=" + address, "--bind-interfaces",
                       "--dns-forward-max=1000", "--cache-size=400", "--server=" + forward)
    test.addCleanup(net.stop, process)
    wait_for("dnsmasq at " + address, lambda: net.answers(ns, address, "a.example"))
    return process


@unittest.skipIf(WHY_NOT, WHY_NOT)
class LookupTest(TempDirTest):
    def setUp(self):
        """client - resolver - router - authority: knot is two namespaces away."""
        super().setUp()
        self.client, self.resolver, self.router, self.authority = (
            net.Namespace(self, name) for name in ("c", "r", "m", "s"))
        net.veth(self.client, "vc", ["10.9.0.1/24", "10.9.0.11/24"], self.resolver, "vr",
                 [RESOLVER + "/24", "10.9.0.3/24"])
        net.veth(self.resolver, "vm", ["10.9.1.1/24"], self.router, "vr", ["10.9.1.2/24"])
        net.veth(self.router, "vs", ["10.9.2.1/24"], self.authority, "va", [AUTHORITY + "/24"])
        self.resolver.must("ip", "route", "add", "10.9.2.0/24", "via", "10.9.1.2")
        self.router.must("sysctl", "-qw", "net.ipv4.ip_forward=1")
        self.authority.must("ip", "route", "add", "default", "via", "10.9.2.1")
        net.knot(self, self.authority, self.dir, [AUTHORITY])

    def all(self):
        return [self.client, self.resolver, self.router, self.authority]

    def resolv_conf(self, text):
        """What `ip netns exec` gives the client for its /etc/resolv.conf."""
        base = "/etc/netns/" + self.client.name
        os.makedirs(base)
        self.addCleanup(shutil.rmtree, base)
        with open(base + "/resolv.conf", "w") as out:
            out.write(textwrap.dedent(text))

    def getaddrinfo(self, name):
        return self.client.must(sys.executable, "-c", GETADDRINFO, name).strip()

    def queries(self):
        """1,000 lookups: names of their own, and every fourth one asked before."""
        with open(self.path("queries"), "w") as out:
            for i in range(1000):
                name = "u%d" % i if i % 4 or i < 40 else "u%d" % (i - 37)
                out.write("%s.example %s\n" % (name, "AAAA" if i % 3 == 0 else "A"))
        return self.path("queries")

    def judge(self, rows, upstream_of):
        """Every upstream query against the questions that were open for it: all
        names are of one question, or of several for the same."""
        by_row = {row["row"]: row for row in rows}
        asked = collections.defaultdict(list)
        for row in rows:
            if row["server"] == RESOLVER and row["qname"].startswith("u"):
                asked[row["qname"], row["qtype"]].append(row)
        upstream = [row for row in rows if upstream_of(row) and row["qname"].startswith("u")]
        right = wrong = 0
        for row in upstream:
            if row["parent"] is None:
                continue
            parent = by_row.get(row["parent"])
            end = parent["ts"] + (parent["latency_us"] or 5e6) / 1e6 if parent else 0
            if parent in asked[row["qname"], row["qtype"]] and parent["ts"] <= row["ts"] <= end + 1e-6:
                right += 1
                self.assertEqual(row["lookup"], parent["lookup"])
            else:
                wrong += 1
        print("%d of %d upstream queries under the right question, %d wrong ..." % (
            right, len(upstream), wrong), end=" ")
        self.assertEqual(sum(map(len, asked.values())), 1000)
        self.assertGreater(len(upstream), 700)
        self.assertEqual(wrong, 0)
        self.assertGreaterEqual(right, 0.99 * len(upstream))
        # What was answered out of the cache caused nothing, and the clients' own
        # questions hang under none.
        self.assertTrue(all(row["parent"] is None for each in asked.values() for row in each))
        return right

    def thousand(self):
        """1,000 lookups of many at once, watched live and in a capture of the
        resolver's host."""
        capture = self.path("resolver.pcap")
        tcpdump = net.tcpdump(self, self.resolver, "any", capture)
        with Live(of=self.all()) as live:
            report = self.client.must("dnsperf", "-s", RESOLVER, "-d", self.queries(), "-n", "1", "-c", "4",
                                      "-q", "40", "-t", "5")
            self.assertRegex(report, r"Queries completed:\s+1000 ")
            live.wait_rows(1000, lambda row: row["server"] == RESOLVER)
            rows, stats = live.stop()
        net.stop_tcpdump(tcpdump, capture, 2 * sum(row["state"] == "answered" for row in rows))
        self.assertEqual(stats["lost_ring"], 0)
        self.judge(rows, lambda row: row["server"] == AUTHORITY)
        upstream = collections.Counter()
        for row in rows:
            upstream[row["lookup"]] = max(upstream[row["lookup"]], row["upstream"])
        self.assertEqual(sum(upstream.values()),
                         sum(row["server"] == AUTHORITY and row["parent"] is not None for row in rows))
        # The same from the file, which knows no process.
        done = dnstop("--json", capture)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = rows_of(done.stdout)
        self.assertEqual({row["pid"] for row in rows}, {None})
        self.judge(rows, lambda row: row["server"] == AUTHORITY)

    def test_1000_through_unbound(self):
        net.unbound(self, self.resolver, self.dir, RESOLVER, AUTHORITY)
        self.thousand()

    def test_recursion(self):
        """An unbound that begins at the root: referrals, minimised names, CNAMEs and
        servers' addresses, many at once. What is not of one name hangs under a
        question that it is above of, or that an answer led to it, or under none."""
        apex = "$ORIGIN %s.\n$TTL 300\n@ SOA ns.auth h 1 3600 600 86400 60\n@ NS ns.auth.\n"
        zones = [("", "$ORIGIN .\n$TTL 300\n. SOA ns.auth h 1 3600 600 86400 60\n. NS ns.auth.\n"
                  "ns.auth. A %s\n%s" % (AUTHORITY, "".join("t%d. NS ns.auth.\n" % i for i in range(8))))]
        for i in range(8):
            zones.append(("t%d" % i, apex % ("t%d" % i) + "d NS ns.auth.\n"))
            zones.append(("d.t%d" % i, apex % ("d.t%d" % i) + "* A 192.0.2.1\n*.alias CNAME to%d.d.t%d.\n"
                          % (i, (i + 1) % 8)))
        net.knot(self, self.router, self.dir, ["10.9.1.2"], [(n, t.replace(AUTHORITY, "10.9.1.2")) for n, t in zones])
        self.recursor("10.9.1.2")
        with open(self.path("queries"), "w") as out:
            for i in range(400):
                out.write("u%d.%sd.t%d A\n" % (i, "alias." if i % 5 == 0 else "", i % 8))
        with Live(of=self.all()) as live:
            self.client.must("dnsperf", "-s", RESOLVER, "-d", self.path("queries"), "-n", "1", "-c", "4", "-q", "20",
                             "-t", "5")
            live.wait_rows(400, lambda row: row["server"] == RESOLVER and row["qname"].startswith("u"))
            rows, _ = live.stop()
        by_row = {row["row"]: row for row in rows}
        upstream = [row for row in rows if row["server"] == "10.9.1.2" and row["comm"] == "unbound"]
        counts = collections.Counter()
        for row in upstream:
            name = row["qname"].lower()
            parent = by_row.get(row["parent"])
            if name.startswith("u"):
                counts["right" if parent and parent["qname"] == name else "missed" if not parent else "wrong"] += 1
            elif parent is None:
                counts["none"] += 1
            else:
                self.assertTrue(parent["qname"].endswith("." + name) or name.startswith(("to", "ns."))
                                or name in ("auth", "d.t%s" % name[-1], "t%s" % name[-1]), (row, parent))
                counts["above"] += 1
        print(dict(counts), "...", end=" ")
        self.assertEqual(counts["wrong"], 0)
        self.assertGreaterEqual(counts["right"], 0.99 * (counts["right"] + counts["missed"]))
        self.assertGreater(counts["right"], 390)
        self.assertGreater(counts["above"], 0)

    def recursor(self, root):
        base = self.path("recursor")
        os.makedirs(base)
        with open(base + "/hints", "w") as hints:
            hints.write(". 300 NS ns.auth.\nns.auth. 300 A %s\n" % root)
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
                  do-ip6: no
                  module-config: "iterator"
                  root-hints: "%s/hints"
                remote-control:
                  control-enable: no
                """) % (RESOLVER, base, base, base, base))
        process = self.resolver.popen("unbound", "-d", "-c", base + "/unbound.conf")
        self.addCleanup(net.stop, process)
        wait_for("unbound at " + RESOLVER, lambda: net.answers(self.resolver, RESOLVER, "ready.d.t0"))

    @unittest.skipUnless(shutil.which("dnsmasq"), "no dnsmasq")
    def test_1000_through_dnsmasq(self):
        dnsmasq(self, self.resolver, RESOLVER, AUTHORITY)
        self.thousand()

    @unittest.skipUnless(shutil.which("dnsmasq"), "no dnsmasq")
    def test_two_resolvers_that_are_asked_the_same(self):
        """On one host, at once: told apart by process; in the file, where they ask
        from one address, what both could have asked hangs under none."""
        net.unbound(self, self.resolver, self.dir, RESOLVER, AUTHORITY)
        dnsmasq(self, self.resolver, "10.9.0.3", AUTHORITY)
        capture = self.path("both.pcap")
        tcpdump = net.tcpdump(self, self.resolver, "any", capture)
        servers = {"unbound": RESOLVER, "dnsmasq": "10.9.0.3"}
        with Live(of=self.all()) as live:
            asking = [self.client.popen("dnsperf", "-s", server, "-d", self.queries(), "-n", "1", "-c", "2", "-q", "20",
                                        "-t", "5") for server in servers.values()]
            for process in asking:
                process.wait()
            live.wait_rows(2000, lambda row: row["server"] in servers.values())
            rows, _ = live.stop()
        net.stop_tcpdump(tcpdump, capture, 2 * sum(row["state"] == "answered" for row in rows))
        by_row = {row["row"]: row for row in rows}
        upstream = [row for row in rows if row["server"] == AUTHORITY and row["qname"].startswith("u")]
        self.assertGreater(len(upstream), 1400)
        linked = [row for row in upstream if row["parent"] is not None]
        for row in linked:
            parent = by_row[row["parent"]]
            self.assertEqual((parent["server"], parent["qname"], parent["qtype"]),
                             (servers[row["comm"]], row["qname"], row["qtype"]))
        self.assertGreaterEqual(len(linked), 0.99 * len(upstream))
        # Which port asked is known from above: the file must not know better.
        asked_by = {(row["client_port"], row["id"], row["qname"]): row["comm"] for row in upstream}
        rows = rows_of(dnstop("--json", capture).stdout)
        by_row = {row["row"]: row for row in rows}
        linked = wrong = 0
        for row in rows:
            comm = asked_by.get((row["client_port"], row["id"], row["qname"]))
            if row["server"] == AUTHORITY and comm and row["parent"] is not None:
                linked += 1
                wrong += by_row[row["parent"]]["server"] != servers[comm]
        print("%d of %d, %d in the file, %d wrong ..." % (len(upstream), len(upstream), linked, wrong), end=" ")
        self.assertEqual(wrong, 0)

    def over_tcp(self):
        """The clients come over TCP: dnsmasq answers each with a process of its own."""
        with Live(of=self.all()) as live:
            clients = [self.client.popen("dig", "+tcp", "+tries=1", "@" + RESOLVER, "tcp%d.example" % i)
                       for i in range(10)]
            for client in clients:
                client.wait()
            live.wait_rows(20, lambda row: row["qname"].startswith("tcp"))
            rows, _ = live.stop()
        asked = {row["qname"]: row["row"] for row in rows if row["server"] == RESOLVER}
        upstream = {row["qname"]: row["parent"] for row in rows
                    if row["server"] == AUTHORITY and row["qname"].startswith("tcp")}
        self.assertEqual(len(upstream), 10)
        self.assertEqual(upstream, {name: asked[name] for name in upstream})

    def test_tcp_through_unbound(self):
        net.unbound(self, self.resolver, self.dir, RESOLVER, AUTHORITY)
        self.over_tcp()

    @unittest.skipUnless(shutil.which("dnsmasq"), "no dnsmasq")
    def test_tcp_through_dnsmasq(self):
        dnsmasq(self, self.resolver, RESOLVER, AUTHORITY)
        self.over_tcp()

    def test_1000_through_nat(self):
        """The client knows the resolver by another address."""
        net.unbound(self, self.resolver, self.dir, "10.9.0.3", AUTHORITY)
        self.resolver.must("nft", "add table ip t; add chain ip t p { type nat hook prerouting priority -100; };"
                           "add rule ip t p ip daddr %s udp dport 53 dnat to 10.9.0.3" % RESOLVER)
        with Live(of=self.all()) as live:
            self.client.must("dnsperf", "-s", RESOLVER, "-d", self.queries(), "-n", "1", "-c", "4", "-q", "40",
                             "-t", "5")
            live.wait_rows(1000, lambda row: row["server"] == RESOLVER)
            rows, _ = live.stop()
        self.judge(rows, lambda row: row["server"] == AUTHORITY)

    def test_resolver_on_loopback(self):
        """As systemd-resolved is: only its process tells what it asks for whom."""
        net.unbound(self, self.resolver, self.dir, "127.0.0.53", AUTHORITY)
        with Live(of=self.all()) as live:
            for i in range(3):
                self.resolver.must("dig", "+tries=1", "@127.0.0.53", "lo%d.example" % i)
                self.resolver.must("dig", "+tries=1", "@" + AUTHORITY, "lo%d.example" % i)
            live.wait_rows(9, lambda row: row["qname"].startswith("lo"))
            rows, _ = live.stop()
        rows = [row for row in rows if row["qname"].startswith("lo")]
        asked = {row["qname"]: row["row"] for row in rows if row["server"] == "127.0.0.53"}
        self.assertEqual(sorted((row["qname"], row["comm"], row["parent"]) for row in rows),
                         sorted((name, comm, number if comm == "unbound" else None)
                                for name, number in asked.items() for comm in ("dig", "dig", "unbound")))

    def test_search_list(self):
        self.resolv_conf("""\
            nameserver %s
            search ns.svc.mail.example svc.mail.example mail.example
            options ndots:5
            """ % RESOLVER)
        net.unbound(self, self.resolver, self.dir, RESOLVER, AUTHORITY)
        with Live(of=self.all()) as live:
            self.assertIn(self.getaddrinfo("api.example"), ("192.0.2.1", "2001:db8::1"))
            live.wait_rows(8, lambda row: row["server"] == RESOLVER and row["comm"] == "python3")
            rows, _ = live.stop()
        rows = [row for row in rows if row["server"] == RESOLVER and row["comm"] == "python3"]
        self.assertEqual(len({row["lookup"] for row in rows}), 1, rows)
        names = collections.Counter((row["qname"], row["wasted"]) for row in rows)
        self.assertEqual(names, {("api.example.ns.svc.mail.example", 1): 2,
                                 ("api.example.svc.mail.example", 1): 2,
                                 ("api.example.mail.example", 1): 2,
                                 ("api.example", 0): 2})
        last = max(rows, key=lambda row: row["row"])
        self.assertEqual((last["intended"], last["lookup_rows"], last["lookup_outcome"]),
                         ("api.example", 8, "ok"))

    def test_first_server_is_dead(self):
        self.resolv_conf("nameserver 10.9.0.3\nnameserver %s\noptions timeout:1 attempts:2\n" % RESOLVER)
        self.resolver.must("nft", "add table ip t; add chain ip t c { type filter hook input priority 0; };"
                           "add rule ip t c ip daddr 10.9.0.3 drop")
        net.unbound(self, self.resolver, self.dir, RESOLVER, AUTHORITY)
        with Live("--timeout", "1", of=self.all()) as live:
            self.assertIn(self.getaddrinfo("dead.example"), ("192.0.2.1", "2001:db8::1"))
            live.wait_rows(4, lambda row: row["qname"] == "dead.example" and row["comm"] == "python3")
            rows, _ = live.stop()
        rows = [row for row in rows if row["qname"] == "dead.example" and row["comm"] == "python3"]
        self.assertEqual(len({row["lookup"] for row in rows}), 1, rows)
        self.assertEqual({row["server"] for row in rows}, {"10.9.0.3", RESOLVER})
        answered = [row for row in rows if row["server"] == RESOLVER]
        self.assertEqual({row["lookup_outcome"] for row in answered}, {"ok"})
        begin = min(row["ts"] for row in rows)
        end = max(row["ts"] + row["latency_us"] / 1e6 for row in answered)
        self.assertGreater(end - begin, 0.9)
        last = max(rows, key=lambda row: (row["lookup_us"] or 0))
        self.assertAlmostEqual(last["lookup_us"] / 1e6, end - begin, delta=0.0001)

    def test_truncated_answer_then_tcp(self):
        with Live(of=self.all()) as live:
            self.resolver.must("dig", "+tries=1", "+bufsize=1232", "@" + AUTHORITY, "big.example", "TXT")
            live.wait_rows(2, lambda row: row["qname"] == "big.example")
            rows, _ = live.stop()
        # The cut answer's row waits for the other, which it names.
        rows = sorted((row for row in rows if row["qname"] == "big.example"), key=lambda row: row["ts"])
        self.assertEqual([(row["transport"], row["lookup"] == rows[0]["lookup"], row["lookup_outcome"])
                          for row in rows],
                         [("udp", True, "ok"), ("tcp", True, "ok")])


if __name__ == "__main__":
    main()
