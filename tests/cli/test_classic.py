#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The classic dnstop's switches, and its named filters."""

import ipaddress
import os
import struct
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import DNSTOP, TempDirTest, dnstop, main, rows_of, run
from packets import Talk

CLIENT, OTHER, SERVER = "10.0.3.17", "10.0.3.9", "10.0.0.2"


def sample():
    """A row for each named filter, by its first label where it has one of its own."""
    talk = Talk()
    ident = 0

    def both(qname, qtype="A", rcode=0, client=CLIENT):
        nonlocal ident
        ident += 1
        talk.ask(1000 * ident, client, 4000 + ident, SERVER, ident, qname, qtype)
        talk.answer(1000 * ident + 400, client, 4000 + ident, SERVER, ident, qname, qtype, rcode=rcode)

    both("www.example.com")
    both("wpad.workgroup", rcode=3)
    both("my.shop.app")
    both("192.0.2.7")
    both("9.3.0.10.in-addr.arpa", "PTR")
    both("9.3.0.110.in-addr.arpa", "PTR")
    both("any.example.com", "ANY")
    both("wks.example.com", 11)
    both("refused.example.org", rcode=5, client=OTHER)
    both("servfail.example.org", rcode=2, client=OTHER)
    both("www.goofle.com")
    talk.ask(40000, OTHER, 4100, SERVER, 99, "silent.example.net")
    talk.answer(50000, OTHER, 4101, SERVER, 98, "unasked.example.net")
    talk.ask(9000000, CLIENT, 4102, SERVER, 97, "last.example.com")
    return talk


class ClassicTest(TempDirTest):
    def setUp(self):
        super().setUp()
        self.capture = sample().write(self.path("classic.pcap"))

    def names(self, *args):
        done = dnstop("--json", *args, self.capture)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [row["qname"] for row in rows_of(done.stdout)]


class NamedFilterTest(ClassicTest):
    def test_each(self):
        for name, want in (
                ("unknown-tlds", ["wpad.workgroup", "192.0.2.7"]),
                ("new-gtlds", ["my.shop.app"]),
                ("A-for-A", ["192.0.2.7"]),
                ("a-for-a", ["192.0.2.7"]),
                ("rfc1918-ptr", ["9.3.0.10.in-addr.arpa"]),
                ("refused", ["refused.example.org"]),
                ("servfail", ["servfail.example.org"]),
                ("nxdomain", ["wpad.workgroup"]),
                ("qtype-any", ["any.example.com"]),
                ("qtype-wks", ["wks.example.com"]),
                ("bitsquat", ["www.goofle.com"]),
                ("unanswered", ["silent.example.net", "last.example.com"]),
        ):
            with self.subTest(name):
                self.assertEqual(self.names("-f", name), want)
                # The same word is a test of the filter language.
                self.assertEqual(self.names("-Y", name), want)
                self.assertNotIn(want[0], self.names("-Y", "not " + name))

    def test_several_switches_are_all_meant(self):
        self.assertEqual(self.names("-f", "unknown-tlds", "-f", "nxdomain"), ["wpad.workgroup"])
        self.assertEqual(self.names("-f", "refused", "-n", "example.com"), [])
        self.assertEqual(self.names("-f", "servfail", "-Y", "refused or servfail"), ["servfail.example.org"])

    def test_unknown_names_are_mistakes(self):
        for name, says in (("unknown-tld", "did you mean unknown-tlds?"), ("zzz", "zzz"), ("qname", "-n NAME")):
            done = dnstop("--json", "-f", name, self.capture)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(says, done.stderr)


def tables():
    """Messages to count by hand: 6 queries (2 of one row) and 4 replies (1 without a query)."""
    talk = Talk()

    def both(at, client, dns_id, qname, qtype="A", rcode=0):
        talk.ask(at, client, 4000 + dns_id, SERVER, dns_id, qname, qtype)
        talk.answer(at + 400, client, 4000 + dns_id, SERVER, dns_id, qname, qtype, rcode=rcode)

    both(1000, CLIENT, 1, "www.Example.com")
    both(2000, CLIENT, 2, "mail.example.com", "AAAA", rcode=3)
    both(3000, OTHER, 3, "9.3.0.10.in-addr.arpa", "PTR", rcode=2)
    # A query and its retry, which nobody answers; a type without a name; two answers without a query.
    talk.ask(4000, OTHER, 4100, SERVER, 4, "a.b.c.example.net")
    talk.ask(1004000, OTHER, 4100, SERVER, 4, "a.b.c.example.net")
    talk.ask(1005000, CLIENT, 4101, SERVER, 5, "org", 65280)
    talk.answer(1006000, "10.0.3.40", 4102, SERVER, 6, "unasked.example.com", rcode=5)
    return talk


def table(title, second, *lines):
    """A table as the classic prints it: (key[, second key], count, %, cum%) with keys as wide as the widest."""
    rows = [[title, second, "Count", "%", "cum%"], *([*line] if second else [line[0], None, *line[1:]] for line in lines)]
    widths = [max(len(row[i]) for row in rows) for i in ((0, 1) if second else (0,))]
    rows.insert(1, ["-" * n for n in (*widths, *(() if second else (0,)), 9, 6, 6)])
    return "".join(" ".join([row[i].ljust(w) for i, w in enumerate(widths)] + ["%9s %6s %6s" % tuple(row[2:])]) + "\n"
                   for row in rows)


class TablesTest(TempDirTest):
    """Without a terminal, of a savefile: the classic tables. Counted by hand from tables()."""

    def setUp(self):
        super().setUp()
        self.capture = tables().write(self.path("tables.pcap"))

    def tables(self, *args):
        done = dnstop(*args, self.capture)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split("\n\n")

    def lines(self, which, *args):
        """A table's keys and counts."""
        out = self.tables(*args)[which].strip("\n").split("\n")[2:]
        return [(tuple(line.split()[:-3]), int(line.split()[-3])) for line in out]

    def test_the_whole_layout(self):
        # Which of equal counts comes first is no promise of the classic's; here it is by key.
        want = [
            table("Sources", None, (OTHER, 3, "50.0", "50.0"), (CLIENT, 3, "50.0", "100.0")),
            table("Destinations", None, (SERVER, 6, "100.0", "100.0")),
            table("Query Type", None, ("A?", 3, "50.0", "50.0"), ("PTR?", 1, "16.7", "66.7"),
                  ("AAAA?", 1, "16.7", "83.3"), ("#65280?", 1, "16.7", "100.0")),
            table("Opcode", None, ("Query", 6, "100.0", "100.0")),
            table("Rcode", None, ("Noerror", 6, "100.0", "100.0")),
            table("Query Name", None, ("com", 2, "33.3", "33.3"), ("net", 2, "33.3", "66.7"),
                  ("in-addr.arpa", 1, "16.7", "83.3"), ("org", 1, "16.7", "100.0")),
            table("Source", "Query Name", (OTHER, "net", 2, "33.3", "33.3"), (CLIENT, "com", 2, "33.3", "66.7"),
                  (OTHER, "in-addr.arpa", 1, "16.7", "83.3"), (CLIENT, "org", 1, "16.7", "100.0")),
        ]
        got = dnstop("-Q", "-l", "1", self.capture).stdout
        self.assertEqual(got, "\n".join(want))
        self.assertLessEqual(max(map(len, got.splitlines())), 79)

    def test_queries_replies_and_both(self):
        replied = [(("com",), 3), (("in-addr.arpa",), 1)]
        queries = [(("com",), 2), (("net",), 2), (("in-addr.arpa",), 1), (("org",), 1)]
        refused = [(("Noerror",), 1), (("Servfail",), 1), (("Nxdomain",), 1), (("Refused",), 1)]
        asked = [(("Noerror",), 1), (("Servfail",), 1), (("Nxdomain",), 1)]
        to_clients = [((CLIENT,), 2), ((OTHER,), 1), (("10.0.3.40",), 1)]
        for args, sources, destinations, rcodes, names in (
                # As the classic's -Q, but for its response codes, which say nothing.
                ((), [((OTHER,), 3), ((CLIENT,), 3)], [((SERVER,), 6)], refused, queries),
                (("-Q",), [((OTHER,), 3), ((CLIENT,), 3)], [((SERVER,), 6)], [(("Noerror",), 6)], queries),
                (("-R",), [((SERVER,), 4)], to_clients, refused, replied),
                (("-Q", "-R"), [((OTHER,), 3), ((CLIENT,), 3)], to_clients, refused, queries)):
            with self.subTest(args):
                for i, want in enumerate((sources, destinations, None, None, rcodes, names)):
                    if want:
                        self.assertEqual(sorted(self.lines(i, *args)), sorted(want))

    def test_rows_of_queries_and_of_replies(self):
        def names(*args):
            return [row["qname"] for row in rows_of(dnstop("--json", "--sort", "ts", *args, self.capture).stdout)]

        asked = ["www.Example.com", "mail.example.com", "9.3.0.10.in-addr.arpa", "a.b.c.example.net", "org"]
        self.assertEqual(names("-Q"), asked)
        self.assertEqual(names("-R"), asked[:3] + ["unasked.example.com"])
        self.assertEqual(names("-Q", "-R"), asked + ["unasked.example.com"])

    def test_levels(self):
        for level, want in ((2, "example.com"), (3, "c.example.net"), (4, "b.c.example.net"), (9, "a.b.c.example.net")):
            out = self.tables("-l", str(level))
            self.assertEqual(len(out), 5 + 2 * level)
            self.assertIn(want, [line.split()[0] for line in out[4 + level].splitlines()])
        self.assertEqual(len(self.tables()), 5 + 2 * 2)
        # One label more of names in .arpa, as the classic has them.
        self.assertIn((("10.in-addr.arpa",), 1), self.lines(6, "-l", "2"))
        for wrong in ("0", "10", "x"):
            done = dnstop("-l", wrong, self.capture)
            self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_no_sources_with_names(self):
        out = self.tables("-X", "-l", "3")
        self.assertEqual(len(out), 5 + 3)
        self.assertFalse([one for one in out if one.startswith("Source ")])

    def test_filters_apply(self):
        self.assertEqual(self.lines(0, "-n", "example.com"), [((CLIENT,), 2)])
        self.assertEqual(self.lines(0, "-n", "Example.com."), [((CLIENT,), 2)])
        self.assertEqual(self.lines(0, "-n", "."), self.lines(0))
        self.assertEqual(self.lines(0, "-i", CLIENT), [((OTHER,), 3)])
        # Of replies alone the source is the server.
        self.assertEqual(self.lines(0, "-R", "-i", CLIENT), self.lines(0, "-R"))
        self.assertEqual(self.lines(0, "-R", "-i", SERVER), [])
        self.assertEqual(self.lines(0, "-R", "-i", SERVER, "-C", "32"), [])
        self.assertEqual(self.lines(0, "-Q", "-R", "-i", SERVER), self.lines(0, "-Q", "-R"))
        self.assertEqual(self.lines(4, "-f", "nxdomain"), [(("Nxdomain",), 1)])
        self.assertEqual(self.lines(0, "-R", "-f", "refused"), [((SERVER,), 1)])
        self.assertEqual(self.lines(0, "-4"), self.lines(0))
        self.assertEqual(self.lines(0, "-4", "-6"), self.lines(0))
        self.assertEqual(self.lines(0, "-6"), [])

    def test_fifty_lines_in_eighty_columns(self):
        talk = Talk()
        label = "x" * 40
        for i in range(60):
            talk.ask(1000 * i, "fd00:1234:5678:9abc:def0:1234:5678:%x" % (0x1000 + i), 4000, "fd00::53", i,
                     "%s%d.%s.example" % (label, i, label))
        path = talk.write(self.path("many.pcap"))
        out = dnstop("-l", "3", path).stdout
        for one in out.split("\n\n"):
            self.assertLessEqual(len(one.strip("\n").split("\n")), 52)
        self.assertEqual(max(map(len, out.splitlines())), 79)
        self.assertIn(" 1    1.7   83.3\n", out)

    def test_a_late_answer_is_one_reply(self):
        talk = Talk()
        talk.ask(0, CLIENT, 4000, SERVER, 1, "late.example")
        talk.ask(20 * 10**6, CLIENT, 4001, SERVER, 2, "next.example")
        talk.answer(21 * 10**6, CLIENT, 4000, SERVER, 1, "late.example")
        self.capture = talk.write(self.path("late.pcap"))
        self.assertEqual(self.lines(0, "-Q", "-R"), [((CLIENT,), 2)])
        self.assertEqual(self.lines(1, "-Q", "-R"), [((CLIENT,), 1)])
        # A filter that takes it only now counts its query then.
        self.assertEqual(self.lines(0, "-Q", "-R", "-f", "late"), [((CLIENT,), 1)])

    def test_where_they_are_printed(self):
        """In place of the screen there can't be; what was asked for by name is as it was."""
        with open(self.capture, "rb") as data:
            piped = subprocess.run([DNSTOP, "-"], stdin=data, stdout=subprocess.PIPE, text=True)
        self.assertEqual(piped.stdout, dnstop(self.capture).stdout)
        self.assertTrue(piped.stdout.startswith("Sources"))
        self.assertTrue(dnstop("--batch", self.capture).stdout.startswith("TIME"))
        for args in (("--columns", "qname"), ("--sort", "qname"), ("--by", "qname"), ("--top", "3"), ("--follow",)):
            done = dnstop(*args, self.capture)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("not a terminal", done.stderr)

    def test_progress(self):
        done = dnstop("-P", self.capture)
        self.assertRegex(done.stderr, r"^10 +\d+\.\d m/s\n$")
        self.assertEqual(done.stdout, dnstop(self.capture).stdout)
        self.assertEqual(dnstop("--json", "-P", self.capture).stdout, dnstop("--json", self.capture).stdout)


ROUTER = "10.9.9.9"


def unreachable(router, packet):
    """An ICMP error that quotes a packet: port unreachable."""
    body = packet[:576]
    data = struct.pack("!BBHI", 3, 3, 0, 0) + body
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 7, 0, 64, 1, 0, ipaddress.ip_address(router).packed,
                       packet[12:16]) + data


class AddressesTest(TempDirTest):
    """-a, -C and -D: addresses that are not shown as they are."""

    def setUp(self):
        super().setUp()
        talk = Talk()
        for i, client in enumerate((CLIENT, OTHER, CLIENT, "10.0.4.1", "2001:db8:1:2::7", "2001:db8:1:3::8")):
            server = SERVER if ":" not in client else "2001:db8:53::53"
            talk.ask(1000 * i, client, 4000 + i, server, i, "host%d.example" % i)
            talk.answer(1000 * i + 400, client, 4000 + i, server, i, "host%d.example" % i)
        talk.ask(8000, CLIENT, 4100, SERVER, 99, "refused.example")
        talk.packets.append((talk.start + 9000000, unreachable(ROUTER, talk.packets[-1][1])))
        self.capture = talk.write(self.path("addresses.pcap"))
        self.real = {CLIENT, OTHER, SERVER, ROUTER, "10.0.4.1", "2001:db8:1:2::7", "2001:db8:1:3::8", "2001:db8:53::53"}

    def rows(self, *args):
        done = dnstop("--json", *args, self.capture)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return rows_of(done.stdout)

    def assertHidden(self, text):
        for address in self.real:
            self.assertNotIn(address, text)

    def test_anonymous(self):
        rows, real = self.rows("-a", "--sort", "ts"), self.rows("--sort", "ts")
        self.assertEqual(len(rows), 7)
        clients = [row["client"] for row in rows]
        # The same for the same one, and of the same family.
        self.assertEqual(clients[0], clients[2])
        self.assertEqual(clients[0], clients[6])
        self.assertEqual(len(set(clients)), 5)
        self.assertEqual([":" in one for one in clients], [":" in row["client"] for row in real])
        self.assertEqual(len({row["server"] for row in rows}), 2)
        # Nothing else is another.
        for row, was in zip(rows, real):
            for key in ("qname", "client_port", "id", "latency_us", "state", "drop_reason"):
                self.assertEqual(row[key], was[key])
        # Another run, another key.
        self.assertNotEqual(clients, [row["client"] for row in self.rows("-a", "--sort", "ts")])

    def test_in_no_output(self):
        self.assertIn(ROUTER, dnstop("--json", "--columns", "drop_place", self.capture).stdout)
        out = self.path("out.pcapng")
        for args in (("--json", "--write", out), ("--csv",), ("--batch",), ("--by", "client", "--json"), (),
                     ("--report", "resolvers"), ("--json", "--columns", "client,server,path,drop_place,responder,nat"),
                     ("-C", "24", "--batch"), ("--json", "--by", "drop_place")):
            done = dnstop("-a", *args, self.capture)
            self.assertEqual((done.returncode, done.stderr), (0, ""), args)
            self.assertTrue(done.stdout)
            self.assertHidden(done.stdout)
        self.assertHidden(dnstop("--json", out).stdout)
        with open(out, "rb") as data:
            raw = data.read()
        for address in self.real:
            self.assertNotIn(ipaddress.ip_address(address).packed, raw)
            self.assertNotIn(address.encode(), raw)
        done = dnstop("-a", "--report", "encrypted", self.capture)
        self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_networks(self):
        def by(*args):
            return {row["client"]: row["count"] for row in self.rows("--by", "client", *args)}

        self.assertEqual(by("-C", "24", "-D", "48"), {"10.0.3.0": 4, "10.0.4.0": 1, "2001:db8:1::": 2})
        self.assertEqual(by("-C", "21"), {"10.0.0.0": 5, "2001:db8:1:2::7": 1, "2001:db8:1:3::8": 1})
        self.assertEqual(by("-D", "63"), {CLIENT: 3, OTHER: 1, "10.0.4.1": 1, "2001:db8:1:2::": 2})
        self.assertEqual(by("-C", "32", "-D", "128"), by())
        # Of servers too, as in the classic.
        self.assertEqual({row["server"] for row in self.rows("-C", "8")}, {"10.0.0.0", "2001:db8:53::53"})
        # What is shown is what filters see.
        self.assertEqual(len(self.rows("-C", "24", "-Y", "client=10.0.3.0")), 4)
        # Hidden or not, it is the same network.
        self.assertEqual(sorted(by("-a", "-C", "24", "-D", "48").values()), [1, 2, 4])
        out = dnstop("-C", "24", "-D", "48", "-l", "1", self.capture).stdout.split("\n\n")[0].splitlines()
        self.assertEqual([line.split()[:2] for line in out[2:]], [["10.0.3.0", "4"], ["2001:db8:1::", "2"], ["10.0.4.0", "1"]])
        for wrong in (("-C", "33"), ("-C", "0"), ("-D", "129"), ("-D", "x")):
            self.assertEqual(dnstop(*wrong, self.capture).returncode, 2)

    def test_ignored_is_the_real_one(self):
        want = ["host1.example", "host3.example", "host4.example", "host5.example"]
        for args in ((), ("-a",), ("-C", "24"), ("-D", "9", "-a")):
            rows = self.rows("-i", CLIENT, "--sort", "ts", *args)
            self.assertEqual([row["qname"] for row in rows], want)
        self.assertEqual(len(self.rows("-a", "-i", CLIENT, "-i", OTHER)), 3)

    def test_families(self):
        self.assertEqual(len(self.rows("-a", "-4")), 5)
        self.assertEqual(len(self.rows("-a", "-6")), 2)
        self.assertEqual(len(self.rows("-4", "-6")), 7)


class TldsTest(ClassicTest):
    def list(self, text):
        with open(self.path("tlds"), "w") as out:
            out.write(text)
        return self.path("tlds")

    def run_with(self, *args, env=None):
        return dnstop("--json", "--columns", "qname", *args, self.capture, env=env)

    def test_another_list(self):
        path = self.list("# Version 2099010100, Last Updated\nWORKGROUP\nCOM\n")
        for args, env in ((("--tlds", path), None), ((), dict(os.environ, DNSTOP_TLDS=path))):
            done = self.run_with("-f", "unknown-tlds", *args, env=env)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertNotIn("wpad", done.stdout)
            self.assertIn("my.shop.app", done.stdout)

    def test_an_old_list_is_told_of(self):
        path = self.list("# Version 2001010100\nCOM\n")
        done = self.run_with("-f", "unknown-tlds", "--tlds", path)
        self.assertEqual(done.returncode, 0)
        self.assertIn("days old", done.stderr)
        # But only to those whose filter looks into it.
        self.assertEqual(self.run_with("-f", "nxdomain", "--tlds", path).stderr, "")

    def test_a_list_that_can_not_tell(self):
        path = self.list("# Version 2099010100\nCOM\n")
        done = self.run_with("-f", "new-gtlds", "--tlds", path)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("does not tell which are new", done.stderr)

    def test_no_such_list(self):
        done = self.run_with("--tlds", self.path("nosuch"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("nosuch", done.stderr)
        done = self.run_with("--tlds", self.list("com\nco.uk\n"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("tlds:2: not a top-level domain", done.stderr)

    def test_without_any(self):
        """Installed without its list: a clear word, where a filter wants it."""
        bare = self.path("bin")
        os.mkdir(bare)
        binary = os.path.join(bare, "dnstop")
        with open(DNSTOP, "rb") as own, open(binary, "wb") as copy:
            copy.write(own.read())
        os.chmod(binary, 0o755)
        self.assertEqual(run([binary, "--json", "-f", "nxdomain", self.capture]).returncode, 0)
        done = run([binary, "--json", "-f", "unknown-tlds", self.capture])
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("--tlds FILE", done.stderr)


if __name__ == "__main__":
    main()
