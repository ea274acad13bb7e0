#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--plain: lines for a screen reader, commands from a terminal, a pipe, a file."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import DEADLINE, DNSTOP, ROOT, TempDirTest, dnstop, main
from packets import Talk
from plain import ENV, Session

CLIENT, SERVER, OTHER = "10.0.3.17", "10.0.0.2", "10.0.0.3"


def sample(n=20, start=0):
    """n names, every second one NXDOMAIN; then a slow SERVFAIL and one without an answer."""
    talk = Talk()
    for i in range(start, start + n):
        name = "host%d.example.com" % i
        talk.ask(i * 10000, CLIENT, 40000 + i, SERVER, 100 + i, name)
        talk.answer(i * 10000 + 500, CLIENT, 40000 + i, SERVER, 100 + i, name, rcode=3 if i % 2 else 0)
    talk.ask(5000000, CLIENT, 5000, OTHER, 7, "mail.example.org", "MX")
    talk.answer(7104000, CLIENT, 5000, OTHER, 7, "mail.example.org", "MX", rcode=2)
    talk.ask(8000000, CLIENT, 5001, OTHER, 8, "lost.example.org")
    talk.ask(40000000, CLIENT, 5002, SERVER, 9, "end.example.org")
    talk.answer(40000400, CLIENT, 5002, SERVER, 9, "end.example.org")
    return talk


class File(TempDirTest):
    def setUp(self):
        super().setUp()
        self.capture = sample().write(self.path("in.pcap"))

    def plain(self, commands, *args):
        done = subprocess.run([DNSTOP, "--plain", *args, self.capture], input=commands.encode(), env=ENV,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        # Lines of ASCII and nothing that moves or colours.
        self.assertRegex(done.stdout, rb"\A[ -~\n]*\n\Z")
        return done.stdout.decode()

    def test_what_it_tells(self):
        text = self.plain("")
        lines = text.splitlines()
        self.assertEqual(lines[0], lines[0].strip())
        self.assertRegex(lines[0], r"^dnstop \S+ reads in\.pcap\. Filter: none")
        self.assertIn("22:13:25 SERVFAIL for mail.example.org MX asked by 10.0.3.17 of 10.0.0.3 after 2.1 s", lines)
        self.assertIn("22:13:28 no answer for lost.example.org A asked by 10.0.3.17 of 10.0.0.3", lines)
        self.assertEqual(sum("NXDOMAIN for" in line for line in lines), 3)
        self.assertIn("22:14:00 NXDOMAIN: and 7 more like it", lines)
        self.assertRegex(text, r"in all 23 queries, 11 errors, 1 unanswered, average [0-9.]+ ms, p90 0\.5 ms; "
                               r"worst server 10\.0\.0\.3 with 1 of 2 unanswered\n")

    def test_commands(self):
        text = self.plain("filter rcode=NXDOMAIN\ntop client\nshow 2\ndetail 1\nsummary\n")
        self.assertIn("The filter is now: rcode=NXDOMAIN. 10 of 23 transactions in memory match.\n", text)
        self.assertRegex(text, r"\n1\. 10\.0\.3\.17: 10 queries, 10 errors, none unanswered, .*, 100 percent of all\.\n")
        self.assertIn("\n1. 22:13:20 NXDOMAIN for host19.example.com A asked by", text)
        self.assertIn("\n2. 22:13:20 NXDOMAIN for host17.example.com A asked by", text)
        self.assertIn("\nqname: host19.example.com\n", text)
        self.assertIn("\nIn memory: 10 queries, 10 errors", text)

    def test_commands_of_a_file(self):
        with open(self.path("commands"), "w") as out:
            out.write("top qtype\nquit\nhelp\n")
        with open(self.path("commands")) as commands:
            done = subprocess.run([DNSTOP, "--plain", self.capture], stdin=commands, env=ENV, stdout=subprocess.PIPE,
                                  timeout=120, text=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn("\n2. MX: 1 query, 1 error", done.stdout)
        self.assertNotIn("help: ", done.stdout)

    def test_wrong_commands(self):
        text = self.plain("flter x\nfilter latencyy>1ms\ntop nme\nshow zero\ndetail\n")
        self.assertIn('There is no command "flter"; did you mean filter?', text)
        self.assertRegex(text, r'That filter is not understood: unknown field "latencyy".*Did you mean latency\?')
        self.assertIn("The filter stays: none", text)
        self.assertIn('"zero" is not a number from 1 to 100.', text)
        self.assertIn("Say show first", text)

    def test_where(self):
        text = self.plain("", "-Y", "rcode=SERVFAIL")
        self.assertIn("Filter: rcode=SERVFAIL.", text)
        self.assertIn("in all 1 query, 1 error", text)
        self.assertNotIn("NXDOMAIN", text)

    def test_piped_in(self):
        with open(self.capture, "rb") as capture:
            done = subprocess.run([DNSTOP, "--plain", "-"], stdin=capture, env=ENV, stdout=subprocess.PIPE,
                                  timeout=120, text=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn("in all 23 queries", done.stdout)

    def test_help_is_in_the_manual(self):
        with open(os.path.join(ROOT, "man/dnstop.8")) as page:
            manual = re.search(r"\.Sh PLAIN LINES\n(.*?)\n\.Sh ", page.read(), re.S)[1]
        words = re.findall(r"^(\w+)(?: [A-Z ]+)?: ", self.plain("help\n").split("to its end.\n")[1], re.M)
        self.assertGreater(len(words), 8)
        for word in words:
            self.assertIn(".It Ic %s" % word, manual)

    def test_full_disk(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([DNSTOP, "--plain", self.capture], stdin=subprocess.DEVNULL, stdout=full,
                                  stderr=subprocess.PIPE, env=ENV, timeout=120, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)

    def test_reader_goes_away(self):
        done = subprocess.run("'%s' --plain '%s' </dev/null | true; echo ${PIPESTATUS[0]}" % (DNSTOP, self.capture),
                              shell=True, executable="/bin/bash", env=ENV, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=120, text=True)
        self.assertEqual((done.stdout, done.stderr), ("0\n", ""))

    def test_options_it_has_no_use_for(self):
        for args in (["--by", "qname"], ["--report", "search"], ["--sort", "latency"], ["--columns", "id"]):
            done = dnstop("--plain", *args, self.capture)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--batch", done.stderr)


class Growing(TempDirTest):
    """A file that is written while it is read, as live traffic is."""

    def setUp(self):
        super().setUp()
        with open(sample().write(self.path("whole.pcap")), "rb") as whole:
            self.bytes = whole.read()
        self.growing = self.path("growing.pcap")
        self.append(b"")

    def append(self, data):
        with open(self.growing, "ab") as out:
            out.write(data)

    def test_as_it_comes(self):
        session = Session("--follow", "-r", "0.2", self.growing)
        session.until(r"watches growing\.pcap.*\n.*each 200 ms")
        half = len(self.bytes) // 2
        self.append(self.bytes[:half])
        session.until(r"NXDOMAIN for host1\.example\.com")
        session.until(r"\d \d+ queries, \d+ errors, none unanswered, .*slowest server 10\.0\.0\.2 with 0\.5 ms")
        session.type("filter rcode=SERVFAIL")
        session.until(r"The filter is now: rcode=SERVFAIL\. 0 of \d+ ")
        self.append(self.bytes[half:])
        session.until(r"SERVFAIL for mail\.example\.org MX")
        session.until(r"\d 1 query, 1 error, none unanswered")
        self.assertNotIn("lost.example.org", session.text)
        self.assertEqual(session.end(), 0)

    def test_interrupted(self):
        session = Session("--follow", "-r", "3600", self.growing)
        session.until("watches")
        self.append(self.bytes)
        session.until("SERVFAIL for")
        session.process.send_signal(signal.SIGINT)
        self.assertEqual(session.end(line=None), -signal.SIGINT)
        # What was held back is told at the end.
        self.assertIn("NXDOMAIN: and 7 more like it", session.text)
        self.assertRegex(session.text, r"23 queries, 11 errors, 1 unanswered")

    def test_no_more_commands(self):
        session = Session("--follow", "-r", "0.2", self.growing)
        session.process.stdin.close()
        self.append(self.bytes)
        session.until("SERVFAIL for")
        session.until(r"\d queries, ")
        session.process.send_signal(signal.SIGTERM)
        self.assertEqual(session.process.wait(DEADLINE), -signal.SIGTERM)
        session.process.stdout.close()
        session.process.stderr.close()


class Terminal(TempDirTest):
    def setUp(self):
        super().setUp()
        self.capture = sample().write(self.path("in.pcap"))

    def start(self, *args):
        program = os.path.realpath(DNSTOP)
        self.out = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execve(program, [program, *args, self.capture], ENV)
            finally:
                os._exit(127)

    def until(self, what):
        end = time.monotonic() + DEADLINE
        while not re.search(what, self.out):
            self.assertLess(time.monotonic(), end, "waited in vain for %r in %r" % (what, self.out))
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.out += os.read(self.fd, 65536)
                except OSError:
                    self.fail("it ended: %r" % self.out)

    def end(self):
        try:
            while data := os.read(self.fd, 65536):
                self.out += data
        except OSError:
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def test_commands_are_typed(self):
        self.start("--plain")
        self.until(rb"Type a command and Enter")
        os.write(self.fd, b"show 1\n")
        self.until(rb"1\. 22:14:00 answer for end\.example\.org A")
        os.write(self.fd, b"q\n")
        self.assertEqual(self.end(), 0)
        # The terminal's own line ends aside, nothing but printable ASCII.
        self.assertRegex(self.out, rb"\A(?:[ -~]*\r\n)*\Z")

    def test_end_of_input_ends_it(self):
        self.start("--plain")
        self.until(rb"Type a command and Enter")
        os.write(self.fd, b"\x04")
        self.assertEqual(self.end(), 0)

    def test_a_dumb_terminal_is_told_of_it(self):
        self.start()
        status = self.end()
        self.assertEqual(status, 1)
        self.assertIn(b"--plain", self.out)
        self.assertIn(b"--batch", self.out)


if __name__ == "__main__":
    main()
