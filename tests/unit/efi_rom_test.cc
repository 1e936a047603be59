// The driver in a UEFI option ROM, against a firmware that has one PCI card.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/rom/driver.h"
#include "arch/x86_64/uefi/rom/image.h"
#include "arch/x86_64/uefi/rom/mac.h"

namespace hawser::uefi {
namespace {

using efi::Code;
using efi::DevicePath;
using efi::Guid;
using efi::Handle;
using efi::PciIo;

/// "MZ the program " 20 times, of which 100 bytes from 40 on count as code, as scripts/mkimage.py
/// packs it.
constexpr uint8_t kPacked[] = {
    0x00, 0x00, 0x6e, 0x00, 0x53, 0x7c, 0x02, 0x24, 0x64, 0x40, 0x40, 0xd8, 0xf1, 0xae, 0x7e,
    0x87, 0x69, 0xd4, 0x84, 0xc2, 0x61, 0x93, 0x15, 0x0c, 0x45, 0x9f, 0x3f, 0x91, 0xc5, 0xc9,
    0xf0, 0x49, 0xf7, 0x02, 0xb9, 0x4a, 0x1a, 0x60, 0x3a, 0xc5, 0xcd, 0x09, 0x95, 0x73, 0x6f,
    0xa3, 0xec, 0x93, 0x29, 0x95, 0xb9, 0x34, 0x54, 0xdf, 0x69, 0x24, 0x40, 0x37, 0x90, 0x21,
    0xba, 0x69, 0x5a, 0xeb, 0x1a, 0x56, 0x1e, 0xe8, 0xd5, 0xcf, 0xdb, 0x3f, 0xfa, 0xeb, 0x07,
    0x00};
constexpr uint32_t kProgramBytes = 300, kProgramCrc32 = 0x68b5946b, kPlainBytes = 356, kCodeAt = 40,
                   kCodeBytes = 100;

std::vector<uint8_t> section_of(RomHeader header) {
  std::vector<uint8_t> section(sizeof header);
  std::memcpy(section.data(), &header, sizeof header);
  section.insert(section.end(), std::begin(kPacked), std::end(kPacked));
  return section;
}

/// The card: configuration space, and registers at one place of one BAR.
struct Card {
  PciIo io{};
  uint8_t config[256] = {};
  uint8_t bar = 0;
  uint32_t at = 0;
  bool in_io_space = false;
  std::string registers;
  uint64_t decoding = 0;
} card;

Code access(bool io_space, efi::PciWidth width, uint8_t bar, uint64_t offset, uint64_t count,
            void* buffer) {
  uint64_t needed = io_space ? PciIo::kIo : PciIo::kMemory;
  if (io_space != card.in_io_space || bar != card.bar || offset != card.at ||
      !(card.decoding & needed))
    return Code::DeviceError;
  std::memcpy(buffer, card.registers.data(), count << unsigned(width));
  return Code::Success;
}

struct Firmware {
  uint8_t path[10] = {2, 1, 6, 0, 0xaa, 0xbb, 0x7f, 0xff, 4, 0};

  uint32_t refuse_attributes = 0;  ///< of OpenProtocol() of the card
  int open = 0, allocated = 0;
  efi::DriverBinding* binding = nullptr;
  efi::ComponentName2* names = nullptr;
  const DevicePath* child_path = nullptr;
  efi::LoadFile* load_file = nullptr;
} firmware;

int pci_handle, child_handle, image_handle;

Code EFIAPI open_protocol(Handle handle, const Guid* guid, void** interface, Handle, Handle,
                          uint32_t attributes) {
  if (*guid == efi::guid::kPciIo && attributes == firmware.refuse_attributes)
    return Code::AccessDenied;
  if (*guid == efi::guid::kPciIo && handle == &pci_handle) {
    *interface = &card.io;
    ++firmware.open;
    return Code::Success;
  }
  if (*guid == efi::guid::kDevicePath && handle == &pci_handle) {
    *interface = firmware.path;
    return Code::Success;
  }
  if (*guid == efi::guid::kLoadFile && handle == &child_handle && firmware.load_file) {
    *interface = firmware.load_file;
    return Code::Success;
  }
  return Code::Unsupported;
}

Code EFIAPI close_protocol(Handle, const Guid*, Handle, Handle) {
  --firmware.open;
  return Code::Success;
}

Code EFIAPI install_protocols(Handle* handle, ...) {
  __builtin_ms_va_list list;
  __builtin_ms_va_start(list, handle);
  while (auto* guid = __builtin_va_arg(list, const Guid*)) {
    void* interface = __builtin_va_arg(list, void*);
    if (*guid == efi::guid::kDriverBinding)
      firmware.binding = static_cast<efi::DriverBinding*>(interface);
    else if (*guid == efi::guid::kComponentName2)
      firmware.names = static_cast<efi::ComponentName2*>(interface);
    else if (*guid == efi::guid::kDevicePath)
      firmware.child_path = static_cast<const DevicePath*>(interface);
    else if (*guid == efi::guid::kLoadFile)
      firmware.load_file = static_cast<efi::LoadFile*>(interface);
  }
  __builtin_ms_va_end(list);
  if (!*handle) *handle = &child_handle;
  return Code::Success;
}

Code EFIAPI uninstall_protocols(Handle handle, ...) {
  EXPECT_EQ(handle, &child_handle);
  firmware.load_file = nullptr;
  firmware.child_path = nullptr;
  return Code::Success;
}

class EfiRom : public testing::Test {
 protected:
  efi::BootServices services{};
  efi::SystemTable table{};
  std::vector<uint8_t> section =
      section_of({0x8086, 0x100e, kProgramBytes, kProgramCrc32, kPlainBytes, kCodeAt, kCodeBytes});

  void SetUp() override {
    firmware = {};
    services.open_protocol = open_protocol;
    services.close_protocol = close_protocol;
    services.install_protocols = install_protocols;
    services.uninstall_protocols = uninstall_protocols;
    services.allocate_pool = [](efi::MemoryKind, uint64_t bytes, void** buffer) EFIAPI {
      *buffer = std::malloc(bytes);
      ++firmware.allocated;
      return Code::Success;
    };
    services.free_pool = [](void* buffer) EFIAPI {
      std::free(buffer);
      --firmware.allocated;
      return Code::Success;
    };
    services.calculate_crc32 = [](const void* data, uint64_t bytes, uint32_t* crc32) EFIAPI {
      uint32_t crc = ~0u;
      for (uint64_t i = 0; i < bytes; ++i) {
        crc ^= static_cast<const uint8_t*>(data)[i];
        for (int k = 0; k < 8; ++k) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
      }
      *crc32 = ~crc;
      return Code::Success;
    };
    table.boot = &services;
    system_table = &table;
    our_image = &image_handle;
    plug_in(0x8086, 0x100e);
    card.at = 0x5400;
    card.registers = std::string("\x52\x54\x00\x12\x34\x56\x00\x80", 8);
    ASSERT_EQ(install_driver(section), Code::Success);
    ASSERT_TRUE(firmware.binding);
  }
  void TearDown() override {
    system_table = nullptr;
    EXPECT_EQ(card.decoding, 0u) << "as it was";
  }

  void plug_in(uint16_t vendor, uint16_t device) {
    card = {};
    std::memcpy(card.config, &vendor, 2);
    std::memcpy(card.config + 2, &device, 2);
    card.io.read_config = [](PciIo*, efi::PciWidth width, uint32_t offset, uint64_t count,
                             void* buffer) EFIAPI {
      std::memcpy(buffer, card.config + offset, count << unsigned(width));
      return Code::Success;
    };
    card.io.read_memory =
        [](PciIo*, efi::PciWidth width, uint8_t bar, uint64_t offset, uint64_t count, void* buffer)
            EFIAPI { return access(false, width, bar, offset, count, buffer); };
    card.io.read_io =
        [](PciIo*, efi::PciWidth width, uint8_t bar, uint64_t offset, uint64_t count, void* buffer)
            EFIAPI { return access(true, width, bar, offset, count, buffer); };
    card.io.attributes = [](PciIo*, efi::PciAttribute what, uint64_t wanted, uint64_t* result)
                             EFIAPI {
                               if (what == efi::PciAttribute::Get) *result = card.decoding;
                               if (what == efi::PciAttribute::Supported)
                                 *result = PciIo::kIo | PciIo::kMemory;
                               if (what == efi::PciAttribute::Enable) card.decoding |= wanted;
                               if (what == efi::PciAttribute::Set) card.decoding = wanted;
                               return Code::Success;
                             };
  }
  Code supported() { return firmware.binding->supported(firmware.binding, &pci_handle, nullptr); }
  Code start() { return firmware.binding->start(firmware.binding, &pci_handle, nullptr); }
  Code stop_all() {
    Handle children[] = {&child_handle};
    Code code = firmware.binding->stop(firmware.binding, &pci_handle, 1, children);
    return failed(code) ? code : firmware.binding->stop(firmware.binding, &pci_handle, 0, nullptr);
  }
};

TEST_F(EfiRom, TakesTheCardItIsMadeForAndNoOther) {
  EXPECT_EQ(supported(), Code::Success);
  EXPECT_EQ(firmware.open, 0) << "only asked";
  plug_in(0x8086, 0x100f);
  EXPECT_EQ(supported(), Code::Unsupported);
  EXPECT_EQ(start(), Code::Unsupported);
  plug_in(0x8086, 0x100e);
  firmware.refuse_attributes = efi::kByDriver;
  EXPECT_EQ(supported(), Code::AccessDenied) << "another driver has it";
  EXPECT_EQ(firmware.open, 0);
}

TEST_F(EfiRom, OffersTheProgramBelowTheCard) {
  ASSERT_EQ(start(), Code::Success);
  auto* mac = find_node(firmware.child_path, DevicePath::kMessaging, DevicePath::kMac);
  ASSERT_TRUE(mac);
  EXPECT_EQ(mac, next_node(firmware.child_path)) << "behind the card's own node";
  EXPECT_EQ(next_node(mac), nullptr);
  Bytes data = node_data(*mac);
  ASSERT_EQ(data.size(), 33u);
  EXPECT_EQ(text_of(data.first(6)), std::string_view("\x52\x54\x00\x12\x34\x56", 6));
  EXPECT_EQ(data[32], 1) << "Ethernet";

  auto load = [&](efi::Bool policy, uint64_t& bytes, void* buffer) {
    return firmware.load_file->load_file(firmware.load_file, nullptr, policy, &bytes, buffer);
  };
  uint64_t bytes = 0;
  EXPECT_EQ(load(true, bytes, nullptr), Code::BufferTooSmall);
  EXPECT_EQ(bytes, kProgramBytes);
  std::string program(bytes, '?');
  EXPECT_EQ(load(true, --bytes, program.data()), Code::BufferTooSmall);
  EXPECT_EQ(load(false, bytes, program.data()), Code::Unsupported);
  EXPECT_EQ(load(true, bytes, program.data()), Code::Success);
  EXPECT_EQ(program.substr(0, 30), "MZ the program MZ the program ");

  EXPECT_EQ(stop_all(), Code::Success);
  EXPECT_FALSE(firmware.load_file);
  EXPECT_EQ(firmware.open, 0);
  EXPECT_EQ(firmware.allocated, 0);
}

TEST_F(EfiRom, LeavesNothingBehindWhenItCannotStart) {
  firmware.refuse_attributes = efi::kByChildController;
  EXPECT_EQ(start(), Code::AccessDenied);
  firmware.refuse_attributes = 0;
  firmware.path[2] = 0;  // a node of no length
  EXPECT_EQ(start(), Code::OutOfResources);
  EXPECT_FALSE(firmware.load_file);
  EXPECT_EQ(firmware.open, 0);
  EXPECT_EQ(firmware.allocated, 0);
}

TEST_F(EfiRom, RefusesDamagedPrograms) {
  ASSERT_EQ(start(), Code::Success);
  std::string program(kProgramBytes, '?');
  uint64_t bytes = program.size();
  constexpr size_t kChecksum = 8, kEndMark = 9, kFirstByte = sizeof(RomHeader);
  for (size_t at = kChecksum; at + kEndMark < section.size(); ++at) {
    if (at == kFirstByte) continue;  // of LZMA's arithmetic coder; it means nothing
    section[at] ^= 0x40;
    EXPECT_EQ(
        firmware.load_file->load_file(firmware.load_file, nullptr, true, &bytes, program.data()),
        Code::CompromisedData)
        << at;
    section[at] ^= 0x40;
  }
  EXPECT_EQ(stop_all(), Code::Success);
  EXPECT_EQ(install_driver(Bytes{section}.first(sizeof(RomHeader) - 1)), Code::CompromisedData);
}

TEST_F(EfiRom, FindsTheAddressOfVirtioCards) {
  const std::array<uint8_t, 6> mac{1, 2, 3, 4, 5, 6};
  plug_in(0x1af4, 0x1000);
  card.registers = "\1\2\3\4\5\6";
  card.in_io_space = true;
  card.at = 20;
  EXPECT_EQ(read_mac(card.io, 0x1af4), mac) << "an old one";
  card.in_io_space = false;
  card.bar = 4;
  card.at = 0x2000;
  const uint8_t other[] = {9, 0x50, 16, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const uint8_t device[] = {9, 0x40, 16, 4, 4, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0};
  card.config[0x34] = 0x40;
  std::memcpy(card.config + 0x40, other, sizeof other);
  std::memcpy(card.config + 0x50, device, sizeof device);
  EXPECT_EQ(read_mac(card.io, 0x1af4), mac);
  card.config[0x53] = 1;  // the list is a ring, without what is looked for
  EXPECT_EQ(read_mac(card.io, 0x1af4), (std::array<uint8_t, 6>{}));
  card.config[0x41] = 0xf8;  // behind the end
  EXPECT_EQ(read_mac(card.io, 0x1af4), (std::array<uint8_t, 6>{}));
}

TEST_F(EfiRom, FindsTheAddressOfOtherCards) {
  const std::array<uint8_t, 6> mac{1, 2, 3, 4, 5, 6};
  for (uint16_t vendor : {0x10ec, 0x1022}) {
    plug_in(vendor, 0x1234);
    card.registers = "\1\2\3\4\5\6";
    card.in_io_space = true;
    EXPECT_EQ(read_mac(card.io, vendor), mac);
  }
  plug_in(0x15ad, 0x07b0);
  card.bar = 1;
  card.at = 0x20;
  card.io.write_memory = [](PciIo*, efi::PciWidth, uint8_t, uint64_t, uint64_t, void* command)
                             EFIAPI {
                               uint32_t asked = *static_cast<uint32_t*>(command);
                               card.registers = asked == 0xf00d0003 ? "\1\2\3\4" : "\5\6\7\7";
                               return Code::Success;
                             };
  EXPECT_EQ(read_mac(card.io, 0x15ad), mac);
  EXPECT_EQ(read_mac(card.io, 0x1234), (std::array<uint8_t, 6>{})) << "nobody's";
}

}  // namespace
}  // namespace hawser::uefi
