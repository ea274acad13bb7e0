# SPDX-License-Identifier: BSD-2-Clause
"""DNS messages, packets and capture files, made by hand for the tests."""

import ipaddress
import struct

QR = 0x8000
QTYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28,
          "SRV": 33, "HTTPS": 65, "ANY": 255}


def name(text):
    wire = b""
    for label in text.rstrip(".").split("."):
        if label:
            wire += bytes([len(label)]) + label.encode()
    return wire + b"\0"


def query(dns_id, qname, qtype="A", flags=0x0100, edns=None):
    wire = struct.pack("!6H", dns_id, flags, 1, 0, 0, 1 if edns else 0)
    wire += name(qname) + struct.pack("!2H", QTYPES.get(qtype, qtype), 1)
    return wire + opt(edns) if edns else wire


def opt(size, extended_rcode=0, flags=0, options=b""):
    return struct.pack("!BHHBBHH", 0, 41, size, extended_rcode, 0, flags, len(options)) + options


def response(dns_id, qname, qtype="A", rcode=0, answers=(), flags=0x8180, additional=b""):
    """answers: (type, ttl, rdata) with the owner compressed to the question."""
    wire = struct.pack("!6H", dns_id, flags | rcode, 1, len(answers), 0, 1 if additional else 0)
    wire += name(qname) + struct.pack("!2H", QTYPES.get(qtype, qtype), 1)
    for rtype, ttl, rdata in answers:
        wire += struct.pack("!HHHIH", 0xc00c, QTYPES.get(rtype, rtype), 1, ttl, len(rdata)) + rdata
    return wire + additional


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data[:len(data) // 2 * 2]))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp(src, sport, dst, dport, payload, ip_id=0):
    """An IP packet with a UDP datagram."""
    src, dst = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    datagram = struct.pack("!4H", sport, dport, 8 + len(payload), 0) + payload
    if src.version == 4:
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), ip_id, 0, 64, 17, 0,
                           src.packed, dst.packed)
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        return head + datagram
    return struct.pack("!IHBB16s16s", 0x60000000, len(datagram), 17, 64, src.packed,
                       dst.packed) + datagram


LINK_RAW = 101


def pcap(packets, link=LINK_RAW, nano=True, snaplen=65535):
    """packets: (time in ns, bytes[, original length])."""
    out = struct.pack("<IHHiIII", 0xa1b23c4d if nano else 0xa1b2c3d4, 2, 4, 0, 0, snaplen, link)
    for ts, data, *orig in packets:
        sub = ts % 10**9 if nano else ts % 10**9 // 1000
        out += struct.pack("<IIII", ts // 10**9, sub, len(data), orig[0] if orig else len(data))
        out += data
    return out


class Talk:
    """A conversation that becomes a capture file."""

    def __init__(self, start=1_700_000_000 * 10**9):
        self.start = start
        self.packets = []
        self.ip_id = 0

    def add(self, at_us, src, sport, dst, dport, wire):
        self.ip_id = self.ip_id % 65535 + 1
        self.packets.append((self.start + at_us * 1000, udp(src, sport, dst, dport, wire, self.ip_id)))

    def ask(self, at_us, client, port, server, dns_id, qname, qtype="A", **kw):
        self.add(at_us, client, port, server, 53, query(dns_id, qname, qtype, **kw))

    def answer(self, at_us, client, port, server, dns_id, qname, qtype="A", **kw):
        self.add(at_us, server, 53, client, port, response(dns_id, qname, qtype, **kw))

    def write(self, path, **kw):
        with open(path, "wb") as out:
            out.write(pcap(sorted(self.packets), **kw))
        return path
