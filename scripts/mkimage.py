#!/usr/bin/env python3
"""Makes Hawser's artifacts out of linked ELF files.

  mkimage.py payload -o payload.bin --core core.elf --low low.elf --head payload.elf
  mkimage.py rom     -o x.rom  --prefix rom.elf  --payload payload.bin --vendor 8086 --device 100e
  mkimage.py lkrn    -o x.lkrn --prefix lkrn.elf --payload payload.bin
  mkimage.py nbp     -o x.kpxe --prefix nbp.elf  --payload payload.bin
  mkimage.py efi     -o x.efi  --core efi.elf --version-header version.h
  mkimage.py efirom  -o x.efirom --core efirom.elf --program x.efi --version-header version.h
                     --vendor 8086 --device 100e
  mkimage.py unwrap  -o driver.efi --rom x.efirom      to sign the driver in a ROM,
  mkimage.py wrap    -o x.efirom --driver driver.efi   and put it back
  mkimage.py join    -o x.rom  --bios x.biosrom --efi x.efirom

The payload is the same for all BIOS artifacts: its head (32-bit entry points and PayloadHeader), the low
block, and the core: code as streams of fields, data, relocations, all LZMA-compressed. Layouts:
arch/x86_64/bios/low_block.h, arch/x86_64/bios/prefix/streams.h.
"""

import argparse
import lzma
import os
import re
import struct
import sys
import zlib

import instruction_streams

PT_LOAD, PT_DYNAMIC = 1, 2
DT_NULL, DT_RELA, DT_RELASZ = 0, 7, 8
R_X86_64_RELATIVE = 8

PAYLOAD_HEADER = 0x10
PAYLOAD_HEADER_WORDS = 17
PAYLOAD_HEAD_BYTES = 0x200
PAYLOAD_MAGIC = 0x32535748
# What the payload writes behind itself when a Linux loader starts it: StartInfo and a stack.
LINUX_SCRATCH_BYTES = 16 * 1024
# Where a PXE ROM loads its boot program, and how much base memory it surely leaves free (PXE 2.1
# grants an NBP 32 KiB; real ROMs keep less than 128 KiB of the 640 to themselves).
NBP_ADDRESS, BASE_MEMORY_BYTES = 0x7c00, 512 * 1024

# PE32+ files (Microsoft PE/COFF specification) as UEFI 2.10 §2.1.1 and §7.4 have them.
PE_HEADER_AT, PE_FILE_ALIGN, PE_PAGE = 0x40, 0x200, 0x1000
PE_X86_64, PE_CHARACTERISTICS = 0x8664, 0x022e  # executable, above 2 GiB too; nothing to debug
PE_NX_AND_RELOCATABLE = 0x0140
PE_APPLICATION, PE_BOOT_DRIVER, PE_RELOC_DIR64 = 10, 11, 10
SECTION_CODE, SECTION_CONSTANT, SECTION_DATA, SECTION_RELOC = (
    0x60000020, 0x40000040, 0xc0000040, 0x42000040)

# Option ROMs (PCI Firmware Specification 3.3 §5.1; UEFI 2.10 §14.4.2). A file may hold several images,
# each with its PCIR structure; the last is marked.
ROM_SIGNATURE, EFI_ROM_SIGNATURE, ROM_BLOCK = 0xaa55, 0x0ef1, 512
PCIR_LAST_AT, PCIR_BYTES = 21, 28
ROM_FOR_BIOS, ROM_FOR_EFI, ROM_IS_LAST = 0, 3, 0x80
EFI_ROM_PCIR_AT, EFI_ROM_IMAGE_AT = 0x1c, 0x40
# Of the driver in a UEFI option ROM: RomHeader of arch/x86_64/uefi/rom/image.h, and hawser.efi packed.
EFI_ROM_SECTION, EFI_ROM_HEADER = b".hawser", "<HHIIIII"


def fail(text):
    sys.exit(f"{os.path.basename(sys.argv[0])}: {text}")


class Elf:
    """The loadable part of an ELF64 file linked at 0, as a flat image."""

    def __init__(self, path):
        with open(path, "rb") as f:
            data = f.read()
        if data[:5] != b"\x7fELF\x02":
            fail(f"{path}: not an ELF64 file")
        self.path, self.data = path, data
        self.entry, phoff = struct.unpack_from("<QQ", data, 24)
        phentsize, phnum = struct.unpack_from("<HH", data, 54)
        headers = []
        for i in range(phnum):
            kind, _, offset, vaddr, _, filesz, memsz, _ = struct.unpack_from(
                "<IIQQQQQQ", data, phoff + i * phentsize)
            headers.append((kind, offset, vaddr, filesz, memsz))
        self.dynamic = next((h for h in headers if h[0] == PT_DYNAMIC), None)
        self.loads = [h for h in headers if h[0] == PT_LOAD and h[4]]
        # The segment with the dynamic section serves this script alone.
        loaded = [h for h in self.loads if not (
            self.dynamic and h[2] <= self.dynamic[2] < h[2] + h[4])]
        self.memory_bytes = max(vaddr + memsz for _, _, vaddr, _, memsz in loaded)
        image = bytearray(max(vaddr + filesz for _, _, vaddr, filesz, _ in loaded if filesz))
        for _, offset, vaddr, filesz, _ in loaded:
            image[vaddr:vaddr + filesz] = data[offset:offset + filesz]
        self.image = image

    def apply_relocations(self):
        """Stores every relocated word as linked at 0; returns the offsets of those words."""
        if not self.dynamic:
            fail(f"{self.path}: not linked with -pie")
        _, offset, _, filesz, _ = self.dynamic
        tags = dict(struct.iter_unpack("<QQ", self.data[offset:offset + filesz]))
        rela, size = tags.get(DT_RELA, 0), tags.get(DT_RELASZ, 0)
        if not size:
            return []
        at = next(o + rela - v for _, o, v, f, _ in self.loads if v <= rela and rela + size <= v + f)
        places = []
        for place, info, addend in struct.iter_unpack("<QQq", self.data[at:at + size]):
            if info != R_X86_64_RELATIVE:
                fail(f"{self.path}: relocation type {info & 0xffffffff} at {place:#x}: something "
                     "refers to a symbol that is not in the image")
            if place + 8 > len(self.image):
                fail(f"{self.path}: relocation outside the image at {place:#x}")
            struct.pack_into("<q", self.image, place, addend)
            places.append(place)
        return sorted(places)


def deltas(places):
    """The relocated places, each by its distance from the one before: seven bits a byte, low ones first,
    the top bit set in all but the last."""
    out = bytearray()
    for before, place in zip([0] + places, places):
        distance = place - before
        while distance > 0x7f:
            out.append(distance & 0x7f | 0x80)
            distance >>= 7
        out.append(distance)
    return bytes(out)


def align(data, to):
    return bytes(data) + bytes(-len(data) % to)


LZMA_FILTERS = [{"id": lzma.FILTER_LZMA1, "preset": 9 | lzma.PRESET_EXTREME, "nice_len": 273,
                 "lc": 2, "lp": 0, "pb": 2, "dict_size": 1 << 23}]


def compress(data):
    return lzma.compress(bytes(data), format=lzma.FORMAT_RAW, filters=LZMA_FILTERS)


def make_payload(args):
    core, low, head = Elf(args.core), Elf(args.low), Elf(args.head)
    if len(head.image) != PAYLOAD_HEAD_BYTES:
        fail(f"{args.head}: head is {len(head.image)} bytes, not {PAYLOAD_HEAD_BYTES}")
    places = core.apply_relocations()
    image = align(core.image, 4)
    code_bytes = core.loads[0][3]   # linker/core.ld: the code comes first, at 0
    plain = instruction_streams.split(image[:code_bytes]) + image[code_bytes:] + deltas(places)
    packed = align(compress(plain), 4)
    low_image = align(low.image, 16)
    packed_at = PAYLOAD_HEAD_BYTES + len(low_image)
    out = bytearray(bytes(head.image) + low_image + packed)
    struct.pack_into(
        f"<{PAYLOAD_HEADER_WORDS}I", out, PAYLOAD_HEADER, PAYLOAD_MAGIC, len(out), PAYLOAD_HEAD_BYTES,
        len(low_image), -(-low.memory_bytes // 4096) * 4096, packed_at, len(packed), len(plain), code_bytes,
        len(image), len(places), -(-core.memory_bytes // 4096) * 4096, core.entry, zlib.crc32(plain), 0, 0, 0)
    print(f"core: image {len(image)}, in memory {core.memory_bytes}, {len(places)} relocations; "
          f"packed {len(packed)} (LZMA); low block {len(low_image)}; payload {len(out)} bytes")
    return out


def fix_checksum(data, start, size, at):
    data[at] = 0
    data[at] = -sum(data[start:start + size]) & 0xff


def assemble_rom(prefix, payload):
    """The expansion ROM: lengths and checksums made right. PCI IDs are in `prefix` already."""
    rom = bytearray(align(bytes(prefix) + payload, 512))
    pcir, pnp = struct.unpack_from("<HH", rom, 0x18)
    if len(rom) // 512 > 0xffff:
        fail("the ROM would be larger than 32 MiB")
    struct.pack_into("<H", rom, pcir + 0x10, len(rom) // 512)
    fix_checksum(rom, pnp, 32, pnp + 9)
    fix_checksum(rom, 0, len(prefix), len(prefix) - 1)
    return rom


def assemble_lkrn(prefix, payload):
    kernel = bytearray(align(bytes(prefix) + payload, 16))
    struct.pack_into("<I", kernel, 0x1f4, (len(kernel) - len(prefix)) // 16)
    struct.pack_into("<I", kernel, 0x260, len(kernel) + LINUX_SCRATCH_BYTES)
    return kernel


def nbp_memory(nbp, payload):
    """Bytes of base memory that the network boot program starts in, and that it keeps."""
    (kept,) = struct.unpack_from("<I", payload, PAYLOAD_HEADER + 16)
    return NBP_ADDRESS + len(nbp) + kept, kept


def assemble_nbp(prefix, payload):
    nbp = bytes(prefix) + payload
    used, _ = nbp_memory(nbp, payload)
    if used > BASE_MEMORY_BYTES:
        fail(f"a .kpxe of {len(nbp)} bytes needs {used} bytes of base memory, and "
             f"{BASE_MEMORY_BYTES} are sure")
    return nbp


def make_rom(args):
    with open(args.payload, "rb") as f:
        payload = f.read()
    prefix = Elf(args.prefix).image
    if prefix[:2] != b"\x55\xaa" or prefix[2] * 512 != len(prefix):
        fail(f"{args.prefix}: not an expansion ROM header, or its length byte is wrong")
    pcir, pnp = struct.unpack_from("<HH", prefix, 0x18)
    if prefix[pcir:pcir + 4] != b"PCIR" or prefix[pnp:pnp + 4] != b"$PnP":
        fail(f"{args.prefix}: PCIR or $PnP header not where the ROM header says")
    struct.pack_into("<HH", prefix, pcir + 4, args.vendor, args.device)
    rom = assemble_rom(prefix, payload)
    print(f"{args.output}: {len(rom)} bytes, of which {len(prefix)} stay in the option-ROM area")
    return rom


def make_lkrn(args):
    with open(args.payload, "rb") as f:
        payload = f.read()
    prefix = Elf(args.prefix).image
    if prefix[0x202:0x206] != b"HdrS" or (prefix[0x1f1] + 1) * 512 != len(prefix):
        fail(f"{args.prefix}: not a bzImage header, or setup_sects is wrong")
    kernel = assemble_lkrn(prefix, payload)
    print(f"{args.output}: {len(kernel)} bytes")
    return kernel


def make_nbp(args):
    with open(args.payload, "rb") as f:
        payload = f.read()
    nbp = assemble_nbp(Elf(args.prefix).image, payload)
    used, kept = nbp_memory(nbp, payload)
    print(f"{args.output}: {len(nbp)} bytes; starts in {-(-used // 1024)} KiB of base memory, keeps "
          f"{kept // 1024} of them")
    return nbp


def base_relocations(places):
    """The .reloc section: the words at `places` get the difference between where the image was loaded
    and address 0."""
    out = bytearray()
    for page in sorted({place & -PE_PAGE for place in places}):
        entries = [PE_RELOC_DIR64 << 12 | place - page for place in places
                   if page <= place < page + PE_PAGE]
        entries += [0] * (len(entries) % 2)
        out += struct.pack(f"<II{len(entries)}H", page, 8 + 2 * len(entries), *entries)
    return bytes(out)


def sbat(version):
    """The SBAT section, by which shim tells revoked programs (SBAT.md of shim)."""
    return ("sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n"
            f"hawser,1,Hawser,hawser,{version},-\n").encode()


class PeFile:
    """A PE32+ file of ours, to which one section can be added behind the others."""

    COUNT, CODE_TO_SIZES, IMAGE_BYTES, HEADERS_BYTES, CERTIFICATES = 6, 24 + 8, 24 + 56, 24 + 60, 24 + 144
    SECTIONS = 24 + 240

    def __init__(self, data):
        self.data = bytearray(data)

    def word(self, at):
        return struct.unpack_from("<I", self.data, PE_HEADER_AT + at)[0]

    def put(self, at, value):
        struct.pack_into("<I", self.data, PE_HEADER_AT + at, value)

    def count(self):
        return struct.unpack_from("<H", self.data, PE_HEADER_AT + self.COUNT)[0]

    def row(self, index):
        """Where a section's header is, and its name, size, address, bytes in the file, place there."""
        at = PE_HEADER_AT + self.SECTIONS + 40 * index
        name, *numbers = struct.unpack_from("<8s4I", self.data, at)
        return at, name.rstrip(b"\0"), *numbers

    def is_signed(self):
        return self.word(self.CERTIFICATES + 4) != 0

    def section(self, name):
        for index in range(self.count()):
            _, found, size, _, _, place = self.row(index)
            if found == name:
                return bytes(self.data[place:place + size])
        return None

    def drop_last(self):
        at, _, _, address, stored, place = self.row(self.count() - 1)
        del self.data[place:]
        self.data[at:at + 40] = bytes(40)
        self.change(-1, address, -stored)

    def append(self, name, contents):
        at = PE_HEADER_AT + self.SECTIONS + 40 * self.count()
        if at + 40 > self.word(self.HEADERS_BYTES) or any(self.data[at:at + 40]):
            fail("there is no room for one more section")
        address, stored = self.word(self.IMAGE_BYTES), align(contents, PE_FILE_ALIGN)
        struct.pack_into("<8sIIIIIIHHI", self.data, at, name, len(contents), address, len(stored),
                         len(self.data), 0, 0, 0, 0, SECTION_CONSTANT)
        self.data += stored
        self.change(1, address + -(-len(contents) // PE_PAGE) * PE_PAGE, len(stored))

    def change(self, sections, image_bytes, data_bytes):
        struct.pack_into("<H", self.data, PE_HEADER_AT + self.COUNT, self.count() + sections)
        self.put(self.IMAGE_BYTES, image_bytes)
        self.put(self.CODE_TO_SIZES, self.word(self.CODE_TO_SIZES) + data_bytes)


def make_pe(core, version_header, subsystem):
    """A PE32+ file of a linked core; its bytes in memory, and how many relocations."""
    with open(version_header) as file:
        version = re.search(r'kVersion = "([^"]+)"', file.read())[1]
    places = core.apply_relocations()
    text, rodata, data = (h for h in core.loads if h[2] < core.memory_bytes)
    sections = []  # name, address, bytes in memory, contents, flags

    def add(name, address, contents, flags, memory_bytes=None):
        sections.append((name, address, memory_bytes or len(contents), contents, flags))
        return -(-(address + (memory_bytes or len(contents))) // PE_PAGE) * PE_PAGE

    for name, flags, (_, _, address, file_bytes, memory_bytes) in (
            (b".text", SECTION_CODE, text), (b".rdata", SECTION_CONSTANT, rodata),
            (b".data", SECTION_DATA, data)):
        end = add(name, address, bytes(core.image[address:address + file_bytes]), flags,
                  memory_bytes)
    reloc_at, relocations = end, base_relocations(places)
    end = add(b".reloc", reloc_at, relocations, SECTION_RELOC)
    end = add(b".sbat", end, sbat(version), SECTION_CONSTANT)

    headers_bytes = PE_HEADER_AT + 24 + 240 + 40 * (len(sections) + 1)  # for one more
    headers_bytes = -(-headers_bytes // PE_FILE_ALIGN) * PE_FILE_ALIGN
    table, body = b"", b""
    for name, address, memory_bytes, contents, flags in sections:
        stored = align(contents, PE_FILE_ALIGN)
        table += struct.pack("<8sIIIIIIHHI", name, memory_bytes, address, len(stored),
                             headers_bytes + len(body), 0, 0, 0, 0, flags)
        body += stored
    code_bytes, data_bytes = (
        sum(len(align(s[3], PE_FILE_ALIGN)) for s in sections if (s[4] == SECTION_CODE) == code)
        for code in (True, False))
    directories = [(0, 0)] * 16
    directories[5] = (reloc_at, len(relocations))
    dos = b"MZ".ljust(0x3c, b"\0") + struct.pack("<I", PE_HEADER_AT)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", PE_X86_64, len(sections), 0, 0, 0, 240,
                       PE_CHARACTERISTICS)
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20b, 2, 0, code_bytes, data_bytes, 0, core.entry,
        text[2], 0, PE_PAGE, PE_FILE_ALIGN, 0, 0, 0, 0, 0, 0, 0, end, headers_bytes, 0,
        subsystem, PE_NX_AND_RELOCATABLE, 0, 0, 0, 0, 0, len(directories))
    optional += b"".join(struct.pack("<II", *entry) for entry in directories)
    out = align(dos + coff + optional + table, PE_FILE_ALIGN) + body
    return out, end, len(places)


def make_efi(args):
    out, memory_bytes, relocations = make_pe(Elf(args.core), args.version_header, PE_APPLICATION)
    print(f"{args.output}: {len(out)} bytes, in memory {memory_bytes}, {relocations} relocations")
    return out


def assemble_efi_rom(driver, vendor, device, program):
    """The option ROM for UEFI: `driver`, a PE file, with `program` packed as a section of it."""
    pe = PeFile(driver)
    _, _, _, _, code_bytes, code_at = PeFile(program).row(0)
    code_end = code_at + code_bytes
    plain = (instruction_streams.split(program[code_at:code_end]) + program[:code_at]
             + program[code_end:])
    header = struct.pack(EFI_ROM_HEADER, vendor, device, len(program), zlib.crc32(program), len(plain),
                         code_at, code_bytes)
    pe.append(EFI_ROM_SECTION, header + compress(plain))
    return wrap_driver(pe.data, vendor, device)


def wrap_driver(driver, vendor, device):
    """The headers of an option ROM for UEFI before a driver."""
    blocks = -(-(EFI_ROM_IMAGE_AT + len(driver)) // ROM_BLOCK)
    if blocks > 0xffff:
        fail("the ROM would be larger than 32 MiB")
    rom = bytearray(EFI_ROM_IMAGE_AT)
    struct.pack_into("<HHIHHH8xHH", rom, 0, ROM_SIGNATURE, blocks, EFI_ROM_SIGNATURE, PE_BOOT_DRIVER,
                     PE_X86_64, 0, EFI_ROM_IMAGE_AT, EFI_ROM_PCIR_AT)
    struct.pack_into("<4sHHHHB3sHHBBHHH", rom, EFI_ROM_PCIR_AT, b"PCIR", vendor, device, 0, PCIR_BYTES,
                     3, b"\0\0\2", blocks, 1, ROM_FOR_EFI, ROM_IS_LAST, blocks, 0, 0)
    return align(rom + driver, ROM_BLOCK)


def make_unwrap(args):
    with open(args.rom, "rb") as file:
        data = file.read()
    for kind, rom in rom_images(data):
        if kind == ROM_FOR_EFI and take_apart_efi_rom(rom):
            pe = PeFile(rom[EFI_ROM_IMAGE_AT:])
            _, _, _, _, stored, place = pe.row(pe.count() - 1)
            if pe.is_signed():
                fail(f"{args.rom}: its driver is signed already")
            return bytes(pe.data[:place + stored])
    fail(f"{args.rom}: there is no image of ours for UEFI in it")


def make_wrap(args):
    with open(args.driver, "rb") as file:
        pe = PeFile(file.read())
    section = pe.section(EFI_ROM_SECTION)
    if not section:
        fail(f"{args.driver}: this is not a driver of a ROM")
    vendor, device = struct.unpack_from("<HH", section)
    # Firmware takes what fills the last block for a part of the file. Behind a signature it has to be part
    # of that; no signature is over its own length.
    slack = -(EFI_ROM_IMAGE_AT + len(pe.data)) % ROM_BLOCK
    if pe.is_signed():
        at, size = pe.word(pe.CERTIFICATES), pe.word(pe.CERTIFICATES + 4)
        length, = struct.unpack_from("<I", pe.data, at)   # rounded up to 8 in the directory
        if at + size != len(pe.data) or -(-length // 8) * 8 != size:
            fail(f"{args.driver}: there is more than one signature; use one")
        struct.pack_into("<I", pe.data, at, size + slack)
        pe.put(pe.CERTIFICATES + 4, size + slack)
    rom = wrap_driver(pe.data, vendor, device)
    print(f"{args.output}: {len(rom)} bytes, {'' if pe.is_signed() else 'not '}signed")
    return rom


def decompress(data, size):
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=LZMA_FILTERS)
    return unpacker.decompress(data, size)


def take_apart_efi_rom(rom):
    """What assemble_efi_rom() was given; None when it is not such a ROM."""
    if len(rom) < EFI_ROM_IMAGE_AT or struct.unpack_from("<I", rom, 4)[0] != EFI_ROM_SIGNATURE:
        return None
    try:
        pe = PeFile(rom[EFI_ROM_IMAGE_AT:])
        _, _, section_bytes, _, stored, place = pe.row(pe.count() - 1)
        section = pe.section(EFI_ROM_SECTION)
        vendor, device, _, crc, size, code_at, code_bytes = struct.unpack_from(EFI_ROM_HEADER, section)
        plain = decompress(section[struct.calcsize(EFI_ROM_HEADER):], size)
        code, at = instruction_streams.join(plain, code_bytes)
        program = plain[at:at + code_at] + code + plain[at + code_at:]
    except (struct.error, TypeError, IndexError, lzma.LZMAError):
        return None
    if zlib.crc32(program) != crc:
        return None
    del pe.data[place + stored:]
    pe.drop_last()
    return bytes(pe.data), vendor, device, program


def make_efirom(args):
    driver, _, _ = make_pe(Elf(args.core), args.version_header, PE_BOOT_DRIVER)
    with open(args.program, "rb") as f:
        program = f.read()
    rom = assemble_efi_rom(driver, args.vendor, args.device, program)
    print(f"{args.output}: {len(rom)} bytes, of which {len(driver)} are the driver")
    return rom


def join_roms(bios, efi):
    """One file with an image for each kind of firmware. A BIOS takes the first that is its own."""
    rom = bytearray(bios)
    prefix_bytes, (pcir,) = rom[2] * ROM_BLOCK, struct.unpack_from("<H", rom, 0x18)
    rom[pcir + PCIR_LAST_AT] &= ~ROM_IS_LAST
    fix_checksum(rom, 0, prefix_bytes, prefix_bytes - 1)
    return bytes(rom) + bytes(efi)


def rom_images(data):
    """The images of an option ROM as (kind, bytes); struct.error when one is missing or cut short."""
    at, found = 0, []
    while True:
        signature, pcir = struct.unpack_from("<H22xH", data, at)
        pcir += at
        magic, blocks, kind, last = struct.unpack_from("<4s12xH2xBB", data, pcir)
        size = blocks * ROM_BLOCK
        if signature != ROM_SIGNATURE or magic != b"PCIR" or not size or size > len(data) - at:
            raise struct.error("no image there")
        found.append((kind, data[at:at + size]))
        if last & ROM_IS_LAST:
            return found
        at += size


def make_join(args):
    with open(args.bios, "rb") as bios, open(args.efi, "rb") as efi:
        rom = join_roms(bios.read(), efi.read())
    print(f"{args.output}: {len(rom)} bytes")
    return rom


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)

    def hex16(text):
        value = int(text, 16)
        if not 0 <= value <= 0xffff:
            raise ValueError(text)
        return value

    for name, make, files in (("payload", make_payload, ("core", "low", "head")),
                              ("rom", make_rom, ("prefix", "payload")),
                              ("lkrn", make_lkrn, ("prefix", "payload")),
                              ("nbp", make_nbp, ("prefix", "payload")),
                              ("efi", make_efi, ("core", "version-header")),
                              ("efirom", make_efirom, ("core", "program", "version-header")),
                              ("unwrap", make_unwrap, ("rom",)),
                              ("wrap", make_wrap, ("driver",)),
                              ("join", make_join, ("bios", "efi"))):
        kind = kinds.add_parser(name)
        kind.set_defaults(make=make)
        kind.add_argument("-o", "--output", required=True)
        for file in files:
            kind.add_argument(f"--{file}", required=True)
        if name in ("rom", "efirom"):
            kind.add_argument("--vendor", type=hex16, required=True, help="PCI ID, hexadecimal")
            kind.add_argument("--device", type=hex16, required=True, help="PCI ID, hexadecimal")
    args = parser.parse_args()
    data = args.make(args)
    with open(args.output, "wb") as f:
        f.write(data)


if __name__ == "__main__":
    main()
