// What a simulated run prints: its steps as they come, and how it ended.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "src/script/observer.h"

namespace hawser::host {

enum class RunEnd : uint8_t {
  Kernel,  ///< a kernel would have started
  Ended,   ///< the script came to an end, good or bad
  Reboot,
  PowerOff,
  Waits,  ///< for a key that nobody presses
};

class Report : public Observer {
 public:
  Report(bool json, std::string script) : json_(json), script_(std::move(script)) {}

  void command_begins(std::string_view script, unsigned line, Args words) override;
  void command_ends(const Status& status) override;
  void kernel_starts(const Image& kernel, const std::vector<const Image*>& modules,
                     const LoadPlan& plan) override;

  /// Text of the console.
  void print(std::string_view text);
  size_t commands() const { return steps_.size(); }
  /// Prints the end, and returns the exit code. `status` tells about RunEnd::Ended.
  int finish(RunEnd end, const Status& status);

 private:
  struct Step {
    std::string script;
    unsigned line = 0;
    std::vector<std::string> words;
    std::optional<Error> error;
  };
  /// An image as it goes along, kept beyond the image itself.
  struct Loaded {
    std::string name, uri, format, command_line, sha256;
    size_t bytes = 0;
  };
  static Loaded describe(const Image& image);
  static std::string as_json(const Loaded& image);
  static std::string as_json(const Step& step);
  std::string json_report(std::string_view end, const Status& status) const;
  std::string text_report() const;

  bool json_;
  std::string script_;
  bool in_line_ = false;  ///< the console's last line has no end yet
  std::vector<Step> steps_;
  std::vector<size_t> running_;  ///< steps that have not ended, outermost first
  std::optional<Loaded> kernel_;
  std::vector<Loaded> modules_;
  std::string plan_text_, plan_json_;
};

}  // namespace hawser::host
