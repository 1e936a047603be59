// Commands about what is below IP: VLANs, neighbours, and whether frames get through.
#include <algorithm>

#include "src/base/format.h"
#include "src/console/console.h"
#include "src/loop.h"
#include "src/network.h"
#include "src/script/bring_up.h"
#include "src/script/families.h"

namespace hawser {
namespace {

Result<Interface*> find_interface(Context& context, const std::string& name) {
  if (Interface* interface = context.network.find(name)) return interface;
  return Error{Errc::NoDevice, cat("\"", name, "\": no such network device")};
}

// --- VLANs ---------------------------------------------------------------------------------------

struct VlanOptions {
  std::optional<int64_t> tag;
  int64_t priority = 0;
};
constexpr Option kVlanOptions[] = {
    option<&VlanOptions::tag>('t', "tag", "number", "the VLAN, 1 to 4094; 0: only a priority"),
    option<&VlanOptions::priority>('p', "priority", "number", "of its frames, 0 to 7"),
};

Status create_vlan(Context& context, const VlanOptions& options, Args words) {
  constexpr int64_t kMostTag = 4094, kMostPriority = 7;
  Interface* trunk = TRY(find_interface(context, words[0]));
  if (!options.tag) return Error{Errc::Invalid, "which VLAN? Name it by --tag, 1 to 4094"};
  if (*options.tag < 0 || *options.tag > kMostTag)
    return Error{Errc::Range, cat("tag ", *options.tag, ": VLANs are 1 to 4094, or 0")};
  if (options.priority < 0 || options.priority > kMostPriority)
    return Error{Errc::Range, cat("priority ", options.priority, ": 0 to 7")};
  TRY(context.network.create_vlan(*trunk, uint16_t(*options.tag), uint8_t(options.priority)));
  return ok_status();
}

Status destroy_vlan(Context& context, Args words) {
  return context.network.destroy_vlan(*TRY(find_interface(context, words[0])));
}

// --- neighbours ----------------------------------------------------------------------------------

Status neighbours(Context& context, Args) {
  for (const Neighbour& neighbour : context.network.neighbours())
    context.console.print(cat(neighbour.interface, ": ", to_string(neighbour.address), " is ",
                              to_string(neighbour.mac), '\n'));
  return ok_status();
}

// --- loop test -----------------------------------------------------------------------------------

struct LoopOptions {
  int64_t mtu = 0;
  bool broadcast = false;
};
constexpr Option kLoopOptions[] = {
    option<&LoopOptions::mtu>('m', "mtu", "bytes", "size of the largest packet"),
    option<&LoopOptions::broadcast>('b', "broadcast", "", "send to all, not to the other address"),
};

constexpr size_t kHeaderBytes = 14, kLeastPayload = 46, kMostPayload = 1500;
constexpr uint16_t kExperiment = 0x88b5;  // IEEE 802: for local experiments

/// Frame `number` of a test: no two are alike.
std::vector<uint8_t> test_frame(const Mac& from, const Mac& to, uint32_t number, size_t payload) {
  std::vector<uint8_t> frame(to.bytes.begin(), to.bytes.end());
  frame.insert(frame.end(), from.bytes.begin(), from.bytes.end());
  frame.resize(kHeaderBytes + payload);
  write_be(&frame[12], kExperiment);
  write_be(&frame[kHeaderBytes], number);
  for (size_t i = kHeaderBytes + 4; i < frame.size(); ++i)
    frame[i] = uint8_t((number + i) * 0x9e3779b1u >> 24);
  return frame;
}

/// Watches an interface as long as it exists.
struct Watch {
  Interface& interface;
  Watch(Interface& at, const std::function<bool(Bytes)>& watcher) : interface(at) {
    interface.watch(watcher);
  }
  ~Watch() { interface.watch({}); }
};

/// One frame there. Errors: TimedOut (lost), Io (changed on the way), Cancelled.
Status send_through(Context& context, Interface& from, Interface& to, Bytes frame) {
  constexpr Millis kLongest{3000};  // QEMU's e1000 holds frames back in its first second
  bool arrived = false, same = false;
  Watch watch(to, [&](Bytes found) {
    bool ours = found.size() >= kHeaderBytes && *read_be<uint16_t>(found, 12) == kExperiment;
    if (!ours) return false;
    arrived = true;
    same = same || std::equal(frame.begin(), frame.end(), found.begin(),
                              found.begin() + std::min(frame.size(), found.size()));
    return true;
  });
  from.nic().transmit({&frame, 1});
  auto end = context.loop.run_until([&] { return same; },
                                    {.deadline = context.loop.now() + kLongest});
  if (end == Loop::Outcome::Cancelled) return Error{Errc::Cancelled, "cancelled with Ctrl-C"};
  if (same) return ok_status();
  std::string what =
      cat("a frame of ", frame.size(), " bytes from ", from.name(), " to ", to.name());
  if (arrived) return Error{Errc::Io, cat(what, " arrived with other content")};
  return Error{Errc::TimedOut, cat(what, " did not arrive within 3 s; are they on one network?")};
}

Status loop_test(Context& context, const LoopOptions& options, Args words) {
  constexpr uint32_t kFrames = 1000;
  constexpr Mac kEveryone{{255, 255, 255, 255, 255, 255}};
  Interface* ends[] = {TRY(find_interface(context, words[0])),
                       TRY(find_interface(context, words[1]))};
  if (ends[0] == ends[1]) return Error{Errc::Invalid, "a loop test needs two interfaces"};
  size_t most = std::min<size_t>(ends[0]->nic().mtu(), ends[1]->nic().mtu());
  if (options.mtu != 0) {
    if (options.mtu < int64_t(kLeastPayload) || options.mtu > int64_t(std::min(most, kMostPayload)))
      return Error{Errc::Range, cat("mtu ", options.mtu, ": ", kLeastPayload, " to ", most)};
    most = size_t(options.mtu);
  }
  for (Interface* end : ends) {
    TRY(open_interface(*end));
    TRY(wait_for_link(context, *end, {.link_deadline = context.loop.now() + kLinkTimeout}));
  }
  for (uint32_t number = 0; number < kFrames; ++number) {
    Interface &from = *ends[number % 2], &to = *ends[1 - number % 2];
    size_t payload =
        number < 2 ? most : kLeastPayload + size_t{number} * 37 % (most - kLeastPayload + 1);
    Mac receiver = options.broadcast ? kEveryone : to.nic().mac();
    auto frame = test_frame(from.nic().mac(), receiver, number, payload);
    Status sent = send_through(context, from, to, frame);
    if (!sent.ok()) return std::move(sent).error().in(cat("after ", number, " frames"));
  }
  context.console.print(cat(kFrames, " frames of up to ", most, " bytes, none lost\n"));
  return ok_status();
}

constexpr Command kCommands[] = {
    command<create_vlan>("vcreate", "<interface>", "make an interface for a VLAN", 1, 1,
                         kVlanOptions),
    command<destroy_vlan>("vdestroy", "<interface>", "remove an interface for a VLAN", 1, 1),
    command<neighbours>("nstat", "", "list the hosts on the wire that are known", 0, 0),
    command<loop_test>("lotest", "<interface> <interface>",
                       "send frames from one interface to another and back", 2, 2, kLoopOptions),
};

}  // namespace

CommandTable link_commands() { return kCommands; }

}  // namespace hawser
