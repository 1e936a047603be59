"""docs/reference.md is what the rows of commands and settings say."""

import os

from conftest import ROOT


def test_the_reference_has_not_drifted(hawser):
    with open(os.path.join(ROOT, "docs", "reference.md")) as file:
        committed = file.read()
    ended = hawser("--reference")
    assert ended.status == 0
    assert ended.out == committed, "docs/reference.md has drifted: `make docs` writes it anew"


def test_every_command_and_setting_is_in_it(hawser):
    text = hawser("--reference").out
    for part in ("### `boot`, `chain`, `imgexec`\n", "`--sha256 hex`", "### `let`\n",
                 "| `gdbstub` | ", "| `filename` | `string` | `67` | boot file |",
                 "| `username` | `string` | `175.0xbe` |", "| `uuid` | `uuid` |  |"):
        assert part in text, part
