"""Debian's nginx with deploy/edge/nginx.conf in front of two small servers: what goes through, what does not, what is logged."""

import contextlib
import http.client
import http.server
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = {"portal": "city.localhost", "intake": "reports.localhost"}


class Behind(http.server.BaseHTTPRequestHandler):
    """Says what it was asked; `/wall/live` says one thing at once and the next only when it is told to."""

    protocol_version = "HTTP/1.1"
    go_on = threading.Event()

    def do_GET(self):
        if self.path == "/wall/live":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("X-Accel-Buffering", "no")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"data: first\n\n")
            self.wfile.flush()
            Behind.go_on.wait(20)
            self.wfile.write(b"data: second\n\n")
            self.close_connection = True
            return
        self.answer(b"")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def answer(self, body):
        said = {"who": self.server.who, "path": self.path, "length": len(body), "headers": dict(self.headers)}
        text = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@unittest.skipUnless(shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin"), "nginx is missing")
class EdgeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        folder = pathlib.Path(cls.stack.enter_context(tempfile.TemporaryDirectory()))
        tls = folder / "tls"
        tls.mkdir()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem", "-subj", "/CN=city.localhost",
             "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in NAMES.values())],
            check=True, capture_output=True)
        servers = {}
        for who in NAMES:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Behind)
            server.who = who
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            cls.stack.callback(server.server_close)
            cls.stack.callback(server.shutdown)
            servers[who] = server
        cls.http, cls.https, cls.alive = free_ports(3)
        cls.environment = {
            "PATH": os.environ.get("PATH", "") + ":/usr/sbin", "EDGE_RUN": str(folder / "run"), "EDGE_TLS": str(tls),
            "EDGE_PORTAL_NAME": NAMES["portal"], "EDGE_INTAKE_NAME": NAMES["intake"],
            "EDGE_PORTAL": f"127.0.0.1:{servers['portal'].server_port}",
            "EDGE_INTAKE": f"127.0.0.1:{servers['intake'].server_port}",
            "EDGE_LISTEN_HTTP": str(cls.http), "EDGE_LISTEN_HTTPS": str(cls.https), "EDGE_LISTEN_ALIVE": str(cls.alive),
            "EDGE_HTTPS_PORT": str(cls.https), "EDGE_RATE": "5", "EDGE_BURST": "100",
        }
        cls.log = folder / "edge.log"
        cls.log.touch()
        # As in its container: no root, so nothing is given away and nothing else can be written.
        cls.who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        if os.getuid() == 0:
            for path in [folder, tls, *tls.iterdir(), cls.log]:
                shutil.chown(path, "nobody", "nogroup")
        output = cls.stack.enter_context(cls.log.open("wb"))
        cls.process = subprocess.Popen(
            [ROOT / "deploy/edge/start"], env=cls.environment, stdout=output, stderr=output, **cls.who)
        cls.stack.callback(cls.process.wait, 20)
        cls.stack.callback(cls.process.terminate)
        cls.eventually(cls.takes_connections, "nginx takes connections")
        cls.context = ssl.create_default_context(cafile=tls / "fullchain.pem")

    @classmethod
    def eventually(cls, holds, what, seconds=20):
        """Waits until it holds, as long as nginx runs and there is time."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                raise AssertionError(f"time is up, and still not: {what}: {cls.log.read_text()}")
            try:
                cls.process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"nginx has ended: {cls.log.read_text()}")

    @classmethod
    def takes_connections(cls):
        try:
            with socket.create_connection(("127.0.0.1", cls.https), timeout=1):
                return True
        except OSError:
            return False

    def connection(self, name):
        class Named(http.client.HTTPSConnection):
            def connect(self):
                raw = socket.create_connection(("127.0.0.1", self.port), timeout=20)
                self.sock = EdgeTests.context.wrap_socket(raw, server_hostname=self.host)

        connection = Named(name, self.https, context=self.context, timeout=20)
        self.addCleanup(connection.close)
        return connection

    def ask(self, name, path, method="GET", body=None, headers=None):
        connection = self.connection(name)
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer, answer.read()

    def test_nginx_takes_the_configuration_without_a_word(self):
        environment = self.environment | {"EDGE_RUN": self.environment["EDGE_RUN"] + "-check"}
        with self.log.open("ab") as output:
            result = subprocess.run(
                [ROOT / "deploy/edge/start", "--check"], env=environment, stdout=output, stderr=subprocess.PIPE, text=True,
                check=False, **self.who)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_a_name_that_would_be_configuration_is_refused(self):
        environment = self.environment | {"EDGE_PORTAL_NAME": "x; return 200"}
        result = subprocess.run(
            [ROOT / "deploy/edge/start", "--check"], env=environment, capture_output=True, text=True, check=False, **self.who)
        self.assertEqual(result.returncode, 2)
        self.assertIn("EDGE_PORTAL_NAME", result.stderr)

    def test_each_name_leads_to_its_program(self):
        for who, name in NAMES.items():
            answer, body = self.ask(name, "/open311/v2/discovery.json?x=1")
            said = json.loads(body)
            self.assertEqual((answer.status, said["who"], said["path"]), (200, who, "/open311/v2/discovery.json?x=1"))
            self.assertEqual(answer.getheader("Strict-Transport-Security"), "max-age=31536000")

    def test_what_a_sender_says_of_the_way_is_not_believed(self):
        _, body = self.ask(NAMES["portal"], "/", headers={"X-Forwarded-For": "1.2.3.4", "Forwarded": "for=1.2.3.4"})
        headers = {name.lower(): value for name, value in json.loads(body)["headers"].items()}
        self.assertEqual(headers["x-forwarded-proto"], "https")
        self.assertNotIn("x-forwarded-for", headers)
        self.assertNotIn("forwarded", headers)

    def test_plain_http_is_sent_to_tls_and_unknown_names_nowhere(self):
        for host, wanted in [(NAMES["portal"], (308, f"https://{NAMES['portal']}:{self.https}/me?x=1")), ("other", (404, None))]:
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=20)
            self.addCleanup(connection.close)
            connection.request("GET", "/me?x=1", headers={"Host": host})
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.getheader("Location")), wanted)
        with self.assertRaises(ssl.SSLError):
            self.ask("other.localhost", "/")

    def test_what_watches_the_programs_is_closed(self):
        for name in NAMES.values():
            for path in ["/metrics", "/health/live", "/health/ready", "/partitions"]:
                answer, _ = self.ask(name, path)
                self.assertEqual(answer.status, 404, path)

    def test_bodies_have_limits(self):
        wanted = [
            (NAMES["portal"], "/me/cases/1", 2 << 20, 413), (NAMES["portal"], "/report", 11 << 20, 200),
            (NAMES["intake"], "/v1/photos", 11 << 20, 200), (NAMES["intake"], "/v1/photos", 28 << 20, 413),
            (NAMES["intake"], "/v1/reports/stream", 28 << 20, 200),
        ]
        for name, path, size, status in wanted:
            with self.subTest(path=path, size=size):
                try:
                    answer, body = self.ask(name, path, "POST", b"x" * size)
                    self.assertEqual(answer.status, status)
                    if status == 200:
                        self.assertEqual(json.loads(body)["length"], size)
                except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                    # Refused before all of it was sent.
                    self.assertEqual(status, 413)

    def test_a_stream_is_heard_before_it_ends(self):
        connection = self.connection(NAMES["portal"])
        connection.request("GET", "/wall/live")
        answer = connection.getresponse()
        self.assertEqual(answer.read(len(b"data: first\n\n")), b"data: first\n\n")
        Behind.go_on.set()
        self.assertEqual(answer.read(), b"data: second\n\n")

    def test_old_tls_is_refused(self):
        for version, is_taken in [("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)]:
            result = subprocess.run(
                ["openssl", "s_client", "-connect", f"127.0.0.1:{self.https}", "-servername", NAMES["portal"], version,
                 "-cipher", "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            self.assertEqual("-----BEGIN CERTIFICATE-----" in result.stdout, is_taken, version)

    def test_the_log_names_no_person(self):
        planted = ["13800138000", "wangxiaoming", "115.8921", "secret-token", "127.0.0.1"]
        self.ask(NAMES["portal"], "/me/cases/13800138000?name=wangxiaoming&lng=115.8921")
        self.ask(NAMES["portal"], "/13800138000")
        self.ask(NAMES["intake"], "/v1/follow/secret-token/additions", "POST", b"{}")
        # A program that is not there: what nginx itself would say of it holds the whole request line.
        self.ask(NAMES["intake"], "/v1/reports", "POST", b"x" * (28 << 10), {"User-Agent": "wangxiaoming"})
        self.eventually(lambda: '"area":"/v1/follow"' in self.log.read_text(), "the log has the request")
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        self.assertLessEqual({"/v1/follow", "/me", "other"}, {line["area"] for line in lines})
        for word in planted:
            self.assertNotIn(word, self.log.read_text())

    def test_who_asks_too_often_is_told_so(self):
        statuses = set()
        connection = self.connection(NAMES["portal"])
        for _ in range(400):
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            statuses.add(answer.status)
            if answer.status == 429:
                break
        self.assertEqual(statuses, {200, 429})


if __name__ == "__main__":
    unittest.main()
