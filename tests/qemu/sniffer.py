"""Sees each frame on a tap device: DHCP messages and TFTP requests decoded for the tests."""

import socket
import struct
import time

ETH_P_ALL = 3


class Dhcp:
    """A DHCP message (RFC 2131 §2): header fields and options, joined as RFC 3396 says."""

    def __init__(self, payload):
        self.op, self.htype, self.hlen, self.hops = payload[:4]
        self.xid, self.secs, self.flags = struct.unpack("!IHH", payload[4:12])
        self.ciaddr, self.yiaddr, self.siaddr, self.giaddr = (
            socket.inet_ntoa(payload[at:at + 4]) for at in (12, 16, 20, 24))
        self.chaddr = payload[28:34]
        self.sname, self.file = payload[44:108].rstrip(b"\0"), payload[108:236].rstrip(b"\0")
        self.options = {}
        self.order = []
        at = 240
        while at < len(payload) and payload[at] != 255:
            if payload[at] == 0:
                at += 1
                continue
            code, length = payload[at], payload[at + 1]
            self.options[code] = self.options.get(code, b"") + payload[at + 2:at + 2 + length]
            self.order.append(code)
            at += 2 + length
        self.type = self.options[53][0] if 53 in self.options else 0


class Sniffer:
    """Captures on `interface` of the laboratory from its making to stop()."""

    def __init__(self, lab, interface="tap0"):
        self.frames = []  # (time.monotonic(), bytes)
        self._socket = lab.inside(lambda: self._open(interface))
        self._running = True
        self._thread = lab.thread(self._capture)

    @staticmethod
    def _open(interface):
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        raw.bind((interface, 0))
        raw.settimeout(0.1)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        return raw

    def _capture(self):
        while self._running:
            try:
                frame = self._socket.recv(65536)
            except socket.timeout:
                continue
            self.frames.append((time.monotonic(), frame))

    def stop(self):
        self._running = False
        self._thread.join(5)
        self._socket.close()

    def udp(self):
        """(time, source address, source port, destination address, destination port, payload) of
        each unfragmented IPv4 UDP datagram."""
        for at, frame in list(self.frames):
            if len(frame) < 42 or frame[12:14] != b"\x08\x00" or frame[23] != 17:
                continue
            start = 14 + (frame[14] & 15) * 4
            source, destination, length = struct.unpack("!HHH", frame[start:start + 6])
            yield (at, socket.inet_ntoa(frame[26:30]), source, socket.inet_ntoa(frame[30:34]),
                   destination, frame[start + 8:start + length])

    def dhcp(self, type_=None):
        """(time, Dhcp) of each message from a client, or only those of one type (option 53)."""
        found = [(at, Dhcp(payload)) for at, _, source, _, port, payload in self.udp()
                 if source == 68 and port == 67]
        return [(at, message) for at, message in found if type_ in (None, message.type)]

    def arp_probes(self):
        """Sender and target address of each ARP request."""
        return [(socket.inet_ntoa(frame[28:32]), socket.inet_ntoa(frame[38:42]))
                for _, frame in list(self.frames)
                if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\0\x01"]

    def rst_count(self):
        """TCP segments with RST from the laboratory's server or the machine."""
        return sum(1 for _, frame in list(self.frames)
                   if frame[12:14] == b"\x08\x00" and frame[23] == 6 and
                   frame[14 + (frame[14] & 15) * 4 + 13] & 4)
