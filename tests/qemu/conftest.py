"""Fixtures of the end-to-end tests. README.md in tests/ tells what they need and how to run one."""

import fcntl
import functools
import os
import re
import shutil
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
DEPS = os.path.join(ROOT, os.environ.get("DEPS", os.path.join("build", "deps")))
sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "data")]

import ovmf  # noqa: E402
from lab import Lab, LabError, Nginx, SEED_CONFIG, dnsmasq  # noqa: E402
from machine import Machine  # noqa: E402
from proxy import Proxy  # noqa: E402
from sniffer import Sniffer  # noqa: E402
from tftp import Tftp  # noqa: E402
from vlan import Vlan  # noqa: E402
from web import Web  # noqa: E402

# Another ROM can be tested in place of ours, to find out whether a test or the agent is wrong. One
# that prints by the BIOS only is seen on the serial port when SeaBIOS has no screen.
OTHER_ROM = os.environ.get("HAWSER_TEST_ROM")
# After a line end, or where the cursor was taken back to the left margin.
PROMPT = r"(?:^|[\r\b])(?:hawser|iPXE)> "
DEVICE_IDS = {  # by QEMU's model and its options
    "e1000": "8086-100e", "e1000-82545em": "8086-100f", "e1000e": "8086-10d3",
    "virtio-net-pci": "1af4-1000", "virtio-net-pci,disable-modern=on": "1af4-1000",
    "virtio-net-pci,disable-legacy=on,iommu_platform=on": "1af4-1041",
    "igb": "8086-10c9",
    "vmxnet3": "15ad-07b0", "rtl8139": "10ec-8139", "pcnet": "1022-2000"}
NEWER_QEMU = os.path.join(DEPS, "qemu", "qemu-system-x86_64")  # Debian 12's has no igb
# Tests run in several processes; what they make for themselves goes into folders of their own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
TEST_DATA = os.path.join(BUILD, "test-data", WORKER)
# OVMF, of Debian's package: the code, and the variables of a machine that was never switched on; with
# Secure Boot they hold a key that everybody has.
OVMF = "/usr/share/OVMF/OVMF_"
OVMF_FILES = {False: (OVMF + "CODE_4M.fd", OVMF + "VARS_4M.fd"),
              True: (OVMF + "CODE_4M.secboot.fd", OVMF + "VARS_4M.snakeoil.fd")}
DEBUG_EXIT = 33  # QEMU's exit status when one of our test kernels is done


def write_files(folder, files):
    """Writes {path: bytes or text} below `folder`, which is made."""
    for path, data in files.items():
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as out:
            out.write(data.encode() if isinstance(data, str) else data)
    return folder


@functools.lru_cache(maxsize=None)
def rom_for(nic):
    """The option ROM for a NIC model of QEMU. `make` has built that for e1000; others are built here,
    once in a run, so that none is older than the code."""
    if OTHER_ROM:
        return OTHER_ROM
    vendor, device = DEVICE_IDS[nic].split("-")
    path = os.path.join(BUILD, f"hawser-{vendor}-{device}.rom")
    if nic != "e1000":
        with open(os.path.join(BUILD, "rom.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            made = subprocess.run(
                ["make", "-C", ROOT, "rom", f"VENDOR={vendor}", f"DEVICE={device}",
                 *(f"{name}={os.environ[name]}" for name in ("BUILD", "DEPS")
                   if name in os.environ)],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert made.returncode == 0, f"make rom: {made.stdout[-2000:]}"
    assert os.path.exists(path), f"{path} is missing: run make"
    return path


def hawser_efi():
    with open(os.path.join(BUILD, "hawser.efi"), "rb") as file:
        return file.read()


class Setup:
    """What a test works with: a folder, servers and machines, which all end with it."""

    def __init__(self, lab, folder):
        self.lab = lab
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        self.folder = folder
        self._ending = []
        self._machines = 0

    def close(self):
        for thing in reversed(self._ending):
            thing.stop()

    def _keep(self, thing):
        self._ending.append(thing)
        return thing

    # --- servers ----------------------------------------------------------------------------------

    def dhcp(self, boot=SEED_CONFIG, files=None, **options):
        """dnsmasq; `files` are served by its TFTP server."""
        root = files and write_files(os.path.join(self.folder, "tftp"), files)
        return self._keep(dnsmasq(self.lab, self.folder, boot, root, **options))

    def nginx(self, files, **options):
        root = write_files(os.path.join(self.folder, "www"), files)
        return self._keep(Nginx(self.lab, self.folder, root, **options))

    def web(self, **options):
        return self._keep(Web(self.lab, **options))

    def proxy(self, digest, **options):
        return self._keep(Proxy(self.lab, digest, **options))

    def tftp(self, files, **options):
        return self._keep(Tftp(self.lab, files, **options))

    def vlan(self, number):
        return self._keep(Vlan(self.lab, number))

    def sniffer(self, interface="tap0"):
        return self._keep(Sniffer(self.lab, interface))

    # --- machines ---------------------------------------------------------------------------------

    def machine(self, *args, machine="pc", memory=512):
        """QEMU with our debug exit and a VGA card; `args` are the rest."""
        self._machines += 1
        folder = os.path.join(self.folder, f"machine{self._machines}")
        shown = machine + (",graphics=off" if OTHER_ROM else "")
        args = ["-machine", shown, "-m", memory, "-vga", "none" if OTHER_ROM else "std",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04", *args]
        newer = any(str(arg).startswith("igb,") for arg in args)
        return self._keep(Machine(folder, args, self.lab.name, qemu=NEWER_QEMU if newer else None))

    def uefi(self, *args, machine="q35", memory=256, secure_boot=False, variables_of_firmware=()):
        """A machine with UEFI firmware, whose console is on the serial port too. The firmware knows
        variables before it starts: (name, GUID, value)."""
        variables = os.path.join(self.folder, f"variables{self._machines + 1}.fd")
        code, original = OVMF_FILES[secure_boot]
        shutil.copyfile(original, variables)
        for variable in variables_of_firmware:
            ovmf.add_variable(variables, *variable)
        if secure_boot:
            machine += ",smm=on"
            args = ["-global", "driver=cfi.pflash01,property=secure,value=on", *args]
        return self.machine("-drive", f"if=pflash,format=raw,readonly=on,file={code}",
                            "-drive", f"if=pflash,format=raw,file={variables}", *args,
                            machine=machine, memory=memory)

    def esp(self, files, program="EFI/BOOT/BOOTX64.EFI"):
        """QEMU's arguments for a disk to boot from, with hawser.efi as `program` and `files`."""
        root = write_files(os.path.join(self.folder, "esp"), {program: hawser_efi(), **files})
        return ["-drive", f"if=none,id=esp,format=raw,file=fat:rw:{root}",
                "-device", "virtio-blk-pci,drive=esp,bootindex=0"]

    def uefi_disk(self, files, *args, options="", **machine):
        """A machine whose firmware starts hawser.efi from a disk and looks for nothing else, which is
        done in a third of the time. With `options` as load options of the program."""
        name = "EFI/BOOT/BOOTX64.EFI"
        return self.uefi(*self.esp(files, name), *args, **machine, variables_of_firmware=(
            ovmf.boot_next(ovmf.file_path(name), options)))

    def uefi_shell(self, lines, *args):
        """The same for the firmware's shell, which runs `lines`; fs0:\\hawser.efi is there."""
        text = "\r\n".join(["@echo -off", *lines, ""])
        return self.uefi(*self.esp({"startup.nsh": text}, "hawser.efi"), *args,
                         variables_of_firmware=ovmf.boot_shell())

    def nics(self, *nics, roms=True):
        """QEMU's arguments for NICs, each (model, netdev); MAC addresses 52:54:00:12:34:56, :57…"""
        args = []
        for index, (model, netdev) in enumerate(nics):
            rom = f",romfile={rom_for(model) if roms else ''}"
            args += ["-netdev", netdev.replace(",", f",id=n{index},", 1),
                     "-device", f"{model},netdev=n{index},mac=52:54:00:12:34:{0x56 + index:02x}"
                     + rom]
        return args

    def boot(self, *args, nic="e1000", netdev=None, machine="pc", memory=512):
        """A machine that boots from the ROM of its one NIC, on the laboratory's network."""
        return self.machine("-boot", "n", *self.nics((nic, netdev or self.lab.tap())), *args,
                            machine=machine, memory=memory)

    def program(self, command, environment):
        """A program that becomes QEMU, run from the top folder."""
        folder = os.path.join(self.folder, "machine1")
        words = ["env", "-C", ROOT, *(f"{name}={value}" for name, value in environment.items())]
        return self._keep(Machine(folder, [], command=words + command))

    def slirp(self, files, bootfile="boot.ipxe"):
        """QEMU's built-in DHCP and TFTP server: a -netdev value."""
        root = write_files(os.path.join(self.folder, "slirp"), files)
        return f"user,tftp={root},bootfile={bootfile},restrict=off"

    def shell(self, script="#!ipxe\nshell\n", **options):
        """A machine at the agent's prompt, with a lease, and how to talk to it."""
        self.dhcp(files={"boot.ipxe": script})
        return Shell(self.boot(**options))


class Shell:
    """The agent's interactive prompt on the serial line."""

    def __init__(self, machine):
        self.machine = machine
        machine.expect(PROMPT, 40)

    def run(self, line, timeout=30):
        """Types a command; what it printed until the next prompt."""
        start = len(self.machine.text)
        self.machine.type(line + "\r")
        self.machine.expect(PROMPT, timeout)
        return self.machine.text[start:].split("\n", 1)[-1].rsplit("\n", 1)[0]

    def alive(self):
        """The agent goes on: it still does what it is told."""
        assert "still here" in self.run("echo still here")


@pytest.fixture(scope="session")
def lab():
    try:
        lab = Lab(os.path.join(BUILD, "test-logs"))
    except LabError as error:
        pytest.fail(str(error), pytrace=False)
    yield lab
    lab.close()


def _folder(request, suffix=""):
    name = re.sub(r"[^\w.-]+", "-", request.node.nodeid.split("/")[-1]).strip("-")
    return os.path.join(BUILD, "test-logs", name + suffix)


@pytest.fixture
def setup(lab, request):
    """Servers and machines for one test."""
    setup = Setup(lab, _folder(request))
    try:
        yield setup
    finally:
        setup.close()


@pytest.fixture(scope="module")
def shared(lab, request):
    """Servers and machines for the tests of a file that run in this process."""
    setup = Setup(lab, _folder(request, f"-{WORKER}"))
    try:
        yield setup
    finally:
        setup.close()


@pytest.fixture(scope="session")
def guests():
    """Folder of the systems that set-up fetched: kernel/vmlinuz, xen/xen.gz, memtest/memtest."""
    assert os.path.isdir(os.path.join(DEPS, "kernel")), f"{DEPS}/kernel: run scripts/setup all"
    return DEPS


@pytest.fixture(scope="session")
def certificates():
    """Folder of the certificates that tests/data/certificates.sh makes."""
    folder = os.path.join(TEST_DATA, "certificates")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([os.path.join(ROOT, "tests", "data", "certificates.sh"), folder], check=True)
    return folder


@pytest.fixture(scope="session")
def data():
    """Reads a test kernel of tests/data by name."""
    folder = TEST_DATA
    subprocess.run([os.path.join(ROOT, "tests", "data", "build.sh"), folder], check=True)

    def read(name):
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()

    return read
