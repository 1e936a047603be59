"""UEFI option ROMs under OVMF: the card's own ROM boots it, by our driver of the card."""

import os
import re
import struct
import subprocess

import initramfs
from conftest import BUILD, ROOT, rom_for, write_files
from test_boot import CONSOLE, expect_payload, read
from test_pack import TOOL
from test_uefi import BANNER, BOOT_MANAGER, sign_file

def boot(setup, script, *nics, files=None, **options):
    """A machine that has nothing but its cards to boot from."""
    setup.nginx(files or {"unused": b""})
    setup.dhcp(files={"boot.ipxe": f"#!ipxe\n{script}"})
    vm = setup.uefi("-boot", "n", *nics, **options)
    vm.expect(BANNER, 60)
    return vm


def test_linux_over_http(setup, guests):
    """The combined ROM of a card that the firmware has no driver for."""
    files = {"one": initramfs.noise(1, 300_001)}
    vm = boot(setup, f"""
echo on ${{platform}} by ${{net0/chip}} ${{netX/mac}}
kernel http://10.77.0.1/vmlinuz {CONSOLE}
initrd http://10.77.0.1/initrd.gz
boot
""", *setup.nics(("e1000", setup.lab.tap())), memory=512, files={
        "vmlinuz": read(guests, "kernel", "vmlinuz"),
        "initrd.gz": initramfs.busybox_system(payload=files)})
    vm.expect(r"on efi by 82540em 52:54:00:12:34:56", 30)
    expect_payload(vm, files)
    assert vm.wait_end() == 0


def test_next_card_after_a_failure(setup):
    """The first ROM takes the place of the firmware's own driver. The second has an image for UEFI
    alone, with a script packed into it, which leads to the boot manager."""
    packed = os.path.join(setup.folder, "packed.efirom")
    write_files(setup.folder, {"packed.ipxe": "#!ipxe\necho then ${net0/chip}\nexit\n"})
    subprocess.run([TOOL, os.path.join(BUILD, "hawser-8086-100e.efirom"), "-o", packed, "--script",
                    os.path.join(setup.folder, "packed.ipxe")], check=True,
                   stdout=subprocess.DEVNULL)
    nics = setup.nics(("virtio-net-pci", setup.lab.tap(0)), ("e1000", setup.lab.tap(1)))
    nics[-1] = nics[-1].replace(rom_for("e1000"), packed)
    vm = boot(setup, "echo first ${net0/chip}\nexit 1\n", *nics)
    vm.expect(r"^first virtio-net", 30)
    vm.expect("next boot device in 10 s", 30)
    vm.type("\r")
    vm.expect(r"^then 82540em", 60)
    vm.expect(BOOT_MANAGER, 30)


def mkimage(*args):
    subprocess.run([os.path.join(ROOT, "scripts", "mkimage.py"), *args], check=True,
                   stdout=subprocess.DEVNULL)


def test_secure_boot(setup):
    """Of two cards' ROMs the firmware goes on to the second, since in the first nothing is signed. OVMF asks
    no driver in a ROM for its signature; as a program it does, with all that a ROM's last block holds."""
    path = {name: os.path.join(setup.folder, name)
            for name in ("hawser.efi", "plain", "unwrapped", "driver", "efirom", "signed.rom")}
    ids = ("--vendor", "10ec", "--device", "8139")
    sign_file(setup, os.path.join(BUILD, "hawser.efi"), path["hawser.efi"])
    mkimage("efirom", "-o", path["plain"], "--core", os.path.join(BUILD, "efirom.elf"), "--program",
            path["hawser.efi"], "--version-header", os.path.join(ROOT, "src", "version.h"), *ids)
    mkimage("unwrap", "-o", path["unwrapped"], "--rom", path["plain"])
    sign_file(setup, path["unwrapped"], path["driver"])
    mkimage("wrap", "-o", path["efirom"], "--driver", path["driver"])
    mkimage("join", "-o", path["signed.rom"], "--bios", rom_for("rtl8139").replace(".rom", ".biosrom"),
            "--efi", path["efirom"])
    nics = setup.nics(("e1000", "user,restrict=on"), ("rtl8139", setup.lab.tap()))
    nics = [arg.replace(rom_for("rtl8139"), path["signed.rom"]) for arg in nics]
    vm = boot(setup, """echo ${efi/SecureBoot} ${net0/chip}
chain http://10.77.0.1/plain || echo plain refused
chain http://10.77.0.1/driver && echo driver verified
exit
""", *nics, secure_boot=True, files={"plain": read(path["plain"])[0x40:],
                                     "driver": read(path["efirom"])[0x40:]})
    assert re.search(r'failed to load Boot\d+ "UEFI PXEv4 \(MAC:525400123456\)" .*: Access Denied',
                     vm.text)
    vm.expect(r"^01 rtl8139", 60)
    vm.expect(r"Secure Boot refuses it", 60)
    vm.expect(r"^plain refused", 60)
    vm.expect(r"^driver verified", 60)
    vm.expect(BOOT_MANAGER, 60)


def test_other_cards(setup):
    """Each ROM knows its card's address before anything drives it: the boot manager shows it."""
    cards = {"rtl8139": "rtl8139", "pcnet": "pcnet", "vmxnet3": "vmxnet3", "igb": "82576eb"}
    write_files(setup.folder, {"packed.ipxe": "#!ipxe\necho rom of ${net0/chip}\nexit 1\n"})
    nics = setup.nics(*((card, "user,restrict=on") for card in cards))
    for card in cards:
        packed = os.path.join(setup.folder, f"{card}.rom")
        subprocess.run([TOOL, rom_for(card), "-o", packed, "--script",
                        os.path.join(setup.folder, "packed.ipxe")], check=True,
                       stdout=subprocess.DEVNULL)
        nics = [arg.replace(rom_for(card), packed) for arg in nics]
    vm = setup.uefi(*nics)
    for _ in cards:
        vm.expect(r"^rom of .*\n", 90)
        vm.expect("next boot device in 10 s", 30)
        vm.type("\r")
    for index, chip in enumerate(cards.values()):
        assert re.search(rf'starting Boot\d+ "UEFI PXEv4 \(MAC:5254001234{0x56 + index:02X}\)"'
                         rf'(?:(?!rom of )[\s\S])*^rom of {chip}$', vm.text, re.M), chip


def test_images():
    """Headers as firmware checks them (PCI Firmware Specification 3.3 §5.1, UEFI 2.10 §14.4.2)."""
    with open(rom_for("e1000"), "rb") as file:
        rom = file.read()
    pcir, = struct.unpack_from("<H", rom, 0x18)
    blocks, _, kind, last = struct.unpack_from("<HHBB", rom, pcir + 16)
    assert (kind, last) == (0, 0), "the BIOS's image comes first, and is not the last"
    efi = rom[blocks * 512:]
    size, signature, subsystem, machine, packed, image, pcir = struct.unpack_from(
        "<HIHHH8xHH", efi, 2)
    assert (size * 512, signature, subsystem, machine, packed) == (len(efi), 0xEF1, 11, 0x8664, 0)
    magic, vendor, device, blocks, kind, last = struct.unpack_from("<4sHH8xH2xBB", efi, pcir)
    assert (magic, vendor, device) == (b"PCIR", 0x8086, 0x100E)
    assert (blocks, kind, last) == (size, 3, 0x80)
    assert efi[image:image + 2] == b"MZ"
