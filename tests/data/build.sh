#!/bin/bash
# Builds what the tests boot: three Multiboot kernels, two kernels that start as EFI programs, one that
# starts behind them, and two bzImages (marker kernels), all ours.
#
#   tests/data/build.sh OUTDIR
#
# multiboot64.elf  ELF64, high-half addresses, Multiboot address fields   multiboot32.elf  ELF32
# multiboot2.elf   ELF32 with a Multiboot2 header
# efi64.elf        ELF64 with AxVisor's EFI entry, linked to the upper half   efi64-low.elf  to 64 MiB
# httpboot.elf     ELF64 with httpboot_entry, in the layout that AxVisor has with it
# pxe_user.bin, pxe_command.bin   boot sectors, and boot programs, that use the PXE API
# marker.bzimage   10 MiB, for timing       marker-small.bzimage  64 KiB, the same program
# Needs gcc and binutils of the host only: the 32-bit code is freestanding.
set -euo pipefail
[[ $# == 1 ]] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
mkdir -p "$1"
out=$(realpath "$1")
cd "$(dirname "$0")"

c_flags=(-m32 -march=i686 -Os -std=gnu11 -Wall -Wextra -Werror -ffreestanding -fno-pic -fno-pie
  -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -mgeneral-regs-only)

# flat NAME BASE: NAME.c as a flat program that runs at BASE.
flat() {
  gcc "${c_flags[@]}" -c "$1.c" -o "$out/$1.o"
  ld -m elf_i386 -T flat.ld --defsym=BASE="$2" "$out/$1.o" -o "$out/$1.elf"
  objcopy -O binary "$out/$1.elf" "$out/$1.bin"
}

# link NAME BITS EMULATION [LINKER SCRIPT]
link() {
  gcc "-m$2" -c -I. -Wa,-I"$out" "$1.S" -o "$out/$1.o"
  ld -m "$3" -z max-page-size=4096 --no-warn-rwx-segments -T "${4:-$1}.ld" "$out/$1.o" -o "$out/$1.elf"
}

# marker FILE BYTES: a marker kernel of about that size, filled up with noise.
marker() {
  local setup_sectors=7
  gcc -m32 -c -DSETUP_SECTORS=$setup_sectors -DPAYLOAD_BYTES="$2" -Wa,-I"$out" marker.S \
    -o "$out/marker.o"
  ld -m elf_i386 -T marker.ld "$out/marker.o" -o "$out/marker.elf"
  objcopy -O binary "$out/marker.elf" "$out/$1.new"
  python3 - "$out/$1.new" $(((setup_sectors + 1) * 512 + $2)) <<'PY'
import random, sys
path, size = sys.argv[1], int(sys.argv[2])
with open(path, "r+b") as file:
    used = file.seek(0, 2)
    assert used <= size, "the program is larger than its payload"
    file.write(random.Random(1).randbytes(size - used))
PY
  mv "$out/$1.new" "$out/$1"
}

# wide SOURCE NAME BASE OPTION...: SOURCE.c, linked to BASE by SOURCE.ld.
wide() {
  local source=$1 name=$2 base=$3
  shift 3
  gcc -m64 -Os -std=gnu11 -Wall -Wextra -Werror -ffreestanding -fpie -fvisibility=hidden -mno-red-zone \
    -mgeneral-regs-only -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none \
    -DLINKED_AT="$base" -c "$source.c" -o "$out/$name.o"
  ld -m elf_x86_64 "$@" --no-warn-rwx-segments -z max-page-size=4096 -z norelro --build-id=none \
    -T "$source.ld" --defsym=BASE="$base" "$out/$name.o" -o "$out/$name.elf"
}

# sector NAME FILE [FLAG...]: NAME.S as a program for 0000:7C00.
sector() {
  gcc -m32 -c "${@:3}" "$1.S" -o "$out/$2.o"
  ld -m elf_i386 --oformat binary -Ttext=0x7c00 "$out/$2.o" -o "$out/$2"
}

sector pxe_user pxe_user.bin
sector pxe_user pxe_command.bin '-DCOMMAND="echo in its place"'
flat multiboot_report 0x201000
link multiboot64 64 elf_x86_64
link multiboot32 32 elf_i386
link multiboot2 32 elf_i386 multiboot32
wide efi64 efi64 0xffff800000200000 -pie --no-dynamic-linker
wide efi64 efi64-low 0x4000000
wide httpboot httpboot 0xffff800000200000
flat marker_report 0x101000
marker marker.bzimage $((10 * 1024 * 1024))
marker marker-small.bzimage $((64 * 1024))
