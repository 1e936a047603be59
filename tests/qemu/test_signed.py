"""Only what a trusted signer has signed runs: imgverify and imgtrust."""

import os
import subprocess

import initramfs
from test_https import SERVER, fingerprint
from test_network import expect_modules


def sign(certificates, folder, data, name="signer"):
    """A detached signature by `openssl cms`, DER."""
    path = os.path.join(folder, "to-sign")
    with open(path, "wb") as file:
        file.write(data)
    key = [os.path.join(certificates, name + suffix) for suffix in (".crt", ".key")]
    return subprocess.run(["openssl", "cms", "-sign", "-binary", "-in", path, "-signer", key[0],
                           "-inkey", key[1], "-certfile", f"{certificates}/middle.crt", "-outform",
                           "DER"], check=True, stdout=subprocess.PIPE).stdout


def test_only_signed_files_run(setup, data, certificates):
    """A signed script and a signed kernel; an unsigned script, and one signed by a web server."""
    kernel, script = data("multiboot32.elf"), b"#!ipxe\necho signed script\n"
    module = initramfs.noise(9, 100_000)
    files = {"kernel": kernel, "module": module, "good": script, "evil": b"#!ipxe\necho evil\n",
             "kernel.sig": sign(certificates, setup.folder, kernel, "signerrsa"),
             "good.sig": sign(certificates, setup.folder, script),
             "web.sig": sign(certificates, setup.folder, script, "good")}
    base = f"http://{SERVER}"
    setup.nginx(files)
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
set trust {fingerprint(certificates, "middle")}
imgtrust --permanent
chain {base}/evil ||
imgfree evil
imgverify {base}/good {base}/web.sig ||
imgfetch {base}/good
imgverify good {base}/kernel.sig ||
set who Test signer
imgverify --signer ${{who}} good {base}/good.sig
chain --autofree good
kernel {base}/kernel
imgverify kernel {base}/kernel.sig
module {base}/module
boot
"""})
    machine = setup.boot(memory=128)
    expect_modules(machine, [module])
    text = " ".join(machine.text.split())
    assert "evil is not verified" in text and "echo evil" not in text
    assert '"Test good" is not meant for code signing' in text
    assert "good: this is not the file that was signed" in text
    assert "signed script" in text and "module goes along unverified" in text
