"""An installer's folder as people have it for PXELINUX, with nothing of SYSLINUX in it."""

import os

import initramfs

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


def test_localboot_goes_to_the_next_device(setup):
    setup.dhcp(boot="dhcp-boot=pxelinux.0", files={
        "pxelinux.cfg/0A4D": "DEFAULT local\nLABEL local\n  LOCALBOOT -1\n"})
    machine = setup.boot(machine="pc,graphics=off")
    machine.expect(r"PXELINUX configuration .*/0A4D\s", 40)
    machine.expect("No bootable device", 30)
