// Entry of the option ROM's driver. Firmware starts it while it looks at the PCI bus, before there
// is a console: it registers itself and returns.
#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/rom/driver.h"
#include "arch/x86_64/uefi/sections.h"

extern "C" __attribute__((visibility("hidden"))) EFIAPI hawser::efi::Code efi_rom_main(
    hawser::efi::Handle image, hawser::efi::SystemTable* table);

namespace hawser::uefi {
efi::SystemTable* system_table = nullptr;
efi::Handle our_image = nullptr;
}  // namespace hawser::uefi

hawser::efi::Code efi_rom_main(hawser::efi::Handle image, hawser::efi::SystemTable* table) {
  using namespace hawser::uefi;
  namespace efi = hawser::efi;
  system_table = table;
  our_image = image;
  void* found = nullptr;
  efi::Code code = boot().open_protocol(image, &efi::LoadedImage::kGuid, &found, image, nullptr,
                                        efi::kGetProtocol);
  if (failed(code)) return code;
  auto& loaded = *static_cast<efi::LoadedImage*>(found);
  constexpr std::string_view kSection = ".hawser";  // scripts/mkimage.py
  return install_driver(
      find_section({static_cast<uint8_t*>(loaded.image_base), loaded.image_bytes}, kSection));
}
