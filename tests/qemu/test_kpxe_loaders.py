"""hawser.kpxe started by other loaders than the PXE ROM: each hands over the PXE API that it has itself."""

import pytest

import initramfs
from test_artifacts import expect_marker
from test_kpxe import BANNER, PC, boot, kpxe
from test_nbp import PXELINUX, SYSLINUX, grub_core, read

# The stock ROM gets the loader, Hawser the script.
CONFIG = """
dhcp-match=set:hawser,224
dhcp-boot=tag:!hawser,loader.0
dhcp-boot=tag:hawser,boot.ipxe
"""
SCRIPT = "#!ipxe\necho chip ${net0/chip}\nkernel kernel from=kpxe\ninitrd initrd\nboot\n"


def grub(setup):
    return {"loader.0": grub_core(setup, "pxechainloader (pxe)/hawser.kpxe\n", "pxechain")}


def pxelinux(setup):
    return {"loader.0": read(PXELINUX, "pxelinux.0"),
            "ldlinux.c32": read(SYSLINUX, "ldlinux.c32"),
            "pxelinux.cfg/default": "DEFAULT go\nLABEL go\n  KERNEL hawser.0\n", "hawser.0": kpxe()}


@pytest.mark.parametrize("nic, chip", [("e1000", "82540em"), ("ne2k_pci", "undionly")])
@pytest.mark.parametrize("loader", [grub, pxelinux])
def test_from_a_loader(setup, data, loader, nic, chip):
    """The card is used, by our driver and by the ROM's, in whatever state the loader left it."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(13, 300_000)
    setup.dhcp(CONFIG, files={"hawser.kpxe": kpxe(), "boot.ipxe": SCRIPT, "kernel": kernel,
                              "initrd": initrd, **loader(setup)})
    vm = boot(setup, nic)
    vm.expect(BANNER, 90)
    vm.expect(rf"chip {chip}\s*\n", 40)
    expect_marker(vm, kernel, initrd, "from=kpxe", timeout=90)


@pytest.mark.parametrize("words, chip", [("", "82540em"), ("undi-only ", "undionly")])
def test_from_our_own_rom(setup, data, words, chip):
    """Its command is what `chain` says; the card is taken over from the ROM, or used by the ROM's API."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(14, 300_000)
    setup.dhcp(files={"boot.ipxe": f"#!ipxe\nchain hawser.kpxe {words}chain second.ipxe\n",
                      "second.ipxe": SCRIPT, "hawser.kpxe": kpxe(), "kernel": kernel,
                      "initrd": initrd})
    vm = setup.boot(machine=PC)
    vm.expect(BANNER, 40)
    vm.expect(BANNER, 40)
    vm.expect(rf"chip {chip}\s*\n", 40)
    expect_marker(vm, kernel, initrd, "from=kpxe", timeout=90)
