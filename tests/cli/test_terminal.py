#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the screen gives to others: files that other programs read, the clipboard."""

import base64
import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import sys
import termios
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import DEADLINE, DNSTOP, TempDirTest, main, must, rows_of
from packets import Talk

ALT_OFF = b"\x1b[?1049l"
CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


class Terminal:
    """dnstop in a pty: keys go in, bytes come out."""

    def __init__(self, cwd, *args):
        self.out = b""
        program = os.path.realpath(DNSTOP)
        env = {"PATH": os.environ["PATH"], "HOME": cwd, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(cwd)
                os.execve(program, [program, *args], env)
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))

    def until(self, what):
        """Reads until a regular expression matches, and forgets what was before."""
        end = time.monotonic() + DEADLINE
        while not (found := re.search(what, self.out)):
            if time.monotonic() > end:
                raise AssertionError("waited in vain for %r in %r" % (what, self.out[-3000:]))
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.out += os.read(self.fd, 65536)
                except OSError:
                    raise AssertionError("it ended: %r" % self.out[-3000:]) from None
        self.out = self.out[found.end():]
        return found

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def quit(self):
        self.type("q")
        self.until(re.escape(ALT_OFF))
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Screen(TempDirTest):
    def setUp(self):
        super().setUp()
        talk = Talk()
        for i in range(20):
            talk.ask(i * 1000, "10.0.3.17", 40000 + i, "10.0.0.2", 100 + i, "host%d.example.com" % i)
            talk.answer(i * 1000 + 500, "10.0.3.17", 40000 + i, "10.0.0.2", 100 + i, "host%d.example.com" % i,
                        rcode=3 if i % 4 == 0 else 0)
        self.capture = os.path.join(self.dir, "in.pcap")
        talk.write(self.capture)
        self.screen = Terminal(self.dir, "in.pcap", "-Y", "rcode=NXDOMAIN")
        self.screen.until(rb"FILE")
        self.screen.until(rb"host16")

    def export(self, steps, name):
        self.screen.type("\x1b[20~")
        self.screen.until(rb"\.csv")
        for _ in range(steps):
            self.screen.type("\t")
        self.screen.type("\x15" + name + "\r")
        self.screen.until(rb"5 rows")
        self.screen.type("\r")
        self.assertEqual(self.screen.quit(), 0)
        return os.path.join(self.dir, name)

    def test_csv(self):
        with open(self.export(0, "x.csv"), encoding="ascii") as f:
            lines = f.read().splitlines()
        self.assertEqual(len(lines), 6)
        self.assertIn("host16.example.com", lines[1])

    def test_ndjson(self):
        with open(self.export(1, "x.json"), encoding="ascii") as f:
            rows = rows_of(f.read())
        self.assertEqual([row["qname"] for row in rows], ["host%d.example.com" % i for i in (16, 12, 8, 4, 0)])

    @unittest.skipUnless(shutil.which("tshark"), "no tshark")
    def test_pcapng(self):
        path = self.export(2, "x.pcapng")
        ids = must(["tshark", "-r", path, "-T", "fields", "-e", "dns.id", "-e", "dns.flags.rcode"]).split("\n")
        self.assertEqual(ids[:-1], [line for i in (0, 4, 8, 12, 16) for line in
                                    ("0x%04x\t" % (100 + i), "0x%04x\t3" % (100 + i))])
        self.assertEqual(len(rows_of(must([os.path.realpath(DNSTOP), "--json", path]))), 5)

    def test_copy(self):
        self.screen.type("y")
        text = base64.b64decode(self.screen.until(CLIPBOARD.pattern)[1])
        self.assertEqual(text, b"host16.example.com")
        self.screen.until(rb"clipboard")
        self.screen.type("Y")
        row = json.loads(base64.b64decode(self.screen.until(CLIPBOARD.pattern)[1]))
        self.assertEqual((row["qname"], row["id"], row["rcode"]), ("host16.example.com", 116, "NXDOMAIN"))
        self.assertEqual(self.screen.quit(), 0)

    def test_copy_of_a_group(self):
        self.screen.type("r")
        self.screen.until(rb"SHARE")
        self.screen.type("y")
        self.assertEqual(base64.b64decode(self.screen.until(CLIPBOARD.pattern)[1]), b"rcode=NXDOMAIN")
        self.assertEqual(self.screen.quit(), 0)


class FirstScreen(TempDirTest):
    """What the command line says is on show first."""

    def screen(self, *args):
        talk = Talk()
        for i in range(20):
            talk.ask(i * 1000, "10.0.3.%d" % (i % 3), 40000 + i, "10.0.0.2", i, "host%d.example.com" % i)
            talk.answer(i * 1000 + 500, "10.0.3.%d" % (i % 3), 40000 + i, "10.0.0.2", i, "host%d.example.com" % i, rcode=3)
        talk.write(os.path.join(self.dir, "in.pcap"))
        return Terminal(self.dir, "in.pcap", "--no-config", *args)

    def test_groups(self):
        screen = self.screen("--by", "client", "--sort", "-client")
        screen.until(rb"10\.0\.3\.2.*10\.0\.3\.1.*10\.0\.3\.0")
        self.assertEqual(screen.quit(), 0)

    def test_groups_by_two(self):
        screen = self.screen("--by", "rcode,client")
        screen.until(rb"by rcode \+ client  3 groups")
        self.assertEqual(screen.quit(), 0)

    def test_top(self):
        screen = self.screen("--top", "2", "-Y", "rcode=NXDOMAIN")
        screen.until(rb"host19")
        screen.type("\x1b[Z")
        screen.until(rb"Top 2 ")
        self.assertEqual(screen.quit(), 0)


if __name__ == "__main__":
    main()
