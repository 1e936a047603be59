// Forms: present, login. `form` and `item` are in cmd_menu.cc: menus and forms are one list.
#include "src/console/form.h"

#include "src/base/format.h"
#include "src/console/console.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

/// Stores each field in the setting that `names` has for its line, but none of them if any is bad.
std::optional<FormProblem> store(Settings& settings, std::span<const std::string> names,
                                 std::span<const FormLine> lines) {
  for (size_t i = 0; i < lines.size(); ++i)
    if (lines[i].is_field)
      if (Status good = settings.check(names[i], lines[i].value); !good.ok())
        return FormProblem{i, std::move(good).error().text};
  for (size_t i = 0; i < lines.size(); ++i)
    if (lines[i].is_field)
      if (Status stored = settings.set(names[i], lines[i].value); !stored.ok())
        return FormProblem{i, std::move(stored).error().text};
  return std::nullopt;
}

struct PresentOptions {
  std::string form;
  bool keep = false;
};
constexpr Option kPresentOptions[] = {
    option<&PresentOptions::form>('f', "form", "form", "show this form"),
    option<&PresentOptions::keep>('k', "keep", "", "keep the form"),
};

Status present(Context& context, const PresentOptions& options, Args) {
  MenuList& menus = context.console.menus;
  Menu* form = TRY(menus.find(options.form));
  std::vector<FormLine> lines;
  std::vector<std::string> names;
  for (const MenuItem& item : form->items) {
    names.push_back(item.name.value_or(""));
    FormLine line{item.text, item.name.has_value(), item.is_secret};
    if (line.is_field) line.value = context.settings.text(names.back());
    if (line.is_field && line.label.empty()) line.label = names.back();
    lines.push_back(std::move(line));
  }
  Status filled =
      fill_in(context.console, form->title, std::move(lines),
              [&](std::span<const FormLine> now) { return store(context.settings, names, now); });
  if (!options.keep) menus.remove(options.form);
  return filled;
}

Status login(Context& context, Args) {
  const std::string names[] = {"username", "password"};
  return fill_in(
      context.console, "Log in",
      {{"User name", true, false, context.settings.text(names[0])},
       {"Password", true, true, context.settings.text(names[1])}},
      [&](std::span<const FormLine> lines) { return store(context.settings, names, lines); });
}

constexpr Command kCommands[] = {
    command<present>("present", "", "show a form; store what was filled in", 0, 0, kPresentOptions),
    command<login>("login", "", "ask for username and password, and store them", 0, 0),
};

}  // namespace

CommandTable form_commands() { return kCommands; }

}  // namespace hawser
