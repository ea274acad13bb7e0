#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Offline speed: dnstop on made-up captures, against libpcap's empty loop on
the same file and against its peers, whole processes with a warm cache, in
alternating runs.

  offline.py DNSTOP GEN FLOOR [ROUNDS]

Times are by the clock on the wall, with user and system time of all threads
beside. Prints ratios, each the median of its rounds with the least and the
most. A peer that is not installed is skipped by name."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

Run = namedtuple("Run", "wall cpu mib")

CLASSIC = "/usr/bin/dnstop"  # Debian's package: ours is installed elsewhere
PACKETQ = "select src_addr, count(*) as n from dns group by src_addr order by n desc limit 10"


def run(command):
    """One run of a command to its end."""
    before = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("%s: exit %d" % (" ".join(command), process.returncode))
    return Run(time.monotonic() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def spread(values):
    return "%.2f x (%.2f to %.2f)" % (statistics.median(values), min(values), max(values))


def alternate(rounds, *commands):
    """Each command once in every round, after one that warms the cache."""
    run(commands[0])
    return list(zip(*([run(command) for command in commands] for _ in range(rounds))))


def compare(title, command, floor, rounds):
    """The ratios of a command's times to the floor's; its median time."""
    base, mine = alternate(rounds, floor, command)
    walls = [m.wall / b.wall for m, b in zip(mine, base)]
    cpus = [m.cpu / b.cpu for m, b in zip(mine, base)]
    print("%-44s %s the floor, CPU %s; %.2f s, peak %.0f MiB" % (
        title, spread(walls), spread(cpus), statistics.median(m.wall for m in mine),
        max(m.mib for m in mine)), flush=True)
    return mine


def peers(path):
    """Name, whether it is there, command, and how many of 10 M packets it is asked to read."""
    installed = os.path.exists(CLASSIC) and subprocess.run(
        ["dpkg-query", "-S", CLASSIC], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        check=False).returncode == 0
    return (
        # With -l 3 it keeps names whole: gen's have three labels, and dnstop's table keeps them, too.
        ("classic dnstop", installed, [CLASSIC, "-l", "3", path], 10),
        ("PacketQ", shutil.which("packetq"), ["packetq", "-s", PACKETQ, path], 10),
        ("tshark", shutil.which("tshark"), ["tshark", "-q", "-z", "dns,tree", "-r", path], 1),
    )


def compare_peers(report, path, millions, rounds):
    """How many times as long as dnstop each peer takes that reads so many packets."""
    for name, there, command, most in peers(path):
        if most != millions:
            continue
        if not there:
            print("%-44s skipped: not installed" % name)
            continue
        mine, theirs = alternate(rounds, report, command)
        print("%-44s %s dnstop's time, CPU %s; %.2f s, peak %.0f MiB" % (
            name, spread([t.wall / m.wall for t, m in zip(theirs, mine)]),
            spread([t.cpu / m.cpu for t, m in zip(theirs, mine)]),
            statistics.median(t.wall for t in theirs), max(t.mib for t in theirs)), flush=True)


def flatness(title, many, few, n_many, n_few):
    """Of CPU time, which others on the machine disturb least."""
    ratios = [(m.cpu / n_many) / (f.cpu / n_few) for m, f in zip(many, few)]
    print("%-44s %s the CPU time a packet" % (title, spread(ratios)), flush=True)


def main():
    dnstop, gen, floor = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    with tempfile.TemporaryDirectory() as base:
        path = os.path.join(base, "bench.pcap")
        report = [dnstop, "--json", "--by", "server", "--top", "10", path]

        def make(packets, names, clients, span):
            with open(path, "wb") as out:
                subprocess.run([gen, str(packets), str(names), str(clients), str(span)], stdout=out,
                               check=True)

        make(10_000_000, 100_000, 10_000, 60)
        ten = compare("10 M packets, top 10 servers", report, [floor, path], rounds)
        compare("10 M packets, top 10 names", [dnstop, "--json", "--by", "qname", "--top", "10", path],
                [floor, path], rounds)
        compare("10 M packets, on one CPU", ["taskset", "-c", "0", *report], [floor, path], rounds)
        compare_peers(report, path, 10, min(rounds, 3))
        for packets in (1_000_000, 50_000_000):
            make(packets, 100_000, 10_000, packets * 6 // 1_000_000)
            other = compare("%d M packets, top 10 servers" % (packets // 1_000_000), report,
                            [floor, path], rounds)
            compare_peers(report, path, packets // 1_000_000, min(rounds, 3))
            flatness("%d M packets against 10 M" % (packets // 1_000_000), other, ten, packets, 10_000_000)
        flat = {}
        for many in (1_000, 1_000_000):
            make(5_000_000, many, many, 30)
            flat[many] = compare("5 M packets, %d names and clients" % many, report, [floor, path], rounds)
        flatness("1,000,000 names and clients against 1,000", flat[1_000_000], flat[1_000], 1, 1)


main()
