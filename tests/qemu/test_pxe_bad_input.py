"""PXE servers that talk nonsense, or contradict one another: what is sound boots, and why is said."""

from conftest import Shell
from dhcpd import ACK, DISCOVER, OFFER, REQUEST, Dhcpd, address, option

FIRST, SECOND = "10.77.0.2", "10.77.0.3"


def proxy_offer(server, message, sender, file, priority=None):
    """An offer of a ProxyDHCP server at `sender`."""
    options = option(53, bytes([OFFER])) + option(54, address(sender)) + option(60, "PXEClient")
    if priority is not None:
        options += option(175, option(1, bytes([priority])))
    return server.raw(message, options + b"\xff", file=file)


def boot_with_proxies(setup, *proxies):
    """One server leases addresses; `proxies` (sender, file, priority) answer before it."""

    def answer(server, message):
        if message.type != DISCOVER:
            return server.normal(message)
        return [proxy_offer(server, message, *proxy) for proxy in proxies] + server.normal(message)

    setup._keep(Dhcpd(setup.lab, answer))
    files = ("one.ipxe", "two.ipxe")
    setup.tftp({name: f"#!ipxe\necho booted {name}\n".encode() for name in files}, port=69)
    return setup.boot(memory=128)


def test_two_proxies_that_disagree(setup):
    vm = boot_with_proxies(setup, (FIRST, b"one.ipxe"), (SECOND, b"two.ipxe"))
    vm.expect(rf'net0: ProxyDHCP server {FIRST} \("one.ipxe"\) is used, '
              rf'not {SECOND} \("two.ipxe"\): it answered first', 40)
    vm.expect("^booted one.ipxe", 10)


def test_the_proxy_of_higher_priority_wins(setup):
    vm = boot_with_proxies(setup, (FIRST, b"one.ipxe"), (SECOND, b"two.ipxe", 5))
    vm.expect(rf'net0: ProxyDHCP server {SECOND} \("two.ipxe"\) is used, '
              rf'not {FIRST} \("one.ipxe"\): its priority', 40)
    vm.expect("^booted two.ipxe", 10)


PROMPT = b"\x0a\x04\x00PXE\xff"  # sub-option 10: take the first entry at once
MENU = b"\x09\x08\x80\x00\x05Entry"  # sub-option 9: type 0x8000, "Entry"
BROKEN = {
    "nothing": b"",
    "past the end": b"\x09\xff\x80\x00\x05En",
    "text past the end": b"\x09\x05\x80\x00\xffEn" + PROMPT,
    "half a type": b"\x09\x01\x80" + PROMPT,
    "servers past the end": b"\x06\x01\x07\x08\x04\x80\x00\xff\x0a" + MENU + PROMPT,
    "servers nobody can have": b"\x06\x01\x07\x08\x07\x80\x00\x01\xff\xff\xff\xff" + MENU
                               + PROMPT,
    "no server, no way to look": b"\x06\x01\x07" + MENU + PROMPT,
    "multicast that is none": b"\x06\x01\x05\x07\x04\x0a\x4d\x00\x09" + MENU + PROMPT,
    "noise": bytes(range(7, 250)),
}


def test_broken_option_43(setup):
    """A round of automatic boot for each: the lease's own file boots, whatever the menu says."""
    menu = {}

    def answer(server, message):
        if message.type not in (DISCOVER, REQUEST):
            return []
        type_ = OFFER if message.type == DISCOVER else ACK
        extra = option(60, "PXEClient") + option(43, menu["value"]) if menu else b""
        return [server.reply(message, type_, extra=extra)]

    dhcpd = setup._keep(Dhcpd(setup.lab, answer, file=b"first"))
    setup.tftp({"first": b"#!ipxe\nshell\n", "round": b"#!ipxe\necho booted ${filename}\n"}, port=69)
    shell = Shell(setup.boot(memory=128))
    dhcpd.file = b"round"
    for name, value in BROKEN.items():
        menu["value"] = value
        assert "\nbooted round" in shell.run("autoboot net0", 60).replace("\r", ""), name
