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


SYN, ACK = 2, 16


def tcp(src, sport, dst, dport, seq, flags, payload=b""):
    src, dst = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    segment = struct.pack("!HHIIBBHHH", sport, dport, seq, 0, 0x50, flags, 1000, 0, 0) + payload
    if src.version == 4:
        return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0, src.packed, dst.packed) + segment
    return struct.pack("!IHBB16s16s", 0x60000000, len(segment), 6, 64, src.packed, dst.packed) + segment


def tls_record(kind, size):
    return struct.pack("!BHH", kind, 0x0303, size) + bytes(size)


def tls_session(start, at_ms, client, port, server, server_port):
    """DNS over TLS from outside, as (time, packet): a handshake of 7 ms, two questions answered after 10 and 20 ms."""
    talk = [(0, 0, SYN, b""), (1, 1, SYN | ACK, b""), (2, 0, ACK, tls_record(22, 300)),
            (6, 1, ACK, tls_record(22, 90) + tls_record(23, 1000)), (6, 1, ACK, tls_record(23, 500)), (7, 0, ACK, tls_record(23, 53)),
            (8, 0, ACK, tls_record(23, 150)), (18, 1, ACK, tls_record(23, 490)),
            (30, 0, ACK, tls_record(23, 150)), (50, 1, ACK, tls_record(23, 490))]
    seq = [1000, 2**32 - 500]
    ends = ((client, port), (server, server_port))
    for ms, side, flags, data in talk:
        yield (start + (at_ms + ms) * 10**6, tcp(*ends[side], *ends[1 - side], seq[side] % 2**32, flags, data))
        seq[side] += len(data) + (1 if flags & SYN else 0)


LINK_RAW = 101


def pcap(packets, link=LINK_RAW, nano=True, snaplen=65535):
    """packets: (time in ns, bytes[, original length])."""
    out = bytearray(struct.pack("<IHHiIII", 0xa1b23c4d if nano else 0xa1b2c3d4, 2, 4, 0, 0, snaplen, link))
    for ts, data, *orig in packets:
        sub = ts % 10**9 if nano else ts % 10**9 // 1000
        out += struct.pack("<IIII", ts // 10**9, sub, len(data), orig[0] if orig else len(data))
        out += data
    return out


def pcapng(packets, interfaces, link=LINK_RAW):
    """packets: (time in ns, bytes, number of its interface); interfaces: their names, of bytes or text."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))

    def option(code, value):
        return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)

    out = bytearray(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
    for text in interfaces:
        options = option(2, text if isinstance(text, bytes) else text.encode()) + option(9, b"\x09") + option(0, b"")
        out += block(1, struct.pack("<HHI", link, 0, 0) + options)
    for ts, data, interface in packets:
        out += block(6, struct.pack("<IIIII", interface, ts >> 32, ts & 0xffffffff, len(data), len(data)) + data)
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
