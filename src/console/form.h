// Forms: several values that a person fills in together.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace hawser {

class Console;

/// A line of a form: a field with its label, or only text.
struct FormLine {
  std::string label;
  bool is_field = false, is_secret = false;
  std::string value = {};
};

/// Why a field cannot be kept as it is.
struct FormProblem {
  size_t line;
  std::string text;
};
/// Keeps the values. A problem is shown, and leaves the form open.
using FormSubmit = std::function<std::optional<FormProblem>(std::span<const FormLine> lines)>;

/// Shows a form until `submit` has taken it. A console that may be a log gets it as plain lines.
/// Errors: Invalid (there is no field), Cancelled (Esc or Ctrl-C; `submit` took nothing).
Status fill_in(Console& console, std::string_view title, std::vector<FormLine> lines,
               const FormSubmit& submit);

}  // namespace hawser
