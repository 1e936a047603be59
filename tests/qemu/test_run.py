"""`make run`: what a user sees first. It is given a pipe for a terminal, as CI would."""

import os

import pytest

from conftest import BUILD, DEPS, OTHER_ROM

pytestmark = pytest.mark.skipif(bool(OTHER_ROM), reason="is about our own ROM")
ENVIRONMENT = {"BUILD": BUILD, "DEPS": DEPS}


def test_run_ends_at_a_shell(setup):
    machine = setup.program(["scripts/run"], ENVIRONMENT)
    machine.expect(r"Hawser \d", 30)
    machine.expect(r"[#$] $", 90, or_fail="Kernel panic")
    machine.type("echo $((6 * 7)) $(uname -s)\r")
    machine.expect(r"^42 Linux", 20)


def test_run_with_own_script(setup):
    script = os.path.join(setup.folder, "mine.ipxe")
    with open(script, "w") as file:
        file.write("#!ipxe\necho this is ${platform} with ${net0/ip}\nshell\n")
    machine = setup.program(["scripts/run"], ENVIRONMENT | {
        "SCRIPT": script, "MACHINE": "pc", "MEM": "128M", "NIC": "e1000e"})
    machine.expect(r"^this is pcbios with 10\.0\.2\.15", 40)
    machine.expect(r"hawser> ", 10)


def test_run_by_uefi(setup):
    machine = setup.program(["scripts/run"], ENVIRONMENT | {"FIRMWARE": "uefi"})
    machine.expect(r"Hawser \d", 60)
    machine.expect(r"[#$] $", 120, or_fail="Kernel panic")
    machine.type("echo $((6 * 7)) $(ls /sys/firmware)\r")
    machine.expect(r"^42 .*efi", 20)
