// How the formats start that UEFI firmware starts in a way of its own: see src/program.h.
#include "src/image/efi_elf.h"
#include "src/image/efi_program.h"
#include "src/image/httpboot.h"
#include "src/program.h"

namespace hawser {

const UefiImages kUefiImages{
    .program = {.prepare = efi_program::prepare},
    .linux_kernel = {.prepare = efi_program::prepare_linux},
    .elf = {.prepare = efi_elf::prepare},
    .httpboot = {.load = httpboot::load},
    .add_shim = efi_program::add_shim,
};

}  // namespace hawser
