// Commands that iPXE has and this version lacks. Scripts try them with `||`, so they fail as any
// command does, and say what is missing.
#include "src/base/format.h"
#include "src/script/families.h"

namespace hawser {
namespace {

Status refuse(Context&, const Command& command, Args) {
  return Error{Errc::Unsupported, std::string(command.summary)};
}

consteval Command absent(std::string_view name, std::string_view why) {
  return {name, "[<argument>...]", why, 0, kAnyCount, {}, refuse};
}

constexpr std::string_view kTrust = "not in this version: signatures and certificates",
                           kSan = "not in this version: disks in the network",
                           kCounters = "not in this version: see \"ifstat\" and \"route\"",
                           kWireless = "there is no driver for wireless cards",
                           kFabric = "there is no driver for Fibre Channel or InfiniBand",
                           kDebug = "not in this version: debugging aids";

constexpr Command kCommands[] = {
    absent("fcels", kFabric),
    absent("fcstat", kFabric),
    absent("fdt", "x86 machines have no device tree"),
    absent("gdbstub", kDebug),
    absent("ibstat", kFabric),
    absent("imgdecrypt", kTrust),
    absent("ipstat", kCounters),
    absent("iwlist", kWireless),
    absent("iwstat", kWireless),
    absent("sanhook", kSan),
    absent("sanunhook", kSan),
    absent("usbscan", "there is no driver for USB"),
};

}  // namespace

CommandTable absent_commands() { return kCommands; }

}  // namespace hawser
