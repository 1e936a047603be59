"""Digest authentication at a server, and a proxy in front of HTTP and HTTPS."""

import pytest

from proxy import Digest
from test_https import SERVER, fingerprint

FILE = "#!ipxe\necho it is there\n"


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_digest(setup, algorithm):
    digest = Digest("me", "secret", algorithm)
    web = setup.web()

    def route(handler):
        accepted = digest.accepts("GET", handler.path, handler.headers.get("Authorization"))
        if accepted:
            handler.answer(200, FILE.encode())
        else:
            challenges = [("WWW-Authenticate", 'Basic realm="test"'),
                          ("WWW-Authenticate", digest.challenge(stale=accepted is None))]
            handler.answer(401, b"", challenges)

    web.routes["/file"] = route
    shell = setup.shell()
    right = web.url.replace("//", "//me:secret@")
    assert "it is there" in shell.run(f"chain --autofree {right}/file?a=b")
    assert "password is wrong" in shell.run(f"chain {right.replace('secret', 'other')}/file")
    assert "names no user" in shell.run(f"chain {web.url}/file")


@pytest.mark.parametrize("close", [False, True], ids=["kept", "closed"])
def test_proxy(setup, certificates, close):
    nginx = setup.nginx({"file": FILE}, certificates=certificates,
                        tls=[{"port": 443, "name": "good"}])
    proxy = setup.proxy(Digest("me", "secret"), close=close)
    shell = setup.shell()
    shell.run("set trust " + fingerprint(certificates))
    shell.run(f"set proxy http://me:secret@{proxy.host}")
    for _ in range(3):  # a nonce is good for two requests
        for scheme in ("http", "https"):
            assert "it is there" in shell.run(f"chain --autofree {scheme}://{SERVER}/file", 60)
    assert f"GET http://{SERVER}/file HTTP/1.1" in proxy.log
    assert f"CONNECT {SERVER}:443 HTTP/1.1" in proxy.log
    assert {row[4] for row in nginx.tls_requests()} == {"GET /file HTTP/1.1"}
    seen = len(proxy.log)
    shell.run(f"set no-proxy lan {SERVER}")
    assert "it is there" in shell.run(f"chain --autofree https://{SERVER}/file", 60)
    assert len(proxy.log) == seen
    shell.run("clear no-proxy")
    shell.run(f"set proxy http://me:other@{proxy.host}")
    for scheme in ("http", "https"):
        assert "in ${proxy} is wrong" in shell.run(f"imgfetch {scheme}://{SERVER}/file", 60)
    assert "wanted http://" in shell.run("set proxy ftp://x")
