# SPDX-License-Identifier: BSD-2-Clause
"""What the tests that run the real binary share: running dnstop, waiting for
conditions, and a runner whose last line says how many passed."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DNSTOP = os.environ.get("DNSTOP", os.path.join(ROOT, "build/out/dnstop"))
DEADLINE = 30.0


def wait_for(what, condition, deadline=DEADLINE):
    """Waits until condition() is true and returns its value."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited %g s in vain for %s" % (deadline, what))
        time.sleep(0.01)


def run(args, **kw):
    """Runs a command to its end; its output as text."""
    kw.setdefault("timeout", 120)
    return subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **kw)


def must(args, **kw):
    done = run(args, **kw)
    if done.returncode:
        raise AssertionError("%s: exit %d\n%s%s" % (" ".join(args), done.returncode,
                                                    done.stdout, done.stderr))
    return done.stdout


def dnstop(*args, **kw):
    return run([DNSTOP, *args], **kw)


def rows_of(text, **kw):
    return [json.loads(line, **kw) for line in text.splitlines()]


class Live:
    """dnstop --json, running: its rows as they come. dnstop sees the whole host;
    rows of other namespaces than those named are somebody else's."""

    def __init__(self, *args, prefix=(), of=()):
        self.netns = {ns.inode() for ns in of}
        self.process = subprocess.Popen(
            [*prefix, DNSTOP, "--json", "--stats", *args], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.rows = []
        self.errors = []
        self.threads = [
            threading.Thread(target=self._read_rows, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self.threads:
            thread.start()
        wait_for("dnstop to watch: %s" % "".join(self.errors),
                 lambda: any("watching" in line for line in self.errors)
                 or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise AssertionError("dnstop ended: " + "".join(self.errors))

    def _read_rows(self):
        for line in self.process.stdout:
            row = json.loads(line)
            if not self.netns or row["netns"] in self.netns:
                self.rows.append(row)

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line)

    def wait_rows(self, n, select=lambda row: True, deadline=DEADLINE):
        try:
            wait_for("%d rows" % n,
                     lambda: sum(1 for row in list(self.rows) if select(row)) >= n, deadline)
        except AssertionError as why:
            raise AssertionError("%s; there are %d of %d: %s" % (
                why, sum(1 for row in self.rows if select(row)), len(self.rows),
                self.rows[:3])) from None

    def stop(self):
        """Ends it as ^C does; returns the rows and the final counters."""
        if self.process.poll() is None:
            self.process.send_signal(2)
        self.process.wait(DEADLINE)
        for thread in self.threads:
            thread.join(DEADLINE)
        self.process.stdout.close()
        self.process.stderr.close()
        stats = [line for line in self.errors if line.startswith("{")]
        return self.rows, json.loads(stats[-1]) if stats else None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Result(unittest.TextTestResult):
    """Names each test and, where one did not run, why."""

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main():
    names = sys.argv[1:]
    loader = unittest.defaultTestLoader
    module = sys.modules["__main__"]
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result)
    result = runner.run(suite)
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed, %d skipped" % (result.passed, failed, len(result.skipped)))
    sys.exit(1 if failed else 0)


class TempDirTest(unittest.TestCase):
    """A test with a directory of its own in self.dir."""

    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="dnstop-test-")
        self.addCleanup(temp.cleanup)
        self.dir = temp.name

    def path(self, name):
        return os.path.join(self.dir, name)
