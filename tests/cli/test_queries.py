#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Groups, orders and reports, counted once more from the rows that --json tells: of a
capture made at random, and of the corpus where it is at hand."""

import glob
import ipaddress
import os
import random
import sys
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import ROOT, TempDirTest, dnstop, main, rows_of
from packets import Talk

CORPUS = os.environ.get("DNSTOP_CORPUS", os.path.join(os.path.dirname(ROOT), "shared/corpus"))
FACTS = ("row", "ts", "state", "service", "transport", "client", "server", "qname", "domain2", "qtype", "rcode", "latency_us",
         "attempts", "query_bytes", "response_bytes", "answer", "ttl", "tc", "band", "opcode", "interface", "responder")
GROUPS = ("state", "transport", "client", "server", "qname", "domain2", "qtype", "rcode", "attempts", "answer", "ttl", "tc",
          "band", "opcode", "interface", "responder")
LATENCIES = ["latency_%s_us" % word for word in ("avg", "min", "p50", "p90", "p99", "max")]


def fold(value):
    """Texts that differ in case only are one group."""
    if isinstance(value, list):
        return tuple(map(fold, value))
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in value) if isinstance(value, str) else value


def order_of(field, value):
    """Where a value stands; None where that is by its number, which JSON does not tell."""
    if value is None:
        return (1,)
    if field in ("state", "transport", "qtype", "rcode", "band", "opcode", "service"):
        return None
    if field in ("client", "server", "responder"):
        address = ipaddress.ip_address(value)
        return (0, address.version, int(address))
    if isinstance(value, list):
        return (0, "\n".join(fold(item) for item in value))
    return (0, fold(value))


def nanoseconds(us):
    return None if us is None else int(us * 1000)


def nearest_rank(samples, permille):
    return samples[-(-len(samples) * permille // 1000) - 1]


def latencies(rows):
    return sorted(nanoseconds(row["latency_us"]) for row in rows if row["latency_us"] is not None)


class Counted(TempDirTest):
    def table(self, *args):
        done = dnstop("--json", *args)
        self.assertEqual(done.returncode, 0, done.stderr)
        return rows_of(done.stdout, parse_float=Decimal)

    def rows(self, path):
        """As they are at the end: one that was answered late is printed again."""
        last = {row["row"]: row for row in self.table("--columns", ",".join(FACTS), path)}
        return [last[n] for n in sorted(last)]

    def check_percentile(self, got, samples, permille, where):
        want, got = nearest_rank(samples, permille), nanoseconds(got)
        self.assertLessEqual(abs(got - want), 0 if len(samples) <= 64 else want * 0.016 + 1, (where, got, want))

    def check_group(self, group, rows, total, where):
        want = {"count": len(rows), "errors": sum(row["rcode"] not in (None, "NOERROR") for row in rows),
                "timeouts": sum(row["state"] == "timeout" and row["service"] == "dns" for row in rows),
                "bytes": sum((row["query_bytes"] or 0) + (row["response_bytes"] or 0) for row in rows)}
        self.assertEqual({key: group[key] for key in want}, want, where)
        self.assertLessEqual(abs(group["share"] - Decimal(len(rows)) / total), Decimal("0.0000006"), where)
        samples = latencies(rows)
        if not samples:
            self.assertEqual({group[key] for key in LATENCIES}, {None}, where)
            return
        self.assertEqual([nanoseconds(group[key]) for key in ("latency_min_us", "latency_max_us")], [samples[0], samples[-1]], where)
        self.assertLessEqual(abs(nanoseconds(group["latency_avg_us"]) - sum(samples) / len(samples)), 1, where)
        for permille, key in ((500, "latency_p50_us"), (900, "latency_p90_us"), (990, "latency_p99_us")):
            self.check_percentile(group[key], samples, permille, (where, key))

    def check_groups(self, path, rows, by):
        fields = by.split(",")
        groups = self.table("--by", by, path)
        members = {}
        for row in rows:
            members.setdefault(tuple(fold(row[f]) for f in fields), []).append(row)
        keys = [tuple(fold(group[f]) for f in fields) for group in groups]
        self.assertEqual(sorted(map(repr, keys)), sorted(map(repr, members)))
        for key, group in zip(keys, groups):
            self.check_group(group, members[key], len(rows), (path, by, key))
        self.check_order(groups, fields, "count", True)
        return groups

    def check_order(self, groups, fields, column, descending):
        """By the column, those without one last; equal ones by their fields."""
        figures = [group[column] for group in groups]
        present = [figure for figure in figures if figure is not None]
        self.assertEqual(figures, sorted(present, reverse=descending) + [None] * (len(figures) - len(present)))
        for one, next_one in zip(groups, groups[1:]):
            if one[column] == next_one[column]:
                orders = [[order_of(f, group[f]) for f in fields] for group in (one, next_one)]
                if None not in orders[0] + orders[1]:
                    self.assertLess(*orders)

    def check_sorted(self, path, rows, field):
        for sign in ("", "-"):
            got = self.table("--sort", sign + field, "--columns", "row" if field == "row" else "row," + field, path)
            self.assertEqual(sorted(row["row"] for row in got), [row["row"] for row in rows])
            orders = [order_of(field, row[field]) for row in got]
            n = sum(order != (1,) for order in orders)
            self.assertNotIn((1,), orders[:n])
            if None not in orders:
                self.assertEqual(orders[:n], sorted(orders[:n], reverse=bool(sign)), (path, sign + field))
            for i in range(len(got) - 1):
                if got[i][field] == got[i + 1][field] and field != "ts":
                    self.assertEqual(got[i]["row"] > got[i + 1]["row"], bool(sign))
            top = self.table("--sort", sign + field, "--columns", "row", "--top", "3", path)
            self.assertEqual([row["row"] for row in top], [row["row"] for row in got[:3]])

    def check_resolvers(self, path, rows):
        servers = {}
        for row in rows:
            if row["service"] == "dns" and row["state"] not in ("unsolicited", "announced"):
                servers.setdefault(row["server"], []).append(row)
        lines = self.table("--report", "resolvers", path)
        self.assertEqual({line["server"] for line in lines}, set(servers))
        for line in lines:
            asked = servers[line["server"]]
            answered = [row for row in asked if row["state"] == "answered"]
            want = {"queries": len(asked), "unanswered": sum(row["state"] == "timeout" for row in asked),
                    "servfail": sum(row["rcode"] == "SERVFAIL" for row in answered),
                    "truncated": sum(row["tc"] == 1 and row["transport"] == "udp" for row in answered),
                    "retries": sum(row["attempts"] - 1 for row in asked)}
            self.assertEqual({key: line[key] for key in want}, want, (path, line["server"]))
            samples = latencies(asked)
            for permille, key in ((500, "latency_p50_us"), (950, "latency_p95_us"), (990, "latency_p99_us")):
                if samples:
                    self.check_percentile(line[key], samples, permille, (path, key))
                else:
                    self.assertIsNone(line[key])


class RandomTest(Counted):
    def setUp(self):
        super().setUp()
        rng, talk = random.Random(7), Talk()
        for n in range(900):
            client = rng.choice(["10.0.3.%d" % rng.randrange(6), "fd00::%x" % rng.randrange(3)])
            what = (client, 4000 + n, rng.choice(["10.0.0.2", "10.0.0.3"]) if "." in client else "fd00::53", rng.randrange(65536),
                    rng.choice(["www", "WWW", "mail", "x"]) + rng.choice([".example.com", ".Example.com", ".test"]),
                    rng.choice(["A", "AAAA", "MX"]))
            talk.ask(n * 20000, *what)
            if rng.random() < 0.1:
                talk.ask(n * 20000 + 900000, *what)
            # Some after they have been called a timeout.
            after = rng.choice([200, 900, 1000, 40000, 40000, 2000000, 14000000 if rng.random() < 0.2 else 77])
            if rng.random() < 0.93:
                talk.answer(n * 20000 + after + rng.randrange(200), *what, rcode=rng.choice([0, 0, 3, 2]),
                            answers=[("A", rng.choice([60, 300]), bytes([192, 0, 2, rng.randrange(3)])) for _ in range(rng.randrange(3))])
        self.capture = talk.write(self.path("random.pcap"))
        self.all = self.rows(self.capture)

    def test_groups(self):
        self.assertGreaterEqual(len(self.all), 900)
        for by in GROUPS + ("client,rcode", "domain2,qtype", "server,band", "answer,ttl"):
            with self.subTest(by):
                self.check_groups(self.capture, self.all, by)

    def test_orders_of_groups(self):
        for by in ("client", "client,domain2"):
            for column in ["count", "share", "timeouts", "errors", "bytes"] + LATENCIES:
                for sign in ("", "-"):
                    groups = self.table("--by", by, "--sort", sign + column, self.capture)
                    self.check_order(groups, by.split(","), column, bool(sign))
                    top = self.table("--by", by, "--sort", sign + column, "--top", "2", self.capture)
                    self.assertEqual(top, groups[:2])
        keys = [group["client"] for group in self.table("--by", "client", "--sort", "client", self.capture)]
        self.assertEqual(keys, sorted(keys, key=lambda key: order_of("client", key)))
        self.assertEqual([group["client"] for group in self.table("--by", "client", "--sort", "-client", self.capture)], keys[::-1])

    def test_orders_of_rows(self):
        for field in FACTS:
            with self.subTest(field):
                self.check_sorted(self.capture, self.all, field)

    def test_resolvers(self):
        self.check_resolvers(self.capture, self.all)


@unittest.skipUnless(os.path.exists(os.path.join(CORPUS, "compare.py")), "no corpus of captures here")
class CorpusTest(Counted):
    def test_each_capture(self):
        """A third of them; each question takes some of these."""
        paths = sorted(path[:-len(".truth.ndjson")] for path in glob.glob(os.path.join(CORPUS, "*.truth.ndjson")))
        self.assertGreater(len(paths), 100)
        for n, path in enumerate(paths[::3]):
            with self.subTest(os.path.basename(path)):
                rows = self.rows(path)
                self.check_groups(path, rows, GROUPS[n % len(GROUPS)])
                self.check_groups(path, rows, "client,rcode")
                self.check_sorted(path, rows, FACTS[n % len(FACTS)])
                self.check_resolvers(path, rows)


if __name__ == "__main__":
    main()
