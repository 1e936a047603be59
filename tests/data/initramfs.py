"""Initial RAM file systems for the tests: a cpio "newc" writer and the systems made with it.

Format: Linux Documentation/driver-api/early-userspace/buffer-format.rst. Python's library only.
"""

import gzip
import hashlib
import os
import random

BUSYBOX = "/bin/busybox"
APPLETS = (
    "sh mount umount echo cat ls mkdir sleep sha256sum poweroff reboot uname dmesg free ps find ip "
    "head tail grep hexdump tty stty setsid cttyhack"
).split()

# Prints the sums of all files below /payload, the marker, and either stops or gives a shell.
INIT = """#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null
echo "INIT cmdline: $(cat /proc/cmdline)"
find /payload -type f | while read file; do
  echo "INIT sum $(sha256sum "$file")"
done
echo "INIT reached on Linux $(uname -r)"
case " $(cat /proc/cmdline) " in
  *" hawser.shell "*) exec setsid cttyhack sh ;;
esac
poweroff -f
"""


class Archive:
    """A cpio archive in memory. Paths have no leading slash."""

    def __init__(self):
        self._parts = []
        self._inode = 0
        self._bytes = 0

    def _put(self, data):
        padding = -len(data) % 4
        self._parts.append(data + b"\0" * padding)
        self._bytes += len(data) + padding

    def _entry(self, path, mode, data=b"", rdev=(0, 0)):
        self._inode += 1
        name = path.encode() + b"\0"
        fields = [self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, *rdev, len(name), 0]
        self._put(b"070701" + b"".join(b"%08x" % field for field in fields) + name)
        self._put(data)

    def folder(self, path):
        self._entry(path, 0o040755)

    def file(self, path, data, mode=0o644):
        self._entry(path, 0o100000 | mode, data)

    def link(self, path, target):
        self._entry(path, 0o120777, target.encode())

    def character_device(self, path, major, minor):
        self._entry(path, 0o020600, rdev=(major, minor))

    def finish(self):
        """The archive, padded to 512 bytes as cpio(1) does."""
        self._inode = -1
        self._entry("TRAILER!!!", 0)
        return b"".join(self._parts) + b"\0" * (-self._bytes % 512)


def busybox_system(init=INIT, payload=None):
    """A whole initramfs with busybox and `init`; `payload` maps file names to bytes in /payload."""
    archive = Archive()
    for folder in ("bin", "dev", "proc", "sys", "payload", "tmp"):
        archive.folder(folder)
    archive.character_device("dev/console", 5, 1)
    with open(BUSYBOX, "rb") as busybox:
        archive.file("bin/busybox", busybox.read(), 0o755)
    for applet in APPLETS:
        archive.link("bin/" + applet, "busybox")
    archive.file("init", init.encode(), 0o755)
    for name, data in sorted((payload or {}).items()):
        archive.file("payload/" + name, data)
    return gzip.compress(archive.finish(), 1, mtime=0)


def extra_archive(name, data):
    """A compressed archive that adds one file to /payload of a system loaded before it."""
    archive = Archive()
    archive.folder("payload")
    archive.file("payload/" + name, data)
    return gzip.compress(archive.finish(), 1, mtime=0)


def noise(seed, size):
    """`size` bytes that are the same in each run and do not compress."""
    source, piece = random.Random(seed), 2**20
    return b"".join(source.randbytes(min(piece, size - at)) for at in range(0, size, piece))


def sha256(data):
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    import sys

    with open(sys.argv[1], "wb") as out:
        out.write(busybox_system(payload={"hello": b"hello\n"}))
    print(f"{sys.argv[1]}: {os.path.getsize(sys.argv[1])} bytes")
