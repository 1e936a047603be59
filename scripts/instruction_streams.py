"""x86-64 code taken apart into streams of like fields, which pack an eighth better than the code as it
is. arch/x86_64/bios/prefix/streams.cc puts it together again; streams.h tells what each holds."""

import struct

DISP32, IMM32, JUMPS, CALLS, DATA, DISP8, STACK_DISP8, IMM8, REL8, SIB, OPCODES = range(11)
STREAMS = 11
# The longest step of the walk below. What is left when less remains goes with the opcodes, as it is.
LONGEST_STEP = 20

PREFIXES = frozenset((0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3))
NOTHING, BYTE, WORD, DWORD, FULL, NEAR_JUMP, SHORT_JUMP, CALL = range(8)


def one_byte(op):
    """Of an opcode of one byte: whether a ModRM byte follows, and which kind of immediate."""
    if op < 0x40:
        return (op & 7) < 4, {4: BYTE, 5: DWORD}.get(op & 7, NOTHING)
    if op in (0x63, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0xf6, 0xf7,
              0xfe, 0xff) or 0xd0 <= op <= 0xd3 or 0xd8 <= op <= 0xdf:
        return True, NOTHING
    if op in (0x6b, 0x80, 0x82, 0x83, 0xc0, 0xc1, 0xc6):
        return True, BYTE
    if op in (0x69, 0x81, 0xc7):
        return True, DWORD
    if 0x70 <= op <= 0x7f or 0xe0 <= op <= 0xe3 or op == 0xeb:
        return False, SHORT_JUMP
    if op in (0x6a, 0xa8, 0xcd) or 0xb0 <= op <= 0xb7 or 0xe4 <= op <= 0xe7:
        return False, BYTE
    if op in (0x68, 0xa9):
        return False, DWORD
    if 0xb8 <= op <= 0xbf:
        return False, FULL
    if op in (0xc2, 0xca):
        return False, WORD
    return False, {0xe8: CALL, 0xe9: NEAR_JUMP}.get(op, NOTHING)


def two_byte(op):
    """The same of an opcode after 0Fh."""
    if 0x80 <= op <= 0x8f:
        return False, NEAR_JUMP
    if 0x30 <= op <= 0x37 or 0xc8 <= op <= 0xcf or op in (
            0x05, 0x06, 0x08, 0x09, 0x0b, 0x77, 0xa0, 0xa1, 0xa2, 0xa8, 0xa9, 0xaa):
        return False, NOTHING
    if 0x70 <= op <= 0x73 or 0xc4 <= op <= 0xc6 or op in (0x3a, 0xa4, 0xac, 0xba, 0xc2):
        return True, BYTE
    return True, NOTHING


class Splitter:
    """Takes fields from code, to streams."""

    def __init__(self, code):
        self.code, self.at = code, 0
        self.streams = [bytearray() for _ in range(STREAMS)]

    def take(self, stream, count=1):
        field = self.code[self.at:self.at + count]
        self.at += count
        self.streams[stream] += field[::-1]   # the byte that varies least comes first
        return field[0]

    def take_target(self, stream):
        (value,) = struct.unpack_from("<I", self.code, self.at)
        self.at += 4
        self.streams[stream] += struct.pack(">I", value + self.at & 0xffffffff)


class Joiner:
    """The inverse: takes fields from streams, to code."""

    def __init__(self, streams):
        self.code, self.at = bytearray(), 0
        self.streams, self.taken = streams, [0] * STREAMS

    def _next(self, stream, count):
        start = self.taken[stream]
        self.taken[stream] += count
        self.at += count
        return self.streams[stream][start:start + count]

    def take(self, stream, count=1):
        field = self._next(stream, count)[::-1]
        self.code += field
        return field[0]

    def take_target(self, stream):
        (target,) = struct.unpack(">I", self._next(stream, 4))
        self.code += struct.pack("<I", target - self.at & 0xffffffff)


def take_immediate(fields, kind, short_operand, wide):
    if kind == BYTE:
        fields.take(IMM8)
    elif kind == SHORT_JUMP:
        fields.take(REL8)
    elif kind == NEAR_JUMP:
        fields.take_target(JUMPS)
    elif kind == CALL:
        fields.take_target(CALLS)
    elif kind == WORD or (kind in (DWORD, FULL) and short_operand):
        fields.take(IMM8, 2)
    elif kind == FULL and wide:
        fields.take(IMM32, 8)
    elif kind in (DWORD, FULL):
        fields.take(IMM32, 4)


def take_modrm(fields):
    """Takes the ModRM byte, which it returns, and what belongs to it."""
    modrm = fields.take(OPCODES)
    mode, rm = modrm >> 6, modrm & 7
    base = rm
    if mode != 3 and rm == 4:
        base = fields.take(SIB) & 7
    if mode == 1:
        fields.take(STACK_DISP8 if rm == 4 else DISP8)
    elif mode == 2 or (mode == 0 and rm == 4 and base == 5):
        fields.take(DISP32, 4)
    elif mode == 0 and rm == 5:
        fields.take_target(DATA)
    return modrm


def walk(fields, size):
    """Takes the fields of instructions one after another, until little of `size` bytes is left."""
    short_operand = wide = False
    while size - fields.at >= LONGEST_STEP:
        op = fields.take(OPCODES)
        if op in PREFIXES:
            short_operand |= op == 0x66
            continue
        if op & 0xf0 == 0x40:
            wide = bool(op & 8)
            continue
        if op == 0x0f:
            second = fields.take(OPCODES)
            has_modrm, immediate = two_byte(second)
            if second in (0x38, 0x3a):
                fields.take(OPCODES)
        else:
            has_modrm, immediate = one_byte(op)
        if has_modrm:
            modrm = take_modrm(fields)
            if op in (0xf6, 0xf7) and modrm & 0x38 < 0x10:
                immediate = BYTE if op == 0xf6 else DWORD
        take_immediate(fields, immediate, short_operand, wide)
        short_operand = wide = False


def split(code):
    """The streams of `code`, each filled up to words, behind a table of their sizes. Any bytes can be
    taken apart."""
    fields = Splitter(code)
    walk(fields, len(code))
    fields.streams[OPCODES] += code[fields.at:]
    return struct.pack(f"<{STREAMS}I", *map(len, fields.streams)) + b"".join(
        bytes(stream) + bytes(-len(stream) % 4) for stream in fields.streams)


def join(plain, code_bytes):
    """The code that split() made the start of `plain` of, and how long that start is. IndexError or
    struct.error when it is damaged."""
    sizes = struct.unpack_from(f"<{STREAMS}I", plain)
    at, streams = STREAMS * 4, []
    for size in sizes:
        streams.append(plain[at:at + size])
        at += size + -size % 4
    fields = Joiner(streams)
    walk(fields, code_bytes)
    return bytes(fields.code) + bytes(streams[OPCODES][fields.taken[OPCODES]:]), at
