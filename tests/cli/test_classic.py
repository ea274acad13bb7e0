#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The classic dnstop's switches, and its named filters."""

import os
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
