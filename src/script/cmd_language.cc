// Commands of the language itself: settings, comparisons, text, jumps.
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/script/command.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

Status set(Context& context, Args args) {
  return context.settings.set(args[0], join(args.subspan(1)));
}

Status clear(Context& context, Args args) { return context.settings.clear(args[0]); }

struct ShowOptions {
  bool quiet = false;
};
constexpr Option kShowOptions[] = {
    option<&ShowOptions::quiet>('q', "quiet", "", "print nothing; only tell whether there is one"),
};

Status show(Context& context, const ShowOptions& options, Args args) {
  auto found = context.settings.find(args[0]);
  if (!found.ok()) {
    if (options.quiet) return Error{found.error().code, ""};
    return std::move(found).error();
  }
  std::string value = TRY(format_setting(found->type, found->bytes));
  if (options.quiet) return ok_status();
  std::string block = found->block.empty() ? "" : cat(found->block, "/");
  context.console.print(cat(block, found->name, ":", name_of(found->type), " = ", value, "\n"));
  return ok_status();
}

Status inc(Context& context, Args args) {
  int64_t by = args.size() > 1 ? TRY(integer_argument(args[1])) : 1;
  return context.settings.increment(args[0], by);
}

Status isset(Context&, Args args) {
  if (args[0].empty()) return Error{Errc::NotFound, ""};
  return ok_status();
}

Status iseq(Context&, Args args) {
  if (args[0] != args[1]) return Error{Errc::Range, ""};
  return ok_status();
}

struct EchoOptions {
  bool no_newline = false;
};
constexpr Option kEchoOptions[] = {
    option<&EchoOptions::no_newline>('n', "no-newline", "", "do not end the line"),
};

Status echo(Context& context, const EchoOptions& options, Args args) {
  context.console.print(cat(join(args), options.no_newline ? "" : "\n"));
  return ok_status();
}

Status go_to(Context& context, Args args) { return context.interpreter.go_to(args[0]); }

Status exit(Context& context, Args args) {
  int64_t status = args.empty() ? 0 : TRY(integer_argument(args[0]));
  context.interpreter.exit(uint32_t(status));
  return ok_status();
}

constexpr Command kCommands[] = {
    command<set>("set", "<setting> [<value>...]", "set a setting, or delete it", 1, kAnyCount),
    command<clear>("clear", "<setting>", "delete a setting", 1, 1),
    command<show>("show", "<setting>", "print a setting and where it was found", 1, 1,
                  kShowOptions),
    command<inc>("inc", "<setting> [<increment>]", "add to a number", 1, 2),
    command<isset>("isset", "<value>", "succeed if the value is not empty", 1, 1),
    command<iseq>("iseq", "<value> <value>", "succeed if both are equal", 2, 2),
    command<echo>("echo", "[<text>...]", "print text", 0, kAnyCount, kEchoOptions),
    command<go_to>("goto", "<label>", "continue at a label of the script", 1, 1),
    command<exit>("exit", "[<status>]", "end the script, or leave the shell", 0, 1),
};

}  // namespace

CommandTable language_commands() { return kCommands; }

}  // namespace hawser
