#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The command line without a terminal: files, filters, outputs, mistakes."""

import csv
import io
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import DNSTOP, TempDirTest, dnstop, main, rows_of
from packets import Talk, opt, pcapng, query, udp

CLIENT, SERVER = "10.0.3.17", "10.0.0.2"
KEYS = ("ts state service transport client client_port server server_port id opcode qname qtype "
        "qclass rcode flags latency_us attempts sightings query_bytes response_bytes answers answer "
        "ttl pid comm uid exe container pod server_pid server_comm server_container "
        "netns interface path drop_reason drop_place row lookup parent lookup_us lookup_outcome lookup_rows "
        "upstream intended wasted twin messages responders").split()


def sample():
    """An answer, an NXDOMAIN, a slow SERVFAIL after a retry, a BADVERS, an
    unanswered query and an answer nobody asked for."""
    talk = Talk()
    talk.ask(0, CLIENT, 4000, SERVER, 0x1a2b, "www.example.com")
    talk.answer(412, CLIENT, 4000, SERVER, 0x1a2b, "www.example.com",
                answers=[("A", 300, bytes([192, 0, 2, 1])), ("A", 60, bytes([192, 0, 2, 2]))])
    talk.ask(1000, CLIENT, 4001, SERVER, 2, "wpad.corp.test", "AAAA")
    talk.answer(32000, CLIENT, 4001, SERVER, 2, "wpad.corp.test", "AAAA", rcode=3)
    talk.ask(40000, "fd00::3:17", 4002, "fd00::53", 0, "mail.example.org", "MX")
    talk.ask(1040000, "fd00::3:17", 4002, "fd00::53", 0, "mail.example.org", "MX")
    talk.answer(2144118, "fd00::3:17", 4002, "fd00::53", 0, "mail.example.org", "MX", rcode=2)
    talk.ask(2200000, CLIENT, 4003, SERVER, 4, "edns.example.com", edns=1232)
    talk.answer(2201000, CLIENT, 4003, SERVER, 4, "edns.example.com", additional=opt(1232, 1))
    talk.ask(2300000, CLIENT, 4004, SERVER, 5, "silent.example.com")
    talk.answer(2400000, CLIENT, 4005, SERVER, 6, "unasked.example.com")
    talk.ask(9000000, CLIENT, 4006, SERVER, 7, "last.example.com")
    return talk


class CliTest(TempDirTest):
    def setUp(self):
        super().setUp()
        self.capture = sample().write(self.path("sample.pcap"))

    def rows(self, *args):
        done = dnstop("--json", *args, self.capture)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return rows_of(done.stdout)

    def names(self, *args):
        return [row["qname"].split(".")[0] for row in self.rows(*args)]

    def test_rows(self):
        rows = {row["qname"]: row for row in self.rows()}
        self.assertEqual(len(rows), 7)
        row = rows["www.example.com"]
        self.assertEqual(list(row), KEYS)
        want = dict(state="answered", service="dns", transport="udp", client=CLIENT, client_port=4000,
                    server=SERVER, server_port=53, id=0x1a2b, opcode="QUERY", qtype="A", qclass="IN",
                    rcode="NOERROR", latency_us=412, attempts=1, answers=2, ttl=60,
                    answer=["192.0.2.1", "192.0.2.2"], pid=None, comm=None, container=None,
                    drop_reason=None, drop_place=None)
        self.assertEqual({key: row[key] for key in want}, want)
        self.assertEqual(rows["mail.example.org"]["attempts"], 2)
        self.assertEqual(rows["mail.example.org"]["latency_us"], 2104118)
        self.assertEqual(rows["edns.example.com"]["rcode"], "BADVERS")
        self.assertEqual({name.split(".")[0]: row["state"] for name, row in rows.items()
                          if row["state"] != "answered"},
                         {"silent": "timeout", "unasked": "unsolicited", "last": "pending"})
        for name in ("silent.example.com", "last.example.com"):
            self.assertEqual([rows[name][key] for key in
                              ("rcode", "latency_us", "response_bytes", "answers", "answer", "ttl")],
                             [None] * 6)

    def test_timestamps_keep_their_nanoseconds(self):
        done = dnstop("--json", "-Y", "qname=www.example.com", self.capture)
        self.assertTrue(done.stdout.startswith('{"ts":1700000000.000000000,'), done.stdout)

    def test_filters(self):
        for text, names in (
                ("rcode=NXDOMAIN", ["wpad"]),
                ("id=0x1a2b", ["www"]),
                ("id=0", ["mail"]),
                ("latency>=10ms", ["wpad", "mail"]),
                ("rcode!=NOERROR and latency>20ms", ["wpad", "mail"]),
                ("unanswered", ["silent", "last"]),
                ("timeout", ["silent"]),
                ("dns.flags.rcode == 2", ["mail"]),
                ("dns.time > 2", ["mail"]),
                ("dns_latency>=1000", ["mail"]),
                ("client=fd00::/16", ["mail"]),
                ("not client=10.0.0.0/8", ["mail"]),
                ("qname~*.example.com rcode=NOERROR", ["www", "unasked"]),
                ("wpad", ["wpad"]),
                ("ts<-1m rcode=NXDOMAIN", ["wpad"]),
                ("ts>=-1m", []),
        ):
            with self.subTest(text):
                self.assertEqual(self.names("-Y", text), names)

    def test_classic_switches(self):
        self.assertEqual(self.names("-6"), ["mail"])
        self.assertNotIn("mail", self.names("-4"))
        self.assertEqual(self.names("-i", CLIENT), ["mail"])
        self.assertEqual(self.names("-n", "example.org"), ["mail"])
        self.assertEqual(self.names("-f", "nxdomain"), ["wpad"])
        done = dnstop("--json", "-f", "nosuch", self.capture)
        self.assertEqual(done.returncode, 2)
        self.assertIn("nosuch", done.stderr)
        self.assertIn("nxdomain", done.stderr)

    def test_wrong_filter_has_a_caret(self):
        done = dnstop("--json", "-Y", "rcode=NXDOMAIN and latencyy>1ms", self.capture)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        lines = done.stderr.splitlines()
        self.assertEqual(lines[1].index("^") - lines[0].index("rcode"), len("rcode=NXDOMAIN and "))
        self.assertEqual(lines[1].count("^") + lines[1].count("~"), len("latencyy"))
        self.assertIn("latency?", done.stderr)

    def test_usage_mistakes(self):
        for args in (["--nosuch"], ["-Y"], ["--by", "nosuch"], ["--sort", "nosuch"],
                     ["--columns", "id,nosuch"], ["--top", "0"], ["--port", "70000"],
                     ["--source", "tape"], ["--duration", "soon"], ["a", "b"]):
            with self.subTest(args):
                done = dnstop("--json", *args)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn("dnstop: ", done.stderr)

    def test_every_field_can_be_a_column(self):
        whole = dnstop("--csv", self.capture)
        names = whole.stdout.splitlines()[0]
        self.assertGreater(names.count(","), 40)
        done = dnstop("--csv", "--columns", names, self.capture)
        self.assertEqual((done.returncode, done.stdout), (0, whole.stdout))

    def test_columns_order_and_limit(self):
        rows = self.rows("--columns", "qname,latency_us", "--sort", "-latency_us", "--top", "2")
        self.assertEqual(rows, [{"qname": "mail.example.org", "latency_us": 2104118},
                                {"qname": "wpad.corp.test", "latency_us": 31000}])

    def test_groups(self):
        rows = self.rows("--by", "rcode")
        self.assertEqual(sum(row["count"] for row in rows), 7)
        by = {row["rcode"]: row for row in rows}
        self.assertEqual(by["NXDOMAIN"]["latency_max_us"], 31000)
        self.assertEqual(by[None]["timeouts"], 1)
        self.assertIsNone(by[None]["latency_avg_us"])

    def test_groups_by_two(self):
        rows = self.rows("--by", "client,rcode")
        self.assertEqual(list(rows[0])[:4], ["client", "rcode", "count", "share"])
        want = {}
        for row in self.rows():
            want[row["client"], row["rcode"]] = want.get((row["client"], row["rcode"]), 0) + 1
        self.assertEqual({(row["client"], row["rcode"]): row["count"] for row in rows}, want)
        text = dnstop("--csv", "--by", "client, rcode", self.capture).stdout
        lines = list(csv.reader(io.StringIO(text)))
        self.assertEqual(lines[0][:3], ["client", "rcode", "count"])
        self.assertEqual([line[:3] for line in lines[1:]], [[row["client"], row["rcode"] or "", str(row["count"])] for row in rows])
        text = dnstop("--batch", "--by", "client,rcode", "--sort", "-errors", "--top", "1", self.capture).stdout
        self.assertRegex(text, r"^CLIENT +RCODE +COUNT .*\n10\.0\.3\.17 +NXDOMAIN +1 [^\n]+\n$")
        for wrong in ("client,nosuch", "client,", "client,client", "client,rcode,qname", "client,ts"):
            self.assertEqual(dnstop("--json", "--by", wrong, self.capture).returncode, 2)

    def test_csv(self):
        done = dnstop("--csv", "--columns", "qname,rcode,latency_us", self.capture)
        rows = list(csv.reader(io.StringIO(done.stdout)))
        self.assertEqual(rows[0], ["qname", "rcode", "latency_us"])
        self.assertIn(["wpad.corp.test", "NXDOMAIN", "31000"], rows)

    def test_batch(self):
        done = dnstop("--batch", self.capture)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout.splitlines()[0], r"^TIME .*NAME .*LATENCY")
        self.assertRegex(done.stdout, r"wpad\.corp\.test .*31\.0ms +NXDOMAIN")

    def test_standard_input(self):
        with open(self.capture, "rb") as data:
            done = subprocess.run([DNSTOP, "--json", "-"], stdin=data, stdout=subprocess.PIPE, text=True)
        self.assertEqual(len(rows_of(done.stdout)), 7)

    def test_truncated_file(self):
        data = open(self.capture, "rb").read()
        with open(self.capture, "wb") as out:
            out.write(data[:-20])
        done = dnstop("--json", self.capture)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(len(rows_of(done.stdout)), 6)
        self.assertIn("dnstop: ", done.stderr)

    def test_files_that_are_none(self):
        with open(self.path("text"), "w") as out:
            out.write("this is no capture\n")
        for name in ("text", "nosuch/file.pcap"):
            done = dnstop("--json", "--source", "pcap", self.path(name))
            self.assertEqual((done.returncode, done.stdout), (1, ""), name)
            self.assertIn(name, done.stderr)

    def test_closed_descriptors(self):
        """Nothing that is opened later takes their places."""
        out = self.path("out.pcapng")
        for redirect, status, says in ((">&-", 1, "Bad file descriptor"), ("<&-", 0, ""), (">&- 2>&- <&-", 1, "")):
            done = subprocess.run("%s --json --write %s %s %s" % (DNSTOP, out, self.capture, redirect), shell=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertIn(says, done.stderr)
            self.assertEqual(len(rows_of(dnstop("--json", out).stdout)), 7)
        done = subprocess.run("%s --json - <&-" % DNSTOP, shell=True, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard input: ", done.stderr)

    def test_full_disk_and_closed_pipe(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([DNSTOP, "--json", self.capture], stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([DNSTOP, "--json", self.capture], stdout=write,
                              stderr=subprocess.PIPE, text=True)
        os.close(write)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_stats(self):
        done = dnstop("--json", "--stats", self.capture)
        stats = rows_of(done.stderr)[-1]
        want = dict(messages=12, queries=7, responses=5, paired=4, unanswered=1, unsolicited=1,
                    retries=1, malformed=0, rows=7, evicted=0)
        self.assertEqual({key: stats[key] for key in want}, want)

    def test_one_cpu_or_more(self):
        """Where there are two, a thread reads ahead: all that is printed stays the same."""
        cpus = sorted(os.sched_getaffinity(0))
        if len(cpus) < 2:
            self.skipTest("one CPU: nothing is read ahead")
        with open(self.capture, "rb") as whole, open(self.path("cut.pcap"), "wb") as cut:
            cut.write(whole.read()[:-3])
        for path in (self.capture, self.path("cut.pcap"), self.many()):
            for args in (("--json",), ("--json", "--by", "qname"), ("--report", "search"), ("--json", "--count", "3")):
                command = [DNSTOP, *args, "--stats", path]
                done = [subprocess.run(prefix + command, capture_output=True, text=True, timeout=60, check=False)
                        for prefix in ([], ["taskset", "-c", str(cpus[0])])]
                if "--count" in args:  # counted as far as it has been read
                    self.assertEqual(done[0].stdout, done[1].stdout)
                else:
                    self.assertEqual(*((d.returncode, d.stdout, d.stderr) for d in done))

    def test_bounded_table_loses_no_row(self):
        done = dnstop("--json", "--stats", "--max-flows", "2", self.capture)
        self.assertEqual(len(rows_of(done.stdout)), 7)
        self.assertEqual(rows_of(done.stderr)[-1]["evicted"], 5)

    def test_answers_are_there_for_who_asks(self):
        for args in (("--columns", "qname,answer"), ("--columns", "qname", "-Y", "answer=192.0.2.1"),
                     ("--by", "qname", "-Y", "Answer~192.0.2.*"), ("--by", "answer")):
            with self.subTest(args):
                text = dnstop("--json", *args, self.capture).stdout
                self.assertTrue("192.0.2.1" in text or "www.example.com" in text, text)

    def many(self):
        """300 questions of 10 names, one a second; every eleventh is never
        answered, of the others every tenth after it has been a timeout."""
        talk = Talk()
        for i in range(300):
            what = (CLIENT, 4000 + i, SERVER, i, "host%d.example.com" % (i % 10))
            talk.ask(i * 1000000, *what)
            if i % 11:
                talk.answer(i * 1000000 + (15000000 if i % 10 == 0 else 1000 + i), *what, rcode=3 * (i % 2))
        return talk.write(self.path("many.pcap"))

    def test_groups_count_rows_that_have_left_the_table(self):
        path = self.many()
        answered = [i for i in range(300) if i % 11]
        for by in ("qname", "rcode", "state", "server"):
            with self.subTest(by):
                few, every = (dnstop("--json", "--by", by, "--max-flows", n, path) for n in ("40", "1000"))
                self.assertEqual((few.returncode, few.stderr), (0, ""))
                self.assertEqual(few.stdout, every.stdout)
                rows = rows_of(few.stdout)
                self.assertEqual(sum(row["count"] for row in rows), 300)
                self.assertEqual(sum(row["timeouts"] for row in rows), 300 - len(answered))
                self.assertEqual(sum(row["errors"] for row in rows), sum(i % 2 for i in answered))
        by_rcode = rows_of(dnstop("--json", "--by", "rcode", "--max-flows", "40", path).stdout)
        self.assertEqual({row["rcode"]: row["count"] for row in by_rcode},
                         {None: 300 - len(answered), "NXDOMAIN": sum(i % 2 for i in answered),
                          "NOERROR": sum(1 - i % 2 for i in answered)})

    def test_groups_of_filtered_rows_that_have_left_the_table(self):
        path = self.many()
        for text, count in (("timeout", 28), ("late", 27), ("answered", 272), ("host7", 30),
                            ("rcode=NXDOMAIN", 136), ("nosuch", 0)):
            with self.subTest(text):
                done = dnstop("--json", "--by", "qtype", "-Y", text, "--max-flows", "40", path)
                self.assertEqual(sum(row["count"] for row in rows_of(done.stdout)), count)

    def test_scorecard_of_resolvers(self):
        path = self.many()
        done = dnstop("--json", "--report", "resolvers", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        (row,) = rows_of(done.stdout)
        self.assertEqual((row["server"], row["queries"], row["unanswered"]), (SERVER, 300, 28))
        self.assertAlmostEqual(row["latency_p95_us"] / 15e6, 1, delta=0.016)
        self.assertRegex(row["verdict"], "^drops 9% of queries, slow: p95 1[45]... ms$")
        text = dnstop("--report", "resolvers", path).stdout.splitlines()
        self.assertRegex(text[0], "^SERVER +QUERIES .* VERDICT$")
        self.assertRegex(text[1], "^%s +300 .* drops 9%% of queries" % SERVER)
        csv = dnstop("--csv", "--report", "resolvers", "-Y", "nosuch", path).stdout
        self.assertRegex(csv, "^server,queries,.*,verdict\r?\n$")
        done = dnstop("--json", "--report", "resolvers", "--max-flows", "40", path)
        self.assertRegex(done.stderr, "^dnstop: 260 rows .*--max-flows")

    def test_report_of_search_lists(self):
        talk = Talk()
        for i, (name, rcode) in enumerate((("a.b.ns.svc", 3), ("a.b.svc", 3), ("a.b", 0))):
            what = (CLIENT, 4000 + i, SERVER, i, name)
            talk.ask(i * 2000, *what)
            talk.answer(i * 2000 + 1000, *what, rcode=rcode, answers=[("A", 60, b"abcd")] if rcode == 0 else ())
        path = talk.write(self.path("walk.pcap"))
        (row,) = rows_of(dnstop("--json", "--report", "search", path).stdout)
        self.assertEqual(row, {"comm": None, "pod": None, "client": CLIENT, "walks": 1, "wasted": 2, "lost_us": 4000,
                               "intended": "a.b", "advice": 'resolv.conf: options ndots:1; or ask for "a.b."'})
        rows = rows_of(dnstop("--json", path).stdout)
        self.assertEqual([(row["lookup"], row["wasted"]) for row in rows], [(0, 1), (0, 1), (0, 0)])
        by = rows_of(dnstop("--json", "--by", "intended", "-Y", "wasted=1", path).stdout)
        self.assertEqual([(row["intended"], row["count"]) for row in by], [("a.b", 2)])
        by = rows_of(dnstop("--json", "--by", "lookup", path).stdout)
        self.assertEqual([(row["lookup"], row["count"]) for row in by], [(0, 3)])

    def test_report_of_search_lists_is_the_same_each_time(self):
        talk = Talk()
        for c in range(40):
            for i, (name, rcode) in enumerate((("a.b.ns.svc", 3), ("a.b", 3))):
                what = ("10.0.4.%d" % (c * 37 % 40), 4000 + i, SERVER, i, name)
                talk.ask(c * 10000 + i * 2000, *what)
                talk.answer(c * 10000 + i * 2000 + 1000, *what, rcode=rcode)
        path = talk.write(self.path("walks.pcap"))
        clients = [row["client"] for row in rows_of(dnstop("--json", "--report", "search", path).stdout)]
        self.assertEqual(clients, ["10.0.4.%d" % c for c in range(40)])

    def test_domains_are_registrable_ones(self):
        talk = Talk()
        for i, name in enumerate(("a.b.example.co.uk", "www.example.com", "c.EXAMPLE.co.uk", "co.uk")):
            talk.ask(i * 1000, CLIENT, 4000 + i, SERVER, i, name)
        path = talk.write(self.path("names.pcap"))
        rows = rows_of(dnstop("--json", "--by", "domain", path).stdout)
        self.assertEqual([(row["domain"], row["count"]) for row in rows], [("example.co.uk", 2), ("co.uk", 1), ("example.com", 1)])

    def test_many_interfaces(self):
        """More than any table of them holds."""
        packet = udp(CLIENT, 4000, SERVER, 53, query(1, "www.example.com"))
        with open(self.path("many.pcapng"), "wb") as out:
            out.write(pcapng([(10**18 + n, packet, n) for n in (0, 1, 19999)], ["veth%d" % n for n in range(20000)]))
        (row,) = rows_of(dnstop("--json", self.path("many.pcapng")).stdout)
        self.assertEqual((row["interface"], row["sightings"]), ("veth0", 3))
        # Those that find no room are counted.
        with open(self.path("many.pcapng"), "wb") as out:
            out.write(pcapng([(10**18 + n, udp(CLIENT, 4000, SERVER, 53, query(n, "n%d.example.com" % n)), n) for n in range(5000)],
                             ["veth%d" % n for n in range(5000)]))
        done = dnstop("--json", "--stats", self.path("many.pcapng"))
        unnamed = sum(row["interface"] is None for row in rows_of(done.stdout))
        self.assertEqual((unnamed, rows_of(done.stderr)[-1]["names_lost"]), (5000 - 4095, 5000 - 4095))

    def test_long_names_of_interfaces_stay_apart(self):
        packet = udp(CLIENT, 4000, SERVER, 53, query(1, "www.example.com"))
        windows = "\\Device\\NPF_{4E2C9D64-0000-4444-8888-0123456789%02X}"
        for names, want in (([windows % 1, windows % 2], ["-012345678901}", "-012345678902}"]),
                            (["fifteen-letters", "sixteen-letters-"], ["fifteen-letters", "ixteen-letters-"])):
            with open(self.path("names.pcapng"), "wb") as out:
                out.write(pcapng([(10**18 + n * 10**10, packet, n) for n in (0, 1)], names))
            rows = rows_of(dnstop("--json", self.path("names.pcapng")).stdout)
            self.assertEqual([row["interface"][-len(want[0]):] for row in rows], want)

    def test_report_that_is_none(self):
        for args in (("--report", "nosuch"), ("--report", "search", "--by", "client"),
                     ("--report", "search", "--sort", "qname")):
            with self.subTest(args):
                done = dnstop(*args, self.capture)
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stderr, "report")

    def test_an_order_of_rows_says_what_it_lacks(self):
        path = self.many()
        for args, missing in ((("--sort", "-latency_us", "--top", "5"), 260),
                              (("--sort", "latency_us"), 260),
                              (("--top", "41"), 260),
                              (("--top", "5"), 0),
                              (("--by", "qname", "--top", "5"), 0),
                              ((), 0)):
            with self.subTest(args):
                done = dnstop("--json", *args, "--max-flows", "40", path)
                self.assertEqual(done.returncode, 0)
                self.assertRegex(done.stderr, "^dnstop: %d rows .*--max-flows" % missing if missing else "^$")
                done = dnstop("--json", *args, path)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_an_order_of_rows_says_which_messages_it_lacks(self):
        """More bytes than are kept until the end."""
        talk = Talk()
        for i in range(700):
            what = (CLIENT, 4000 + i, SERVER, i, "host.example.com", "TXT")
            talk.ask(i * 1000, *what)
            talk.answer(i * 1000 + 500, *what, answers=[("TXT", 60, bytes([200]) + b"x" * 200)] * 280)
        path = talk.write(self.path("large.pcap"))
        for args, says in ((("--sort", "latency_us"), "^dnstop: messages of [1-9][0-9]* of 700 rows had left memory"),
                           (("--sort", "latency_us", "--columns", "qname"), "^$"), ((), "^$")):
            done = dnstop("--json", *args, path)
            self.assertEqual((done.returncode, len(rows_of(done.stdout))), (0, 700))
            self.assertRegex(done.stderr, says)

    def test_no_terminal(self):
        done = dnstop("--columns", "qname", self.capture, env=dict(os.environ, TERM="xterm"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "--json|--batch")

    def test_help_and_version(self):
        done = dnstop("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--where FILTER", done.stdout)
        self.assertRegex(dnstop("--version").stdout, r"^dnstop \d+\.\d+")
        for word in ("--help", "-V"):
            with open("/dev/full", "w") as full:
                done = subprocess.run([DNSTOP, word], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual((done.returncode, done.stderr), (1, "dnstop: writing the output: No space left on device\n"))


if __name__ == "__main__":
    main()
