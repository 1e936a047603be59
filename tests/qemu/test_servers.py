"""Debian's other TFTP servers, which many installations have beside their DHCP server."""

import os

import pytest

import initramfs
from conftest import DEPS, SEED_CONFIG, write_files
from lab import tftp_server
from test_artifacts import expect_marker
from test_kpxe import CHAIN_CONFIG, boot, kpxe


@pytest.fixture
def serve(setup):
    """Serves files by one of them, beside dnsmasq without TFTP."""
    def start(program, config, files):
        root = write_files(os.path.join(setup.folder, "other-tftp"), files)
        for name in os.listdir(root):  # tftpd-hpa serves what everybody may read
            os.chmod(os.path.join(root, name), 0o644)
        setup.dhcp(config)
        return setup._keep(tftp_server(setup.lab, setup.folder, os.path.join(DEPS, "tftp", program),
                                       root))
    return start


@pytest.mark.parametrize("program", ["tftpd-hpa", "atftpd"])
def test_rom_boots(setup, data, serve, program):
    """Script, kernel and an initrd of several thousand blocks."""
    files = {"kernel": data("marker-small.bzimage"), "initrd": initramfs.noise(41, 6_000_001)}
    serve(program, SEED_CONFIG, files | {"boot.ipxe": "#!ipxe\nkernel kernel\ninitrd initrd\n"
                                         "imgfetch missing || boot\n"})
    vm = setup.boot(nic="virtio-net-pci", memory=256)
    vm.expect(r"missing.*([Nn]ot found|No such file)", 60)
    expect_marker(vm, files["kernel"], files["initrd"], "")


@pytest.mark.parametrize("program", ["tftpd-hpa", "atftpd"])
def test_kpxe_boots(setup, data, serve, program):
    """The stock ROM fetches hawser.kpxe from it, and that the rest."""
    kernel = data("marker-small.bzimage")
    serve(program, CHAIN_CONFIG, {"hawser.kpxe": kpxe(), "kernel": kernel,
                                  "boot.ipxe": "#!ipxe\nkernel kernel from=kpxe\nboot\n"})
    expect_marker(boot(setup, "vmxnet3"), kernel, b"", "from=kpxe", timeout=90)
