// Somebody who looks on while scripts run: the host program's --run.
#pragma once

#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/image/image.h"
#include "src/load_plan.h"
#include "src/script/options.h"

namespace hawser {

class Observer {
 public:
  virtual ~Observer() = default;
  /// A command is about to run; `words` are expanded. `script` is empty in a shell.
  virtual void command_begins(std::string_view script, unsigned line, Args words) = 0;
  /// The command that began last and has not ended is over. `goto` and `exit` end as well.
  virtual void command_ends(const Status& status) = 0;
  /// A kernel gets the machine: a plan that fits, and what it was made from.
  virtual void kernel_starts(const Image& kernel, const std::vector<const Image*>& modules,
                             const LoadPlan& plan) = 0;
};

}  // namespace hawser
