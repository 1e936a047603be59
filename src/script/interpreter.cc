// Running scripts (src/script/interpreter.h).
#include "src/script/interpreter.h"

#include "src/base/format.h"
#include "src/console/console.h"
#include "src/loop.h"
#include "src/script/expand.h"
#include "src/script/features.h"
#include "src/script/labels.h"
#include "src/script/observer.h"
#include "src/script/parser.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

constexpr unsigned kMaxDepth = 64;
constexpr Millis kLookInterval{50};
constexpr size_t kMaxWordBytes = 256u << 10;  ///< of one command, expanded

constexpr uint32_t raw_status(Errc code) { return uint32_t(code) << 24; }

/// Control characters of a message could move the cursor about; line ends of usage text may stay.
std::string shown(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') c = '?';
  return out;
}

}  // namespace

/// A script or a shell line that is being run.
struct Interpreter::Frame {
  Frame* outer;
  std::string name;  ///< of the script; empty for a shell line
  Bytes script = {};
  LineReader reader{script};
  Labels labels{script};
  unsigned depth = 0;  ///< scripts around this one, and itself
  bool is_script = false;
  unsigned line = 0;
  bool ended = false;  ///< `exit` or `chain --replace`
  uint32_t exit_status = 0;
  std::optional<std::string> jump = {};  ///< rest of the labelled line that `goto` went to
  Image* replacement = nullptr;

  bool interrupted() const { return ended || jump.has_value(); }
};

Interpreter::Interpreter(Platform& platform, Loop& loop, Console& console, Settings& settings,
                         Network& network, ImageList& images, std::span<const CommandTable> tables)
    : context_{platform, loop, console, settings, network, images, *this}, tables_(tables) {
  settings.set_features(features(platform, network));
}

const Command* Interpreter::find(std::string_view name) const {
  for (CommandTable table : tables_)
    for (const Command& command : table)
      if (command.name == name) return &command;
  return nullptr;
}

Interpreter::ScriptEnd Interpreter::run_script(Bytes script, std::string_view name) {
  unsigned depth = 1;
  for (Frame* frame = frame_; frame; frame = frame->outer)
    if (frame->is_script) {
      depth = frame->depth + 1;
      break;
    }
  if (depth > kMaxDepth)
    return {Error{Errc::Range, cat("scripts are nested more than ", kMaxDepth,
                                   " deep: does one chain itself?")}};
  Frame frame{frame_, printable(name), script, LineReader{script}, Labels{script}, depth, true};
  frame_ = &frame;
  Status status = run_lines(frame);
  frame_ = frame.outer;
  return {std::move(status), frame.replacement};
}

/// Runs line after line until the script ends in one way or another.
Status Interpreter::run_lines(Frame& frame) {
  for (;;) {
    if (cancelled()) {
      context_.settings.builtin().last_error = raw_status(Errc::Cancelled);
      print_line(cat(place(), "cancelled (Ctrl-C)"));
      return Error{Errc::Cancelled, cat(frame.name, " was cancelled at line ", frame.line)};
    }
    std::string text;
    if (frame.jump) {
      text = std::move(*frame.jump);
      frame.jump.reset();
    } else {
      auto next = frame.reader.next();
      frame.line = frame.reader.number();
      if (!next.ok()) {
        print_line(cat(place(), next.error().text));
        return Error{next.error().code, cat(frame.name, " cannot be read past line ", frame.line)};
      }
      if (!*next) return ok_status();
      text = std::move((*next)->text);
    }
    Status status = run_clauses(split_label(text).rest);
    if (frame.ended) return exit_outcome(frame);
    if (frame.jump || status.ok()) continue;
    if (status.error().text.empty())
      print_line(cat(place(), "the script ends here: a command failed, and no \"||\" follows"));
    return Error{status.error().code, cat(frame.name, " ended with an error at line ", frame.line)};
  }
}

Status Interpreter::exit_outcome(const Frame& frame) {
  uint32_t status = frame.exit_status;
  if (status == 0) return ok_status();
  exit_status_ = status;
  // A script may hand on ${errno}; any other number is its own affair.
  Errc code = status >> 24 ? Errc(status >> 24) : Errc::Invalid;
  return Error{code,
               cat(frame.name, " exited with status 0x", hex(status), " at line ", frame.line)};
}

Interpreter::LineEnd Interpreter::run_line(std::string_view line) {
  Frame frame{frame_, ""};
  frame_ = &frame;
  Status status = run_clauses(split_label(line).rest);
  frame_ = frame.outer;
  return {std::move(status), frame.ended};
}

Status Interpreter::run_clauses(std::string_view line) {
  Status status = ok_status();
  for (const Clause& clause : parse_clauses(line)) {
    if (clause.when == When::IfFailed && status.ok()) continue;
    if (clause.when == When::IfSucceeded && !status.ok()) continue;
    status = run_clause(clause.words);
    if (frame_->interrupted()) break;
  }
  return status;
}

Status Interpreter::run_clause(std::span<const std::string_view> written) {
  std::vector<std::string> words;
  size_t bytes = 0;
  for (std::string_view word : written) {
    auto expanded = expand(context_.settings, word);
    if (expanded.ok() && (bytes += expanded->size()) > kMaxWordBytes)
      expanded = Error{Errc::Invalid, "expands to more than 256 KiB"};
    if (!expanded.ok()) {
      fail(printable(written[0], 64), expanded.error());
      return std::move(expanded).error();
    }
    words.push_back(std::move(expanded).value());
  }
  return words.empty() ? ok_status() : run_command(words);
}

Status Interpreter::run_command(Args words) {
  if (words.empty()) return ok_status();
  exit_status_.reset();
  if (observer_)
    observer_->command_begins(in_script() ? frame_->name : "", frame_ ? frame_->line : 0, words);
  const Command* command = find(words[0]);
  Status status = command ? command->run(context_, *command, words.subspan(1))
                          : Error{Errc::Format, "command not found"};
  if (!status.ok()) fail(printable(words[0], 64), status.error());
  if (observer_) observer_->command_ends(status);
  return status;
}

/// Prints the error of a command and remembers its status.
void Interpreter::fail(std::string_view command, const Error& error) {
  context_.settings.builtin().last_error = exit_status_.value_or(raw_status(error.code));
  exit_status_.reset();
  if (!error.text.empty()) print_line(cat(place(), command, ": ", error.text));
}

void Interpreter::print_line(std::string_view text) {
  context_.console.fresh_line();
  context_.console.print(shown(text));
  if (!text.ends_with('\n')) context_.console.print("\n");
}

std::string Interpreter::place() const {
  return in_script() ? cat(frame_->name, ":", frame_->line, ": ") : std::string();
}

/// A script may loop for ever, so now and then it lets the network go on and looks for Ctrl-C.
bool Interpreter::cancelled() {
  Millis now = context_.loop.now();
  if (!reached(next_look_, now)) return false;
  next_look_ = now + kLookInterval;
  context_.loop.poll_once();
  return context_.loop.cancel_requested();
}

bool Interpreter::in_script() const { return frame_ && frame_->is_script; }

void Interpreter::exit(uint32_t status) {
  if (!frame_) return;
  frame_->ended = true;
  frame_->exit_status = status;
}

Status Interpreter::go_to(std::string_view label) {
  if (!in_script()) return Error{Errc::NotInScript, "not in a script"};
  auto reader = TRY(frame_->labels.find(label));
  auto line = reader ? TRY(reader->next()) : std::optional<ScriptLine>{};
  if (!line) return Error{Errc::NotFound, cat("there is no label \"", printable(label), "\"")};
  frame_->jump = std::string(split_label(line->text).rest);
  frame_->reader = *reader;
  frame_->line = line->number;
  return ok_status();
}

Status Interpreter::replace_with(Image& image) {
  if (!in_script())
    return Error{Errc::NotInScript, "not in a script: there is nothing that could be replaced"};
  frame_->ended = true;
  frame_->replacement = &image;
  return ok_status();
}

}  // namespace hawser
