"""A server 30 ms away on a link that loses frames: large files come over several connections."""

import hashlib
import os
import sys

import pytest

import initramfs
from conftest import ROOT, SEED_CONFIG
from test_artifacts import expect_marker
from test_https import fingerprint

sys.path.append(os.path.join(ROOT, "tests", "bench"))

from far_link import FarLink  # noqa: E402

INITRD = initramfs.noise(43, 6_000_001)
DIGEST = hashlib.sha256(INITRD).hexdigest()


def boot(setup, data, netdev, nginx_options=None, scheme="http", extra=""):
    """Boots the marker kernel with INITRD; the server."""
    kernel = data("marker-small.bzimage")
    setup.dhcp(SEED_CONFIG, {"boot.ipxe": f"""#!ipxe
{extra}
kernel http://10.77.0.1/kernel
initrd --sha256 {DIGEST} {scheme}://10.77.0.1/initrd
boot
"""})
    nginx = setup.nginx({"kernel": kernel, "initrd": INITRD}, **(nginx_options or {}))
    expect_marker(setup.boot(netdev=netdev, memory=256), kernel, INITRD, "", timeout=240)
    return nginx


@pytest.fixture
def far(setup):
    """The server's TCP slows down at each lost frame, as most do."""
    link = FarLink(setup.lab, 0.03, 0.01)
    yield link.netdev
    link.close()


def test_several_connections(setup, data, far):
    nginx = boot(setup, data, far)
    asked = [(connection, status) for connection, _, request, status, _ in nginx.requests()
             if "/initrd" in request]
    assert [status for _, status in asked].count(206) >= 3
    assert len({connection for connection, _ in asked}) >= 4


def test_with_tls(setup, data, far, certificates):
    options = {"certificates": certificates, "tls": [{"port": 443, "name": "good"}]}
    nginx = boot(setup, data, far, options, "https", f"set trust {fingerprint(certificates)}")
    assert len([request for *_, request in nginx.tls_requests() if "/initrd" in request]) >= 4


def test_near_server_sees_one_connection(setup, data):
    nginx = boot(setup, data, None)
    asked = [(connection, status) for connection, _, request, status, _ in nginx.requests()]
    assert asked == [(asked[0][0], 200)] * 2, "kernel and initrd"
