"""The disk image for BIOS and UEFI machines, as a USB stick; also one that was written to since."""

import os
import struct
import subprocess

import pytest

from conftest import BUILD, ROOT, hawser_efi, write_files
from test_artifacts import LKRN
from test_kpxe import PC
from test_uefi import BANNER

MBR = os.path.join(BUILD, "bios/arch/x86_64/bios/prefix/mbr.elf")
PARTITION, CLUSTER = 1 << 20, 2048
FILLER = "# filler\n"
# Longer than a run of clusters is read at once.
SCRIPT = f"#!ipxe\n{FILLER * 9000}\necho found on ${{platform}}\npoweroff\n"


def make_image(setup, name="hawser.usb", script=SCRIPT):
    write_files(setup.folder, {"script": script, "A long name, with spaces.txt": "other"})
    path = os.path.join(setup.folder, name)
    subprocess.run([os.path.join(ROOT, "scripts", "mkusb"), "-o", path, "--mbr", MBR, "--lkrn", LKRN,
                    "--efi", os.path.join(BUILD, "hawser.efi"), "--script",
                    os.path.join(setup.folder, "script"),
                    os.path.join(setup.folder, "A long name, with spaces.txt")],
                   check=True, stdout=subprocess.DEVNULL)
    return path


def mtools(command, image, *args):
    return subprocess.run([command, "-i", f"{image}@@1M", *args], check=True,
                          stdout=subprocess.PIPE).stdout


def stick(image):
    return ["-device", "qemu-xhci", "-drive", f"if=none,id=usb,format=raw,file={image}",
            "-device", "usb-storage,drive=usb"]


def start(setup, firmware, image):
    run = setup.uefi if firmware == "efi" else setup.machine
    return run(*stick(image), memory=256 if firmware == "efi" else 64)


def scatter(image):
    """Moves every fifth cluster of every file to the end of the file system, the last ones first."""
    with open(image, "r+b") as file:
        disk = bytearray(file.read())
        reserved, tables = struct.unpack_from("<HB", disk, PARTITION + 14)
        entries, _, _, table_sectors = struct.unpack_from("<HHBH", disk, PARTITION + 17)
        table = PARTITION + reserved * 512
        data = table + tables * table_sectors * 512 + entries * 32
        links = list(struct.unpack_from(f"<{table_sectors * 256}H", disk, table))
        free = 4200
        for cluster in range(5, 4000, 5):
            if cluster not in links:  # free, or the first of a file
                continue
            before = links.index(cluster)
            assert links[free] == 0
            links[before], links[free], links[cluster] = free, links[cluster], 0
            at, to = (data + (number - 2) * CLUSTER for number in (cluster, free))
            disk[to:to + CLUSTER], disk[at:at + CLUSTER] = disk[at:at + CLUSTER], b"\xaa" * CLUSTER
            free -= 1
        assert free < 4100
        struct.pack_into(f"<{len(links)}H", disk, table, *links)
        file.seek(0)
        file.write(disk)


@pytest.mark.parametrize("firmware", ["pcbios", "efi"])
def test_boots_with_its_script(setup, firmware):
    vm = start(setup, firmware, make_image(setup))
    vm.expect(BANNER, 60)
    vm.expect(f"found on {firmware}", 30)
    assert vm.wait_end() == 0


def test_bios_follows_scattered_files(setup):
    """Of a file system in use; the script is another than when it was made."""
    image = make_image(setup, script="#!ipxe\n")
    mtools("mdel", image, "::autoexec.ipxe")
    write_files(setup.folder, {"autoexec.ipxe": SCRIPT})
    mtools("mcopy", image, f"{setup.folder}/autoexec.ipxe", "::Autoexec.ipxe")
    scatter(image)
    with open(LKRN, "rb") as file:
        assert mtools("mtype", image, "::hawser.lkrn") == file.read()
    vm = start(setup, "pcbios", image)
    vm.expect("found on pcbios", 60)


def test_what_is_missing_is_named(setup):
    image = make_image(setup)
    mtools("mdel", image, "::hawser.lkrn")
    vm = setup.machine(*stick(image), machine=PC, memory=64)
    vm.expect("Hawser: there is no good hawser.lkrn in the disk's top folder; trying the next", 30)


def test_the_same_files_make_the_same_image(setup):
    """And other programs read it."""
    images = [make_image(setup, name) for name in ("one", "two")]
    data = [open(image, "rb").read() for image in images]
    assert data[0] == data[1]
    assert mtools("mtype", images[0], "::EFI/BOOT/BOOTX64.EFI") == hawser_efi()
    assert mtools("mtype", images[0], "::autoexec.ipxe") == SCRIPT.encode()
    assert mtools("mtype", images[0], "::A long name, with spaces.txt") == b"other"
