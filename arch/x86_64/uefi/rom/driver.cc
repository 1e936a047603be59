// The option ROM's driver: see driver.h. It leaves the card alone: hawser.efi, once started, finds
// the card by its device path and drives it itself.
#include "arch/x86_64/uefi/rom/driver.h"

#include <cstring>

#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/rom/image.h"
#include "arch/x86_64/uefi/rom/mac.h"

namespace hawser::uefi {
namespace {

using efi::Code;
using efi::DevicePath;
using efi::DriverBinding;
using efi::Handle;
using efi::LoadFile;
using efi::MemoryKind;
using efi::PciIo;

Bytes rom_section;

/// §10.3.4.11
struct [[gnu::packed]] MacNode {
  static constexpr uint16_t kBytes = 37;  // without the end
  DevicePath head{DevicePath::kMessaging, DevicePath::kMac, kBytes};
  uint8_t address[32] = {};
  uint8_t interface_type = 1;  ///< Ethernet
  DevicePath end{DevicePath::kEnd, DevicePath::kEndEntire, sizeof(DevicePath)};
};
static_assert(sizeof(MacNode) == MacNode::kBytes + sizeof(DevicePath));

/// What the firmware sees of a card: a handle of its own below the card's, to load from.
struct Child {
  LoadFile load_file;
  Handle handle;
  uint8_t* path() { return reinterpret_cast<uint8_t*>(this + 1); }
};

template <class T>
T* allocate(size_t bytes = sizeof(T)) {
  void* memory = nullptr;
  if (failed(boot().allocate_pool(MemoryKind::BootServicesData, bytes, &memory))) return nullptr;
  return static_cast<T*>(memory);
}

Code EFIAPI load_file(LoadFile*, const DevicePath*, efi::Bool boot_policy, uint64_t* bytes,
                      void* buffer) {
  if (!bytes) return Code::InvalidParameter;
  if (!boot_policy) return Code::Unsupported;  // there are no files to choose from
  auto header = read_rom_header(rom_section);
  if (!header) return Code::CompromisedData;
  uint64_t room = *bytes;
  *bytes = header->image_bytes;
  if (!buffer || room < header->image_bytes) return Code::BufferTooSmall;
  if (header->plain_bytes > header->image_bytes + kMostForStreams) return Code::CompromisedData;
  auto* decoder = allocate<bios::LzmaDecoder>(sizeof(bios::LzmaDecoder) + header->plain_bytes);
  if (!decoder) return Code::OutOfResources;
  auto* plain = reinterpret_cast<uint8_t*>(decoder + 1);
  bool whole = unpack_image(rom_section, {plain, header->plain_bytes},
                            {static_cast<uint8_t*>(buffer), header->image_bytes}, *decoder);
  boot().free_pool(decoder);
  uint32_t crc32 = 0;
  boot().calculate_crc32(buffer, header->image_bytes, &crc32);
  return whole && crc32 == header->image_crc32 ? Code::Success : Code::CompromisedData;
}

// --- driver binding ------------------------------------------------------------------------------

/// The card, when it is the ROM's own kind and no other driver has it.
Code take(DriverBinding* self, Handle controller, PciIo*& pci) {
  void* interface = nullptr;
  Code code = boot().open_protocol(controller, &PciIo::kGuid, &interface, self->handle, controller,
                                   efi::kByDriver);
  if (failed(code)) return code;
  pci = static_cast<PciIo*>(interface);
  auto header = read_rom_header(rom_section);
  uint16_t id[2] = {};
  code = pci->read_config(pci, efi::PciWidth::Uint16, 0, 2, id);
  if (!failed(code) && header && id[0] == header->vendor && id[1] == header->device)
    return Code::Success;
  boot().close_protocol(controller, &PciIo::kGuid, self->handle, controller);
  return Code::Unsupported;
}

Code EFIAPI supported(DriverBinding* self, Handle controller, const DevicePath*) {
  PciIo* pci;
  if (Code code = take(self, controller, pci); failed(code)) return code;
  boot().close_protocol(controller, &PciIo::kGuid, self->handle, controller);
  return Code::Success;
}

/// Bytes of a path without its end; 0 when it is not sane.
size_t path_bytes(const DevicePath* path) {
  constexpr int kMostNodes = 64;
  size_t bytes = 0;
  for (int i = 0; i < kMostNodes; ++i) {
    if (path->type == DevicePath::kEnd && path->subtype == DevicePath::kEndEntire) return bytes;
    if (path->bytes < sizeof *path) return 0;
    bytes += path->bytes;
    path =
        reinterpret_cast<const DevicePath*>(reinterpret_cast<const uint8_t*>(path) + path->bytes);
  }
  return 0;
}

Child* make_child(const DevicePath* parent, PciIo& pci) {
  size_t before = path_bytes(parent);
  auto* child = before ? allocate<Child>(sizeof(Child) + before + sizeof(MacNode)) : nullptr;
  auto header = read_rom_header(rom_section);
  if (!child || !header) return nullptr;
  *child = {{load_file}, nullptr};
  std::memcpy(child->path(), parent, before);
  MacNode node;
  auto mac = read_mac(pci, header->vendor);
  std::memcpy(node.address, mac.data(), mac.size());
  std::memcpy(child->path() + before, &node, sizeof node);
  return child;
}

Code remove_child(Child* child) {
  // An end of the list by its full width: a variadic null is 32 bits wide otherwise.
  Code code = boot().uninstall_protocols(child->handle, &efi::guid::kDevicePath, child->path(),
                                         &efi::guid::kLoadFile, &child->load_file,
                                         static_cast<void*>(nullptr));
  if (!failed(code)) boot().free_pool(child);
  return code;
}

Code EFIAPI start(DriverBinding* self, Handle controller, const DevicePath*) {
  PciIo* pci;
  if (Code code = take(self, controller, pci); failed(code)) return code;
  void* path = nullptr;
  boot().open_protocol(controller, &efi::guid::kDevicePath, &path, self->handle, controller,
                       efi::kGetProtocol);
  Child* child = path ? make_child(static_cast<DevicePath*>(path), *pci) : nullptr;
  Code code = Code::OutOfResources;
  if (child) {
    code = boot().install_protocols(&child->handle, &efi::guid::kDevicePath, child->path(),
                                    &efi::guid::kLoadFile, &child->load_file,
                                    static_cast<void*>(nullptr));
    if (failed(code)) {
      boot().free_pool(child);
    } else {
      void* interface;
      code = boot().open_protocol(controller, &PciIo::kGuid, &interface, self->handle,
                                  child->handle, efi::kByChildController);
      if (!failed(code)) return code;
      remove_child(child);
    }
  }
  boot().close_protocol(controller, &PciIo::kGuid, self->handle, controller);
  return code;
}

Code EFIAPI stop(DriverBinding* self, Handle controller, uint64_t count, Handle* children) {
  if (count == 0) return boot().close_protocol(controller, &PciIo::kGuid, self->handle, controller);
  Code result = Code::Success;
  for (uint64_t i = 0; i < count; ++i) {
    void* interface = nullptr;
    Code code = boot().open_protocol(children[i], &efi::guid::kLoadFile, &interface, self->handle,
                                     controller, efi::kGetProtocol);
    if (!failed(code)) {
      boot().close_protocol(controller, &PciIo::kGuid, self->handle, children[i]);
      code = remove_child(static_cast<Child*>(interface));
      if (failed(code))
        boot().open_protocol(controller, &PciIo::kGuid, &interface, self->handle, children[i],
                             efi::kByChildController);
    }
    if (failed(code)) result = Code::DeviceError;
  }
  return result;
}

// --- names ---------------------------------------------------------------------------------------

Code EFIAPI driver_name(efi::ComponentName2*, const char*, const char16_t** name) {
  if (!name) return Code::InvalidParameter;
  *name = u"Hawser network boot agent";
  return Code::Success;
}

Code EFIAPI controller_name(efi::ComponentName2*, Handle, Handle, const char*, const char16_t**) {
  return Code::Unsupported;  // the firmware has names of its own for PCI functions
}

constinit DriverBinding binding{supported, start, stop, 0x10, nullptr, nullptr};
constinit efi::ComponentName2 names{driver_name, controller_name, "en"};

}  // namespace

Code install_driver(Bytes section) {
  if (!read_rom_header(section)) return Code::CompromisedData;
  rom_section = section;
  binding.image = binding.handle = our_image;
  return boot().install_protocols(&binding.handle, &efi::guid::kDriverBinding, &binding,
                                  &efi::guid::kComponentName2, &names, static_cast<void*>(nullptr));
}

}  // namespace hawser::uefi
