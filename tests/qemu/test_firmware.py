"""The way from the firmware into the core and back, where it goes wrong or ends."""

import os

import pytest

from conftest import BUILD, DEBUG_EXIT, rom_for

LKRN = os.path.join(BUILD, "hawser.lkrn")
# SeaBIOS then mirrors its screen, and what the ROM prints there, to the serial line.
PC, Q35 = "pc,graphics=off", "q35,graphics=off"


def damaged_rom(folder):
    """The ROM with one bit of the BIOS image's packed core flipped."""
    with open(rom_for("e1000"), "rb") as file:
        rom = bytearray(file.read())
    rom[len(rom) // 4] ^= 0x40
    path = os.path.join(folder, "damaged.rom")
    with open(path, "wb") as file:
        file.write(rom)
    return path


def card(index, rom):
    return ["-netdev", f"user,id=n{index}", "-device", f"e1000,netdev=n{index},romfile={rom}"]


@pytest.mark.parametrize("machine", [PC, Q35], ids=["pc", "q35"])
def test_damaged_rom(setup, machine):
    """Its message, and then the next device boots."""
    vm = setup.machine("-boot", "n", *card(0, damaged_rom(setup.folder)),
                       *card(1, rom_for("e1000")), machine=machine, memory=256)
    vm.expect("Hawser: cannot start: the (packed image is damaged|image's checksum is wrong)", 30)
    vm.expect(r"Hawser [\d.]+ - network boot agent", 30)


def test_too_little_memory_for_the_rom(setup):
    vm = setup.machine("-boot", "n", *card(0, rom_for("e1000")), machine=PC, memory=9)
    vm.expect("Hawser: cannot start: there is too little memory", 30)
    vm.expect("No bootable device|Boot failed", 30)


def test_too_little_memory_for_the_lkrn(setup):
    vm = setup.machine("-kernel", LKRN, machine=PC, memory=9)
    vm.expect("Hawser: cannot start: there is too little memory", 30)
    vm.expect("Press a key to reboot", 10)
    vm.press("ret")
    assert vm.wait_end() != DEBUG_EXIT


def test_each_rom_announces_its_card(setup):
    vm = setup.machine("-boot", "n", *card(0, rom_for("e1000")), *card(1, rom_for("e1000")),
                       machine=PC, memory=128)
    vm.expect(r"Hawser: Network boot agent, PCI 00:03\.0", 30)
    vm.expect(r"Hawser: Network boot agent, PCI 00:04\.0", 10)


def test_rom_window_is_closed_again(setup):
    """The BIOS had it closed; a kernel must find the card as the BIOS left it."""
    vm = setup.machine("-boot", "n", *card(0, rom_for("e1000")), memory=128)
    vm.expect(r"Hawser [\d.]+ - network boot agent", 30)
    (bus,) = vm.qmp("query-pci")
    (device,) = [d for d in bus["devices"] if d["id"]["device"] == 0x100E]
    (window,) = [r for r in device["regions"] if r["bar"] == 6]
    assert window["address"] == -1, "still decoding"
