#!/usr/bin/python3
"""Where a download's time goes: samples the program counter of the guest through QEMU's monitor.

  tests/bench/hot_spots.py             256 MiB by HTTP over e1000, 64 MiB by HTTPS
  tests/bench/hot_spots.py --only https

Prints a table of functions. Where the core was loaded is found by looking for the guest's own code, around a
sampled address, in build/core.elf. A sample falls on the last branch before it, as QEMU knows no better.
"""

import argparse
import bisect
import collections
import os
import re
import subprocess
import sys
import time

import growth as shared   # the laboratory and its servers
from bench import BUILD, E1000, VIRTIO, Bench
from machine import Machine

CORE = os.path.join(BUILD, "core.elf")
CASES = {
    "http-e1000": ("http://{server}/initrd256", E1000), "http-virtio": ("http://{server}/initrd256", VIRTIO),
    "https-e1000": ("https://{server}/initrd64", E1000),
}


class Core:
    """Functions of core.elf, and its code as bytes."""

    def __init__(self):
        names = subprocess.run(["nm", "-C", CORE], stdout=subprocess.PIPE, text=True, check=True)
        rows = sorted((int(line.split()[0], 16), line.split(None, 2)[2])
                      for line in names.stdout.splitlines() if re.match(r"\w+ [tTwW] ", line))
        self._addresses, self._names = zip(*rows)
        sections = subprocess.run(["readelf", "-SW", CORE], stdout=subprocess.PIPE, text=True, check=True)
        self._text = []   # (address, bytes)
        with open(CORE, "rb") as file:
            data = file.read()
        for match in re.finditer(r"\] \.text\S*\s+PROGBITS\s+(\w+) (\w+) (\w+)", sections.stdout):
            address, offset, size = (int(group, 16) for group in match.groups())
            self._text.append((address, data[offset:offset + size]))

    def base(self, address, code):
        """How far from its place in the file the core lies, if `code` at `address` is in it just once."""
        found = [start + match.start() for start, data in self._text
                 for match in re.finditer(re.escape(code), data)]
        return address - found[0] if len(found) == 1 else None

    def name(self, address):
        at = bisect.bisect_right(self._addresses, address) - 1
        name = self._names[at] if at >= 0 else "?"
        return re.sub(r"\(.*|\[clone.*|\.(lto_priv|constprop|isra|part)\.\d+", "",
                      name.replace("(anonymous namespace)::", "")).strip() or name


def monitor(machine, line):
    return machine.qmp("human-monitor-command", **{"command-line": line})


def sample(machine, core):
    """Counts of functions between the lines "BENCH begin" and "BENCH end"."""
    machine.expect("^BENCH begin", 120)
    addresses, base = [], None
    while "BENCH end" not in machine.text:
        address = int(re.search(r"[RE]IP=(\w+)", monitor(machine, "info registers"))[1], 16)
        addresses.append(address)
        if base is None:
            dump = monitor(machine, f"x /48xb {address:#x}")
            code = bytes(int(byte, 16) for byte in re.findall(r"0x(\w\w)\b", dump))
            base = core.base(address, code)
        time.sleep(0.002)
    assert base is not None, "the core was not found in the guest's memory"
    return collections.Counter(core.name(address - base) for address in addresses)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="cases whose name contains this")
    options = parser.parse_args()
    core = Core()
    bench = Bench(os.path.join(BUILD, "hot-spots"))
    try:
        for name, (uri, nic) in CASES.items():
            if options.only not in name:
                continue
            lines = ["#!ipxe", f"set trust {bench.trust}", "echo BENCH begin",
                     f"imgfetch {uri.format(server=bench.lab.ADDRESS)}", "echo BENCH end"]
            with open(os.path.join(bench.files, "boot.ipxe"), "w") as script:
                script.write("\n".join(lines) + "\n")
            rom = os.path.join(BUILD, shared.ROMS[nic])
            assert os.path.getmtime(rom) >= os.path.getmtime(CORE), f"{rom} is of another core: make it"
            args = ["-cpu", "qemu64", "-m", 1024, "-vga", "none", "-machine", "pc,graphics=off", "-boot",
                    "n", "-netdev", bench.lab.tap() + ",id=n0", "-device", f"{nic},netdev=n0,romfile={rom}"]
            with Machine(os.path.join(bench.folder, name), args, bench.lab.name) as machine:
                counts = sample(machine, core)
            total = sum(counts.values())
            print(f"\n{name}: {total} samples\n\n| function | share |\n|---|---|")
            for function, count in counts.most_common(16):
                print(f"| `{function}` | {100 * count / total:.1f} % |")
    finally:
        bench.close()


if __name__ == "__main__":
    sys.exit(main())
