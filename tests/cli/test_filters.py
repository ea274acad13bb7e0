#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Filters made at random: what the program selects is what a second, slow evaluation of
core/query/filter.h selects of the same rows, as JSON tells them. A wrong one names its
seed: SEED=n test_filters.py."""

import ipaddress
import os
import random
import re
import sys
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from harness import TempDirTest, dnstop, main, rows_of
from packets import Talk, opt, pcapng

ROUNDS = int(os.environ.get("ROUNDS", "200"))
SEED = int(os.environ.get("SEED", "1"))

NUMBERS = {
    "qtype": {"A": 1, "NS": 2, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "HTTPS": 65, "ANY": 255},
    "rcode": {"NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5, "BADVERS": 16},
    "opcode": {"QUERY": 0, "IQUERY": 1, "STATUS": 2, "NOTIFY": 4, "UPDATE": 5},
}
# How a field is compared: by number, by name of a number, by name alone, as text, as address, as list.
UINTS = ("client_port", "server_port", "id", "attempts", "query_bytes", "response_bytes", "answers", "ttl", "pid",
         "edns_size", "do", "tc", "wire_bytes", "nat", "row", "lookup_rows", "wasted", "responders")
DURATIONS = ("latency_us", "lookup_us")
NAMED = ("qtype", "rcode", "opcode")
CHOICES = ("state", "service", "transport", "band", "lookup_outcome")
NAMES = ("qname", "domain1", "domain2", "domain3", "domain5")
TEXTS = ("interface", "comm", "ecs", "flags", "container")
ADDRESSES = ("client", "server", "responder")
LISTS = ("answer",)
FIELDS = UINTS + DURATIONS + NAMED + CHOICES + NAMES + TEXTS + ADDRESSES + LISTS + ("ts",)

ALIASES = {"client": ("ip.src", "src", "SrcAddr"), "qname": ("name", "dns.qry.name", "DnsName"), "rcode": ("code", "dns.flags.rcode"),
           "qtype": ("type", "dns.qry.type"), "id": ("dns.id", "DnsId"), "server_port": ("dport",), "interface": ("iface",)}


def sample(rng):
    """Some of everything, in a file of two interfaces."""
    talk = Talk()
    words = ["www", "mail", "WPAD", "a b", "x.y", "back\\slash", "\xe4\xf6", "_sip", "*", "q?", '"quoted"', "and", "\x00\x7f", "10"]
    zones = ["example.com", "Example.ORG", "corp.test", "3.0.10.in-addr.arpa", "co.uk", "", "a.very.long.chain.of.labels.example.net"]
    places = []
    for n in range(250):
        v6 = rng.random() < 0.3
        client = "fd00::3:%x" % rng.randrange(4) if v6 else "10.0.%d.%d" % (rng.randrange(3), rng.randrange(5))
        server = ("fd00::53" if v6 else rng.choice(["10.0.0.2", "192.0.2.53", "127.0.0.1"]))
        labels = [rng.choice(words).encode("latin-1") for _ in range(rng.randrange(3))]
        labels += [label.encode() for label in rng.choice(zones).split(".") if label]
        name = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
        qtype = rng.choice([1, 28, 15, 16, 12, 65, 255, 65280])
        ident, port, at = rng.randrange(0, 65536, 7), 4000 + n, n * 3000
        edns = opt(1232, 0, rng.choice([0, 0x8000]), b"\0\x08\0\x07\0\x01\x18\0\x0a\0\x03") if rng.random() < 0.4 else b""
        question = name + qtype.to_bytes(2, "big") + b"\0\1"
        flags = rng.choice([0x0100, 0x0000, 0x0110, 0x2000])
        ask = _message(ident, flags, question, [], edns)
        before = len(talk.packets)
        if rng.random() < 0.95:
            talk.add(at, client, port, server, 53, ask)
            if rng.random() < 0.1:
                talk.add(at + 1000000, client, port, server, 53, ask)
        if rng.random() < 0.85:
            rcode = rng.choice([0, 0, 0, 2, 3, 3, 5])
            answers = [(1, rng.choice([60, 300]), bytes([192, 0, 2, rng.randrange(4)])) for _ in range(rng.randrange(4))]
            latency = rng.choice([412, 999, 1000, 5000, 20000, 99999, 100000, 100001, 2104118])
            talk.add(at + latency, server, 53, client, port,
                     _message(ident, flags | 0x8080 | rng.choice([0, 0x0200, 0x0400]) | rcode, question, answers, edns))
        places += [rng.randrange(2) for _ in talk.packets[before:]]
    packets = sorted(zip(talk.packets, places))
    return pcapng([(ts, data, place) for (ts, data), place in packets], ["eth0", "wlan0 \xff".encode("latin-1")])


def _message(ident, flags, question, answers, edns):
    wire = b"".join(n.to_bytes(2, "big") for n in (ident, flags, 1, len(answers), 0, 1 if edns else 0)) + question
    for rtype, ttl, data in answers:
        wire += b"\xc0\x0c" + rtype.to_bytes(2, "big") + b"\0\1" + ttl.to_bytes(4, "big") + len(data).to_bytes(2, "big") + data
    return wire + edns


# --- what a test says of a value, by the words of filter.h ---

def fold(text):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def units(text):
    """Its characters: an escape is one."""
    return re.findall(r"\\[0-9]{1,3}|\\.|.", fold(text), re.S)


class Test:
    """text: as it is typed; holds(row) -> bool."""

    def __init__(self, text, holds):
        self.text, self.holds = text, holds


def on(field, says):
    """A test of a field: false where the fact is absent."""
    return lambda row: row[field] is not None and says(row[field])


class Maker:
    def __init__(self, rng, rows):
        self.rng = rng
        self.rows = rows
        self.values = {f: [row[f] for row in rows if row[f] is not None] for f in FIELDS}

    def case(self, word):
        return "".join(self.rng.choice([c.lower(), c.upper()]) for c in word) if self.rng.random() < 0.3 else word

    def name_of(self, field):
        return self.case(self.rng.choice((field,) + ALIASES.get(field, ())))

    def quoted(self, text):
        return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')

    def pick(self, field, fallback):
        values = self.values[field]
        return self.rng.choice(values) if values and self.rng.random() < 0.95 else fallback

    def some(self, make):
        """One value, or a few: texts and what each says."""
        n = self.rng.choice([1, 1, 2, 3])
        made = [make() for _ in range(n)]
        return [text for text, _ in made], [says for _, says in made]

    def listed(self, name, field, texts, says, equal=("=", "=="), unequal="!="):
        space = self.rng.choice(["", " "])
        any_of = lambda v: any(s(v) for s in says)
        kind = self.rng.random()
        if kind < 0.25:
            return Test(name + space + unequal + space + ",".join(texts), on(field, lambda v: not any_of(v)))
        if kind < 0.4 and equal[0] == "=":
            sep = self.rng.choice([",", ", ", " "])
            return Test("%s in {%s}" % (name, sep.join(texts)), on(field, any_of))
        return Test(name + space + self.rng.choice(equal) + space + ",".join(texts), on(field, any_of))

    # by type

    def ordered(self, field, number, text_of, value):
        """number(v) of a row's value; text_of(n) as typed."""
        op = self.rng.choice(["=", "<", "<=", ">", ">=", "..", "lt", "ge"])
        n = number(value)
        name = self.name_of(field)
        if op == "..":
            m = n + self.rng.choice([0, 1, 1000])
            return Test("%s=%s..%s" % (name, text_of(n), text_of(m)), on(field, lambda v: n <= number(v) <= m))
        if op == "=":
            def make():
                k = number(self.pick(field, value))
                return text_of(k), lambda v: number(v) == k
            return self.listed(name, field, *self.some(make))
        says = {"<": lambda v: number(v) < n, "<=": lambda v: number(v) <= n, ">": lambda v: number(v) > n,
                ">=": lambda v: number(v) >= n, "lt": lambda v: number(v) < n, "ge": lambda v: number(v) >= n}[op]
        return Test("%s %s %s" % (name, op, text_of(n)), on(field, says))

    def uint(self, field):
        text_of = self.rng.choice([str, str, hex])
        return self.ordered(field, int, text_of, self.pick(field, 7))

    def duration(self, field):
        def text_of(ns):
            ns = int(ns)
            return self.rng.choice(["%dns" % ns, "%sus" % (Decimal(ns) / 1000), "%sms" % (Decimal(ns) / 10**6),
                                    "%ss" % (Decimal(ns) / 10**9), "%s ms" % (Decimal(ns) / 10**6)])
        if self.rng.random() < 0.2:  # a bare number, in the unit of the name
            n = self.rng.randrange(3000)
            name, unit = self.rng.choice([("latency", 10**6), ("dns.time", 10**9), ("latency_us", 1000), ("DnsLatencyMs", 10**6)])
            return Test("%s >= %d" % (name, n), on("latency_us", lambda v: int(v * 1000) >= n * unit))
        return self.ordered(field, lambda v: int(Decimal(v) * 1000), text_of, self.pick(field, Decimal(1)))

    def time(self, field):
        return self.ordered("ts", lambda v: int(Decimal(v) * 10**9), lambda ns: "%d.%09d" % (ns // 10**9, ns % 10**9),
                            self.pick("ts", Decimal(5)))

    def number(self, field, v):
        return NUMBERS[field][v] if v in NUMBERS[field] else int(re.sub(r"^\D+", "", v))

    def named(self, field):
        if self.rng.random() < 0.4:
            return self.textual(field)
        value = self.pick(field, "AAAA" if field == "qtype" else "NOTIFY" if field == "opcode" else "REFUSED")
        by_number = {n: v for v, n in NUMBERS[field].items()}
        def text_of(n):
            if self.rng.random() < 0.7 and n in by_number:
                return self.case(by_number[n])
            return str(n)
        return self.ordered(field, lambda v: self.number(field, v), text_of, value)

    def choice(self, field):
        if self.rng.random() < 0.4:
            return self.textual(field)
        def make():
            value = self.pick(field, {"state": "pending", "service": "llmnr", "transport": "tls", "band": "1s-5s",
                                      "lookup_outcome": "ok"}[field])
            return self.case(value), lambda v: v == value
        return self.listed(self.name_of(field), field, *self.some(make))

    def address(self, field):
        kind = self.rng.random()
        name = self.name_of(field)
        def make():
            value = self.pick(field, "10.0.0.2")
            a = ipaddress.ip_address(value)
            if self.rng.random() < 0.4:
                bits = self.rng.choice([0, 1, 8, 24, 31] if a.version == 4 else [0, 8, 64, 96, 127])
                net = ipaddress.ip_network("%s/%d" % (a, bits), strict=False)
                return "%s/%d" % (a, bits), lambda v: ipaddress.ip_address(v) in net
            return str(a), lambda v: ipaddress.ip_address(v) == a
        if kind < 0.2:
            return self.textual(field)
        if kind < 0.3 and field != "responder":
            text, says = make()
            either = self.rng.choice(["addr", "host", "ip.addr"])
            if self.rng.random() < 0.3:
                return Test("%s != %s" % (either, text), lambda row: not says(row["client"]) and not says(row["server"]))
            return Test("%s=%s" % (either, text), lambda row: says(row["client"]) or says(row["server"]))
        return self.listed(name, field, *self.some(make))

    def pattern(self, value):
        """A glob that may fit: (as typed in quotes, its units)."""
        shape = []
        for unit in units(value):
            kind = self.rng.random()
            if kind < 0.15:
                shape.append("?")
            elif kind < 0.3:
                shape += ["*"] if self.rng.random() < 0.7 else []
            else:
                # A star or question mark of the value stands for itself only behind a backslash.
                shape.append({"*": "\\*", "?": "\\?"}.get(unit, unit))
        return shape

    def items(self, field, says):
        return (lambda v: any(says(item) for item in v)) if field in LISTS else says

    def text_value(self, field):
        v = self.pick(field, ["192.0.2.1"] if field in LISTS else "com")
        if field in LISTS:
            v = self.rng.choice(v) if v else "192.0.2.1"
        return v

    def glob_test(self, field, name):
        def make():
            shape = self.pattern(self.text_value(field))
            typed = self.quoted("".join(shape))
            wanted = [{"\\*": "*literal", "\\?": "?literal"}.get(u, u) for u in shape]
            literal = lambda text: [{"*": "*literal", "?": "?literal"}.get(u, u) for u in units(text)]
            return typed, self.items(field, lambda v: glob_units(wanted, literal(v)))
        return self.listed(name, field, *self.some(make), equal=("~",), unequal="!~")

    def textual(self, field):
        """What goes with any text: = != ~ !~ contains matches."""
        name, kind = self.name_of(field), self.rng.random()
        value = self.text_value(field)
        if kind < 0.35 and field in NAMES + TEXTS + LISTS:
            def make():
                text = self.text_value(field)
                return self.quoted(self.case(text)), self.items(field, lambda v: fold(v) == fold(text))
            return self.listed(name, field, *self.some(make))
        if kind < 0.65:
            return self.glob_test(field, name)
        shape = units(value)
        if not shape:
            return Test(name + " or " + name, on(field, lambda v: True))
        start = self.rng.randrange(len(shape))
        part = "".join(shape[start:start + self.rng.randrange(1, 5)])
        if kind < 0.85:
            return Test("%s contains %s" % (name, self.quoted(part)),
                        on(field, self.items(field, lambda v: contains(part, fold(v), field in NAMES))))
        if not re.fullmatch(r"[a-z0-9.:_-]+", part):
            part = "a"
        regex = re.escape(part).replace("\\-", "-").replace("\\:", ":").replace("\\_", "_")
        regex = self.rng.choice(["^%s", "%s$", "%s", "(%s|zz)", "[a-f0-9]%s"]) % regex
        found = on(field, self.items(field, lambda v: re.search(regex, fold(v)) is not None))
        return Test(self.rng.choice(["%s ~ /%s/", '%s matches "%s"' if "\\" not in regex else "%s ~ /%s/"]) % (name, regex), found)

    def predicate(self):
        return self.rng.choice([
            Test("answered", lambda r: r["state"] == "answered"),
            Test("unanswered", lambda r: r["state"] in ("pending", "timeout")),
            Test("pending", lambda r: r["state"] == "pending"),
            Test("timeout", lambda r: r["state"] == "timeout"),
            Test("unsolicited", lambda r: r["state"] == "unsolicited"),
            Test("replied", lambda r: r["rcode"] is not None),
            Test("error", lambda r: r["rcode"] not in (None, "NOERROR")),
            Test("noerror", lambda r: r["rcode"] == "NOERROR"),
            Test("nxdomain == 1", lambda r: r["rcode"] == "NXDOMAIN"),
            Test("refused != true", lambda r: r["rcode"] != "REFUSED"),
            Test("slow", lambda r: r["latency_us"] is not None and r["latency_us"] > 100000),
            Test("retried", lambda r: r["attempts"] is not None and r["attempts"] > 1),
            Test("qtype-any", lambda r: r["qtype"] == "ANY"),
            Test("truncated", lambda r: r["tc"] == 1),
            Test("loopback", lambda r: "127.0.0.1" in (r["client"], r["server"])),
        ])

    def bare(self):
        part = self.rng.choice(["exam", "www.", "org", "10", "arpa"])
        return Test(part, on("qname", lambda v: contains(part, fold(v), True)))

    def one(self):
        kind = self.rng.random()
        if kind < 0.08:
            return self.bare()
        if kind < 0.2:
            return self.predicate()
        field = self.rng.choice(FIELDS)
        if kind < 0.27 and field not in ("tc", "do"):
            return Test("(" + self.name_of(field) + ")", on(field, lambda v: True))
        for group, make in ((UINTS, self.uint), (DURATIONS, self.duration), (NAMED, self.named), (CHOICES, self.choice),
                            (ADDRESSES, self.address), (("ts",), self.time)):
            if field in group:
                return make(field)
        return self.textual(field)

    def whole(self, depth=0):
        kind = self.rng.random()
        if depth > 3 or kind < 0.35:
            return self.one()
        if kind < 0.5:
            inner = self.whole(depth + 1)
            return Test(self.rng.choice(["not (%s)", "!(%s)", "not(%s)"]) % inner.text, lambda r: not inner.holds(r))
        parts = [self.whole(depth + 1) for _ in range(self.rng.choice([2, 2, 3]))]
        if kind < 0.78:
            joint = self.rng.choice([" and ", " && ", " "])
            return Test(joint.join("(%s)" % p.text for p in parts), lambda r: all(p.holds(r) for p in parts))
        if kind < 0.82:  # switched off: as if it was not there
            return Test("# (%s) and (%s)" % (parts[0].text, parts[1].text), parts[1].holds)
        return Test(self.rng.choice([" or ", " || "]).join("(%s)" % p.text for p in parts), lambda r: any(p.holds(r) for p in parts))


def contains(part, text, is_name):
    """A name has a dot at its end, though it is left off."""
    dot = is_name and len(part) > 1 and part.endswith(".") and part[-2] != "\\"
    return part in text or (dot and text.endswith(part[:-1]))


def glob_units(pattern, text):
    at = {0}
    for unit in pattern:
        if unit == "*":
            at = set(range(min(at), len(text) + 1)) if at else at
        else:
            at = {i + 1 for i in at if i < len(text) and (unit == "?" or unit == text[i])}
    return len(text) in at


class FilterTest(TempDirTest):
    def test_at_random(self):
        path = self.path("sample.pcapng")
        with open(path, "wb") as out:
            out.write(sample(random.Random(SEED)))
        done = dnstop("--json", "--columns", ",".join(FIELDS), path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        rows = rows_of(done.stdout, parse_float=Decimal)
        self.assertGreater(len(rows), 200)
        chosen = []
        for n in range(ROUNDS):
            seed = SEED * 1000000 + n
            test = Maker(random.Random(seed), rows).whole()
            done = dnstop("--json", "--columns", "row", "-Y", test.text, path)
            self.assertEqual((done.returncode, done.stderr), (0, ""), test.text)
            got = [row["row"] for row in rows_of(done.stdout)]
            want = [row["row"] for row in rows if test.holds(row)]
            wrong = sorted(set(got) ^ set(want))
            self.assertEqual(got, want, "seed %d: %s\n%s" % (seed, test.text, [r for r in rows if r["row"] in wrong][:2]))
            chosen.append(len(got))
        # Not all are about nothing, or about everything.
        self.assertGreater(sum(0 < n < len(rows) for n in chosen), ROUNDS // 2)


if __name__ == "__main__":
    main()
