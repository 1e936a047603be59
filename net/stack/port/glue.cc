#include "net/stack/port/glue.h"

#include <algorithm>

#include "lwip/init.h"
#include "lwip/sys.h"
#include "net/stack/checksum.h"
#include "src/base/bytes.h"

namespace hawser::stack {
namespace {
Platform* machine = nullptr;
int64_t clock_offset = 0;  // keeps lwIP's clock going forward from one platform to the next
int64_t last_told = 0;
uint16_t reorder_limit = 0;
}  // namespace

void attach_lwip(Platform& platform) {
  static bool running = false;
  machine = &platform;
  clock_offset = last_told - platform.now().ms;
  if (!running) lwip_init();
  running = true;
}

void set_reorder_limit(size_t buffers) {
  reorder_limit = uint16_t(std::min<size_t>(buffers, UINT16_MAX));
}

}  // namespace hawser::stack

extern "C" {

u32_t sys_now(void) {
  using namespace hawser::stack;
  last_told = machine->now().ms + clock_offset;
  return u32_t(last_told);
}

uint32_t hawser_lwip_random(void) { return uint32_t(hawser::stack::machine->random() >> 16); }

uint16_t hawser_lwip_checksum(const void* data, int length) {
  if (length <= 0) return 0;
  return hawser::stack::checksum_sum({static_cast<const uint8_t*>(data), size_t(length)});
}

uint16_t hawser_lwip_reorder_limit(void) { return hawser::stack::reorder_limit; }

}  // extern "C"
