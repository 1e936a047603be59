"""Forms and the settings browser on a real screen, on a terminal, and beside a log."""

import time

from conftest import PROMPT
from test_menu import BLUE, RED, raw_log, share

CYAN = (0, 170, 170)
SCRIPT = """#!ipxe
set hostname node7
form Install this machine
item --gap Everything can be changed later.
item hostname Host name
item --secret pw Password of root
item disk:int8 Disk number
present || goto cancelled
echo saved ${hostname} ${disk} ${pw}
shell
:cancelled
echo nothing saved [${hostname}] [${pw}]
shell
"""


def start(setup):
    setup.dhcp(files={"boot.ipxe": SCRIPT})
    machine = setup.boot(memory=64)
    machine.expect("Install this machine", 40)
    machine.expect("Press a key here", 10)
    return machine


def press(machine, keys):
    for key in keys:
        machine.press(key)
        time.sleep(0.15)


def test_form_on_keyboard_and_screen(setup):
    """The form is on the VGA; the log gets plain lines and no secret."""
    machine = start(setup)
    machine.quiet_for(0.5)
    screen = machine.screenshot("form")
    assert share(screen, (0, 25), BLUE) > 0.6
    for row in (5, 8, 11):
        assert share(screen, (row, row + 1), CYAN) > 0.6, f"no field in row {row}"
    press(machine, ["backspace", "8", "ret", "a", "b", "ret", "x", "ret"])
    time.sleep(0.5)
    assert share(machine.screenshot("wrong"), (12, 13), RED) > 0.3, "the reason is shown in red"
    press(machine, ["backspace", "2", "ret"])
    machine.expect(r"^Saved:\n", 10)
    machine.expect(r"Password of root: \*{8}\n", 5)
    machine.expect("^saved node8 2 ab$", 5)
    machine.expect(PROMPT, 5)
    assert share(machine.screenshot("after"), (0, 25), BLUE) == 0
    assert b"\x1b" not in raw_log(machine)


def test_form_on_a_terminal(setup):
    machine = start(setup)
    machine.type("X")
    machine.expect("Password of root", 10)
    machine.quiet_for(0.5)
    machine.type("\r\x1b[A\x1b[D-\x18")
    machine.expect("saved node7-X", 10)
    machine.expect("hawser> ", 5)
    machine.type("login\r")
    machine.expect("User name", 10)
    machine.type("me\rsecret\r")
    machine.expect("hawser> ", 10)
    shell_text = len(machine.text)
    machine.type("echo ${username} ${password}\r")
    machine.expect("^me secret$", 5)
    assert "secret" not in machine.text[:shell_text]


def test_cancelled_form(setup):
    machine = start(setup)
    press(machine, ["x", "ret", "y", "esc"])
    machine.expect(r"^nothing saved \[node7\] \[\]$", 10)
    machine.expect(PROMPT, 5)


def test_settings_browser(setup):
    setup.dhcp(files={"boot.ipxe": "#!ipxe\nset colour green\nconfig\necho ${colour} ${new}\nshell\n"})
    machine = setup.boot(memory=64)
    machine.expect("^colour:string = green$", 40)
    machine.expect("Press a key here", 10)
    machine.quiet_for(0.5)
    screen = machine.screenshot("browser")
    assert share(screen, (3, 4), RED) > 0.7 and share(screen, (0, 25), BLUE) > 0.7
    press(machine, ["down", "down"])
    time.sleep(0.3)
    moved = machine.screenshot("moved")
    assert share(moved, (3, 4), RED) == 0 and share(moved, (5, 6), RED) > 0.7
    press(machine, ["n", "n", "e", "w", "ret", "1", "ret"])
    time.sleep(0.3)
    machine.screenshot("added")
    press(machine, ["esc"])
    machine.expect("^green 1$", 10)
    machine.expect(PROMPT, 5)
    assert b"\x1b" not in raw_log(machine)

    # The same on a terminal, in the block of the lease: up from there, then out.
    machine.type("config net0.dhcp\r")
    machine.expect("Settings of net0.dhcp", 10)
    machine.quiet_for(0.5)
    machine.type("\x7f")
    machine.expect("Settings of net0 ", 10)
    machine.type("nhostname\rbox\r\x1b")
    machine.expect("hawser> ", 10)
    machine.type("show net0/hostname\r")
    machine.expect("^net0/hostname:string = box$", 5)
