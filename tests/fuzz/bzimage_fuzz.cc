// Linux kernels: one byte chooses machine and modules, then a command line up to a NUL, then the
// file.
#include <algorithm>

#include "src/image/bzimage.h"
#include "tests/fuzz/load_plan_check.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  uint8_t variant = data[0];
  const uint8_t* line_end = std::find(data + 1, data + size, 0);
  if (line_end == data + size) return 0;
  Image kernel;
  kernel.name = "vmlinuz";
  kernel.cmdline = std::string(data + 1, line_end);
  kernel.data = Bytes(line_end + 1, data + size);
  kernel.phys = 0x6000000;
  MemoryMap memory = fuzz::machine(variant);
  std::vector<Image> modules = fuzz::modules_of(variant, kernel.data);
  std::vector<const Image*> pointers;
  for (const Image& module : modules) pointers.push_back(&module);

  bzimage::probe(kernel.data);
  auto plan = bzimage::load(kernel, pointers, memory);
  if (!plan.ok()) {
    fuzz::require(!plan.error().text.empty());
    return 0;
  }
  fuzz::check(*plan, kernel, modules, memory);
  auto entry = std::get<RealModeEntry>(plan->entry);
  Phys segment = Phys{entry.segment} << 4;
  fuzz::require(fuzz::loaded(*plan, (Phys{entry.code_segment} << 4) + entry.ip));
  fuzz::require(entry.sp >= 0x1000 && fuzz::loaded(*plan, segment + entry.sp));
  return 0;
}
