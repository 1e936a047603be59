"""PXE boot programs of others, chained with our PXE API beneath them: each boots a kernel."""

import os
import subprocess

import pytest

import initramfs
from conftest import BUILD
from test_artifacts import expect_marker

# SeaBIOS mirrors what they print by the BIOS to the serial line without a screen.
PC = "pc,graphics=off"
SYSLINUX, PXELINUX = "/usr/lib/syslinux/modules/bios", "/usr/lib/PXELINUX"
CONFIG = """SERIAL 0 115200
DEFAULT go
LABEL go
  KERNEL kernel
  INITRD initrd
  APPEND from=pxelinux
"""


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


@pytest.mark.parametrize("nic, program", [
    ("e1000", "pxelinux.0"), ("e1000", "lpxelinux.0"), ("virtio-net-pci", "lpxelinux.0")])
def test_pxelinux(setup, data, nic, program):
    """pxelinux.0 uses our UDP, lpxelinux.0 has a stack of its own over our UNDI."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(11, 300_000)
    setup.dhcp(files={
        "boot.ipxe": f"#!ipxe\nchain {program}\n", program: read(PXELINUX, program),
        "ldlinux.c32": read(SYSLINUX, "ldlinux.c32"), "pxelinux.cfg/default": CONFIG,
        "kernel": kernel, "initrd": initrd})
    vm = setup.boot(nic=nic, machine=PC)
    vm.expect(rf"Starting {program} \(PXE boot program", 40)
    expect_marker(vm, kernel, initrd, "BOOT_IMAGE=kernel from=pxelinux initrd=initrd",
                  timeout=60)


def test_grub(setup, data):
    """GRUB's core image has a stack of its own over our UNDI, and asks INT 1Ah for the API."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(12, 300_000)
    config = os.path.join(setup.folder, "embedded.cfg")
    with open(config, "w", encoding="ascii") as out:
        out.write("linux16 (pxe)/kernel from=grub\ninitrd16 (pxe)/initrd\nboot\n")
    core = os.path.join(setup.folder, "core.0")
    subprocess.run(["grub-mkimage", "-O", "i386-pc-pxe", "-o", core, "-p", "(pxe)/grub",
                    "-c", config, "pxe", "tftp", "linux16", "boot"], check=True)
    setup.dhcp(files={"boot.ipxe": "#!ipxe\nchain core.0\n", "core.0": read(core),
                      "kernel": kernel, "initrd": initrd})
    vm = setup.boot(machine=PC)
    vm.expect(r"Starting core\.0 \(PXE boot program", 40)
    expect_marker(vm, kernel, initrd, "BOOT_IMAGE=(pxe)/kernel from=grub", timeout=60)


def test_undionly(setup, data):
    """iPXE drives the card by our UNDI."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(13, 300_000)
    setup.dhcp(
        "dhcp-match=set:hawser,224\ndhcp-boot=tag:!hawser,theirs.ipxe\n"
        "dhcp-boot=tag:hawser,boot.ipxe",
        files={"boot.ipxe": "#!ipxe\nchain undionly.kpxe\n",
               "undionly.kpxe": read("/usr/lib/ipxe/undionly.kpxe"),
               "theirs.ipxe": "#!ipxe\nkernel kernel ${net0/chip}\ninitrd initrd\nboot\n",
               "kernel": kernel, "initrd": initrd})
    vm = setup.boot(machine=PC)
    vm.expect(r"Starting undionly\.kpxe \(PXE boot program", 40)
    expect_marker(vm, kernel, initrd, "undionly", timeout=60)


def program(ax):
    """Code that returns `ax`."""
    return b"\xb8" + ax.to_bytes(2, "little") + b"\xcb" + bytes(100)


def test_programs_return(setup):
    """The script goes on, over the same card; so it does after one that cannot be started."""
    setup.dhcp(files={
        "boot.ipxe": "#!ipxe\nchain good.0 && echo after good\nchain bad.0 || echo after bad\n"
                     "chain huge.0 || echo after huge\nchain next.ipxe\n",
        "good.0": program(0), "bad.0": program(0x1234), "huge.0": b"\xfa" + bytes(600_000),
        "next.ipxe": "#!ipxe\necho and on\n"})
    vm = setup.boot()
    vm.expect(r"good\.0 returned with AX=0x0000", 40)
    vm.expect("after good", 10)
    vm.expect(r"bad\.0: the boot program returned with AX=0x1234", 10)
    vm.expect("after bad", 10)
    vm.expect(r"huge\.0: it needs 585\.\d KiB of base memory, and 5\d\d\.\d KiB are free", 10)
    vm.expect("after huge", 10)
    vm.expect("and on", 10)


def test_over_the_undi_of_another_rom(setup, data):
    """hawser.kpxe on a card that only the ROM drives; pxelinux.0 calls us, and we the ROM."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(14, 100_000)
    setup.dhcp("dhcp-match=set:hawser,224\ndhcp-boot=tag:!hawser,hawser.kpxe\n"
               "dhcp-boot=tag:hawser,boot.ipxe", files={
                   "hawser.kpxe": read(BUILD, "hawser.kpxe"),
                   "boot.ipxe": "#!ipxe\nchain pxelinux.0\n", "pxelinux.0": read(PXELINUX, "pxelinux.0"),
                   "ldlinux.c32": read(SYSLINUX, "ldlinux.c32"), "pxelinux.cfg/default": CONFIG,
                   "kernel": kernel, "initrd": initrd})
    vm = setup.machine(
        "-boot", "n", "-netdev", setup.lab.tap().replace(",", ",id=n0,", 1),
        "-device", "ne2k_pci,netdev=n0,mac=52:54:00:12:34:56", machine=PC, memory=256)
    vm.expect(r"Starting pxelinux\.0 \(PXE boot program", 60)
    expect_marker(vm, kernel, initrd, "BOOT_IMAGE=kernel from=pxelinux initrd=initrd", timeout=60)
