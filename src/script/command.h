// A command is one row of a table and one function.
//
//   struct DownloadOptions { std::string name; Millis timeout{0}; bool quiet = false; };
//   constexpr Option kDownloadOptions[] = {
//       option<&DownloadOptions::name>('n', "name", "name", "register the image under this name"),
//       option<&DownloadOptions::timeout>('t', "timeout", "ms", "give up when idle this long"),
//       option<&DownloadOptions::quiet>('q', "quiet", "", "print no progress"),
//   };
//   Status fetch(Context& context, const DownloadOptions& options, Args args);
//   Status shell(Context& context, Args args);
//   constexpr Command kCommands[] = {
//       command<fetch>("imgfetch", "<uri> [<argument>...]", "download a file", 1, kAnyCount,
//                      kDownloadOptions),
//       command<shell>("shell", "", "start a shell", 0, 0),
//   };
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/script/options.h"
#include "src/script/params.h"
#include "src/uri/uri.h"

namespace hawser {

class Console;
class ImageList;
class Interpreter;
class Loop;
class Network;
class Platform;
class Settings;

/// What commands work with. One object for the life of the program, made by the Interpreter.
struct Context {
  Platform& platform;
  Loop& loop;
  Console& console;
  Settings& settings;
  Network& network;
  ImageList& images;
  Interpreter& interpreter;
  ParamLists params = {};
};

inline constexpr size_t kAnyCount = SIZE_MAX;

struct Command;
/// Runs a command with the words after its name.
///
/// A command returns its outcome and does not print it: the interpreter prints the error, with
/// script and line in front, and sets ${errno}. An Error with empty text is a plain "no" that is
/// not shown (`iseq`, `isset`, `prompt`).
using CommandFunction = Status (*)(Context& context, const Command& command, Args args);

struct Command {
  std::string_view name;
  std::string_view operands;  ///< usage of what follows the options: "<uri> [<argument>...]"
  std::string_view summary;   ///< one line for `help`
  size_t least, most;         ///< operands, options not counted; `most` may be kAnyCount
  std::span<const Option> options;
  CommandFunction run;
};

/// Full usage text, several lines, ending in a newline.
std::string usage(const Command& command);

namespace command_detail {
template <class F>
struct Signature;
template <>
struct Signature<Status (*)(Context&, Args)> {
  using Options = void;
};
template <class O>
struct Signature<Status (*)(Context&, const O&, Args)> {
  using Options = O;
};

/// Reads options and checks the operand count. Errors: Cancelled with empty text after printing
/// usage for --help; Invalid and Range, whose text ends in the usage.
Result<Args> prepare(Context& context, const Command& command, Args args, void* options);

template <auto kFunction>
Status run(Context& context, const Command& command, Args args) {
  using Options = typename Signature<decltype(kFunction)>::Options;
  if constexpr (std::is_void_v<Options>) {
    Args operands = TRY(prepare(context, command, args, nullptr));
    return kFunction(context, operands);
  } else {
    Options options{};
    Args operands = TRY(prepare(context, command, args, &options));
    return kFunction(context, options, operands);
  }
}
}  // namespace command_detail

/// A row. Compilation fails when `options` belong to another struct than kFunction takes.
template <auto kFunction>
consteval Command command(std::string_view name, std::string_view operands,
                          std::string_view summary, size_t least, size_t most,
                          std::span<const Option> options = {}) {
  using Options = typename command_detail::Signature<decltype(kFunction)>::Options;
  if constexpr (std::is_void_v<Options>) {
    if (!options.empty()) __builtin_trap();
  } else {
    for (const Option& row : options)
      if (row.owner != &options_detail::kOwner<Options>) __builtin_trap();
  }
  return {name, operands, summary, least, most, options, command_detail::run<kFunction>};
}

using CommandTable = std::span<const Command>;
/// All families of commands, in the order `help` shows them. Defined in commands.cc.
std::span<const CommandTable> all_commands();
/// set, show, clear, inc, isset, iseq, echo, goto, exit (cmd_language.cc).
CommandTable language_commands();

/// A URI operand: percent-encodes what may not stand in a URI and resolves it against ${cwuri}.
/// Errors: Invalid, Unsupported (relative, and there is no working URI).
Result<Uri> uri_argument(const Settings& settings, std::string_view text);

}  // namespace hawser
