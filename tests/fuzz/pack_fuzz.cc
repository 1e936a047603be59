// What hawser-pack adds, damaged in any way: entries lie inside the pack, one after the other.
#include "src/pack.h"
#include "tests/fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hawser;
  using fuzz::check;
  auto entries = parse_pack({data, size});
  if (!entries.ok()) {
    check(!entries.error().text.empty());
    return 0;
  }
  const uint8_t* at = data;
  for (const PackEntry& entry : *entries) {
    const auto* name = reinterpret_cast<const uint8_t*>(entry.name.data());
    check(name >= at + 12 && entry.data.data() == name + entry.name.size());
    at = entry.data.data() + entry.data.size();
    check(at <= data + size);
  }
  return 0;
}
