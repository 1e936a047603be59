"""Cards with small drivers: from their option ROMs, and from hawser.lkrn."""

import hashlib
import os

import pytest

import initramfs
from conftest import BUILD
from test_artifacts import expect_marker

LKRN = os.path.join(BUILD, "hawser.lkrn")
CARDS = ["igb", "vmxnet3", "rtl8139", "pcnet"]
CHIPS = {"igb": "82576eb"}  # named otherwise than the card


def files_of(setup, data, seed, initrd_bytes):
    files = {"kernel": data("marker-small.bzimage"), "initrd": initramfs.noise(seed, initrd_bytes)}
    setup.nginx(files)
    return files


@pytest.mark.parametrize("nic", CARDS)
def test_rom_boots_over_http(setup, data, nic):
    """Many turns of the rings; the booted kernel sums up what arrived."""
    files = files_of(setup, data, 31, 24_000_003)
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
kernel http://{setup.lab.ADDRESS}/kernel ${{net0/chip}}
initrd http://{setup.lab.ADDRESS}/initrd
boot
"""})
    vm = setup.boot(nic=nic, memory=256)
    expect_marker(vm, files["kernel"], files["initrd"], CHIPS.get(nic, nic))


@pytest.mark.parametrize("nic", CARDS)
def test_lkrn_boots_with_another_address(setup, data, nic):
    """The driver that is opened again tells the card its new address; the link is followed."""
    files = files_of(setup, data, 32, 1_000_003)
    dhcp = setup.dhcp(files={"boot.ipxe": f"""#!ipxe
ifclose net0
set net0/mac 02:11:22:33:44:55
dhcp net0 || shell
kernel http://{setup.lab.ADDRESS}/kernel ${{net0/mac}}
initrd http://{setup.lab.ADDRESS}/initrd
prompt --key b link? || exit
ifstat net0
prompt --key b boot? || exit
boot
"""})
    vm = setup.machine("-kernel", LKRN, *setup.nics((nic, setup.lab.tap()), roms=False),
                       machine="q35", memory=256)
    vm.expect("link\\?", 60)
    vm.set_link("n0", False)
    vm.type("b")
    vm.expect("Link:down", 20)
    vm.set_link("n0", True)
    vm.type("b")
    expect_marker(vm, files["kernel"], files["initrd"], "02:11:22:33:44:55")
    assert "DHCPACK(tap0) 10.77.0." in dhcp.log() and "02:11:22:33:44:55" in dhcp.log()


def test_uefi_without_drivers_of_the_firmware(setup):
    """By ports and by memory, beside firmware; the card with a server is the second."""
    file = initramfs.noise(33, 2_000_003)
    digest = hashlib.sha256(file).hexdigest()
    setup.nginx({"file": file})
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
echo by ${{netX/chip}}
imgfetch --sha256 {digest} http://{setup.lab.ADDRESS}/file && echo whole || echo broken
reboot
"""})
    vm = setup.uefi_disk({}, *setup.nics(("vmxnet3", setup.lab.tap(1)),
                                         ("rtl8139", setup.lab.tap(0)), roms=False))
    vm.expect("another card has an answer already", 60, or_fail="no DHCP answer")
    vm.expect("^by rtl8139", 30)
    vm.expect("^whole", 60, or_fail="^broken")
    vm.wait_end()
