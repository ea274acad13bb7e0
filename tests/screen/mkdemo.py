#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the capture that the golden screens and the screenshots show.

    mkdemo.py OUT.pcap [lookups]

A small office: a resolver at 10.0.0.2, clients with IPv4 and IPv6, and one of
everything that the screen has words for: each common response code, an extended
error, retries that are answered and retries that are not, an answer nobody
asked for, a message that is no DNS, a query still open at the end. Names and
addresses are those set aside for documentation. Always the same bytes.
"""
import socket
import struct
import sys

START = 1795435471  # seconds; 2026-11-23 12:04:31 UTC
RESOLVER, RESOLVER6 = "10.0.0.2", "fd00::53"

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16,
         "AAAA": 28, "SRV": 33, "HTTPS": 65, "ANY": 255}
RCODES = {"NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5}


def name(text):
    out = b""
    for label in text.rstrip(".").split("."):
        if label:
            out += bytes([len(label)]) + label.encode()
    return out + b"\0"


def rdata(rtype, text):
    if rtype == "A":
        return socket.inet_aton(text)
    if rtype == "AAAA":
        return socket.inet_pton(socket.AF_INET6, text)
    if rtype in ("CNAME", "PTR", "NS"):
        return name(text)
    if rtype == "MX":
        preference, host = text.split()
        return struct.pack("!H", int(preference)) + name(host)
    if rtype == "TXT":
        return bytes([len(text)]) + text.encode()
    if rtype == "SOA":
        mname, rname, *numbers = text.split()
        return name(mname) + name(rname) + struct.pack("!5I", *map(int, numbers))
    if rtype == "HTTPS":  # priority 1, this name, alpn=h2,h3
        return struct.pack("!H", 1) + b"\0" + struct.pack("!HH", 1, 6) + b"\x02h2\x02h3"
    raise ValueError(rtype)


def record(owner, rtype, ttl, text):
    data = rdata(rtype, text)
    return name(owner) + struct.pack("!HHIH", TYPES[rtype], 1, ttl, len(data)) + data


def opt(rcode=0, ede=None, text="", do=False):
    options = b""
    if ede is not None:
        body = struct.pack("!H", ede) + text.encode()
        options = struct.pack("!HH", 15, len(body)) + body
    flags = (rcode >> 4) << 24 | (0x8000 if do else 0)
    return b"\0" + struct.pack("!HHIH", 41, 1232, flags, len(options)) + options


def message(ident, flags, qname, qtype, answers=(), authority=(), additional=()):
    head = struct.pack("!6H", ident, flags, 1, len(answers), len(authority), len(additional))
    question = name(qname) + struct.pack("!HH", TYPES[qtype], 1)
    return head + question + b"".join(answers) + b"".join(authority) + b"".join(additional)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Capture:
    def __init__(self):
        self.packets = []
        self.ip_id = 0

    def udp(self, at, src, sport, dst, dport, payload):
        """One Ethernet frame, `at` seconds after the start."""
        self.ip_id += 1
        head = struct.pack("!HHH", sport, dport, 8 + len(payload))
        if ":" in src:
            s, d = (socket.inet_pton(socket.AF_INET6, a) for a in (src, dst))
            pseudo = s + d + struct.pack("!II", 8 + len(payload), 17)
            udp = head + struct.pack("!H", checksum(pseudo + head + b"\0\0" + payload)) + payload
            ip = struct.pack("!IHBB", 0x60000000, len(udp), 17, 64) + s + d
            ether = 0x86dd
        else:
            s, d = socket.inet_aton(src), socket.inet_aton(dst)
            pseudo = s + d + struct.pack("!HH", 17, 8 + len(payload))
            udp = head + struct.pack("!H", checksum(pseudo + head + b"\0\0" + payload)) + payload
            ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), self.ip_id, 0, 64, 17, 0) + s + d
            ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
            ether = 0x0800
        frame = bytes.fromhex("020000000002020000000001") + struct.pack("!H", ether) + ip + udp
        self.packets.append((at, frame))

    def ask(self, at, client, port, ident, qname, qtype, rcode="NOERROR", ms=None, answers=(),
            authority=(), ede=None, edns=True, do=False, retries=(), server=None):
        """A query, its retries, and after ms milliseconds its answer (None: never)."""
        server = server or (RESOLVER6 if ":" in client else RESOLVER)
        extra = (opt(do=do),) if edns else ()
        query = message(ident, 0x0100, qname, qtype, additional=extra)
        for offset in (0, *retries):
            self.udp(at + offset, client, port, server, 53, query)
        if ms is None:
            return
        extra = (opt(0, *ede),) if ede else (opt(),) if edns else ()
        reply = message(ident, 0x8180 | RCODES[rcode], qname, qtype, answers, authority, extra)
        self.udp(at + ms / 1000, server, 53, client, port, reply)

    def write(self, path):
        with open(path, "wb") as out:
            out.write(struct.pack("!IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1))
            for at, frame in sorted(self.packets, key=lambda p: p[0]):
                us = round(at * 10**6)
                out.write(struct.pack("!IIII", START + us // 10**6, us % 10**6 * 1000,
                                      len(frame), len(frame)) + frame)


def soa(zone):
    return record(zone, "SOA", 900, "ns1.%s hostmaster.%s 2026112301 7200 900 1209600 300"
                  % (zone, zone))


def everyday(c, round_no):
    """What an office asks all the time; about four seconds of it."""
    t = 4.0 * round_no
    i = 20000 + 997 * round_no
    web = "10.0.3.17"
    c.ask(t + 0.102, web, 50100 + round_no, i + 1, "api.example.com", "A", ms=0.412,
          answers=[record("api.example.com", "A", 60, "192.0.2.80")])
    c.ask(t + 0.102, web, 50100 + round_no, i + 2, "api.example.com", "AAAA", ms=0.634,
          answers=[record("api.example.com", "AAAA", 60, "2001:db8::80")])
    c.ask(t + 0.377, "fd00::3:17", 40020, i + 3, "default.svc.cluster.example.net", "A", ms=0.281,
          answers=[record("default.svc.cluster.example.net", "A", 5, "198.51.100.1")])
    c.ask(t + 0.640, "10.0.3.9", 33010 + round_no, i + 4, "wpad.corp.example", "A", "NXDOMAIN",
          ms=31.02, authority=[soa("corp.example")])
    c.ask(t + 0.990, "10.0.3.40", 41900, i + 5, "c3ab88f1c9e2d07744ab19.tunnel.example.net", "TXT",
          ms=48.2, answers=[record("c3ab88f1c9e2d07744ab19.tunnel.example.net", "TXT", 0,
                                   "v=1 a92fbb017c")])
    c.ask(t + 1.210, "10.0.3.9", 33110, i + 6, "9.3.0.10.in-addr.arpa", "PTR", ms=1.13,
          answers=[record("9.3.0.10.in-addr.arpa", "PTR", 3600, "ws9.corp.example")])
    c.ask(t + 1.870, "10.0.3.17", 50300, i + 7, "www.example.com", "HTTPS", ms=12.9,
          answers=[record("www.example.com", "HTTPS", 300, "")])
    c.ask(t + 2.310, "10.0.3.9", 33210, i + 8, "intranet.corp.example", "A", "REFUSED", ms=0.9)
    c.ask(t + 2.702, "10.0.3.51", 45001, i + 9, "deb.example.org", "A", ms=8.8, do=True,
          answers=[record("deb.example.org", "CNAME", 300, "mirror.example.org"),
                   record("mirror.example.org", "A", 60, "203.0.113.7")])


def incidents(c):
    c.ask(1.402118, "10.0.3.22", 41220, 59544, "mail.example.org", "MX", "SERVFAIL", ms=2104.288,
          ede=(22, "at delegation example.org"), retries=(1.0,))
    c.ask(2.118, "10.0.3.22", 41300, 61022, "example.com", "ANY", retries=(2.0, 4.0))
    c.ask(5.051, "10.0.3.22", 41310, 26, "mail.example.org", "MX", ms=18.4,
          answers=[record("mail.example.org", "MX", 300, "10 mx1.example.org"),
                   record("mail.example.org", "MX", 300, "20 mx2.example.org")])
    c.ask(6.4, "10.0.3.60", 41001, 0, "id-zero.example", "A", ms=0.7,
          answers=[record("id-zero.example", "A", 60, "192.0.2.1")])
    c.ask(7.2, "10.0.3.61", 41002, 4711, "old.example", "A", "NOTIMP", ms=0.4, edns=False)
    # An answer that nobody here asked for.
    c.udp(8.05, "203.0.113.66", 53, "10.0.3.17", 41003,
          message(0x1a2b, 0x8180, "victim.example", "A",
                  [record("victim.example", "A", 60, "203.0.113.99")]))
    # A question whose name ends in the middle.
    c.udp(8.3, "10.0.3.66", 41004, RESOLVER, 53,
          struct.pack("!6H", 0x1234, 0x0100, 1, 0, 0, 0) + b"\x3fcut")
    c.ask(17.5, "10.0.3.22", 41330, 61199, "slow.example.net", "A")


def lookups(c):
    """A pod's getaddrinfo through its search list, with the resolver's own
    questions; one more client, whose first server is dead."""
    pod, shop, node = "10.0.3.22", "api.shop.example", 7000
    address = [record(shop, "A", 60, "192.0.2.80")]
    for i, (suffix, at) in enumerate(((".ns.svc.cluster.local", 0), (".svc.cluster.local", 0.0026))):
        for j, qtype in enumerate(("A", "AAAA")):
            c.ask(at + j / 10**5, pod, 41000 + i, 100 + 2 * i + j, shop + suffix, qtype, rcode="NXDOMAIN",
                  ms=1.4 + j / 2, authority=[soa("cluster.local")])
    c.ask(0.0050, pod, 41002, 110, shop, "A", ms=38.8, answers=address)
    c.ask(0.0051, pod, 41002, 111, shop, "AAAA", ms=41.1, authority=[soa("shop.example")])
    upstream = (("shop.example", "NS", 0.0056, 5.9, "198.51.100.1", [record("shop.example", "NS", 60, "ns1.dns.example")]),
                ("ns1.dns.example", "A", 0.0118, 4.0, "198.51.100.1", [record("ns1.dns.example", "A", 60, "192.0.2.53")]),
                (shop, "A", 0.0162, 27.3, "192.0.2.53", address),
                (shop, "AAAA", 0.0163, None, "192.0.2.53", []),
                (shop, "AAAA", 0.0301, 15.8, "203.0.113.53", []))
    for i, (qname, qtype, at, ms, server, answers) in enumerate(upstream):
        c.ask(at, RESOLVER, node + i, 500 + i, qname, qtype, ms=ms, answers=answers, server=server)
    c.ask(1.0, "10.0.3.17", 42000, 900, "www.example.net", "A", server="10.0.0.9")
    c.ask(6.0, "10.0.3.17", 42000, 900, "www.example.net", "A", ms=0.8,
          answers=[record("www.example.net", "A", 60, "192.0.2.81")])


def main():
    c = Capture()
    if sys.argv[2:] == ["lookups"]:
        lookups(c)
        c.write(sys.argv[1])
        return
    for round_no in range(5):
        everyday(c, round_no)
    incidents(c)
    c.write(sys.argv[1])


if __name__ == "__main__":
    main()
