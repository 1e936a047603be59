"""HTTPS from nginx (OpenSSL): versions, key types, resumption, a large file, and what is refused."""

import hashlib
import os
import re
import socket
import ssl
import threading

import pytest

import initramfs
from conftest import PROMPT, write_files
from lab import Daemon
from test_network import expect_modules

SERVER = "10.77.0.1"


def fingerprint(certificates, name="root"):
    with open(os.path.join(certificates, name + ".crt")) as file:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).digest().hex(":")


def test_kernel_and_large_file(setup, data, certificates):
    """A whole boot over HTTPS: what arrives is what was sent, on one connection."""
    files = {"large": initramfs.noise(7, 64 << 20), "small": initramfs.noise(8, 4321)}
    nginx = setup.nginx(files | {"kernel": data("multiboot32.elf")}, certificates=certificates,
                        tls=[{"port": 443, "name": "good"}])
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
set trust {fingerprint(certificates)}
kernel https://{SERVER}/kernel
module https://{SERVER}/large
module https://{SERVER}/small
boot
"""})
    machine = setup.boot(memory=256)
    expect_modules(machine, list(files.values()))
    rows = nginx.tls_requests()
    assert [row[0] for row in rows] == ["TLSv1.3"] * 3
    assert [row[4] for row in rows] == [f"GET /{n} HTTP/1.1" for n in ("kernel", "large", "small")]


def test_aes_instructions(setup, certificates):
    """AES by AES-NI, and the random numbers of RDRAND."""
    nginx = setup.nginx({"file": "#!ipxe\necho over TLS\nshell\n"}, certificates=certificates,
                        tls=[{"port": 443, "name": "goodrsa",
                              "extra": "ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;"}])
    setup.dhcp(files={"boot.ipxe": f"#!ipxe\nset trust {fingerprint(certificates)}\n"
                                   f"chain https://{SERVER}/file\n"})
    machine = setup.boot("-cpu", "max", memory=256)
    machine.expect("over TLS", 60)
    assert [row[1] for row in nginx.tls_requests()] == ["TLS_AES_128_GCM_SHA256"]


def test_certificates_at_hand(setup, certificates):
    """An intermediate certificate that the server does not send is fetched from where its own says, or
    from ${crosscert}; roots come from `certstore`; servers that ask learn who we are."""

    def read(name):
        with open(os.path.join(certificates, name), "rb") as file:
            return file.read()

    files = {name: read(name) for name in ("middle.der", "root.crt")}
    files |= {"file": "#!ipxe\necho over TLS\n",
              "own": f"#!ipxe\nset cert {read('client.der').hex(':')}\n"
                     f"set privkey {read('client.key.der').hex(':')}\n"}
    client = f"ssl_verify_client on; ssl_verify_depth 2; ssl_client_certificate {certificates}/good.pem;"
    nginx = setup.nginx(files, certificates=certificates, tls=[
        {"port": 443, "name": "aia"}, {"port": 444, "name": "missing"},
        {"port": 445, "name": "goodrsa", "extra": client},
        {"port": 446, "name": "good", "extra": client, "versions": "TLSv1.2"}])
    shell = setup.shell(memory=256)

    def fetch(port):
        return " ".join(shell.run(f"chain --autofree https://{SERVER}:{port}/file", 60).split())

    out = fetch(443)
    assert re.search(r'"Test middle" was issued by "Test root", which is no trusted root', out), out
    assert re.search(r"Test middle : [0-9a-f]{40} ", shell.run("certstat") + " ")
    shell.run(f"certstore http://{SERVER}/root.crt")
    assert "over TLS" in fetch(443)
    assert "over TLS" in fetch(444), "the one that was fetched serves all"
    assert re.search(r"Test root : [0-9a-f]{40} \[EXPLICIT\] \[VALIDATED\]", shell.run("certstat"))
    shell.run("certfree")
    shell.run(f"certstore http://{SERVER}/root.crt")
    assert "whose certificate the server did not send" in fetch(444)

    shell.run(f"set crosscert http://{SERVER}/cross")
    out = fetch(444)
    asked = [row[2] for row in nginx.requests() if "/cross/" in row[2]]
    assert asked and re.match(r"GET /cross/[0-9a-f]{8}\.der\?subject=[A-Za-z0-9%/=]+ ", asked[0]), asked
    assert re.search("nor could it be fetched: .*Not Found", out), out
    name = asked[0].split("?")[0].removeprefix("GET /")
    write_files(os.path.join(setup.folder, "www"), {name: files["middle.der"]})
    assert "over TLS" in fetch(444)

    assert "400" in fetch(445)
    assert "400" in fetch(446)
    shell.run(f"chain --autofree http://{SERVER}/own")
    for port in (445, 446):
        assert "over TLS" in fetch(port)
    shell.run("certfree")
    shell.alive()


# Port: certificate, and what else nginx is told.
ACCEPTED = {
    4430: {"name": "good", "versions": "TLSv1.2"},
    4431: {"name": "good384", "versions": "TLSv1.2"},
    4432: {"name": "goodrsa", "versions": "TLSv1.2"},
    4433: {"name": "good", "versions": "TLSv1.3"},
    4434: {"name": "good384", "versions": "TLSv1.3"},
    4435: {"name": "goodrsa", "versions": "TLSv1.3"},
    4436: {"name": "goodrsa", "versions": "TLSv1.3", "extra": "ssl_ecdh_curve secp384r1;"},
    4437: {"name": "good4096", "versions": "TLSv1.2"},
    4438: {"name": "goodpss", "versions": "TLSv1.3"},
    4439: {"name": "good", "versions": "TLSv1.2", "staple": "good"},
    4440: {"name": "demanding", "versions": "TLSv1.3", "staple": "demanding"},
}

REFUSED = {
    "expired": r"certificate \"Test expired\" expired on 2021-01-01 00:00 UTC; the clock here says "
               r"20\d\d-.*correct it with: ntp SERVER",
    "future": r"\"Test future\" is not valid before 2039-01-01 00:00 UTC; the clock here says .*ntp",
    "otherhost": r"the certificate is for other\.example, not for 10\.77\.0\.1",
    "selfsigned": r"the certificate is self-signed.*set trust ([0-9a-f]{2}:){31}",
    "unknown": r"root \"Test root2\" is not trusted|\"Test unknown\" was issued by \"Test root2\"",
    "missing": r"\"Test missing\"|issued by \"Test middle\".*the server did not send",
    "sha1": r"\"Test sha1\" is signed with SHA-1 or MD5",
    "rsa1024": r"\"Test rsa1024\" has, or is signed by, a key that is too weak",
    "usage": r"the certificate is not meant for a server \(key usage\)",
    "notca": r"signed by \"Test good\", which is not a certificate authority",
    "pathlen": r"authority \"Test short\" allows 0 intermediate certificates below it",
    "outside": r"authority \"Test fence\" may not issue certificates for boot\.example \(name",
    "critical": r"a certificate of the server has a critical extension that is not supported",
    "many": r"certificates together may have 16 KiB",
    "huge": r"certificates together may have 16 KiB",
    "demanding": r"\"Test demanding\" demands an OCSP answer along with it, and the server sent none",
}
# With the stapled answer of an authority, by version of TLS: revoked, and one about another certificate.
BAD_STAPLES = {
    "TLSv1.2": ("revoked", "revoked", r"\"Test revoked\" was revoked on 20.* \(its key is in wrong hands\)"),
    "TLSv1.3": ("revoked", "revoked", r"\"Test revoked\" was revoked on 20.* \(its key is in wrong hands\)"),
    "TLSv1.2 TLSv1.3": ("good384", "good", r"the OCSP answer .* is not about its certificate"),
}
FIRST_REFUSED, FIRST_BAD_STAPLE = 4450, 4480


@pytest.fixture(scope="module")
def shell(shared, certificates):
    """The prompt of one machine, with the test's root trusted, and servers of every kind."""
    servers = [{"port": port, "extra": "", **server} for port, server in ACCEPTED.items()]
    for server in servers:
        server["extra"] += " keepalive_timeout 0;"
    servers += [{"port": port, "name": name, "versions": versions, "extra": "", "staple": staple}
                for port, (versions, (name, staple, _)) in enumerate(BAD_STAPLES.items(), FIRST_BAD_STAPLE)]
    for server in servers:
        if "staple" in server:
            file = os.path.join(certificates, server["staple"] + ".ocsp")
            server["extra"] += f" ssl_stapling on; ssl_stapling_file {file};"
    servers += [{"port": FIRST_REFUSED + n, "name": name} for n, name in enumerate(REFUSED)]
    nginx = shared.nginx({"file": "#!ipxe\necho over TLS\n"}, certificates=certificates, tls=servers)
    shell = shared.shell()
    shell.nginx = nginx
    shell.run("set trust " + fingerprint(certificates))
    return shell


@pytest.mark.parametrize("port", ACCEPTED)
def test_versions_and_keys(shell, port):
    """Each version of TLS with each kind of key; the second connection takes the session up."""
    before = len(shell.nginx.tls_requests())
    for _ in range(2):
        assert "over TLS" in shell.run(f"chain --autofree https://{SERVER}:{port}/file", 60)
    rows = shell.nginx.tls_requests()[before:]
    assert [row[0] for row in rows] == [ACCEPTED[port]["versions"]] * 2
    assert [row[2] for row in rows] == [False, True], "the second one resumes"
    assert all(re.search("GCM|CHACHA20", row[1]) for row in rows)


# What a GnuTLS server is told to allow, with which certificate; what it says was agreed upon.
TLS12, TLS13 = "-VERS-ALL:+VERS-TLS1.2", "-VERS-ALL:+VERS-TLS1.3"
AGREED = [
    ("goodrsa", TLS13, "X25519", "AES-128-GCM", r"TLS1\.3.*ECDHE-X25519.*RSA-PSS-RSAE-SHA256"),
    ("good", TLS13, "SECP256R1", "AES-256-GCM", r"TLS1\.3.*ECDHE-SECP256R1.*ECDSA-SECP256R1"),
    ("good384", TLS13, "SECP384R1", "CHACHA20-POLY1305",
     r"TLS1\.3.*ECDHE-SECP384R1.*ECDSA-SECP384R1"),
    ("goodrsa", TLS12, "X25519", "AES-256-GCM", r"TLS1\.2.*ECDHE-X25519.*RSA"),
    ("goodrsa", TLS12, "SECP384R1", "CHACHA20-POLY1305", r"TLS1\.2.*ECDHE-SECP384R1.*RSA"),
    ("good", TLS12, "SECP256R1", "AES-128-GCM", r"TLS1\.2.*ECDHE-SECP256R1.*ECDSA"),
    ("good384", TLS12, "X25519", "CHACHA20-POLY1305", r"TLS1\.2.*ECDHE-X25519.*ECDSA"),
]
# Nothing that we take: old, without forward secrecy, without authenticated encryption.
NOT_AGREED = ["-VERS-ALL:+VERS-TLS1.1", TLS12 + ":-KX-ALL:+RSA", TLS12 + ":-CIPHER-ALL:+AES-128-CBC"]
FIRST_GNUTLS = 4500


def gnutls(shared, certificates, port, name, priority):
    path = os.path.join(certificates, name)
    return shared._keep(Daemon(
        shared.lab, shared.folder, f"gnutls-{port}",
        ["gnutls-serv", "--http", "--port", str(port), "--x509certfile", path + ".pem",
         "--x509keyfile", path + ".key", "--priority", "NORMAL:" + priority],
        lambda daemon: "listening on IPv4" in daemon.log()))


def test_gnutls(shell, shared, certificates):
    """Another implementation than nginx's OpenSSL, with each group, cipher and kind of key."""
    for port, (name, version, group, cipher, agreed) in enumerate(AGREED, FIRST_GNUTLS):
        server = gnutls(shared, certificates, port, name,
                        f"{version}:-GROUP-ALL:+GROUP-{group}:-CIPHER-ALL:+{cipher}")
        shell.run(f"imgfetch --name page https://{SERVER}:{port}/ && echo fetched ||", 60)
        assert "page : " in shell.run("imgstat page")
        shell.run("imgfree page")
        assert re.search(rf"Description: .*{agreed}.*{cipher}", server.log()), server.log()


def test_gnutls_refused(shell, shared, certificates):
    for port, priority in enumerate(NOT_AGREED, FIRST_GNUTLS + len(AGREED)):
        server = gnutls(shared, certificates, port, "goodrsa", priority)
        said = shell.run(f"imgfetch --name page https://{SERVER}:{port}/", 60)
        assert re.search(r"the server refuses TLS|no version of TLS in common", said), said
        assert "Description" not in server.log()
    shell.alive()


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(shell, name):
    """Each bad certificate is refused with its own reason."""
    port = FIRST_REFUSED + list(REFUSED).index(name)
    before = len(shell.nginx.tls_requests())
    out = shell.run(f"imgfetch https://{SERVER}:{port}/file", 60)
    assert re.search(REFUSED[name], " ".join(out.split())), out
    assert len(shell.nginx.tls_requests()) == before, "no request was sent"
    shell.alive()


@pytest.mark.parametrize("versions", BAD_STAPLES)
def test_bad_staples(shell, versions):
    """What the server's own authority says against its certificate counts."""
    port = FIRST_BAD_STAPLE + list(BAD_STAPLES).index(versions)
    before = len(shell.nginx.tls_requests())
    out = shell.run(f"imgfetch https://{SERVER}:{port}/file", 60)
    assert re.search(BAD_STAPLES[versions][2], " ".join(out.split())), out
    assert len(shell.nginx.tls_requests()) == before, "no request was sent"
    shell.alive()


def listener(setup, answer):
    """A TCP server whose connections `answer` deals with; its port."""
    server = setup.lab.inside(lambda: socket.create_server((SERVER, 0)))

    def work():
        while True:
            answer(server.accept()[0])

    threading.Thread(target=work, daemon=True).start()
    return server.getsockname()[1]


def test_silent_server_and_ctrl_c(shared, shell):
    """A server that never says hello: the wait is shown, and Ctrl-C ends it."""
    connections = []
    port = listener(shared, connections.append)
    shell.machine.type(f"imgfetch https://{SERVER}:{port}/file\r")
    shell.machine.expect(r"TLS handshake with 10\.77\.0\.1", 20)
    shell.machine.type("\x03")
    shell.machine.expect(r"(?i)cancelled", 10)
    shell.machine.expect(PROMPT, 10)
    shell.alive()


def test_servers_without_tls(shared, shell):
    """A server that hangs up, and one that speaks plain HTTP."""

    def hang_up(connection):
        connection.recv(4096)
        connection.close()

    out = shell.run(f"imgfetch https://{SERVER}:{listener(shared, hang_up)}/file", 60)
    assert re.search(r"reset by the server|closed the connection during the TLS handshake", out)
    out = shell.run(f"imgfetch https://{SERVER}:80/file", 60)
    assert "plain HTTP on this port; use http://" in " ".join(out.split())
    shell.alive()
