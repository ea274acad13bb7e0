#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the capture behind the golden screens of encrypted DNS: DNS over TLS and
HTTPS to servers that dnstop's list knows, and to one that it does not."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from packets import pcap, tls_session

START = 1795435471 * 10**9


def main():
    packets = []
    for i, (server, port) in enumerate((("9.9.9.9", 853), ("1.1.1.1", 443), ("192.0.2.53", 853), ("9.9.9.9", 853),
                                        ("2620:fe::fe", 443), ("9.9.9.9", 853), ("1.1.1.1", 443))):
        client = "2001:db8::17" if ":" in server else "10.0.3.17"
        packets += tls_session(START, 500 * i, client, 40000 + i, server, port)
    with open(sys.argv[1], "wb") as out:
        out.write(pcap(packets))


main()
