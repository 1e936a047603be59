#include "src/auto_race.h"

#include <algorithm>

#include "src/autoboot.h"
#include "src/base/format.h"
#include "src/loop.h"
#include "src/script/bring_up.h"

namespace hawser {
namespace {

bool has_something_to_boot(const Settings& settings, const Interface& interface) {
  return boot_file(settings, interface) ||
         !settings.text(cat(interface.name(), "/scriptlet")).empty();
}

}  // namespace

LeaseRace::LeaseRace(Context& context, const std::vector<Interface*>& interfaces)
    : context_(context) {
  for (Interface* interface : interfaces) entrants_.push_back({interface, nullptr});
}

bool LeaseRace::decided() {
  Millis now = context_.loop.now();
  for (Entrant& entrant : entrants_) {
    Interface& interface = *entrant.interface;
    if (!entrant.task && interface.is_open() && interface.nic().link() == Link::Up)
      entrant.task = ask_for_lease(context_, interface);
    if (winner_ || !entrant.task || !entrant.task->done() || !entrant.task->outcome().ok() ||
        !has_something_to_boot(context_.settings, interface))
      continue;
    winner_ = &interface;
    won_ = now;
  }
  return winner_ && reached(won_ + kHeadStart, now);
}

DhcpTask* LeaseRace::task_of(const Interface& interface) const {
  for (const Entrant& entrant : entrants_)
    if (entrant.interface == &interface) return entrant.task.get();
  return nullptr;
}

void LeaseRace::forget(const Interface& interface) {
  std::erase_if(entrants_, [&](const Entrant& e) { return e.interface == &interface; });
  if (winner_ == &interface) winner_ = nullptr;
}

}  // namespace hawser
