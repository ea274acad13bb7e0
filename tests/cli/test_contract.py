#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the man page promises, word by word: each option, field, name of a field, operator,
predicate, counter and exit status is there and does what it says."""

import csv
import io
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import DNSTOP, ROOT, TempDirTest, dnstop, main, rows_of
from packets import Talk, opt

NUMBER, TIME, DURATION, ADDRESS, NAMED, CHOICE, TEXT, LIST = "number time duration address named choice text list".split()
TYPES = {
    **dict.fromkeys("client server responder".split(), ADDRESS),
    **dict.fromkeys("opcode qtype qclass rcode ede".split(), NAMED),
    **dict.fromkeys("state service transport lookup_outcome band".split(), CHOICE),
    **dict.fromkeys("latency_us node_us server_us lookup_us".split(), DURATION),
    **dict.fromkeys("answer path".split(), LIST),
    **dict.fromkeys("""qname flags comm exe container pod pod_namespace server_comm server_container interface drop_reason
                    drop_place intended ede_text ecs cookie nsid domain""".split(), TEXT),
    **{"domain%d" % n: TEXT for n in range(1, 10)},
    "ts": TIME,
}
WRONG = {NUMBER: "x1", TIME: "noon", DURATION: "fast", ADDRESS: "10.0.0", NAMED: "NOSUCH", CHOICE: "nosuch"}
RIGHT = {NUMBER: "1", TIME: "-5m", DURATION: "5ms", ADDRESS: "10.0.0.0/8", NAMED: "1", TEXT: "x", LIST: "x"}
OPERATORS = {
    **dict.fromkeys((NUMBER, TIME, DURATION), ("=", "!=", "<", "<=", ">", ">=")),
    **dict.fromkeys((ADDRESS, CHOICE, TEXT, LIST), ("=", "!=", "~", "!~", "contains", "matches")),
    NAMED: ("=", "!=", "<", "<=", ">", ">=", "~", "!~", "contains", "matches"),
}


def man():
    with open(os.path.join(ROOT, "man/dnstop.8"), encoding="utf-8") as page:
        return page.read()


def section(name):
    return re.search(r'\.\\" begin %s\n(.*?)\.\\" end %s' % (name, name), man(), re.S)[1]


def fields():
    """name -> (marks, other names)"""
    found = {}
    for item in section("fields").split(".It Cm ")[1:]:
        head, *rest = item.splitlines()
        name, _, marks = head.partition(" No ")
        others = [line[len(".Pq also Cm "):].split(" , ") for line in rest if line.startswith(".Pq also Cm ")]
        found[name] = (marks.split(), others[0] if others else [])
    return found


def sample():
    talk = Talk()
    for n, rcode in enumerate((0, 3, 2, 0)):
        talk.ask(n * 5000, "10.0.3.17", 4000 + n, "10.0.0.2", n, "host%d.example.com" % n, edns=1232)
        talk.answer(n * 5000 + (800, 1600, 30000, 3200)[n], "10.0.3.17", 4000 + n, "10.0.0.2", n, "host%d.example.com" % n, rcode=rcode,
                    answers=[("A", 60, bytes([192, 0, 2, n]))] if rcode == 0 else (), additional=opt(1232))
    talk.ask(30000, "fd00::17", 5000, "fd00::53", 9, "silent.example.co.uk", "AAAA")
    talk.add(40000, "10.0.3.17", 5353, "224.0.0.251", 5353, b"\0\0\0\0\0\1\0\0\0\0\0\0\4_ipp\4_tcp\5local\0\0\x0c\x80\1")
    return talk


class ContractTest(TempDirTest):
    def setUp(self):
        super().setUp()
        self.capture = sample().write(self.path("sample.pcap"))
        self.tlds = self.path("tlds")
        with open(self.tlds, "w", encoding="ascii") as out:
            out.write("# Version 2099010100\n# new\nNET\nCOM new\n")

    def ok(self, *args):
        done = dnstop(*args, self.capture)
        self.assertEqual((done.returncode, done.stderr), (0, ""), args)
        return done.stdout

    def wrong(self, *args):
        done = dnstop(*args, self.capture)
        self.assertEqual((done.returncode, done.stdout), (2, ""), args)
        return done.stderr


class FieldsTest(ContractTest):
    def test_json_and_csv_have_those_without_a_star(self):
        want = [name for name, (marks, _) in fields().items() if "*" not in marks]
        self.assertEqual(list(rows_of(self.ok("--json"))[0]), want)
        self.assertEqual(self.ok("--csv").splitlines()[0].split(","), want)

    def test_all_at_once(self):
        names = list(fields())
        (row, *_) = rows_of(self.ok("--json", "--columns", ",".join(names)))
        self.assertEqual(list(row), names)

    def test_each_as_column_order_and_group(self):
        rows = rows_of(self.ok("--json", "--columns", ",".join(fields())))
        for name, (marks, _) in fields().items():
            with self.subTest(name):
                values = [row[name] for row in rows]
                self.assertEqual([row[name] for row in rows_of(self.ok("--json", "--columns", name))], values)
                lines = list(csv.reader(io.StringIO(self.ok("--csv", "--columns", name), newline="")))
                self.assertEqual((lines[0], len(lines)), ([name], len(rows) + 1))
                self.assertEqual(len(self.ok("--batch", "--columns", name).splitlines()), len(rows) + 1)
                for sign in ("", "-"):
                    inorder = rows_of(self.ok("--json", "--sort", sign + name, "--columns", name))
                    self.assertEqual(sorted(str(row[name]) for row in inorder), sorted(map(str, values)))
                    n = sum(row[name] is not None for row in inorder)
                    self.assertNotIn(None, [row[name] for row in inorder[:n]])
                if "+" in marks:
                    self.assertIn("can be grouped by", self.wrong("--json", "--by", name))
                    continue
                groups = rows_of(self.ok("--json", "--by", name))
                self.assertEqual(sum(group["count"] for group in groups), len(rows))
                self.assertEqual({str(group[name]).lower() for group in groups}, {str(value).lower() for value in values})

    def test_each_in_a_filter(self):
        rows = rows_of(self.ok("--json", "--columns", "row," + ",".join(n for n in fields() if n != "row")))
        predicates = re.findall(r"\.It Cm (\S+)", section("predicates")) + ["tc", "do"]
        for name in fields():
            kind = TYPES.get(name, NUMBER)
            with self.subTest(name):
                if name not in predicates:
                    found = rows_of(self.ok("--json", "--columns", "row", "-Y", name))
                    self.assertEqual([row["row"] for row in found], [row["row"] for row in rows if row[name] is not None])
                right = RIGHT.get(kind) or next(str(row[name]) for row in rows + [{name: {"band": "0-1ms"}.get(name, "ok")}] if row[name])
                tests = {op: "%s %s %s" % (name, op, right)
                         for op in ("=", "!=", "<", "<=", ">", ">=", "~", "!~", "contains", "matches")}
                self.ok("--json", "-Y", " or ".join(tests[op] for op in OPERATORS[kind]))
                for op in set(tests) - set(OPERATORS[kind]):
                    self.assertIn("expected one of " + " ".join(OPERATORS[kind][:3]), self.wrong("--json", "-Y", tests[op]))
                if kind in WRONG:
                    text = "qname and (%s = %s)" % (name, WRONG[kind])
                    place = self.wrong("--json", "-Y", text).splitlines()
                    self.assertEqual(place[:2], ["  " + text, " " * (2 + text.index(WRONG[kind])) + "^" + "~" * (len(WRONG[kind]) - 1)])

    def test_each_other_name(self):
        for name, (marks, others) in fields().items():
            want = self.ok("--json", "--columns", name)
            for other in others + [name.upper()]:
                with self.subTest(other):
                    self.assertEqual(self.ok("--json", "--columns", other), want)
                    self.ok("--json", "--sort", other)
                    if "+" not in marks:
                        self.assertEqual(self.ok("--json", "--by", other), self.ok("--json", "--by", name))
                    self.ok("--json", "-Y", "not (%s and %s) or (%s)" % (other, name, other))

    def test_each_group_column(self):
        text = re.search(r"each line is a group.*?These are what", man(), re.S)[0]
        names = re.findall(r"\b(count|share|latency_\w+|timeouts|errors|bytes)\b(?= ?,|$|\n)", text)
        (group, *_) = rows_of(self.ok("--json", "--by", "qtype"))
        self.assertEqual(list(group)[1:], list(dict.fromkeys(names)))
        titles = self.ok("--batch", "--by", "qtype").splitlines()[0].split()
        self.assertEqual(len(titles), len(group))
        for name in list(group) + titles:
            for sign in ("", "-"):
                self.ok("--json", "--by", "qtype", "--sort", sign + name)


class WordsTest(ContractTest):
    def test_each_predicate(self):
        for name in re.findall(r"\.It Cm (\S+)", section("predicates")) + ["errors", "tc", "do", "dns.retransmission"]:
            with self.subTest(name):
                n = [len(rows_of(self.ok("--json", "--tlds", self.tlds, "-Y", text % name)))
                     for text in ("%s", "not %s", "%s == 1", "%s = true", "%s != true", "%s=false")]
                self.assertEqual(n[0] + n[1], 6)
                self.assertEqual(n[2:4], [n[0]] * 2)
                # As fields they are absent where there was nothing to say so.
                if name not in ("tc", "do", "dnssec_ok"):
                    self.assertEqual(n[4:], [n[1]] * 2)
                self.assertEqual(len(rows_of(self.ok("--json", "--tlds", self.tlds, "-f", name))), n[0])

    def test_either_end(self):
        for name, value in (("addr", "10.0.3.17"), ("host", "10.0.0.2"), ("ip.addr", "10.0.0.0/8"), ("ipv6.addr", "fd00::/8"),
                            ("port", "53"), ("udp.port", "53"), ("tcp.port", "53")):
            n = [len(rows_of(self.ok("--json", "-Y", "%s %s %s" % (name, op, value)))) for op in ("=", "!=")]
            self.assertEqual(sum(n), 0 if name == "tcp.port" else 6, name)

    def test_words_for_signs(self):
        for word, sign in (("eq", "="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
            self.assertEqual(self.ok("--json", "-Y", "id %s 2" % word), self.ok("--json", "-Y", "id%s2" % sign))
        for one, other in (("qname contains host", "qname~*host*"), ("qname matches ^host", "qname~/^host/"),
                           ("id in {1, 3}", "id=1,3"), ("id not in {1 3}", "not id=1,3"), ("id = 1..2", "id>=1 id<=2"),
                           ("qname not contains host", "not qname~*host*"), ("id=1 && id=1 & qname", "id=1"), ("id=1||id=2|id=3", "id=1,2,3"),
                           ("!(id=1)", "not id=1"), ("client=10.0.0.0..10.0.255.255", "client=10.0.0.0/16"),
                           ("#id=1 and id=2", "id=2"), ("latency=1ms..2ms", "latency_us>=1000 latency<=0.002s"),
                           ("rcode>=2", "rcode=SERVFAIL,nxdomain"), ("HOST?.EXAMPLE.com", "qname~host?.*")):
            self.assertEqual(self.ok("--json", "-Y", one), self.ok("--json", "-Y", other), one)

    def test_limits(self):
        self.ok("--json", "-Y", "id=1 or " * 511 + "id=2")
        self.assertIn("512", self.wrong("--json", "-Y", "id=1 or " * 512 + "id=2"))
        self.ok("--json", "-Y", "(" * 64 + "id=2" + ")" * 64)
        self.assertIn("64", self.wrong("--json", "-Y", "(" * 65 + "id=2" + ")" * 65))
        longest = "id=" + ",".join(str(10000 + n % 50000) for n in range(10921))
        longest += " " * (65536 - len(longest))
        self.ok("--json", "-Y", longest)
        self.assertIn("65536", self.wrong("--json", "-Y", longest + " "))
        self.assertIn("65536", self.wrong("--json", "-Y", "x" * 100000))
        self.assertIn("1023", self.wrong("--follow", "-Y", "id=1 or " * 130 + "id=2"))
        self.ok("--json", "-Y", "qname~/%s/" % ("a" * 1024))
        self.assertIn("1024", self.wrong("--json", "-Y", "qname~/%s/" % ("a" * 1025)))
        self.assertIn("back-references", self.wrong("--json", "-Y", r"qname~/(a)\1/"))
        self.assertIn("too large", self.wrong("--json", "-Y", "qname~/((a{255}){255}){255}/"))
        self.assertIn("-f takes", self.wrong("--json", "-f", "nosuch").replace("; there are", "-f takes"))

    def test_counters(self):
        done = dnstop("--json", "--stats", self.capture)
        self.assertEqual(list(rows_of(done.stderr)[0]), re.findall(r"\.It Cm (\S+)", section("counters")))


class OptionsTest(ContractTest):
    def test_help_and_page_have_the_same(self):
        text = dnstop("--help").stdout
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        left = "\n".join(line[2:27] for line in text.splitlines()[4:])
        helped = set(re.findall(r"(?:^ *|, )(--?\w[\w-]*)", left, re.M))
        paged = {"-" + word for line in section("options").splitlines() if line.startswith(".It ")
                 for word in re.findall(r"(?:Fl |, )(-?(?!Fl )[A-Za-z0-9][\w-]*)", line)}
        self.assertEqual(helped, paged)

    def test_unknown_ones(self):
        for args, says in ((["--jsno"], "--jsno: no such option; did you mean --json?"),
                           (["--xyzzy"], "--xyzzy: no such option\n"),
                           (["--whre=x"], "--whre: no such option; did you mean --where?"),
                           (["--co", "x"], "--co: there is more than one such option"),
                           (["--json=yes"], "--json: takes no argument"),
                           (["--help=yes"], "--help: takes no argument"),
                           (["--top"], "--top: wants an argument: N"),
                           (["-Y"], "--where: wants an argument: FILTER"),
                           (["-json"], "-j: no such option; did you mean --json?"),
                           (["-4Z6"], "-Z: no such option\n"),
                           (["-\xe9"], "no such option")):
            with self.subTest(args):
                done = dnstop(*args)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(says, done.stderr)
                self.assertIn("Try dnstop --help.", done.stderr)
        # An abbreviation that only one option has is one.
        self.assertEqual(self.ok("--js", "--where", "id=1"), self.ok("--json", "-Y", "id=1"))

    def test_numbers(self):
        for option, values in (("--top", "0 -1 x 4294967296 1e3 99999999999999999999"), ("--count", "0 -1 x 18446744073709551616"),
                               ("--max-flows", "0 -1 1073741825 1k"), ("--port", "0 65536 -53 53, ,53 53,,53 x 0x10000"),
                               ("--timeout", "0 -1 5x 1e400 1000000d 99999999999999999999999"), ("--duration", "0 soon -5s 36601d"),
                               ("-r", "-1 x 1y"), ("-l", "0 10 -1"), ("-C", "0 33"), ("-D", "0 129"), ("--color", "pink"),
                               ("--theme", "pink"), ("--graph", "pink"), ("--source", "tape"), ("--report", "nosuch")):
            for value in values.split():
                with self.subTest((option, value)):
                    said = self.wrong("--json", option, value)
                    self.assertTrue(said.startswith("dnstop: " + option), said)
                    self.assertIn('"%s"' % value if option != "--port" else "is not a port", said)
        for option, value in (("--top", "0x10"), ("--timeout", "500ms"), ("--timeout", "36600d"), ("--duration", "36600d"), ("-r", "0"),
                              ("--port", "53,5353"), ("--max-flows", "1")):
            self.ok("--json", option, value)

    def test_what_does_not_go_together(self):
        for args in ((["--by", "qname", "--columns", "id"], ["--report", "search", "--columns", "id"], ["--json", "--count", "3", "--top", "3"],
                      ["--json", "--count", "3", "--sort", "id"], ["--report", "resolvers", "--count", "3"], ["--count", "3"],
                      ["--plain", "--count", "3"], ["--json", "--write", "-"], ["--plain", "--by", "id"], ["--plain", "--top", "3"], ["--decrypt", "--json"],
                      ["--source", "bpf", "-b", "udp", "--json"], ["--report", "encrypted", "-Y", "id=1"], ["--columns", "id,id"])):
            with self.subTest(args):
                if args[0] == "--by":
                    args = ["--json"] + args
                self.assertTrue(self.wrong(*args).startswith("dnstop: "))
        done = dnstop("--follow", "--json", "eth0")
        self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_mistakes_name_their_option(self):
        for args in (["--sort", "nosuch"], ["--sort", "-"], ["--by", "id", "--sort", "nosuch"], ["--columns", "id,nosuch"],
                     ["--columns", ""], ["--by", "nosuch"], ["--report", "search", "--sort", "nosuch"], ["-f", "nosuch"]):
            option = args[-2]
            self.assertTrue(self.wrong("--json", *args).startswith("dnstop: %s: " % option), args)

    def test_count_of_groups(self):
        self.assertEqual(sum(row["count"] for row in rows_of(self.ok("--json", "--by", "qtype", "--count", "3"))), 3)

    def test_exit_status(self):
        for status, args in ((0, ["--json", "-Y", "id=7777"]), (0, ["--version"]), (0, ["-h"]), (1, ["--json", "./nosuch.pcap"]),
                             (1, ["--json", "--write", "/nosuch/x"]), (2, ["--json", "-Y", "id=x"]), (2, ["--nosuch"])):
            done = dnstop(*args, *([] if args[-1].startswith("./") else [self.capture]))
            self.assertEqual(done.returncode, status, (args, done.stderr))


class PlaceTest(ContractTest):
    def place(self, text, env=None):
        done = dnstop("--json", "-Y", text, self.capture, env=dict(os.environ, **(env or {"LC_ALL": "C.UTF-8"})))
        self.assertEqual(done.returncode, 2)
        return done.stderr.splitlines()[:2]

    def test_after_wide_and_combining_letters(self):
        self.assertEqual(self.place('qname="m\xfcller" rcode=X'), ['  qname="m\xfcller" rcode=X', "  " + " " * 21 + "^"])
        self.assertEqual(self.place('qname="\u4f8b\u4f8b" id=\xe9\xe9'), ['  qname="\u4f8b\u4f8b" id=\xe9\xe9', "  " + " " * 16 + "^~"])
        self.assertEqual(self.place('qname="u\u0308" id=x'), ['  qname="u\u0308" id=x', "  " + " " * 13 + "^"])

    def test_what_a_terminal_must_not_see(self):
        self.assertEqual(self.place("id=\x1b[31mx"), ["  id=?[31mx", "     ^"])
        self.assertEqual(self.place('qname="\xfc" id=x', {"LC_ALL": "C"})[1], "  " + " " * 14 + "^")

    def test_a_long_one_is_cut_around_it(self):
        first, second = self.place("id=1 or " * 100 + "nosuch=1" + " or id=2" * 100)
        self.assertLessEqual(len(first), 84)
        at = second.index("^")
        self.assertEqual(first[at:at + 8], "nosuch=1")
        self.assertTrue(first.startswith("  ...") and first.endswith("..."))
        first, second = self.place("nosuch=1" + " or id=2" * 1000)
        self.assertEqual((first[:12], second), ("  nosuch=1 o", "  ^~~~~~"))


class ExamplesTest(TempDirTest):
    """The commands that README and man page show, as they are written there."""

    def commands(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as page:
            blocks = re.findall(r"```\n(dnstop.*?)```", page.read(), re.S)
        blocks += re.findall(r"\.Bd -literal\n(dnstop.*?)\.Ed", man(), re.S)
        lines = [re.sub(r"\s+# .*", "", line) for block in blocks for line in block.splitlines()]
        self.assertGreater(len(lines), 10)
        return lines

    def test_each(self):
        sample().write(self.path("capture.pcap"))
        sample().write(self.path("file.pcap"))
        env = dict(os.environ, PATH="%s:%s" % (self.dir, os.environ["PATH"]))
        os.symlink(os.path.abspath(DNSTOP), self.path("dnstop"))
        for line in self.commands():
            with self.subTest(line):
                # Live ones of a file: nothing else about them changes.
                line = line.replace("| jq .qname", "| grep qname").replace("| jq", "| cat")
                words = line.partition("|")[0].split()
                if not any(word.endswith(".pcap") for word in words):
                    command, pipe, rest = line.partition("|")
                    line = command.replace(" eth0", "") + " capture.pcap " + pipe + rest
                if line.split()[1:2] == ["--decrypt"]:
                    continue
                done = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=self.dir, env=env, stdin=subprocess.DEVNULL,
                                      capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""), line)
                if "--write" not in line:
                    self.assertTrue(done.stdout, line)


if __name__ == "__main__":
    main()
