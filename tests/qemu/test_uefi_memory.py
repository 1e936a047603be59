"""What hawser.efi leaves behind in the firmware's memory, whatever it did before it returned."""

import re

import initramfs
from test_uefi import BANNER, nic
from test_usb import make_image, mtools, stick

HAWSER = r"fs0:\hawser.efi "
STICK = r"fs1:\EFI\hawser.efi"
BY_SNP = HAWSER + "snp dhcp ; echo ran by ${net0/chip} ; exit"
RUNS = [
    BY_SNP,
    BY_SNP,
    HAWSER + "dhcp ; echo ran by ${net0/chip} ; exit",
    HAWSER + "dhcp ; imgfetch http://10.77.0.1/missing ; imgfetch http://10.77.0.1/file ; "
    "imgfetch --name other http://10.77.0.1/file ; imgfree file ; vcreate --tag 5 net0 ; "
    "ifopen net0-5 ; echo ran with ${net0-5/ifname} ; exit",
    STICK,
    STICK,
]


def pages_by_kind(text):
    """Of memmap's summaries: {kind of memory: pages}, one for each."""
    summaries = text.split("Reserved  :")[1:]
    return [dict(re.findall(r"^\s*(\w+)\s*:\s*([\d,]+) Pages", "Reserved  :" + part, re.M))
            for part in summaries]


def test_exit_gives_everything_back(setup):
    """Run from the firmware's shell by its driver of the card and by ours, with a download that fails,
    images freed and kept, a VLAN; and from a stick: the memory map afterwards is the same, but for what the
    pools of the firmware's drivers grow by (all that we borrow is LoaderData)."""
    setup.nginx({"file": initramfs.noise(7, 2_000_000)})
    setup.dhcp()
    usb = make_image(setup, script="#!ipxe\ndhcp\necho ran from a stick\nexit\n")
    mtools("mmove", usb, "::EFI/BOOT/BOOTX64.EFI", "::EFI/hawser.efi")
    lines = [line for run in RUNS for line in (run, "memmap")]
    # The firmware looks for sticks when it is asked to.
    vm = setup.uefi_shell(["connect -r", "map -r", *lines, "reset -s"], *stick(usb), *nic(setup))
    for ran in ("by snp", "by snp", "by virtio-net", "with net0-5", "from a stick", "from a stick"):
        vm.expect(BANNER, 60)
        vm.expect(f"^ran {ran}", 60)
    vm.wait_end(60)
    maps = pages_by_kind(vm.text)
    assert len(maps) == len(RUNS)
    for other in maps[1:]:
        assert maps[0]["LoaderData"] == other["LoaderData"]
        assert maps[0]["LoaderCode"] == other["LoaderCode"]
        free = [int(pages["Available"].replace(",", "")) for pages in (maps[0], other)]
        assert abs(free[0] - free[1]) <= 64
