#!/usr/bin/python3
"""Measures Hawser beside Debian's iPXE option ROM in one run: the same QEMU, servers and script.

  make bench                         all scenarios, 5 runs of each, slow ones fewer: about 50 minutes
  tests/bench/bench.py --runs 2 --only http --no-write

First comes a table of the goals, and whether they are reached. Each run powers a machine on; its script downloads and boots the marker kernel, which reports the sums
of what it got (a run with wrong bytes is an error). Times are when lines came on the serial port.
Writes tests/bench/RESULTS.md, between its two marks, unless --no-write is given.
"""

import argparse
import dataclasses
import datetime
import hashlib
import os
import platform
import re
import shutil
import ssl
import statistics
import subprocess
import sys
from array import array

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, "tests", part) for part in ("qemu", "data")]
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
DEPS = os.path.join(ROOT, os.environ.get("DEPS", os.path.join("build", "deps")))

import initramfs  # noqa: E402
from conftest import OVMF_FILES  # noqa: E402
from far_link import FarLink  # noqa: E402
from lab import Lab, Nginx, dnsmasq  # noqa: E402
from machine import Machine  # noqa: E402
from tftp import Tftp  # noqa: E402

AGENTS = ("Hawser", "iPXE")
# iPXE's ROM carries the PCI ID of a virtio card without the legacy interface.
E1000, E1000E, VIRTIO = "e1000", "e1000e", "virtio-net-pci,disable-legacy=on"
IPXE = os.path.join(DEPS, "ipxe")
ROMS = {(E1000, "Hawser"): os.path.join(BUILD, "hawser-8086-100e.rom"),
        (E1000, "iPXE"): os.path.join(IPXE, "pxe-e1000.rom"),
        (E1000E, "Hawser"): os.path.join(BUILD, "hawser-8086-10d3.rom"),
        (E1000E, "iPXE"): os.path.join(IPXE, "pxe-e1000e.rom"),
        (VIRTIO, "Hawser"): os.path.join(BUILD, "hawser-1af4-1041.rom"),
        (VIRTIO, "iPXE"): os.path.join(IPXE, "pxe-virtio.rom")}
WHOLE_ROM, SMALL_ROM = (os.path.join(BUILD, f"hawser-8086-100e{end}") for end in (".biosrom", "-small.rom"))
# What a PXE ROM or UEFI firmware is told to load.
PROGRAMS = {("kpxe", "Hawser"): os.path.join(BUILD, "hawser.kpxe"),
            ("kpxe", "iPXE"): os.path.join(IPXE, "undionly.kpxe"),
            ("efi", "Hawser"): os.path.join(BUILD, "hawser.efi"),
            ("efi", "iPXE"): os.path.join(IPXE, "snponly.efi")}
WINDOWED = "tftp://{server}:6969"   # our own server: Debian's dnsmasq knows no windows
TFTP, HTTP, HTTPS = "tftp://{server}", "http://{server}", "https://{server}"
FORGETFUL = "https://{server}:444"  # closes after each file, and takes no session up again
ELEVEN = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16)


@dataclasses.dataclass
class Scenario:
    base: str               # where from
    initrds: tuple = ()     # MiB of each
    nic: str = E1000
    start: str = "rom"      # or our small ROM: small; or what a ROM or firmware loads: kpxe, efi
    round_trip: float = 0   # seconds that the network adds
    loss: float = 0         # of each frame, each way
    control: str = "cubic"  # the server's congestion control: Linux's own, or bbr
    cpu: str = "qemu64"
    handshakes: int = 0     # of small files, each on a connection of its own
    ours_alone: bool = False
    most_runs: int = 9
    seconds: int = 12       # that one run of both agents takes on a quiet machine, roughly


SCENARIOS = {
    "boot-tftp": Scenario(TFTP), "boot-http": Scenario(HTTP),
    "tftp-64": Scenario(TFTP, (64,), seconds=20),
    "tftp-256": Scenario(TFTP, (256,), seconds=40, most_runs=3),
    "tftp-window-64": Scenario(WINDOWED, (64,), seconds=15),
    "tftp-window-256": Scenario(WINDOWED, (256,), seconds=26, most_runs=3),
    "http-64": Scenario(HTTP, (64,)), "http-256": Scenario(HTTP, (256,), seconds=18),
    "bbr-http-256": Scenario(HTTP, (256,), control="bbr", seconds=16),
    "http-11-initrds": Scenario(HTTP, ELEVEN),
    # iPXE's ROM cannot be made to trust a root of ours, its undionly.kpxe can: see RESULTS.md.
    "https-64": Scenario(HTTPS, (64,), ours_alone=True),
    "https-aesni-64": Scenario(HTTPS, (64,), cpu="max", ours_alone=True),
    "small-boot-http": Scenario(HTTP, start="small"),
    "small-http-256": Scenario(HTTP, (256,), start="small", seconds=18),
    "small-https-64": Scenario(HTTPS, (64,), start="small", ours_alone=True),
    "e1000e-http-256": Scenario(HTTP, (256,), nic=E1000E, seconds=18),
    "virtio-boot-http": Scenario(HTTP, nic=VIRTIO),
    "virtio-tftp-window-64": Scenario(WINDOWED, (64,), nic=VIRTIO, seconds=16),
    "virtio-http-64": Scenario(HTTP, (64,), nic=VIRTIO),
    "virtio-http-256": Scenario(HTTP, (256,), nic=VIRTIO),
    "kpxe-boot-http": Scenario(HTTP, start="kpxe"),
    "kpxe-e1000e-boot-http": Scenario(HTTP, nic=E1000E, start="kpxe"),
    "kpxe-virtio-boot-http": Scenario(HTTP, nic=VIRTIO, start="kpxe"),
    "kpxe-https-64": Scenario(HTTPS, (64,), start="kpxe", seconds=45),
    "kpxe-https-aesni-64": Scenario(HTTPS, (64,), start="kpxe", cpu="max", seconds=40),
    "kpxe-handshakes": Scenario(FORGETFUL, start="kpxe", handshakes=20, seconds=20),
    "efi-boot-http": Scenario(HTTP, nic=VIRTIO, start="efi", seconds=35),
    "far-tftp-window-4": Scenario(WINDOWED, (4,), round_trip=0.02, seconds=100, most_runs=3),
    "far-http-16": Scenario(HTTP, (16,), round_trip=0.02, control="bbr", seconds=18),
    "far-lossy-http-16": Scenario(HTTP, (16,), round_trip=0.02, loss=0.01, control="bbr", seconds=32),
    "far-lossy-cubic-http-16": Scenario(HTTP, (16,), round_trip=0.02, loss=0.01, seconds=60, most_runs=3),
}
# What is to be reached: scenario, measure, how many times better than iPXE, or this rate (MiB/s).
GOALS = (
    ("power-on to kernel, HTTP, e1000", "boot-http", "entry", 3, None),
    ("power-on to kernel, TFTP that stops and waits", "boot-tftp", "entry", 2, None),
    ("256 MiB by HTTP, e1000, request to kernel", "http-256", "whole", 3, 100),
    ("the same, the server with BBR", "bbr-http-256", "whole", 3, 100),
    ("256 MiB by HTTP, virtio-net, request to kernel", "virtio-http-256", "whole", 5, 200),
    ("last byte to kernel, 11 initrds", "http-11-initrds", "tail", 20, None),
    ("64 MiB by HTTPS, CPU without AES", "kpxe-https-64", "download", 8, 25),
    ("64 MiB by HTTPS, CPU with AES-NI", "kpxe-https-aesni-64", "download", 8, 25),
    ("TFTP windows at 20 ms", "far-tftp-window-4", "download", 30, None),
    ("HTTP at 20 ms, 1 % lost each way, BBR", "far-lossy-http-16", "download", 2, None),
    ("the same, cubic", "far-lossy-cubic-http-16", "download", 2, None),
    ("hawser.kpxe beside undionly.kpxe, HTTP, e1000", "kpxe-boot-http", "entry", 6, None),
    ("the same, e1000e", "kpxe-e1000e-boot-http", "entry", 6, None),
    ("the same, virtio-net", "kpxe-virtio-boot-http", "entry", 6, None),
    ("UEFI, script and kernel", "efi-boot-http", "entry", 1 / 0.6, None),
)
SMALLEST, LARGEST = 160 << 10, 256 << 10   # of an e1000 ROM with HTTPS: the goal, and what is too much
# ROMs and programs of both agents get the script; UEFI firmware gets the program first.
BOOT_CONFIG = """
dhcp-userclass=set:agent,iPXE
dhcp-boot=tag:!agent,agent
dhcp-boot=tag:agent,boot.ipxe
dhcp-option-force=encap:175,90,{trust}
"""
MEASURES = {"entry": "power-on to entry s", "download": "download s", "rate": "MiB/s",
            "tail": "last byte to entry s", "cpu": "QEMU CPU s to entry"}
HANDSHAKE_MEASURES = {"each": "s for each", "each_cpu": "QEMU CPU s for each"}
# The agent that was chained tells itself from the ROM's by what it is called or by its driver.
CHAINED = """#!ipxe
isset ${{feature/script}} || iseq ${{net0/chip}} undionly || chain tftp://{server}/agent || shell
"""


def word_sum(data):
    words = array("I")
    words.frombytes(data)
    return sum(words) & 0xFFFFFFFF


class Bench:
    def __init__(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        self.folder = folder
        self.files = os.path.join(folder, "files")
        os.makedirs(self.files)
        data = os.path.join(BUILD, "test-data")
        subprocess.run([os.path.join(ROOT, "tests", "data", "build.sh"), data], check=True)
        shutil.copy(os.path.join(data, "marker.bzimage"), self.files)
        with open(os.path.join(self.files, "marker.bzimage"), "rb") as file:
            self.kernel_sum = word_sum(file.read()[8192:])
        self.sums, bodies = {0: 0}, {}
        for size in sorted({size for scenario in SCENARIOS.values() for size in scenario.initrds}):
            bodies[f"initrd{size}"] = initramfs.noise(size, size * 2**20)
            self.sums[size] = word_sum(bodies[f"initrd{size}"])
            with open(os.path.join(self.files, f"initrd{size}"), "wb") as file:
                file.write(bodies[f"initrd{size}"])
        certificates = os.path.join(folder, "certificates")
        subprocess.run([os.path.join(ROOT, "tests", "data", "certificates.sh"), certificates],
                       check=True)
        with open(os.path.join(self.files, "small"), "wb") as file:
            file.write(initramfs.noise(1, 1000))
        with open(os.path.join(certificates, "rsaroot.crt")) as file:
            self.trust = hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).digest().hex(":")
        self.lab = Lab(folder)
        self.servers = [
            dnsmasq(self.lab, folder, BOOT_CONFIG.format(trust=self.trust), self.files),
            Nginx(self.lab, folder, self.files, certificates, [
                {"port": 443, "name": "allrsa"},
                {"port": 444, "name": "allrsa", "cache": "off",
                 "extra": "keepalive_timeout 0; ssl_session_tickets off;"}]),
            Tftp(self.lab, bodies)]

    def close(self):
        for server in self.servers:
            server.stop()
        self.lab.close()
        shutil.rmtree(self.files, ignore_errors=True)

    def script(self, scenario, agent):
        """What the agent runs. The kernel comes first, so that nothing is left to fetch at the end."""
        base = scenario.base.format(server=self.lab.ADDRESS)
        lines = []
        if scenario.base.startswith("https"):
            lines.append(f"set trust {self.trust}")
        if scenario.start == "efi":   # the marker kernel knows no UEFI: its bytes are all
            return lines + [f"imgfetch {base}/marker.bzimage", "echo BENCH whole"]
        kernel_base = HTTP.format(server=self.lab.ADDRESS) if scenario.round_trip else base
        lines.append(f"kernel {kernel_base.replace(':6969', '')}/marker.bzimage")
        lines.append("echo BENCH begin")
        lines += [f"initrd {base}/initrd{size}" for size in scenario.initrds]
        lines += [f"imgfetch --name f{n} {base}/small" for n in range(scenario.handshakes)]
        return lines + ["echo BENCH end; what follows may be cut off", "boot"]

    def arguments(self, scenario, agent, netdev, folder):
        args = ["-cpu", scenario.cpu, "-m", 1024, "-vga", "none", "-netdev", netdev + ",id=n0"]
        rom = ROMS[scenario.nic, agent]
        if scenario.start == "small" and agent == "Hawser":
            rom = SMALL_ROM
        if scenario.start == "kpxe":
            rom = ROMS[scenario.nic, "iPXE"]   # a PXE ROM that is neither's gain
        if scenario.start == "efi":
            rom = ""
            variables = os.path.join(folder, "variables.fd")
            os.makedirs(folder, exist_ok=True)
            shutil.copyfile(OVMF_FILES[False][1], variables)
            args += ["-machine", "q35",
                     "-drive", f"if=pflash,format=raw,readonly=on,file={OVMF_FILES[False][0]}",
                     "-drive", f"if=pflash,format=raw,file={variables}"]
        else:
            args += ["-machine", "pc,graphics=off", "-boot", "n"]
        return args + ["-device", f"{scenario.nic},netdev=n0,romfile={rom}"]

    def run(self, agent, name, number):
        """One boot; its measures."""
        scenario = SCENARIOS[name]
        head = CHAINED.format(server=self.lab.ADDRESS) if scenario.start == "kpxe" else "#!ipxe\n"
        with open(os.path.join(self.files, "boot.ipxe"), "w") as script:
            script.write(head + "\n".join(self.script(scenario, agent)) + "\n")
        if (scenario.start, agent) in PROGRAMS:
            shutil.copy(PROGRAMS[scenario.start, agent], os.path.join(self.files, "agent"))
        self.lab.congestion_control(scenario.control)
        far = scenario.round_trip and FarLink(self.lab, scenario.round_trip, scenario.loss)
        folder = os.path.join(self.folder, f"{name}-{agent}-{number}")
        args = self.arguments(scenario, agent, far.netdev if far else self.lab.tap(), folder)
        try:
            with Machine(folder, args, self.lab.name) as machine:
                return self.measure(machine, scenario, folder)
        finally:
            if far:
                far.close()

    def measure(self, machine, scenario, folder):
        if scenario.start == "efi":
            entry = machine.expect("^BENCH whole", 120).at
            return {"entry": entry, "cpu": machine.cpu_seconds(), "download": None, "rate": None,
                    "tail": None}
        # What a ROM does before it loads the program is not the program's time.
        start = machine.expect("/agent\\.\\.\\.", 60).at if scenario.start == "kpxe" else 0
        begin = machine.expect("^BENCH begin", 120).at
        cpu = machine.cpu_seconds()
        end = machine.expect("^BENCH end", 400).at
        if scenario.handshakes:
            return {"each": (end - begin) / scenario.handshakes,
                    "each_cpu": (machine.cpu_seconds() - cpu) / scenario.handshakes}
        entry = machine.expect("MARKER real-mode entry", 90).at
        cpu = machine.cpu_seconds()
        sums = machine.expect(r"initrd_sum=(\w+) payload_sum=(\w+)\n", 60)
        size = sum(scenario.initrds)
        expected = sum(self.sums[each] for each in scenario.initrds) & 0xffffffff
        got = (int(sums[1], 16), int(sums[2], 16))
        assert got == (expected, self.kernel_sum), f"{folder}: wrong bytes arrived"
        return {"entry": entry - start, "cpu": cpu, "tail": entry - end,
                "whole": entry - begin if size else None,
                "download": end - begin if size else None,
                "rate": size / (end - begin) if size else None}


def median(rows, measure):
    values = [row[measure] for row in rows if row.get(measure) is not None]
    return statistics.median(values) if values else None


def cell(rows, measure):
    values = sorted(row[measure] for row in rows if row.get(measure) is not None)
    if not values:
        return "-"
    return f"{statistics.median(values):.2f} ({values[0]:.2f}-{values[-1]:.2f})"


def ratio(ours, theirs, measure):
    """How many times better Hawser is: above 1 is good, for rates and for times."""
    mine, other = median(ours, measure), median(theirs, measure)
    if not mine or not other:
        return "-"
    return f"{mine / other if measure == 'rate' else other / mine:.1f}"


def table(results, measures):
    lines = [f"| scenario | agent | {' | '.join(measures.values())} |",
             "|---" * (2 + len(measures)) + "|"]
    for scenario, by_agent in results.items():
        for agent, rows in by_agent.items():
            lines.append(f"| {scenario} | {agent} | " +
                         " | ".join(cell(rows, measure) for measure in measures) + " |")
        if len(by_agent) == 2 and all(by_agent.values()):
            ours, theirs = by_agent["Hawser"], by_agent["iPXE"]
            lines.append("| | *times better* | " +
                         " | ".join(ratio(ours, theirs, measure) for measure in measures) + " |")
    return lines


def tables(results):
    """That of boots, and that of handshakes."""
    boots = {name: rows for name, rows in results.items() if not SCENARIOS[name].handshakes}
    others = {name: rows for name, rows in results.items() if SCENARIOS[name].handshakes}
    return [*(table(boots, MEASURES) if boots else []), "",
            *(table(others, HANDSHAKE_MEASURES) if others else [])]


def goals(results):
    """A row for each goal that was measured: how far it was reached."""
    lines = ["| goal | at least | reached | met |", "|---|---|---|---|"]
    for text, name, measure, times, rate in GOALS:
        by_agent = results.get(name, {})
        ours, theirs = by_agent.get("Hawser"), by_agent.get("iPXE")
        mine, other = median(ours or [], measure), median(theirs or [], measure)
        if not mine:
            continue
        wanted = f"{times:.1f} times better" + (f", or {rate} MiB/s" if rate else "")
        got = [f"{other / mine:.1f} times"] if other else []
        reached = bool(other) and other / mine >= times
        if rate:
            got.append(f"{median(ours, 'rate'):.0f} MiB/s")
            reached |= median(ours, "rate") >= rate
        lines.append(f"| {text} | {wanted} | {', '.join(got)} | {'yes' if reached else 'no'} |")
    for text, path in (("with all there is", WHOLE_ROM), ("small", SMALL_ROM)):
        rom = os.path.getsize(path)
        lines.append(f"| e1000 ROM with HTTPS, {text} | {LARGEST} bytes at most, {SMALLEST} the aim | {rom} | "
                     f"{'yes' if rom <= LARGEST else 'no'} |")
    return lines


def sizes():
    lines = ["| artifact | bytes | resident in the option-ROM area |", "|---|---|---|"]
    for name, path in (("hawser-8086-100e-small.rom", SMALL_ROM),
                       ("hawser-8086-100e.biosrom", WHOLE_ROM),
                       ("hawser-8086-100e.rom", ROMS[E1000, "Hawser"]),
                       ("hawser.lkrn", os.path.join(BUILD, "hawser.lkrn")),
                       ("hawser.kpxe", PROGRAMS["kpxe", "Hawser"]),
                       ("hawser.efi", PROGRAMS["efi", "Hawser"]),
                       ("iPXE pxe-e1000.rom", ROMS[E1000, "iPXE"]),
                       ("iPXE pxe-virtio.rom", ROMS[VIRTIO, "iPXE"]),
                       ("iPXE undionly.kpxe", PROGRAMS["kpxe", "iPXE"]),
                       ("iPXE snponly.efi", PROGRAMS["efi", "iPXE"])):
        with open(path, "rb") as file:
            data = file.read()
        resident = str(data[2] * 512) if data[:2] == b"\x55\xaa" else "-"
        if name.startswith("iPXE") and resident != "-":
            resident += " before it shrinks itself"
        lines.append(f"| {name} | {len(data)} | {resident} |")
    return lines


def cpu_model():
    with open("/proc/cpuinfo") as file:
        return re.search(r"model name\s*: (.*)", file.read())[1]


def report(results, runs):
    qemu = subprocess.run(["qemu-system-x86_64", "--version"], stdout=subprocess.PIPE, text=True)
    version = re.search(r"version (\S+)", qemu.stdout)[1]
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"],
                            stdout=subprocess.PIPE, text=True).stdout.strip()
    return "\n".join([
        f"Command: `tests/bench/bench.py --runs {runs}` (agents in turn; median and range). "
        f"{datetime.date.today()}, commit {commit or 'unknown'}. Load average of the machine "
        f"at the end: {os.getloadavg()[1]:.1f}.",
        "",
        f"QEMU {version} TCG, machine pc, 1 GiB, e1000 or virtio-net-pci (virtio-*), tap; "
        f"dnsmasq, nginx; "
        f"{os.cpu_count()} x {cpu_model()}, Linux {platform.release().split('-')[0]}. "
        f"iPXE: the ROM of Debian trixie's ipxe-qemu, with its banner waits.",
        "", "Scenarios: `boot-*` script and a 10 MiB kernel; `*-64`, `*-256` an initrd of so many "
        "MiB too; `tftp` from dnsmasq (one block at a time), `tftp-window` from a server with "
        "RFC 7440 windows; `https` from nginx with an RSA-2048 certificate (`aesni`: a CPU that has AES "
        "instructions); `kpxe` chained by iPXE's ROM, from the moment that it asks for the program; `efi` by OVMF and its driver of the card, to the "
        "kernel's last byte; `small` the small ROM; `far` 20 ms round trip, `lossy` 1 % of frames lost each way. The "
        "server's TCP has cubic, as Linux has it, but for `bbr`, `far-http` and `far-lossy-http`. Every download "
        "is summed up in the guest. `handshakes`: 20 files of 1000 bytes, each on a connection of its own "
        "and with a full handshake, RSA-2048; iPXE has TLS 1.2, Hawser 1.3.", "", *goals(results), "",
        *tables(results), "", *sizes(), ""])


BEGIN, END = "<!-- bench begin -->", "<!-- bench end -->"


def write(text):
    path = os.path.join(HERE, "RESULTS.md")
    with open(path) as file:
        before, rest = file.read().split(BEGIN)
    with open(path, "w") as file:
        file.write(f"{before}{BEGIN}\n{text}{END}{rest.split(END)[1]}")
    print(f"written to {os.path.relpath(path, ROOT)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each (default 5)")
    parser.add_argument("--only", default="", help="scenarios whose name contains this")
    parser.add_argument("--agent", choices=AGENTS, help="measure just one")
    parser.add_argument("--no-write", action="store_true", help="leave RESULTS.md alone")
    options = parser.parse_args()
    chosen = [name for name in SCENARIOS if options.only in name]
    agents = [options.agent] if options.agent else list(AGENTS)
    for path in [*ROMS.values(), *PROGRAMS.values()]:
        assert os.path.exists(path), f"{path} is missing: run make"
    results = {name: {agent: [] for agent in agents
                      if agent == "Hawser" or not SCENARIOS[name].ours_alone}
               for name in chosen}
    both = len(agents) == len(AGENTS)
    seconds = sum(SCENARIOS[name].seconds * min(options.runs, SCENARIOS[name].most_runs)
                  for name in chosen) // (1 if both else 2)
    print(f"about {seconds // 60 + 1} minutes on a quiet machine")
    bench = Bench(os.path.join(BUILD, "bench"))
    try:
        for number in range(1, options.runs + 1):
            for name in chosen:
                for agent in results[name] if number <= SCENARIOS[name].most_runs else ():
                    print(f"run {number}/{options.runs} {name:16} {agent:7}", end=" ", flush=True)
                    row = bench.run(agent, name, number)
                    results[name][agent].append(row)
                    print(", ".join(f"{measure} {value:.2f}" for measure, value in row.items()
                                    if value is not None))
    finally:
        bench.close()
    print("\n".join(["", *goals(results), "", *tables(results), "", *sizes()]))
    whole = set(chosen) == set(SCENARIOS) and both
    if whole and not options.no_write:
        write(report(results, options.runs))


if __name__ == "__main__":
    main()
