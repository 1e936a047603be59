// PXELINUX configurations: the input is the configuration, and every file that it includes. What
// each entry would do is worked out as well.
#include <cstdlib>

#include "src/base/bytes.h"
#include "src/pxelinux/config.h"
#include "src/pxelinux/entry.h"
#include "src/pxelinux/menu.h"
#include "src/pxelinux/search.h"

using namespace hawser;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_entry(const pxelinux::Config& config, const pxelinux::Entry& entry) {
  static const Uri base = *parse_uri("tftp://10.0.2.2/boot/");
  auto facts = [](std::string_view setting) { return std::string(setting); };
  auto action = pxelinux::action_for(config, entry, "extra words", base, facts);
  if (!action.ok()) return require(!action.error().text.empty());
  for (const auto& words : action->commands) {
    require(!words.empty() && !words[0].empty());
    // A file always is a whole URI, whatever its name looks like.
    if (words[0] == "kernel" || words[0] == "initrd" || words[0] == "module")
      require(words.size() > 1 && parse_uri(words[1]).ok() &&
              words[1].find(':') != std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text = text_of(Bytes{data, size});
  size_t half = text.size() / 2;
  size_t asked = 0;
  auto include = [&](std::string_view) -> Result<std::string> {
    require(++asked <= pxelinux::kMaxFiles);
    return std::string(text.substr(half));
  };
  auto config = pxelinux::read_config(text, "default", include);
  if (!config.ok()) {
    require(!config.error().text.empty());
    return 0;
  }
  require(!config->menus.empty() && config->start_menu < config->menus.size());
  for (const pxelinux::MenuPage& menu : config->menus) {
    require(menu.parent < config->menus.size());
    for (size_t index : menu.entries) require(index < config->entries.size());
  }
  for (const pxelinux::Entry& entry : config->entries) check_entry(*config, entry);
  (void)pxelinux::is_password(text.substr(0, half), text.substr(half));
  return 0;
}
