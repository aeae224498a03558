"""A web server that keeps its connections open, and tells each connection and each path that was asked for."""

import http.server

from serving import end_with_input


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        print("connected", flush=True)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        print("asked", self.path, flush=True)
        self.send_response(204 if self.path != "/wordy" else 200)
        if self.path == "/wordy":
            self.send_header("content-length", "2")
        self.end_headers()
        if self.path == "/wordy":
            self.wfile.write(b"ok")

    def log_message(self, *words):
        pass


end_with_input()
with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    print("port", server.server_address[1], flush=True)
    server.serve_forever()
