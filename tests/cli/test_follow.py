#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--follow: rows of a capture file while it is written."""

import gzip
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import Live, TempDirTest, dnstop, main, rows_of, wait_for
from packets import Talk

CLIENT, SERVER = "10.0.3.17", "10.0.0.2"
ROWS = 300
ANSWERED = sum(1 for n in range(ROWS) if n % 7)


def sample():
    talk = Talk()
    for n in range(ROWS):
        talk.ask(n * 100000, CLIENT, 4000 + n, SERVER, n, "n%d.example.com" % n)
        if n % 7:
            talk.answer(n * 100000 + 412, CLIENT, 4000 + n, SERVER, n, "n%d.example.com" % n)
    return talk


class FollowTest(TempDirTest):
    def setUp(self):
        super().setUp()
        self.whole = self.path("whole.pcap")
        sample().write(self.whole)
        with open(self.whole, "rb") as f:
            self.bytes = f.read()
        self.rows = rows_of(dnstop("--json", self.whole).stdout)
        self.assertEqual(len(self.rows), ROWS)

    def append(self, data):
        with open(self.path("growing.pcap"), "ab") as f:
            f.write(data)

    def follow(self, parts, n_rows):
        """Appends the parts, each once the rows of those before are out."""
        self.append(b"")
        with Live("--follow", self.path("growing.pcap")) as live:
            for part, n in zip(parts, n_rows):
                self.append(part)
                live.wait_rows(n)
            rows, stats = live.stop()
        return rows, stats

    def test_a_file_grows(self):
        # From nothing; a part ends within the file's header, one within a record.
        cuts = (0, 10, 4001, 20011, len(self.bytes))
        parts = [self.bytes[a:b] for a, b in zip(cuts, cuts[1:])]
        rows, stats = self.follow(parts, (0, 15, 70, ANSWERED - 1))
        key = lambda row: row["row"]
        self.assertEqual(sorted(rows, key=key), sorted(self.rows, key=key))
        self.assertEqual(stats["packets"], ROWS + ANSWERED)

    def test_members_of_gzip(self):
        half = len(self.bytes) // 2
        parts = [gzip.compress(self.bytes[:half]), gzip.compress(self.bytes[half:])]
        rows, _ = self.follow(parts, (100, ANSWERED - 1))
        self.assertEqual(len(rows), ROWS)

    def test_a_file_that_became_shorter(self):
        self.append(self.bytes)
        with Live("--follow", self.path("growing.pcap")) as live:
            live.wait_rows(100)
            os.truncate(self.path("growing.pcap"), 1000)
            wait_for("the end", lambda: live.process.poll() is not None)
            rows, _ = live.stop()
        self.assertEqual(len(rows), ROWS)
        self.assertIn("shorter", "".join(live.errors))

    def test_what_is_no_file(self):
        done = dnstop("--json", "--follow")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("--follow needs a capture file", done.stderr)
        self.append(b"no capture at all, whatever comes next")
        done = dnstop("--json", "--follow", self.path("growing.pcap"))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("not a capture file", done.stderr)


if __name__ == "__main__":
    main()
