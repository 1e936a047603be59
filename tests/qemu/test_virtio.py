"""virtio-net: both register interfaces, from its option ROM."""

import os

import pytest

import initramfs
from test_artifacts import expect_marker

# Of zeros.
SHA256_OF_A_GIB = "49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14"
# The last one also says that it reaches memory as an IOMMU lets it.
MODERN, LEGACY_ONLY, MODERN_ONLY = ("virtio-net-pci", "virtio-net-pci,disable-modern=on",
                                    "virtio-net-pci,disable-legacy=on,iommu_platform=on")


@pytest.mark.parametrize("nic", [MODERN, LEGACY_ONLY, MODERN_ONLY])
@pytest.mark.parametrize("machine, server", [("pc", "tftp"), ("q35", "http")])
def test_boots(setup, data, nic, machine, server):
    files = {"kernel": data("marker-small.bzimage"), "initrd": initramfs.noise(21, 3_000_003)}
    script = (f"#!ipxe\nkernel {server}://{setup.lab.ADDRESS}/kernel ${{net0/chip}}\n"
              f"initrd {server}://{setup.lab.ADDRESS}/initrd\nboot\n")
    setup.dhcp(files=files | {"boot.ipxe": script})
    setup.nginx(files)
    vm = setup.boot(nic=nic, machine=machine, memory=256)
    expect_marker(vm, files["kernel"], files["initrd"], "virtio-net")


def test_registers_above_4_gib(setup, data):
    """A device of PCI Express, its BARs where only 64-bit addresses reach."""
    kernel = data("marker-small.bzimage")
    setup.dhcp(files={"kernel": kernel, "boot.ipxe": "#!ipxe\nkernel kernel ${net0/mac}\nboot\n"})
    args = setup.nics((MODERN_ONLY, setup.lab.tap()))
    args[-1] += ",bus=rp"
    # The window of the port asks for more than there is below 4 GiB.
    vm = setup.machine("-device", "pcie-root-port,id=rp,pref64-reserve=8G", *args,
                       "-boot", "n", machine="q35", memory=256)
    vm.expect("virtio-net on", 40)
    cards = [card for bus in vm.qmp("query-pci") for bridge in bus["devices"]
             for card in bridge.get("pci_bridge", {}).get("devices", [])]
    assert max(region["address"] for card in cards for region in card["regions"]) >= 2**32
    expect_marker(vm, kernel, b"", "52:54:00:12:34:56")


def test_large_download(setup, data):
    """Many turns of the rings: 256 MiB, and the booted kernel sums them up. No more memory is needed for
    a GiB than for a few."""
    files = {"kernel": data("marker-small.bzimage"), "initrd": initramfs.noise(22, 256 << 20)}
    web = setup.nginx(files)
    with open(os.path.join(web.root, "gib"), "wb") as file:
        file.truncate(1 << 30)
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
imgfetch --sha256 {SHA256_OF_A_GIB} http://{setup.lab.ADDRESS}/gib || shell
imgfree
profstat
initrd http://{setup.lab.ADDRESS}/initrd
kernel http://{setup.lab.ADDRESS}/kernel large
boot
"""})
    vm = setup.boot(nic=MODERN, memory=2048)
    memory = vm.expect(r"^Memory: at most ([\d.]+) MiB of", 120, or_fail="shell")
    assert float(memory[1]) < 8
    expect_marker(vm, files["kernel"], files["initrd"], "large", timeout=120)


@pytest.mark.parametrize("nic", [MODERN, LEGACY_ONLY])
def test_link_and_counters(setup, nic):
    """The link is followed down and up; ifstat counts."""
    shell = setup.shell(nic=nic)
    assert "Link:up" in shell.run("ifstat net0")
    shell.machine.set_link("n0", False)
    assert "Link:down" in shell.run("ifstat net0")
    shell.machine.set_link("n0", True)
    shell.run("ifclose net0")
    assert "ok" in shell.run("dhcp net0")
    shell.alive()


def test_small_rings(setup, data):
    files = {"kernel": data("marker-small.bzimage"), "initrd": initramfs.noise(23, 3_000_003)}
    setup.nginx(files)
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
initrd http://{setup.lab.ADDRESS}/initrd
kernel http://{setup.lab.ADDRESS}/kernel small
boot
"""})
    args = setup.nics((MODERN, setup.lab.tap()))
    args[-1] += ",rx_queue_size=256,tx_queue_size=256,mrg_rxbuf=off,any_layout=off"
    vm = setup.machine("-boot", "n", *args, memory=256)
    expect_marker(vm, files["kernel"], files["initrd"], "small")
