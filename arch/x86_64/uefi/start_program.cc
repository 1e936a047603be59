// Starting programs: see start_program.h.
#include "arch/x86_64/uefi/start_program.h"

#include <algorithm>
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

/// One program to load: the wanted one, or the shim that starts it.
struct Stage {
  std::string_view name;
  Bytes image;
  std::string_view arguments;
  Bytes head = {};  ///< goes before `image`
};

/// A stage's head and image in one piece, which LoadImage() wants: in pages of the firmware's,
/// since the heap may be too small.
class Whole {
 public:
  explicit Whole(const Stage& stage) : bytes_(stage.image) {
    if (stage.head.empty()) return;
    uint64_t bytes = stage.head.size() + stage.image.size();
    pages_ = (bytes + efi::kPageBytes - 1) / efi::kPageBytes;
    code_ = boot().allocate_pages(efi::AllocateType::AnyPages, efi::MemoryKind::LoaderData, pages_,
                                  &at_);
    if (failed(code_)) return;
    auto* out = reinterpret_cast<uint8_t*>(at_);
    std::copy(stage.head.begin(), stage.head.end(), out);
    std::memcpy(out + stage.head.size(), stage.image.data(), stage.image.size());
    bytes_ = {out, bytes};
  }
  ~Whole() {
    if (pages_ && !failed(code_)) boot().free_pages(at_, pages_);
  }
  Whole(const Whole&) = delete;
  Whole& operator=(const Whole&) = delete;
  Code code() const { return code_; }
  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  efi::PhysicalAddress at_ = 0;
  uint64_t pages_ = 0;
  Code code_ = Code::Success;
};

/// `refused`: the firmware does not trust it.
Result<efi::Handle> load(const Stage& stage, efi::Handle device, bool& refused) {
  FirmwareCall watched("LoadImage()");
  std::vector<uint8_t> path = file_path(device, stage.name);
  efi::Handle image = nullptr;
  Whole whole(stage);
  if (failed(whole.code())) return not_loaded(whole.code());
  Code code = boot().load_image(false, our_image, reinterpret_cast<const DevicePath*>(path.data()),
                                whole.bytes().data(), whole.bytes().size(), &image);
  refused = code == Code::SecurityViolation || code == Code::AccessDenied;
  if (!failed(code)) return image;
  if (image) boot().unload_image(image);  // loaded, but not to be started
  return not_loaded(code);
}

Status start(efi::Handle image, const Stage& stage, efi::Handle device) {
  std::u16string options = ucs2(stage.arguments);
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
  Code code = boot().start_image(image, &exit_bytes, &exit_text);
  std::string said = exit_text ? utf8(exit_text, exit_bytes / sizeof(char16_t)) : "";
  if (exit_text) boot().free_pool(exit_text);
  if (!failed(code)) return ok_status();
  Error error{Errc::Io, cat("the program ended with: ", describe(code))};
  if (!said.empty()) error.text += cat(", \"", printable(said), '"');
  return error;
}

// --- devices -------------------------------------------------------------------------------------

/// What programs find their files on: a card, or a device that is made up.
class FileDevice {
 public:
  FileDevice(const std::vector<ProgramFile>& files, efi::Handle card) : files_(files) {
    if (card) system_.emplace(card, efi::guid::kSimpleFileSystem, &files_);
    if (system_ && system_->ok()) {
      handle_ = card;
      return;
    }
    path_.emplace(handle_, efi::guid::kDevicePath, &our_device);  // there may be one already
    system_.emplace(handle_, efi::guid::kSimpleFileSystem, &files_);
  }
  /// nullptr: the firmware did not let us.
  efi::Handle handle() const { return system_->ok() ? handle_ : nullptr; }

 private:
  FileSystem files_;
  efi::Handle handle_ = nullptr;
  std::optional<Offer> path_, system_;
};

Status no_files() {
  return Error{Errc::Io, "the firmware does not let the program see the downloaded files"};
}

Status run(const Program& program, efi::Handle card) {
  bool refused = false;
  {
    FileDevice files(program.files, card);
    if (!files.handle()) return no_files();
    Stage stage{program.name, program.image, program.arguments, program.head};
    auto image = load(stage, files.handle(), refused);
    if (image.ok()) return start(*image, stage, files.handle());
    // What nobody can have signed, no shim starts either.
    if (!refused || !program.shim || !program.head.empty()) return std::move(image).error();
  }
  const Shim& shim = *program.shim;
  FileDevice files(program.files, shim.allow_pxe ? card : nullptr);
  if (!files.handle()) return no_files();
  Stage stage{shim.name, shim.image, shim.arguments};
  auto image = load(stage, files.handle(), refused);
  if (!image.ok()) return std::move(image).error().in("shim");
  return start(*image, stage, files.handle());
}

}  // namespace

Status run_program(const Program& program, efi::Handle card) {
  efi::Handle initrd = nullptr;
  std::optional<Offer> initrd_path, initrd_file;
  std::optional<InitrdSource> source;
  if (program.initrd) {
    source.emplace(*program.initrd);
    initrd_path.emplace(initrd, efi::guid::kDevicePath, &initrd_device);
    initrd_file.emplace(initrd, efi::guid::kLoadFile2, &*source);
    if (!initrd_path->ok() || !initrd_file->ok())
      return Error{Errc::Io, "the firmware does not let the kernel see its initrd"};
  }
  return run(program, card);
}

}  // namespace hawser::uefi
