// Programs for UEFI firmware: PE32+ files (PE Format specification, UEFI 2.10 §2.1).
#pragma once

#include "src/image/image.h"

namespace hawser::efi_program {

bool probe(Bytes file);

/// Errors: Invalid (truncated), Unsupported (for another processor, or not for UEFI).
Status check(Bytes file);

/// The program with every other image as a file beside it, and its own name as the first word of
/// its command line. Errors: as check().
Result<Program> prepare(const Image& image, const std::vector<const Image*>& others);

/// As prepare(), of a file that is no such program by itself: `head` makes it one.
Program with_head(std::vector<uint8_t> head, const Image& image,
                  const std::vector<const Image*>& others);

/// Lets the image `shim` start `program` where the firmware does not. Its command line is its own
/// one if it has any, else the program's, which shim looks up by the first word behind its own
/// name; one that looks for GRUB instead finds the program. `is_linux`: the program's command line
/// does not begin with its name. Errors: as check().
Status add_shim(Program& program, const Image& shim, bool is_linux);

/// A Linux kernel, which is such a program too (Documentation/admin-guide/efi-stub.rst), with the
/// others as its initrd. The initrd is also a file, "initrd.magic".
/// Errors: as check(); Unsupported (built without EFI stub); as make_initrd().
Result<Program> prepare_linux(const Image& kernel, const std::vector<const Image*>& initrds);

}  // namespace hawser::efi_program
