"""hawser --check: what it finds, what it leaves alone, and how it ends."""

import glob
import os

import pytest

from conftest import ROOT

SCRIPTS = os.path.join(ROOT, "tests", "host", "scripts")
GOOD = sorted(name for name in os.listdir(SCRIPTS) if not name.startswith(("bad", "pair")))


@pytest.mark.parametrize("name", GOOD)
def test_real_scripts_have_no_problems(hawser, name):
    ended = hawser("--check", f"scripts/{name}")
    assert (ended.status, ended.out, ended.err) == (0, "", "")


def test_the_conformance_table_is_not_a_script(hawser):
    tables = glob.glob(os.path.join(ROOT, "tests", "script", "*.cases"))
    ended = hawser("--check", *tables)
    assert ended.status == 1
    assert ended.out.count("error: not a script") == len(tables)


def test_each_problem_in_its_line(hawser):
    ended = hawser("--check", "scripts/bad.ipxe")
    found = [tuple(line.split(": ", 2)) for line in ended.out.splitlines()]
    expected = [
        (2, "error", "frobnicate: command not found"),
        (3, "warning", "frobnicate: command not found; the script goes on"),
        (4, "error", 'dhcp: Unrecognised option "--nosuch"'),
        (5, "warning", 'dhcp: Unrecognised option "--nosuch"'),
        (6, "error", "iseq: 1 operands; it takes"),
        (7, "error", 'goto: there is no label ":nowhere"'),
    ]
    assert ended.status == 1
    for (place, kind, text), (line, expected_kind, expected_text) in zip(found, expected):
        assert place == f"scripts/bad.ipxe:{line}" and kind == expected_kind, text
        assert text.startswith(expected_text)


def test_warnings_alone_are_no_failure(hawser):
    ended = hawser("--check", "-", stdin="#!ipxe\necho ${nobody-set-it}\nexit\necho never\n")
    assert ended.status == 0
    assert ended.out.splitlines() == [
        '<stdin>:2: warning: "${nobody-set-it}" is read, but nothing sets it; '
        '"isset ${nobody-set-it}" tells whether another script did',
        "<stdin>:4: warning: never reached: the lines above it always go elsewhere"]


def test_scripts_that_belong_together(hawser):
    alone = hawser("--check", "scripts/pair-second.ipxe")
    assert "${site}" in alone.out and alone.status == 0
    both = hawser("--check", "scripts/pair-first.ipxe", "scripts/pair-second.ipxe")
    assert (both.status, both.out) == (0, "")


def test_a_file_that_cannot_be_read(hawser):
    ended = hawser("--check", "scripts/none.ipxe")
    assert ended.status == 2 and "scripts/none.ipxe: No such file" in ended.err
