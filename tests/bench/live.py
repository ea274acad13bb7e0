#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What watching costs the host: throughput with dnstop running, as a report and on a
screen, against two empty programs on the same hooks, tcpdump, the classic dnstop where it
is installed, and nothing, in alternating runs. "reading alone" is dnstop's kernel programs
and a reader that does nothing with the messages: what a table can't go below.

  live.py DNSTOP BENCH_DIR [ROUNDS [SECONDS]]

A UDP flood to no DNS port, a flood of DNS queries, and a DNS server at its
limit. Each figure is the median of its rounds' ratios, with the least and the
most; the machine's own drift shows in "nothing" against itself. The DNS server and who
asks it have a processor each: left to the scheduler, one that watches nothing made from
0.7 to 1.5 of another's throughput.

Then what one packet costs by the kernel's own statistics, and one query in the
reading process: these hardly depend on what else the machine does."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import must, run


STATISTICS = "/proc/sys/kernel/bpf_stats_enabled"
FLOOD_PORT, QUERY_PORT, DROP_PORT = 5300, 5399, 5301


class Watcher:
    """Something that watches while a load runs."""

    def __init__(self, name, argv, ready=None):
        self.name, self.argv, self.ready = name, argv, ready
        self.tail = ""

    def __enter__(self):
        self.process = None
        if self.argv:
            self.process = subprocess.Popen(self.argv, stdin=subprocess.PIPE,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            for line in self.process.stderr:
                if self.ready in line:
                    break
        return self

    def __exit__(self, *unused):
        if self.process:
            self.process.stdin.close()
            self.process.send_signal(2)
            self.tail = self.process.stderr.read()
            self.process.wait()


    def programs(self):
        """(run time in ns, runs) of its programs, by the hook's end of their names."""
        directory, ids = "/proc/%d/fdinfo" % self.process.pid, set()
        for name in os.listdir(directory):
            with open(os.path.join(directory, name)) as info:
                ids |= {int(n) for n in re.findall(r"^prog_id:\s+(\d+)", info.read(), re.M)}
        listed = json.loads(must(["bpftool", "-j", "prog", "show"]))
        return {p["name"].split("_")[-1]: (p.get("run_time_ns", 0), p.get("run_cnt", 0))
                for p in listed if p["id"] in ids}

    def cpu_ns(self):
        with open("/proc/%d/schedstat" % self.process.pid) as stat:
            return int(stat.read().split()[0])


class ReadingAlone(Watcher):
    """Ends with its standard input, and quietly."""

    def __enter__(self):
        os.environ["BPF_SMOKE_QUIET"] = "1"
        return super().__enter__()

    def __exit__(self, *unused):
        self.process.communicate()


class OnScreen(Watcher):
    """One that wants a terminal; it watches once it has drawn there."""

    def __enter__(self):
        self.terminal, inner = os.openpty()
        self.process = subprocess.Popen(self.argv, stdin=inner, stdout=inner, stderr=inner,
                                        env=dict(os.environ, TERM="xterm"))
        os.close(inner)
        os.read(self.terminal, 1)
        self.reader = threading.Thread(target=self.read_on)
        self.reader.start()
        return self

    def read_on(self):
        try:
            while os.read(self.terminal, 65536):
                pass
        except OSError:  # it is gone
            pass

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait()
        self.reader.join()
        os.close(self.terminal)


class Bench(unittest.TestCase):
    def setup(self, dnstop, directory, base):
        self.directory = directory
        self.a, self.b = net.Namespace(self, "ba"), net.Namespace(self, "bb")
        net.veth(self.a, "va", ["10.9.0.1/24"], self.b, "vb", ["10.9.0.2/24"])
        self.sink(FLOOD_PORT, QUERY_PORT)
        # Where what is thrown away is to be measured.
        self.b.must("nft", "add table ip t; add chain ip t i { type filter hook input priority 0; };"
                    "add rule ip t i udp dport %d drop" % DROP_PORT)
        self.watchers = [
            Watcher("nothing", None),
            Watcher("empty programs", [directory + "/empty", directory + "/empty.bpf.o"], "watching"),
            Watcher("dnstop", [dnstop, "--json", "--by", "rcode", "--stats", "--port", "53,%d" % QUERY_PORT],
                    "watching"),
            OnScreen("dnstop, screen", [dnstop, "--port", "53,%d" % QUERY_PORT]),
            ReadingAlone("reading alone", [directory + "/../live/bpf_smoke", "0", "", "53",
                                           str(QUERY_PORT)], "ready"),
            Watcher("tcpdump", self.a.argv("tcpdump", "-i", "va", "-w", base + "/dump", "port", "53",
                                           "or", "port", str(QUERY_PORT)), "listening"),
        ]
        classic = shutil.which("dnstop", path="/usr/bin:/usr/sbin:/bin")
        if classic:
            ports = "port 53 or port %d" % QUERY_PORT
            self.watchers.append(OnScreen("classic dnstop",
                                          self.a.argv(classic, "-l", "2", "-b", ports, "va")))
        self.base = base

    def sink(self, *ports):
        process = self.b.popen(self.directory + "/sink", *map(str, ports), stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(net.stop, process)
        process.stdout.readline()

    def flood(self, port, seconds):
        return float(self.a.must(self.directory + "/flood", "10.9.0.2", str(port), str(seconds)))

    def server(self, seconds):
        report = self.a.must("taskset", "-c", "0", "dnsperf", "-s", "10.9.0.2", "-d", self.base + "/queries", "-l",
                             str(seconds), "-c", "8", "-q", "200")
        return float(re.search(r"Queries per second:\s+([\d.]+)", report)[1])

    def rounds(self, title, load, rounds, against):
        """Ratios of each watcher's throughput to that of `against`, a round each."""
        rates = {w.name: [] for w in self.watchers}
        lost = 0
        for i in range(rounds + 1):
            for w in self.watchers:
                with w:
                    rate = load()
                if i:
                    rates[w.name].append(rate)
                if w.name == "dnstop":
                    stats = json.loads(w.tail.splitlines()[-1])
                    lost += stats["lost_ring"]
        print(title)
        for w in self.watchers:
            ratios = [x / y for x, y in zip(rates[w.name], rates[against])]
            print("  %-16s %8.0f/s   %.3f of %s (%.3f to %.3f)" % (
                w.name, statistics.median(rates[w.name]), statistics.median(ratios), against,
                min(ratios), max(ratios)))
        print("  lost by dnstop: %d" % lost, flush=True)

    def costs(self, title, load, rounds, seconds):
        """What a run of each hook's program takes, and a query in the process; medians."""
        with open(STATISTICS, "w") as on:
            on.write("1")
        try:
            for w in self.watchers[1:4]:
                runs = [self.cost(w, load, seconds) for _ in range(rounds)]
                print("%s, %s: at net_dev_queue %.0f ns, at netif_receive_skb %.0f ns, "
                      "a query in the process %.0f ns" % (
                          title, w.name, *(statistics.median(r) for r in zip(*runs))), flush=True)
        finally:
            with open(STATISTICS, "w") as off:
                off.write("0")

    @staticmethod
    def cost(w, load, seconds):
        with w:
            cpu, before = w.cpu_ns(), w.programs()
            queries = load() * seconds
            after = w.programs()
            hooks = [(after[hook][0] - before[hook][0]) / (after[hook][1] - before[hook][1])
                     for hook in ("queue", "receive")]
            return *hooks, (w.cpu_ns() - cpu) / queries


def main():
    dnstop, directory = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 3
    bench = Bench()
    with tempfile.TemporaryDirectory() as base:
        try:
            bench.setup(os.path.abspath(dnstop), os.path.abspath(directory), base)
            with open(base + "/queries", "w") as out:
                for i in range(100000):
                    out.write("n%d.example A\n" % i)
            bench.rounds("a UDP flood that is no DNS", lambda: bench.flood(FLOOD_PORT, seconds),
                         rounds, "empty programs")
            bench.rounds("such a flood, thrown away where it arrives",
                         lambda: bench.flood(DROP_PORT, seconds), rounds, "empty programs")
            bench.rounds("a flood of DNS queries", lambda: bench.flood(QUERY_PORT, seconds), rounds,
                         "nothing")
            server = net.knot(bench, bench.b, base, ["10.9.0.2"])
            must(["taskset", "-a", "-p", "-c", str(os.cpu_count() - 1), str(server.pid)])
            bench.rounds("a DNS server at its limit", lambda: bench.server(seconds), rounds,
                         "empty programs")
            bench.costs("no DNS", lambda: bench.flood(FLOOD_PORT, seconds), rounds, seconds)
            bench.costs("queries", lambda: bench.flood(QUERY_PORT, seconds), rounds, seconds)
            bench.costs("a server", lambda: bench.server(seconds), rounds, seconds)
        finally:
            bench.doCleanups()


main()
