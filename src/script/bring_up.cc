#include "src/script/bring_up.h"

#include <optional>
#include <utility>

#include "src/base/format.h"
#include "src/console/progress.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

/// PCI location as people write it: "0000:00:03.0".
std::string bus_address(uint32_t location) {
  return cat(hex(location >> 16, 4), ':', hex(location >> 8 & 0xff, 2), ':',
             hex(location >> 3 & 0x1f, 2), '.', location & 7);
}

/// A setting as a script stored it, for this interface or for all; not what a DHCP server sent.
std::optional<std::string> set_by_script(Context& context, const Interface& interface,
                                         std::string_view name) {
  auto own = context.settings.find(cat(interface.name(), '/', name));
  if (own.ok() && own->block == interface.name()) return std::string(text_of(own->bytes));
  auto variable = context.settings.find(name);
  if (variable.ok() && variable->block.empty()) return std::string(text_of(variable->bytes));
  return std::nullopt;
}

/// What goes into the request: stock identities unless a script set its own.
DhcpSettings dhcp_settings(Context& context, const Interface& interface) {
  DhcpSettings request;
  request.user_class = set_by_script(context, interface, "user-class").value_or(request.user_class);
  request.vendor_class = set_by_script(context, interface, "vendor-class").value_or("");
  request.send_identity = context.settings.text("hawser-identity") != "0";
  request.uuid = context.settings.machine_uuid();
  request.architecture = context.platform.name() == "efi" ? 7 : 0;  // RFC 4578 §2.1
  return request;
}

Status given_way() { return Error{Errc::TimedOut, "another card has an answer already"}; }

Status configure(Context& context, Interface& interface, const BringUpOptions& options,
                 bool* shell_wanted) {
  if (Status opened = open_interface(interface); !opened.ok()) return opened;
  if (Status link = wait_for_link(context, interface, options, shell_wanted); !link.ok())
    return link;
  std::unique_ptr<DhcpTask> own;
  if (!options.task) own = ask_for_lease(context, interface);
  DhcpTask* task = options.task ? options.task : own.get();
  auto gives_way = [&] { return options.give_way && options.give_way(); };
  std::string label =
      cat("Configuring (", interface.name(), ' ', to_string(interface.nic().mac()), ')');
  Status leased = wait_with_label(
      context.console,
      {.label = label,
       .options = {.deadline = options.dhcp_deadline, .allow_shell = options.allow_shell},
       .done = [&] { return task->done() || gives_way(); },
       .note = [&] { return task->note(); },
       .outcome = [&] { return task->done() ? task->outcome() : given_way(); }},
      shell_wanted);
  if (!leased.ok()) return std::move(leased).error().in(interface.name());
  if (Status applied = context.settings.apply(interface); !applied.ok())
    return std::move(applied).error().in(interface.name());
  learn_working_uri(context, interface);
  if (auto contest = interface.proxy_contest(); !contest.empty())
    context.console.print(cat(interface.name(), ": ", contest, '\n'));
  return ok_status();
}

}  // namespace

std::unique_ptr<DhcpTask> ask_for_lease(Context& context, Interface& interface) {
  return context.network.start_dhcp(interface, dhcp_settings(context, interface));
}

void learn_working_uri(Context& context, const Interface& interface) {
  BuiltinBlock& builtin = context.settings.builtin();
  if (builtin.working_uri) return;
  for (const auto* reply : {&interface.dhcp_reply(), &interface.proxy_reply()}) {
    if (!*reply || (*reply)->siaddr.any()) continue;
    Uri uri;
    uri.scheme = "tftp";
    uri.host = to_string((*reply)->siaddr);
    uri.path = "/";
    builtin.working_uri = std::move(uri);
    return;
  }
}

Status open_interface(Interface& interface) {
  if (interface.is_open()) return ok_status();
  Status opened = interface.open();
  if (!opened.ok()) return std::move(opened).error().in(cat("could not open ", interface.name()));
  return opened;
}

Status wait_for_link(Context& context, Interface& interface, const BringUpOptions& options,
                     bool* shell_wanted) {
  auto is_up = [&] { return interface.nic().link() == Link::Up; };
  if (is_up()) return ok_status();
  std::string label = cat("Waiting for link-up on ", interface.name());
  Status up = wait_with_label(
      context.console,
      {.label = label,
       .options = {.deadline = options.link_deadline, .allow_shell = options.allow_shell},
       .done = [&] { return is_up() || (options.give_way && options.give_way()); },
       .outcome = [&] { return is_up() ? ok_status() : given_way(); }},
      shell_wanted);
  if (up.ok()) return up;
  if (up.error().code != Errc::TimedOut) return std::move(up).error().in(interface.name());
  return Error{Errc::TimedOut, cat(interface.name(), ": no link (", interface.nic().chip(),
                                   "); check the cable and the switch port")};
}

Status find_boot_server(Context& context, Interface& interface, uint16_t type) {
  auto task = context.network.start_boot_server(interface, type, dhcp_settings(context, interface));
  if (!task) return Error{Errc::Unsupported, "there is no PXE boot server discovery here"};
  std::string label = cat("Looking for PXE boot server ", type);
  return wait_with_label(context.console,
                         {.label = label,
                          .options = {},
                          .done = [&] { return task->done(); },
                          .outcome = [&]() -> Status {
                            TRY(task->outcome());
                            if (interface.boot_server_reply()) return ok_status();
                            return Error{Errc::NotFound,
                                         cat("no PXE boot server of type ", type,
                                             " answered in 3 s; check the boot menu's server list "
                                             "and port 4011")};
                          }});
}

Status run_dhcp(Context& context, Interface& interface, const BringUpOptions& options,
                bool* shell_wanted) {
  Status status = configure(context, interface, options, shell_wanted);
  if (!status.ok()) interface.close();
  return status;
}

std::string describe(Interface& interface) {
  Nic& nic = interface.nic();
  const NicCounters& counters = nic.counters();
  bool open = interface.is_open();
  bool up = open && nic.link() == Link::Up;
  std::string text =
      cat(interface.name(), ": ", to_string(nic.mac()), " using ", nic.chip(), " on ",
          bus_address(interface.bus_location()), " (Ethernet) ", open ? "[open]\n" : "[closed]\n");
  text +=
      cat("  [Link:", up ? "up" : "down", ", TX:", counters.tx_frames, " TXE:", counters.tx_errors,
          " RX:", counters.rx_frames, " RXE:", counters.rx_errors, "]\n");
  if (counters.rx_missed > 0)
    text += cat("  [RXE: ", counters.rx_missed, " x \"no receive buffer was ready\"]\n");
  return text;
}

std::string describe_route(Interface& interface) {
  const IpConfig& config = interface.config();
  if (config.address.any()) return cat(interface.name(), ": (inaccessible)\n");
  std::string text =
      cat(interface.name(), ": ", to_string(config.address), '/', to_string(config.netmask));
  if (!config.gateway.any()) text += cat(" gw ", to_string(config.gateway));
  if (!interface.is_open()) text += " (inaccessible)";
  return text + "\n";
}

}  // namespace hawser
