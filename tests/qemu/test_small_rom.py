"""The small ROM: it fits into 256 KiB, boots by HTTPS, and says what it leaves out."""

import os
import re
import shutil
import subprocess
import zlib

import pytest

import initramfs
from conftest import BUILD, ROOT, Shell
from test_https import SERVER
from test_network import expect_modules

SMALL_ROM = os.path.join(BUILD, "hawser-8086-100e-small.rom")
LEFT_OUT = r"left out of this small ROM; \"chain\" a hawser\.lkrn, which has it"
PREFIX = os.path.join(BUILD, "bios", "arch", "x86_64", "bios", "prefix")
MAKE_ROOTS = os.path.join(ROOT, "scripts", "make-roots")


def boot(setup, rom=SMALL_ROM, more=(), **options):
    return setup.machine("-boot", "n", "-netdev", setup.lab.tap() + ",id=n0",
                         "-device", f"e1000,netdev=n0,romfile={rom}", *more, **options)


def mkimage(*words):
    subprocess.run([os.path.join(ROOT, "scripts", "mkimage.py"), *words], check=True)


def crosscert_name(common_name):
    """Where ${crosscert} is expected to have the certificate of an authority with nothing but this name."""
    text = common_name.encode()
    name = b"\x06\x03\x55\x04\x03\x0c" + bytes([len(text)]) + text
    for tag in (0x30, 0x31, 0x30):
        name = bytes([tag, len(name)]) + name
    return f"cross/{zlib.crc32(name):08x}.der"


def digests(source):
    """The table that scripts/make-roots wrote."""
    with open(source, encoding="ascii") as file:
        return bytes(map(int, re.findall(r"\d+", file.read().rsplit("{", 1)[1])))


@pytest.fixture
def trusting_rom(setup, certificates):
    """The small ROM, with the test's root in place of one of those whose digests it has."""
    built, own, core, payload, rom = (os.path.join(folder, name) for folder, name in (
        (BUILD, "generated/root_digests.cc"), (setup.folder, "digests.cc"), (setup.folder, "small.elf"),
        (setup.folder, "payload.bin"), (setup.folder, "small.rom")))
    roots = os.path.join(setup.folder, "roots")
    os.makedirs(roots)
    shutil.copy(os.path.join(certificates, "root.crt"), roots)
    subprocess.run([MAKE_ROOTS, "--digests", roots, own], check=True)
    with open(os.path.join(BUILD, "small.elf"), "rb") as file:
        code = file.read()
    assert code.count(digests(built)) == 1
    table = digests(built)
    with open(core, "wb") as file:
        file.write(code.replace(table, digests(own) + table[len(digests(own)):]))
    mkimage("payload", "-o", payload, "--core", core, "--low", os.path.join(PREFIX, "low.elf"),
            "--head", os.path.join(PREFIX, "payload.elf"))
    mkimage("rom", "-o", rom, "--prefix", os.path.join(PREFIX, "rom.elf"), "--payload", payload,
            "--vendor", "8086", "--device", "100e")
    return rom


def test_it_fits_a_flash_of_256_kib():
    assert os.path.getsize(SMALL_ROM) <= 256 << 10


def test_boots_by_https(setup, data, certificates, trusting_rom):
    """A root that the server sends, and one that is fetched from ${crosscert}."""
    files = {"one": initramfs.noise(9, 300_000)}
    with open(os.path.join(certificates, "root.crt"), "rb") as file:
        root = {crosscert_name("Test root"): file.read()}
    setup.nginx(files | root | {"kernel": data("multiboot32.elf")}, certificates=certificates, tls=[
        {"port": 443, "name": "good"}, {"port": 444, "name": "rootless", "versions": "TLSv1.2"}])
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
kernel https://{SERVER}/kernel
module https://{SERVER}:444/one || echo no root
set crosscert http://{SERVER}/cross
module https://{SERVER}:444/one
boot
"""})
    machine = boot(setup, trusting_rom, memory=128)
    machine.expect("no root", 60)
    expect_modules(machine, list(files.values()))


def test_says_what_it_leaves_out(setup):
    setup.dhcp(files={"boot.ipxe": "#!ipxe\nshell\n", "packed.gz": b"\x1f\x8b\x08" + bytes(100),
                      "program.0": b"\xeb\x3c" + bytes(1000)})
    shell = Shell(boot(setup, memory=128))
    for line in ("imgextract packed.gz", "config", "chain pxelinux:", "chain program.0"):
        assert re.search(LEFT_OUT, " ".join(shell.run(line).split())), line
    shell.alive()


def test_other_cards_are_named(setup):
    machine = boot(setup, more=["-netdev", "user,id=n1", "-device", "virtio-net-pci,netdev=n1,romfile="],
                   memory=128)
    machine.expect(r"1af4:1000 \(virtio-net\): the driver of this card: " + LEFT_OUT, 40)


def test_chains_the_whole(setup):
    with open(os.path.join(BUILD, "hawser.lkrn"), "rb") as file:
        setup.dhcp(files={"boot.ipxe": "#!ipxe\nchain hawser.lkrn echo the whole\n", "hawser.lkrn": file.read()})
    machine = boot(setup, memory=256)
    machine.expect(r"Booting hawser\.lkrn", 40)
    machine.expect(r"^Features: .*bzImage", 40)
    machine.expect(r"^the whole", 10)
