"""OVMF's variables in its flash, written before the machine starts (Platform Initialization
Specification 1.7, volume 3 §3: firmware volumes; edk2's authenticated variable store)."""

import struct
import uuid

NON_VOLATILE, BOOT_ACCESS = 1, 2
ADDED = 0x3F  # state of a variable that is whole and not deleted
HEADER = struct.Struct("<HBxIQ16sIII16s")
STORE_HEADER_BYTES = 28


GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
SHELL_VOLUME = "7cb8bdc9-f8eb-4f34-aaea-3ee4af6516a1"
SHELL_FILE = "7c04a583-9e3e-4f1c-ad65-e05268d0b4d1"


def path_node(kind, subtype, data=b""):
    """A node of a device path (UEFI 2.10 §10.2)."""
    return struct.pack("<BBH", kind, subtype, 4 + len(data)) + data


def boot_next(path, options):
    """Variables that make the firmware start next, before all else, what `path` leads to, with these
    load options (§3.1.3)."""
    path += path_node(0x7f, 0xff)
    option = struct.pack("<IH", 1, len(path)) + "Test\0".encode("utf-16-le") + path
    if options:
        option += f"{options}\0".encode("utf-16-le")
    return [("Boot0077", GLOBAL, option), ("BootNext", GLOBAL, struct.pack("<H", 0x77))]


def file_path(name):
    """To a file on whichever disk has it."""
    name = name.replace("/", "\\")
    return path_node(4, 4, f"\\{name}\0".encode("utf-16-le"))


def boot_shell():
    """The same for the firmware's shell, which does not wait before it runs startup.nsh."""
    return boot_next(path_node(4, 7, uuid.UUID(SHELL_VOLUME).bytes_le) +
                     path_node(4, 6, uuid.UUID(SHELL_FILE).bytes_le), "shell -delay 0")


def add_variable(flash, name, vendor, data):
    """Appends a variable to the flash image at the path `flash`; `vendor` is its GUID."""
    with open(flash, "r+b") as file:
        image = file.read()
        assert image[40:44] == b"_FVH"
        at = struct.unpack_from("<H", image, 48)[0] + STORE_HEADER_BYTES
        while image[at:at + 2] == b"\xaa\x55":
            name_bytes, data_bytes = struct.unpack_from("<II", image, at + 36)
            at += HEADER.size + name_bytes + data_bytes
            at = (at + 3) & ~3
        assert image[at:at + HEADER.size] == b"\xff" * HEADER.size, "no free space was found"
        name = name.encode("utf-16-le") + b"\0\0"
        file.seek(at)
        file.write(HEADER.pack(0x55AA, ADDED, NON_VOLATILE | BOOT_ACCESS, 0, bytes(16), 0,
                               len(name), len(data), uuid.UUID(vendor).bytes_le) + name + data)
