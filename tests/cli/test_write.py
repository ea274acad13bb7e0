#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--write: the messages of rows as pcapng, as tshark and dnstop itself read it."""

import os
import shutil
import struct
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import DNSTOP, TempDirTest, dnstop, main, must, rows_of, run
from packets import ACK, SYN, Talk, name, pcapng, query, response, tcp, udp

CLIENT, SERVER = "10.0.3.17", "10.0.0.2"
RCODES = {"0": "NOERROR", "2": "SERVFAIL", "3": "NXDOMAIN", "5": "REFUSED"}
# What a row says of messages and not of how packets brought them.
FACTS = ("ts", "state", "transport", "client", "client_port", "server", "server_port", "id", "opcode", "qname",
         "qtype", "rcode", "flags", "latency_us", "attempts", "query_bytes", "response_bytes", "answers", "answer",
         "ttl")


def framed(wire):
    return struct.pack("!H", len(wire)) + wire


def stream(talk, at_us, client, port, server, parts):
    """A TCP connection: parts are (us after the begin, from client, bytes)."""
    seq = {True: 100, False: 900}
    ends = ((client, port), (server, 53))

    def put(us, mine, flags, data=b""):
        src, dst = ends if mine else ends[::-1]
        talk.packets.append((talk.start + (at_us + us) * 1000, tcp(*src, *dst, seq[mine], flags, data)))
        seq[mine] += len(data) + (1 if flags & SYN else 0)

    put(0, True, SYN)
    put(100, False, SYN | ACK)
    for us, mine, data in parts:
        put(us, mine, ACK, data)


def sample():
    talk = Talk()
    for n in range(200):
        name, rcode = "n%d.example.com" % n, (0, 0, 3, 2, 5)[n % 5]
        ends = (CLIENT, 4000 + n, SERVER) if n % 3 else ("fd00::3:17", 4000 + n, "fd00::53")
        talk.ask(n * 1000, *ends, n * 7, name, "AAAA" if n % 2 else "A")
        if n % 10 != 9:
            talk.answer(n * 1000 + 412 + n * 13, *ends, n * 7, name, "AAAA" if n % 2 else "A", rcode=rcode)
    # Asked twice; and two questions in one stream, answered the other way round,
    # one of them at length.
    talk.ask(300000, CLIENT, 5000, SERVER, 1, "again.example.com")
    talk.ask(1300000, CLIENT, 5000, SERVER, 1, "again.example.com")
    talk.answer(1301000, CLIENT, 5000, SERVER, 1, "again.example.com")
    big = response(11, "big.example.com", "TXT", answers=[("TXT", 60, bytes([200]) + b"x" * 200)] * 18)
    stream(talk, 400000, CLIENT, 5001, SERVER, [
        (200, True, framed(query(11, "big.example.com", "TXT"))),
        (300, True, framed(query(12, "small.example.com"))),
        (900, False, framed(response(12, "small.example.com"))),
        (5000, False, framed(big)[:1400]), (5000, False, framed(big)[1400:])])
    return talk


def tshark(path, *more):
    """(port of the client, id, name, rcode, seconds) of each response."""
    text = must(["tshark", "-r", path, "-Y", "dns.flags.response == 1", "-T", "fields", "-e", "udp.dstport",
                 "-e", "tcp.dstport", "-e", "dns.id", "-e", "dns.qry.name", "-e", "dns.flags.rcode", "-e", "dns.time",
                 *more])
    return sorted(tuple(line.split("\t")) for line in text.splitlines())


class WriteTest(TempDirTest):
    def setUp(self):
        super().setUp()
        self.capture = sample().write(self.path("sample.pcap"))
        self.out = self.path("out.pcapng")

    def write(self, *args):
        done = dnstop("--write", self.out, *args, self.capture)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_dnstop_reads_the_same_rows_again(self):
        self.assertEqual(self.write(), "")
        texts = [dnstop("--json", path).stdout for path in (self.capture, self.out)]
        rows = [sorted(tuple(str(row[key]) for key in FACTS) for row in rows_of(text)) for text in texts]
        self.assertEqual(len(rows[0]), 203)
        self.assertEqual(rows[0], rows[1])

    @unittest.skipUnless(shutil.which("tshark"), "no tshark")
    def test_tshark_reads_the_same_transactions(self):
        self.write()
        before, after = tshark(self.capture), tshark(self.out)
        self.assertEqual(len(before), 183)
        self.assertEqual(before, after)
        # And they are those of our rows.
        rows = {(str(row["client_port"]), row["id"], row["qname"]): row
                for row in rows_of(dnstop("--json", self.out).stdout) if row["state"] == "answered"}
        self.assertEqual(len(rows), len(after))
        for udp_port, tcp_port, dns_id, name, rcode, seconds in after:
            row = rows[udp_port or tcp_port, int(dns_id, 0), name]
            self.assertEqual(row["rcode"], RCODES[rcode])
            self.assertAlmostEqual(row["latency_us"], float(seconds) * 1e6, 2)

    @unittest.skipUnless(shutil.which("tshark"), "no tshark")
    def test_tshark_finds_nothing_wrong(self):
        self.write()
        checks = [word for proto in ("ip", "udp", "tcp") for word in ("-o", proto + ".check_checksum:TRUE")]
        self.assertEqual(must(["tshark", "-r", self.out, *checks, "-Y",
                               "ip.checksum.status == 0 or udp.checksum.status == 0 or tcp.checksum.status == 0 or "
                               "tcp.analysis.flags or _ws.malformed or _ws.short"]), "")
        comments = must(["tshark", "-r", self.out, "-T", "fields", "-e", "frame.comment"]).splitlines()
        self.assertTrue(all(text.startswith("headers made again by dnstop") for text in comments))
        self.assertEqual(sum("of 2 attempts" in text for text in comments), 2)

    def test_only_what_matches(self):
        self.write("-Y", "rcode=NXDOMAIN")
        rows = rows_of(dnstop("--json", self.out).stdout)
        self.assertEqual({row["rcode"] for row in rows}, {"NXDOMAIN"})
        self.assertEqual(len(rows), 40)
        self.write("--count", "5")
        self.assertEqual(len(rows_of(dnstop("--json", self.out).stdout)), 5)

    def test_other_outputs_are_what_they_were(self):
        for args in (["--json"], ["--csv"], ["--batch", "--by", "rcode"], ["--json", "--sort", "-latency", "--top", "3"]):
            with self.subTest(args):
                alone = dnstop(*args, self.capture)
                both = dnstop(*args, "--write", self.out, self.capture)
                self.assertEqual((both.stdout, both.stderr, both.returncode), (alone.stdout, "", 0))
                self.assertEqual(len(rows_of(dnstop("--json", self.out).stdout)), 203)

    def test_one_message_of_many_rows(self):
        """Multicast: three questions in one message, two answered in one, by a host and not by the group."""
        talk, group = Talk(), "224.0.0.251"

        def record(text):
            return name(text) + struct.pack("!2HIH", 12, 0x8001, 120, 3) + b"\1x\0"

        def ask(*texts, bit=0):
            return struct.pack("!6H", 0, 0, len(texts), 0, 0, 0) + b"".join(name(t) + struct.pack("!2H", 12, 1 | bit) for t in texts)

        def tell(*texts):
            return struct.pack("!6H", 0, 0x8400, 0, len(texts), 0, 0) + b"".join(map(record, texts))

        packets = [(0, CLIENT, 5353, group, 5353, ask("_ipp._tcp.local", "_http._tcp.local", "_ssh._tcp.local")),
                   (20000, SERVER, 5353, group, 5353, tell("_ipp._tcp.local", "_http._tcp.local")),
                   (2000000, SERVER, 5353, group, 5353, tell("_new._tcp.local")),
                   (3000000, CLIENT, 41000, group, 5353, query(7, "_old._tcp.local", 12)),
                   (3001000, SERVER, 5353, CLIENT, 41000, response(7, "_old._tcp.local", 12, answers=[(12, 10, b"\1x\0")])),
                   (4000000, CLIENT, 5353, group, 5353, ask("_qu._tcp.local", bit=0x8000)),
                   (4001000, SERVER, 5353, CLIENT, 5353, tell("_qu._tcp.local")),
                   (5000000, CLIENT, 42000, "224.0.0.252", 5355, query(8, "wpad", flags=0)),
                   (5001000, SERVER, 5355, CLIENT, 42000, response(8, "wpad", answers=[("A", 9, b"abcd")], flags=0x8000))]
        for packet in packets:
            talk.add(*packet)
        talk.write(self.capture)
        self.write()
        facts = FACTS + ("service", "responder", "responders", "qu")
        texts = [dnstop("--json", "--columns", ",".join(facts), path).stdout for path in (self.capture, self.out)]
        self.assertEqual(*(sorted(text.splitlines()) for text in texts))
        if shutil.which("tshark"):
            seen = must(["tshark", "-r", self.out, "-T", "fields", "-e", "ip.src", "-e", "udp.srcport", "-e", "ip.dst", "-e", "udp.dstport"])
            self.assertEqual(sorted(seen.splitlines()), sorted("%s\t%d\t%s\t%d" % packet[1:5] for packet in packets))

    def test_interfaces_keep_their_names(self):
        names = ["eth0", b"wlan0 \xff", "back\\slash", ""] + ["veth%d" % n for n in range(300)]
        packets = [(10**18 + n, udp(CLIENT, 4000, SERVER, 53, query(n, "n%d.example.com" % n)), n) for n in range(len(names))]
        with open(self.capture, "wb") as out:
            out.write(pcapng(packets, names))
        self.write()
        texts = [dnstop("--json", "--columns", "qname,interface", path).stdout for path in (self.capture, self.out)]
        self.assertEqual(*(sorted(text.splitlines()) for text in texts))
        self.assertIn('"wlan0 \\\\255"', texts[1])

    def test_into_a_pipe(self):
        text = must(["sh", "-c", "%s --write - -Y id=7 %s | %s --json -" % (DNSTOP, self.capture, DNSTOP)])
        self.assertEqual([row["id"] for row in rows_of(text)], [7])
        # A reader that goes away is no mistake.
        must(["bash", "-c", "set -o pipefail; %s --write - %s | head -c 10 > /dev/null" % (DNSTOP, self.capture)])

    def test_mistakes(self):
        before = open(self.capture, "rb").read()
        for args, status, text in (
                (["--write", self.capture], 1, "the file being read"),
                (["--write", self.path("none/x")], 1, "No such file"),
                (["--write", "/dev/full"], 1, "No space left"),
                (["--json", "--write", "-"], 2, "one too many"),
        ):
            with self.subTest(args):
                done = dnstop(*args, self.capture)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(text, done.stderr)
        self.assertEqual(open(self.capture, "rb").read(), before)
        for where in (self.out, "/dev/stdout"):
            done = run(["sh", "-c", "%s --json --write %s %s > %s" % (DNSTOP, where, self.capture, self.out)])
            self.assertEqual((done.returncode, os.path.getsize(self.out)), (1, 0))
            self.assertIn("the other output goes there", done.stderr)
        # The rest goes on.
        done = dnstop("--json", "--write", "/dev/full", self.capture)
        self.assertEqual((done.returncode, len(rows_of(done.stdout))), (1, 203))

    def test_what_left_memory_is_told(self):
        """Queries that wait for their timeout while more messages come than are kept."""
        talk = Talk()
        talk.ask(0, CLIENT, 4000, SERVER, 1, "first.example.com")
        for n in range(700):
            talk.add(1000 + n * 10000, SERVER, 53, CLIENT, 4001, response(2, "x.example.com") + bytes(60000))
        talk.ask(20000000, CLIENT, 4002, SERVER, 3, "last.example.com")
        talk.write(self.capture)
        done = dnstop("--write", self.out, self.capture)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"messages of 1 of \d+ rows were no longer in memory")


main()
