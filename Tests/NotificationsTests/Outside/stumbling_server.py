"""A web server that fails in a way for each path, and tells each path that was asked for.

    stumbling_server.py            in the clear
    stumbling_server.py FOLDER [NAME]    by TLS with a certificate that nobody vouches for
"""

import socketserver
import sys
import time

from serving import end_with_input, tls_context

context = tls_context(*sys.argv[1:]) if len(sys.argv) > 1 else None


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            connection = context.wrap_socket(self.request, server_side=True) if context else self.request
            self.answer(connection)
        except OSError:
            pass

    def answer(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(4096)
            if not piece:
                return
            head += piece
        path = head.split(b" ")[1].decode()
        print("asked", path, flush=True)
        if path == "/silent":
            time.sleep(600)
        elif path == "/slow-head":
            for byte in b"HTTP/1.1 200 OK\r\nx: " + b"y" * 600:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)
        elif path in ("/slow-body", "/slow-body-500"):
            status = b"500 No" if path.endswith("500") else b"200 OK"
            connection.sendall(b"HTTP/1.1 " + status + b"\r\ncontent-length: 50000\r\n\r\n")
            for _ in range(600):
                connection.sendall(b" ")
                time.sleep(0.05)
        elif path == "/endless":
            connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            while True:
                connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        elif path == "/garbage":
            connection.sendall(b"hello, this is no web server\r\n\r\n")
        elif path == "/cut":
            connection.close()
        elif path == "/half":
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
            connection.close()
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


end_with_input()
with Server(("127.0.0.1", 0), Handler) as server:
    print("port", server.server_address[1], flush=True)
    server.serve_forever()
