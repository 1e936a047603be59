"""scripts/hawser-pack: what it puts into an artifact is there when that boots; nothing else changes."""

import os
import stat
import subprocess

import pytest

from conftest import ROOT, rom_for, write_files
from test_artifacts import LKRN
from test_kpxe import CHAIN_CONFIG, KPXE, PC, boot

TOOL = os.path.join(ROOT, "scripts", "hawser-pack")
SCRIPT = "#!ipxe\necho packed for ${site} ${retries:hexraw}\npoweroff\n"
SETTINGS = ["--set", "site=a b", "--set", "retries:int16=5"]
SEEN = "packed for a b 0005"


def pack(*args, status=0):
    """What the tool printed."""
    run = subprocess.run([TOOL, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert run.returncode == status, run.stdout
    return run.stdout.decode()


def contents(path):
    with open(path, "rb") as file:
        return file.read()


@pytest.fixture
def packed(setup):
    """Copies of the artifacts with a script and settings inside, by suffix."""
    write_files(setup.folder, {"boot.ipxe": SCRIPT})
    paths = {}
    for source in (rom_for("e1000"), LKRN, KPXE):
        suffix = os.path.splitext(source)[1]
        paths[suffix] = f"{setup.folder}/packed{suffix}"
        pack(source, "--script", f"{setup.folder}/boot.ipxe", *SETTINGS, "-o", paths[suffix])
    return paths


def test_rom_runs_it(setup, packed):
    nics = ["-netdev", setup.lab.tap() + ",id=n0",
            "-device", f"e1000,netdev=n0,romfile={packed['.rom']}"]
    setup.machine("-boot", "n", *nics, memory=64).expect(SEEN, 40)


def test_lkrn_runs_it_before_its_command_line(setup, packed):
    vm = setup.machine("-kernel", packed[".lkrn"], "-append", "echo too late", memory=64)
    vm.expect(SEEN, 40)
    assert "too late" not in vm.text


def test_kpxe_runs_it(setup, packed):
    setup.dhcp(CHAIN_CONFIG, files={"hawser.kpxe": contents(packed[".kpxe"])})
    boot(setup, "e1000").expect(SEEN, 60)


def test_removed_again_the_artifact_is_as_built(setup, packed):
    for suffix, built in ((".rom", rom_for("e1000")), (".lkrn", LKRN), (".kpxe", KPXE)):
        shown = pack(packed[suffix])
        assert "set site a b" in shown and f"script: boot.ipxe, {len(SCRIPT)} bytes" in shown
        assert pack(packed[suffix], "--print", "script") == SCRIPT
        pack(packed[suffix], "--set", "site=c")
        assert "set site c" in pack(packed[suffix], "--remove", "script")
        assert "nothing is packed" in pack(packed[suffix], "--remove", "all")
        assert contents(packed[suffix]) == contents(built)


@pytest.mark.parametrize("name, data, why", [
    ("empty", b"", "not a .rom"),
    ("text", lambda: b"#!ipxe\n" * 1000, "not a .rom"),
    ("cut", lambda: contents(KPXE)[:-1], "damaged"),
    ("cut-head", lambda: contents(LKRN)[:1060], "cut short"),
], ids=lambda value: value if isinstance(value, str) and len(value) < 10 else "data")
def test_refuses_what_it_does_not_understand(setup, name, data, why):
    data = data() if callable(data) else data
    write_files(setup.folder, {name: data})
    assert why in pack(f"{setup.folder}/{name}", "--set", "a=b", status=1)
    assert contents(f"{setup.folder}/{name}") == data


def test_refuses_bad_parts_and_keeps_the_file(setup, packed):
    path, before = packed[".rom"], contents(packed[".rom"])
    write_files(setup.folder, {"large": "#!ipxe\n" + "#" * 5_000_000, "fits-no-kpxe":
                               "#!ipxe\n" + "#" * 400_000, "text": "no script"})
    for args, why in ((["--script", "text"], "not a script"), (["--script", "none"], "No such file"),
                      (["--script", "large"], "at most"), (["--set", "novalue"], "NAME=VALUE"),
                      (["--remove", "set:none"], "there is no set:none")):
        args = [f"{setup.folder}/{arg}" if arg in ("text", "none", "large") else arg for arg in args]
        assert why in pack(path, *args, status=1)
    assert "base memory" in pack(packed[".kpxe"], "--script", f"{setup.folder}/fits-no-kpxe", status=1)
    assert contents(path) == before
    assert not [name for name in os.listdir(setup.folder) if name.startswith(".hawser")]


def test_a_damaged_pack_is_named_by_the_tool_and_at_boot(setup, packed):
    data = bytearray(contents(packed[".lkrn"]))
    at = data.index(b"#!ipxe\necho packed")
    data[at + 20] ^= 1
    write_files(setup.folder, {"damaged.lkrn": bytes(data)})
    assert "damaged" in pack(f"{setup.folder}/damaged.lkrn", status=1)
    vm = setup.machine("-kernel", f"{setup.folder}/damaged.lkrn", machine=PC, memory=64)
    vm.expect("Hawser: cannot start: what hawser-pack added is damaged", 40)


def test_trusts_the_packed_authority(setup, certificates):
    """The bundle takes the place of the built-in roots."""
    setup.nginx({"file": "#!ipxe\necho over TLS\nshell\n"}, certificates=certificates,
                tls=[{"port": 443, "name": "good"}, {"port": 444, "name": "unknown"}])
    write_files(setup.folder, {"boot.ipxe": "#!ipxe\ndhcp\nimgfetch https://10.77.0.1:444/file ||\n"
                                            "chain https://10.77.0.1/file\n"})
    path = f"{setup.folder}/packed.lkrn"
    pack(LKRN, "--ca", f"{certificates}/root.crt", "--script", f"{setup.folder}/boot.ipxe",
         "-o", path)
    setup.dhcp(files={"none": ""})
    nics = ["-netdev", setup.lab.tap() + ",id=n0", "-device", "e1000,netdev=n0"]
    vm = setup.machine("-kernel", path, *nics, memory=128)
    vm.expect("over TLS", 90)
    assert 'root "Test root2" is not trusted' in vm.text


def test_certificates_and_keys(setup, certificates):
    """What goes in comes out again; what would not work at boot is refused here."""
    path, pem = f"{setup.folder}/own.lkrn", lambda name: f"{certificates}/{name}"
    shown = pack(LKRN, "--ca", pem("root.crt"), "--ca", pem("root2.crt"), "-o", path)
    assert "ca: root.crt, root2.crt" in shown and "CN=Test root2" in shown
    for key in ("good", "good384", "goodrsa"):
        shown = pack(path, "--cert", pem(f"{key}.pem"), "--key", pem(f"{key}.key"))
        assert f"cert: {key}.pem" in shown and "CN=Test middle" in shown
    assert pack(path, "--print", "ca") == open(pem("root.crt")).read() + open(pem("root2.crt")).read()
    before = contents(path)
    subprocess.run(["openssl", "pkey", "-in", pem("good.key"), "-aes128", "-passout", "pass:x",
                    "-out", f"{setup.folder}/locked.key"], check=True)
    write_files(setup.folder, {"cut.crt": open(pem("root.crt")).read().replace("MII", "MIJ")})
    for args, why in ((["--ca", pem("good.crt")], "not the certificate of an authority"),
                      (["--ca", pem("good.key")], "no certificate in PEM form"),
                      (["--ca", f"{setup.folder}/cut.crt"], "certificate 1 is damaged"),
                      (["--cert", pem("good.pem")], "go together"),
                      (["--remove", "key"], "remove both"),
                      (["--cert", pem("good.pem"), "--key", pem("good384.key")], "not the key of"),
                      (["--cert", pem("good.pem"), "--key", pem("root.crt")], "no private key"),
                      (["--cert", pem("good.pem"), "--key", f"{setup.folder}/locked.key"], "encrypted"),
                      (["--cert", pem("rsa1024.pem"), "--key", pem("rsa1024.key")], "2048 bits")):
        assert why in pack(path, *args, status=1)
    assert contents(path) == before
    pack(path, "--remove", "ca", "--remove", "cert", "--remove", "key")
    assert contents(path) == contents(LKRN)


def test_keeps_the_file_mode(setup):
    path = f"{setup.folder}/own.rom"
    write_files(setup.folder, {"own.rom": contents(rom_for("e1000"))})
    os.chmod(path, 0o640)
    pack(path, "--set", "a=b")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert contents(path) != contents(rom_for("e1000"))
