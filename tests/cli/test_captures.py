#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The captures of tests/data: each row is what tshark says of it (*.rows)."""

import glob
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import ROOT, dnstop, main, rows_of
from packets import QTYPES

DATA = os.path.join(ROOT, "tests/data")
RCODES = dict(enumerate("NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE".split()))
RCODES.update({16: "BADVERS", 23: "BADCOOKIE"})
OPCODES = {0: "QUERY", 2: "STATUS", 4: "NOTIFY", 5: "UPDATE", 6: "DSO", 10: "OPCODE10"}
TYPES = {number: name for name, number in QTYPES.items()} | {251: "IXFR", 252: "AXFR"}
EDES = {"3": "Stale-Answer", "15": "Blocked", "18": "Prohibited", "22": "No-Reachable-Authority"}
COLUMNS = ("state,service,transport,client,client_port,server,server_port,id,opcode,qname,qtype,rcode,latency_us,answers,"
           "tc,messages,attempts,responders,responder,qu,known_answers,ecs,cookie,ede,ede_text,nsid,twin,row")


# What there is none of may be null or 0.
COUNTS = ("responders", "qu", "known_answers")


def ours(want):
    """A line of *.rows in dnstop's words."""
    row = dict(want)
    answered = row.pop("answered", None)
    if answered is not None:
        row["state"] = ("answered",) if answered else ("timeout", "pending")
    if row.pop("announced", None):
        row["state"] = ("announced",)
    for key, names in (("rcode", RCODES), ("opcode", OPCODES), ("qtype", TYPES), ("ede", EDES)):
        if key in row:
            row[key] = names.get(row[key], row[key])
    if "cookie" in row:
        row["cookie"] = row["cookie"].replace(":", "")
    if "ecs" in row:
        row["ecs"] = "%s/%d/%d" % tuple(row["ecs"])
    return row


def agrees(row, want, slack_us):
    for key, value in want.items():
        if key == "state":
            same = row[key] in value
        elif key == "latency_us":
            same = row[key] is not None and abs(row[key] - value) <= slack_us
        elif key in COUNTS:
            same = (row[key] or 0) == value
        else:
            same = row[key] == value
        if not same:
            return False
    return True


class CapturesTest(unittest.TestCase):
    def compare(self, name, slack_us=0.5):
        """dnstop's rows, after they were found to be tshark's."""
        path, = glob.glob(os.path.join(DATA, name + ".pcap*"))
        with open(os.path.join(DATA, name + ".rows")) as lines:
            wants = [ours(want) for want in map(json.loads, lines) if (want.get("opcode"), want.get("id")) != (6, 0)]
        done = dnstop("--json", "--stats", "--columns", COLUMNS, path)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows, stats = rows_of(done.stdout), json.loads(done.stderr.splitlines()[-1])
        left = list(rows)
        for want in wants:
            found = [row for row in left if agrees(row, want, slack_us)]
            near = [{key: row[key] for key in want} for row in left if row["qname"] == want["qname"]]
            self.assertTrue(found, "%s: no row is %s, there are %s" % (name, want, near))
            left.remove(found[0])
        self.assertEqual(left, [], name)
        for lost in ("malformed", "tcp_gaps", "cut", "not_dns"):
            self.assertEqual(stats[lost], 0, lost)
        return rows, stats

    def test_edns(self):
        rows, _ = self.compare("edns")
        self.assertEqual([row["rcode"] for row in rows if row["qname"].startswith("bad")], ["BADCOOKIE", "BADVERS"])

    def test_opcodes(self):
        """Each is paired but DSO's one-way message (id 0), which is counted."""
        _, stats = self.compare("opcodes")
        self.assertEqual(stats["unpaired_opcodes"], 1)

    def test_truncated(self):
        """Each retry and the answer that was cut name each other."""
        rows, _ = self.compare("truncated")
        at = {row["row"]: row for row in rows}
        cut = [row for row in rows if row["tc"]]
        self.assertEqual(len(cut), 4)
        for row in cut[:3]:
            twin = at[row["twin"]]
            self.assertEqual((twin["qname"], twin["transport"], twin["twin"]), (row["qname"], "tcp", row["row"]))
        self.assertIsNone(cut[3]["twin"])

    def test_fragments(self):
        _, stats = self.compare("fragments")
        self.assertGreater(stats["fragments"], 0)  # of the one that is not whole

    def test_extensions(self):
        self.compare("extensions")

    def test_tunnels(self):
        self.compare("tunnels")

    def test_streams(self):
        # What has come whole behind a hole is dnstop's at once, tshark's when that is filled.
        self.compare("streams", slack_us=80.5)

    def test_transfers(self):
        rows, _ = self.compare("transfers")
        self.assertEqual([row["messages"] for row in rows], [9, 2, 1, 1])

    def test_mdns(self):
        _, stats = self.compare("mdns")
        self.assertEqual(stats["announced"], 2)

    def test_llmnr(self):
        self.compare("llmnr")

    def test_interfaces(self):
        self.compare("interfaces")


if __name__ == "__main__":
    main()
