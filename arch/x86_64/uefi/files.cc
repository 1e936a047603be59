// Files for programs: see files.h.
#include "arch/x86_64/uefi/files.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "arch/x86_64/uefi/firmware.h"
#include "src/base/text.h"

namespace hawser::uefi {
namespace {

using efi::Code;

constexpr uint64_t kToEnd = ~uint64_t{0};  // a position, §13.5
constexpr efi::Guid kVolumeLabelGuid{
    0xdb47d7d3, 0xfe81, 0x11d3, {0x9a, 0x35, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
constexpr std::u16string_view kVolumeLabel = u"HAWSER";
constexpr size_t kLongestName = 1024;

/// A structure and the text behind it, into the caller's buffer.
Code give(Bytes header, std::u16string_view text, uint64_t* bytes, void* buffer) {
  uint64_t text_bytes = (text.size() + 1) * sizeof(char16_t);
  uint64_t room = *bytes;
  *bytes = header.size() + text_bytes;
  if (room < *bytes || !buffer) return Code::BufferTooSmall;
  auto* out = static_cast<uint8_t*>(buffer);
  std::copy(header.begin(), header.end(), out);
  out += header.size();
  std::memset(out, 0, text_bytes);
  std::memcpy(out, text.data(), text.size() * sizeof(char16_t));
  return Code::Success;
}

template <class T>
Bytes bytes_in(const T& structure) {
  return {reinterpret_cast<const uint8_t*>(&structure), sizeof structure};
}

/// The part of a path behind its last "/".
std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// `name` as a folder shows it; nothing when it lies elsewhere. The top folder shows all, as they
/// are.
std::optional<std::string_view> name_in(std::string_view folder, std::string_view name) {
  if (folder.empty()) return name;
  if (name.size() <= folder.size() || name[folder.size()] != '/' ||
      !equal_ignoring_case(name.substr(0, folder.size()), folder))
    return std::nullopt;
  return name.substr(folder.size() + 1);
}

/// `file` nullptr: a folder.
Code give_info(const ProgramFile* file, std::string_view shown, uint64_t* bytes, void* buffer) {
  std::u16string name = ucs2(shown);
  efi::FileInfo info{};
  info.bytes = sizeof info + (name.size() + 1) * sizeof(char16_t);
  info.file_bytes = info.physical_bytes = file ? file->bytes : 0;
  info.attributes = efi::File::kReadOnly | (file ? 0 : efi::File::kDirectory);
  return give(bytes_in(info), name, bytes, buffer);
}

/// "\boot\xen.cfg" and "boot/./xen.cfg" as "boot/xen.cfg"; the folder itself as "".
std::string plain_path(std::string_view name) {
  std::string path;
  while (!name.empty()) {
    size_t end = std::min(name.find_first_of("\\/"), name.size());
    std::string_view part = name.substr(0, end);
    name.remove_prefix(std::min(end + 1, name.size()));
    if (part.empty() || part == "." || part == "..") continue;
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

}  // namespace

void read_file(const ProgramFile& file, uint64_t at, MutBytes out) {
  std::fill(out.begin(), out.end(), uint8_t{0});
  for (const ProgramFile::Piece& piece : file.pieces) {
    uint64_t start = std::max(at, piece.at);
    uint64_t end = std::min(at + out.size(), piece.at + piece.data.size());
    if (start < end)
      std::memcpy(out.data() + (start - at), piece.data.data() + (start - piece.at), end - start);
  }
}

/// One file or the folder, as a program has it open.
struct FileSystem::Open : efi::File {
  FileSystem* system;
  const ProgramFile* file;  ///< nullptr: a folder
  std::string folder;       ///< which: "loader/entries", or "" for the top one
  uint64_t position = 0;    ///< in bytes; of a folder: the next entry

  static Open& of(efi::File* self) { return *static_cast<Open*>(self); }
  Code read_some(uint64_t* bytes, void* buffer);
  Code info(const efi::Guid& type, uint64_t* bytes, void* buffer) const;
};

Code FileSystem::Open::read_some(uint64_t* bytes, void* buffer) {
  if (!file) {
    for (; position < system->files_.size(); ++position) {
      const ProgramFile& entry = system->files_[position];
      auto name = name_in(folder, entry.name);
      if (!name) continue;
      Code code = give_info(&entry, *name, bytes, buffer);
      if (code == Code::Success) ++position;
      return code;
    }
    *bytes = 0;
    return Code::Success;
  }
  if (position > file->bytes) return Code::DeviceError;
  *bytes = std::min(*bytes, file->bytes - position);
  read_file(*file, position, {static_cast<uint8_t*>(buffer), *bytes});
  position += *bytes;
  return Code::Success;
}

Code FileSystem::Open::info(const efi::Guid& type, uint64_t* bytes, void* buffer) const {
  if (type == efi::guid::kFileInfo)
    return give_info(file, last_part(file ? std::string_view(file->name) : folder), bytes, buffer);
  if (type == efi::guid::kFileSystemInfo) {
    efi::FileSystemInfo volume{};
    volume.bytes = sizeof volume + (kVolumeLabel.size() + 1) * sizeof(char16_t);
    volume.read_only = true;
    for (const ProgramFile& each : system->files_) volume.volume_bytes += each.bytes;
    volume.block_bytes = 512;
    return give(bytes_in(volume), kVolumeLabel, bytes, buffer);
  }
  if (type == kVolumeLabelGuid) return give({}, kVolumeLabel, bytes, buffer);
  return Code::Unsupported;
}

const ProgramFile* FileSystem::find(std::string_view name) const {
  for (const ProgramFile& file : files_)
    if (equal_ignoring_case(file.name, name)) return &file;
  return nullptr;
}

bool FileSystem::has_folder(std::string_view path) const {
  return std::ranges::any_of(
      files_, [&](const ProgramFile& file) { return name_in(path, file.name).has_value(); });
}

Code FileSystem::open_entry(const ProgramFile* file, std::string folder, efi::File** opened) {
  Open& made = *open_.emplace_back(std::make_unique<Open>());
  made.revision = efi::File::kRevision1;
  made.system = this;
  made.file = file;
  made.folder = std::move(folder);
  made.open =
      [](efi::File* self, efi::File** out, const char16_t* name, uint64_t mode, uint64_t)
          EFIAPI { return Open::of(self).system->open_file(Open::of(self), out, name, mode); };
  made.close = [](efi::File* self) EFIAPI {
    Open::of(self).system->close(Open::of(self));
    return Code::Success;
  };
  made.remove = [](efi::File* self) EFIAPI {
    constexpr auto kDeleteFailure = Code(2);  // a warning: closed all the same
    Open::of(self).system->close(Open::of(self));
    return kDeleteFailure;
  };
  made.read = [](efi::File* self, uint64_t* bytes, void* buffer)
                  EFIAPI { return Open::of(self).read_some(bytes, buffer); };
  made.write = [](efi::File*, uint64_t*, const void*) EFIAPI { return Code::WriteProtected; };
  made.get_position = [](efi::File* self, uint64_t* position) EFIAPI {
    *position = Open::of(self).position;
    return Open::of(self).file ? Code::Success : Code::Unsupported;
  };
  made.set_position = [](efi::File* self, uint64_t position) EFIAPI {
    Open& file = Open::of(self);
    if (!file.file && position != 0) return Code::Unsupported;
    file.position = position == kToEnd ? file.file->bytes : position;
    return Code::Success;
  };
  made.get_info = [](efi::File* self, const efi::Guid* type, uint64_t* bytes, void* buffer)
                      EFIAPI { return Open::of(self).info(*type, bytes, buffer); };
  made.set_info = [](efi::File*, const efi::Guid*, uint64_t, const void*)
                      EFIAPI { return Code::WriteProtected; };
  made.flush = [](efi::File*) EFIAPI { return Code::Success; };
  *opened = &made;
  return Code::Success;
}

Code FileSystem::open_file(const Open& from, efi::File** opened, const char16_t* name,
                           uint64_t mode) {
  if (mode & (efi::File::kWrite | efi::File::kCreate)) return Code::WriteProtected;
  std::string text = utf8(name, kLongestName), path = plain_path(text);
  if (path.empty()) return open_entry(from.file, from.folder, opened);
  if (!from.folder.empty() && !text.starts_with('\\')) path = from.folder + '/' + path;
  const ProgramFile* file = find(path);
  if (!file && has_folder(path)) return open_entry(nullptr, std::move(path), opened);
  if (!file) file = find(last_part(path));
  return file ? open_entry(file, {}, opened) : Code::NotFound;
}

void FileSystem::close(const Open& file) {
  std::erase_if(open_, [&](const auto& each) { return each.get() == &file; });
}

FileSystem::~FileSystem() = default;

FileSystem::FileSystem(const std::vector<ProgramFile>& files) : files_(files) {
  revision = kRevision;
  open_volume = [](efi::SimpleFileSystem* self, efi::File** root) EFIAPI {
    return static_cast<FileSystem*>(self)->open_entry(nullptr, {}, root);
  };
}

InitrdSource::InitrdSource(const ProgramFile& source) : file(source) {
  load_file = [](efi::LoadFile* self, const efi::DevicePath*, efi::Bool boot_policy,
                 uint64_t* bytes, void* buffer) EFIAPI {
    const ProgramFile& initrd = static_cast<InitrdSource*>(self)->file;
    if (boot_policy) return Code::Unsupported;
    uint64_t room = *bytes;
    *bytes = initrd.bytes;
    if (!buffer || room < initrd.bytes) return Code::BufferTooSmall;
    read_file(initrd, 0, {static_cast<uint8_t*>(buffer), initrd.bytes});
    return Code::Success;
  };
}

}  // namespace hawser::uefi
