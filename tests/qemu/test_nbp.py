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


def grub_core(setup, commands, module):
    """GRUB for PXE that carries out `commands`, for which it needs `module`, and boots."""
    config, core = (os.path.join(setup.folder, name) for name in ("embedded.cfg", "core.0"))
    with open(config, "w", encoding="ascii") as out:
        out.write(commands + "boot\n")
    subprocess.run(["grub-mkimage", "-O", "i386-pc-pxe", "-o", core, "-p", "(pxe)/grub",
                    "-c", config, "pxe", "tftp", module, "boot"], check=True)
    return read(core)


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
    core = grub_core(setup, "linux16 (pxe)/kernel from=grub\ninitrd16 (pxe)/initrd\n", "linux16")
    setup.dhcp(files={"boot.ipxe": "#!ipxe\nchain core.0\n", "core.0": core, "kernel": kernel,
                      "initrd": initrd})
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


def test_pxelinux_fetches_by_http(setup, data):
    """pxelinux.0 has no HTTP of its own: it takes ours, by the extensions of the PXE API."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(15, 300_000)
    nginx = setup.nginx({"kernel": kernel, "initrd": initrd})
    config = CONFIG.replace("KERNEL kernel", "KERNEL http://10.77.0.1/kernel").replace(
        "INITRD initrd", "INITRD http://10.77.0.1/initrd")
    setup.dhcp(files={
        "boot.ipxe": "#!ipxe\nchain pxelinux.0\n", "pxelinux.0": read(PXELINUX, "pxelinux.0"),
        "ldlinux.c32": read(SYSLINUX, "ldlinux.c32"), "pxelinux.cfg/default": config})
    vm = setup.boot(machine=PC)
    vm.expect(r"Starting pxelinux\.0 \(PXE boot program", 40)
    expect_marker(vm, kernel, initrd, "BOOT_IMAGE=http://10.77.0.1/kernel from=pxelinux "
                  "initrd=http://10.77.0.1/initrd", timeout=60)
    assert {row[2] for row in nginx.requests()} == {"GET /kernel HTTP/1.1", "GET /initrd HTTP/1.1"}


# --- startpxe: what comes after us finds the PXE API ----------------------------------------------

def boot_with_disk(setup, data, script):
    """A machine whose disk's boot sector reads a file by the PXE API."""
    disk = os.path.join(setup.folder, "disk.img")
    with open(disk, "wb") as out:
        out.write(data("pxe_user.bin").ljust(1 << 20, b"\0"))
    setup.dhcp(files={"boot.ipxe": script, "hello": "hello by our API"})
    return setup.machine("-boot", "order=nc", *setup.nics(("e1000", setup.lab.tap())),
                         "-drive", f"file={disk},format=raw,if=ide", memory=128)


def test_a_disk_finds_the_pxe_api(setup, data):
    vm = boot_with_disk(setup, data, "#!ipxe\nstartpxe net0\nsanboot --drive 0x80\n")
    vm.expect("PXE-USER: hello by our API", 60)


def test_the_next_boot_device_finds_the_pxe_api(setup, data):
    vm = boot_with_disk(setup, data, "#!ipxe\nstartpxe\nexit\n")
    vm.expect("The PXE API stays for the next boot device", 60)
    vm.expect("PXE-USER: hello by our API", 60)


def test_stoppxe_takes_the_pxe_api_away(setup, data):
    vm = boot_with_disk(setup, data, "#!ipxe\nstartpxe\nstoppxe\nexit\n")
    vm.expect("PXE-USER: there is no PXE API", 60)


def program(ax):
    """Code that returns `ax`."""
    return b"\xb8" + ax.to_bytes(2, "little") + b"\xcb" + bytes(100)


def test_programs_return(setup, data):
    """The script goes on, over the same card; so it does after one that cannot be started."""
    setup.dhcp(files={
        "boot.ipxe": "#!ipxe\nchain good.0 && echo after good\nchain bad.0 || echo after bad\n"
                     "chain huge.0 || echo after huge\nchain noise.0 || echo after noise\n"
                     "chain page.0 || echo after page\nchain sector.0 || echo after sector\n"
                     "chain command.0 && echo after command\nchain next.ipxe\n",
        "good.0": program(0), "bad.0": program(0x1234), "huge.0": b"\xfa" + bytes(600_000),
        "noise.0": b"\xfa" + initramfs.noise(16, 40_000), "sector.0": data("pxe_user.bin"),
        "page.0": "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n",
        "command.0": data("pxe_command.bin") + b"\0",  # else it is a boot sector
        "next.ipxe": "#!ipxe\necho and on\n"})
    vm = setup.boot()
    vm.expect(r"good\.0 returned with AX=0x0000", 40)
    vm.expect("after good", 10)
    vm.expect(r"bad\.0: the boot program returned with AX=0x1234", 10)
    vm.expect("after bad", 10)
    vm.expect(r"huge\.0: it needs 585\.\d KiB of base memory, and 5\d\d\.\d KiB are free", 10)
    vm.expect("after huge", 10)
    vm.expect(r"noise\.0 .* is neither .*: it looks compressed or encrypted", 10)
    vm.expect("after noise", 10)
    vm.expect(r"page\.0 .* is neither .*: it looks like a web page", 10)
    vm.expect("after page", 10)
    vm.expect(r"sector\.0 .* is neither .*: it is a disk's boot sector", 10)
    vm.expect("after sector", 10)
    vm.expect(r"command\.0 asks for: echo in its place", 10)
    vm.expect(r"^in its place", 10)
    vm.expect("after command", 10)
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
