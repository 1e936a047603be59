// Commands about the person at the console and the machine as a whole.
#include <optional>

#include "src/base/format.h"
#include "src/base/sort.h"
#include "src/console/console.h"
#include "src/console/keys.h"
#include "src/loop.h"
#include "src/network.h"
#include "src/platform.h"
#include "src/script/families.h"
#include "src/script/interpreter.h"
#include "src/script/shell.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

Error cancelled() { return {Errc::Cancelled, "cancelled with Ctrl-C"}; }

Status sleep(Context& context, Args words) {
  int64_t seconds = TRY(integer_argument(words[0]));
  constexpr int64_t kMost = 1'000'000'000;
  if (seconds < 0 || seconds > kMost)
    return Error{Errc::Range, cat("\"", words[0], "\": seconds from 0 to ", kMost)};
  Millis until = context.loop.now() + Millis{seconds * 1000};
  auto outcome = context.loop.run_until([] { return false; }, {.deadline = until});
  if (outcome == Loop::Outcome::Cancelled) return cancelled();
  return ok_status();
}

struct PromptOptions {
  std::optional<Key> key;
  Millis timeout{0};
};
constexpr Option kPromptOptions[] = {
    option<&PromptOptions::key>('k', "key", "key", "succeed only with this key"),
    option<&PromptOptions::timeout>('t', "timeout", "ms", "give up after this long"),
};

/// Any other key, and time running out, are a plain "no": scripts branch on them, so they are not
/// reported.
Status prompt(Context& context, const PromptOptions& options, Args words) {
  std::string text = join(words);
  context.console.print(text);
  Millis deadline = options.timeout.ms == 0 ? kNever : context.loop.now() + options.timeout;
  auto key = read_key(context.loop, deadline);
  context.console.erase(text.size());
  if (!key) return Error{Errc::TimedOut, ""};
  if (options.key ? *key != options.key->code : *key == key::kCtrlC)
    return Error{Errc::Cancelled, ""};
  return ok_status();
}

struct ReadOptions {
  Millis timeout{0};
};
constexpr Option kReadOptions[] = {
    option<&ReadOptions::timeout>('t', "timeout", "ms", "give up when no key comes for this long"),
};

Status read(Context& context, const ReadOptions& options, Args words) {
  std::string before = context.settings.text(words[0]);
  Console::LineOptions line{.initial = before};
  if (options.timeout.ms > 0) line.deadline = context.loop.now() + options.timeout;
  Console::Line answer = context.console.read_line(line);
  switch (answer.end) {
    case Console::LineEnd::Abandoned:
      return cancelled();
    case Console::LineEnd::TimedOut:
      return Error{Errc::TimedOut, "no key was pressed in time"};
    case Console::LineEnd::Entered:
      break;
  }
  return context.settings.set(words[0], answer.text);
}

Status shell(Context& context, Args) {
  run_shell(context);
  return ok_status();
}

void print_sorted(Console& console, std::string_view title, std::vector<std::string> names) {
  sort(names);
  console.print(title);
  console.print_columns(names);
}

Status help(Context& context, Args words) {
  if (!words.empty()) {
    const Command* command = context.interpreter.find(words[0]);
    if (!command)
      return Error{Errc::NotFound, cat("there is no command \"", printable(words[0]), "\"")};
    context.console.print(usage(*command));
    return ok_status();
  }
  std::vector<std::string> names, absent;
  for (CommandTable table : all_commands())
    for (const Command& command : table)
      (table.data() == absent_commands().data() ? absent : names).emplace_back(command.name);
  print_sorted(context.console, "Available commands:\n", std::move(names));
  print_sorted(context.console, "Known from iPXE, but not in this version:\n", std::move(absent));
  context.console.print(
      "\"help <command>\" tells more about one, and so does \"<command> --help\".\n");
  return ok_status();
}

struct RebootOptions {
  bool warm = false;
  bool setup = false;  // of no effect on firmware that cannot be asked
};
constexpr Option kRebootOptions[] = {
    option<&RebootOptions::warm>('w', "warm", "", "keep memory, skip the firmware's tests"),
    option<&RebootOptions::setup>('s', "setup", "", "enter firmware set-up, where it can be asked"),
};

Status reboot(Context& context, const RebootOptions& options, Args) {
  if (options.setup) {
    Status asked = context.platform.boot_to_setup();
    if (!asked.ok() && asked.error().code != Errc::Unsupported) return asked;
  }
  context.network.shut_down();
  context.platform.reboot(options.warm);
  return ok_status();  // not reached
}

Status power_off(Context& context, Args) {
  context.network.shut_down();
  Status failed = context.platform.power_off();
  if (failed.ok()) return failed;
  return std::move(failed).error().in("could not power off");
}

constexpr Command kCommands[] = {
    command<sleep>("sleep", "<seconds>", "wait", 1, 1),
    command<prompt>("prompt", "[<text>...]", "wait for a key", 0, kAnyCount, kPromptOptions),
    command<read>("read", "<setting>", "ask for the value of a setting", 1, 1, kReadOptions),
    command<shell>("shell", "", "start a command line; \"exit\" leaves it", 0, 0),
    command<help>("help", "[<command>]", "list all commands, or explain one", 0, 1),
    command<reboot>("reboot", "", "restart the machine", 0, 0, kRebootOptions),
    command<power_off>("poweroff", "", "switch the machine off", 0, 0),
};

}  // namespace

CommandTable system_commands() { return kCommands; }

}  // namespace hawser
