"""A QEMU machine under test: started, watched over its serial port, driven, always ended."""

import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """For preexec_fn: the child is killed when the test run ends, however it ends."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def readable(data):
    """Serial bytes as text: plain line ends, no escape sequences."""
    text = data.decode("latin-1")
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    return re.sub(r"\r+\n", "\n", text)


class Machine:
    """One QEMU process. `args` are what differs between tests. With `command`, that program is run
    as it is, and expected to become a QEMU whose serial port is its standard input and output. `qemu`: in
    place of the one that is installed.

    Serial output is read all the time, each piece with the time it came at. expect() goes on from
    the end of its last match, so that a test reads from top to bottom as the log does.
    """

    LONGEST = 240  # seconds; whatever a test forgets, the process ends then

    def __init__(self, folder, args, namespace=None, command=None, qemu=None):
        os.makedirs(folder, exist_ok=True)
        self.folder = folder
        # Not in `folder`: a socket's path has to be shorter than 108 bytes (unix(7)).
        self._sockets = tempfile.TemporaryDirectory(prefix="hawser-", dir="/tmp")
        self._qmp_path = os.path.join(self._sockets.name, "qmp")
        self._text = ""
        self._at = 0
        self._pieces = []  # (length of text after this piece, time.monotonic())
        self._news = threading.Condition()
        self._closed = False
        self._qmp = None
        self.rusage = None
        if command is None:
            command = ["ip", "netns", "exec", namespace] if namespace else []
            qemu = shutil.which(qemu or "qemu-system-x86_64")
            assert qemu, "qemu-system-x86_64 is not installed: run scripts/setup"
            command += [qemu, "-accel", "tcg", "-nodefaults", "-no-reboot", "-display", "none"]
            command += ["-chardev", "stdio,id=serial,signal=off", "-serial", "chardev:serial"]
            command += ["-qmp", f"unix:{self._qmp_path},server=on,wait=off"]
        command += [str(arg) for arg in args]
        self.command = command
        with open(os.path.join(folder, "command"), "w") as file:
            file.write(" ".join(command) + "\n")
        self._errors = open(os.path.join(folder, "stderr"), "w+b")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            preexec_fn=die_with_parent)
        self._log = open(os.path.join(folder, "serial.log"), "wb")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._watchdog = threading.Timer(self.LONGEST, self.process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # --- serial -----------------------------------------------------------------------------------

    def _read(self):
        pending = b""
        while True:
            data = os.read(self.process.stdout.fileno(), 65536)
            now = time.monotonic()
            with self._news:
                if not data:
                    self._closed = True
                    self._news.notify_all()
                    return
                self._log.write(data)
                self._log.flush()
                pending += data
                cut = len(pending)
                # An escape sequence or line end cut in two is completed by the next piece.
                tail = re.search(rb"(\x1b(\[[0-9;?]*)?|\r+)$", pending)
                if tail:
                    cut = tail.start()
                self._text += readable(pending[:cut])
                pending = pending[cut:]
                self._pieces.append((len(self._text), now))
                self._news.notify_all()

    @property
    def text(self):
        """All output so far."""
        return self._text

    def _when(self, position):
        for length, at in self._pieces:
            if length >= position:
                return at
        return time.monotonic()

    def expect(self, pattern, timeout=30, or_fail=None):
        """Waits for `pattern` after the last match. The match gets a field `at`: seconds since
        power-on. Fails when time is out, when QEMU ends first, or when `or_fail` shows first.
        Output comes in pieces: a pattern that is to see the rest of a line ends in \\n."""
        compiled = re.compile(pattern, re.M)
        stop = re.compile(or_fail, re.M) if or_fail else None
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                bad = stop.search(self._text, self._at) if stop else None
                found = compiled.search(self._text, self._at)
                if found and not (bad and bad.start() < found.start()):
                    self._at = found.end()
                    return Match(found, self._when(found.end()) - self.started)
                if bad:
                    raise AssertionError(self._story(f"{bad.group(0)!r} before {pattern!r}"))
                left = deadline - time.monotonic()
                if self._closed:
                    raise AssertionError(self._story(f"QEMU ended before {pattern!r}"))
                if left <= 0:
                    raise AssertionError(self._story(f"no {pattern!r} within {timeout} s"))
                self._news.wait(left)

    def quiet_for(self, seconds, timeout=30):
        """Waits until nothing has been printed for so long."""
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                length = len(self._text)
                if not self._news.wait(seconds) or len(self._text) == length:
                    return
                assert time.monotonic() < deadline, self._story("output never pauses")

    def _story(self, what):
        self._errors.flush()
        with open(self._errors.name, "rb") as errors:
            said = errors.read().decode(errors="replace").strip()
        lines = self._text.splitlines()[-60:]
        return "\n".join(
            [f"{what}; serial log {self.folder}/serial.log, its last lines:"]
            + ["  | " + line for line in lines]
            + ([f"QEMU said: {said}"] if said else []))

    def type(self, text):
        """Types on the serial line; a pause after each few bytes, as a UART has no flow control."""
        data = text.encode("latin-1")
        for start in range(0, len(data), 8):
            self.process.stdin.write(data[start:start + 8])
            self.process.stdin.flush()
            time.sleep(0.01)

    # --- monitor ----------------------------------------------------------------------------------

    def qmp(self, command, **arguments):
        if not self._qmp:
            deadline = time.monotonic() + 10
            while True:
                try:
                    connection = socket.socket(socket.AF_UNIX)
                    connection.connect(self._qmp_path)
                    break
                except OSError:
                    assert time.monotonic() < deadline, self._story("QEMU's monitor is not there")
                    time.sleep(0.05)
            connection.settimeout(20)
            self._qmp = connection.makefile("rw")
            self._qmp.readline()
            self.qmp("qmp_capabilities")
        self._qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._qmp.flush()
        while True:
            answer = json.loads(self._qmp.readline())
            if "return" in answer:
                return answer["return"]
            assert "error" not in answer, f"{command}: {answer['error']}"

    def screenshot(self, name="screen"):
        """The VGA screen as a PIL image."""
        from PIL import Image
        path = os.path.join(self.folder, name + ".ppm")
        self.qmp("screendump", filename=path)
        image = Image.open(path)
        image.load()
        image.save(os.path.join(self.folder, name + ".png"))
        os.unlink(path)
        return image

    def press(self, *keys):
        """Presses keys together on the emulated keyboard (QEMU's names: "ctrl", "b")."""
        self.qmp("send-key", keys=[{"type": "qcode", "data": key} for key in keys])

    def set_link(self, name, up):
        self.qmp("set_link", name=name, up=up)

    # --- end --------------------------------------------------------------------------------------

    def wait_end(self, timeout=30):
        """Waits until QEMU ends of itself (power-off, reboot, debug exit); its exit status."""
        deadline = time.monotonic() + timeout
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self._story(f"QEMU still runs after {timeout} s")
            time.sleep(0.05)
        self._reader.join(5)
        return self.process.returncode

    def cpu_seconds(self):
        """CPU time the QEMU process has used so far."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self._watchdog.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(5)
        for file in (self.process.stdin, self.process.stdout, self._errors, self._log, self._qmp):
            try:
                if file:
                    file.close()
            except OSError:
                pass  # the other end is gone already
        self._sockets.cleanup()


class Match:
    """A regex match and the seconds from power-on to when its last byte was printed."""

    def __init__(self, match, at):
        self._match = match
        self.at = at

    def __getitem__(self, group):
        return self._match[group]
