#include "arch/host/run_report.h"

#include <cstdio>

#include "arch/host/host_platform.h"
#include "arch/host/json.h"
#include "src/base/format.h"
#include "src/crypto/digest.h"

namespace hawser::host {
namespace {

constexpr std::string_view kEnds[] = {"kernel", "ended", "reboot", "poweroff", "waits for a key"};

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) text += cat(text.empty() ? "" : between, part);
  return text;
}

std::string member(std::string_view name, std::string_view text) {
  return cat(json_string(name), ": ", json_string(text));
}

std::string plan_as_json(const LoadPlan& plan) {
  std::vector<std::string> segments;
  for (const Segment& segment : plan.segments)
    segments.push_back(cat("{", member("what", segment.what), ", \"address\": ", segment.to,
                           ", \"bytes\": ", segment.from.size(),
                           ", \"memory_bytes\": ", segment.memory_bytes, "}"));
  bool real = std::holds_alternative<RealModeEntry>(plan.entry);
  return cat("{", member("entry", real ? "real mode" : "protected mode"), ", \"segments\": [",
             joined(segments, ", "), "]}");
}

}  // namespace

void Report::command_begins(std::string_view script, unsigned line, Args words) {
  running_.push_back(steps_.size());
  steps_.push_back({std::string(script), line, {words.begin(), words.end()}, std::nullopt});
  if (json_) return;
  if (in_line_) print("\n");
  std::string place = script.empty() ? "" : cat(script, ':', line, ": ");
  print(cat("+ ", place, printable(join(words), 4096), '\n'));
}

void Report::command_ends(const Status& status) {
  if (running_.empty()) return;
  if (!status.ok()) steps_[running_.back()].error = status.error();
  running_.pop_back();
}

Report::Loaded Report::describe(const Image& image) {
  return {image.name,
          image.uri ? to_string(*image.uri) : std::string(),
          image.format ? std::string(image.format->name) : std::string(),
          image.cmdline.value_or(""),
          hex_bytes(digest_of(DigestKind::Sha256, image.data), ""),
          image.data.size()};
}

void Report::kernel_starts(const Image& kernel, const std::vector<const Image*>& modules,
                           const LoadPlan& plan) {
  kernel_ = describe(kernel);
  modules_.clear();
  for (const Image* module : modules) modules_.push_back(describe(*module));
  plan_text_ = host::describe(plan);
  plan_json_ = plan_as_json(plan);
}

void Report::print(std::string_view text) {
  if (text.empty()) return;
  std::fwrite(text.data(), 1, text.size(), json_ ? stderr : stdout);
  in_line_ = text.back() != '\n';
}

std::string Report::as_json(const Loaded& image) {
  std::vector<std::string> members{member("name", image.name)};
  if (!image.uri.empty()) members.push_back(member("uri", image.uri));
  if (!image.format.empty()) members.push_back(member("format", image.format));
  members.push_back(cat("\"bytes\": ", image.bytes));
  members.push_back(member("sha256", image.sha256));
  members.push_back(member("command_line", image.command_line));
  return cat("{", joined(members, ", "), "}");
}

std::string Report::as_json(const Step& step) {
  std::vector<std::string> words;
  for (const std::string& word : step.words) words.push_back(json_string(word));
  std::string text = cat("{", member("script", step.script), ", \"line\": ", step.line,
                         ", \"command\": [", joined(words, ", "), "]");
  if (step.error)
    text +=
        cat(", \"status\": ", uint8_t(step.error->code), ", ", member("error", step.error->text));
  return text + "}";
}

std::string Report::json_report(std::string_view end, const Status& status) const {
  std::vector<std::string> steps, modules, members{member("script", script_), member("end", end)};
  for (const Step& step : steps_) steps.push_back(cat("    ", as_json(step)));
  for (const Loaded& module : modules_) modules.push_back(cat("    ", as_json(module)));
  if (!status.ok()) {
    members.push_back(cat("\"status\": ", uint8_t(status.error().code)));
    members.push_back(member("error", status.error().text));
  }
  if (kernel_) {
    members.push_back(cat("\"kernel\": ", as_json(*kernel_)));
    members.push_back(cat("\"modules\": [\n", joined(modules, ",\n"), "]"));
    members.push_back(cat("\"plan\": ", plan_json_));
  }
  members.push_back(cat("\"steps\": [\n", joined(steps, ",\n"), "]"));
  return cat("{\n  ", joined(members, ",\n  "), "\n}\n");
}

std::string Report::text_report() const {
  if (!kernel_) return {};
  std::string text = "\n";
  auto add = [&](std::string_view what, const Loaded& image) {
    text += cat(what, ' ', printable(image.name), image.format.empty() ? "" : " ", image.format,
                ", ", image.bytes, " bytes, sha256 ", image.sha256, '\n');
    if (!image.uri.empty()) text += cat("  from ", printable(image.uri, 4096), '\n');
    if (!image.command_line.empty())
      text += cat("  command line: ", printable(image.command_line, 4096), '\n');
  };
  add("Kernel", *kernel_);
  for (const Loaded& module : modules_) add("Initrd", module);
  return text + plan_text_;
}

int Report::finish(RunEnd end, const Status& status) {
  std::string_view name = end == RunEnd::Ended && !status.ok() ? "failed" : kEnds[size_t(end)];
  std::string out;
  if (json_) {
    out = json_report(name, status);
  } else {
    if (in_line_) print("\n");
    if (end == RunEnd::Kernel) out = text_report();
    else
      out = cat("End: ", name, status.ok() ? "" : cat(": ", printable(status.error().text, 4096)),
                '\n');
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
  return status.ok() && end != RunEnd::Waits ? 0 : 1;
}

}  // namespace hawser::host
