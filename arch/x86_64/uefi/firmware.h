// The firmware that started us: its tables, and short ways to ask it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arch/x86_64/uefi/protocols.h"
#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::uefi {

/// Set by efi_main() before anything else runs.
extern efi::SystemTable* system_table;
extern efi::Handle our_image;

inline efi::BootServices& boot() { return *system_table->boot; }
inline efi::RuntimeServices& runtime() { return *system_table->runtime; }

/// Starts and stops drivers of a device, and of all that hangs on it.
void connect(efi::Handle controller);
/// `driver` null: all of them.
void disconnect(efi::Handle controller, efi::Handle driver = nullptr);

/// The memory map as GetMemoryMap() wrote it.
struct LastMap {
  Bytes rows;
  uint64_t row_bytes = 0;
  uint32_t version = 0;
};
/// Ends boot services. The map changes as long as anything of the firmware runs: its key is stale
/// then, and is asked for again. After the first try nothing else of the firmware's may be called.
/// `left` gets the map that is left; its rows stay where they are.
efi::Code exit_boot_services(LastMap& left);

/// What the handle offers; nullptr if it does not. Nothing is opened, so nothing needs closing.
void* find_protocol(efi::Handle handle, const efi::Guid& protocol);
template <class Protocol>
Protocol* find_protocol(efi::Handle handle) {
  return static_cast<Protocol*>(find_protocol(handle, Protocol::kGuid));
}
/// Who has opened the protocol of a handle.
std::vector<efi::OpenInformation> users_of(efi::Handle handle, const efi::Guid& protocol);
/// All handles that offer the protocol.
std::vector<efi::Handle> handles_with(const efi::Guid& protocol);
/// The configuration table with this GUID; nullptr: there is none.
const void* configuration_table(const efi::Guid& guid);

/// "Out of Resources (EFI status 9)".
std::string describe(efi::Code code);

/// The next node, or nullptr behind the last and when a node's length is not sane.
const efi::DevicePath* next_node(const efi::DevicePath* node);
inline bool is_node(const efi::DevicePath& node, uint8_t type, uint8_t subtype) {
  return node.type == type && node.subtype == subtype;
}
/// A node's bytes behind its header.
inline Bytes node_data(const efi::DevicePath& node) {
  auto* at = reinterpret_cast<const uint8_t*>(&node);
  return {at + sizeof node, size_t{node.bytes} - sizeof node};
}
/// The first node of that kind; nullptr if there is none.
const efi::DevicePath* find_node(const efi::DevicePath* path, uint8_t type, uint8_t subtype);

/// UCS-2 to UTF-8, up to the first zero and at most `units`; surrogates become "?".
std::string utf8(const char16_t* text, size_t units);
/// UTF-8 to UCS-2; what it cannot have becomes "?".
std::u16string ucs2(std::string_view text);

}  // namespace hawser::uefi
