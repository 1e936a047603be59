// Starting programs: see start_program.h.
#include "arch/x86_64/uefi/start_program.h"

#include <cstring>
#include <string>
#include <vector>

#include "arch/x86_64/uefi/call_watch.h"
#include "arch/x86_64/uefi/files.h"
#include "arch/x86_64/uefi/firmware.h"
#include "src/base/format.h"

namespace hawser::uefi {
namespace {

using efi::Code;
using efi::DevicePath;

constexpr DevicePath kPathEnd{DevicePath::kEnd, DevicePath::kEndEntire, sizeof(DevicePath)};

/// A device path of one node that is a GUID.
struct [[gnu::packed]] GuidPath {
  DevicePath node;
  efi::Guid guid;
  DevicePath end;
};

/// The device that programs come from if no card will do. The GUID is ours.
GuidPath our_device{
    {DevicePath::kHardware, DevicePath::kVendorHardware, sizeof(DevicePath) + sizeof(efi::Guid)},
    {0x6b9a3c52, 0x4f0e, 0x4b1d, {0x9c, 0x77, 0x2e, 0x51, 0x0d, 0xa8, 0x3f, 0x64}},
    kPathEnd};
/// LINUX_EFI_INITRD_MEDIA_GUID.
GuidPath initrd_device{
    {DevicePath::kMedia, DevicePath::kVendorMedia, sizeof(DevicePath) + sizeof(efi::Guid)},
    {0x5568e427, 0x68fc, 0x4f3d, {0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68}},
    kPathEnd};

/// A protocol on a handle for as long as this lives. A handle of nullptr is made and vanishes with
/// its last protocol.
class Offer {
 public:
  Offer(efi::Handle& handle, const efi::Guid& protocol, void* interface)
      : protocol_(protocol), interface_(interface) {
    code_ = boot().install_protocol(&handle, &protocol, efi::InterfaceType::Native, interface);
    handle_ = handle;
  }
  ~Offer() {
    if (ok()) boot().uninstall_protocol(handle_, &protocol_, interface_);
  }
  Offer(const Offer&) = delete;
  Offer& operator=(const Offer&) = delete;
  bool ok() const { return !failed(code_); }

 private:
  const efi::Guid& protocol_;
  void* interface_;
  efi::Handle handle_ = nullptr;
  Code code_;
};

void append(std::vector<uint8_t>& to, const void* data, size_t bytes) {
  auto* at = static_cast<const uint8_t*>(data);
  to.insert(to.end(), at, at + bytes);
}

/// The path of `device` and a node for the file, as a program's own path.
std::vector<uint8_t> file_path(efi::Handle device, std::string_view name) {
  std::vector<uint8_t> path;
  auto* node = static_cast<const DevicePath*>(find_protocol(device, efi::guid::kDevicePath));
  for (; node; node = next_node(node)) append(path, node, node->bytes);
  std::u16string text = u"\\" + ucs2(name);
  size_t text_bytes = (text.size() + 1) * sizeof(char16_t);
  DevicePath file{DevicePath::kMedia, DevicePath::kFilePath,
                  uint16_t(sizeof(DevicePath) + text_bytes)};
  append(path, &file, sizeof file);
  append(path, text.c_str(), text_bytes);
  append(path, &kPathEnd, sizeof kPathEnd);
  return path;
}

Error not_loaded(Code code) {
  if (code == Code::SecurityViolation || code == Code::AccessDenied)
    return {Errc::Access,
            cat("Secure Boot refuses it, since no key of this machine has signed it: ",
                describe(code))};
  return {Errc::Io, cat("the firmware cannot load it: ", describe(code))};
}

Status load_and_start(const Program& program, efi::Handle device) {
  std::vector<uint8_t> path = file_path(device, program.name);
  efi::Handle image = nullptr;
  Code code;
  {
    FirmwareCall watched("LoadImage()");
    code = boot().load_image(false, our_image, reinterpret_cast<const DevicePath*>(path.data()),
                             program.image.data(), program.image.size(), &image);
  }
  if (failed(code)) {
    if (image) boot().unload_image(image);  // loaded, but not to be started
    return not_loaded(code);
  }
  std::u16string options = ucs2(program.arguments);
  auto* loaded = find_protocol<efi::LoadedImage>(image);
  if (!loaded) {
    boot().unload_image(image);
    return Error{Errc::Io, "the firmware does not tell what it has loaded"};
  }
  loaded->device = device;
  loaded->load_options = options.data();
  loaded->load_options_bytes = uint32_t((options.size() + 1) * sizeof(char16_t));
  uint64_t exit_bytes = 0;
  char16_t* exit_text = nullptr;
  code = boot().start_image(image, &exit_bytes, &exit_text);
  std::string said = exit_text ? utf8(exit_text, exit_bytes / sizeof(char16_t)) : "";
  if (exit_text) boot().free_pool(exit_text);
  if (!failed(code)) return ok_status();
  Error error{Errc::Io, cat("the program ended with: ", describe(code))};
  if (!said.empty()) error.text += cat(", \"", printable(said), '"');
  return error;
}

}  // namespace

Status run_program(const Program& program, efi::Handle device) {
  FileSystem files(program.files);
  efi::Handle made = nullptr, initrd = nullptr;
  std::optional<Offer> file_system, path, initrd_path, initrd_file;
  if (device) file_system.emplace(device, efi::guid::kSimpleFileSystem, &files);
  if (!file_system || !file_system->ok()) {  // there may be one already
    path.emplace(made, efi::guid::kDevicePath, &our_device);
    file_system.emplace(made, efi::guid::kSimpleFileSystem, &files);
    device = made;
  }
  if (!device || !file_system->ok())
    return Error{Errc::Io, "the firmware does not let the program see the downloaded files"};
  std::optional<InitrdSource> source;
  if (program.initrd) {
    source.emplace(*program.initrd);
    initrd_path.emplace(initrd, efi::guid::kDevicePath, &initrd_device);
    initrd_file.emplace(initrd, efi::guid::kLoadFile2, &*source);
    if (!initrd_path->ok() || !initrd_file->ok())
      return Error{Errc::Io, "the firmware does not let the kernel see its initrd"};
  }
  return load_and_start(program, device);
}

}  // namespace hawser::uefi
