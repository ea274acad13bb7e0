#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Offline speed: dnstop on made-up captures, against libpcap's empty loop on
the same file, whole processes with a warm cache, in alternating runs.

  offline.py DNSTOP GEN FLOOR [ROUNDS]

Prints ratios, each the median of its rounds with the least and the most."""

import os
import statistics
import subprocess
import sys
import tempfile
import time


def seconds(command):
    """User and system time of one run, and its peak memory in MiB."""
    before = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("%s: exit %d" % (" ".join(command), process.returncode))
    return time.monotonic() - before, usage.ru_maxrss / 1024


def compare(title, a, b, rounds):
    """Runs a and b in turn; the ratio of their times."""
    ratios, times, peak = [], [], 0
    seconds(b)
    for _ in range(rounds):
        tb, _ = seconds(b)
        ta, memory = seconds(a)
        ratios.append(ta / tb)
        times.append(ta)
        peak = max(peak, memory)
    print("%-44s %5.2f x the floor (%.2f to %.2f), %.2f s, peak %.0f MiB" % (
        title, statistics.median(ratios), min(ratios), max(ratios), statistics.median(times), peak),
        flush=True)
    return statistics.median(times)


def main():
    dnstop, gen, floor = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    with tempfile.TemporaryDirectory() as base:
        path = os.path.join(base, "bench.pcap")

        def make(packets, names, clients, span):
            with open(path, "wb") as out:
                subprocess.run([gen, str(packets), str(names), str(clients), str(span)], stdout=out,
                               check=True)

        per_packet = {}
        make(10_000_000, 100_000, 10_000, 60)
        compare("10 M packets, top 10 servers", [dnstop, "--json", "--by", "server", "--top", "10", path],
                [floor, path], rounds)
        compare("10 M packets, top 10 names", [dnstop, "--json", "--by", "qname", "--top", "10", path],
                [floor, path], rounds)
        for packets in (1_000_000, 50_000_000):
            make(packets, 100_000, 10_000, packets * 6 // 1_000_000)
            per_packet[packets] = compare("%d M packets, top 10 servers" % (packets // 1_000_000),
                                          [dnstop, "--json", "--by", "server", "--top", "10", path],
                                          [floor, path], rounds) / packets
        print("%-44s %5.2f x the time a packet" % (
            "50 M packets against 1 M", per_packet[50_000_000] / per_packet[1_000_000]))
        flat = {}
        for many in (1_000, 1_000_000):
            make(5_000_000, many, many, 30)
            flat[many] = compare("5 M packets, %d names and clients" % many,
                                 [dnstop, "--json", "--by", "server", "--top", "10", path],
                                 [floor, path], rounds)
        print("%-44s %5.2f x the time" % ("1,000,000 names and clients against 1,000",
                                          flat[1_000_000] / flat[1_000]))


main()
