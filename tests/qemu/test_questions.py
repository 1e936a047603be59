"""What scripts ask real servers: forms posted by HTTP (`params`), the time by SNTP (`ntp`)."""

import re
import socket
import struct
import threading

import pytest

from conftest import Shell

SERVER = "10.77.0.1"
UNIX_AT_1900 = 2208988800  # seconds between the epochs of NTP and Unix (RFC 4330 §3)


class Sntp:
    """An SNTP server (RFC 4330). `stratum` 0 is a kiss of death; `silent` answers nothing."""

    def __init__(self, lab, seconds):
        self.seconds, self.stratum, self.silent = seconds, 2, False
        self.requests = []
        self._socket = lab.inside(self._open)
        threading.Thread(target=self._serve, daemon=True).start()

    @staticmethod
    def _open():
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((SERVER, 123))
        return udp

    def _serve(self):
        while True:
            try:
                packet, sender = self._socket.recvfrom(512)
            except OSError:
                return
            self.requests.append(packet)
            if self.silent:
                continue
            reply = bytearray(48)
            reply[0], reply[1] = 0x24, self.stratum  # version 4, mode 4: server
            reply[24:32] = packet[40:48]  # originate: what the client sent as its transmit time
            struct.pack_into(">II", reply, 32, self.seconds + UNIX_AT_1900 & 0xFFFFFFFF, 0)
            struct.pack_into(">II", reply, 40, self.seconds + UNIX_AT_1900 & 0xFFFFFFFF, 0)
            self._socket.sendto(reply, sender)

    def stop(self):
        self._socket.close()


@pytest.fixture(scope="module")
def machine(shared):
    shared.dhcp(files={"boot.ipxe": "#!ipxe\nshell\n"})
    web = shared.web()
    return Shell(shared.boot(memory=64)), web


def test_parameters_are_posted(machine):
    shell, web = machine
    web.text("/register", "#!ipxe\necho registered\n")
    shell.run("params")
    shell.run("param mac ${net0/mac}")
    shell.run("param note a b&c=d/e")
    shell.run("param --header X-Token secret 7")
    out = shell.run(f"chain {web.url}/register##params")
    assert re.search("^registered", out, re.M), out
    request = web.requests[-1]
    assert (request.method, request.target) == ("POST", "/register")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.headers["X-Token"] == "secret 7"
    assert request.body == ("mac=52%3A54%3A00%3A12%3A34%3A56&note=a%20b%26c%3Dd%2Fe")
    shell.run(f"imgfetch {web.url}/register##params")
    assert web.requests[-1].method == "GET", "one list serves one request"


def test_parameters_with_a_method_and_retries(machine):
    shell, web = machine
    web.status("/busy", 404)
    web.text("/put", "stored\n")
    shell.run("params --name p --method PUT")
    shell.run("param --params p state up")
    shell.run(f"imgfetch --retry 1 --mirror {web.url}/put {web.url}/busy##params=p")
    assert [(r.method, r.body) for r in web.requests[-2:]] == [
        ("PUT", "state=up"), ("GET", "")], "the list belongs to the URI that asks for it"


def test_large_form(machine):
    """More than a window of TCP, from one setting that doubles."""
    shell, web = machine
    web.text("/large", "ok\n")
    shell.run("set v 0123456789abcdef")
    for _ in range(11):
        shell.run("set v ${v}${v}")
    shell.run("params")
    shell.run("param v ${v}")
    shell.run(f"imgfetch {web.url}/large##params")
    assert web.requests[-1].body == "v=" + "0123456789abcdef" * 2048


def test_time_by_sntp(machine, shared):
    shell, _ = machine
    sntp = shared._keep(Sntp(shared.lab, 1_900_000_000))
    out = shell.run(f"ntp {SERVER} && echo now ${{unixtime:int32}}", 30)
    now = int(re.search(r"^now (\d+)", out, re.M)[1])
    assert 1_900_000_000 <= now < 1_900_000_060
    assert len(sntp.requests[0]) == 48 and sntp.requests[0][0] & 7 == 3, "mode 3: client"
    sntp.stratum = 0
    assert "Could not get time and date" in shell.run(f"ntp {SERVER}", 60)
    sntp.silent = True
    assert "Could not get time and date" in shell.run(f"ntp {SERVER}", 60)
    assert "Could not get time and date" in shell.run("ntp no-such-host.example", 60)
    shell.alive()
