#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Which way a message went: through veth, bridge and masquerade, one row with its legs."""

import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import Live, TempDirTest, main, must, wait_for

WHY_NOT = net.why_not()


def legs(row):
    """The path's texts as (kind, nanoseconds after the query, direction, interface,
    netns, from, to, reason) each."""
    out = []
    for text in row["path"]:
        kind, at, direction, interface, netns, source, to, *why = text.split(" ")
        out.append((kind, round(float(at) * 1000), direction, interface,
                    None if netns == "-" else int(netns), source, to, why))
    return out


@unittest.skipIf(WHY_NOT, WHY_NOT)
class PathTest(TempDirTest):
    def bridged(self):
        """A client behind veth, bridge and masquerade, and a server beyond."""
        c, r, s = (net.Namespace(self, name) for name in "crs")
        net.veth(c, "eth0", ["172.30.0.2/24", "fd30::2/64"], r, "vc", [])
        net.veth(r, "up0", ["10.88.0.1/24", "fd88::1/64"], s, "eth0", ["10.88.0.53/24", "fd88::53/64"])
        r.must("ip", "link", "add", "br0", "type", "bridge")
        r.must("ip", "link", "set", "vc", "master", "br0")
        r.must("ip", "addr", "add", "172.30.0.1/24", "dev", "br0")
        r.must("ip", "addr", "add", "fd30::1/64", "dev", "br0", "nodad")
        r.must("ip", "link", "set", "br0", "up")
        r.must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        c.must("ip", "route", "add", "default", "via", "172.30.0.1")
        c.must("ip", "route", "add", "default", "via", "fd30::1")
        r.must("nft", "add table inet nat; add chain inet nat post { type nat hook postrouting "
               "priority 100; }; add rule inet nat post oifname up0 masquerade")
        net.knot(self, s, self.dir, ["10.88.0.53", "fd88::53"])
        for server in ("10.88.0.53", "fd88::53"):
            wait_for("the way to " + server, lambda: net.answers(c, server, "a.example"))
        return c, r, s

    def ask(self, namespaces, n, *argv):
        """The n rows that this command makes. A run in which the host's other traffic
        was too much for the ring says nothing, and is made again."""
        for _ in range(10):
            with Live("--timeout", "1", of=namespaces) as live:
                namespaces[0].must(*argv)
                end = time.monotonic() + 10
                wait_for("the rows", lambda: len(live.rows) >= n or time.monotonic() > end)
                rows, stats = live.stop()
            if not stats["lost_ring"]:
                break
        self.assertEqual(len(rows), n)
        return rows

    def check(self, row, c, r, s, client, nat, server):
        want = [("query", "out", "eth0", c), ("query", "in", "vc", r), ("query", "in", "br0", r),
                ("query", "out", "up0", r), ("query", "in", "eth0", s),
                ("answer", "out", "eth0", s), ("answer", "in", "up0", r),
                ("answer", "out", "br0", r), ("answer", "out", "vc", r),
                ("answer", "in", "eth0", c)]
        way = legs(row)
        self.assertEqual([(leg[0], leg[2], leg[3], leg[4]) for leg in way],
                         [(kind, direction, interface, ns.inode())
                          for kind, direction, interface, ns in want], row["path"])
        times = [leg[1] for leg in way]
        self.assertEqual(times, sorted(times))
        self.assertEqual(times[0], 0)
        # From the first sighting of the query to the first of the answer.
        total = sum(b - a for a, b in zip(times[:5], times[1:6]))
        self.assertLessEqual(abs(total - row["latency_us"] * 1000), row["latency_us"] * 10, row)
        ends = [(leg[5].rpartition(":")[0], leg[6].rpartition(":")[0]) for leg in way]
        self.assertEqual(ends, [(client, server)] * 3 + [(nat, server)] * 2 +
                         [(server, nat)] * 2 + [(server, client)] * 3, row["path"])

    def test_bridge_and_masquerade(self):
        ns = c, _, _ = self.bridged()
        for transport in ([], ["+tcp"]):
            for client, nat, server in (("172.30.0.2", "10.88.0.1", "10.88.0.53"),
                                        ("[fd30::2]", "[fd88::1]", "[fd88::53]")):
                with self.subTest(server=server, transport=transport):
                    address = server.strip("[]")
                    row, = self.ask(ns, 1, "dig", "+tries=1", *transport, "@" + address,
                                    "way.example")
                    self.assertEqual((row["state"], row["client"], row["server"], row["sightings"],
                                      row["attempts"]),
                                     ("answered", client.strip("[]"), address, 10, 1))
                    self.check(row, *ns, client, nat, server)

    def test_query_redirected_before_it_leaves(self):
        """As Docker does: its resolver is asked at port 53, and listens at another one."""
        a = net.Namespace(self, "a")
        a.must("nft", "add table ip nat; add chain ip nat out { type nat hook output priority -100; };"
               "add rule ip nat out ip daddr 127.0.0.11 meta l4proto { tcp, udp } th dport 53 "
               "dnat to 127.0.0.11:34567")
        net.knot(self, a, self.dir, ["127.0.0.11@34567"], asked=["127.0.0.11"])
        for transport in ("udp", "tcp"):
            with self.subTest(transport=transport):
                row, = self.ask([a], 1, "dig", "+tries=1", "+" + ("tcp" if transport == "tcp" else "notcp"),
                                "@127.0.0.11", transport + ".example")
                self.assertEqual((row["qname"], row["state"], row["rcode"], row["transport"], row["server"],
                                  row["server_port"], row["attempts"], row["comm"]),
                                 (transport + ".example", "answered", "NOERROR", transport, "127.0.0.11",
                                  53, 1, "dig"))
                way = [(leg[0], leg[2], leg[6 if leg[0] == "query" else 5]) for leg in legs(row)]
                self.assertEqual(way, [("query", "out", "127.0.0.11:53"), ("query", "in", "127.0.0.11:34567"),
                                       ("answer", "out", "127.0.0.11:53"), ("answer", "in", "127.0.0.11:53")])

    def test_each_query_is_one_row(self):
        ns = c, _, _ = self.bridged()
        with open(self.path("queries"), "w") as out:
            for i in range(1000):
                out.write("n%d.example A\n" % i)
        rows = self.ask(ns, 1000, "dnsperf", "-s", "10.88.0.53", "-d", self.path("queries"), "-n",
                        "1", "-q", "20")
        for row in rows:
            self.check(row, *ns, "172.30.0.2", "10.88.0.1", "10.88.0.53")
        self.assertEqual(len({row["qname"] for row in rows}), 1000)


if __name__ == "__main__":
    main()
