// Several cards ask for a lease at once, so that one without a server does not hold up the others.
#pragma once

#include <memory>
#include <vector>

#include "src/network.h"
#include "src/script/command.h"

namespace hawser {

/// The cards that ask while another one is waited for.
class LeaseRace {
 public:
  /// How much later than another's answer the preferred card's may be.
  static constexpr Millis kHeadStart{2'000};

  /// Borrows `context`, and `interfaces`, which are open, until forget().
  LeaseRace(Context& context, const std::vector<Interface*>& interfaces);

  /// Starts those whose link is up by now; call it often. True when one has had an answer with
  /// something to boot for kHeadStart.
  bool decided();
  /// The first such card; nullptr when there is none.
  Interface* winner() const { return winner_; }
  /// Its exchange, under way or done; nullptr when it has not begun.
  DhcpTask* task_of(const Interface& interface) const;
  /// Ends what is under way, and forgets this card, or all.
  void forget(const Interface& interface);
  void forget() { entrants_.clear(), winner_ = nullptr; }

 private:
  struct Entrant {
    Interface* interface;
    std::unique_ptr<DhcpTask> task;
  };
  Context& context_;
  std::vector<Entrant> entrants_;
  Interface* winner_ = nullptr;
  Millis won_{0};
};

}  // namespace hawser
