"""A DHCP server for the tests (RFC 2131) that answers as it is told to, sense or nonsense."""

import socket
import struct
import threading

from sniffer import Dhcp

DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK = 1, 2, 3, 4, 5, 6
COOKIE = b"\x63\x82\x53\x63"
SO_BINDTODEVICE = 25


def option(code, value):
    if isinstance(value, str):
        value = value.encode()
    return bytes([code, len(value)]) + value


def address(text):
    return socket.inet_aton(text)


class Dhcpd:
    """Calls `answer(server, message)` for each client message; it returns the replies to send.

    The default answer leases `lease` with `extra` options, boot file and next server as given.
    """

    def __init__(self, lab, answer=None, lease="10.77.0.60", file=b"", extra=b"", server=None,
                 interface="tap0"):
        self.address = server or lab.ADDRESS
        self.lease, self.file, self.extra = lease, file, extra
        self._answer = answer or (lambda server, message: server.normal(message))
        self.messages = []
        self._running = True
        self._socket = lab.inside(lambda: self._open(interface))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @staticmethod
    def _open(interface):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        udp.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, interface.encode())
        udp.bind(("0.0.0.0", 67))
        udp.settimeout(0.2)
        return udp

    def stop(self):
        self._running = False
        self._thread.join(5)
        self._socket.close()

    def _serve(self):
        while self._running:
            try:
                packet, _ = self._socket.recvfrom(2048)
            except socket.timeout:
                continue
            if len(packet) < 240:
                continue
            message = Dhcp(packet)
            self.messages.append(message)
            for reply in self._answer(self, message):
                self._socket.sendto(reply, ("255.255.255.255", 68))

    def types(self):
        """Of all messages, in order; a retransmission does not count."""
        types = [message.type for message in self.messages]
        return [kind for kind, before in zip(types, [None] + types) if kind != before]

    # --- replies ----------------------------------------------------------------------------------

    def reply(self, message, type_, lease=None, extra=None, file=None, sname=b"", siaddr=None):
        """A well-formed reply; `extra` are options after those every lease has."""
        lease = self.lease if lease is None else lease
        options = option(53, bytes([type_])) + option(54, address(self.address))
        if lease != "0.0.0.0" and type_ != NAK:
            options += option(51, struct.pack("!I", 3600)) + option(1, address("255.255.255.0"))
            options += option(3, address(self.address))
        options += self.extra if extra is None else extra
        return self.raw(message, options + b"\xff", lease, self.file if file is None else file,
                        sname, siaddr)

    def raw(self, message, options, lease="0.0.0.0", file=b"", sname=b"", siaddr=None):
        """A reply with `options` byte for byte."""
        header = struct.pack("!BBBBIHH", 2, 1, 6, 0, message.xid, 0, message.flags)
        header += bytes(4) + address(lease) + address(siaddr or self.address) + bytes(4)
        header += message.chaddr.ljust(16, b"\0")
        header += sname.ljust(64, b"\0")[:64] + file.ljust(128, b"\0")[:128]
        return (header + COOKIE + options).ljust(300, b"\0")

    def normal(self, message):
        if message.type == DISCOVER:
            return [self.reply(message, OFFER)]
        if message.type == REQUEST:
            wanted = message.options.get(50)
            good = wanted == address(self.lease)
            return [self.reply(message, ACK if good else NAK)]
        return []
