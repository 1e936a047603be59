"""imgextract: kernels that come compressed are unpacked and booted."""

import gzip
import lzma
import subprocess
import zlib

import pytest

import initramfs
from test_boot import CONSOLE, expect_payload, read


def zstd(data):
    return subprocess.run(["zstd", "-9", "-q", "-c"], input=data, stdout=subprocess.PIPE,
                          check=True).stdout


def kernel_xz(data):
    """As Linux's own build packs: the x86 filter, and a dictionary larger than the heap."""
    return lzma.compress(data, check=lzma.CHECK_CRC32, filters=[
        {"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 64 << 20}])


@pytest.mark.parametrize("pack", [gzip.compress, kernel_xz, zstd], ids=["gzip", "xz", "zstd"])
def test_compressed_kernel(setup, guests, pack):
    files = {"one": initramfs.noise(5, 300_001)}
    nginx = setup.nginx({"vmlinuz.packed": pack(read(guests, "kernel", "vmlinuz")),
                         "initrd.gz": initramfs.busybox_system(payload=files)})
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
set base http://${{next-server}}
imgextract ${{base}}/vmlinuz.packed && imgstat
kernel vmlinuz {CONSOLE}
initrd ${{base}}/initrd.gz
boot
"""})
    machine = setup.boot(machine="q35")
    machine.expect(r"^vmlinuz : \d+ bytes \[bzImage\]\n", 90, or_fail="Could not extract")
    expect_payload(machine, files)
    assert machine.wait_end() == 0
    assert [status for _, _, _, status, _ in nginx.requests()] == [200, 200]


def test_large_content_and_what_does_not_fit(setup):
    """Many times its compressed size, checked by its digest; and no more than there is memory."""
    content = bytes(range(256)) * (40 << 12)  # 40 MiB
    zeros = zlib.compressobj(9)
    bomb = b"".join([zeros.compress(bytes(1 << 20)) for _ in range(300)] + [zeros.flush()])
    setup.nginx({"content.gz": gzip.compress(content, 1), "bomb.z": bomb})
    shell = setup.shell(memory=256)
    shell.run("imgextract http://10.77.0.1/content.gz", 60)
    assert initramfs.sha256(content) in shell.run("sha256sum content", 60)
    out = shell.run("imgextract http://10.77.0.1/bomb.z", 120)
    assert "not enough memory" in out and "Could not extract image" in out
    assert "bomb" not in shell.run("imgstat")
    shell.alive()
