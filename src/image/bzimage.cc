#include "src/image/bzimage.h"

#include <algorithm>
#include <cstring>

#include "src/base/format.h"
#include "src/image/initrd.h"
#include "src/image/placement.h"

namespace hawser::bzimage {
namespace {

// Offsets in the setup header (boot.rst, "The real-mode kernel header").
constexpr uint64_t kSetupSects = 0x1f1, kSyssize = 0x1f4, kVidMode = 0x1fa, kBootFlag = 0x1fe,
                   kMagic = 0x202, kVersion = 0x206, kTypeOfLoader = 0x210, kLoadflags = 0x211,
                   kSetupMoveSize = 0x212, kRamdiskImage = 0x218, kRamdiskSize = 0x21c,
                   kHeapEndPtr = 0x224, kCmdLinePtr = 0x228, kInitrdAddrMax = 0x22c,
                   kKernelAlignment = 0x230, kRelocatableKernel = 0x234, kCmdlineSize = 0x238,
                   kPrefAddress = 0x258, kInitSize = 0x260, kHeaderEnd = 0x268;
constexpr uint16_t kBootFlagValue = 0xaa55;
constexpr uint32_t kMagicValue = 0x53726448;  // "HdrS"
constexpr uint8_t kLoadedHigh = 1u << 0, kCanUseHeap = 1u << 7;
constexpr uint8_t kUndefinedLoader = 0xff;
constexpr uint64_t kSector = 512, kParagraph = 16;

// Where a command line goes before protocol 2.02 ("The kernel command line").
constexpr uint64_t kOldCmdlineMagic = 0x20, kOldCmdlineOffset = 0x22;
constexpr uint16_t kOldCmdlineMagicValue = 0xa33f;

constexpr Phys kOneMiB = 0x100000, kLowKernel = 0x10000, kLowKernelEnd = 0x90000;
constexpr Phys kFourGiB = Phys{1} << 32;
constexpr uint64_t kHeapAndStack = 0x2000;  // least room between setup code and command line

struct Header {
  uint16_t version = 0;
  uint64_t setup_bytes = 0, kernel_bytes = 0;
  bool high = false;            ///< bzImage: the kernel goes to 1 MiB
  uint64_t cmdline_size = 255;  ///< most bytes of the command line, without NUL
  Phys initrd_end = 0;          ///< initrds lie below
  Range unpacked;               ///< what the kernel overwrites while it unpacks itself
  bool unpacked_is_estimate = false;
  Phys kernel_at() const { return high ? kOneMiB : kLowKernel; }
  Range loaded() const { return {kernel_at(), kernel_at() + kernel_bytes}; }
};

/// A header field of the file. The header up to kHeaderEnd is known to be there.
template <class T>
T field(Bytes file, uint64_t at) {
  return read_le<T>(file, at).value_or(0);
}

Error truncated(std::string_view part, uint64_t needed, uint64_t there) {
  return {Errc::Invalid, cat("bzImage: the file is truncated: ", part, " needs ", needed,
                             " bytes, the file has ", there)};
}

/// Finds out from where to where the kernel unpacks itself. Before 2.10 the header does not tell;
/// four times the compressed size and a MiB for .bss is more than any such kernel takes.
void find_unpacked(Bytes file, Header& header) {
  uint64_t init_bytes = field<uint32_t>(file, kInitSize);
  header.unpacked_is_estimate = header.version < 0x20a || init_bytes == 0;
  if (header.unpacked_is_estimate) {
    header.unpacked = {header.kernel_at(), header.kernel_at() + 4 * header.kernel_bytes + kOneMiB};
    return;
  }
  Phys start = header.kernel_at();
  uint64_t alignment = field<uint32_t>(file, kKernelAlignment);
  if (field<uint8_t>(file, kRelocatableKernel) && alignment > 0 && start % alignment != 0)
    start += alignment - start % alignment;
  start = std::max(start, field<uint64_t>(file, kPrefAddress));
  header.unpacked = {start, start + std::min(init_bytes, ~Phys{0} - start)};
}

Result<Header> parse(Bytes file) {
  if (file.size() < kHeaderEnd) return truncated("its header", kHeaderEnd, file.size());
  Header header;
  uint64_t sectors = field<uint8_t>(file, kSetupSects);
  header.setup_bytes = ((sectors == 0 ? 4 : sectors) + 1) * kSector;
  header.version = field<uint16_t>(file, kVersion);
  if (header.version < 0x200)
    return Error{Errc::Unsupported,
                 cat("bzImage: boot protocol 0x", hex(header.version), " is older than 2.00")};
  if (file.size() < header.setup_bytes)
    return truncated("its setup code", header.setup_bytes, file.size());
  header.kernel_bytes = file.size() - header.setup_bytes;

  uint64_t paragraphs =
      header.version >= 0x204 ? field<uint32_t>(file, kSyssize) : field<uint16_t>(file, kSyssize);
  // The count is rounded up, and some programs are not padded to it.
  uint64_t least = paragraphs > 0 ? (paragraphs - 1) * kParagraph + 1 : 1;
  if (header.kernel_bytes < least)
    return truncated("the kernel", header.setup_bytes + least, file.size());

  header.high = field<uint8_t>(file, kLoadflags) & kLoadedHigh;
  if (!header.high && header.kernel_bytes > kLowKernelEnd - kLowKernel)
    return Error{Errc::Range, cat("bzImage: a zImage of ", header.kernel_bytes,
                                  " bytes does not fit below 576 KiB")};
  if (header.version >= 0x206) header.cmdline_size = field<uint32_t>(file, kCmdlineSize);
  constexpr Phys kOldInitrdMax = 0x37ffffff;
  header.initrd_end =
      Phys{header.version >= 0x203 ? field<uint32_t>(file, kInitrdAddrMax) : kOldInitrdMax} + 1;
  find_unpacked(file, header);
  return header;
}

/// Value of the last word "name=value" of a command line.
std::optional<std::string_view> argument(std::string_view cmdline, std::string_view name) {
  std::optional<std::string_view> value;
  while (!cmdline.empty()) {
    std::string_view word = cmdline.substr(0, cmdline.find(' '));
    cmdline.remove_prefix(std::min(word.size() + 1, cmdline.size()));
    if (word.starts_with(name)) value = word.substr(name.size());
  }
  return value;
}

/// vga=: the mode the kernel shall set; nothing when absent or not understood.
std::optional<uint16_t> video_mode(std::string_view cmdline) {
  auto value = argument(cmdline, "vga=");
  if (!value) return std::nullopt;
  if (*value == "normal") return 0xffff;
  if (*value == "ext") return 0xfffe;
  if (*value == "ask") return 0xfffd;
  auto number = parse_integer(*value);
  if (!number || *number < 0 || *number > 0xffff) return std::nullopt;
  return uint16_t(*number);
}

/// mem=: the kernel uses no memory from this address on; nothing when absent or not understood.
std::optional<Phys> memory_limit(std::string_view cmdline) {
  auto value = argument(cmdline, "mem=");
  if (!value || value->empty()) return std::nullopt;
  unsigned shift = 0;
  switch (value->back()) {
    case 'k':
    case 'K':
      shift = 10;
      break;
    case 'm':
    case 'M':
      shift = 20;
      break;
    case 'g':
    case 'G':
      shift = 30;
      break;
  }
  if (shift) value->remove_suffix(1);
  auto number = parse_integer(*value);
  if (!number || *number <= 0 || (uint64_t(*number) >> (63 - shift)) != 0) return std::nullopt;
  return Phys(*number) << shift;
}

/// The 64 KiB window that the real-mode code lives in.
struct RealModeWindow {
  uint16_t segment = 0;
  uint64_t bytes = 0;  ///< usable part of the segment
  Phys at() const { return Phys{segment} << 4; }
};

/// Kernels before 2.02, and every zImage, expect their setup code at 90000h; there the firmware's
/// data at the top of base memory leaves only 38 KiB.
RealModeWindow window_of(const Header& header) {
  if (header.high && header.version >= 0x202) return {0x1000, 0x10000};
  return {0x9000, 0x9800};
}

/// The real-mode part as it will lie in memory: setup code, heap, stack, command line.
/// `stack_end` gets the offset where the command line starts.
Result<std::vector<uint8_t>> make_setup(Bytes file, const Header& header, std::string_view cmdline,
                                        uint16_t& stack_end) {
  RealModeWindow window = window_of(header);
  if (cmdline.size() > header.cmdline_size)
    return Error{Errc::Range, cat("bzImage: the command line has ", cmdline.size(),
                                  " bytes, this kernel takes at most ", header.cmdline_size)};
  uint64_t used = header.setup_bytes + kHeapAndStack;
  uint64_t cmdline_bytes = (cmdline.size() + 1 + kParagraph - 1) / kParagraph * kParagraph;
  if (!fits(used, cmdline_bytes, window.bytes))
    return Error{Errc::Range,
                 cat("bzImage: setup code of ", header.setup_bytes, " bytes and a command line of ",
                     cmdline.size(), " bytes do not fit ", window.bytes, " bytes")};
  std::vector<uint8_t> setup(window.bytes);
  std::memcpy(setup.data(), file.data(), header.setup_bytes);
  stack_end = uint16_t(window.bytes - cmdline_bytes);
  std::copy(cmdline.begin(), cmdline.end(), setup.begin() + stack_end);

  uint8_t* at = setup.data();
  at[kTypeOfLoader] = kUndefinedLoader;
  if (auto mode = video_mode(cmdline)) write_le(at + kVidMode, *mode);
  if (header.version >= 0x201) {
    at[kLoadflags] |= kCanUseHeap;
    write_le(at + kHeapEndPtr, uint16_t(stack_end - 0x200));  // relative to 0x200, by definition
  }
  if (header.version >= 0x202) {
    write_le(at + kCmdLinePtr, uint32_t(window.at() + stack_end));
  } else {
    write_le(at + kOldCmdlineMagic, kOldCmdlineMagicValue);
    write_le(at + kOldCmdlineOffset, stack_end);
    write_le(at + kSetupMoveSize, uint16_t(window.bytes));
  }
  return setup;
}

/// Where the initrd goes: where it lies if the kernel can use it there, else as high as possible.
Result<Phys> place_initrd(const Initrd& initrd, const Header& header, std::string_view cmdline,
                          const MemoryMap& memory) {
  Phys end = std::min(header.initrd_end, kFourGiB);
  if (auto limit = memory_limit(cmdline)) end = std::min(end, *limit);
  Placement placement(memory);
  placement.take(header.loaded());
  placement.take(header.unpacked);
  if (initrd.contiguous()) {
    Phys start = initrd.parts.front().image->phys;
    Range here{start, start + initrd.bytes};
    if (start >= kOneMiB && here.end <= end && placement.is_free(here)) return start;
  }
  if (auto place = placement.highest(initrd.bytes, {kOneMiB, end})) return *place;
  return Error{Errc::NoSpace, cat("bzImage: no room for initrds of ", human_size(initrd.bytes),
                                  " below 0x", hex(end), ": the largest free range there has ",
                                  human_size(placement.largest({kOneMiB, end})))};
}

/// Adds the initrds to the plan and their place to the setup header.
Status add_initrds(LoadPlan& plan, const std::vector<const Image*>& modules, const Header& header,
                   std::string_view cmdline, const MemoryMap& memory, MutBytes setup) {
  constexpr uint64_t kMost = ~uint32_t{0};
  Initrd initrd = TRY(make_initrd(modules));
  if (initrd.bytes == 0) return ok_status();
  if (initrd.bytes > kMost)
    return Error{Errc::Range,
                 cat("bzImage: initrds of ", human_size(initrd.bytes), " exceed 4 GiB")};
  Phys start = TRY(place_initrd(initrd, header, cmdline, memory));
  write_le(setup.data() + kRamdiskImage, uint32_t(start));
  write_le(setup.data() + kRamdiskSize, uint32_t(initrd.bytes));
  for (size_t i = 0; i < initrd.parts.size(); ++i) {
    InitrdPart& part = initrd.parts[i];
    uint64_t header_bytes = part.header.size(), data_bytes = part.image->data.size();
    uint64_t next = i + 1 < initrd.parts.size() ? initrd.parts[i + 1].offset : initrd.bytes;
    Phys to = start + part.offset;
    if (header_bytes > 0) plan.place(to, std::move(part.header), "initrd");
    uint64_t with_gap = next - part.offset - header_bytes;  // the kernel skips zeros
    if (with_gap > 0 || data_bytes > 0)
      plan.segments.push_back({to + header_bytes, part.image->data, with_gap, "initrd"});
  }
  return ok_status();
}

/// `what` the kernel does there: "is loaded".
Status need_ram(const MemoryMap& memory, Range needed, std::string_view what) {
  if (memory.is_ram(needed)) return ok_status();
  return Error{Errc::NoSpace,
               cat("bzImage: the kernel ", what, " at 0x", hex(needed.start), " to 0x",
                   hex(needed.end), ", which is not all RAM on this machine with ",
                   human_size(memory.ram_bytes()), "; it needs more memory")};
}

}  // namespace

bool probe(Bytes file) {
  return read_le<uint16_t>(file, kBootFlag) == kBootFlagValue &&
         read_le<uint32_t>(file, kMagic) == kMagicValue;
}

Result<LoadPlan> load(const Image& kernel, const std::vector<const Image*>& modules,
                      const Machine& machine) {
  const MemoryMap& memory = machine.memory;
  Header header = TRY(parse(kernel.data));
  std::string_view cmdline = kernel.cmdline ? std::string_view(*kernel.cmdline) : "";
  uint16_t stack_end = 0;
  std::vector<uint8_t> setup = TRY(make_setup(kernel.data, header, cmdline, stack_end));

  RealModeWindow window = window_of(header);
  TRY(need_ram(memory, {window.at(), window.at() + window.bytes}, "has its setup code"));
  TRY(need_ram(memory, header.loaded(), "is loaded"));
  if (!header.unpacked_is_estimate) TRY(need_ram(memory, header.unpacked, "unpacks itself"));

  LoadPlan plan;
  TRY(add_initrds(plan, modules, header, cmdline, memory, setup));
  plan.segments.push_back(
      {header.kernel_at(), kernel.data.subspan(header.setup_bytes), header.kernel_bytes, "kernel"});
  plan.place(window.at(), std::move(setup), "kernel setup");
  plan.entry = RealModeEntry{.segment = window.segment,
                             .sp = stack_end,
                             .code_segment = uint16_t(window.segment + 0x20),
                             .ip = 0};
  return plan;
}

}  // namespace hawser::bzimage
