// The timer that looks at calls: see call_watch.h.
#include "arch/x86_64/uefi/call_watch.h"

#include "arch/x86_64/uefi/console.h"
#include "arch/x86_64/uefi/firmware.h"

namespace hawser::uefi {
namespace {

efi::Event timer = nullptr;

/// Runs in the middle of whatever is under way: no heap.
void EFIAPI look(efi::Event, void*) {
  auto report = call_watch.tick();
  if (!report) return;
  char digits[12];
  char* at = digits + sizeof digits;
  *--at = 0;
  for (unsigned value = report->seconds; value; value /= 10) *--at = char('0' + value % 10);
  console::interrupt_with("\nHawser: the firmware has not returned for ");
  console::interrupt_with(at);
  console::interrupt_with(" s from ");
  console::interrupt_with(report->call);
  console::interrupt_with("; still waiting\n");
}

}  // namespace

void start_call_watch() {
  constexpr uint64_t kSecond = 10'000'000;  // in 100 ns
  if (failed(boot().create_event(efi::kEventTimer | efi::kEventNotifySignal, efi::kTplNotify, look,
                                 nullptr, &timer))) {
    timer = nullptr;
    return;
  }
  if (failed(boot().set_timer(timer, efi::TimerDelay::Periodic, kSecond))) stop_call_watch();
}

void stop_call_watch() {
  if (timer) boot().close_event(timer);
  timer = nullptr;
}

}  // namespace hawser::uefi
