// Commands that ask other machines, and that measure.
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/loop.h"
#include "src/network.h"
#include "src/script/families.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

Error cancelled() { return {Errc::Cancelled, "cancelled with Ctrl-C"}; }

Result<HostAnswer> ask(Context& context, const HostQuestion& question) {
  auto query = context.network.ask(question);
  auto outcome = context.loop.run_until([&] { return query->done(); });
  if (outcome == Loop::Outcome::Cancelled) return cancelled();
  return query->outcome();
}

Status look_up(Context& context, Args words) {
  auto answer = TRY(ask(context, {.kind = HostQuestion::Kind::Address, .host = words[1]}));
  auto& bytes = answer.address.bytes;
  return context.settings.store(words[0], {bytes.begin(), bytes.end()}, SettingType::Ipv4);
}

Status set_clock(Context& context, Args words) {
  auto answer = ask(context, {.kind = HostQuestion::Kind::Time, .host = words[0]});
  Status set = answer.ok()
                   ? context.settings.store("builtin/unixtime", number_bytes(answer->unix_s, 8),
                                            SettingType::Uint32)
                   : Status{std::move(answer).error()};
  if (set.ok()) return set;
  return std::move(set).error().in("Could not get time and date");
}

struct PingOptions {
  int64_t size = 64;
  Millis timeout{1000};
  std::optional<int64_t> count;
  bool quiet = false;
};
constexpr Option kPingOptions[] = {
    option<&PingOptions::size>('s', "size", "bytes", "data in each packet, 64 unless given"),
    option<&PingOptions::timeout>('t', "timeout", "ms", "wait for each reply, 1000 unless given"),
    option<&PingOptions::count>('c', "count", "number", "stop after so many"),
    option<&PingOptions::quiet>('q', "quiet", "", "print no replies"),
};

/// Succeeds when the last packet was answered.
Status ping(Context& context, const PingOptions& options, Args words) {
  constexpr int64_t kMostBytes = 65'000;
  if (options.size < 0 || options.size > kMostBytes)
    return Error{Errc::Range, cat("size ", options.size, ": 0 to ", kMostBytes, " bytes")};
  Millis timeout = options.timeout.ms > 0 ? options.timeout : Millis{1000};
  auto host = ask(context, {.kind = HostQuestion::Kind::Address, .host = words[0]});
  if (!host.ok()) return std::move(host).error().in("Could not start ping");
  Status last = ok_status();
  for (int64_t sent = 1; !options.count || sent <= *options.count; ++sent) {
    Millis next = context.loop.now() + timeout;
    auto answer = ask(context, {.kind = HostQuestion::Kind::Echo,
                                .host = to_string(host->address),
                                .bytes = size_t(options.size),
                                .sequence = uint16_t(sent),
                                .timeout = timeout});
    last = answer.ok() ? ok_status() : Status{answer.error()};
    if (!last.ok() && last.error().code == Errc::Cancelled) return last;
    std::string from = answer.ok() ? to_string(answer->address) : "<none>";
    std::string line = cat(options.size, " bytes from ", from, ": seq=", sent);
    if (!last.ok()) line += cat(": ", last.error().text);
    if (!options.quiet) context.console.print(line + "\n");
    if (options.count && sent == *options.count) break;
    auto waited = context.loop.run_until([] { return false; }, {.deadline = next});
    if (waited == Loop::Outcome::Cancelled) return cancelled();
  }
  if (last.ok()) return last;
  return std::move(last).error().in("Finished");
}

struct SyncOptions {
  Millis timeout{0};
};
constexpr Option kSyncOptions[] = {
    option<&SyncOptions::timeout>('t', "timeout", "ms", "give up after this long"),
};

Status sync(Context& context, const SyncOptions& options, Args) {
  Millis deadline = options.timeout.ms > 0 ? context.loop.now() + options.timeout : kNever;
  Pollable& network = context.network.pollable();
  auto outcome = context.loop.run_until([&] { return !network.busy(); }, {.deadline = deadline});
  if (outcome == Loop::Outcome::Done) return ok_status();
  Error why = outcome == Loop::Outcome::Cancelled ? cancelled()
                                                  : Error{Errc::TimedOut, "they took too long"};
  return std::move(why).in("Operations did not complete");
}

Status time(Context& context, const Command& row, Args words) {
  if (words.empty()) return Error{Errc::Range, usage(row)};
  if (words[0] == row.name) return Error{Errc::Invalid, "time within time"};
  Millis start = context.loop.now();
  Status status = context.interpreter.run_command(words);
  auto tenths = (context.loop.now() - start).ms / 100;
  context.console.fresh_line();
  context.console.print(cat("time: ", tenths / 10, ".", tenths % 10, "s\n"));
  if (!status.ok()) status.error().text.clear();  // it was printed
  return status;
}

/// "1.853 s"
std::string seconds(Millis time) {
  std::string thousandths = decimal(uint64_t(time.ms % 1000));
  return cat(time.ms / 1000, '.', std::string(3 - thousandths.size(), '0'), thousandths, " s");
}

Status show_profile(Context& context, Args) {
  const Loop::Profile& profile = context.loop.profile();
  context.console.print(
      cat("Running for ", seconds(context.loop.now()), ", waiting for ", seconds(profile.waited),
          " of that (", profile.waits, " waits), idle for ", seconds(profile.idle), "\n",
          profile.rounds, " rounds of polling\n"));
  if (auto heap = context.platform.heap())
    context.console.print(cat("Memory: at most ", human_size(heap->most), " of ",
                              human_size(heap->total), " used\n"));
  for (Interface* interface : context.network.interfaces()) {
    NicCounters counters = interface->nic().counters();
    context.console.print(cat(interface->name(), ": ", counters.rx_frames, " frames received, ",
                              counters.tx_frames, " sent, ", counters.rx_missed, " missed\n"));
  }
  return ok_status();
}

constexpr Command kCommands[] = {
    command<look_up>("nslookup", "<setting> <name>", "store the address of a host", 2, 2),
    command<set_clock>("ntp", "<server>", "set the clock from a time server", 1, 1),
    command<ping>("ping", "<host>", "see whether a host answers", 1, 1, kPingOptions),
    command<show_profile>("profstat", "", "show where the time went since start, and the memory", 0, 0),
    command<sync>("sync", "", "wait until work in the background is done", 0, 0, kSyncOptions),
    // With the options of the command behind it left as they are.
    {"time", "<command>...", "measure how long a command takes", 1, kAnyCount, {}, time},
};

}  // namespace

CommandTable diag_commands() { return kCommands; }

}  // namespace hawser
