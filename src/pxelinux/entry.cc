#include "src/pxelinux/entry.h"

#include <utility>

#include "src/base/format.h"
#include "src/base/text.h"
#include "src/pxelinux/search.h"

namespace hawser::pxelinux {
namespace {

using Words = std::vector<std::string>;
constexpr std::string_view kInitrd = "initrd=";

Words split(std::string_view text, char separator) {
  Words parts;
  while (!text.empty()) {
    size_t end = text.find(separator);
    if (end != 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return parts;
}

Words words_of(std::string_view text) {
  std::string blanks(text);
  for (char& c : blanks)
    if (is_space(c)) c = ' ';
  return split(blanks, ' ');
}

std::string base_name(std::string_view file) {
  size_t slash = file.find_last_of("/\\:");
  std::string name(slash == file.npos ? file : file.substr(slash + 1));
  for (char& c : name) c = lower(c);
  return name;
}

struct Program {
  const Config& config;
  const Entry& entry;
  std::string_view file;
  const Words& arguments;  ///< of APPEND and the prompt
  const Uri& base;
  const Facts& facts;

  Result<std::string> uri(std::string_view name) const {
    return to_string(TRY(file_uri(base, name)));
  }
  uint32_t sysappend() const { return entry.sysappend.value_or(config.sysappend); }
};

/// BOOT_IMAGE first, as PXELINUX has it, then what the configuration and the person say.
Result<Action> linux_kernel(const Program& program, std::string_view kernel, Words arguments) {
  const std::string& given =
      program.entry.initrd.empty() ? program.config.initrd : program.entry.initrd;
  if (!given.empty()) arguments.push_back(cat(kInitrd, given));
  Words initrds;
  for (const std::string& word : arguments)
    if (word.starts_with(kInitrd))
      for (std::string& file : split(std::string_view(word).substr(kInitrd.size()), ','))
        initrds.push_back(std::move(file));
  Action action;
  action.commands.push_back({"imgfree"});
  Words line{"kernel", TRY(program.uri(kernel)), cat("BOOT_IMAGE=", kernel)};
  line.insert(line.end(), arguments.begin(), arguments.end());
  for (std::string& word : sysappend_words(program.sysappend(), program.facts))
    line.push_back(std::move(word));
  action.commands.push_back(std::move(line));
  for (const std::string& file : initrds)
    action.commands.push_back({"initrd", TRY(program.uri(file))});
  action.commands.push_back({"boot"});
  return action;
}

Result<Action> linux_program(const Program& program) {
  if (program.arguments.empty())
    return Error{Errc::Invalid, "linux.c32 needs a kernel in its APPEND line"};
  return linux_kernel(program, program.arguments[0],
                      Words(program.arguments.begin() + 1, program.arguments.end()));
}

/// mboot.c32: "xen.gz its arguments --- vmlinuz its arguments --- initrd".
Result<Action> multiboot(const Program& program) {
  Action action;
  action.commands.push_back({"imgfree"});
  Words line;
  auto flush = [&]() -> Status {
    if (line.empty()) return Error{Errc::Invalid, "mboot.c32: no file before \"---\" in APPEND"};
    line[0] = TRY(program.uri(line[0]));
    line.insert(line.begin(), action.commands.size() == 1 ? "kernel" : "module");
    action.commands.push_back(std::exchange(line, {}));
    return ok_status();
  };
  for (const std::string& word : program.arguments) {
    if (word != "---") line.push_back(word);
    else TRY(flush());
  }
  TRY(flush());
  action.commands.push_back({"boot"});
  return action;
}

/// chain.c32: "hd1 2" boots the second disk; its boot sector finds the partition itself.
Result<Action> disk(const Program& program) {
  unsigned drive = 0x80;
  for (const std::string& word : program.arguments) {
    if (word.size() == 3 && word.starts_with("hd") && is_digit(word[2]))
      drive = 0x80 + unsigned(word[2] - '0');
    else if (word.starts_with("boot") || word.starts_with("swap") || word.starts_with("hide"))
      continue;
    else
      return Error{Errc::Unsupported, cat("chain.c32 ", printable(word),
                                          ": only whole disks (hd0, hd1 …) can be started")};
  }
  return Action{.commands = {{"sanboot", "--drive", cat("0x", hex(drive))}}};
}

/// "ifcpu64.c32 LABEL64 -- LABEL32": this processor is a 64-bit one.
Result<Action> if_cpu64(const Program& program) {
  if (program.arguments.empty())
    return Error{Errc::Invalid, "ifcpu64.c32: its APPEND line names no label"};
  return Action{.kind = Action::Kind::Label, .file = program.arguments[0]};
}

Result<Action> show_menu(const Program& program) {
  if (program.arguments.empty()) return Action{.kind = Action::Kind::Menu};
  return Action{.kind = Action::Kind::Config, .file = program.arguments[0]};
}

Result<Action> reboot(const Program&) { return Action{.commands = {{"reboot"}}}; }
Result<Action> power_off(const Program&) { return Action{.commands = {{"poweroff"}}}; }
Result<Action> leave(const Program&) { return Action{.kind = Action::Kind::Leave}; }

/// Programs of SYSLINUX that have a counterpart here.
constexpr struct {
  std::string_view name;
  Result<Action> (*act)(const Program&);
} kPrograms[] = {
    {"menu.c32", show_menu},     {"vesamenu.c32", show_menu},  {"config.c32", show_menu},
    {"mboot.c32", multiboot},    {"linux.c32", linux_program}, {"chain.c32", disk},
    {"ifcpu64.c32", if_cpu64},   {"reboot.c32", reboot},       {"poweroff.c32", power_off},
    {"poweroff.com", power_off}, {"localboot.c32", leave},
};

Result<Action> run_kernel(const Program& program) {
  if (is_pxelinux_program(program.file))
    return Action{.kind = Action::Kind::Search, .file = std::string(program.file)};
  std::string name = base_name(program.file);
  for (const auto& row : kPrograms)
    if (name == row.name) return row.act(program);
  if (name.ends_with(".c32"))
    return Error{Errc::Unsupported, cat(printable(program.file),
                                        " is a program for SYSLINUX, which "
                                        "only SYSLINUX can run")};
  return linux_kernel(program, program.file, program.arguments);
}

/// LOCALBOOT: -1, 0, 4 and 5 go on with the next device; other numbers are BIOS drives.
Action local_boot(std::string_view type) {
  constexpr int64_t kFirstDisk = 0x80, kLastDisk = 0xff;
  auto drive = parse_integer(type);
  if (drive && *drive >= kFirstDisk && *drive <= kLastDisk)
    return {.commands = {{"sanboot", "--drive", std::string(type)}}};
  return {.kind = Action::Kind::Leave};
}

std::string underscored(std::string value) {
  for (char& c : value)
    if (is_space(c)) c = '_';
  return value;
}

/// Of SMBIOS, the strings that have bits of their own.
constexpr struct {
  uint32_t bit;
  std::string_view name, setting;
} kSmbios[] = {
    {0x4, "SYSUUID=", "uuid"},
    {0x10, "SYSVENDOR=", "smbios/1.4.0"},
    {0x20, "SYSPRODUCT=", "smbios/1.5.0"},
    {0x40, "SYSVERSION=", "smbios/1.6.0"},
    {0x80, "SYSSERIAL=", "smbios/1.7.0"},
    {0x100, "SYSSKU=", "smbios/1.25.0"},
    {0x200, "SYSFAMILY=", "smbios/1.26.0"},
    {0x400, "MBVENDOR=", "smbios/2.4.0"},
    {0x800, "MBPRODUCT=", "smbios/2.5.0"},
    {0x1000, "MBVERSION=", "smbios/2.6.0"},
    {0x2000, "MBSERIAL=", "smbios/2.7.0"},
    {0x4000, "MBASSET=", "smbios/2.8.0"},
    {0x8000, "BIOSVENDOR=", "smbios/0.4.0"},
    {0x10000, "BIOSVERSION=", "smbios/0.5.0"},
    {0x20000, "SYSFF=", "smbios/3.5.1:uint8"},
};

/// "CPU=6PXL": a processor that runs us is of family 6 or later, and the bits of CPUID that
/// doc/syslinux.txt names (Intel SDM volume 2, AMD APM volume 3).
std::string processor(const Facts& facts) {
  constexpr struct {
    std::string_view leaf;  ///< setting: leaf.subleaf.register
    unsigned bit;
    char letter;
  } kFeatures[] = {{"cpuid/1.0.3", 6, 'P'},           {"cpuid/1.0.2", 5, 'V'},
                   {"cpuid/1.0.2", 6, 'T'},           {"cpuid/0x80000001.0.3", 20, 'X'},
                   {"cpuid/0x80000001.0.3", 29, 'L'}, {"cpuid/0x80000001.0.2", 2, 'S'}};
  std::string text = "CPU=6";
  for (const auto& feature : kFeatures) {
    auto bits = parse_integer(cat("0x", facts(feature.leaf)));
    if (bits && *bits >> feature.bit & 1) text += feature.letter;
  }
  return text;
}

}  // namespace

Words sysappend_words(uint32_t bits, const Facts& facts) {
  Words words;
  std::string ip = facts("ip"), mac = facts("mac:hexhyp");
  if (bits & 1 && !ip.empty())
    words.push_back(
        cat("ip=", ip, ':', facts("next-server"), ':', facts("gateway"), ':', facts("netmask")));
  if (bits & 2 && !mac.empty()) words.push_back(cat("BOOTIF=01-", mac));
  if (bits & 8) words.push_back(processor(facts));
  for (const auto& row : kSmbios)
    if (bits & row.bit)
      if (std::string value = facts(row.setting); !value.empty())
        words.push_back(cat(row.name, underscored(std::move(value))));
  return words;
}

Result<Action> action_for(const Config& config, const Entry& entry, std::string_view extra,
                          const Uri& base, const Facts& facts) {
  switch (entry.kind) {
    case Entry::Kind::Config: {
      Words folder = words_of(entry.append.value_or(""));
      return Action{.kind = Action::Kind::Config,
                    .file = entry.target,
                    .folder = folder.empty() ? "" : folder[0]};
    }
    case Entry::Kind::LocalBoot:
      return local_boot(entry.target);
    case Entry::Kind::Menu:
      return Action{.kind = Action::Kind::Menu, .file = entry.target};
    default:
      break;
  }
  const std::string& file = entry.target.empty() ? entry.label : entry.target;
  const std::string& append = entry.append ? *entry.append : config.append.value_or("");
  return run_kernel({config, entry, file, words_of(cat(append, ' ', extra)), base, facts});
}

}  // namespace hawser::pxelinux
