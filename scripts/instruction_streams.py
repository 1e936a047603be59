"""x86-64 code taken apart into streams of like fields, which pack an eighth better than the code as it
is. arch/x86_64/bios/prefix/streams.cc puts it together again; streams.h tells what each holds."""

import struct

DISP32, IMM32, JUMPS, CALLS, DATA, DISP8, STACK_DISP8, IMM8, REL8, OPCODES = range(10)
STREAMS = 10
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


def split(code):
    """The streams of `code`, each filled up to words, behind a table of their sizes. Any bytes can be
    taken apart."""
    streams = [bytearray() for _ in range(STREAMS)]
    ops, at, size = streams[OPCODES], 0, len(code)
    short_operand = wide = False

    def take(stream, count):
        nonlocal at
        streams[stream] += code[at:at + count][::-1]    # the byte that varies least comes first
        at += count

    def take_target(stream):
        nonlocal at
        (value,) = struct.unpack_from("<I", code, at)
        at += 4
        streams[stream] += struct.pack(">I", value + at & 0xffffffff)

    while size - at >= LONGEST_STEP:
        op = code[at]
        take(OPCODES, 1)
        if op in PREFIXES:
            short_operand |= op == 0x66
            continue
        if op & 0xf0 == 0x40:
            wide = bool(op & 8)
            continue
        if op == 0x0f:
            second = code[at]
            take(OPCODES, 1)
            has_modrm, immediate = two_byte(second)
            if second in (0x38, 0x3a):
                take(OPCODES, 1)
        else:
            has_modrm, immediate = one_byte(op)
        if has_modrm:
            modrm = code[at]
            take(OPCODES, 1)
            mode, rm = modrm >> 6, modrm & 7
            base = rm
            if mode != 3 and rm == 4:
                base = code[at] & 7
                take(OPCODES, 1)
            if mode == 1:
                take(STACK_DISP8 if rm == 4 else DISP8, 1)
            elif mode == 2 or (mode == 0 and rm == 4 and base == 5):
                take(DISP32, 4)
            elif mode == 0 and rm == 5:
                take_target(DATA)
            if op in (0xf6, 0xf7) and modrm & 0x38 < 0x10:
                immediate = BYTE if op == 0xf6 else DWORD
        if immediate == BYTE:
            take(IMM8, 1)
        elif immediate == SHORT_JUMP:
            take(REL8, 1)
        elif immediate == NEAR_JUMP:
            take_target(JUMPS)
        elif immediate == CALL:
            take_target(CALLS)
        elif immediate == WORD or (immediate in (DWORD, FULL) and short_operand):
            take(IMM8, 2)
        elif immediate == FULL and wide:
            take(IMM32, 8)
        elif immediate in (DWORD, FULL):
            take(IMM32, 4)
        short_operand = wide = False
    ops += code[at:]
    return struct.pack(f"<{STREAMS}I", *map(len, streams)) + b"".join(
        bytes(stream) + bytes(-len(stream) % 4) for stream in streams)
