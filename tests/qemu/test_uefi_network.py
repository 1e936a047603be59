"""How hawser.efi comes by its network under OVMF: VLANs of the firmware, IPv6, its managed network, an
option ROM's UNDI."""

import hashlib
import os
import struct

import initramfs
from conftest import hawser_efi
from test_uefi import BANNER, HTTP_CONFIG, NO_PXE, nic

# EFI_VLAN_CONFIG_PROTOCOL, under whose GUID edk2 keeps the VLANs of a card, by the card's address:
# 16 bits for each, as a tag has them.
VLAN_CONFIG = "9e23d768-d2f3-4366-9fc3-3a7aba864374"
TAG = 5 << 13 | 100
IN_VLAN_100 = [("525400123456", VLAN_CONFIG, struct.pack("<H", TAG))]


def test_pxe_over_a_vlan(setup):
    """The firmware is set to VLAN 100, and so is Hawser then: with the firmware's lease, and with one
    of its own."""
    vlan = setup.vlan(100)
    setup.dhcp("""
dhcp-userclass=set:ipxe,iPXE
dhcp-boot=tag:!ipxe,hawser.efi
dhcp-boot=tag:ipxe,boot.ipxe
""", interface="vlan", files={"hawser.efi": hawser_efi(), "autoexec.ipxe": """#!ipxe
echo first ${net0-100/ip} of ${net0-100/dhcp-server} and [${net0/ip}]
autoboot
""", "boot.ipxe": """#!ipxe
echo then ${netX/ifname} ${netX/ip} from ${cwuri}
ifstat
exit
"""})
    vm = setup.uefi(*nic(setup), variables_of_firmware=IN_VLAN_100)
    vm.expect(BANNER, 120)
    first = vm.expect(r"^first (10\.77\.2\.\d+) of 10\.77\.2\.1 and \[\]", 30)
    vm.expect(rf"^then net0-100 {first[1]} from tftp://10\.77\.2\.1/", 60)
    vm.expect(r"BdsDxe: ", 60)
    assert set(vlan.tags) == {TAG}, "of the firmware's frames and ours"


def test_http_boot_over_a_vlan(setup):
    """The lease in the device path belongs to the VLAN in the same path, gateway and all."""
    vlan = setup.vlan(100)
    setup.nginx({"efi/hawser.efi": hawser_efi(), "efi/autoexec.ipxe": """#!ipxe
echo ${net0-100/ip} by ${net0-100/gateway} for ${cwuri}
"""})
    setup.dhcp(HTTP_CONFIG, interface="vlan")
    vm = setup.uefi(*nic(setup), *NO_PXE, variables_of_firmware=IN_VLAN_100)
    vm.expect(BANNER, 120)
    vm.expect(r"^10\.77\.2\.\d+ by 10\.77\.2\.1 for http://10\.77\.0\.1/efi/autoexec", 30)
    assert set(vlan.tags) == {TAG}


def test_pxe_by_ipv6(setup):
    """Its lease is of no use: Hawser says so, and gets one of IPv4."""
    server = ("fd77::1/64", "dev", "tap0")
    setup.lab.run("ip", "addr", "add", *server, "nodad")
    setup.dhcp("""
enable-ra
dhcp-range=fd77::50,fd77::99,64,1h
dhcp-option=option6:bootfile-url,tftp://[fd77::1]/hawser.efi
dhcp-boot=boot.ipxe
""", files={"hawser.efi": hawser_efi(), "boot.ipxe": "#!ipxe\necho at ${net0/ip}\n"})
    vm = setup.uefi(*nic(setup), "-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=n")
    try:
        vm.expect(r"^The firmware booted by IPv6, which Hawser does not have", 120)
        vm.expect(r"^at 10\.77\.0\.", 60)
    finally:
        setup.lab.run("ip", "addr", "del", *server)


IPV6 = b"\x86\xdd"  # EtherType
CARD = bytes.fromhex("525400123456")
RUNS = [r"fs0:\hawser.efi mnp set net0/ip 10.77.0.60 && ifopen net0 && chain http://10.77.0.1/mnp.ipxe",
        r"fs0:\hawser.efi snp dhcp && echo then by ${net0/chip} && exit"]


def test_managed_network(setup):
    """The card by MNP. The firmware's own IPv6, which has just begun there, is not heard meanwhile.
    Afterwards the card is to be had by SNP again."""
    file = initramfs.noise(6, 3_000_000)
    digest = hashlib.sha256(file).hexdigest()
    setup.nginx({"file": file, "mnp.ipxe": f"""#!ipxe
echo by ${{net0/chip}} as ${{net0/mac}} at ${{net0/ip}}
vcreate --tag 7 net0 || echo no VLANs
imgfetch --sha256 {digest} http://10.77.0.1/file && echo whole
sleep 4
echo slept
dhcp net0 && echo leased ${{net0.dhcp/ip}}
exit
"""})
    setup.dhcp()
    sniffer = setup.sniffer()
    vm = setup.uefi_shell([*RUNS, "reset -s"], *nic(setup))
    vm.expect(BANNER, 90)
    vm.expect(r"^by mnp as 52:54:00:12:34:56 at 10\.77\.0\.60", 60)
    vm.expect(r"vcreate: net0 is driven by the firmware's managed network, which drops", 30)
    vm.expect(r"^no VLANs", 10)
    vm.expect(r"^whole", 60)
    before = len(sniffer.frames)
    vm.expect(r"^slept", 30)
    # The host's end of the network may ask for routers by IPv6 at any time.
    assert not [frame for _, frame in sniffer.frames[before:]
                if frame[6:12] == CARD and frame[12:14] == IPV6]
    vm.expect(r"^leased 10\.77\.0\.", 30)
    vm.expect(r"^then by snp", 60)
    vm.wait_end(60)


UNDI_SCRIPT = r"""@echo -off
fs0:\hawser.efi nii dhcp && chain http://10.77.0.1/nii.ipxe
fs0:\hawser.efi snp dhcp && echo then by ${net0/chip} && exit
fs0:\hawser.efi mnp dhcp && echo and by ${net0/chip} && exit
reset -s
"""


def test_undi_of_an_option_rom(setup, guests):
    """The card by the UNDI that iPXE's ROM offers beside its SNP. Afterwards the firmware has the card
    again: SNP, and its own network over that."""
    file = initramfs.noise(7, 3_000_000)
    digest = hashlib.sha256(file).hexdigest()
    setup.nginx({"file": file, "nii.ipxe": f"""#!ipxe
echo by ${{net0/chip}} as ${{net0/mac}} at ${{net0/ip}}
imgfetch --sha256 {digest} http://10.77.0.1/file && echo whole
exit
"""})
    setup.dhcp("")
    rom = os.path.join(guests, "ipxe", "efi-e1000.rom")
    vm = setup.uefi(*setup.esp({"startup.nsh": UNDI_SCRIPT.replace("\n", "\r\n")}, "hawser.efi"),
                    "-netdev", setup.lab.tap() + ",id=n0",
                    "-device", f"e1000,netdev=n0,mac=52:54:00:12:34:56,romfile={rom}")
    vm.expect(BANNER, 120)
    vm.expect(r"^by nii as 52:54:00:12:34:56 at 10\.77\.0\.", 60)
    vm.expect(r"^whole", 90)
    vm.expect(r"^then by snp", 60)
    vm.expect(r"^and by mnp", 60)
    vm.wait_end(60)
