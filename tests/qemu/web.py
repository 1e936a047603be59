"""An HTTP/1.1 server for the tests: job scripts, and every way in which a server can misbehave."""

import base64
import http.server
import re
import socket
import socketserver
import struct
import threading


class Request:
    def __init__(self, handler):
        self.method, self.target = handler.command, handler.path
        self.headers = dict(handler.headers.items())
        self.connection = handler.client_address
        length = int(self.headers.get("Content-Length", 0))
        self.body = handler.rfile.read(length).decode("latin-1") if length else ""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self):
        web = self.server.web
        request = Request(self)
        with web.lock:
            web.requests.append(request)
        route = web.routes.get(self.path) or web.routes.get(self.path.split("?")[0])
        if not route:
            self.answer(404, b"no such file here\n")
        else:
            route(self)
        self.wfile.flush()

    do_POST = do_PUT = do_GET

    def log_message(self, *_):
        pass

    # --- what routes use --------------------------------------------------------------------------

    def answer(self, status, body=b"", headers=(), length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def cut(self):
        """Ends the connection in the middle of what was being said, as a dying server does."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def hang_up(self):
        """An orderly end of the connection."""
        self.close_connection = True


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 32

    def handle_error(self, request, client_address):
        pass  # clients that go away are part of the tests


class Web:
    """Serves `routes`: path (with or without query) to a function of the handler."""

    def __init__(self, lab, port=8080, address=None):
        self.routes = {}
        self.requests = []
        self.lock = threading.Lock()
        self.port = port
        self.url = f"http://{address or lab.ADDRESS}:{port}"
        self._server = lab.inside(lambda: _Server((address or lab.ADDRESS, port), _Handler))
        self._server.web = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def targets(self):
        return [request.target for request in self.requests]

    # --- good answers -----------------------------------------------------------------------------

    def text(self, path, text, headers=()):
        self.routes[path] = lambda handler: handler.answer(200, text.encode(), headers)

    def file(self, path, data, etag='"one"'):
        """A file with validators and ranges (RFC 9110 §14, If-Range §13.1.5)."""

        def route(handler):
            wanted = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
            tag = handler.headers.get("If-Range")
            headers = [("ETag", etag), ("Accept-Ranges", "bytes")]
            if wanted and tag in (None, etag):
                start = int(wanted[1])
                headers.append(("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}"))
                handler.answer(206, data[start:], headers)
            else:
                handler.answer(200, data, headers)

        self.routes[path] = route

    def chunked(self, path, data, piece=1000):
        def route(handler):
            handler.send_response(200)
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            for start in range(0, len(data), piece):
                part = data[start:start + piece]
                handler.wfile.write(b"%x;note=1\r\n%s\r\n" % (len(part), part))
            handler.wfile.write(b"0\r\nTrailer: yes\r\n\r\n")

        self.routes[path] = route

    def until_close(self, path, data):
        """No length at all: the end of the connection is the end of the file."""

        def route(handler):
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.wfile.write(data)
            handler.hang_up()

        self.routes[path] = route

    def redirect(self, path, status, location):
        self.routes[path] = lambda handler: handler.answer(status, b"over there\n",
                                                           [("Location", location)])

    def protected(self, path, data, user, password):
        expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

        def route(handler):
            if handler.headers.get("Authorization") == expected:
                handler.answer(200, data)
            else:
                handler.answer(401, b"", [("WWW-Authenticate", 'Basic realm="test"')])

        self.routes[path] = route

    # --- bad answers ------------------------------------------------------------------------------

    def status(self, path, status):
        self.routes[path] = lambda handler: handler.answer(status, b"sorry\n")

    def huge(self, path, size):
        """Claims `size` bytes and sends a few."""

        def route(handler):
            handler.answer(200, b"\0" * 1000, length=size)
            handler.hang_up()

        self.routes[path] = route

    def truncated(self, path, data, sent):
        """Each time, only the first `sent` bytes, whatever range is asked for."""

        def route(handler):
            handler.answer(200, data[:sent], length=len(data))
            handler.hang_up()

        self.routes[path] = route

    def breaks_once(self, path, data, sent, etag='"one"', then=None, then_etag=None):
        """The first answer dies after `sent` bytes. Later ones honour ranges; with `then` the file
        has changed by then, to those bytes and that ETag."""
        state = {"broken": False}
        whole = self.routes
        lock = self.lock

        def route(handler):
            with lock:
                first, state["broken"] = not state["broken"], True
            if first:
                handler.answer(200, data[:sent], [("ETag", etag), ("Accept-Ranges", "bytes")],
                               length=len(data))
                handler.cut()
            else:
                whole[path + "#later"](handler)

        self.file(path + "#later", data if then is None else then, then_etag or etag)
        self.routes[path] = route
