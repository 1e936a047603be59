"""A TFTP server for the tests (RFC 1350, options RFC 2347-2349, windows RFC 7440) with faults."""

import socket
import struct
import threading

RRQ, DATA, ACK, ERROR, OACK = 1, 3, 4, 5, 6


class Transfer:
    """What one client asked for, and what was seen of it on the wire."""

    def __init__(self, name, mode, options):
        self.name, self.mode, self.options = name, mode, options
        self.window = 1
        self.acks = 0
        self.error = None       # (code, text) the client sent
        self.finished = False   # the last block was acknowledged


class Tftp:
    """Serves `files` (name to bytes) on a port of the laboratory.

    options      False: a server from before RFC 2347, which ignores them
    refuse       True: answers requests with options by ERROR 8
    max_window   largest windowsize it grants; 1 leaves the option out of its answer
    die_after    stops answering after so many blocks
    error        (code, text): answers each request with that
    max_block    largest blksize it grants
    lose         block numbers (as counted from 1) whose first sending is lost
    """

    def __init__(self, lab, files, options=True, refuse=False, max_window=64, die_after=None,
                 error=None, lose=(), port=6969, max_block=1468):
        self._lab = lab
        self.files, self.options, self.refuse = files, options, refuse
        self.max_window, self.die_after, self.error = max_window, die_after, error
        self._max_block = max_block
        self._lose = set(lose)
        self.transfers = []
        self._running = True
        self._socket = lab.inside(lambda: self._open(port))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _open(self, port=0):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((self._lab.ADDRESS, port))
        udp.settimeout(0.2)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        return udp

    def stop(self):
        self._running = False
        self._thread.join(5)
        self._socket.close()

    def _listen(self):
        while self._running:
            try:
                packet, client = self._socket.recvfrom(2048)
            except socket.timeout:
                continue
            if packet[:2] == struct.pack("!H", RRQ):
                self._lab.thread(lambda packet=packet, client=client: self._serve(packet, client))

    def _serve(self, packet, client):
        words = packet[2:].split(b"\0")[:-1]
        pairs = [word.decode("latin-1") for word in words[2:]]
        asked = {name.lower(): value for name, value in zip(pairs[::2], pairs[1::2])}
        transfer = Transfer(words[0].decode("latin-1"), words[1].decode(), asked)
        self.transfers.append(transfer)
        udp = self._open()
        try:
            self._answer(udp, client, transfer, asked)
        finally:
            udp.close()

    def _answer(self, udp, client, transfer, asked):
        def error(code, text):
            udp.sendto(struct.pack("!HH", ERROR, code) + text.encode() + b"\0", client)

        if self.error:
            return error(*self.error)
        if transfer.name not in self.files:
            return error(1, "File not found")
        if asked and self.refuse:
            return error(8, "no options, please")
        data = self.files[transfer.name]
        size, granted = 512, {}
        if self.options:
            if "blksize" in asked:
                size = min(int(asked["blksize"]), self._max_block)
                granted["blksize"] = size
            if "tsize" in asked:
                granted["tsize"] = len(data)
            if "windowsize" in asked and self.max_window > 1:
                transfer.window = min(int(asked["windowsize"]), self.max_window)
                granted["windowsize"] = transfer.window
        if granted:
            oack = struct.pack("!H", OACK) + b"".join(
                f"{name}\0{value}\0".encode() for name, value in granted.items())
            if self._exchange(udp, client, transfer, [oack]) is None:
                return
        self._send(udp, client, transfer, data, size)

    def _send(self, udp, client, transfer, data, size):
        blocks = len(data) // size + 1
        done = 0  # blocks acknowledged
        while done < blocks:
            last = min(done + transfer.window, blocks)
            if self.die_after and last > self.die_after:
                return
            window = []
            for block in range(done + 1, last + 1):
                if block in self._lose:
                    self._lose.discard(block)
                    continue
                window.append(struct.pack("!HH", DATA, block & 0xffff) +
                              data[(block - 1) * size:block * size])
            number = self._exchange(udp, client, transfer, window)
            if number is None:
                return
            # The number is 16 bits of a block in or just before this window.
            done += (number - done) & 0xffff if (number - done) & 0xffff <= last - done else 0
        transfer.finished = True

    def _exchange(self, udp, client, transfer, packets):
        """Sends, and waits for an ACK; the block it names, or None when the client is gone."""
        for _ in range(8):
            for packet in packets:
                udp.sendto(packet, client)
            for _ in range(5):
                try:
                    answer, sender = udp.recvfrom(2048)
                except socket.timeout:
                    if not self._running:
                        return None
                    continue
                if sender != client:
                    continue
                code, number = struct.unpack("!HH", answer[:4])
                if code == ERROR:
                    transfer.error = (number, answer[4:].split(b"\0")[0].decode("latin-1"))
                    return None
                if code == ACK:
                    transfer.acks += 1
                    return number
        return None
