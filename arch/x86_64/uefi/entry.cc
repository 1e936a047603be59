// The core's C++ entry under UEFI: from the firmware's StartImage() to hawser::main.
#include <new>
#include <utility>

#include "arch/x86_64/clock.h"
#include "arch/x86_64/exceptions.h"
#include "arch/x86_64/io.h"
#include "arch/x86_64/uefi/cards.h"
#include "arch/x86_64/uefi/console.h"
#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/memory.h"
#include "arch/x86_64/uefi/origin.h"
#include "arch/x86_64/uefi/platform.h"
#include "src/main.h"

#define HIDDEN __attribute__((visibility("hidden")))
extern "C" {
extern void (*init_array_start[])() HIDDEN;
extern void (*init_array_end[])() HIDDEN;
EFIAPI hawser::efi::Code efi_main(hawser::efi::Handle image,
                                  hawser::efi::SystemTable* table) HIDDEN;
}

namespace hawser::uefi {
namespace {

/// The time-stamp counter against the firmware's own delay.
void start_clock() {
  constexpr uint64_t kUs = 10'000;
  uint64_t began = rdtsc();
  boot().stall(kUs);
  clock::init((rdtsc() - began) / (kUs / 1000));
}

/// For panics. The firmware's tables are still ours to use.
void reboot_on_key() {
  console::put("\nPress a key to reboot (or wait a minute).\n");
  constexpr uint64_t kMinuteUs = 60'000'000;
  for (uint64_t end = clock::now_us() + kMinuteUs; clock::now_us() < end && !console::key();)
    boot().stall(10'000);
  runtime().reset_system(efi::ResetType::Cold, efi::Code::Success, 0, nullptr);
}

}  // namespace
}  // namespace hawser::uefi

hawser::efi::Code efi_main(hawser::efi::Handle image, hawser::efi::SystemTable* table) {
  using namespace hawser::uefi;
  system_table = table;
  our_image = image;
  boot().set_watchdog_timer(0, 0, 0, nullptr);  // it restarts the machine after five minutes
  start_clock();
  if (!make_heap()) return hawser::efi::Code::OutOfResources;
  for (auto constructor = init_array_start; constructor != init_array_end; ++constructor)
    (*constructor)();
  console::init();
  hawser::exceptions::prepare({console::put, reboot_on_key}, 0);
  alignas(UefiPlatform) static unsigned char memory[sizeof(UefiPlatform)];
  auto* platform = new (memory) UefiPlatform();
  Origin origin = find_origin();
  if (origin.by_ipv6)
    platform->put(
        "The firmware booted by IPv6, which Hawser does not have: it asks for an IPv4 lease\n");
  hawser::BootContext context;
  context.artifact = "efi";
  context.command_line = origin.command_line;
  context.pack = origin.pack;
  context.initrd = origin.script;
  context.initrd_name = origin.script_name;
  context.base_uri = origin.uri;
  context.boot_nic = origin.nic;
  choose_cards(*platform, origin, context);
  platform->leave(hawser::main(*platform, std::move(context)));
}
