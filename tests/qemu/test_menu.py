"""Menus on a real screen: keyboard, terminal, and a log that nobody types on."""

import time

from conftest import PROMPT

MENU = """#!ipxe
menu Boot menu of the laboratory
item --gap -- ---- Systems ----
item --key d debian Debian GNU/Linux 12
item xen Xen 4.17
item --gap -- ---- Tools ----
item shell Command line
choose {options} target || goto cancelled
echo chosen ${{target}}
shell
:cancelled
echo cancelled
shell
"""

# A VGA's colours without the bright bit: two thirds of full brightness, give or take.
BLUE, RED = (0, 0, 170), (170, 0, 0)
TOLERANCE = 4


def start(setup, options=""):
    setup.dhcp(files={"boot.ipxe": MENU.format(options=options)})
    machine = setup.boot(memory=64)
    machine.expect("Boot menu of the laboratory", 40)
    return machine


def raw_log(machine):
    with open(machine.folder + "/serial.log", "rb") as log:
        return log.read()


def share(screen, rows, colour):
    """How much of some rows of text (16 pixels each) has a colour."""
    height = screen.height // 25
    part = screen.convert("RGB").crop((0, rows[0] * height, screen.width, rows[1] * height))

    def close(pixel):
        return all(abs(is_ - wanted) <= TOLERANCE for is_, wanted in zip(pixel, colour))

    return sum(close(pixel) for pixel in part.getdata()) / (part.width * part.height)


def eventually(check, seconds=10):
    """What `check` returns once that is true, or at last."""
    end = time.monotonic() + seconds
    while not (result := check()) and time.monotonic() < end:
        time.sleep(0.2)
    return result


def shows(machine, name, rows, colour, least):
    """True once so much of the rows has the colour."""
    return eventually(lambda: share(machine.screenshot(name), rows, colour) > least)


def test_keyboard_and_screen(setup):
    """The menu is on the VGA; the serial line, on which nobody types, gets a list."""
    machine = start(setup)
    machine.expect(r"^  1\. Debian GNU/Linux 12\n  2\. Xen 4\.17\n", 5)
    assert shows(machine, "menu", (0, 25), BLUE, 0.8)
    assert shows(machine, "menu", (4, 5), RED, 0.7)
    machine.press("down")
    machine.press("down")
    assert shows(machine, "moved", (7, 8), RED, 0.7)
    assert share(machine.screenshot("moved"), (4, 5), RED) < 0.1
    machine.press("ret")
    machine.expect("Chosen: Command line", 5)
    machine.expect("chosen shell", 5)
    machine.expect(PROMPT, 5)
    assert share(machine.screenshot("after"), (0, 25), BLUE) == 0
    assert b"\x1b" not in raw_log(machine)


def test_terminal(setup):
    """The first key on the serial line brings the menu there as well."""
    machine = start(setup)
    machine.quiet_for(0.5)
    assert b"\x1b" not in raw_log(machine)
    machine.type("\x1b[B")
    machine.expect("Debian GNU/Linux 12", 5)
    assert eventually(lambda: b"\x1b[2J" in raw_log(machine))
    machine.type("\r")
    machine.expect("chosen xen", 5)
    machine.expect(PROMPT, 5)


def test_hot_key_and_escape(setup):
    machine = start(setup)
    machine.type("d")
    machine.expect("chosen debian", 5)
    machine.expect(PROMPT, 5)
    machine.type("menu Again\r")
    machine.expect(PROMPT, 5)
    machine.type("item one One\r")
    machine.expect(PROMPT, 5)
    machine.type("choose x || echo none\r")
    machine.expect("One", 5)
    machine.quiet_for(0.3)
    machine.press("esc")
    machine.expect("none\n", 5)


def test_nobody_there(setup):
    """Time chooses, and the log is plain text."""
    machine = start(setup, "--timeout 3000 --default xen")
    machine.expect(r"In 3 s: Xen 4\.17", 5)
    machine.expect("Chosen: Xen", 10)
    machine.expect("chosen xen", 5)
    assert b"\x1b" not in raw_log(machine)
