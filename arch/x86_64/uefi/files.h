// Downloaded files as a read-only file system and as an initrd, for programs that the firmware
// runs. UEFI 2.10 §13.4, §13.5 and §13.2; Linux, Documentation/admin-guide/efi-stub.rst.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "arch/x86_64/uefi/protocols.h"
#include "src/program.h"

namespace hawser::uefi {

/// Bytes of `file` from `at` on, with the zeros between its pieces. The range lies in the file.
void read_file(const ProgramFile& file, uint64_t at, MutBytes out);

/// One folder, and those that names of files have ("loader/entries/a.conf"). Names are compared
/// without regard to case; other folders in a path are ignored. Whatever would change something
/// ends in WriteProtected.
class FileSystem : public efi::SimpleFileSystem {
 public:
  /// Borrows `files`.
  explicit FileSystem(const std::vector<ProgramFile>& files);
  ~FileSystem();
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;

 private:
  struct Open;
  efi::Code open_file(const Open& from, efi::File** opened, const char16_t* name, uint64_t mode);
  bool has_folder(std::string_view path) const;
  efi::Code open_entry(const ProgramFile* file, std::string folder, efi::File** opened);
  void close(const Open& file);
  const ProgramFile* find(std::string_view name) const;

  const std::vector<ProgramFile>& files_;
  std::vector<std::unique_ptr<Open>> open_;  ///< programs may leave some open
};

/// The initrd of a Linux kernel, which asks for it by a device path of its own.
struct InitrdSource : efi::LoadFile {
  /// Borrows `file`.
  explicit InitrdSource(const ProgramFile& file);
  const ProgramFile& file;
};

}  // namespace hawser::uefi
