// The table of image formats.
#include "src/base/text.h"
#include "src/image/bzimage.h"
#include "src/image/efi_elf.h"
#include "src/image/efi_program.h"
#include "src/image/httpboot.h"
#include "src/image/image.h"
#include "src/image/multiboot.h"
#include "src/image/multiboot2.h"

namespace hawser {
namespace {

/// "#!ipxe" or "#!gpxe" and one more byte of white space.
bool is_script(Bytes file) {
  constexpr size_t kMagic = 6;
  std::string_view text = text_of(file);
  return text.size() > kMagic && (text.starts_with("#!ipxe") || text.starts_with("#!gpxe")) &&
         is_space(text[kMagic]);
}

/// Linux kernels are EFI programs as well. So is xen.efi, with Multiboot headers that lead nowhere.
bool is_plain_program(Bytes file) { return efi_program::probe(file) && !bzimage::probe(file); }

constexpr ImageFormat kFormats[] = {
    {"EFI", is_plain_program, nullptr, &UefiImages::program},
    {"Multiboot", multiboot::probe, multiboot::load},
    {"Multiboot2", multiboot2::probe, multiboot2::load},
    {"bzImage", bzimage::probe, bzimage::load, &UefiImages::linux_kernel},
    {"EFI-ELF", efi_elf::probe, nullptr, &UefiImages::elf},
    {"httpboot", httpboot::probe, nullptr, &UefiImages::httpboot},
    {"script", is_script, nullptr},
};

}  // namespace

std::vector<const ImageFormat*> image_formats() {
  std::vector<const ImageFormat*> formats;
  for (const ImageFormat& format : kFormats) formats.push_back(&format);
  return formats;
}

const ImageFormat* detect_format(Bytes file) {
  for (const ImageFormat& format : kFormats)
    if (format.probe(file)) return &format;
  return nullptr;
}

}  // namespace hawser
