"""A far network: frames between QEMU and a tap device arrive late, and some are lost."""

import collections
import fcntl
import os
import random
import select
import socket
import struct
import threading
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
QUEUE = 2000   # frames on their way at once, as a router's buffer has it; what is too much is lost


class FarLink:
    """Half of `round_trip` (seconds) each way; each frame is lost with probability `loss`.

    `netdev` is QEMU's option for the near end; the far end is tap0 of the laboratory."""

    def __init__(self, lab, round_trip, loss):
        self._delay, self._loss = round_trip / 2, loss
        self._random = random.Random(1)
        self._tap = lab.inside(self._open_tap)
        self._socket, self._qemu = lab.inside(self._open_sockets)
        self.netdev = "socket,udp=127.0.0.1:{},localaddr=127.0.0.1:{}".format(
            self._socket.getsockname()[1], self._qemu)
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _open_tap(self):
        tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH14x", b"tap0", IFF_TAP | IFF_NO_PI))
        return tap

    def _open_sockets(self):
        ours = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        ours.bind(("127.0.0.1", 0))
        ours.setblocking(False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:   # a free port, for QEMU
            probe.bind(("127.0.0.1", 0))
            return ours, probe.getsockname()[1]

    def _send_tap(self, frame):
        try:
            os.write(self._tap, frame)
        except OSError:
            pass   # lost

    def _send_qemu(self, frame):
        try:
            self._socket.sendto(frame, ("127.0.0.1", self._qemu))
        except OSError:
            pass   # not there yet, or gone

    def _run(self):
        ways = [(self._tap, lambda: os.read(self._tap, 65536), self._send_qemu, collections.deque()),
                (self._socket, lambda: self._socket.recv(65536), self._send_tap, collections.deque())]
        while not self._stopped:
            now = time.monotonic()
            due = now + 0.1
            for _, _, send, queue in ways:
                while queue and queue[0][0] <= now:
                    send(queue.popleft()[1])
                if queue:
                    due = min(due, queue[0][0])
            ready, _, _ = select.select([way[0] for way in ways], [], [], max(0, due - now))
            now = time.monotonic()
            for source, receive, _, queue in ways:
                if source in ready:
                    self._take(receive, queue, now + self._delay)

    def _take(self, receive, queue, due):
        for _ in range(64):
            try:
                frame = receive()
            except BlockingIOError:
                return
            except OSError:
                return   # QEMU has gone
            if len(queue) < QUEUE and self._random.random() >= self._loss:
                queue.append((due, frame))

    def close(self):
        self._stopped = True
        self._thread.join(5)
        os.close(self._tap)
        self._socket.close()
