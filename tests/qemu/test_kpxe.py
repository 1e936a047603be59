"""hawser.kpxe, loaded by QEMU's stock option ROMs, which are iPXE: with a driver of ours for the card,
and over the ROM's UNDI."""

import os
import re
import struct

import pytest

import initramfs
from conftest import BUILD
from test_artifacts import expect_marker

KPXE = os.path.join(BUILD, "hawser.kpxe")
# Debian's iPXE prints by the BIOS alone; SeaBIOS mirrors that to the serial line without a screen.
PC, Q35 = "pc,graphics=off", "q35,graphics=off"
# The stock ROM says "iPXE" just as we do; option 224 tells us apart.
CHAIN_CONFIG = """
dhcp-match=set:hawser,224
dhcp-boot=tag:!hawser,hawser.kpxe
dhcp-boot=tag:hawser,boot.ipxe
"""
# NIC, and the chip that Hawser names: its own driver's, or the ROM's.
NICS = [("e1000", "82540em"), ("virtio-net-pci", "virtio-net"), ("rtl8139", "rtl8139"),
        ("ne2k_pci", "undionly")]
BANNER = r"Hawser [\d.]+ - network boot agent"


def kpxe():
    with open(KPXE, "rb") as file:
        return file.read()


def boot(setup, nic, *args, machine=PC, memory=256):
    return setup.machine(
        "-boot", "n", "-netdev", setup.lab.tap().replace(",", ",id=n0,", 1),
        "-device", f"{nic},netdev=n0,mac=52:54:00:12:34:56", *args,
        machine=machine, memory=memory)


@pytest.mark.parametrize("nic, chip", NICS)
def test_dhcp_script_kernel(setup, data, nic, chip):
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(9, 500_000)
    dhcp = setup.dhcp(CHAIN_CONFIG, files={
        "hawser.kpxe": kpxe(), "kernel": kernel, "initrd": initrd,
        "boot.ipxe": "#!ipxe\necho chip ${net0/chip}\nkernel kernel from=kpxe\ninitrd initrd\nboot\n"})
    vm = boot(setup, nic, machine=Q35 if nic == "e1000" else PC)
    vm.expect(BANNER, 60)
    vm.expect(rf"chip {chip}\s*\n", 30)
    expect_marker(vm, kernel, initrd, "from=kpxe")
    # The ROM's round, and one of ours, by the same card.
    assert len(re.findall(r"DHCPACK.* 52:54:00:12:34:56", dhcp.log())) == 2


@pytest.mark.parametrize("nic, chip", NICS)
def test_exit_returns_to_the_rom(setup, nic, chip):
    """The BIOS goes on with its next boot device; all that time the ROM's memory is intact."""
    setup.dhcp(CHAIN_CONFIG, files={
        "hawser.kpxe": kpxe(), "boot.ipxe": "#!ipxe\necho leaving\nexit\n"})
    vm = boot(setup, nic)
    vm.expect(BANNER, 60)
    vm.expect("leaving", 30)
    vm.expect("Booting from|No bootable device", 30)


@pytest.mark.parametrize("nic, chip", NICS)
def test_chained_from_a_script_and_back(setup, nic, chip):
    """Arguments of `chain` are our command; the ROM's lease is ours, without a DHCP round; the ROM
    goes on where we end, and its card works."""
    rom_script = """#!ipxe
chain hawser.kpxe chain ours.ipxe
echo back, and on with ${net0/mac}
dhcp && chain tftp://${next-server}/after.ipxe
"""
    our_script = """#!ipxe
echo ${net0/chip} has ${net0/ip} of ${filename} by ${next-server}
exit
"""
    dhcp = setup.dhcp("dhcp-boot=boot.ipxe", files={
        "hawser.kpxe": kpxe(), "boot.ipxe": rom_script, "ours.ipxe": our_script,
        "after.ipxe": "#!ipxe\necho the ROM is alive\nexit\n"})
    vm = boot(setup, nic)
    vm.expect(BANNER, 60)
    vm.expect(rf"^{chip} has 10\.77\.0\.\d+ of boot\.ipxe by 10\.77\.0\.1\s*\n", 30)
    vm.expect("back, and on with 52:54:00:12:34:56", 30)
    vm.expect("the ROM is alive", 60)
    # The ROM's first round and its own second one: none of ours.
    assert len(re.findall(r"DHCPACK.* 52:54:00:12:34:56", dhcp.log())) == 2


def test_failure_is_told_to_the_rom(setup):
    setup.dhcp("dhcp-boot=boot.ipxe", files={
        "hawser.kpxe": kpxe(),
        "boot.ipxe": "#!ipxe\nchain hawser.kpxe chain missing.ipxe || echo told of the failure\n"})
    vm = boot(setup, "e1000")
    vm.expect(r"missing\.ipxe.*(not found|No such file)", 60)
    vm.expect("told of the failure", 40)


def test_undi_only(setup, data):
    """The card has a driver of ours, but the ROM's is asked for."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(10, 300_000)
    setup.dhcp("dhcp-boot=boot.ipxe", files={
        "hawser.kpxe": kpxe(), "kernel": kernel, "initrd": initrd,
        "boot.ipxe": "#!ipxe\nchain hawser.kpxe undi-only chain ours.ipxe\n",
        "ours.ipxe": "#!ipxe\nkernel kernel ${net0/chip}\ninitrd initrd\nboot\n"})
    expect_marker(boot(setup, "e1000"), kernel, initrd, "undionly", timeout=90)


def test_damaged_file(setup):
    """Said by the unpacker, which then returns to the ROM."""
    damaged = bytearray(kpxe())
    damaged[len(damaged) // 2] ^= 0x40
    setup.dhcp("dhcp-boot=boot.ipxe", files={
        "hawser.kpxe": bytes(damaged),
        "boot.ipxe": "#!ipxe\nchain hawser.kpxe || echo the ROM goes on\n"})
    vm = boot(setup, "e1000")
    vm.expect("Hawser: cannot start: the (packed image is damaged|image's checksum is wrong)", 60)
    vm.expect("the ROM goes on", 30)


def test_second_card_of_two(setup):
    """The ROM's card is net0, wherever it is on the bus."""
    setup.dhcp(CHAIN_CONFIG, files={
        "hawser.kpxe": kpxe(), "boot.ipxe": "#!ipxe\necho net0 ${net0/mac} netX ${netX/mac} "
        "net1 ${net1/mac}\nexit\n"}, interface="tap1")
    first = ["-netdev", setup.lab.tap(0).replace(",", ",id=n1,", 1),
             "-device", "e1000,netdev=n1,addr=3,mac=52:54:00:12:34:57,romfile="]
    second = ["-netdev", setup.lab.tap(1).replace(",", ",id=n0,", 1), "-device",
              "virtio-net-pci,netdev=n0,addr=4,mac=52:54:00:12:34:56"]
    vm = setup.machine("-boot", "n", *first, *second, machine=PC, memory=256)
    vm.expect(BANNER, 60)
    vm.expect(r"net0 52:54:00:12:34:56 netX 52:54:00:12:34:56 net1 52:54:00:12:34:57", 40)


def with_damaged_pxe(program, both):
    """hawser.kpxe whose first instructions damage the ROM's !PXE, with `both` its PXENV+ as well."""
    stub, first = 0xb60, program[:4]
    assert first == bytes.fromhex("669c6660") and not any(program[stub:0xc00])
    # push bp; mov bp,sp; push ds; push si; lds si,[bp+6]; not byte [si+5]; pop si; pop ds; pop bp
    code = bytes.fromhex("5589e51e56c57606f654055e1f5d")
    code += bytes.fromhex("26f65709") if both else b""  # not byte es:[bx+9]
    code += first + b"\xe9"
    code += struct.pack("<h", 4 - (stub + len(code) + 2))
    patched = bytearray(program)
    patched[:4] = b"\xe9" + struct.pack("<h", stub - 3) + b"\x90"
    patched[stub:stub + len(code)] = code
    return bytes(patched)


def test_damaged_pxe_structure(setup):
    """It is not used: the older structure is, for a card that only the ROM drives."""
    setup.dhcp("dhcp-match=set:hawser,224\ndhcp-boot=tag:!hawser,damaged.kpxe\n"
               "dhcp-boot=tag:hawser,boot.ipxe", files={
                   "damaged.kpxe": with_damaged_pxe(kpxe(), both=False),
                   "boot.ipxe": "#!ipxe\nset debug undi\nimgfetch --name one boot.ipxe\n"
                                "clear debug\necho quiet from here\n"
                                "imgfetch --name two boot.ipxe\necho done by ${net0/chip}\n"})
    vm = boot(setup, "ne2k_pci")
    vm.expect("PXE ROM: UNDI_", 90)
    vm.expect("^quiet from here", 60)
    vm.expect("^done by undionly", 60)
    said = vm.text[vm.text.index("\nquiet from here"):vm.text.index("\ndone by")]
    assert "PXE ROM:" not in said


def test_damaged_pxe_structures(setup):
    """Without the ROM's API, the card has a driver of ours."""
    setup.dhcp(files={"boot.ipxe": "#!ipxe\nchain damaged.kpxe\n",
                      "damaged.kpxe": with_damaged_pxe(kpxe(), both=True)})
    vm = setup.boot(memory=128)
    vm.expect("Starting damaged.kpxe", 40)
    vm.expect(r"no PXE API found: !PXE at .* has a wrong checksum; "
              r"PXENV\+ at .* has a wrong checksum", 40)
    vm.expect(r"net0: 52:54:00:12:34:56 using 82540em", 20)


def with_rom_that_hangs(program):
    """hawser.kpxe as if loaded by a ROM whose PXE API never returns: in the room for the stack of its
    first instructions lie a !PXE, the API, and code that puts the one before what it was given."""
    at, entry, stub, first = 0xb00, 0xb58, 0xb60, program[:4]
    assert first == bytes.fromhex("669c6660") and not any(program[at:0xc00])
    pxe = bytearray(b"!PXE\x58".ljust(0x58, b"\0"))
    struct.pack_into("<HH", pxe, 0x10, 0x7c00 + entry, 0)
    pxe[5] = -sum(pxe) & 0xff
    # push bp; mov bp,sp; mov [bp+6],!PXE; mov [bp+8],0; pop bp; what was there before; jmp back
    code = bytes.fromhex("5589e5c74606") + struct.pack("<H", 0x7c00 + at)
    code += bytes.fromhex("c7460800005d") + first + b"\xe9"
    code += struct.pack("<h", 4 - (stub + len(code) + 2))
    patched = bytearray(program)
    patched[:4] = b"\xe9" + struct.pack("<h", stub - 3) + b"\x90"
    patched[at:at + len(pxe)] = pxe
    patched[entry:entry + 3] = b"\xfb\xeb\xfe"  # sti; jmp to itself
    patched[stub:stub + len(code)] = code
    return bytes(patched)


def test_rom_that_hangs(setup):
    """It is given up, and the card used with a driver of ours."""
    setup.dhcp(files={"boot.ipxe": "#!ipxe\nchain hang.kpxe\n", "hang.kpxe": with_rom_that_hangs(kpxe())})
    vm = setup.boot(memory=128)
    vm.expect("Starting hang.kpxe", 40)
    vm.expect("the PXE ROM's UNDI_GET_INFORMATION did not return within 10 s", 40)
    vm.expect(r"net0: 52:54:00:12:34:56 using 82540em", 20)
