"""PXE boot menus and boot servers as dnsmasq has them: a whole DHCP server, and a proxy beside one."""

from dhcpd import Dhcpd

PROMPT = 'pxe-prompt="Which one?",5\n'
F8, DOWN = "\x1b[19~", "\x1b[B"


def script(text):
    return f"#!ipxe\necho {text} by ${{pxebs/next-server}}\n"


def test_chosen_in_the_menu(setup):
    setup.dhcp(boot=PROMPT + 'pxe-service=x86PC,"First",first\npxe-service=x86PC,"Second",second',
               files={"first.0": script("first"), "second.0": script("second")})
    vm = setup.boot(memory=128)
    vm.expect(r"Which one\? \(F8: menu; 5 s\)", 40)
    vm.type(F8)
    vm.expect("Second", 10)
    vm.type(DOWN + "\r")
    vm.expect(r"Looking for PXE boot server \d+\.\.\. ok", 10)
    vm.expect(r"address from DHCP server 10\.77\.0\.1, "
              r'boot file from PXE boot server 10\.77\.0\.1 \("Second"\)', 10)
    vm.expect(r"second by 10\.77\.0\.1", 10)


def test_time_chooses_the_local_disk(setup):
    setup.dhcp(boot='pxe-prompt="Which one?",1\npxe-service=x86PC,"Local",0\n'
               'pxe-service=x86PC,"Other",other', files={"other.0": script("other")})
    vm = setup.boot(memory=128, machine="pc,graphics=off")
    vm.expect("Chosen: the local disk", 40)
    vm.expect("No bootable device", 30)


def test_proxy_beside_another_server(setup):
    """The other server leases addresses and knows of no files."""
    setup._keep(Dhcpd(setup.lab))
    setup.dhcp(boot='pxe-service=x86PC,"Only",only', files={"only.0": script("only")}, proxy=True)
    vm = setup.boot(memory=128)
    vm.expect(r"boot file from \w+ server 10\.77\.0\.1, as the first names none", 40)
    vm.expect("only by", 10)
