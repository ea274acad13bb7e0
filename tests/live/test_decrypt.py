#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""DNS in TLS and HTTPS sessions of this host's programs: --decrypt."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import net
from harness import DNSTOP, ROOT, Live, TempDirTest, main, must, run, wait_for

ADDRESS = "127.0.0.1"
TLSASK = os.environ.get("TLSASK", os.path.join(ROOT, "build/out/tests/live/tlsask"))
KDIG_TIME = re.compile(r"^;; From .* in ([0-9.]+) ms", re.MULTILINE)


# A server of DNS over HTTPS that knows no HTTP/2, and no name.
HTTP1_SERVER = """
import http.server, ssl, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_POST(self):
        query = self.rfile.read(int(self.headers['Content-Length']))
        end = query.index(0, 12) + 5
        answer = query[:2] + bytes([0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0]) + query[12:end]
        self.send_response(200)
        self.send_header('Content-Type', 'application/dns-message')
        self.send_header('Content-Length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
server = http.server.ThreadingHTTPServer(('127.0.0.1', 9443), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + '/cert.pem', sys.argv[1] + '/key.pem')
server.socket = context.wrap_socket(server.socket, server_side=True)
print('up', flush=True)
server.serve_forever()
"""


def why_not():
    if net.why_not():
        return net.why_not()
    if not os.path.exists("/sys/bus/event_source/devices/uprobe"):
        return "a kernel without uprobes"
    for tool in ("kdig", "curl", "openssl"):
        if not shutil.which(tool):
            return "no %s" % tool
    return None


WHY_NOT = why_not()


@unittest.skipIf(WHY_NOT, WHY_NOT)
class DecryptTest(TempDirTest):
    def setUp(self):
        super().setUp()
        self.ns = net.Namespace(self, "d")
        must(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
              "-addext", "subjectAltName=IP:" + ADDRESS, "-keyout", self.path("key.pem"), "-out", self.path("cert.pem")])

    def unbound(self):
        """A server of DNS over TLS and HTTPS that uses OpenSSL."""
        with open(self.path("unbound.conf"), "w") as conf:
            conf.write(textwrap.dedent("""\
                server:
                  interface: {0}@53
                  interface: {0}@853
                  interface: {0}@443
                  access-control: 0.0.0.0/0 allow
                  username: ""
                  chroot: ""
                  directory: "{1}"
                  pidfile: "{1}/pid"
                  use-syslog: no
                  logfile: "{1}/log"
                  do-daemonize: no
                  module-config: "iterator"
                  tls-service-key: "{1}/key.pem"
                  tls-service-pem: "{1}/cert.pem"
                  tls-port: 853
                  https-port: 443
                  local-zone: "example." redirect
                  local-data: "example. A 192.0.2.1"
                  local-zone: "missing.test." static
                remote-control:
                  control-enable: no
                """).format(ADDRESS, self.dir))
        process = self.ns.popen("unbound", "-d", "-c", self.path("unbound.conf"))
        self.addCleanup(net.stop, process)
        wait_for("unbound", lambda: net.answers(self.ns, ADDRESS, "up.example"))
        return process.pid

    def kresd(self):
        """One that uses GnuTLS, at another port than 853."""
        if not shutil.which("kresd"):
            self.skipTest("no kresd")
        os.mkdir(self.path("kresd"))
        with open(self.path("kresd.conf"), "w") as conf:
            conf.write(textwrap.dedent("""\
                net.listen('{0}', 8853, {{ kind = 'tls' }})
                net.tls('{1}/cert.pem', '{1}/key.pem')
                policy.add(policy.all(policy.ANSWER({{ [kres.type.A] = {{ rdata=kres.str2ip('192.0.2.7') }} }})))
                """).format(ADDRESS, self.dir))
        process = self.ns.popen("kresd", "-n", "-q", "-c", self.path("kresd.conf"), self.path("kresd"))
        self.addCleanup(net.stop, process)
        wait_for("kresd", lambda: run(self.ns.argv("kdig", "+tls", "+retry=0", "@" + ADDRESS, "-p", "8853",
                                                   "up.example")).returncode == 0)
        return process.pid

    def live(self, *more):
        return Live("--decrypt", *more, of=[self.ns])

    def ask(self, *argv):
        """A client's output, and its pid."""
        process = self.ns.popen(*argv, stdout=subprocess.PIPE, text=True)
        return process.communicate(timeout=120)[0], process.pid

    def hundred(self, live, transport, *argv):
        """100 questions of one kdig on one connection, judged by its own words."""
        names = ["q%03d.%s" % (i, "missing.test" if i % 10 == 9 else "example") for i in range(100)]
        # What it is kept waiting between its clock and its library is none of ours:
        # on a busy machine it must go before others.
        out, pid = self.ask("chrt", "-f", "10", "kdig", "+keepopen", "@" + ADDRESS, *argv, *names)
        live.wait_rows(100, lambda row: row["transport"] == transport)
        rows = [row for row in live.rows if row["transport"] == transport]
        self.assertEqual([row["qname"] for row in rows], names)
        times = [float(ms) * 1000 for ms in KDIG_TIME.findall(out)]
        self.assertEqual(len(times), 100)
        for row in rows:
            self.assertEqual((row["state"], row["comm"], row["pid"], row["client"], row["server"]),
                             ("answered", "kdig", pid, ADDRESS, ADDRESS))
            self.assertEqual(row["rcode"], "NXDOMAIN" if "missing" in row["qname"] else "NOERROR")
        # kdig counts the handshake into its first, and rounds to 0.1 ms.
        pairs = [(row["latency_us"], us) for row, us in zip(rows[1:], times[1:])]
        off = [(ours, us) for ours, us in pairs if abs(ours - us) > max(0.1 * us, 200)]
        print("%d of 99 latencies are kdig's ..." % (99 - len(off)), end=" ")
        # What kdig was kept waiting for between the library and its own clock can
        # only make its time the longer one, and is rare.
        self.assertEqual([pair for pair in off if pair[0] > pair[1]], [])
        self.assertLessEqual(len(off), 10, off)
        return rows, out

    def test_tls_gnutls_to_openssl(self):
        server = self.unbound()
        with self.live() as live:
            rows, out = self.hundred(live, "tls", "+tls")
            found, stats = live.stop()
        self.assertEqual([row["id"] for row in rows], [int(n) for n in re.findall(r"; id: (\d+)", out)])
        self.assertEqual({(row["server_port"], row["server_pid"]) for row in rows}, {(853, server)})
        self.assertEqual({row["sightings"] for row in rows}, {4})
        self.assertEqual({row["state"] for row in found}, {"answered"})
        for loss in ("lost_ring", "unreadable", "tls_gaps", "tls_unplaced"):
            self.assertEqual(stats[loss], 0, loss)

    def test_https(self):
        self.unbound()
        with self.live() as live:
            rows, _ = self.hundred(live, "https", "+https")
            out, pid = self.ask("kdig", "+https-get", "@" + ADDRESS, "get.example")
            live.wait_rows(1, lambda row: row["qname"] == "get.example" and row["pid"] == pid)
            # It never gets to the host itself: there is none at that address.
            out, pid = self.ask("curl", "-sk", "-m", "2", "--doh-insecure", "--doh-url",
                                "https://%s/dns-query" % ADDRESS, "http://curl.example/")
            live.wait_rows(2, lambda row: row["qname"] == "curl.example" and row["pid"] == pid)
            found, stats = live.stop()
        self.assertEqual({(row["server_port"], row["id"]) for row in rows}, {(443, 0)})
        curl = [row for row in found if row["qname"] == "curl.example"]
        self.assertEqual({(row["qtype"], row["rcode"], row["comm"], row["transport"]) for row in curl},
                         {("A", "NOERROR", "curl", "https"), ("AAAA", "NOERROR", "curl", "https")})
        self.assertEqual({row["state"] for row in found}, {"answered"})
        self.assertEqual(stats["tls_refused"], 0)

    def test_http1(self):
        server = self.ns.popen(sys.executable, "-c", HTTP1_SERVER, self.dir, stdout=subprocess.PIPE, text=True)
        self.addCleanup(net.stop, server)
        self.assertEqual(server.stdout.readline(), "up\n")
        with self.live() as live:
            _, pid = self.ask("curl", "-sk", "-m", "5", "--doh-insecure", "--doh-url",
                              "https://%s:9443/dns-query" % ADDRESS, "http://curl.example/")
            live.wait_rows(2, lambda row: row["qname"] == "curl.example")
            rows, stats = live.stop()
        server.stdout.close()
        self.assertEqual({(row["qtype"], row["rcode"], row["transport"], row["comm"], row["pid"], row["server_pid"],
                           row["server_port"], row["sightings"]) for row in rows},
                         {(qtype, "NXDOMAIN", "https", "curl", pid, server.pid, 9443, 4) for qtype in ("A", "AAAA")})
        self.assertEqual((len(rows), stats["tls_gaps"]), (2, 0))

    def test_memory_bios(self):
        """dig moves what OpenSSL gives it by libuv: the calls on the socket are
        none of the library's; kresd does the same with GnuTLS."""
        pid = self.unbound()
        for name, port, server in (("o.example", 853, pid), ("g.example", 8853, self.kresd())):
            with self.live() as live:
                self.ask("dig", "+tls", "-p", str(port), "@" + ADDRESS, name)
                live.wait_rows(1, lambda row: row["qname"] == name)
                rows, stats = live.stop()
            row = [row for row in rows if row["qname"] == name][0]
            self.assertEqual((row["transport"], row["comm"], row["server_port"], row["server_pid"], row["sightings"]),
                             ("tls", "dig", port, server, 4))
            self.assertEqual(stats["tls_unplaced"], 0)

    def test_a_library_that_comes_later(self):
        """A mount namespace with files of its own, after dnstop began."""
        self.unbound()
        library = os.path.realpath(must(["sh", "-c", "ldd $(command -v kdig) | awk '/libgnutls/ {print $3}'"]).strip())
        shutil.copy(library, self.path("copy.so"))
        with self.live() as live:
            process = subprocess.Popen(
                self.ns.argv("unshare", "-m", "sh", "-c", "mount --bind %s %s && echo mounted && read line; "
                             "exec kdig +tls @%s own.example" % (self.path("copy.so"), library, ADDRESS)),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.addCleanup(net.stop, process)
            self.assertEqual(process.stdout.readline(), "mounted\n")

            def asked():
                again = self.ns.popen("nsenter", "--mount=/proc/%d/ns/mnt" % process.pid, "kdig", "+tls",
                                      "@" + ADDRESS, "again.example")
                again.wait(30)
                return any(row["qname"] == "again.example" and row["comm"] == "kdig" for row in list(live.rows))

            wait_for("the copy to be watched", asked)
            process.communicate("\n", timeout=30)
            live.wait_rows(1, lambda row: row["qname"] == "own.example" and row["comm"] == "kdig")
            live.stop()

    def test_what_a_forwarder_asks_over_tls(self):
        """Hangs under the plain question for which it does: both come in the order of time."""
        self.unbound()
        with open(self.path("forward.conf"), "w") as conf:
            conf.write(textwrap.dedent("""\
                server:
                  interface: 127.0.0.2@53
                  access-control: 0.0.0.0/0 allow
                  username: ""
                  chroot: ""
                  directory: "{0}"
                  pidfile: "{0}/forward-pid"
                  use-syslog: no
                  do-daemonize: no
                  do-not-query-localhost: no
                  module-config: "iterator"
                remote-control:
                  control-enable: no
                forward-zone:
                  name: "example"
                  forward-tls-upstream: yes
                  forward-addr: {1}@853
                """).format(self.dir, ADDRESS))
        forwarder = self.ns.popen("unbound", "-d", "-c", self.path("forward.conf"))
        self.addCleanup(net.stop, forwarder)
        wait_for("the forwarder", lambda: net.answers(self.ns, "127.0.0.2", "up.example"))
        names = {"f%d.example" % i for i in range(20)}
        with self.live() as live:
            for name in sorted(names):
                self.ns.must("dig", "@127.0.0.2", name)
            live.wait_rows(20, lambda row: row["transport"] == "tls" and row["qname"] in names)
            rows, _ = live.stop()
        asked = {row["row"]: row["qname"] for row in rows if row["transport"] == "udp"}
        tls = [row for row in rows if row["transport"] == "tls" and row["qname"] in names]
        self.assertEqual({(row["state"], row["pid"]) for row in tls}, {("answered", forwarder.pid)})
        under = [row for row in tls if row["parent"] is not None]
        self.assertEqual([row for row in under if asked.get(row["parent"]) != row["qname"]], [])
        # A call is told of when it returns: the server may have read what it sends before.
        self.assertGreater(len(under), 5)

    def test_inventory(self):
        """Without keys: by process and server, and no row of the table."""
        self.unbound()
        with open(self.path("list"), "w") as out:
            out.write(ADDRESS + " here.example")
        process = subprocess.Popen([DNSTOP, "--report", "encrypted", "--json", "--stats", "--resolvers",
                                    self.path("list")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(net.stop, process)
        process.stderr.readline()  # it watches
        for name in ("a.example", "b.example", "c.example"):
            self.ask("kdig", "+tls", "@" + ADDRESS, name)
        self.ask("kdig", "+https", "@" + ADDRESS, "d.example")
        self.ask("dig", "+tls", "@" + ADDRESS, "e.example")
        process.send_signal(2)
        out, errors = process.communicate(timeout=60)
        rows = {(row["kind"], row["comm"]): row for row in map(json.loads, out.splitlines())
                if row["server"] == ADDRESS and row["server_name"] == "here.example"}
        for key, connections in ((("dot", "kdig"), 3), (("doh", "kdig"), 1), (("dot", "dig"), 1)):
            row = rows[key]
            # Others of this host may ask the same address in namespaces of their own.
            self.assertGreaterEqual(row["connections"], connections)
            self.assertGreaterEqual(row["exchanges_estimate"], connections)
            self.assertGreater(row["handshake_avg_us"], 0)
            self.assertGreater(row["bytes_out"], 300 * connections)
            self.assertGreater(row["bytes_in"], row["bytes_out"])

    @unittest.skipUnless(os.path.exists(TLSASK), "%s is not built" % TLSASK)
    def test_a_program_with_its_own_library(self):
        """Linked statically, its symbols in place: known once it has run for a while."""
        self.unbound()
        with self.live() as live:
            def start():
                process = subprocess.Popen(self.ns.argv(TLSASK), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                           text=True)
                self.addCleanup(net.stop, process)
                self.assertEqual(process.stdout.readline(), "up\n")
                return process

            def asked():
                process = start()
                self.assertGreater(int(process.communicate("\n", timeout=30)[0]), 40)
                return any(row["comm"] == "tlsask" for row in list(live.rows))

            waiting = start()
            wait_for("tlsask to be seen", asked)
            waiting.communicate("\n", timeout=30)
            live.wait_rows(1, lambda row: row["pid"] == waiting.pid)
            rows, _ = live.stop()
        row = [row for row in rows if row["comm"] == "tlsask"][0]
        self.assertEqual((row["qname"], row["id"], row["transport"], row["rcode"], row["server_port"]),
                         ("static.example", 7, "tls", "NOERROR", 853))

    def test_joined_in_the_middle(self):
        """Of HTTP/2 the headers are lost: said, not guessed. DNS over TLS goes on."""
        self.unbound()
        names = ["q%05d.example" % i for i in range(20000)]
        for transport, option in (("https", "+https"), ("tls", "+tls")):
            out = open(self.path(transport), "w+")
            self.addCleanup(out.close)
            asking = self.ns.popen("kdig", "+keepopen", "+retry=0", option, "@" + ADDRESS, *names, stdout=out)
            self.addCleanup(net.stop, asking)
            wait_for("an answer", lambda: os.path.getsize(out.name))
            asking.send_signal(signal.SIGSTOP)  # or it might be done before dnstop is there
            with self.live() as live:
                at = os.path.getsize(out.name)
                asking.send_signal(signal.SIGCONT)
                wait_for("more answers", lambda: os.path.getsize(out.name) > at)
                if transport == "tls":
                    live.wait_rows(10, lambda row: row["transport"] == "tls" and row["state"] == "answered")
                net.stop(asking)
                rows, stats = live.stop()
            if transport == "https":
                self.assertEqual([row for row in rows if row["transport"] == "https"], [])
                self.assertGreaterEqual(stats["tls_joined"], 1)

    def test_privilege(self):
        binary = shutil.copy(DNSTOP, self.path("dnstop"))
        os.chmod(self.dir, 0o755)
        done = run(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps",
                    "-all,+bpf,+perfmon", "--ambient-caps", "-all,+bpf,+perfmon", "--bounding-set", "-all,+bpf,+perfmon",
                    binary, "--decrypt", "--json", "--duration", "1"])
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("CAP_SYS_ADMIN", done.stderr)
        self.assertIn("sudo setcap cap_bpf,cap_perfmon,cap_net_raw,cap_sys_admin", done.stderr)
        # And what has no programs to look into.
        done = run([DNSTOP, "--decrypt", "--source", "pcap", "--json", "--duration", "1"])
        self.assertEqual(done.returncode, 2)
        self.assertIn("--decrypt looks into programs", done.stderr)

    def test_other_sessions_stay_unseen(self):
        """HTTPS that is no DNS: no row, and not a byte of it in any output."""
        self.unbound()
        server = self.ns.popen("openssl", "s_server", "-accept", "8443", "-cert", self.path("cert.pem"),
                               "-key", self.path("key.pem"), "-WWW", cwd=self.dir)
        self.addCleanup(net.stop, server)
        with open(self.path("secret"), "w") as page:
            page.write("very-secret" * 1000)
        with self.live() as live:
            wait_for("the page", lambda: "very-secret" in run(self.ns.argv(
                "curl", "-sk", "https://%s:8443/secret" % ADDRESS)).stdout)
            self.ask("kdig", "+tls", "@" + ADDRESS, "last.example")
            live.wait_rows(1, lambda row: row["qname"] == "last.example")
            rows, stats = live.stop()
        self.assertNotIn("secret", json.dumps(rows))
        self.assertGreaterEqual(stats["tls_others"], 1)


main()
