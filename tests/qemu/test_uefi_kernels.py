"""What hawser.efi starts under OVMF: programs that return, Linux, Xen in three ways, Multiboot kernels."""

import gzip
import os
import re
import struct
import subprocess

import initramfs
from conftest import DEBUG_EXIT
from test_boot import (CONSOLE, check_multiboot_state, check_strings_and_modules, expect_payload,
                       read, wait_done)
from test_uefi import BANNER, nic

DOM0 = "dom0_mem=512M console=com1 com1=115200 loglvl=warning"


def start(setup, script, files, *args, model="virtio-net-pci", memory=512):
    """From a disk, by our driver of the card."""
    server = f"http://{setup.lab.ADDRESS}"
    setup.nginx(files)
    setup.dhcp(files={"unused": b""})
    script = f"#!ipxe\ndhcp\nset base {server}\n{script}"
    vm = setup.uefi_disk({"EFI/BOOT/autoexec.ipxe": script}, *nic(setup, model), *args,
                         memory=memory)
    vm.expect(BANNER, 60)
    return vm


def grub(setup, commands):
    """GRUB as one EFI program that runs these commands."""
    config, program = (os.path.join(setup.folder, name) for name in ("grub.cfg", "grub.efi"))
    with open(config, "w") as file:
        file.write(commands)
    subprocess.run(["grub-mkimage", "-O", "x86_64-efi", "-p", "/", "-c", config, "-o", program,
                    "normal", "minicmd", "echo", "net", "efinet"], check=True)
    return read(program)


def test_programs_return_and_linux_boots(setup, guests):
    """A program uses the card by the firmware's driver and returns; the lease lasts; bad programs are
    refused; then Linux by its EFI stub, with an initrd of two files."""
    files = {"one": initramfs.noise(1, 300_001), "two": initramfs.noise(2, 5)}
    program = grub(setup, "echo GRUB is here\nnet_ls_cards\nexit\n")
    machine_at = struct.unpack_from("<I", program, 0x3c)[0] + 4
    arm = program[:machine_at] + struct.pack("<H", 0xAA64) + program[machine_at + 2:]
    vm = start(setup, f"""
chain ${{base}}/grub.efi && echo it returned
chain ${{base}}/half.efi ||
chain ${{base}}/arm.efi ||
imgfree
kernel ${{base}}/vmlinuz {CONSOLE}
initrd ${{base}}/initrd.gz
initrd ${{base}}/more.cgz
boot
""", {"grub.efi": program, "half.efi": program[:len(program) // 2], "arm.efi": arm,
      "vmlinuz": read(guests, "kernel", "vmlinuz"),
      "initrd.gz": initramfs.busybox_system(payload={"one": files["one"]}),
      "more.cgz": initramfs.extra_archive("two", files["two"])})
    vm.expect("GRUB is here", 60)
    vm.expect("efinet0 52:54:00:12:34:56", 30)
    vm.expect("it returned", 30)
    vm.expect(r"half\.efi: EFI program: the file is truncated: it should have at least", 30)
    vm.expect(r"arm\.efi: EFI program: the file is for 64-bit ARM", 30)
    command_line = vm.expect(r"INIT cmdline: (.*)\n", 120, or_fail="Kernel panic")[1]
    assert command_line.strip() == CONSOLE
    expect_payload(vm, files)
    assert vm.wait_end() == 0


def test_xen_efi_finds_its_files(setup, guests):
    files = {"one": initramfs.noise(6, 1000)}
    config = f"[global]\ndefault=x\n[x]\noptions={DOM0}\nkernel=vmlinuz console=hvc0 quiet\nramdisk=initrd.gz\n"
    vm = start(setup, """
initrd ${base}/xen.cfg
initrd ${base}/vmlinuz
initrd ${base}/initrd.gz
chain ${base}/xen.efi
""", {"xen.efi": read(guests, "xen", "xen.efi"), "xen.cfg": config.encode(),
      "vmlinuz": read(guests, "kernel", "vmlinuz"),
      "initrd.gz": initramfs.busybox_system(payload=files)}, "-cpu", "qemu64", memory=1024)
    vm.expect(r"Xen version", 60)
    expect_payload(vm, files)


def test_xen_by_multiboot2_with_boot_services(setup, guests):
    files = {"one": initramfs.noise(6, 1000)}
    vm = start(setup, f"""
kernel ${{base}}/xen {DOM0}
module ${{base}}/vmlinuz console=hvc0 quiet
module ${{base}}/initrd.gz
boot
""", {"xen": gzip.decompress(read(guests, "xen", "xen.gz")),
      "vmlinuz": read(guests, "kernel", "vmlinuz"),
      "initrd.gz": initramfs.busybox_system(payload=files)}, "-cpu", "qemu64", model="e1000",
               memory=1024)
    vm.expect(r"Xen version", 60)
    vm.expect(r"EFI", 30)  # it would stop without boot services
    expect_payload(vm, files)


def test_multiboot_after_boot_services(setup, data):
    """A kernel of AxVisor's form: ELF64 by address fields, entered in protected mode."""
    kernel = data("multiboot64.elf")
    vm = start(setup, "kernel ${base}/kernel\nboot\n", {"kernel": kernel}, "-cpu", "max",
               model="e1000")
    vm.expect("TEST-KERNEL multiboot", 60)
    check_multiboot_state(vm, first=struct.unpack_from("<I", kernel, 4096)[0])
    free = [line for line in re.findall(r"^mmap.*", wait_done(vm), re.M)
            if line.endswith("type=00000001")]
    assert 2 <= len(free) <= 16, "AxVisor stops when there are more"
    assert vm.wait_end() == DEBUG_EXIT


def test_multiboot2_after_boot_services(setup, data):
    modules = [("first.bin", initramfs.noise(4, 100_003), "alpha beta=1"), ("second.bin", b"x", "")]
    vm = start(setup, "kernel ${base}/kernel one two=2\n" + "".join(
        f"module ${{base}}/{name} {arguments}\n" for name, _, arguments in modules) + "boot\n",
        {name: body for name, body, _ in modules} | {"kernel": data("multiboot2.elf")})
    vm.expect("TEST-KERNEL multiboot", 60)
    check_multiboot_state(vm, first=0x57A12705, magic=0x36D76289)
    check_strings_and_modules(wait_done(vm), modules)
    assert re.search(r"^tag type=0000000c ", vm.text, re.M), "the system table"
    assert re.search(r"^tag type=0000000f ", vm.text, re.M), "ACPI's root pointer"
    last_map = re.search(r"^efimap row=(\w+) version=00000001 rows=(\w+) free=(\w+)", vm.text, re.M)
    row, rows, free = (int(last_map[i], 16) for i in (1, 2, 3))
    assert row >= 40 and rows > 10 and 400 << 8 < free < 512 << 8, "pages of 512 MiB"
    assert vm.wait_end() == DEBUG_EXIT


def test_elf_kernels_with_an_efi_entry(setup, data):
    """AxVisor's form, linked to the upper half, so it may lie anywhere; before it, one that lies where it
    was linked to, and comes back."""
    high = data("efi64.elf")
    vm = start(setup, """
chain ${base}/low come back! && echo it came back
chain ${base}/half ||
imgfree
kernel ${base}/axvisor a=1 b
boot
""", {"low": data("efi64-low.elf"), "axvisor": high, "half": high[:len(high) // 2]})
    told = (r"TEST-KERNEL efi at=(\w+) data=0{8}600dda7a bss=0{16} before=0{12}1000 behind=0{16} "
            r"options=\[(.*)\]")
    low = vm.expect(told, 60, or_fail="wrong entry")
    assert (int(low[1], 16), low[2]) == (0x4000000, "low come back!")
    vm.expect("^it came back", 30)
    vm.expect(r"half .*: it is an ELF file, but has neither a Multiboot header nor a symbol", 30)
    high = vm.expect(told, 60)
    assert int(high[1], 16) % 4096 == 0 and high[2] == "axvisor a=1 b"
    assert int(vm.expect(r"TEST-KERNEL alone status=0{8} rows=(\w+)\n", 30)[1], 16) > 10
    assert vm.wait_end() == DEBUG_EXIT


def test_kernel_that_starts_behind_the_firmware(setup, data):
    """AxVisor's form with httpboot_entry. It overwrites all memory that it is told is free, and goes on."""
    vm = start(setup, """
kernel ${base}/axvisor
initrd --name extra ${base}/axvisor
boot ||
imgfree extra
boot
""", {"axvisor": data("httpboot.elf")})
    vm.expect(r"httpboot: the kernel cannot be given other files: imgfree extra", 60)
    told = vm.expect(r"TEST-KERNEL httpboot magic=4f53544f4f4c4249 version=00000001 regions=(\w+) pages=(\w+) "
                     r"stack=00000008 flags=0{8} paging=00000001 pae=00000001 at=(\w+) percpu=9e4c9a5e "
                     r"data=600dda7a bss=0{8}\n", 60)
    regions, pages = int(told[1], 16), int(told[2], 16)
    assert 1 < regions <= 16 and 480 << 8 < pages < 512 << 8
    assert vm.wait_end() == DEBUG_EXIT


def unified_kernel(setup, stub, sections):
    """A kernel, its command line and its initrd as sections of systemd's EFI stub."""
    paths = {name: os.path.join(setup.folder, name) for name in ("stub", "unified", *sections)}
    for name, data in {"stub": stub, **sections}.items():
        with open(paths[name], "wb") as file:
            file.write(data)
    at = struct.unpack_from("<I", stub, 0x3c)[0] + 24
    address = struct.unpack_from("<I", stub, at + 56)[0]   # where the image ends
    base, = struct.unpack_from("<Q", stub, at + 24)
    args = []
    for name, data in sections.items():
        args += ["--add-section", f".{name}={paths[name]}", "--change-section-vma",
                 f".{name}={base + address:#x}"]
        address += (len(data) + 0xfff) & ~0xfff
    subprocess.run(["objcopy", *args, paths["stub"], paths["unified"]], check=True)
    return read(paths["unified"])


def test_systemd_boot_and_a_unified_kernel(setup, guests):
    """systemd-boot finds its folders, and starts the unified kernel that they name."""
    files = {"one": initramfs.noise(6, 1000)}
    unified = unified_kernel(setup, read(guests, "systemd-boot", "linuxx64.efi.stub"), {
        "osrel": b"ID=test\nNAME=Test\nVERSION_ID=1\n", "cmdline": CONSOLE.encode() + b" unified",
        "linux": read(guests, "kernel", "vmlinuz"), "initrd": initramfs.busybox_system(payload=files)})
    entry = "title %s\nefi /unified.efi\n"
    vm = start(setup, """
imgfetch --name loader/loader.conf ${base}/loader.conf
imgfetch --name loader/entries/good.conf ${base}/good.conf
imgfetch --name loader/entries/other.conf ${base}/other.conf
imgfetch ${base}/unified.efi
chain ${base}/systemd-bootx64.efi
""", {"systemd-bootx64.efi": read(guests, "systemd-boot", "systemd-bootx64.efi"),
      "loader.conf": b"timeout 0\ndefault good.conf\n", "unified.efi": unified,
      "good.conf": (entry % "Good").encode(), "other.conf": b"title Other\nefi /other.efi\n"},
               memory=768)
    command_line = vm.expect(r"INIT cmdline: (.*)\n", 180, or_fail="Kernel panic")[1]
    assert command_line.strip() == CONSOLE + " unified"
    expect_payload(vm, files)
    assert vm.wait_end() == 0


def test_memtest_as_program(setup, guests):
    vm = start(setup, "kernel ${base}/memtest console=ttyS0,115200\nboot\n",
               {"memtest": read(guests, "memtest", "memtest.efi")}, memory=128)
    vm.expect(r"Memtest86\+", 60)
