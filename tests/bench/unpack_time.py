#!/usr/bin/python3
"""How long the unpacker of the BIOS artifacts runs: LowData::agent.unpack_cycles, read from the guest's memory.

  tests/bench/unpack_time.py     five boots of the e1000 ROM and of hawser.lkrn
"""

import os
import re
import statistics
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tests", part) for part in ("qemu", "data")]
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))

from machine import Machine  # noqa: E402

# arch/x86_64/bios/low_block.h
LOW_DATA, LD_BASE, UNPACK_CYCLES, PAGE = 0x2000, 0, 0x950, 0x1000
WAYS = {
    "ROM": ["-boot", "n", "-netdev", "user,id=n0", "-device",
            f"e1000,netdev=n0,romfile={BUILD}/hawser-8086-100e.rom"],
    "lkrn": ["-kernel", f"{BUILD}/hawser.lkrn", "-nic", "none"],
}


def cycles(memory):
    """The low block is the page that has its own address at a known place."""
    pages = [at for at in range(0, len(memory) - LOW_DATA - PAGE, PAGE)
             if at and struct.unpack_from("<I", memory, at + LOW_DATA + LD_BASE)[0] == at]
    assert len(pages) == 1, f"{len(pages)} pages look like the low block"
    return struct.unpack_from("<Q", memory, pages[0] + LOW_DATA + UNPACK_CYCLES)[0]


def main():
    with open("/proc/cpuinfo") as info:   # QEMU's TSC under TCG is the machine's own
        per_ms = float(re.search(r"cpu MHz\s*: ([\d.]+)", info.read())[1]) * 1000
    for name, args in WAYS.items():
        found = []
        for number in range(5):
            folder = os.path.join(BUILD, "unpack-time", f"{name}-{number}")
            with Machine(folder, ["-m", 256, "-vga", "none", "-machine", "pc,graphics=off", *args]) as machine:
                machine.expect("^Hawser ", 60)
                dump = os.path.join(folder, "base-memory")
                machine.qmp("pmemsave", val=0, size=0xa0000, filename=dump)
                with open(dump, "rb") as file:
                    found.append(cycles(file.read()) / per_ms)
        print(f"{name}: {statistics.median(found):.0f} ms ({min(found):.0f}-{max(found):.0f})")


if __name__ == "__main__":
    main()
