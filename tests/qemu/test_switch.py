"""A switch that keeps frames back at first, and says so."""

import os
import socket
import threading

from conftest import BUILD, DEBUG_EXIT

LKRN = os.path.join(BUILD, "hawser.lkrn")
LLC_BPDU = bytes.fromhex("0180c2000000 020000000001 0027 424203")


def rapid_bpdu(forwarding):
    """IEEE 802.1D-2004 §9.3.3: a designated port; hello time 2 s, forward delay 15 s."""
    flags = 0x3C if forwarding else 0x0E
    body = bytes.fromhex("0000 02 02") + bytes([flags]) + bytes(28) + b"\x0f\0" + b"\0"
    return (LLC_BPDU + body).ljust(60, b"\0")


class SwitchPort:
    """Sends BPDUs to tap0 from its making to stop()."""

    def __init__(self, lab):
        self._socket = lab.inside(self._open)
        self._forwarding = False
        self._end = threading.Event()
        self._thread = lab.thread(self._send)

    @staticmethod
    def _open():
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        raw.bind(("tap0", 0))
        return raw

    def forward(self):
        self._forwarding = True

    def _send(self):
        while not self._end.wait(0.5):
            try:
                self._socket.send(rapid_bpdu(self._forwarding))
            except OSError:
                pass  # the machine is not there yet

    def stop(self):
        self._end.set()
        self._thread.join(5)
        self._socket.close()


def test_dhcp_waits_until_the_port_forwards(setup, data):
    """No server is reached for longer than DHCP waits otherwise."""
    kernel = data("marker-small.bzimage")
    port = SwitchPort(setup.lab)
    try:
        sniffer = setup.sniffer()
        vm = setup.machine("-kernel", LKRN, *setup.nics(("e1000", setup.lab.tap()), roms=False),
                           memory=256)
        vm.expect("net0: the switch port is not forwarding yet .STP.; waiting up to 30 s", 30)
        vm.expect(r"(1[6-9]|2\d) s, discovering", 90, or_fail="no DHCP answer")
        setup.dhcp(files={"kernel": kernel, "boot.ipxe": "#!ipxe\nkernel kernel\nboot\n"})
        before = len(sniffer.dhcp())
        port.forward()
        vm.expect("MARKER real-mode entry", 30)
        assert len(sniffer.dhcp()) > before
        assert vm.wait_end() == DEBUG_EXIT
    finally:
        port.stop()
