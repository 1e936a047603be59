// What every protocol client is given to work with.
#pragma once

#include "net/stack/activity.h"
#include "src/platform.h"

namespace hawser {

struct ClientParts {
  Platform& platform;
  stack::ActivityCount& activity;
};

}  // namespace hawser
