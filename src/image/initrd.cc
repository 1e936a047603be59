#include "src/image/initrd.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "src/base/format.h"

namespace hawser {
namespace {

constexpr uint64_t kPage = 4096;
constexpr uint32_t kRegularFile = 0100000, kFolder = 0040000;  // S_IFREG, S_IFDIR
constexpr uint32_t kFileMode = 0644, kFolderMode = 0755, kModeBits = 07777;

struct FileOptions {
  std::string_view name;
  uint32_t mode = kFileMode;
  int64_t parents = 0;  ///< below 0: all
};

std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

Result<FileOptions> parse_options(std::string_view arguments) {
  constexpr std::string_view kMode = "mode=", kMkdir = "mkdir=";
  FileOptions options{.name = next_word(arguments)};
  for (std::string_view word = next_word(arguments); !word.empty(); word = next_word(arguments)) {
    if (word.starts_with(kMode)) {
      std::string_view digits = word.substr(kMode.size());
      auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), options.mode, 8);
      if (error != std::errc{} || end != digits.data() + digits.size() || options.mode > kModeBits)
        return Error{Errc::Invalid, cat("initrd: \"", printable(word, 40),
                                        "\" is no octal file mode, such as mode=0755")};
    } else if (word.starts_with(kMkdir)) {
      auto parents = parse_integer(word.substr(kMkdir.size()));
      if (!parents)
        return Error{Errc::Invalid, cat("initrd: \"", printable(word, 40),
                                        "\" is no number of folders, such as mkdir=1")};
      options.parents = *parents;
    }
  }
  return options;
}

/// One header: "070701", thirteen numbers of eight hex digits, the name, 1 to 4 NULs.
void append_header(std::vector<uint8_t>& to, std::string_view name, uint32_t mode, uint64_t bytes) {
  std::string text = "070701";
  const uint64_t numbers[] = {0, mode, 0, 0, 1, 0, bytes, 0, 0, 0, 0, name.size() + 1, 0};
  for (uint64_t number : numbers) text += hex(number, 8);
  text += name;
  text += '\0';
  while ((to.size() + text.size()) % 4 != 0) text += '\0';
  to.insert(to.end(), text.begin(), text.end());
}

void append_parents(std::vector<uint8_t>& to, std::string_view name, int64_t wanted) {
  std::vector<std::string_view> parents;  // nearest first
  for (size_t slash = name.rfind('/'); slash != name.npos && slash > 0;
       slash = name.rfind('/', slash - 1)) {
    if (wanted >= 0 && int64_t(parents.size()) >= wanted) break;
    if (name[slash - 1] != '/') parents.push_back(name.substr(0, slash));
  }
  std::reverse(parents.begin(), parents.end());
  for (std::string_view parent : parents) append_header(to, parent, kFolder | kFolderMode, 0);
}

}  // namespace

Result<std::vector<uint8_t>> cpio_headers(std::string_view arguments, uint64_t bytes) {
  if (bytes > std::numeric_limits<uint32_t>::max())
    return Error{Errc::Invalid,
                 cat("initrd: a file of ", human_size(bytes), " does not fit a CPIO header")};
  FileOptions options = TRY(parse_options(arguments));
  std::vector<uint8_t> headers;
  if (options.name.empty()) return headers;
  append_parents(headers, options.name, options.parents);
  append_header(headers, options.name, kRegularFile | options.mode, bytes);
  return headers;
}

Result<Initrd> make_initrd(const std::vector<const Image*>& modules) {
  Initrd initrd;
  for (const Image* module : modules) {
    InitrdPart part;
    part.image = module;
    if (module->cmdline) part.header = TRY(cpio_headers(*module->cmdline, module->data.size()));
    part.offset = (initrd.bytes + kPage - 1) & ~(kPage - 1);
    constexpr uint64_t kMost = ~uint64_t{0} - 2 * kPage;
    if (part.offset > kMost || part.bytes() > kMost - part.offset)
      return Error{Errc::Range, "initrd: the files are too large"};
    initrd.bytes = part.offset + part.bytes();
    initrd.parts.push_back(std::move(part));
  }
  return initrd;
}

bool Initrd::contiguous() const {
  return std::ranges::all_of(parts, [&](const InitrdPart& part) {
    return part.header.empty() && part.image->phys == parts.front().image->phys + part.offset;
  });
}

}  // namespace hawser
