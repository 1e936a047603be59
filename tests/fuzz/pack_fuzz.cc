// What hawser-pack adds, damaged in any way: entries lie inside the pack, one after the other.
#include <cstdlib>

#include "src/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hawser;
  auto entries = parse_pack({data, size});
  if (!entries.ok()) {
    if (entries.error().text.empty()) std::abort();
    return 0;
  }
  const uint8_t* at = data;
  for (const PackEntry& entry : *entries) {
    const auto* name = reinterpret_cast<const uint8_t*>(entry.name.data());
    if (name < at + 12 || entry.data.data() != name + entry.name.size()) std::abort();
    at = entry.data.data() + entry.data.size();
    if (at > data + size) std::abort();
  }
  return 0;
}
