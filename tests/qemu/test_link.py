"""VLAN interfaces, and frames from one card to another."""

import os

import pytest

import initramfs
from conftest import BUILD, Shell
from test_artifacts import expect_marker

LKRN = os.path.join(BUILD, "hawser.lkrn")


def test_dhcp_and_tftp_over_a_vlan(setup):
    """The trunk has no server; all that the agent needs is in VLAN 100."""
    vlan = setup.vlan(100)
    setup.dhcp(interface="vlan", files={"boot.ipxe": "#!ipxe\necho from the VLAN\n",
                                        "sub.ipxe": "#!ipxe\necho sub ${net0-100/ip}\n"})
    machine = setup.machine("-kernel", LKRN, "-append", "shell",
                            *setup.nics(("e1000", setup.lab.tap()), roms=False))
    shell = Shell(machine)
    assert "vcreate" not in shell.run("vcreate --tag 100 --priority 3 net0")
    assert "net0-100: 52:54:00:12:34:56 using 82540em" in shell.run("ifstat net0-100")
    assert "ok" in shell.run("dhcp net0-100", 60)
    assert "sub 10.77.2." in shell.run("chain tftp://10.77.2.1/sub.ipxe", 60)
    assert "net0-100: 10.77.2.1 is " in shell.run("nstat")
    assert set(vlan.tags) == {3 << 13 | 100}, "each frame has priority and number"
    shell.run("vdestroy net0-100")
    assert "no such network device" in shell.run("ifstat net0-100")
    assert "[close" in shell.run("ifclose ; ifstat net0").lower()


def test_frames_between_two_cards(setup):
    wire = "hubport,hubid=0"
    machine = setup.machine("-kernel", LKRN, "-append", "lotest net0 net1 && echo both ways",
                            *setup.nics(("e1000", wire), ("e1000e", wire), roms=False))
    machine.expect("1000 frames of up to 1500 bytes, none lost", 90)
    machine.expect("both ways", 10)


def test_card_with_an_answer_does_not_wait_for_one_without(setup, data):
    """Both ask at once; net0's network has no server."""
    kernel = data("marker-small.bzimage")
    setup.dhcp(files={"kernel": kernel, "boot.ipxe": "#!ipxe\nkernel kernel ${netX/mac}\nboot\n"},
               interface="tap1")
    nics = setup.nics(("vmxnet3", setup.lab.tap(0)), ("pcnet", setup.lab.tap(1)), roms=False)
    machine = setup.machine("-kernel", LKRN, *nics, memory=256)
    machine.expect("Configuring .net0 .*another card has an answer already", 40,
                   or_fail="no DHCP answer")
    expect_marker(machine, kernel, b"", "52:54:00:12:34:57")


@pytest.mark.parametrize("models", [
    ["e1000"] * 8,
    ["pcnet", "rtl8139", "vmxnet3", "virtio-net-pci", "e1000-82545em", "ne2k_pci", "e1000", "e1000"]],
    ids=["alike", "mixed"])
def test_one_of_eight_cards_has_a_server(setup, data, models):
    """The last one; the others' networks are silent. All ask at once: none is waited for to the end of
    its time, and the console says who has the lease."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(34, 5_000_003)
    dhcp = setup.dhcp(files={"kernel": kernel, "initrd": initrd,
                             "boot.ipxe": "#!ipxe\nkernel kernel ${netX/mac}\ninitrd initrd\nboot\n"})
    wires = [f"hubport,hubid={number}" for number in range(7)] + [setup.lab.tap()]
    machine = setup.machine("-kernel", LKRN, *setup.nics(*zip(models, wires), roms=False), memory=256)
    machine.expect("another card has an answer already", 60, or_fail="no DHCP answer")
    last = f"net{7 - models.count('ne2k_pci')}"  # Hawser has no driver for that
    machine.expect(rf"{last}: address from DHCP server 10\.77\.0\.1", 60, or_fail="no DHCP answer")
    expect_marker(machine, kernel, initrd, "52:54:00:12:34:5d")
    assert "DHCPDISCOVER(tap0) 52:54:00:12:34:5d" in dhcp.log()
