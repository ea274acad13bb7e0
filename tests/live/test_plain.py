#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--plain on live traffic: what is told of a query, and commands meanwhile."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import TempDirTest, main, run
from plain import Session


@unittest.skipIf(net.why_not(), net.why_not())
class Plain(TempDirTest):
    def test_as_it_happens(self):
        ns = net.Namespace(self, "p")
        name = "nobody%d.example" % os.getpid()
        session = Session("--timeout", "1", "-r", "0.5", "-Y", "qname=%s" % name)
        self.addCleanup(session.process.kill)
        session.until(r"watches all\. Filter: qname=nobody")
        # Nobody listens there.
        run(ns.argv("dig", "+tries=1", "+time=1", "@127.0.0.1", name, "MX"))
        session.until(r"\d\d:\d\d:\d\d no answer for %s MX asked by \S+ of 127\.0\.0\.1" % name)
        session.until(r"\d 1 query, no errors, 1 unanswered; worst server 127\.0\.0\.1 with 1 of 1 unanswered")
        session.type("show 1")
        session.until(r"1\. \S+ no answer for %s MX" % name)
        session.type("detail")
        session.until(r"\nqname: %s\n" % name)
        self.assertEqual(session.end(), 0)


if __name__ == "__main__":
    main()
