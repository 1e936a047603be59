"""The conformance table (tests/script/README.md) through the option ROM and under UEFI: hundreds of
cases."""

import glob
import os
import re

import pytest

from conftest import ROOT, OTHER_ROM

TABLES = sorted(glob.glob(os.path.join(ROOT, "tests", "script", "*.cases")))
CASES_PER_BOOT = 400
DOWNLOADS = r"\b(chain|boot|kernel|initrd|module|img(?:fetch|exec|select|load))"
SECONDS_PER_CASE = 10
MACHINE = ("-smbios", "type=1,serial=SER123,uuid=4c4c4544-0030-1031-804a-b4c04f4a4d32",
           "-smbios", "type=1,manufacturer=Makers,product=Model 7",
           "-smbios", "type=2,serial=BRD9", "-smbios", "type=3,asset=ASSET7",
           "-fw_cfg", "name=opt/org.example/name,string=role=builder")
PLATFORMS = {"bios": "pcbios", "uefi": "efi"}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Case:
    def __init__(self, place, section):
        self.place = place
        self.section = section
        self.files = [["case.ipxe", "#!ipxe\n"]]
        self.expected = []  # (kind, text)

    def add(self, line):
        """A line below the case's title."""
        kind, text = line[0], line[2:]
        if kind == "|":
            self.files[-1][1] += text + "\n"
        elif kind == "%":
            self.files[-1][1] += re.sub(
                r"\\(x(..)|.)", lambda m: chr(int(m[2], 16)) if m[2] else ESCAPES.get(m[1], m[1]),
                text)
        elif kind == "+":
            self.files.append([text, ""])
        elif kind == "<":
            pass  # keys, in cases for the host
        else:
            self.expected.append((line[1], line[3:]))

    def names(self):
        """Settings that the case may leave behind."""
        text = "".join(body for _, body in self.files)
        found = re.findall(r"\b(?:set|inc|read) ([^\s$]+)", text)
        return sorted({re.sub(r":[^/]*$", "", name) for name in found} - {""})


def load_cases():
    cases = []
    for table in TABLES:
        with open(table) as lines:
            for number, line in enumerate(lines, 1):
                line = line.rstrip("\n")
                if not line or line.startswith("#"):
                    continue
                if line.startswith("  "):
                    cases[-1].add(line[2:])
                    continue
                section, rest = re.fullmatch(r"\[([^]]+)\](.*)", line).groups()
                cases.append(Case(f"{os.path.basename(table)}:{number}", section))
                if not rest.startswith(":"):
                    script, *expected = re.split(r" (?==[>~*!])", rest[1:])
                    cases[-1].add("| " + script)
                    for mark in expected:
                        cases[-1].add(mark)
    skipped = (" host", " own") if OTHER_ROM else (" host",)
    return [case for case in cases if not case.section.endswith(skipped)]


def for_rom(script):
    """iPXE builds of 2025 have no --quiet; progress lines are taken out of their output."""
    if not OTHER_ROM:
        return script
    script = re.sub(DOWNLOADS + r" (?:-q|--quiet)(?= )", r"\1", script)
    return re.sub(DOWNLOADS + r" -q", r"\1 -", script)


def screen(text):
    """What a person sees: cursor movements carried out, blanks at line ends gone."""
    lines = []
    for raw in text.replace("\r\n", "\n").split("\n"):
        line, column = [], 0
        for char in raw:
            if char == "\r":
                column = 0
            elif char == "\b":
                column = max(0, column - 1)
            else:
                line[column:column + 1] = char
                column += 1
        lines.append("".join(line).rstrip(" "))
    return lines


def matches(lines, expected):
    """True when the printed lines are what is expected; see the README for the kinds."""
    if not expected:
        return not lines
    (kind, text), rest = expected[0], expected[1:]
    if kind == "*" or OTHER_ROM and kind == "~":  # other programs have words of their own
        return any(matches(lines[skip:], rest) for skip in range(len(lines) + 1))
    if kind == "!":
        part = "" if OTHER_ROM else text.partition(" ")[2]
        return not part or any(part in line for line in lines)
    if not lines or (text != lines[0] if kind == ">" else text not in lines[0]):
        return False
    return matches(lines[1:], rest)


def status_of(expected):
    for kind, text in expected:
        if kind == "!":
            word = text.split(" ")[0]
            return int(word, 16) << (0 if word.startswith("0x") else 24)
    return 0


def driver(cases):
    lines = ["#!ipxe"]
    for index, case in enumerate(cases):
        lines += [f"echo @@begin {index}",
                  f"chain -q c{index}/case.ipxe && echo @@ended 0 || echo @@ended ${{errno}}",
                  "imgfree", *(f"clear {name} ||" for name in case.names())]
    return for_rom("\n".join([*lines, "echo @@all", "shell", ""]))


def without_origin(text):
    """Below its class, iPXE's ${errno} tells where in the program it failed."""
    if not OTHER_ROM:
        return text
    return re.sub(r"\b0x([bcdef]|[0-9a-f]{2})[0-9a-f]{6}\b", r"0x\g<1>000000", text)


def problems_of(cases, text, platform):
    for index, case in enumerate(cases):
        run = re.search(rf"^@@begin {index}\r?\n(.*?)@@ended (\w+)", text, re.S | re.M)
        if not run:
            yield f"{case.place} [{case.section}]: did not end"
            continue
        lines = screen(run[1])
        if lines[-1] == "":
            lines.pop()
        status = int(run[2], 16)
        if OTHER_ROM:
            lines = [line for line in lines if not re.search(r"\.\.\. ?(ok|\d+%)?$", line)]
            lines = [line.replace(" [PXE-NBP]", "") for line in lines]
            lines = [without_origin(line) for line in lines]
            if status >> 24:
                status &= 0xff000000
        if status and lines:
            lines.pop()  # what the outer chain says about it
        expected = [(kind, without_origin(text).replace("{dir}", f"tftp://10.0.2.2/c{index}/")
                     .replace("{platform}", platform)) for kind, text in case.expected]
        if not matches(lines, expected) or status != status_of(expected):
            yield (f"{case.place} [{case.section}]: status {status:#x}, printed\n    "
                   + "\n    ".join(lines))


def boot(setup, firmware, files, script):
    """A machine that runs `script`, with `files` on QEMU's TFTP server."""
    if firmware == "bios":
        return setup.boot(*MACHINE, memory=64, netdev=setup.slirp(files | {"boot.ipxe": script}))
    start = "#!ipxe\ndhcp\nchain tftp://10.0.2.2/boot.ipxe\n"
    nics = setup.nics(("e1000", setup.slirp(files | {"boot.ipxe": script})), roms=False)
    return setup.uefi_disk({"autoexec.ipxe": start}, *MACHINE, *nics, machine="pc")


@pytest.mark.parametrize("firmware", ["bios"] if OTHER_ROM else ["bios", "uefi"])
def test_conformance(setup, firmware):
    cases = load_cases()
    assert len(cases) >= 400
    problems = []
    for start in range(0, len(cases), CASES_PER_BOOT):
        part = cases[start:start + CASES_PER_BOOT]
        files = {f"c{index}/{name}": for_rom(body).encode("latin-1")
                 for index, case in enumerate(part) for name, body in case.files}
        machine = boot(setup, firmware, files, driver(part))
        try:
            machine.expect(r"^@@begin 0", 60)
            for index in range(50, len(part), 50):
                machine.expect(rf"^@@begin {index}\r?\n", 50 * SECONDS_PER_CASE)
            machine.expect(r"^@@all", 50 * SECONDS_PER_CASE)
        finally:
            problems += problems_of(part, machine.text, PLATFORMS[firmware])
            machine.stop()
    assert not problems, f"{len(problems)} of {len(cases)} cases:\n" + "\n".join(problems)
