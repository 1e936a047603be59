// Where we come from: see origin.h.
#include "arch/x86_64/uefi/origin.h"

#include <algorithm>

#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/lease.h"
#include "arch/x86_64/uefi/sections.h"
#include "src/base/format.h"

namespace hawser::uefi {
namespace {

using efi::DevicePath;

constexpr std::string_view kPackSection = ".pack";  // scripts/hawser-pack

/// What the firmware's PXE client was told. Only of IPv4: the packets are laid out differently
/// else.
void take_lease(efi::Handle device, Origin& origin) {
  auto* pxe = find_protocol<efi::PxeBaseCode>(device);
  if (!pxe || !pxe->mode || !pxe->mode->started || pxe->mode->using_ipv6) return;
  const efi::PxeMode& mode = *pxe->mode;
  auto copy = [](const uint8_t(&packet)[efi::PxeMode::kPacketBytes]) {
    return std::vector<uint8_t>(packet, packet + sizeof packet);
  };
  if (mode.dhcp_ack_received) origin.ack = copy(mode.dhcp_ack);
  if (mode.pxe_reply_received) origin.proxy = copy(mode.pxe_reply);
  else if (mode.proxy_offer_received) origin.proxy = copy(mode.proxy_offer);
}

/// Of HTTP boot (§24.7.3.2): in the path that the image was loaded by, or the device's. The nodes
/// of a boot option that leaves the URI to DHCP are empty.
void take_http_boot(const efi::LoadedImage& loaded, Origin& origin) {
  std::optional<PathLease> lease;
  for (auto* found : {find_protocol(our_image, efi::guid::kLoadedImageDevicePath),
                      find_protocol(loaded.device, efi::guid::kDevicePath)}) {
    auto* path = static_cast<const DevicePath*>(found);
    if (!lease) lease = lease_in(path);
    auto* node = find_node(path, DevicePath::kMessaging, DevicePath::kUri);
    if (!node || node_data(*node).empty() || !origin.uri.empty()) continue;
    std::string_view text = text_of(node_data(*node));  // edk2's ends in a zero
    origin.uri = text.substr(0, text.find('\0'));
  }
  if (lease && !origin.uri.empty() && origin.ack.empty())
    origin.ack = as_dhcp_ack(*lease, origin.mac, origin.uri);
}

/// What the firmware is set to, since a device path does not tell it.
uint8_t priority_of(efi::Handle device, uint16_t vlan) {
  auto* config = find_protocol<efi::VlanConfig>(ancestor_with(device, efi::VlanConfig::kGuid));
  uint16_t count = 0;
  efi::VlanConfig::Entry* entries = nullptr;
  if (!config || failed(config->find(config, &vlan, &count, &entries)) || !entries) return 0;
  uint8_t priority = count > 0 ? entries->priority & 7 : 0;
  boot().free_pool(entries);
  return priority;
}

/// Load options as text; boot managers also hand over binary data that is none.
std::string load_options(const efi::LoadedImage& loaded) {
  constexpr uint32_t kLongest = 16 * 1024;
  if (!loaded.load_options || loaded.load_options_bytes % 2 || loaded.load_options_bytes > kLongest)
    return "";
  auto* text = static_cast<const char16_t*>(loaded.load_options);
  size_t units = loaded.load_options_bytes / 2;
  for (size_t i = 0; i < units && text[i]; ++i)
    if (text[i] < u' ' || text[i] > u'~') return "";
  return utf8(text, units);
}

std::string without_first_word(std::string_view line) {
  size_t end = std::min(line.find(' '), line.size());
  size_t next = std::min(line.find_first_not_of(' ', end), line.size());
  return std::string(line.substr(next));
}

// --- the file system
// ----------------------------------------------------------------------------------

class OpenFile {
 public:
  explicit OpenFile(efi::File* file) : file_(file) {}
  ~OpenFile() {
    if (file_) file_->close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  efi::File* get() const { return file_; }

 private:
  efi::File* file_;
};

efi::File* open_file(efi::File* folder, const std::u16string& name) {
  efi::File* file = nullptr;
  efi::Code code = folder->open(folder, &file, name.c_str(), efi::File::kRead, 0);
  return failed(code) ? nullptr : file;
}

/// The whole file; empty when it is not there, or larger than a script can be.
std::vector<uint8_t> read_file(efi::File* root, const std::u16string& name) {
  constexpr uint64_t kLongest = 1024 * 1024;
  OpenFile file(open_file(root, name));
  std::vector<uint8_t> data;
  if (!file.get()) return data;
  for (;;) {
    constexpr size_t kStep = 16 * 1024;
    size_t have = data.size();
    data.resize(have + kStep);
    uint64_t bytes = kStep;
    if (failed(file.get()->read(file.get(), &bytes, data.data() + have))) return {};
    data.resize(have + std::min<uint64_t>(bytes, kStep));
    if (bytes == 0) return data;
    if (data.size() > kLongest) return {};
  }
}

/// "\EFI\hawser\" of "\EFI\hawser\hawser.efi", from the file path nodes that we were loaded by.
std::u16string own_folder(const DevicePath* path) {
  std::u16string name;
  constexpr int kMostNodes = 16;
  for (int i = 0; path && i < kMostNodes; ++i, path = next_node(path)) {
    if (!is_node(*path, DevicePath::kMedia, DevicePath::kFilePath)) continue;
    Bytes data = node_data(*path);
    for (size_t at = 0; at + 1 < data.size(); at += 2) {
      char16_t c = char16_t(data[at] | data[at + 1] << 8);
      if (!c) break;
      name += c;
    }
  }
  size_t slash = name.rfind(u'\\');
  return slash == name.npos ? u"\\" : name.substr(0, slash + 1);
}

std::vector<uint8_t> autoexec(const efi::LoadedImage& loaded) {
  auto* system = find_protocol<efi::SimpleFileSystem>(loaded.device);
  efi::File* root = nullptr;
  if (!system || failed(system->open_volume(system, &root))) return {};
  OpenFile volume(root);
  std::u16string folder = own_folder(loaded.file_path);
  std::vector<uint8_t> script = read_file(root, folder + u"autoexec.ipxe");
  if (script.empty() && folder != u"\\") script = read_file(root, u"\\autoexec.ipxe");
  return script;
}

}  // namespace

efi::Handle ancestor_with(efi::Handle device, const efi::Guid& protocol) {
  auto* path = static_cast<DevicePath*>(find_protocol(device, efi::guid::kDevicePath));
  efi::Handle found = nullptr;
  if (!path || failed(boot().locate_device_path(&protocol, &path, &found))) return nullptr;
  return found;
}

uint32_t pci_location(efi::Handle handle) {
  auto* pci = find_protocol<efi::PciIo>(handle);
  uint64_t segment = 0, bus = 0, device = 0, function = 0;
  if (!pci || failed(pci->get_location(pci, &segment, &bus, &device, &function))) return 0;
  return uint32_t(segment << 16 | bus << 8 | device << 3 | function);
}

Origin find_origin() {
  Origin origin;
  auto* loaded = find_protocol<efi::LoadedImage>(our_image);
  if (!loaded) return origin;
  origin.device = loaded->device;
  origin.pack =
      find_section({static_cast<uint8_t*>(loaded->image_base), loaded->image_bytes}, kPackSection);
  origin.command_line = without_first_word(load_options(*loaded));
  origin.pci = ancestor_with(loaded->device, efi::guid::kPciIo);
  auto* path =
      static_cast<const DevicePath*>(find_protocol(loaded->device, efi::guid::kDevicePath));
  auto* mac = find_node(path, DevicePath::kMessaging, DevicePath::kMac);
  if (origin.pci && mac) {
    Bytes address = node_data(*mac);
    origin.mac.assign(address.begin(), address.end());
    origin.nic = pci_location(origin.pci);
    take_lease(loaded->device, origin);
    take_http_boot(*loaded, origin);
    origin.vlan = vlan_in(path);
    if (origin.vlan) origin.vlan_priority = priority_of(loaded->device, *origin.vlan);
    origin.by_ipv6 = find_node(path, DevicePath::kMessaging, DevicePath::kIpv6);
  }
  origin.script = autoexec(*loaded);
  return origin;
}

}  // namespace hawser::uefi
