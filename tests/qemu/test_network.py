"""DHCP, TFTP and HTTP as servers see them: what is on the wire, and that each byte arrives."""

import re
import zlib

import pytest

import initramfs
from conftest import DEBUG_EXIT, PROMPT, SEED_CONFIG, Shell
from dhcpd import ACK, DECLINE, DISCOVER, NAK, OFFER, REQUEST, Dhcpd, address, option

SERVER = "10.77.0.1"
HELLO = "#!ipxe\necho booted ${net0/ip} from ${next-server} file ${filename}\nshell\n"


def expect_modules(machine, files, timeout=60):
    """The reporting kernel got these modules, byte for byte and in this order."""
    machine.expect("TEST-KERNEL done", timeout)
    seen = re.findall(r"^module start=\w+ bytes=(\w+) crc32=(\w+)", machine.text, re.M)
    assert [(int(size, 16), int(crc, 16)) for size, crc in seen] == \
        [(len(data), zlib.crc32(data)) for data in files]
    assert machine.wait_end() == DEBUG_EXIT


# --- DHCP -------------------------------------------------------------------------------------------

def test_dhcp_request_on_the_wire(setup):
    """Identities and options that servers key on, and no time lost."""
    sniffer = setup.sniffer()
    setup.dhcp(files={"boot.ipxe": HELLO})
    # Not e1000: QEMU's model receives nothing in its first second.
    machine = setup.boot("-uuid", "00112233-4455-6677-8899-aabbccddeeff", nic="e1000e")
    machine.expect(r"booted 10\.77\.0\.\d+ from 10\.77\.0\.1 file boot\.ipxe", 40)
    (discovered, discover), = sniffer.dhcp(DISCOVER)
    (requested, request), = sniffer.dhcp(REQUEST)
    for message in (discover, request):
        assert (message.op, message.htype, message.hlen) == (1, 1, 6)
        assert message.chaddr == bytes.fromhex("525400123456")
        assert message.options[77] == b"iPXE", "user class without a length byte"
        assert message.options[60] == b"PXEClient:Arch:00000:UNDI:002001"
        assert message.options[93] == b"\0\0" and message.options[94] == b"\1\2\1"
        assert message.options[61] == b"\1" + message.chaddr
        uuid = bytes.fromhex("33221100554477668899aabbccddeeff")
        assert message.options[97] == b"\0" + uuid
        assert {1, 3, 6, 12, 15, 43, 60, 66, 67, 175} <= set(message.options[55])
        features = message.options[175]
        subs = {}
        while features:
            subs[features[0]] = features[2:2 + features[1]]
            features = features[2 + features[1]:]
        assert {0x13, 0x14, 0x15, 0x18, 0x19} <= set(subs), "HTTP(S), TFTP, bzImage, Multiboot"
        assert len(subs[0xEB]) == 3 and subs[0xB1][1:] == bytes.fromhex("808610d3")
        assert re.fullmatch(rb"Hawser \d+\.\S+", message.options[224])
    assert request.options[54] == address(SERVER)
    assert request.xid == discover.xid
    assert requested - discovered < 0.5, "an offer with a boot file is taken at once"


def test_another_hardware_address(setup):
    """What `set net0/mac` says is what servers see; clearing it brings the card's own back."""
    sniffer = setup.sniffer()
    shell = setup.shell()
    assert "is open" in shell.run("set net0/mac 52:54:00:aa:bb:cc")
    shell.run("ifclose net0")
    shell.run("set net0/mac 52:54:00:aa:bb:cc")
    assert "ok" in shell.run("dhcp net0", 60)
    assert "52:54:00:aa:bb:cc 52:54:00:12:34:56" in shell.run("echo ${net0/mac} ${net0/hwaddr}")
    assert sniffer.dhcp(REQUEST)[-1][1].chaddr == bytes.fromhex("525400aabbcc")
    shell.run("ifclose net0")
    shell.run("clear net0/mac")
    assert "ok" in shell.run("dhcp net0", 60)
    assert sniffer.dhcp(REQUEST)[-1][1].chaddr == bytes.fromhex("525400123456")


CONFIGS = {
    "plain": "dhcp-boot=boot.ipxe",
    "options-66-67": f"dhcp-option-force=66,{SERVER}\ndhcp-option-force=67,boot.ipxe",
    "next-server": f"dhcp-boot=boot.ipxe,,{SERVER}",
    "slash": "dhcp-boot=/boot.ipxe",
    "http-uri": f"dhcp-boot=http://{SERVER}:8080/boot.ipxe",
    "pxe-service": 'dhcp-boot=undionly.kpxe\npxe-prompt="Boot",0\n'
                   'pxe-service=x86PC,"Boot",boot.ipxe\ndhcp-boot=boot.ipxe',
}


@pytest.mark.parametrize("config", CONFIGS)
def test_boot_file_from_dnsmasq(setup, config):
    """Each way in which dnsmasq is told of a boot file leads to the script."""
    web = setup.web()
    web.text("/boot.ipxe", HELLO)
    setup.dhcp(boot=CONFIGS[config], files={"boot.ipxe": HELLO})
    machine = setup.boot(memory=128)
    machine.expect(r"booted 10\.77\.0\.\d+", 40)


def test_proxy_dhcp(setup):
    """One server leases addresses, another one names the boot file."""

    def answer(server, message):
        if message.type == DISCOVER:
            return [server.reply(message, OFFER), server.reply(
                message, OFFER, lease="0.0.0.0", file=b"boot.ipxe", extra=option(60, "PXEClient"))]
        return server.normal(message)

    setup._keep(Dhcpd(setup.lab, answer))
    setup.tftp({"boot.ipxe": HELLO.encode()}, port=69)
    machine = setup.boot(memory=128)
    machine.expect(r"booted 10\.77\.0\.60 ", 40)


def test_garbage_offers_are_ignored(setup):
    """Before each good answer come answers that are broken in one way each."""

    def garbage(server, message, type_):
        kind = option(53, bytes([type_]))
        yield b""
        yield b"\2" * 239
        for nobody in ("0.0.0.0", "255.255.255.255", "224.0.0.9", "127.0.0.1"):
            yield server.reply(message, type_, lease=nobody, file=b"evil")
        yield server.raw(message, kind + b"\xff", lease="10.77.0.13", file=b"evil")  # from whom?
        yield server.raw(message, kind + option(52, b"\3") + option(54, address(SERVER)) + b"\xff",
                         lease="10.77.0.13", file=option(52, b"\3") + b"\xff",
                         sname=option(52, b"\1") * 21)  # overload that says so again
        yield server.raw(message, kind * 400 + b"\xff", lease="10.77.0.13")
        yield server.raw(message, b"", lease="10.77.0.13")[:241]
        yield server.raw(message, kind + b"\x43\xff" + b"boot", lease="10.77.0.13")  # past the end
        yield server.raw(message, kind + option(54, b"\1\2") + b"\xff", lease="10.77.0.13")
        yield server.raw(message, kind + option(52, b"\3") + b"\xff", lease="10.77.0.13",
                         file=b"\x43\xf0", sname=b"\xff" * 64)  # overload into nonsense
        yield server.raw(message, bytes(range(1, 255)) * 3, lease="10.77.0.13")
        wrong = bytearray(server.reply(message, type_, lease="10.77.0.13", file=b"evil"))
        wrong[4] ^= 0x55
        yield bytes(wrong)  # another client's transaction
        wrong = bytearray(server.reply(message, type_, lease="10.77.0.13", file=b"evil"))
        wrong[28] ^= 0x55
        yield bytes(wrong)  # another client's address
        wrong = bytearray(server.reply(message, type_, lease="10.77.0.13", file=b"evil"))
        wrong[236] ^= 0x55
        yield bytes(wrong)  # not DHCP at all

    def answer(server, message):
        replies = list(garbage(server, message, OFFER if message.type == DISCOVER else ACK))
        return replies + server.normal(message)

    setup._keep(Dhcpd(setup.lab, answer, file=b"boot.ipxe"))
    setup.tftp({"boot.ipxe": HELLO.encode()}, port=69)
    machine = setup.boot(memory=128)
    machine.expect(r"booted 10\.77\.0\.60 ", 40)


def test_long_and_overloaded_options(setup):
    """A boot file name in two option parts (RFC 3396), and options in the file field (RFC 2132)."""
    name = "boot-" + "x" * 300 + ".ipxe"

    def answer(server, message):
        type_ = OFFER if message.type == DISCOVER else ACK
        options = option(53, bytes([type_])) + option(54, address(SERVER)) + option(52, b"\1")
        options += option(51, b"\0\0\x0e\x10") + option(1, address("255.255.255.0"))
        options += option(67, name[:200])
        return [server.raw(message, options + b"\xff", lease="10.77.0.60",
                           file=option(67, name[200:]) + b"\xff")]

    setup._keep(Dhcpd(setup.lab, answer))
    tftp = setup.tftp({name: HELLO.encode()}, port=69)
    machine = setup.boot(memory=128)
    machine.expect(r"booted 10\.77\.0\.60 ", 40)
    assert tftp.transfers[0].name == name


def test_refused_lease_starts_over(setup):
    """A NAK leads to a new DISCOVER and, in the end, to a lease."""
    state = {"naks": 1}

    def answer(server, message):
        if message.type == REQUEST and state["naks"]:
            state["naks"] -= 1
            return [server.reply(message, NAK, lease="0.0.0.0")]
        return server.normal(message)

    dhcpd = setup._keep(Dhcpd(setup.lab, answer, file=b"boot.ipxe"))
    setup.tftp({"boot.ipxe": HELLO.encode()}, port=69)
    machine = setup.boot(memory=128)
    machine.expect(r"booted 10\.77\.0\.60 ", 40)
    assert dhcpd.types() == [DISCOVER, REQUEST, DISCOVER, REQUEST]


def test_address_conflict_is_declined(setup):
    """The first address belongs to another host already: declined, and another one taken."""
    setup.lab.run("ip", "addr", "add", "10.77.0.66/32", "dev", "tap0")
    try:
        leases = ["10.77.0.66", "10.77.0.60"]

        def answer(server, message):
            if message.type == DECLINE:
                leases.pop(0)
            server.lease = leases[0]
            return server.normal(message)

        dhcpd = setup._keep(Dhcpd(setup.lab, answer, file=b"boot.ipxe"))
        setup.tftp({"boot.ipxe": HELLO.encode()}, port=69)
        machine = setup.boot(memory=128)
        machine.expect(r"(?i)10\.77\.0\.66.*(in use|conflict|taken|another)", 40)
        machine.expect(r"booted 10\.77\.0\.60 ", 40)
        declined, = [message for message in dhcpd.messages if message.type == DECLINE]
        assert declined.options[50] == address("10.77.0.66")
    finally:
        setup.lab.run("ip", "addr", "del", "10.77.0.66/32", "dev", "tap0")


# --- TFTP -------------------------------------------------------------------------------------------

def test_tftp_servers_of_all_kinds(setup, data):
    """Windows, losses, no options, refused options, and more blocks than 16 bits count."""
    body = initramfs.noise(1, 3_000_001)
    small = initramfs.noise(2, 512 * 7)  # the last block is empty
    many = initramfs.noise(3, 64 * 65_600)
    windows = setup.tftp({"a": body}, port=6901)
    lossy = setup.tftp({"b": body}, port=6902, lose=(1, 5, 64, 65, 1000))
    plain = setup.tftp({"c": small}, port=6903, options=False)
    refusing = setup.tftp({"d": small}, port=6904, refuse=True)
    wrapping = setup.tftp({"e": many}, port=6905, max_block=64)
    script = "#!ipxe\nkernel kernel\n" + "".join(
        f"module tftp://{SERVER}:690{n}/{name}\n" for n, name in enumerate("abcde", 1)) + "boot\n"
    setup.dhcp(files={"kernel": data("multiboot32.elf"), "boot.ipxe": script})
    machine = setup.boot(memory=128)
    expect_modules(machine, [body, body, small, small, many], 90)
    asked = windows.transfers[0].options
    assert int(asked["windowsize"]) >= 16 and asked["blksize"] == "1468" and "tsize" in asked
    assert windows.transfers[0].window >= 16
    assert windows.transfers[0].acks < 2 * len(body) / 1468 / 16 + 5, "one ACK for each window"
    assert lossy.transfers[0].finished
    assert plain.transfers[0].finished
    asked = [len(transfer.options) for transfer in refusing.transfers]
    assert asked == sorted(asked, reverse=True) and asked[0] > 0 == asked[-1], "fewer each time"
    assert wrapping.transfers[0].finished


# --- HTTP -------------------------------------------------------------------------------------------

def test_http_answers_of_all_kinds(setup, data):
    web = setup.web()
    other = setup.web(port=8081)
    files = {name: initramfs.noise(name, 50_000 + 777 * number)
             for number, name in enumerate(("chunks", "close", "hops", "secret", "query", "empty"))}
    files["empty"] = b"0"
    web.chunked("/chunks", files["chunks"])
    web.until_close("/close", files["close"])
    for number, status in enumerate((301, 302, 303, 307), 1):
        web.redirect(f"/hop{number}", status, f"hop{number + 1}")
    web.redirect("/hop5", 308, other.url + "/deep/../hops")
    other.file("/hops", files["hops"])
    other.file("/deep/../hops", files["hops"])
    web.protected("/secret", files["secret"], "user", "p@ss")
    query = "/q?a=1&b=%20+%2F//x?;&c[]=~'"
    web.file(query, files["query"])
    web.file("/empty", files["empty"])
    setup.dhcp(files={"kernel": data("multiboot32.elf"), "boot.ipxe": f"""#!ipxe
kernel kernel
module {web.url}/chunks
module {web.url}/close
module {web.url}/hop1
module http://user:p%40ss@{SERVER}:8080/secret
module {web.url}{query}
module {web.url}/empty
boot
"""})
    machine = setup.boot(memory=128)
    expect_modules(machine, list(files.values()))
    assert query in web.targets(), "query strings are kept byte for byte"
    assert web.requests[0].headers["Host"] == f"{SERVER}:8080"
    assert web.requests[0].headers["User-Agent"].startswith("Hawser/")
    assert all("Authorization" not in request.headers
               for request in web.requests + other.requests if request.target != "/secret")


def test_http_resumes_and_never_splices(setup, data):
    """A connection that breaks is taken up again where it was, unless the file has changed."""
    web = setup.web()
    body, new = initramfs.noise(1, 2_000_000), initramfs.noise(2, 2_000_000)
    web.breaks_once("/same", body, 700_000)
    web.breaks_once("/changed", body, 700_000, then=new, then_etag='"two"')
    setup.dhcp(files={"kernel": data("multiboot32.elf"), "boot.ipxe": f"""#!ipxe
kernel kernel
module {web.url}/same
module {web.url}/changed
boot
"""})
    machine = setup.boot(memory=128)
    expect_modules(machine, [body, new])
    same = [request for request in web.requests if request.target == "/same"]
    assert len(same) == 2
    start = int(re.fullmatch(r"bytes=(\d+)-", same[1].headers["Range"])[1])
    assert 0 < start <= 700_000
    assert same[1].headers["If-Range"] == '"one"'


def test_http_keep_alive_and_speed_line(setup, data):
    """Files of one host share a connection; each download leaves one line with size and rate."""
    files = {f"file{n}": initramfs.noise(n, 1_000_000 * n) for n in range(1, 5)}
    nginx = setup.nginx(files | {"kernel": data("multiboot32.elf")})
    setup.dhcp(files={"boot.ipxe": f"#!ipxe\nkernel http://{SERVER}/kernel\n" + "".join(
        f"module http://{SERVER}/{name}\n" for name in files) + "boot\n"})
    machine = setup.boot(memory=128)
    expect_modules(machine, list(files.values()))
    rows = nginx.requests()
    assert [number for _, number, *_ in rows] == [1, 2, 3, 4, 5], "five requests, one connection"
    assert re.search(rf"^http://{SERVER}/file4\.\.\. .*ok.*3\.8 MiB.*MiB/s", machine.text, re.M)


def test_names_are_resolved(setup, data):
    web = setup.web()
    web.text("/hello", "#!ipxe\necho by name\nshell\n")
    setup.dhcp(files={"boot.ipxe": "#!ipxe\nchain http://boot.test:8080/hello\n"}, dns=True,
               options=["address=/boot.test/" + SERVER, f"dhcp-option=6,{SERVER}"])
    machine = setup.boot(memory=128)
    machine.expect("by name", 40)
    shell = Shell(machine)
    out = shell.run("chain http://absent.test:8080/hello", 40)
    assert re.search(r"(?i)absent\.test", out) and re.search(r"(?i)resolve|unknown host|DNS", out)
    shell.alive()
