// URIs: the first line of the input is a base, the rest a reference. What parses can be written and
// read again without change, alone and resolved, and never holds blanks or control characters.
#include <algorithm>
#include <cstdlib>

#include "src/uri/uri.h"

using namespace hawser;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_stable(const Uri& uri) {
  std::string text = to_string(uri);
  require(std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; }));
  auto again = parse_uri(text);
  require(again.ok());
  require(to_string(*again) == text);
  require(again->scheme == uri.scheme && again->host == uri.host && again->port == uri.port);
  require(again->user == uri.user && again->password == uri.password);
  (void)display(uri);
  (void)image_name(uri);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input{reinterpret_cast<const char*>(data), size};
  size_t line = std::min(input.find('\n'), input.size());
  auto base = parse_uri(input.substr(0, line));
  auto reference = parse_uri(input.substr(std::min(line + 1, size)));
  if (base.ok()) check_stable(*base);
  if (reference.ok()) check_stable(*reference);
  if (base.ok() && reference.ok()) check_stable(resolve(*base, *reference));
  require(percent_decode(percent_encode(input)) == percent_decode(input));
  return 0;
}
