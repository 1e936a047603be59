// Asking the firmware: see firmware.h.
#include "arch/x86_64/uefi/firmware.h"

#include <algorithm>

#include "arch/x86_64/uefi/call_watch.h"
#include "src/base/format.h"

namespace hawser::uefi {

efi::SystemTable* system_table = nullptr;
efi::Handle our_image = nullptr;

void connect(efi::Handle controller) {
  FirmwareCall watched("ConnectController()");
  boot().connect_controller(controller, nullptr, nullptr, true);
}

void disconnect(efi::Handle controller, efi::Handle driver) {
  FirmwareCall watched("DisconnectController()");
  boot().disconnect_controller(controller, driver, nullptr);
}

efi::Code exit_boot_services(LastMap& left) {
  constexpr int kTries = 10;
  alignas(16) static uint8_t map[64 * 1024];
  efi::Code code = efi::Code::Success;
  for (int i = 0; i < kTries; ++i) {
    uint64_t bytes = sizeof map, key = 0;
    code = boot().get_memory_map(&bytes, reinterpret_cast<efi::MemoryDescriptor*>(map), &key,
                                 &left.row_bytes, &left.version);
    if (failed(code)) return code;
    left.rows = Bytes(map).first(std::min<uint64_t>(bytes, sizeof map));
    code = boot().exit_boot_services(our_image, key);
    if (!failed(code)) return code;
  }
  return code;
}

void* find_protocol(efi::Handle handle, const efi::Guid& protocol) {
  void* interface = nullptr;
  if (!handle || failed(boot().open_protocol(handle, &protocol, &interface, our_image, nullptr,
                                             efi::kGetProtocol)))
    return nullptr;
  return interface;
}

std::vector<efi::OpenInformation> users_of(efi::Handle handle, const efi::Guid& protocol) {
  uint64_t count = 0;
  efi::OpenInformation* entries = nullptr;
  if (failed(boot().open_protocol_information(handle, &protocol, &entries, &count)) || !entries)
    return {};
  std::vector<efi::OpenInformation> users(entries, entries + count);
  boot().free_pool(entries);
  return users;
}

std::vector<efi::Handle> handles_with(const efi::Guid& protocol) {
  uint64_t count = 0;
  efi::Handle* handles = nullptr;
  if (failed(boot().locate_handle_buffer(efi::SearchType::ByProtocol, &protocol, nullptr, &count,
                                         &handles)))
    return {};
  std::vector<efi::Handle> found(handles, handles + count);
  boot().free_pool(handles);
  return found;
}

const void* configuration_table(const efi::Guid& guid) {
  for (uint64_t i = 0; i < system_table->table_count; ++i)
    if (system_table->tables[i].guid == guid) return system_table->tables[i].table;
  return nullptr;
}

std::string describe(efi::Code code) {
  static constexpr std::string_view kNames[] = {"Success",
                                                "Load Error",
                                                "Invalid Parameter",
                                                "Unsupported",
                                                "Bad Buffer Size",
                                                "Buffer Too Small",
                                                "Not Ready",
                                                "Device Error",
                                                "Write Protected",
                                                "Out of Resources",
                                                "Volume Corrupted",
                                                "Volume Full",
                                                "No Media",
                                                "Media Changed",
                                                "Not Found",
                                                "Access Denied",
                                                "No Response",
                                                "No Mapping",
                                                "Timeout",
                                                "Not Started",
                                                "Already Started",
                                                "Aborted",
                                                "ICMP Error",
                                                "TFTP Error",
                                                "Protocol Error",
                                                "Incompatible Version",
                                                "Security Violation",
                                                "CRC Error",
                                                "End of Media",
                                                "",
                                                "",
                                                "End of File",
                                                "Invalid Language",
                                                "Compromised Data",
                                                "",
                                                "HTTP Error"};
  uint64_t number = uint64_t(code) & ~(uint64_t{1} << 63);
  if (code == efi::Code::Success) return "Success";
  bool known = failed(code) && number < std::size(kNames) && !kNames[number].empty();
  return cat(known          ? kNames[number]
             : failed(code) ? "error"
                            : "warning",
             " (EFI status ", number, ')');
}

const efi::DevicePath* next_node(const efi::DevicePath* node) {
  if (!node ||
      (node->type == efi::DevicePath::kEnd && node->subtype == efi::DevicePath::kEndEntire))
    return nullptr;
  if (node->bytes < sizeof *node) return nullptr;
  auto* next = reinterpret_cast<const efi::DevicePath*>(reinterpret_cast<const uint8_t*>(node) +
                                                        node->bytes);
  bool end = next->type == efi::DevicePath::kEnd && next->subtype == efi::DevicePath::kEndEntire;
  return end || next->bytes < sizeof *next ? nullptr : next;
}

const efi::DevicePath* find_node(const efi::DevicePath* path, uint8_t type, uint8_t subtype) {
  constexpr int kMostNodes = 64;
  for (int i = 0; path && i < kMostNodes; ++i, path = next_node(path))
    if (is_node(*path, type, subtype) && path->bytes >= sizeof *path) return path;
  return nullptr;
}

std::string utf8(const char16_t* text, size_t units) {
  std::string out;
  for (size_t i = 0; i < units && text[i]; ++i) {
    uint32_t c = text[i];
    if (c >= 0xd800 && c < 0xe000) c = '?';
    if (c < 0x80) {
      out += char(c);
    } else if (c < 0x800) {
      out += char(0xc0 | c >> 6);
      out += char(0x80 | (c & 0x3f));
    } else {
      out += char(0xe0 | c >> 12);
      out += char(0x80 | (c >> 6 & 0x3f));
      out += char(0x80 | (c & 0x3f));
    }
  }
  return out;
}

std::u16string ucs2(std::string_view text) {
  std::u16string out;
  for (size_t i = 0; i < text.size();) {
    uint8_t first = uint8_t(text[i++]);
    int more = first < 0x80                    ? 0
               : first >= 0xc2 && first < 0xe0 ? 1
               : (first & 0xf0) == 0xe0        ? 2
                                               : 3;
    uint32_t c = more == 0 ? first : more == 1 ? first & 0x1fu : first & 0x0fu;
    bool good = more < 3;
    for (int n = 0; n < more && good; ++n) {
      good = i < text.size() && (uint8_t(text[i]) & 0xc0) == 0x80;
      if (good) c = c << 6 | (uint8_t(text[i++]) & 0x3f);
    }
    out += good ? char16_t(c) : u'?';
  }
  return out;
}

}  // namespace hawser::uefi
