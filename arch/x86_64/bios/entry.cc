// The core's C++ entry under a BIOS: from the unpacker's bare long mode to hawser::main.
#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "arch/x86_64/bios/low_block.h"
#include "arch/x86_64/bios/platform.h"
#include "arch/x86_64/bios/power.h"
#include "arch/x86_64/bios/pxe.h"
#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/serial.h"
#include "arch/x86_64/bios/vga.h"
#include "arch/x86_64/clock.h"
#include "arch/x86_64/exceptions.h"
#include "arch/x86_64/io.h"
#include "arch/x86_64/libc/heap.h"
#include "arch/x86_64/paging.h"
#include "src/main.h"

#define HIDDEN __attribute__((visibility("hidden")))
extern "C" {
extern char image_start[] HIDDEN, text_end[] HIDDEN, rodata_end[] HIDDEN, image_end[] HIDDEN,
    stack_guard[] HIDDEN;
extern void (*init_array_start[])() HIDDEN;
extern void (*init_array_end[])() HIDDEN;
[[noreturn]] void hawser_start(hawser::bios::LowData* low);
}

namespace hawser::bios {
namespace {

constexpr uint32_t kCr0 = 0x80010033;  // PG, WP, NE, ET, MP, PE
constexpr uint32_t kCr4 = 0x620;       // PAE, OSFXSR, OSXMMEXCPT
constexpr uint64_t kPage = paging::kPageBytes;

void put_everywhere(std::string_view text) {
  serial::put(text);
  vga::put(text);
}

/// For the exception handler: looks at the hardware alone, since the BIOS's state is unknown.
void reboot_on_key() {
  put_everywhere("Press a key to reboot (or wait a minute).\n");
  constexpr uint64_t kMinuteUs = 60'000'000;
  while (in8(0x64) & 1 && in8(0x64) != 0xff) in8(0x60);
  for (uint64_t end = clock::now_us() + kMinuteUs; clock::now_us() < end;) {
    bool keyboard = (in8(0x64) & 0x21) == 1;
    if (keyboard || serial::get()) break;
  }
  restart(false);
}

uint64_t top_of_ram(const AgentRecord& agent) {
  uint64_t top = 0;
  for (uint32_t i = 0; i < agent.e820_count; ++i)
    if (agent.e820[i].type == uint32_t(MemoryType::Ram))
      top = std::max(top, agent.e820[i].start + agent.e820[i].bytes);
  constexpr uint64_t kMost = uint64_t{1} << 46;  // the lower half of the address space, with room
  return std::min(top, kMost);
}

/// Text executable and read-only, constants read-only, everything else data; no page 0, and none
/// under the stack.
void protect_memory(const LowData& low) {
  auto address = [](const char* at) { return reinterpret_cast<Phys>(at); };
  paging::protect(address(image_start), uint64_t(text_end - image_start), paging::kCode);
  paging::protect(address(text_end), uint64_t(rodata_end - text_end), paging::kConstant);
  paging::protect(address(stack_guard), kPage, paging::kNone);
  paging::protect(low.base, LOW_DATA, paging::kCode);
  paging::alias(kLowMemoryWindow, 0, paging::kData);
  paging::protect(0, kPage, paging::kNone);
}

/// Turns the rest of the agent's memory into page tables and heap, and switches to the real tables.
void set_up_memory(LowData& low) {
  uint64_t limit = top_of_ram(low.agent);
  uint64_t tables = (reinterpret_cast<uint64_t>(image_end) + kPage - 1) & ~(kPage - 1);
  uint64_t heap = tables + paging::table_bytes(limit);
  uint64_t end = low.agent.pack_bytes ? low.agent.pack : low.agent.base + low.agent.bytes;
  paging::init({reinterpret_cast<uint8_t*>(tables), heap - tables}, limit);
  protect_memory(low);
  auto tss = exceptions::prepare({put_everywhere, reboot_on_key}, SEL_CODE64);
  adopt(low, {kCr0, uint32_t(paging::root()), kCr4, paging::efer(), exceptions::idt_limit(),
              exceptions::idt_base(), tss.low, tss.high});
  hawser_heap_init(reinterpret_cast<void*>(heap), end - heap);
}

/// Without the word that loaders of Linux put in front: "BOOT_IMAGE=/hawser.lkrn dhcp".
std::string_view own_command_line(std::string_view line) {
  if (!line.starts_with("BOOT_IMAGE=")) return line;
  size_t end = line.find(' ');
  return end == line.npos ? std::string_view{} : line.substr(end + 1);
}

BootContext context_of(const LowData& low) {
  BootContext context;
  const StartInfo& start = low.start;
  context.command_line =
      own_command_line({start.cmdline, strnlen(start.cmdline, sizeof start.cmdline)});
  context.artifact = start.kind == START_FROM_ROM   ? "rom"
                     : start.kind == START_FROM_PXE ? "kpxe"
                                                    : "lkrn";
  context.pack = {reinterpret_cast<const uint8_t*>(low.agent.pack), low.agent.pack_bytes};
  if (start.kind == START_FROM_ROM) context.boot_nic = start.pci;
  if (start.initrd_bytes)
    context.initrd = {reinterpret_cast<const uint8_t*>(uintptr_t{start.initrd}),
                      start.initrd_bytes};
  return context;
}

/// The PXE ROM that loaded us. Without its API the card can still have a driver of ours.
std::unique_ptr<PxeRom> pxe_rom(const LowData& low, BiosPlatform& platform) {
  if (low.start.kind != START_FROM_PXE) return nullptr;
  auto rom = PxeRom::find(low.start);
  if (!rom.ok()) {
    platform.put(rom.error().text + "\n");
    return nullptr;
  }
  platform.adopt_rom(**rom);
  return std::move(rom).value();
}

}  // namespace
}  // namespace hawser::bios

void hawser_start(hawser::bios::LowData* low) {
  using namespace hawser::bios;
  hawser::clock::init();
  hawser::serial::init();
  set_up_memory(*low);
  for (auto constructor = init_array_start; constructor != init_array_end; ++constructor)
    (*constructor)();
  vga::init();
  alignas(BiosPlatform) static unsigned char memory[sizeof(BiosPlatform)];
  auto* platform = new (memory) BiosPlatform(*low);
  hawser::BootContext context = context_of(*low);
  auto rom = pxe_rom(*low, *platform);
  context.rom = rom.get();
  platform->leave(hawser::main(*platform, std::move(context)));
}
