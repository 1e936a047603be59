// What all commands share (src/script/command.h).
#include "src/script/command.h"

#include "src/base/format.h"
#include "src/console/console.h"
#include "src/settings/settings.h"

namespace hawser {

std::string usage(const Command& command) {
  std::string text = cat("Usage:\n\n  ", command.name);
  for (const std::string& part : {options_usage(command.options), std::string(command.operands)})
    if (!part.empty()) text += cat(" ", part);
  text += cat("\n\n", command.name, ": ", command.summary, "\n");
  for (const Option& row : command.options) {
    std::string names = row.letter ? cat("-", row.letter, ", --", row.name) : cat("--", row.name);
    if (names.size() < 18) names.resize(18, ' ');
    text += cat("  ", names, " ", row.summary, "\n");
  }
  return text;
}

namespace command_detail {

Result<Args> prepare(Context& context, const Command& command, Args args, void* options) {
  bool help = false;
  auto operands = parse_options(command.options, args, options, help);
  if (help) {
    context.console.print(usage(command));
    return Error{Errc::Cancelled, ""};
  }
  if (!operands.ok()) {
    Error error = std::move(operands).error();
    error.text += cat("\n", usage(command));
    return error;
  }
  size_t count = operands->size();
  if (count >= command.least && count <= command.most) return operands;
  bool few = count < command.least;
  size_t bound = few ? command.least : command.most;
  return Error{Errc::Range,
               cat("needs at ", few ? "least " : "most ", bound,
                   bound == 1 ? " operand" : " operands", ", has ", count, "\n", usage(command))};
}

}  // namespace command_detail

Result<Uri> uri_argument(const Settings& settings, std::string_view text) {
  if (text.empty()) return Error{Errc::Invalid, "the URI is empty (is a setting in it empty?)"};
  Uri uri = TRY(parse_uri(percent_encode(text)));
  if (uri.absolute()) return uri;
  const std::optional<Uri>& base = settings.builtin().working_uri;
  if (!base)
    return Error{Errc::Unsupported, cat("\"", text,
                                        "\" is relative, but there is no ${cwuri} to add it to; "
                                        "write all of it, as in http://10.0.0.1/",
                                        text)};
  return resolve(*base, uri);
}

}  // namespace hawser
