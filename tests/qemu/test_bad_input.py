"""Bad networks, servers, scripts and kernels: a clear message each time, and the agent goes on."""

import re
import struct
import time

import pytest

import initramfs
from conftest import PROMPT, Shell, write_files

SERVER = "10.77.0.1"
MEMORY = 128


class Agent:
    """One machine at the prompt, with servers to misbehave; started again if a test ends it."""

    def __init__(self, setup, data):
        self.setup = setup
        self.data = data
        self.folder = None
        self.web = setup.web()
        self.tftp = setup.tftp({"big": initramfs.noise(1, 2_000_000)}, die_after=200)
        self.tftp_error = setup.tftp({}, port=6970, error=(2, "Access denied, says the test"))
        dhcp_files = {"boot.ipxe": "#!ipxe\nshell\n", "here": "x"}
        setup.dhcp(files=dhcp_files)
        self.shell = None

    def ready(self):
        if not self.shell or self.shell.machine.process.poll() is not None:
            self.shell = Shell(self.setup.boot(memory=MEMORY))
        else:
            self.shell.machine.type("\x03")  # whatever an earlier test left there
            self.shell.machine.expect(PROMPT, 10)
            self.shell.run("imgfree")
        return self

    def fails(self, command, pattern, timeout=30):
        """The command ends with a message that matches, and the prompt still works."""
        out = self.shell.run(command, timeout)
        assert re.search(pattern, out), f"{command}: said only {out!r}"
        self.shell.alive()
        return out

    def serve(self, path, body):
        self.web.routes[path] = lambda handler: handler.answer(
            200, body if isinstance(body, bytes) else body.encode())


@pytest.fixture(scope="module")
def one_agent(shared, data):
    return Agent(shared, data)


@pytest.fixture
def agent(one_agent):
    return one_agent.ready()


# --- no network -------------------------------------------------------------------------------------

def test_no_link(setup):
    setup.dhcp(files={"boot.ipxe": "#!ipxe\necho booted\nshell\n"})
    machine = setup.boot("-S", memory=64)
    machine.set_link("n0", False)
    machine.qmp("cont")
    machine.expect(r"(?i)(no link|link.*down|link.*not up).*\n", 40)
    machine.type("\x02")
    shell = Shell(machine)
    shell.alive()
    machine.set_link("n0", True)  # and with the cable plugged in, all is well
    assert "ok" in shell.run("dhcp net0", 30)


def test_no_dhcp_server(setup):
    sniffer = setup.sniffer()
    machine = setup.boot(memory=64)
    said = machine.expect(r"(?i)(no DHCP|no (answer|offer)).*\n", 60)
    assert said.at < 30
    sends = [at for at, _ in sniffer.dhcp(1)]
    assert len(sends) >= 4, "several tries"
    machine.type("\x02")
    Shell(machine).alive()


def test_boot_file_missing(setup):
    setup.dhcp(files={"other": "x"})
    machine = setup.boot(memory=64)
    machine.expect(r"(?i)boot\.ipxe.*not found", 40)
    machine.type("\x02")
    Shell(machine).alive()


# --- servers ----------------------------------------------------------------------------------------

def test_tftp_file_not_found(agent):
    agent.fails("imgfetch missing", r"(?i)not found")
    agent.fails(f"imgfetch tftp://{SERVER}:6970/x", "Access denied, says the test")


def test_tftp_server_dies(agent):
    begun = time.monotonic()
    agent.fails(f"imgfetch tftp://{SERVER}:6969/big",
                r"(?i)(timed out|no answer|no data|stopped|silent|nothing)", 90)
    assert time.monotonic() - begun < 60


def test_http_errors(agent):
    agent.web.status("/500", 500)
    agent.web.status("/403", 403)
    agent.fails(f"imgfetch {agent.web.url}/missing", "404")
    agent.fails(f"imgfetch {agent.web.url}/500", "500")
    agent.fails(f"imgfetch {agent.web.url}/403", "403")


def test_http_refused(agent):
    agent.fails(f"imgfetch http://{SERVER}:9/x", r"(?i)refused", 60)


def test_http_truncated(agent):
    body = initramfs.noise(1, 1_000_000)
    agent.web.truncated("/truncated", body, 400_000)
    agent.fails(f"imgfetch {agent.web.url}/truncated", r"(?i)(closed|truncated|broken|ended)", 90)


def test_http_larger_than_memory(agent):
    """Said at once, before the body is read."""
    agent.web.huge("/huge", 10 * 2**30)
    begun = time.monotonic()
    said = agent.fails(f"imgfetch {agent.web.url}/huge", r"10(\.0)? GiB")
    assert re.search(r"(?i)(memory|room|space|free|fit)", said)
    assert time.monotonic() - begun < 10


def test_http_nonsense(agent):
    def nonsense(handler):
        handler.wfile.write(b"220 mail.example ESMTP\r\n\r\n" + b"\xff" * 4000)
        handler.hang_up()

    agent.web.routes["/nonsense"] = nonsense
    agent.fails(f"imgfetch {agent.web.url}/nonsense", r"(?i)http", 60)
    for number in (1, 2):
        agent.web.redirect(f"/loop{number}", 302, f"/loop{3 - number}")
    agent.fails(f"imgfetch {agent.web.url}/loop1", r"(?i)redirect", 60)


def test_unknown_scheme(agent):
    agent.fails("imgfetch gopher://10.77.0.1/x", r"(?i)gopher")


# --- scripts ----------------------------------------------------------------------------------------

def test_binary_script(agent):
    agent.serve("/binary", b"#!ipxe\n" + initramfs.noise(1, 30_000))
    agent.fails(f"chain {agent.web.url}/binary", r"(?i)(binary|not found|not a|line \d|:\d+:)")


def test_unknown_command_in_script(agent):
    agent.serve("/unknown", "#!ipxe\necho one\nfrobnicate now\necho two\n")
    out = agent.fails(f"chain {agent.web.url}/unknown", "frobnicate: command not found")
    assert re.search("^one", out, re.M) and not re.search("^two", out, re.M)


def test_endless_goto_is_cancelled(agent):
    agent.serve("/endless", "#!ipxe\n:again\ngoto again\n")
    machine = agent.shell.machine
    machine.type(f"chain {agent.web.url}/endless\r")
    machine.expect("endless.*ok", 20)
    time.sleep(1)
    machine.type("\x03")
    machine.expect(PROMPT, 5)
    agent.shell.alive()


def test_one_mebibyte_on_one_line(agent):
    agent.serve("/long", "#!ipxe\necho " + "a" * 2**20 + "\n")
    agent.fails(f"chain {agent.web.url}/long", r"(?i)(too long|longer than|more than)")


def test_vast_scripts(agent):
    """One is only as slow as its size, though goto goes through all of it; one does not fit."""
    filler = b"# " + b"x" * 997 + b"\n"
    for megabytes, expected in (60, "^reached"), (100, "(?i)not enough memory: needs .*free"):
        agent.serve("/vast", b"#!ipxe\necho begin\ngoto end\n" + filler * (megabytes * 1000)
                    + b":end echo reached\n")
        out = agent.shell.run(f"chain {agent.web.url}/vast", 60)
        assert re.search(expected, out, re.M), out[-500:]
    agent.shell.alive()


# --- kernels ----------------------------------------------------------------------------------------

CUTS = {
    "marker-small.bzimage": (1, 0x1F1, 0x1FE, 0x202, 0x206, 0x211, 0x22C, 0x260, 512, 1024, 4095,
                             4096, 4097, 30_000, -16),  # syssize counts 16 bytes
    "multiboot32.elf": (4, 16, 52, 60, 84, 4096, 4100, 4110, 9000),
    "multiboot64.elf": (4, 63, 64, 4096, 4108, 4116, 4130, 9000, 30_000),
}


@pytest.mark.parametrize("name", CUTS)
def test_truncated_kernels(agent, name):
    """A kernel cut anywhere is refused with a reason; none of it is ever run."""
    kernel = agent.data(name)
    for cut in CUTS[name]:
        agent.serve("/kernel", kernel[:cut])
        out = agent.shell.run(f"imgfree ; kernel {agent.web.url}/kernel && boot")
        said = re.sub(r"\S+/kernel\.\.\. ok.*", "", out).strip()
        assert said, f"{name} cut at {cut}: no message"
        assert "MARKER" not in out and "TEST-KERNEL" not in out, f"{name} cut at {cut}: it ran"
    agent.shell.alive()


def test_not_a_kernel(agent):
    for body in (b"", b"\0" * 70_000, initramfs.noise(1, 100_000), b"<html>404 but 200</html>\n"):
        agent.serve("/kernel", body)
        out = agent.shell.run(f"imgfree ; kernel {agent.web.url}/kernel && boot")
        said = re.sub(r"\S+/kernel\.\.\. ok.*", "", out).strip()
        assert said, f"{body[:10]}: no message"
    agent.shell.alive()


def test_initrd_larger_than_memory_is_said_first(agent):
    sent = []

    def large(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(300 * 2**20))
        handler.end_headers()
        try:
            for _ in range(300):
                handler.wfile.write(bytes(2**20))
                sent.append(2**20)
        except OSError:
            pass  # the agent hung up, as it should
        handler.hang_up()

    agent.serve("/kernel", agent.data("marker-small.bzimage"))
    agent.web.routes["/large"] = large
    agent.shell.run(f"kernel {agent.web.url}/kernel")
    agent.fails(f"initrd {agent.web.url}/large", r"300(\.0)? MiB")
    assert sum(sent) < 16 * 2**20, "the download had begun in earnest"


def test_tftp_file_larger_than_memory_is_said_first(agent):
    class Large(bytes):
        def __len__(self):
            return 300 * 2**20

    agent.tftp.files["large"] = Large(b"x")
    agent.fails(f"initrd tftp://{SERVER}:6969/large", r"300(\.0)? MiB")
    transfer = agent.tftp.transfers[-1]
    assert transfer.name == "large" and transfer.acks == 0 and transfer.error


def multiboot_at(load, load_end, bss_end, entry):
    """A Multiboot kernel of one page with such address fields."""
    header = struct.pack("<IIi", 0x1BADB002, 0x10000, -(0x1BADB002 + 0x10000))
    header += struct.pack("<IIIII", load, load, load_end, bss_end, entry)
    return header + b"\xf4" * (4096 - len(header))


@pytest.mark.parametrize("case, addresses", {
    "beyond RAM": (0x40000000, 0x40001000, 0x40002000, 0x40000020),
    "in the ROM area": (0xF0000, 0xF1000, 0xF1000, 0xF0020),
    "bss past RAM": (0x200000, 0x201000, 0xF0000000, 0x200020),
    "over the agent": (0x200000, 0x201000, MEMORY << 20, 0x200020),
    "over the agent's top": ((MEMORY << 20) - 0x400000, (MEMORY << 20) - 0x3FF000,
                             (MEMORY << 20) - 0x300000, (MEMORY << 20) - 0x3FFFE0),
    "real-mode vectors": (0x0, 0x1000, 0x1000, 0x20),
    "entry outside": (0x200000, 0x201000, 0x201000, 0x900000),
    "end before begin": (0x200000, 0x1FF000, 0x201000, 0x200020),
    "wraps around": (0xFFFFF000, 0x0, 0x1000, 0xFFFFF020),
}.items())
def test_multiboot_addresses(agent, case, addresses):
    agent.serve("/kernel", multiboot_at(*addresses))
    out = agent.shell.run(f"kernel {agent.web.url}/kernel && boot")
    said = re.sub(r"\S+/kernel\.\.\. ok.*", "", out).strip()
    assert re.search(r"(?i)[a-z]{4,}", said), f"{case}: no message"
    agent.shell.alive()


def test_elf_segment_outside_memory(agent):
    kernel = bytearray(agent.data("multiboot32.elf"))
    offset, = struct.unpack_from("<I", kernel, 28)
    struct.pack_into("<I", kernel, offset + 12, 0xC0000000)  # p_paddr of the first segment
    agent.serve("/kernel", bytes(kernel))
    agent.fails(f"kernel {agent.web.url}/kernel && boot", r"(?i)0x?c0000000|RAM|memory")
