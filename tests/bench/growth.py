#!/usr/bin/python3
"""How cost grows: with the size of a file, the number of initrds, cards, script lines and settings.

  make growth                        all of it, about 20 minutes; writes the table and the plots
  tests/bench/growth.py --only nics  one part anew
  tests/bench/growth.py --plot       draws again what was measured last

What was measured last is kept in tests/bench/growth.json, from which the table of RESULTS.md (between its
marks) and the plots (tests/bench/growth-*.png) are made. Each part tells the exponent of its growth: the slope on a
double logarithmic scale over the larger half of the points; 1 is linear.
"""

import argparse
import json
import math
import os
import re
import resource
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tests", part) for part in ("qemu", "data")]
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
HOST = os.path.join(BUILD, "host", "hawser")

import initramfs  # noqa: E402
from lab import Lab, Nginx, dnsmasq  # noqa: E402
from machine import Machine  # noqa: E402

RECORD = os.path.join(HERE, "growth.json")
E1000, VIRTIO = "e1000", "virtio-net-pci,disable-legacy=on"
ROMS = {E1000: "hawser-8086-100e.rom", VIRTIO: "hawser-1af4-1041.rom"}
BASE = f"http://{Lab.ADDRESS}"
NOISE = 16 << 20
CHECKED = 256    # MiB; larger files are checked by their size alone
Machine.LONGEST = 900


class Unacked:
    """Watches the server's sockets: `last` is when the last byte on its way was acknowledged."""

    def __init__(self, lab):
        self._stopped, self._busy, self.last = False, False, 0
        lab.thread(self._watch)

    def _watch(self):
        while not self._stopped:
            with open("/proc/thread-self/net/tcp") as table:
                rows = [line.split() for line in table.readlines()[1:]]
            queued = any(row[1].endswith(":0050") and row[3] == "01" and
                         int(row[4].split(":")[0], 16) for row in rows)
            if self._busy and not queued:
                self.last = time.monotonic()
            self._busy = queued
            time.sleep(0.002)

    def stop(self):
        """Waits until nothing is on its way any more."""
        time.sleep(0.05)
        while self._busy:
            time.sleep(0.002)
        self._stopped = True


class Growth:
    def __init__(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        self.folder, self.files = folder, os.path.join(folder, "files")
        os.makedirs(self.files)
        data = os.path.join(BUILD, "test-data")
        subprocess.run([os.path.join(ROOT, "tests", "data", "build.sh"), data], check=True)
        shutil.copy(os.path.join(data, "marker.bzimage"), self.files)
        self.noise = initramfs.noise(7, NOISE)
        self.lab = Lab(folder)
        self.servers = [dnsmasq(self.lab, folder, f"dhcp-boot={BASE}/boot.ipxe"),
                        Nginx(self.lab, folder, self.files)]
        self.count = 0

    def close(self):
        for server in self.servers:
            server.stop()
        self.lab.close()
        shutil.rmtree(self.files, ignore_errors=True)

    def write(self, name, size):
        """A file of `size` bytes, and its SHA-256; only of small ones all of it is noise."""
        path = os.path.join(self.files, name)
        with open(path, "wb") as file:
            left = size
            while left and size <= CHECKED << 20:
                left -= file.write(self.noise[:left])
            file.truncate(size)
        sums = subprocess.run(["sha256sum", path], stdout=subprocess.PIPE, text=True, check=True)
        return sums.stdout.split()[0]

    def boot(self, lines, nics, memory=1024, lkrn=False):
        """A machine that runs these lines of a script. `nics`: rows of (model, network). By the first
        card's ROM, which opens that card, or by hawser.lkrn, which tries all of them."""
        with open(os.path.join(self.files, "boot.ipxe"), "w") as script:
            script.write("\n".join(["#!ipxe", *lines]) + "\n")
        args = ["-cpu", "qemu64", "-m", memory, "-vga", "none", "-machine", "pc,graphics=off",
                "-boot", "n", "-netdev", self.lab.tap() + f",id={'n0' if len(nics) == 1 else 'up'}"]
        if len(nics) > 1:
            args += ["-netdev", "hubport,id=port,hubid=0,netdev=up"]
        for index, (model, network) in enumerate(nics):
            rom = os.path.join(BUILD, ROMS[model]) if index == 0 and not lkrn else ""
            if len(nics) > 1:
                args += ["-netdev", f"hubport,id=n{index},hubid={network}"]
            args += ["-device", f"{model},netdev=n{index},romfile={rom},mac=52:54:00:77:00:{index:02x}"]
        if lkrn:
            args += ["-kernel", os.path.join(BUILD, "hawser.lkrn")]
        self.count += 1
        return Machine(os.path.join(self.folder, str(self.count)), args, self.lab.name)

    def timed(self, machine, timeout=600):
        """Seconds, and QEMU's CPU seconds, between the lines "BENCH begin" and "BENCH end"."""
        begin = machine.expect("^BENCH begin", 120)
        cpu = machine.cpu_seconds()
        end = machine.expect("^BENCH end", timeout)
        return begin.at, end.at, machine.cpu_seconds() - cpu

    # --- parts: each returns the values of its series at one x -----------------------------------

    def download(self, model, mebibytes):
        size = mebibytes << 20
        digest = self.write("file", size)
        lines = [f"kernel {BASE}/marker.bzimage", "echo BENCH begin", f"imgfetch {BASE}/file",
                 "echo BENCH end", "profstat", "imgstat"]
        if mebibytes <= CHECKED:
            lines.append("sha256sum file")
        lines += ["imgfree file", "echo BENCH boot", "boot"]
        # The file lies in one piece, above 4 GiB when it is large.
        memory = 1024 if mebibytes <= 512 else 2 * mebibytes + 512
        watch = Unacked(self.lab)
        with self.boot(lines, [(model, 0)], memory) as machine:
            begin, end, cpu = self.timed(machine)
            watch.stop()
            last = max(begin, watch.last - machine.started)
            heap = machine.expect(r"^Memory: at most ([\d.]+) (KiB|MiB) of")
            machine.expect(f"file : {size} bytes")
            if mebibytes <= CHECKED:
                machine.expect(digest, 120)
            machine.expect("MARKER real-mode entry", 200)
        os.unlink(os.path.join(self.files, "file"))
        return {"s": end - begin, "QEMU CPU s": cpu, "after the last byte s": max(0, end - last),
                "most heap used, MiB": float(heap[1]) / (1024 if heap[2] == "KiB" else 1)}

    def initrds(self, number, each):
        for index in range(number):
            self.write(f"i{index}", each)
        lines = [f"kernel {BASE}/marker.bzimage", "echo BENCH begin",
                 *(f"initrd {BASE}/i{index}" for index in range(number)),
                 "echo BENCH end; what follows may be cut off", "boot"]
        with self.boot(lines, [(VIRTIO, 0)]) as machine:
            begin, end, cpu = self.timed(machine)
            entry = machine.expect("MARKER real-mode entry", 100).at
            machine.expect(r"initrd_sum=(\w+) ", 100)
        return {"s": end - begin, "QEMU CPU s": cpu, "last file to entry s": entry - end}

    def nics(self, model, number, cabled_all):
        lines = [f"kernel {BASE}/marker.bzimage", "boot"]
        rows = [(model, 0 if cabled_all or index == number - 1 else 1) for index in range(number)]
        with self.boot(lines, rows, lkrn=True) as machine:
            lease = machine.expect("address from DHCP", 100).at
            entry = machine.expect("MARKER real-mode entry", 100).at
        return {"power-on to lease s": lease, "power-on to kernel s": entry}

    def script(self, make, number):
        path = os.path.join(self.files, "measured.ipxe")
        with open(path, "w") as file:
            file.write(make(number))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ran = subprocess.run([HOST, "--run", path], stdout=subprocess.DEVNULL)
        assert ran.returncode == 0, f"{path} failed"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        host = after.ru_utime - before.ru_utime
        lines = [f"imgfetch {BASE}/measured.ipxe", "echo BENCH begin", "chain measured.ipxe",
                 "echo BENCH end"]
        with self.boot(lines, [(VIRTIO, 0)]) as machine:
            begin, end, cpu = self.timed(machine)
        return {"QEMU s": end - begin, "QEMU CPU s": cpu, "host program CPU s": host}


def script_of_lines(number):
    """Ten kinds of lines, one after the other: jumps forward, conditions, settings, comments."""
    kinds = ("goto on{0}", "fail", ":on{0}", "set a x{0}", "iseq ${{a}} x{0} || exit 1", "# {0}",
             "isset ${{b}} && exit 1 ||", "clear b", "inc n", "set b ${{a}}-${{n}} && clear b")
    return "#!ipxe\n" + "".join(kinds[i % 10].format(i // 10) + "\n" for i in range(number))


def script_that_loops(number):
    """A loop of as many rounds as there are lines before it."""
    return ("#!ipxe\nset n:int32 0\n" + "# passed once\n" * number +
            f":top\ninc n\niseq ${{n}} {number} || goto top\n")


def script_of_settings(number):
    """Sets so many, reads and clears each."""
    return ("#!ipxe\n" + "".join(f"set v{i} x{i}\n" for i in range(number)) +
            "".join(f"iseq ${{v{i}}} x{i} || exit 1\n" for i in range(number)) +
            "".join(f"clear v{i}\n" for i in range(number)))


SIZES = (1, 4, 16, 64, 256, 1024, 4096)
COUNTS = (1, 2, 4, 8, 16, 32, 64)
LINES = (10, 100, 1000, 10_000, 100_000)
# name: (title, unit of x, points, how one is measured)
PARTS = {
    "download-e1000": ("one file by HTTP, e1000", "MiB", SIZES,
                       lambda growth, x: growth.download(E1000, x)),
    "download-virtio": ("one file by HTTP, virtio-net", "MiB", SIZES,
                        lambda growth, x: growth.download(VIRTIO, x)),
    "initrds-same": ("initrds, 64 MiB in all, virtio-net", "initrds", COUNTS,
                     lambda growth, x: growth.initrds(x, (64 << 20) // x)),
    "initrds-more": ("initrds of 4 MiB each, virtio-net", "initrds", COUNTS,
                     lambda growth, x: growth.initrds(x, 4 << 20)),
    "nics-e1000": ("cards, all in the network, e1000", "cards", (1, 2, 4, 8),
                   lambda growth, x: growth.nics(E1000, x, True)),
    "nics-virtio": ("cards, all in the network, virtio-net", "cards", (1, 2, 4, 8),
                    lambda growth, x: growth.nics(VIRTIO, x, True)),
    "nics-last": ("cards, only the last one in the network, virtio-net", "cards", (1, 2, 4, 8),
                  lambda growth, x: growth.nics(VIRTIO, x, False)),
    "script-lines": ("lines of a script", "lines", LINES,
                     lambda growth, x: growth.script(script_of_lines, x)),
    "script-loop": ("a loop behind so many lines, of so many rounds", "lines", LINES[:4],
                    lambda growth, x: growth.script(script_that_loops, x)),
    "settings": ("settings: set, read and clear each", "settings", (1, 10, 100, 1000, 10_000),
                 lambda growth, x: growth.script(script_of_settings, x)),
}


def exponent(points, series):
    """Slope over the larger half; none where all of it is shorter than what can be measured."""
    known = [(point["x"], point[series]) for point in points if point[series] >= 0.02]
    known = known[len(known) // 2:] if len(known) > 3 else known
    if len(known) < 2 or known[-1][1] < 0.05:
        return None
    logs = [(math.log(x), math.log(y)) for x, y in known]
    mean_x, mean_y = (sum(column) / len(logs) for column in zip(*logs))
    return (sum((x - mean_x) * (y - mean_y) for x, y in logs) /
            sum((x - mean_x) ** 2 for x, _ in logs))


def table(record):
    lines = []
    for name, (title, unit, _, _) in PARTS.items():
        if name not in record:
            continue
        points = record[name]["points"]
        series = [key for key in points[0] if key != "x"]
        lines += ["", f"**{title[0].upper()}{title[1:]}** ({record[name]['when']})", "",
                  f"| {unit} | {' | '.join(f'{point[chr(120)]:,}' for point in points)} | exponent |",
                  "|---" * (len(points) + 2) + "|"]
        for key in series:
            slope = exponent(points, key)
            cells = " | ".join(f"{point[key]:.2f}" for point in points)
            lines.append(f"| {key} | {cells} | {'-' if slope is None else f'{slope:.2f}'} |")
        lines += ["", f"![{title}](growth-{name}.png)"]
    return lines[1:]


def plot(record):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    for name, (title, unit, _, _) in PARTS.items():
        if name not in record:
            continue
        points = record[name]["points"]
        figure, axes = pyplot.subplots(figsize=(4.6, 3.1), dpi=80)
        x = [point["x"] for point in points]
        for key in (key for key in points[0] if key[-1] == "s"):   # seconds
            axes.plot(x, [max(point[key], 0.001) for point in points], "o-", ms=3, lw=1, label=key)
        top = points[-1][next(iter(key for key in points[0] if key != "x"))]
        axes.plot(x, [max(top * each / x[-1], 0.001) for each in x], "k:", lw=0.8, label="linear")
        axes.set(xscale="log", yscale="log", xlabel=unit, ylabel="seconds", title=title)
        axes.title.set_fontsize(8)
        axes.set_xticks(x, [f"{each:,}" for each in x])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
        axes.tick_params(labelsize=7)
        axes.legend(fontsize=6)
        figure.tight_layout()
        figure.savefig(os.path.join(HERE, f"growth-{name}.png"))
        pyplot.close(figure)


BEGIN, END = "<!-- growth begin -->", "<!-- growth end -->"


def write(record):
    path = os.path.join(HERE, "RESULTS.md")
    with open(path) as file:
        before, rest = file.read().split(BEGIN)
    with open(path, "w") as file:
        text = "\n".join(table(record))
        file.write(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")
    plot(record)


def measure(record, chosen):
    growth = Growth(os.path.join(BUILD, "growth"))
    try:
        for name in chosen:
            _, unit, points, one = PARTS[name]
            rows = []
            for x in points:
                rows.append({"x": x, **{key: round(value, 3) for key, value in one(growth, x).items()}})
                print(f"{name} {x} {unit}: " +
                      ", ".join(f"{key} {value:.2f}" for key, value in rows[-1].items() if key != "x"),
                      flush=True)
            when = f"{time.strftime('%Y-%m-%d')}, load average {os.getloadavg()[1]:.1f}"
            record[name] = {"when": when, "points": rows}
            with open(RECORD, "w") as file:
                json.dump(record, file, indent=1)
    finally:
        growth.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="parts whose name contains this")
    parser.add_argument("--plot", action="store_true", help="measure nothing")
    options = parser.parse_args()
    record = {}
    if os.path.exists(RECORD):
        with open(RECORD) as file:
            record = json.load(file)
    if not options.plot:
        measure(record, [name for name in PARTS if options.only in name])
    write(record)
    steep = [f"{name}: {key} {slope:.2f}" for name, part in record.items()
             for key in part["points"][0] if key != "x"
             for slope in [exponent(part["points"], key)] if slope and slope > 1.25]
    print("\n".join(["steeper than linear:", *steep] if steep else ["nothing is steeper than linear"]))


if __name__ == "__main__":
    main()
