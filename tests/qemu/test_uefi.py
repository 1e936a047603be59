"""hawser.efi under OVMF: as a network boot program by PXE and HTTP, from a disk, and from a shell."""

import hashlib
import os
import re
import struct
import subprocess

import dhcpd
import initramfs
from conftest import PROMPT, ROOT, hawser_efi

BANNER = r"Hawser [\d.]+ - network boot agent"
BOOT_MANAGER = r'BdsDxe: starting Boot\d+ "UiApp"'
PXE_CONFIG = """
dhcp-userclass=set:ipxe,iPXE
dhcp-boot=tag:!ipxe,efi/hawser.efi
dhcp-boot=tag:ipxe,boot.ipxe
"""
HTTP_CONFIG = """
dhcp-vendorclass=set:http,HTTPClient
dhcp-option-force=tag:http,60,HTTPClient
dhcp-boot=tag:http,http://10.77.0.1/efi/hawser.efi
"""
# OVMF tries PXE first, and for a minute.
NO_PXE = ["-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=n",
          "-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=n"]

SNAKEOIL = "/usr/share/ovmf/PkKek-1-snakeoil"


def packed(setup, *options):
    """hawser.efi with what hawser-pack is told to put into it."""
    path = os.path.join(setup.folder, "packed.efi")
    with open(path, "wb") as file:
        file.write(hawser_efi())
    tool = os.path.join(ROOT, "scripts", "hawser-pack")
    subprocess.run([tool, path, *options], check=True, stdout=subprocess.DEVNULL)
    with open(path, "rb") as file:
        data = file.read()
    subprocess.run([tool, path, "--remove", "all"], check=True, stdout=subprocess.DEVNULL)
    with open(path, "rb") as file:
        assert file.read() == hawser_efi()  # as it was built
    return data


def nic(setup, model="virtio-net-pci"):
    return setup.nics((model, setup.lab.tap()), roms=False)


def test_image():
    """What firmware, shim and signing tools look at: a program for x86-64 without a date, of which nothing is
    both writable and executable, and the name by which shim could revoke it."""
    image = hawser_efi()
    at, = struct.unpack_from("<I", image, 0x3c)
    signature, machine, count, date = struct.unpack_from("<4sHHI", image, at)
    assert (signature, machine, date) == (b"PE\0\0", 0x8664, 0)
    magic, alignment = struct.unpack_from("<H30xI", image, at + 24)
    subsystem, characteristics = struct.unpack_from("<HH", image, at + 24 + 68)
    assert (magic, alignment, subsystem) == (0x20b, 4096, 10)
    assert characteristics & 0x140 == 0x140, "it may be moved, and does without executable data"
    sections = {}
    for row in range(at + 24 + 240, at + 24 + 240 + 40 * count, 40):
        name, bytes_there, _, _, place, flags = struct.unpack_from("<8sIIII12xI", image, row)
        assert flags & 0xA0000000 != 0xA0000000, f"{name} is writable and executable"
        sections[name.rstrip(b"\0")] = image[place:place + bytes_there]
    lines = [line.split(b",") for line in sections[b".sbat"].splitlines()]
    assert [line[:2] for line in lines] == [[b"sbat", b"1"], [b"hawser", b"1"]]
    assert all(len(line) == 6 for line in lines)


def test_pxe(setup):
    """By our driver of a card that the firmware has one for: its lease, script, a packed setting, a
    download that is whole, restart. Another card is let be."""
    file = initramfs.noise(5, 3_000_000)
    digest = hashlib.sha256(file).hexdigest()
    setup.nginx({"file": file})
    dhcp = setup.dhcp(PXE_CONFIG, files={
        "efi/hawser.efi": packed(setup, "--set", "site=the lab"), "boot.ipxe": f"""#!ipxe
echo at ${{site}}
echo on ${{platform}} by ${{net0/chip}} ${{busid}} from ${{cwuri}}
echo alone: [${{net1/chip}}]
imgfetch --sha256 {digest} http://10.77.0.1/file || goto bad
echo whole
reboot
:bad
echo broken
shell
"""})
    vm = setup.uefi(*setup.nics(("virtio-net-pci", setup.lab.tap()), ("e1000", setup.lab.tap(1)),
                                roms=False))
    vm.expect(BANNER, 60)
    vm.expect(r"^at the lab", 30)
    vm.expect(r"on efi by virtio-net 01:1a:f4:10:00 from tftp://10\.77\.0\.1/", 30)
    vm.expect(r"^alone: \[\]", 30)
    vm.expect(r"^whole", 60, or_fail="^broken")
    vm.wait_end()
    # The firmware's round, and one of ours, which say the same architecture.
    assert len(re.findall(r"DHCPACK.* 52:54:00:12:34:56", dhcp.log())) == 2
    assert "PXEClient:Arch:00007:UNDI:003010" in dhcp.log()


def test_http_boot(setup):
    """The program knows where it came from, and finds the script beside it, with the lease that the
    firmware got: nobody asks for another, nor gives that one back. Then a shell, whose backspace is the
    terminal's."""
    web = setup.nginx({"efi/hawser.efi": hawser_efi(), "efi/autoexec.ipxe": """#!ipxe
echo autoexec from ${cwuri}
echo as ${net0/ip}/${net0/netmask} by ${net0/gateway} ${dns} for ${net0/filename}
chain ../next.ipxe
""", "next.ipxe": "#!ipxe\necho next\nshell\n"})
    setup.dhcp(HTTP_CONFIG + "dhcp-option=option:dns-server,10.77.0.8,10.77.0.9\n")
    sniffer = setup.sniffer()
    vm = setup.uefi(*nic(setup), *NO_PXE)
    vm.expect(BANNER, 90)
    vm.expect(r"autoexec from http://10\.77\.0\.1/efi/autoexec\.ipxe", 30)
    lease = vm.expect(r"^as (\S+)/255\.255\.255\.0 by 10\.77\.0\.1 10\.77\.0\.8 for "
                      r"http://10\.77\.0\.1/efi/hawser\.efi", 30)
    vm.expect(r"^next", 30)
    vm.expect(PROMPT, 30)
    vm.type("ecko\x7f\x7fho typed\r")
    vm.expect(r"^typed", 30)
    vm.type("exit\r")
    messages = [message for _, message in sniffer.dhcp()]
    assert messages and all(m.options[60].startswith(b"HTTPClient") for m in messages)
    assert [m.options[50] for m in messages if m.type == dhcpd.REQUEST][-1] == (
        dhcpd.address(lease[1]))
    vm.expect(BOOT_MANAGER, 30)
    assert web.requests()[-1][2].startswith("GET /next.ipxe")


def test_disk_menu_and_native_driver(setup):
    """From a disk, a packed script, and a card that the firmware has no driver for; a menu on the
    screen, chosen from with the keyboard."""
    setup.dhcp(PXE_CONFIG, files={"boot.ipxe": "#!ipxe\n"})
    script = os.path.join(setup.folder, "menu.ipxe")
    with open(script, "w") as file:
        file.write("""#!ipxe
dhcp
echo chip ${net0/chip}
menu Which one?
item first The first
item second The second
choose --default first what && echo chose ${what}
exit 1
""")
    program = packed(setup, "--script", script)
    vm = setup.uefi(*setup.esp({"EFI/BOOT/BOOTX64.EFI": program}), *nic(setup, "e1000"))
    vm.expect(r"chip 82540em", 60)
    vm.expect(r"The second", 30)
    vm.quiet_for(1)
    before = vm.screenshot("menu")
    vm.press("down")
    vm.quiet_for(1)
    assert list(before.getdata()) != list(vm.screenshot("second").getdata())
    vm.press("ret")
    vm.expect(r"chose second", 30)
    vm.expect("next boot device in 10 s", 30)
    vm.press("ret")
    vm.expect(r"BdsDxe: failed to start Boot\d+ .*: Aborted", 30)


def test_card_of_the_program_that_started_us(setup, guests):
    """iPXE holds SNP, the firmware's driver of the card, for itself: the firmware's managed network is
    used, although ours is faster, and iPXE goes on afterwards."""
    with open(os.path.join(guests, "ipxe", "snponly.efi"), "rb") as file:
        ipxe = file.read()
    setup.dhcp("""
dhcp-match=set:hawser,224
dhcp-userclass=set:ipxe,iPXE
dhcp-boot=tag:!ipxe,snponly.efi
dhcp-boot=tag:ipxe,tag:!hawser,first.ipxe
dhcp-boot=tag:hawser,second.ipxe
""", files={"snponly.efi": ipxe, "hawser.efi": hawser_efi(),
            "second.ipxe": "#!ipxe\necho by ${net0/chip}\nexit\n",
            "first.ipxe": "#!ipxe\nchain hawser.efi || echo failed\ndhcp && echo iPXE again\n"})
    vm = setup.uefi(*nic(setup))
    vm.expect(BANNER, 120)
    vm.expect(r"^by mnp", 60)
    vm.expect(r"iPXE again", 60, or_fail="failed")


def test_reboot_into_setup(setup):
    """And before that, an initrd that does not fit into memory, which is said before it is loaded. The
    commands are the data of a boot option."""
    web = setup.web()
    web.huge("/huge", 10 * 2**30)
    setup.dhcp()
    commands = f"hawser dhcp ; initrd {web.url}/huge || echo refused ; reboot --setup"
    vm = setup.uefi_disk({}, *nic(setup), options=commands)
    vm.expect(r"(?i)needs 10(\.0)? GiB, free .*", 90)
    vm.expect("^refused", 10)
    assert vm.wait_end() == 0
    with open(os.path.join(setup.folder, "variables1.fd"), "rb") as file:
        variables = file.read()
    assert "OsIndications\0".encode("utf-16-le") + struct.pack("<Q", 1) in variables


def sign_file(setup, path, output):
    """Signs a program with the key that OVMF's Secure Boot variables trust."""
    key = os.path.join(setup.folder, "key")
    subprocess.run(["openssl", "pkey", "-in", SNAKEOIL + ".key", "-passin", "pass:snakeoil",
                    "-out", key], check=True)
    subprocess.run(["sbsign", "--key", key, "--cert", SNAKEOIL + ".pem", "--output", output, path],
                   check=True)


def signed(setup, name, data):
    """The same of a file's contents."""
    path = os.path.join(setup.folder, name)
    with open(path, "wb") as file:
        file.write(data)
    sign_file(setup, path, path)
    with open(path, "rb") as file:
        return file.read()


def secured(setup, script):
    """A machine with Secure Boot, which trusts hawser.efi on its disk."""
    files = {"EFI/BOOT/BOOTX64.EFI": signed(setup, "hawser.efi", hawser_efi()),
             "EFI/BOOT/autoexec.ipxe": script}
    return setup.uefi_disk(files, *nic(setup), memory=512, secure_boot=True)


def test_secure_boot(setup, guests, data):
    """Signed with the machine's key, Hawser starts, and starts what is signed, and nothing else."""
    with open(os.path.join(guests, "kernel", "vmlinuz"), "rb") as file:
        kernel = file.read()
    setup.nginx({"theirs": kernel, "multiboot": data("multiboot64.elf"), "axvisor": data("efi64.elf"),
                 "ours": signed(setup, "ours", kernel)})
    setup.dhcp()
    vm = secured(setup, """#!ipxe
echo Secure Boot is ${efi/SecureBoot}
dhcp
set base http://10.77.0.1
kernel ${base}/theirs ||
boot || echo went on
imgfree
chain ${base}/multiboot || echo no Multiboot
chain ${base}/axvisor || echo no ELF
imgfree
kernel ${base}/ours console=ttyS0
boot
""")
    vm.expect(r"Secure Boot is 01", 90)
    vm.expect(r"Secure Boot refuses it", 60)
    vm.expect(r"^went on", 30)
    vm.expect(r"^no Multiboot", 30)
    vm.expect(r"Secure Boot refuses it", 30)
    vm.expect(r"^no ELF", 30)
    vm.expect(r"Linux version .*", 90)
    vm.expect(r"[Ss]ecure boot enabled", 60)


def test_shim_starts_what_the_firmware_refuses(setup):
    """GRUB that Debian has signed, whose key only shim knows."""
    files = {"shimx64.efi": "/usr/lib/shim/shimx64.efi",
             "grub.efi": "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed"}
    for name, path in files.items():
        with open(path, "rb") as file:
            files[name] = file.read()
    setup.nginx(files | {"shimx64.efi": signed(setup, "shim", files["shimx64.efi"])})
    setup.dhcp()
    vm = secured(setup, """#!ipxe
dhcp
set base http://10.77.0.1
chain ${base}/grub.efi || echo refused without
shim ${base}/shimx64.efi
chain ${base}/grub.efi
""")
    vm.expect(r"^refused without", 120)
    vm.expect(r"grub> ", 60)
    vm.type("lsefisystab\r")
    vm.expect(r"Vendor: ", 30)
