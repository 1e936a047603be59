"""What the user sees and can do: keys, prompt, progress, screen, ways out."""

import re

import pytest
import time

import initramfs
from conftest import PROMPT, Shell

SERVER = "10.77.0.1"


def test_ctrl_b_while_waiting_for_a_lease(setup):
    """No server answers; Ctrl-B on the serial line opens the shell without delay."""
    machine = setup.boot(memory=64)
    machine.expect(r"net0", 20)
    time.sleep(1)
    machine.type("\x02")
    begun = time.monotonic()
    shell = Shell(machine)
    assert time.monotonic() - begun < 3
    shell.alive()


def test_ctrl_b_on_the_keyboard_and_vga_screen(setup):
    """The same with keyboard and screen: the banner and the prompt are painted."""
    machine = setup.boot(memory=64)
    machine.expect(r"net0", 20)
    machine.press("ctrl", "b")
    shell = Shell(machine)
    for key in ("h", "e", "l", "p", "ret"):
        machine.press(key)
        time.sleep(0.15)
    machine.expect(r"kernel", 10)
    machine.expect(PROMPT, 10)
    machine.quiet_for(0.3)
    screen = machine.screenshot().convert("L")
    assert screen.width >= 640
    rows = [row for row in range(0, screen.height, 16)
            if max(screen.crop((0, row, screen.width, min(row + 16, screen.height))).getdata()) > 100]
    lit = sum(1 for pixel in screen.getdata() if pixel > 100)
    assert len(rows) >= 5, f"lines of text at {rows}"
    assert 0.002 < lit / (screen.width * screen.height) < 0.3
    shell.alive()


def test_shell(setup):
    web = setup.web()

    def stall(handler):
        handler.answer(200, b"x" * 1000, length=1_000_000)
        handler.wfile.flush()
        time.sleep(30)

    web.routes["/stall"] = stall
    web.file("/large", initramfs.noise(1, 30_000_000))
    shell = setup.shell(memory=128)
    machine = shell.machine

    # Ctrl-C ends waits of all kinds.
    for command, shown in ((f"imgfetch {web.url}/stall", "stall"), ("sleep 100", "sleep"),
                           ("prompt Now?", "Now")):
        machine.type(command + "\r")
        machine.expect(shown, 5)
        time.sleep(0.7)
        machine.type("\x03")
        begun = time.monotonic()
        machine.expect(PROMPT, 5)
        assert time.monotonic() - begun < 2, command

    # Line editing and history: "echo one" again, with its last word replaced.
    assert shell.run("echo one") == "one"
    assert shell.run("\x1b[A\x7f\x7f\x7ftwo").splitlines()[-1] == "two"
    assert shell.run("cho three\x01e") .splitlines()[-1] == "three"
    assert shell.run("echo x\x15echo four").splitlines()[-1] == "four"
    machine.type("echo never\x03")
    machine.expect(PROMPT, 5)

    # Commands say what there is.
    out = shell.run("help")
    for command in ("kernel", "initrd", "module", "chain", "boot", "dhcp", "ifstat", "imgstat", "set",
                    "show", "goto", "iseq", "isset", "sleep", "prompt", "shell", "exit", "reboot",
                    "poweroff", "ifopen", "imgfetch", "imgfree", "echo"):
        assert re.search(rf"\b{command}\b", out), command
    assert "52:54:00:12:34:56" in shell.run("ifstat")
    assert re.search(r"10\.77\.0\.\d+", shell.run("show net0/ip"))
    assert shell.run("echo ${net0/mac:hexhyp} ${next-server}") == f"52-54-00-12-34-56 {SERVER}"
    out = shell.run(f"imgfetch {web.url}/large", 60)
    assert re.search(r"large", shell.run("imgstat"))

    # A download is one line on a plain log, not thousands of updates.
    assert re.search(r"ok.*28\.6 MiB", out), out
    assert len(out) < 4000
    with open(machine.folder + "/serial.log", "rb") as log:
        raw = log.read()
    assert raw.count(b"large") < 100

    assert "reboot" in shell.run("reboot --help")
    machine.type("poweroff\r")
    assert machine.wait_end(20) == 0


def test_tab_and_paste(setup):
    shell = setup.shell(memory=64)
    machine = shell.machine

    # Tab: the rest of a command, of an option, of a setting; then the list of what there is.
    machine.type("imga\t--he\t\r")
    machine.expect(r"imgargs --help *\n", 5)
    machine.expect(r"Usage:\n\n  imgargs ", 5)
    machine.expect(PROMPT, 5)
    assert shell.run("echo ${net0/netm\t ${next-s\t").splitlines()[-1] == f"255.255.255.0 {SERVER}"
    machine.type("ifc\t\t")
    machine.expect(r"\nifclose  ifconf\nhawser> ifc", 5)
    machine.type("\x03")
    machine.expect(PROMPT, 5)

    # 60 KB that come as fast as the serial line takes them, and more lines than wait meanwhile.
    text = "".join(f"{i:05d}-" for i in range(10_000))
    paste = f"set long {text}\rset n:int32 0\r" + "inc n\r" * 50 + "echo ${n} done\r"
    machine.process.stdin.write(paste.encode())
    machine.process.stdin.flush()
    machine.expect("^50 done$", 60)
    machine.expect(PROMPT, 5)
    assert shell.run("echo ${long}").strip() == text
    help_text = shell.run("help")
    assert max(map(len, help_text.splitlines())) < 80 and help_text.count("\n") < 24
    assert "Usage:" in shell.run("help choose")


def test_reboot(setup):
    shell = setup.shell(memory=64)
    shell.machine.type("reboot\r")
    assert shell.machine.wait_end(20) == 0  # QEMU runs with -no-reboot


def test_plain_log(setup, data):
    """From power-on to the kernel there is no escape sequence on the serial line."""
    setup.dhcp(files={"kernel": data("marker-small.bzimage"),
                      "boot.ipxe": "#!ipxe\nkernel kernel\nboot\n"})
    machine = setup.boot(memory=64)
    machine.expect("MARKER real-mode entry", 40)
    machine.wait_end()
    with open(machine.folder + "/serial.log", "rb") as log:
        before = log.read().split(b"MARKER")[0]
    assert b"\x1b" not in before
    assert re.search(rb"Hawser \d", before)


@pytest.mark.parametrize("way", ["exit 1", "sanboot --no-describe --drive 0x80"])
def test_goes_to_the_disk(setup, way):
    """A script that gives up leaves the machine to the BIOS, which boots the disk; or it does so."""
    setup.dhcp(files={"boot.ipxe": f"#!ipxe\n{way}\n"})
    says = b"DISK BOOTED\r\n\0"
    # mov dx,0x3f8; mov si,text; 1: cs lodsb; test al,al; jz 2f; out dx,al; jmp 1b; 2: hlt; jmp 2b
    code = bytes.fromhex("baf803be157c2eac84c07403eeebf7f4ebfd")
    sector = code.ljust(0x15, b"\x90") + says
    path = setup.folder + "/disk.img"
    with open(path, "wb") as disk:
        disk.write(sector.ljust(510, b"\0") + b"\x55\xaa" + bytes(512 * 127))
    machine = setup.machine("-boot", "order=nc", *setup.nics(("e1000", setup.lab.tap())),
                            "-drive", f"file={path},format=raw,if=ide", memory=64)
    machine.expect("DISK BOOTED", 60)
