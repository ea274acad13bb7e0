#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Real captures against their truth, where a corpus of them is at hand: the
folder DNSTOP_CORPUS names, or ../shared/corpus. Its own compare.py grades."""

import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import DNSTOP, ROOT, main, run

CORPUS = os.environ.get("DNSTOP_CORPUS", os.path.join(os.path.dirname(ROOT), "shared/corpus"))


@unittest.skipUnless(os.path.exists(os.path.join(CORPUS, "compare.py")), "no corpus of captures here")
class CorpusTest(unittest.TestCase):
    def compare(self, *args):
        done = run([sys.executable, os.path.join(CORPUS, "compare.py"), *args,
                    "--run", os.path.abspath(DNSTOP) + " --json {pcap}"], timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_transactions(self):
        text = self.compare("--set", CORPUS, "--min-feature-recall", "0.9")
        print(re.search(r"TOTAL: (.*)", text)[1], end=" ... ")
        # A row that is not in the truth would be an invented one.
        self.assertIn(" fp 0 ", text)

    def test_captures_without_dns(self):
        text = self.compare("--robust", os.path.join(CORPUS, "robust"))
        self.assertIn(" 0 crashed or hung, 0 invented", text)


if __name__ == "__main__":
    main()
