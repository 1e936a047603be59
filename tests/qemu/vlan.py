"""The far end of a VLAN on a tap device, for machines whose kernel has no 8021q module."""

import fcntl
import os
import select
import socket
import struct

ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA = 3, 263, 8
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
VLAN_VALID = 0x10  # TP_STATUS_VLAN_VALID: the kernel has taken the tag out (packet(7))


class Vlan:
    """Interface "vlan" (10.77.2.1/24) of the laboratory: what it sends goes to `trunk` with the tag
    of VLAN `number`, and frames from there with that tag come out of it."""

    def __init__(self, lab, number, trunk="tap0"):
        self.tags = []  # of each frame from the other side; None: it has none
        self._number = number
        self._socket, self._tap = lab.inside(lambda: self._open(trunk))
        lab.run("ip", "addr", "add", "10.77.2.1/24", "dev", "vlan")
        lab.run("ip", "link", "set", "vlan", "up")
        self._running = True
        self._thread = lab.thread(self._carry)

    @staticmethod
    def _open(trunk):
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        raw.bind((trunk, 0))
        raw.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        tap = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH", b"vlan", IFF_TAP | IFF_NO_PI))
        return raw, tap

    def _carry(self):
        while self._running:
            ready, _, _ = select.select([self._socket, self._tap], [], [], 0.1)
            if self._socket in ready:
                self._from_trunk()
            if self._tap in ready:
                frame = os.read(self._tap, 65536)
                tag = struct.pack("!HH", 0x8100, self._number)
                self._socket.send(frame[:12] + tag + frame[12:])

    def _from_trunk(self):
        frame, ancillary, _, address = self._socket.recvmsg(65536, 64)
        if address[2] == socket.PACKET_OUTGOING:
            return
        for level, kind, data in ancillary:
            if (level, kind) != (SOL_PACKET, PACKET_AUXDATA):
                continue
            status, _, _, _, _, tag, _ = struct.unpack("IIIHHHH", data[:20])
            self.tags.append(tag if status & VLAN_VALID else None)
            if self.tags[-1] is not None and tag & 0xFFF == self._number:
                os.write(self._tap, frame)

    def stop(self):
        self._running = False
        self._thread.join(5)
        self._socket.close()
        os.close(self._tap)
