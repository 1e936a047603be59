// Multiboot kernels: one byte chooses machine and modules, the rest is the file.
#include "src/image/multiboot.h"
#include "tests/fuzz/load_plan_check.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  uint8_t variant = data[0];
  Image kernel;
  kernel.name = "kernel";
  kernel.cmdline = "a b";
  kernel.data = Bytes(data + 1, data + size);
  MemoryMap memory = fuzz::machine(variant);
  std::vector<Image> modules = fuzz::modules_of(variant, kernel.data);
  std::vector<const Image*> pointers;
  for (const Image& module : modules) pointers.push_back(&module);

  auto plan = multiboot::load(kernel, pointers, memory);
  if (!plan.ok()) {
    fuzz::require(!plan.error().text.empty());
    return 0;
  }
  fuzz::require(multiboot::probe(kernel.data));
  fuzz::check(*plan, kernel, modules, memory);
  for (const Segment& segment : plan->segments)
    fuzz::require(memory.is_free({segment.to, segment.to + segment.memory_bytes}));
  auto entry = std::get<ProtectedModeEntry>(plan->entry);
  fuzz::require(fuzz::loaded(*plan, entry.eip));
  fuzz::require(fuzz::loaded(*plan, entry.ebx));
  return 0;
}
