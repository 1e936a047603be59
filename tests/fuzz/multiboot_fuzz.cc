// Multiboot kernels of both specifications, and ELF files with an EFI entry or httpboot_entry: one
// byte chooses machine and modules, the rest is the file.
#include "src/image/efi_elf.h"
#include "src/image/efi_program.h"
#include "src/image/httpboot.h"
#include "src/image/multiboot.h"
#include "src/image/multiboot2.h"
#include "tests/fuzz/load_plan_check.h"

using namespace hawser;

namespace {

using Load = decltype(&multiboot::load);

void try_load(Load load, const Image& kernel, const std::vector<Image>& modules,
              const Machine& machine) {
  std::vector<const Image*> pointers;
  for (const Image& module : modules) pointers.push_back(&module);
  auto plan = load(kernel, pointers, machine);
  if (!plan.ok()) {
    fuzz::require(!plan.error().text.empty());
    return;
  }
  fuzz::require(multiboot::probe(kernel.data) || multiboot2::probe(kernel.data));
  fuzz::check(*plan, kernel, modules, machine.memory);
  bool alone = !machine.firmware.efi || std::holds_alternative<EfiEntry>(plan->entry);
  for (const Segment& segment : plan->segments)
    fuzz::require(!alone ||
                  machine.memory.is_free({segment.to, segment.to + segment.memory_bytes}));
  if (const auto* efi = std::get_if<EfiEntry>(&plan->entry)) {
    fuzz::require(machine.firmware.efi.has_value());
    fuzz::require(fuzz::loaded(*plan, efi->rip) && fuzz::loaded(*plan, efi->rbx));
    return;
  }
  auto entry = std::get<ProtectedModeEntry>(plan->entry);
  fuzz::require(fuzz::loaded(*plan, entry.eip) && fuzz::loaded(*plan, entry.ebx));
}

/// What the firmware gets to load is a program as it wants it.
void try_prepare(const Image& kernel) {
  auto program = efi_elf::prepare(kernel, {});
  if (!program.ok()) {
    fuzz::require(!program.error().text.empty());
    return;
  }
  fuzz::require(efi_elf::probe(kernel.data));
  std::vector<uint8_t> whole = program->head;
  whole.insert(whole.end(), program->image.begin(), program->image.end());
  fuzz::require(efi_program::check(whole).ok());
}

/// All that is told to be free is RAM that no part of the plan lies in.
void try_httpboot(Bytes file, const Machine& machine) {
  Image kernel;
  kernel.data = file;
  auto plan = httpboot::load(kernel, {}, machine);
  if (!plan.ok()) {
    fuzz::require(!plan.error().text.empty());
    return;
  }
  fuzz::require(httpboot::probe(file) && machine.firmware.efi);
  fuzz::check(*plan, kernel, {}, machine.memory);
  auto entry = std::get<LongModeEntry>(plan->entry);
  fuzz::require(fuzz::loaded(*plan, entry.rip) && fuzz::loaded(*plan, entry.rdi));
  MutBytes block = plan->final_map->data;
  plan->final_map->put(block, {{}, 0, 0, machine.memory});
  uint32_t count = *read_le<uint32_t>(block, 12);
  fuzz::require(count <= httpboot::kMostRegions);
  for (uint32_t i = 0; i < count; ++i) {
    Phys start = *read_le<uint64_t>(block, httpboot::kRegionsAt + i * httpboot::kRegionBytes);
    Range told{start, start + *read_le<uint64_t>(block, 24 + i * httpboot::kRegionBytes)};
    fuzz::require(machine.memory.is_free(told));
    for (const Segment& s : plan->segments)
      fuzz::require(!told.overlaps({s.to, s.to + s.memory_bytes}));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  uint8_t variant = data[0];
  Image kernel;
  kernel.name = "kernel";
  kernel.cmdline = "a b";
  kernel.data = Bytes(data + 1, data + size);
  MemoryMap memory = fuzz::machine(variant);
  Machine machine(memory);
  if (variant & 0x80) machine.firmware.efi = Firmware::Efi{};
  std::vector<Image> modules = fuzz::modules_of(variant, kernel.data);
  try_load(multiboot::load, kernel, modules, machine);
  try_load(multiboot2::load, kernel, modules, machine);
  try_prepare(kernel);
  try_httpboot(kernel.data, machine);
  return 0;
}
