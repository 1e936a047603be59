"""An installer's folder as people have it for PXELINUX, with nothing of SYSLINUX in it."""

import os

import initramfs
from test_artifacts import expect_marker

MENU = """default menu.c32
prompt 0
timeout 600
menu title ########## PXE Boot Menu ##########

label local
  menu label ^Boot from local drive
  menu default
  localboot 0

label install
  menu label ^Install over HTTP
  text help
Fetches kernel and initrd from the TFTP server,
everything else over HTTP.
  endtext
  kernel linux/vmlinuz
  append initrd=linux/initrd.gz console=ttyS0,115200 quiet method=http://10.77.0.1/linux
  ipappend 2
"""


def test_installer_menu(setup, guests):
    with open(os.path.join(guests, "kernel", "vmlinuz"), "rb") as file:
        kernel = file.read()
    setup.dhcp(boot="dhcp-boot=pxelinux.0", files={
        "pxelinux.cfg/default": MENU, "linux/vmlinuz": kernel,
        "linux/initrd.gz": initramfs.busybox_system(payload={})})
    machine = setup.boot()
    machine.expect(r"PXELINUX configuration tftp://10\.77\.0\.1/pxelinux\.cfg/default", 40)
    machine.expect(r"  2\. Install over HTTP", 10)
    machine.expect(r"Press a key here for the menu", 10)
    machine.type("\x1b[B")
    machine.expect(r"Fetches kernel and initrd", 10)
    machine.type("\r")
    line = machine.expect(r"INIT cmdline: (.*)\n", 90, or_fail="Kernel panic")[1]
    assert line.split() == [
        "BOOT_IMAGE=linux/vmlinuz", "initrd=linux/initrd.gz", "console=ttyS0,115200", "quiet",
        "method=http://10.77.0.1/linux", "BOOTIF=01-52-54-00-12-34-56"]


def test_configuration_that_includes_itself(setup):
    """It is said, and the boot goes on to what comes after it."""
    setup.dhcp(boot="dhcp-boot=pxelinux.0", files={
        "pxelinux.cfg/default": "LABEL x\n  KERNEL x\nINCLUDE pxelinux.cfg/default\n"})
    machine = setup.boot(machine="pc,graphics=off", memory=128)
    machine.expect(r"Could not boot from net0: .*default:3: .*does one include itself\?", 60)
    machine.expect("Press Ctrl-B for the shell", 10)


def test_installer_from_a_web_server(setup, data):
    """A web server has it all, as an installation tree with pxelinux.cfg beside it; the lease says where
    by option 210."""
    kernel, initrd = data("marker-small.bzimage"), initramfs.noise(17, 300_000)
    repository = "http://10.77.0.1/centos/7/os/x86_64"
    tree = "centos/7/os/x86_64/images/pxeboot"
    nginx = setup.nginx({
        "pxelinux.cfg/default": f"""default linux
label linux
  kernel {tree}/vmlinuz
  append initrd={tree}/initrd.img inst.repo={repository} ks=http://10.77.0.1/ks.cfg
""", f"{tree}/vmlinuz": kernel, f"{tree}/initrd.img": initrd})
    setup.dhcp(boot="dhcp-boot=pxelinux.0\ndhcp-option-force=210,http://10.77.0.1/")
    machine = setup.boot(memory=128)
    machine.expect(r"PXELINUX configuration http://10\.77\.0\.1/pxelinux\.cfg/default", 40)
    expect_marker(machine, kernel, initrd,
                  f"BOOT_IMAGE={tree}/vmlinuz initrd={tree}/initrd.img inst.repo={repository} "
                  "ks=http://10.77.0.1/ks.cfg", timeout=60)
    wanted = [row[2].split()[1] for row in nginx.requests()]
    assert [path for path in wanted if "01-52-54-00-12-34-56" in path or "0A4D00" in path], wanted


def test_memdisk(setup, data):
    """A floppy's image, by SYSLINUX's memdisk."""
    with open("/usr/lib/syslinux/memdisk", "rb") as file:
        memdisk = file.read()
    setup.dhcp(boot="dhcp-boot=pxelinux.0", files={
        "pxelinux.cfg/01-52-54-00-12-34-56":
            "default dos\nlabel dos\n  kernel memdisk\n  append initrd=dos.img raw\n"
            "  sysappend 0xb\n",
        "memdisk": memdisk, "dos.img": data("pxe_user.bin").ljust(1_474_560, b"\0")})
    machine = setup.boot(memory=128)
    machine.expect("Booting memdisk", 60)
    machine.expect("PXE-USER: there is no PXE API", 40)


def test_localboot_goes_to_the_next_device(setup):
    setup.dhcp(boot="dhcp-boot=pxelinux.0", files={
        "pxelinux.cfg/0A4D": "DEFAULT local\nLABEL local\n  LOCALBOOT -1\n"})
    machine = setup.boot(machine="pc,graphics=off")
    machine.expect(r"PXELINUX configuration .*/0A4D\s", 40)
    machine.expect("No bootable device", 30)
