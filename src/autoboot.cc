#include "src/autoboot.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/auto_race.h"
#include "src/autoboot_menu.h"
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/loop.h"
#include "src/pxelinux/boot.h"
#include "src/script/acquire.h"
#include "src/script/bring_up.h"
#include "src/script/execute.h"
#include "src/script/expand.h"
#include "src/script/interpreter.h"

namespace hawser {
namespace {

constexpr std::string_view kFromLease = "from it too";  ///< the server that gave the address

/// A filename as the path of a TFTP URI, where '%', '?' and '#' would otherwise mean something.
std::string tftp_path(std::string_view filename) {
  std::string path = "/";
  for (char c : filename) {
    if (c == '%' || c == '?' || c == '#') path += cat('%', hex(uint8_t(c), 2));
    else path += c;
  }
  return percent_encode(path);
}

std::string up_to_nul(std::string_view text) {
  return std::string(text.substr(0, text.find('\0')));
}

/// Without a boot file, DHCP options 209 and 210 may still lead to a PXELINUX configuration.
std::optional<pxelinux::Start> start_without_file(const Settings& settings,
                                                  const Interface& interface) {
  std::string name(interface.name());
  auto server = settings.ipv4(cat(name, "/next-server"));
  if (!server || server->any()) server = settings.ipv4(cat(name, "/dhcp-server"));
  if (!server) return std::nullopt;
  auto root = parse_uri(cat("tftp://", to_string(*server), "/"));
  if (!root.ok()) return std::nullopt;
  return pxelinux::start_for(settings, name, {}, *root);
}

std::string server_of(const DhcpReply& reply) {
  auto id = reply.find(54);
  if (id && id->size() == 4) return to_string(Ipv4{{(*id)[0], (*id)[1], (*id)[2], (*id)[3]}});
  return to_string(reply.siaddr);
}

BootFile file_of(const DhcpReply& reply, std::string source) {
  BootFile file{up_to_nul(reply.filename()), {}, std::move(source)};
  if (!reply.siaddr.any()) file.next_server = to_string(reply.siaddr);
  else if (auto name = reply.find(66)) file.next_server = up_to_nul(text_of(*name));
  return file;
}

/// "net0: address from DHCP server 10.0.2.2, boot file from ProxyDHCP server 10.0.2.3".
std::string describe_servers(const Interface& interface, const std::optional<BootFile>& file) {
  const auto& lease = interface.dhcp_reply();
  std::string text = cat(interface.name(), ": address ",
                         lease ? cat("from DHCP server ", server_of(*lease)) : "set by hand");
  text += cat(", ", file ? cat("boot file ", file->source) : "no boot file");
  const auto& proxy = interface.proxy_reply();
  std::string other = proxy ? up_to_nul(proxy->filename()) : std::string{};
  if (file && lease && file->source == kFromLease && !other.empty() && other != file->filename)
    text += cat("; ProxyDHCP server ", server_of(*proxy), " names \"", printable(other, 60),
                "\", which counts only without it");
  return cat(text, '\n');
}

/// The file that a person, or a prompt's time, chose in a PXE boot menu. Nothing: the local disk.
Result<std::optional<BootFile>> file_by_menu(Context& context, Interface& interface,
                                             const PxeMenu& menu) {
  PxeMenu::Item item = TRY(choose_item(context.console, menu));
  if (item.type == 0) return std::optional<BootFile>{};
  TRY(find_boot_server(context, interface, item.type));
  const DhcpReply& reply = *interface.boot_server_reply();
  return std::optional{
      file_of(reply, cat("from PXE boot server ", server_of(reply), " (\"", item.text, "\")"))};
}

/// A disk on the network that option 17 names. Where it names a folder of NFS, for the system that
/// boots, it has no scheme.
std::string disk_of(Context& context, const Interface& interface) {
  constexpr std::string_view kSchemes[] = {"iscsi:", "aoe:", "fcp:", "ib_srp:", "http:", "https:"};
  std::string path = up_to_nul(context.settings.text(cat(interface.name(), "/root-path")));
  bool known = std::ranges::any_of(
      kSchemes, [&](std::string_view scheme) { return path.starts_with(scheme); });
  if (path.empty()) return {};
  context.console.print(cat("Root path: ", printable(path, 200),
                            known ? "" : " (no disk on the network: left to the system that boots)",
                            '\n'));
  return known ? path : std::string{};
}

Error no_network_disks(std::string_view disk) {
  return {Errc::Unsupported,
          cat("cannot boot from ", printable(disk, 200),
              ": this version has no disks on the network (iSCSI, AoE, HTTP); let the boot file be "
              "a script that loads a kernel, or set skip-san-boot where one does all there is to "
              "do")};
}

/// After the boot file has come back, the disk's turn comes.
Status after_file(Context& context, const Interface& interface, const std::string& disk) {
  if (disk.empty()) return ok_status();
  if (context.settings.number(cat(interface.name(), "/skip-san-boot")).value_or(0) == 0)
    return no_network_disks(disk);
  context.console.print(
      cat("Skipping boot from ", printable(disk, 200), ", as skip-san-boot says\n"));
  return ok_status();
}

/// Runs what the lease of a configured interface names: a file, or a command line (scriptlet).
Status boot_from(Context& context, Interface& interface) {
  context.console.print(describe_route(interface));
  std::optional<BootFile> file;
  if (auto menu = pxe_menu(context.settings, interface)) {
    file = TRY(file_by_menu(context, interface, *menu));
    if (!file) {
      context.console.print("Chosen: the local disk\n");
      return ok_status();
    }
  } else {
    file = boot_file(context.settings, interface);
  }
  context.console.print(describe_servers(interface, file));
  std::string scriptlet = context.settings.text(cat(interface.name(), "/scriptlet"));
  if (!file && !scriptlet.empty() && context.images.trust_rule().required())
    return Error{Errc::Access,
                 "the setting scriptlet is not run: imgtrust lets only verified images "
                 "run"};
  if (!file && !scriptlet.empty()) return context.interpreter.run_line(scriptlet).status;
  if (!file) {
    if (auto start = start_without_file(context.settings, interface))
      return pxelinux::boot(context, *start);
    if (std::string disk = disk_of(context, interface); !disk.empty())
      return no_network_disks(disk);
    return Error{Errc::NotFound,
                 "nothing to boot: the DHCP server gave an address but no file name; set its boot "
                 "file (option 67) to a script, such as boot.ipxe"};
  }
  file->filename = TRY(expand(context.settings, file->filename));
  if (!file->next_server.empty())
    context.console.print(cat("Next server: ", printable(file->next_server), '\n'));
  context.console.print(cat("Filename: ", printable(file->filename), '\n'));
  std::string disk = disk_of(context, interface);
  Uri uri = TRY(boot_uri(context.settings, *file));
  if (auto start = pxelinux::start_for(context.settings, interface.name(), file->filename, uri))
    return pxelinux::boot(context, *start);
  Image* image = TRY(download(context, uri, display(uri), {.autofree = true}));
  context.console.print(describe(*image) + "\n");
  TRY(execute(context, *image));
  return after_file(context, interface, disk);
}

}  // namespace

std::optional<BootFile> boot_file(const Settings& settings, const Interface& interface) {
  auto found = settings.find(cat(interface.name(), "/filename"));
  std::string filename = found.ok() ? up_to_nul(text_of(found->bytes)) : std::string{};
  if (!filename.empty()) {
    std::string block = found->block.empty() ? "" : cat(found->block, '/');
    const auto& lease = interface.dhcp_reply();
    const auto& pxe = interface.proxy_reply();
    std::string source = "set by hand";
    if (lease && found->block.ends_with(".dhcp"))
      source = pxe && pxe->filename() == filename ? cat("from PXE server ", server_of(*pxe))
                                                  : std::string(kFromLease);
    auto next_server = settings.ipv4(cat(block, "next-server"));
    if (next_server && !next_server->any())
      return BootFile{filename, to_string(*next_server), std::move(source)};
    return BootFile{filename, settings.text(cat(block, "66:string")), std::move(source)};
  }
  const auto& proxy = interface.proxy_reply();
  if (!proxy || up_to_nul(proxy->filename()).empty()) return std::nullopt;
  return file_of(*proxy,
                 cat("from ProxyDHCP server ", server_of(*proxy), ", as the first names none"));
}

Result<Uri> boot_uri(const Settings& settings, const BootFile& file) {
  auto absolute = parse_uri(percent_encode(file.filename));
  if (absolute.ok() && absolute->absolute() && !absolute->host.empty()) return absolute;
  if (file.next_server.empty()) return uri_argument(settings, file.filename);
  auto uri = parse_uri(cat("tftp://", percent_encode(file.next_server), "/"));
  if (!uri.ok()) return std::move(uri).error().in("next server");
  uri->path = tftp_path(file.filename);
  return uri;
}

std::vector<Interface*> boot_order(Network& network, std::optional<uint32_t> first) {
  std::vector<Interface*> order;
  for (Interface* interface : network.interfaces())
    if (std::ranges::none_of(order,
                             [&](Interface* before) { return before->trunk() == interface; }))
      order.push_back(interface);
  if (!first) return order;
  auto found = std::ranges::find_if(
      order, [&](Interface* interface) { return interface->bus_location() == *first; });
  if (found != order.end()) std::rotate(order.begin(), found, found + 1);
  return order;
}

AutobootEnd autoboot(Context& context, std::vector<Interface*> order) {
  if (order.empty()) {
    context.console.print("No network card with a driver was found.\n");
    return AutobootEnd::Failed;
  }
  // All are opened before the first is waited for, so that their links come up together. The last
  // one opened becomes netX: that is the one tried first.
  Millis link_deadline = context.loop.now() + kLinkTimeout;
  if (order.size() > 1) order.front()->close();  // the firmware's lease may have opened it first
  for (auto it = order.rbegin(); it != order.rend(); ++it)
    if (Status opened = open_interface(**it); !opened.ok() && *it != order.front())
      context.console.print(opened.error().text + "\n");

  LeaseRace race{context, {order.begin() + 1, order.end()}};
  for (size_t i = 0; i < order.size(); ++i) {
    Interface* interface = order[i];
    context.console.print(describe(*interface));
    bool shell_wanted = false;
    Status status = run_dhcp(context, *interface,
                             {.link_deadline = link_deadline,
                              .allow_shell = true,
                              .task = race.task_of(*interface),
                              .give_way = [&] { return race.decided(); }},
                             &shell_wanted);
    if (shell_wanted) return AutobootEnd::Shell;
    if (status.ok()) {
      race.forget();
      for (Interface* other : order)
        if (other != interface && other != interface->trunk()) other->close();
      status = boot_from(context, *interface);
      if (status.ok()) return AutobootEnd::Ended;
      link_deadline = context.loop.now() + kLinkTimeout;        // the others start again
    } else if (race.decided() && race.winner() != interface) {  // it had no chance: again later
      order.erase(std::find(order.begin() + ptrdiff_t(i), order.end(), race.winner()));
      order.insert(order.begin() + ptrdiff_t(i) + 1, {race.winner(), interface});
    }
    race.forget(*interface);
    context.console.fresh_line();
    constexpr size_t kMaxReason = 500;
    std::string reason = printable(status.error().text, kMaxReason);
    std::string_view why = reason;
    std::string prefix = cat(interface->name(), ": ");
    if (why.starts_with(prefix)) why.remove_prefix(prefix.size());
    context.console.print(cat("Could not boot from ", prefix, why, '\n'));
    if (status.error().code == Errc::Cancelled) return AutobootEnd::Cancelled;
  }
  context.console.print("No more network devices.\n");
  return AutobootEnd::Failed;
}

}  // namespace hawser
