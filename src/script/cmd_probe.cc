// Commands that ask what machine this is.
#include "src/base/format.h"
#include "src/platform.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

struct CpuidOptions {
  bool extended = false, amd = false, ecx = false;
};
constexpr Option kCpuidOptions[] = {
    option<&CpuidOptions::extended>('e', "ext", "", "a bit of leaf 0x80000001 instead of 1"),
    option<&CpuidOptions::amd>('a', "amd", "", "the same as --ext"),
    option<&CpuidOptions::ecx>('c', "ecx", "", "a bit of ECX instead of EDX"),
};

Status cpuid(Context& context, const CpuidOptions& options, Args words) {
  int64_t bit = TRY(integer_argument(words[0]));
  if (bit < 0 || bit > 31) return Error{Errc::Range, cat("\"", words[0], "\": bits are 0 to 31")};
  uint32_t base = options.extended || options.amd ? 0x80000000 : 0;
  auto most = context.platform.cpuid(base);
  if (!most) return Error{Errc::Unsupported, "this processor has no CPUID"};
  if (most->eax <= base) return Error{Errc::NotFound, ""};
  auto leaf = context.platform.cpuid(base + 1);
  uint32_t bits = options.ecx ? leaf->ecx : leaf->edx;
  if (bits >> bit & 1) return ok_status();
  return Error{Errc::NotFound, ""};
}

bool function_exists(Platform& platform, uint32_t location) {
  auto vendor = uint16_t(platform.pci_read(location, 0));
  return vendor != 0xffff && vendor != 0;
}

/// PCI 3.0 §6.2.1: bit 7 of the header type of function 0 tells of others.
bool may_have_functions(Platform& platform, uint32_t device) {
  return function_exists(platform, device) && platform.pci_read(device, 0x0c) >> 23 & 1;
}

Status pci_scan(Context& context, Args words) {
  constexpr int64_t kEnd = 0x10000;
  std::string name = words[0];
  if (name.find(':') == name.npos) name += ":uint16";
  int64_t at = context.settings.number(name).value_or(-1) + 1;
  for (; at >= 0 && at < kEnd; ++at) {
    auto location = uint32_t(at);
    if (location % 8 != 0 && !may_have_functions(context.platform, location & ~7u)) {
      at |= 7;
      continue;
    }
    if (function_exists(context.platform, location))
      return context.settings.set(name, cat(location));
  }
  return Error{Errc::NoDevice, ""};
}

constexpr Command kCommands[] = {
    command<cpuid>("cpuid", "<bit>", "succeed if the processor has a feature", 1, 1, kCpuidOptions),
    command<pci_scan>("pciscan", "<setting>", "move a setting to the next PCI function", 1, 1),
};

}  // namespace

CommandTable probe_commands() { return kCommands; }

}  // namespace hawser
