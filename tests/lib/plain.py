# SPDX-License-Identifier: BSD-2-Clause
"""dnstop --plain, running: what it says, and commands to it."""

import os
import re
import subprocess
import threading

from harness import DEADLINE, DNSTOP, wait_for

ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "dumb", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Session:
    """dnstop --plain over a pipe: its lines as they come."""

    def __init__(self, *args):
        self.process = subprocess.Popen([DNSTOP, "--plain", *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=ENV)
        self.text = ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while data := os.read(self.process.stdout.fileno(), 65536):
            self.text += data.decode("ascii")

    def until(self, what):
        return wait_for("%r; there is:\n%s" % (what, self.text), lambda: re.search(what, self.text))

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def end(self, line="quit"):
        if line:
            self.type(line)
        status = self.process.wait(DEADLINE)
        self.reader.join(DEADLINE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        return status
