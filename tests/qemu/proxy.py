"""An HTTP proxy that wants Digest authentication (RFC 7616), and a server's side of that."""

import hashlib
import re
import secrets
import select
import socket
import threading
import urllib.request


class Digest:
    """What a server or proxy does: hands out nonces, each good for a few requests, and checks."""

    def __init__(self, user, password, algorithm="SHA-256", uses=2):
        self.user, self.password, self.algorithm, self.uses = user, password, algorithm, uses
        self.nonces = {}

    def challenge(self, stale=False):
        nonce = secrets.token_hex(8)
        self.nonces[nonce] = 0
        return (f'Digest realm="test", nonce="{nonce}", qop="auth", algorithm={self.algorithm}, '
                f'opaque="o"{", stale=true" if stale else ""}')

    def _hash(self, text):
        name = self.algorithm.replace("-", "").lower()
        return hashlib.new(name, text.encode()).hexdigest()

    def accepts(self, method, target, header):
        """True or False; None: right, but with an old nonce."""
        fields = {name: quoted or plain for name, quoted, plain in
                  re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', header or "")}
        nonce = fields.get("nonce")
        if not (header or "").startswith("Digest ") or nonce not in self.nonces:
            return False
        key = self._hash(f"{self.user}:test:{self.password}")
        what = self._hash(f"{method}:{target}")
        right = self._hash(f"{key}:{nonce}:{fields['nc']}:{fields['cnonce']}:auth:{what}")
        if (fields["response"], fields["username"], fields["uri"], fields["opaque"]) != \
                (right, self.user, target, "o"):
            return False
        self.nonces[nonce] += 1
        assert int(fields["nc"], 16) == self.nonces[nonce], "requests are counted"
        return True if self.nonces[nonce] <= self.uses else None


class Proxy:
    """CONNECT and absolute-form GET; `log` has the request lines that were let through."""

    def __init__(self, lab, digest, close=False):
        self.lab, self.digest, self.close, self.log = lab, digest, close, []
        self._server = lab.inside(lambda: socket.create_server((lab.ADDRESS, 0)))
        self.host = f"{lab.ADDRESS}:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._server.close()

    def _accept(self):
        while True:
            try:
                client = self._server.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._try_to_serve, args=(client,), daemon=True).start()

    def _try_to_serve(self, client):
        try:
            self._serve(client)
        except ConnectionError:
            pass  # the client went away

    def _serve(self, client):
        with client, client.makefile("rb") as lines:
            while True:
                head = []
                while line := lines.readline().decode().rstrip("\r\n"):
                    head.append(line)
                if not head:
                    return
                method, target, _ = head[0].split(" ")
                given = [h.split(": ", 1)[1] for h in head if h.startswith("Proxy-Authorization: ")]
                accepted = self.digest.accepts(method, target, given[0] if given else "")
                if not accepted:
                    end = "Connection: close\r\n" if self.close else ""
                    challenge = self.digest.challenge(stale=accepted is None)
                    client.sendall(f"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: {challenge}\r\n"
                                   f"{end}Content-Length: 3\r\n\r\nno\n".encode())
                    if self.close:
                        return
                    continue
                self.log.append(head[0])
                if method == "CONNECT":
                    return self._tunnel(client, target)
                body = self.lab.inside(lambda: urllib.request.urlopen(target).read())
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def _tunnel(self, client, target):
        host, port = target.rsplit(":", 1)
        server = self.lab.inside(lambda: socket.create_connection((host, int(port))))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with server:
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    (server if ready is client else client).sendall(data)
