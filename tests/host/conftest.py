"""The host program: `hawser --check`, `--run` and `--reference` as their users call them."""

import os
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HAWSER = os.path.join(ROOT, os.environ.get("BUILD", "build"), "checked", "hawser")


class Ended:
    def __init__(self, process):
        self.status = process.returncode
        self.out, self.err = process.stdout, process.stderr


@pytest.fixture
def hawser():
    """Runs it; paths are seen from tests/host unless `cwd` tells another folder."""

    def run(*arguments, stdin="", cwd=os.path.join(ROOT, "tests", "host"), timeout=60):
        return Ended(subprocess.run([HAWSER, *arguments], input=stdin, capture_output=True,
                                    text=True, cwd=cwd, timeout=timeout))

    return run
