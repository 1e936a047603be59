// Runs scripts and single command lines.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/script/command.h"

namespace hawser {

struct Image;
class Observer;

class Interpreter {
 public:
  /// All references are kept. `tables` is usually all_commands().
  Interpreter(Platform& platform, Loop& loop, Console& console, Settings& settings,
              Network& network, ImageList& images, std::span<const CommandTable> tables);

  Context& context() { return context_; }
  /// Borrowed for as long as commands run; nullptr: nobody.
  void set_observer(Observer* observer) { observer_ = observer; }
  Observer* observer() const { return observer_; }
  const Command* find(std::string_view name) const;

  /// How a script ended.
  struct ScriptEnd {
    Status status;                 ///< its errors were printed; the text says where it stopped
    Image* replacement = nullptr;  ///< run this in its place (`chain --replace`)
  };
  /// Runs a whole script; `name` goes into messages ("boot.ipxe:12: ..."). `script` must stay valid
  /// until the return. Neither the image list nor the working URI is touched: that is the caller's.
  /// Errors (in the status): what the failing command returned, Range (more than 64 scripts deep),
  /// Cancelled (Ctrl-C), Invalid (not text, endless line, continuation at the end).
  ScriptEnd run_script(Bytes script, std::string_view name);

  struct LineEnd {
    Status status;      ///< already printed
    bool left = false;  ///< the line ran `exit`
  };
  /// Runs one line as typed in a shell.
  LineEnd run_line(std::string_view line);

  /// Runs one command (already expanded words), prints its error and sets ${errno}.
  Status run_command(Args words);

  // --- for commands -----------------------------------------------------------------------------
  /// True when a script (not a shell line) issued the running command.
  bool in_script() const;
  /// Ends the running script, or leaves the shell. `status` 0 is success.
  void exit(uint32_t status);
  /// Continues at a label. Errors: NotFound, NotInScript.
  Status go_to(std::string_view label);
  /// Ends the running script after the current command; `image` takes its place.
  /// Errors: NotInScript.
  Status replace_with(Image& image);

 private:
  struct Frame;
  Status run_lines(Frame& frame);
  Status run_clauses(std::string_view line);
  Status run_clause(std::span<const std::string_view> words);
  Status exit_outcome(const Frame& frame);
  void fail(std::string_view command, const Error& error);
  void print_line(std::string_view text);
  std::string place() const;  ///< "boot.ipxe:12: ", or nothing in a shell
  bool cancelled();

  Context context_;
  std::span<const CommandTable> tables_;
  Observer* observer_ = nullptr;
  Frame* frame_ = nullptr;               ///< innermost; frames live on the stack of run_*()
  std::optional<uint32_t> exit_status_;  ///< raw status of a script that ran `exit N`
  Millis next_look_{0};                  ///< when to look for Ctrl-C again
};

}  // namespace hawser
