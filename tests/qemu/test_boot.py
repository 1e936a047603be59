"""Real systems, booted from the option ROM: each ends in the system's own words on the serial line."""

import gzip
import os
import re
import struct
import zlib

import pytest

import initramfs
from conftest import DEBUG_EXIT

CONSOLE = "console=ttyS0,115200 quiet"


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def fields(text):
    """{"eax": 0x2badb002, ...} of a line of name=hex fields."""
    return {name: int(value, 16) for name, value in re.findall(r"(\w+)=([0-9a-f]+)", text)}


def expect_payload(machine, files):
    """The booted system saw exactly these files, byte for byte."""
    sums = {}
    while True:
        line = machine.expect(r"INIT (?:sum (\w+)  /payload/(\S+)|(reached on Linux) .*)\n", 90,
                              or_fail="Kernel panic")
        if line[3]:
            break
        sums[line[2]] = line[1]
    assert sums == {name: initramfs.sha256(data) for name, data in files.items()}


# --- 1: Debian's kernel -----------------------------------------------------------------------------

def test_debian_over_slirp_tftp(setup, guests):
    files = {"one": initramfs.noise(1, 300_001)}
    machine = setup.boot(netdev=setup.slirp({
        "boot.ipxe": f"#!ipxe\nkernel vmlinuz {CONSOLE} hawser.shell\ninitrd initrd.gz\nboot\n",
        "vmlinuz": read(guests, "kernel", "vmlinuz"),
        "initrd.gz": initramfs.busybox_system(payload=files)}))
    expect_payload(machine, files)
    machine.expect(r"/ # ", 20)
    machine.type("echo $((6 * 7)) && uname -m\r")
    machine.expect(r"^42\r?\nx86_64", 20)


def test_debian_over_http(setup, guests):
    files = {"one": initramfs.noise(2, 300_001), "two": initramfs.noise(3, 1)}
    system = initramfs.busybox_system(payload={"one": files["one"]})
    nginx = setup.nginx({"vmlinuz": read(guests, "kernel", "vmlinuz"), "initrd.gz": system,
                         "more.cgz": initramfs.extra_archive("two", files["two"])})
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
set base http://${{next-server}}
kernel ${{base}}/vmlinuz {CONSOLE}
initrd ${{base}}/initrd.gz
initrd ${{base}}/more.cgz
boot
"""})
    machine = setup.boot(machine="q35", nic="e1000")
    command_line = machine.expect(r"INIT cmdline: (.*)\n", 90, or_fail="Kernel panic")[1]
    assert command_line.strip().endswith(CONSOLE)
    expect_payload(machine, files)
    assert machine.wait_end() == 0
    requests = nginx.requests()
    assert [status for _, _, _, status, _ in requests] == [200, 200, 200]
    # One connection carries all three files.
    assert len({connection for connection, *_ in requests}) == 1, requests


# --- 2: scripts people have -------------------------------------------------------------------------

def test_three_line_script_and_high_half_kernel(setup, data):
    """The script of AxVisor's users, and a kernel of its form: ELF64 by Multiboot address fields."""
    kernel = data("multiboot64.elf")
    machine = setup.boot("-cpu", "max", memory=128, machine="q35", netdev=setup.slirp({
        "kernel": kernel, "boot.ipxe": "#!ipxe\nkernel tftp://10.0.2.2/kernel\nboot\n"}))
    machine.expect("TEST-KERNEL multiboot", 40)
    check_multiboot_state(machine, first=struct.unpack_from("<I", kernel, 4096)[0])
    info = fields(machine.expect(r"^info.*\n")[0])
    assert info["flags"] & 0x41 == 0x41, "memory sizes and map"
    assert info["lower"] >= 600 and info["upper"] > 120 * 1024
    check_memory_map(machine, 128)
    assert machine.wait_end() == DEBUG_EXIT


def check_multiboot_state(machine, first, magic=0x2BADB002):
    """Registers as Multiboot Specification 0.6.96 §3.2 has them; image whole, .bss zeroed."""
    registers = fields(machine.expect(r"^registers.*\n")[0])
    assert registers["eax"] == magic
    assert registers["cr0"] & 0x80000001 == 1, "protected mode on, paging off"
    assert registers["eflags"] & 0x20200 == 0, "interrupts off, not virtual 8086"
    assert registers["cr4"] & 0x20 == 0, "PAE off"
    image = fields(machine.expect(r"^image.*\n")[0])
    assert image == {"first": first, "last": 0x7A11600D}
    bss = fields(machine.expect(r"^bss.*\n")[0])
    assert bss["bytes"] > 90_000
    assert (bss["first"], bss["last"], bss["nonzero"]) == (0, 0, 0)


def check_memory_map(machine, memory_mib):
    """The map covers the RAM there is, in order, without overlaps, at most 16 free pieces."""
    pieces = [fields(line) for line in re.findall(r"^mmap.*", wait_done(machine), re.M)]
    for before, after in zip(pieces, pieces[1:]):
        assert before["base"] + before["length"] <= after["base"], "sorted, without overlap"
    free = [piece for piece in pieces if piece["type"] == 1]
    assert 2 <= len(free) <= 16
    assert free[0]["base"] == 0 and free[1]["base"] == 0x100000
    total = sum(piece["length"] for piece in free)
    assert memory_mib * 2**20 - 2**20 < total <= memory_mib * 2**20


def wait_done(machine, timeout=30):
    machine.expect("TEST-KERNEL done", timeout)
    return machine.text


def test_compass_ci_job(setup, guests):
    """A boot script that hands over to a scheduler, and its answer: eleven archives and a kernel."""
    kernel = read(guests, "kernel", "vmlinuz")
    archives = {f"part{n:02}": initramfs.noise(10 + n, 5_000 * n) for n in range(1, 11)}
    web = setup.web(port=3000)
    nginx_files = {"os/initrd.lz": initramfs.busybox_system(), "os/vmlinuz": kernel}
    nginx_files |= {f"pkg/{name}.cgz": initramfs.extra_archive(name, body)
                    for name, body in archives.items()}
    nginx = setup.nginx(nginx_files)
    server = f"http://{setup.lab.ADDRESS}"
    lines = ["#!ipxe", f"initrd {server}/os/initrd.lz"]
    lines += [f"initrd {server}/pkg/{name}.cgz" for name in sorted(archives)]
    lines += [f"kernel {server}/os/vmlinuz user=lkp job=/lkp/scheduled/job.yaml ARCH=x86_64 "
              "rootovl ip=dhcp ro \\",
              f"  {CONSOLE} net.ifnames=0 \\", "  last=word", "boot", ""]
    web.text("/boot.ipxe/mac/52-54-00-12-34-56", "\n".join(lines))
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
set scheduler {setup.lab.ADDRESS}
set port 3000
chain http://${{scheduler}}:${{port}}/boot.ipxe/mac/${{mac:hexhyp}}
exit
"""})
    machine = setup.boot(memory=1024)
    command_line = machine.expect(r"INIT cmdline: (.*)\n", 90, or_fail="Kernel panic")[1].split()
    wanted = (f"user=lkp job=/lkp/scheduled/job.yaml ARCH=x86_64 rootovl ip=dhcp ro {CONSOLE} "
              "net.ifnames=0 last=word").split()
    assert command_line == wanted
    expect_payload(machine, archives)
    assert web.targets() == ["/boot.ipxe/mac/52-54-00-12-34-56"]
    assert len(nginx.requests()) == 12


# --- 3: Multiboot modules ---------------------------------------------------------------------------

def test_multiboot_modules(setup, data):
    kernel = data("multiboot32.elf")
    modules = [("first.bin", initramfs.noise(4, 100_003), "alpha beta=1"),
               ("second.bin", b"x", ""), ("third.bin", initramfs.noise(5, 4096), "gamma")]
    setup.dhcp(files={name: body for name, body, _ in modules} | {
        "kernel": kernel, "boot.ipxe": "#!ipxe\nkernel kernel one  two=2\n" + "".join(
            f"module {name} {arguments}\n" for name, _, arguments in modules) + "boot\n"})
    machine = setup.boot(memory=64)
    machine.expect("TEST-KERNEL multiboot", 40)
    check_multiboot_state(machine, first=0x57A12705)
    check_strings_and_modules(wait_done(machine), modules)
    assert machine.wait_end() == DEBUG_EXIT


def check_strings_and_modules(text, modules):
    assert re.search(r"^cmdline=\[\S*kernel one two=2\]", text, re.M)
    assert re.search(r"^loader=\[.+\]", text, re.M)
    check = re.findall(r"^module start=(\w+) bytes=(\w+) crc32=(\w+) string=\[(.*)\]", text, re.M)
    assert len(check) == len(modules), text
    for (name, body, arguments), (start, size, crc, string) in zip(modules, check):
        assert int(start, 16) % 4096 == 0, "header flag 0: modules page aligned"
        assert (int(size, 16), int(crc, 16)) == (len(body), zlib.crc32(body))
        assert string.split(" ", 1)[0].endswith(name)
        assert string.split(" ", 1)[1:] == ([arguments] if arguments else [])


def test_multiboot2_with_modules_and_symbols(setup, data):
    kernel = data("multiboot2.elf")
    modules = [("first.bin", initramfs.noise(4, 100_003), "alpha beta=1"), ("second.bin", b"x", "")]
    setup.dhcp(files={name: body for name, body, _ in modules} | {
        "kernel": kernel, "boot.ipxe": "#!ipxe\nkernel kernel one  two=2\n" + "".join(
            f"module {name} {arguments}\n" for name, _, arguments in modules) + "boot\n"})
    machine = setup.boot(memory=64)
    machine.expect("TEST-KERNEL multiboot", 40)
    check_multiboot_state(machine, first=0x57A12705, magic=0x36D76289)
    check_memory_map(machine, 64)
    check_strings_and_modules(machine.text, modules)
    tags = {tag["type"]: tag for tag in map(fields, re.findall(r"^tag .*", machine.text, re.M))}
    assert tags[4]["first"] >= 600 and tags[4]["second"] > 60 * 1024, "memory sizes"
    assert tags[9]["second"] == 40 and tags[9]["first"] >= 3, "ELF32 section headers"
    assert tags[14]["first"] == struct.unpack("<I", b"RSD ")[0], "ACPI's root pointer"
    assert machine.wait_end() == DEBUG_EXIT


# --- 4, 5: Xen and memtest86+ -----------------------------------------------------------------------

@pytest.mark.parametrize("specification", [1, 2])
def test_xen_with_dom0(setup, guests, specification):
    files = {"one": initramfs.noise(6, 1000)}
    xen = gzip.decompress(read(guests, "xen", "xen.gz"))
    if specification == 2:  # it has both headers, of which a BIOS gets the first
        assert xen.count(struct.pack("<I", 0x1BADB002), 0, 8192) == 1
        xen = xen[:8192].replace(struct.pack("<I", 0x1BADB002), bytes(4)) + xen[8192:]
    setup.nginx({"xen": xen,
                 "vmlinuz": read(guests, "kernel", "vmlinuz"),
                 "initrd.gz": initramfs.busybox_system(payload=files)})
    setup.dhcp(files={"boot.ipxe": f"""#!ipxe
kernel http://{setup.lab.ADDRESS}/xen dom0_mem=512M console=com1 loglvl=warning
module http://{setup.lab.ADDRESS}/vmlinuz console=hvc0 quiet
module http://{setup.lab.ADDRESS}/initrd.gz
boot
"""})
    machine = setup.boot("-cpu", "qemu64", memory=1024)
    machine.expect(r"Xen version", 40)
    expect_payload(machine, files)


def test_memtest_paints_its_screen(setup, guests):
    setup.dhcp(files={"memtest": read(guests, "memtest", "memtest"),
                      "boot.ipxe": "#!ipxe\nkernel memtest console=ttyS0,115200\nboot\n"})
    machine = setup.boot("-vga", "std", memory=64)
    # Its serial console draws the same screen.
    machine.expect(r"Memtest86\+", 60)
    machine.quiet_for(0.2)
    screen = machine.screenshot("memtest").convert("RGB")
    colors = {color: count for count, color in screen.getcolors(1 << 24)}
    total = screen.width * screen.height
    # White text on blue, and its red or green title bar.
    blue = sum(count for (r, g, b), count in colors.items() if b > 120 and r < 60 and g < 60)
    light = sum(count for (r, g, b), count in colors.items() if min(r, g, b) > 120)
    assert blue > total / 2 and light > total / 200, colors
