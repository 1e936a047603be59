"""OVMF's variables in its flash, written before the machine starts (Platform Initialization
Specification 1.7, volume 3 §3: firmware volumes; edk2's authenticated variable store)."""

import struct
import uuid

NON_VOLATILE, BOOT_ACCESS = 1, 2
ADDED = 0x3F  # state of a variable that is whole and not deleted
HEADER = struct.Struct("<HBxIQ16sIII16s")
STORE_HEADER_BYTES = 28


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
