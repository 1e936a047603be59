// Commands about network interfaces.
#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "src/autoboot.h"
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/network.h"
#include "src/script/bring_up.h"
#include "src/script/families.h"
#include "src/script/shell.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

enum class StopAt : uint8_t { Never, FirstSuccess };

/// Does something with each interface that is named, or with all. A name that does not exist is
/// reported and skipped. The outcome is that of the last interface treated.
Status for_each_interface(Context& context, Args names, StopAt stop,
                          const std::function<Status(Interface&)>& act) {
  std::vector<Interface*> chosen = context.network.interfaces();
  Status last = Error{Errc::NoDevice, "there is no network interface with a driver"};
  if (!names.empty()) {
    chosen.clear();
    for (const std::string& name : names) {
      if (Interface* interface = context.network.find(name)) {
        chosen.push_back(interface);
        continue;
      }
      last = Error{Errc::NoDevice, cat("\"", name, "\": no such network device")};
      if (&name != &names.back()) context.console.print(last.error().text + "\n");
    }
  }
  for (size_t i = 0; i < chosen.size(); ++i) {
    last = act(*chosen[i]);
    if (last.ok() && stop == StopAt::FirstSuccess) return last;
    if (!last.ok() && last.error().code == Errc::Cancelled) return last;
    bool is_last = i + 1 == chosen.size();
    if (!last.ok() && !is_last) context.console.print(last.error().text + "\n");
  }
  return last;
}

Status open(Context& context, Args names) {
  return for_each_interface(context, names, StopAt::Never, [&](Interface& interface) {
    if (Status opened = open_interface(interface); !opened.ok()) return opened;
    return context.settings.apply(interface);  // `set net0/ip ...` may come before `ifopen`
  });
}

Status close(Context& context, Args names) {
  return for_each_interface(context, names, StopAt::Never, [](Interface& interface) {
    interface.close();
    return ok_status();
  });
}

Status stat(Context& context, Args names) {
  return for_each_interface(context, names, StopAt::Never, [&](Interface& interface) {
    context.console.print(describe(interface));
    return ok_status();
  });
}

struct LinkOptions {
  Millis timeout = kLinkTimeout;
};
constexpr Option kLinkOptions[] = {
    option<&LinkOptions::timeout>('t', "timeout", "ms", "give up on an interface after this long"),
};

Millis deadline(Context& context, Millis timeout) {
  return timeout.ms == 0 ? kNever : context.loop.now() + timeout;
}

Status wait_links(Context& context, const LinkOptions& options, Args names) {
  return for_each_interface(context, names, StopAt::FirstSuccess, [&](Interface& interface) {
    if (Status opened = open_interface(interface); !opened.ok()) return opened;
    return wait_for_link(context, interface, {.link_deadline = deadline(context, options.timeout)});
  });
}

struct DhcpOptions {
  std::string configurator;
  Millis timeout{0};
};
constexpr Option kDhcpOptions[] = {
    option<&DhcpOptions::configurator>('c', "configurator", "name", "the only one is \"dhcp\""),
    option<&DhcpOptions::timeout>('t', "timeout", "ms", "give up on an interface after this long"),
};

Status dhcp(Context& context, const DhcpOptions& options, Args names) {
  if (!options.configurator.empty() && options.configurator != "dhcp")
    return Error{Errc::Unsupported,
                 cat("\"", options.configurator, "\": no such configurator; there is dhcp")};
  return for_each_interface(context, names, StopAt::FirstSuccess, [&](Interface& interface) {
    Millis given_up = deadline(context, options.timeout);
    Millis link = std::min(given_up, context.loop.now() + kLinkTimeout);
    return run_dhcp(context, interface, {.link_deadline = link, .dhcp_deadline = given_up});
  });
}

Status route(Context& context, Args) {
  for (Interface* interface : context.network.interfaces())
    context.console.print(describe_route(*interface));
  return ok_status();
}

Status boot_interfaces(Context& context, Args names) {
  std::vector<Interface*> order;
  for (const std::string& name : names) {
    Interface* interface = context.network.find(name);
    if (!interface) return Error{Errc::NoDevice, cat("\"", name, "\": no such network device")};
    order.push_back(interface);
  }
  if (names.empty()) order = boot_order(context.network, std::nullopt);
  switch (autoboot(context, order)) {
    case AutobootEnd::Ended:
      return ok_status();
    case AutobootEnd::Shell:
      run_shell(context);
      return ok_status();
    case AutobootEnd::Cancelled:
      return Error{Errc::Cancelled, "cancelled with Ctrl-C"};
    case AutobootEnd::Failed:
      break;
  }
  return Error{Errc::NotFound, "no interface could boot"};
}

Status find_server(Context& context, Args words) {
  Interface* interface = context.network.find(words[0]);
  if (!interface) return Error{Errc::NoDevice, cat("\"", words[0], "\": no such network device")};
  auto type = parse_integer(words[1]);
  if (!type || *type < 0 || *type > 0xffff)
    return Error{Errc::Invalid, cat("\"", words[1], "\": a type is a number from 0 to 65535")};
  return find_boot_server(context, *interface, uint16_t(*type));
}

constexpr std::string_view kInterfaces = "[<interface>...]";

constexpr Command kCommands[] = {
    command<dhcp>("dhcp", kInterfaces, "get an address from a DHCP server", 0, kAnyCount,
                  kDhcpOptions),
    command<dhcp>("ifconf", kInterfaces, "get an address from a DHCP server", 0, kAnyCount,
                  kDhcpOptions),
    command<open>("ifopen", kInterfaces, "open network interfaces", 0, kAnyCount),
    command<close>("ifclose", kInterfaces, "close network interfaces", 0, kAnyCount),
    command<stat>("ifstat", kInterfaces, "show network interfaces and their links", 0, kAnyCount),
    command<wait_links>("iflinkwait", kInterfaces, "wait for a link", 0, kAnyCount, kLinkOptions),
    command<boot_interfaces>("autoboot", kInterfaces, "boot what the DHCP server names", 0,
                             kAnyCount),
    command<find_server>("pxebs", "<interface> <server type>",
                         "find a PXE boot server; its answer is the settings block pxebs", 2, 2),
    command<route>("route", "", "show addresses and gateways", 0, 0),
};

}  // namespace

CommandTable network_commands() { return kCommands; }

}  // namespace hawser
