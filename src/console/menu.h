// Menus: what `menu` (or `form`) and `item` collect, and how a person chooses.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"

namespace hawser {

class Console;

/// A line of a menu, or of a form (src/console/form.h). Without a name it only separates others.
struct MenuItem {
  std::optional<std::string> name;
  std::string text;
  std::optional<uint32_t> key;  ///< selects it at once (src/console/keys.h)
  bool is_default = false;
  bool is_secret = false;  ///< a form shows stars in its place
  std::string help = {};   ///< lines that a menu shows below while the item is selected
};

struct Menu {
  std::string name;  ///< empty: the default one
  std::string title;
  std::vector<MenuItem> items;
};

/// All menus and forms that scripts have made. Pointers stay valid until the menu is removed or
/// replaced.
class MenuList {
 public:
  static constexpr size_t kMaxMenus = 100, kMaxItems = 10'000;

  /// Replaces one of the same name. Errors: NoSpace.
  Result<Menu*> create(std::string_view name, std::string title);
  /// Errors: NotFound.
  Result<Menu*> find(std::string_view name);
  void remove(std::string_view name);

 private:
  std::vector<std::unique_ptr<Menu>> menus_;
};

struct ChooseOptions {
  std::optional<std::string> preselected;  ///< name; else the last item marked as default
  Millis timeout{0};                       ///< chooses what is selected; 0: waits for ever
  Millis retimeout{0};                     ///< the same after a key; 0: waits for ever
  bool* timed_out = nullptr;               ///< becomes true when it was time that chose
};

/// Shows the menu until an item is chosen; its index. On a console that may be a log it is a
/// numbered list, and later what was chosen. Errors: NotFound (nothing to choose), Cancelled.
Result<size_t> choose(Console& console, const Menu& menu, const ChooseOptions& options);

}  // namespace hawser
