"""How hawser.efi comes by its network under OVMF: VLANs of the firmware."""

import struct

from conftest import hawser_efi
from test_uefi import BANNER, nic

# EFI_VLAN_CONFIG_PROTOCOL, under whose GUID edk2 keeps the VLANs of a card, by the card's address:
# 16 bits for each.
VLAN_CONFIG = "9e23d768-d2f3-4366-9fc3-3a7aba864374"
IN_VLAN_100 = [("525400123456", VLAN_CONFIG, struct.pack("<H", 100))]


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
    assert set(vlan.tags) == {100}, "of the firmware's frames and ours"
