"""The files that are built: the option ROM on many machines, and the .lkrn from other loaders."""

import os
import re
import struct
import subprocess

import pytest

import initramfs
from conftest import BUILD, DEBUG_EXIT, rom_for, write_files

LKRN = os.path.join(BUILD, "hawser.lkrn")


def word_sum(data):
    data += bytes(-len(data) % 4)
    return sum(struct.unpack(f"<{len(data) // 4}I", data)) & 0xFFFFFFFF


def expect_marker(machine, kernel, initrd, cmdline, timeout=60):
    """The marker kernel was entered with this initrd and command line, all of it intact."""
    machine.expect("MARKER real-mode entry", timeout)
    line = machine.expect(r"^MARKER loader=(\w+) initrd=(\w+) initrd_bytes=(\w+) initrd_sum=(\w+) "
                          r"payload_sum=(\w+)\n", 30)
    assert int(line[3], 16) == len(initrd)
    assert int(line[4], 16) == word_sum(initrd)
    assert int(line[5], 16) == word_sum(kernel[8192:])
    assert machine.expect(r"cmdline=\[(.*)\]\n")[1] == cmdline
    assert machine.wait_end() == DEBUG_EXIT
    return line


MACHINES = [  # machine, MiB of RAM, network cards
    ("pc", 64, ["e1000"]),
    ("pc", 8192, ["e1000", "e1000"]),
    ("pc", 512, ["e1000-82545em"]),
    ("q35", 64, ["e1000", "e1000"]),
    ("q35", 8192, ["e1000"]),
    ("q35", 3072, ["e1000e"]),
    ("q35", 2048, ["e1000e", "e1000"]),
    ("pc", 64, ["virtio-net-pci"]),
    ("q35", 8192, ["virtio-net-pci", "e1000"]),
]


@pytest.mark.parametrize("machine, memory, nics", MACHINES)
def test_rom_boots_on(setup, data, machine, memory, nics):
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(7, 3_000_003)
    setup.dhcp(files={"kernel": kernel, "initrd": initrd,
                      "boot.ipxe": "#!ipxe\nkernel kernel a=b\ninitrd initrd\nboot\n"})
    cards = [(nic, setup.lab.tap(index)) for index, nic in enumerate(nics)]
    vm = setup.machine("-boot", "n", *setup.nics(*cards), machine=machine, memory=memory)
    line = expect_marker(vm, kernel, initrd, "a=b")
    assert int(line[2], 16) + len(initrd) <= memory * 2**20


def test_second_card_boots(setup, data):
    """Two ROMs of one file: the BIOS starts the second, which uses its own card."""
    kernel = data("marker-small.bzimage")
    setup.dhcp(files={"kernel": kernel, "boot.ipxe": "#!ipxe\nkernel kernel ${netX/mac}\nboot\n"},
               interface="tap1")
    args = setup.nics(("e1000", setup.lab.tap(0)), ("e1000", setup.lab.tap(1)))
    args[-1] += ",bootindex=1"
    vm = setup.machine(*args, memory=128)
    expect_marker(vm, kernel, b"", "52:54:00:12:34:57")


def test_rom_image():
    """Headers as the BIOS checks them (PCI Firmware Specification 3.3 §5.1, PnP BIOS 1.0A §3.2)."""
    for nic, device in (("e1000", 0x100E), ("e1000e", 0x10D3)):
        with open(rom_for(nic), "rb") as file:
            rom = file.read()
        assert rom[:2] == b"\x55\xaa"
        initial = rom[2] * 512
        assert initial <= 8192, "the resident image shares 128 KiB with VGA and others"
        assert sum(rom[:initial]) & 0xFF == 0
        pcir, pnp = struct.unpack_from("<HH", rom, 0x18)
        assert rom[pcir:pcir + 4] == b"PCIR"
        assert struct.unpack_from("<HH", rom, pcir + 4) == (0x8086, device)
        assert rom[pcir + 13:pcir + 16] == b"\0\0\2", "class code: Ethernet controller"
        assert rom[pnp:pnp + 4] == b"$PnP"
        assert sum(rom[pnp:pnp + rom[pnp + 5] * 16]) & 0xFF == 0
        assert struct.unpack_from("<H", rom, pnp + 0x1A)[0], "bootstrap entry vector"


SCRIPT = """#!ipxe
echo started by another loader
dhcp
kernel tftp://${next-server}/kernel from=lkrn
initrd tftp://${next-server}/initrd
boot
"""


def lkrn_servers(setup, data):
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(8, 500_000)
    setup.dhcp(files={"kernel": kernel, "initrd": initrd})
    return kernel, initrd


@pytest.mark.parametrize("machine, memory", [("pc", 64), ("q35", 4096)])
def test_lkrn_with_a_script_as_initrd(setup, data, machine, memory):
    kernel, initrd = lkrn_servers(setup, data)
    write_files(setup.folder, {"script.ipxe": SCRIPT})
    nics = setup.nics(("e1000", setup.lab.tap()), roms=False)
    vm = setup.machine("-kernel", LKRN, "-initrd", setup.folder + "/script.ipxe", *nics,
                       machine=machine, memory=memory)
    expect_marker(vm, kernel, initrd, "from=lkrn")


def test_lkrn_with_commands_on_its_command_line(setup, data):
    kernel, initrd = lkrn_servers(setup, data)
    commands = ("dhcp && kernel tftp://${next-server}/kernel by=cmdline ; "
                "initrd tftp://${next-server}/initrd && boot")
    vm = setup.machine("-kernel", LKRN, "-append", commands,
                       *setup.nics(("e1000", setup.lab.tap()), roms=False), memory=128)
    expect_marker(vm, kernel, initrd, "by=cmdline")


@pytest.mark.parametrize("loader, initrd_loader", [("linux16", "initrd16"), ("linux", "initrd")])
def test_lkrn_from_grub(setup, data, loader, initrd_loader):
    kernel, initrd = lkrn_servers(setup, data)
    with open(LKRN, "rb") as file:
        lkrn = file.read()
    tree = write_files(setup.folder + "/iso", {
        "hawser.lkrn": lkrn, "script.ipxe": SCRIPT, "boot/grub/grub.cfg": f"""
{loader} /hawser.lkrn
{initrd_loader} /script.ipxe
boot
"""})
    iso = setup.folder + "/grub.iso"
    made = subprocess.run(
        ["grub-mkrescue", "-d", "/usr/lib/grub/i386-pc", "-o", iso, "--install-modules=linux16 "
         "linux iso9660 biosdisk normal", tree], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True)
    assert made.returncode == 0, f"grub-mkrescue: {made.stdout}"
    vm = setup.machine("-cdrom", iso, "-boot", "d",
                       *setup.nics(("e1000", setup.lab.tap()), roms=False), memory=256)
    expect_marker(vm, kernel, initrd, "from=lkrn")
