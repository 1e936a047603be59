// UEFI platform: see platform.h.
#include "arch/x86_64/uefi/platform.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "arch/x86_64/calendar.h"
#include "arch/x86_64/clock.h"
#include "arch/x86_64/entropy.h"
#include "arch/x86_64/fw_cfg.h"
#include "arch/x86_64/io.h"
#include "arch/x86_64/uefi/call_watch.h"
#include "arch/x86_64/uefi/console.h"
#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/hand_over.h"
#include "arch/x86_64/uefi/memory.h"
#include "arch/x86_64/uefi/start_program.h"
#include "arch/x86_64/uefi/tables.h"
#include "src/base/format.h"
#include "src/base/sort.h"

namespace hawser::uefi {
namespace {

/// Borrows what can be had of the firmware's spare memory. The rest of the RAM is claimed: kernels
/// are told of it, but nothing may be downloaded there.
MemoryMap make_memory_map() {
  auto before = read_map();
  if (!before.ok()) {
    console::put(cat("Hawser: ", before.error().text, '\n'));
    return MemoryMap{};
  }
  std::vector<Range> ours;
  for (const Range& range : choose_spare(*before))
    if (borrow_at(range)) ours.push_back(range);
  sort(ours, [](const Range& a, const Range& b) { return a.start < b.start; });
  MemoryMap map(for_kernel(*before));
  Phys at = 0;
  for (const Range& range : ours) {
    map.claim({at, range.start});
    at = range.end;
  }
  map.claim({at, ~Phys{0}});
  return map;
}

}  // namespace

UefiPlatform::UefiPlatform() : memory_(make_memory_map()), random_state_(rdtsc()) {
  if (failed(boot().create_event(efi::kEventTimer, efi::kTplCallback, nullptr, nullptr, &tick_)))
    tick_ = nullptr;
  start_call_watch();
}

Millis UefiPlatform::now() { return {int64_t(clock::now_us() / 1000)}; }
uint64_t UefiPlatform::now_us() { return clock::now_us(); }

void UefiPlatform::idle(Millis at_most) {
  constexpr int64_t kWorthHalting = 5, kLongest = 50;
  constexpr uint64_t kHundredNsPerMs = 10'000;
  int64_t ms = std::min(at_most.ms, kLongest);
  if (ms < kWorthHalting || !tick_) {
    asm volatile("pause");
    return;
  }
  if (failed(boot().set_timer(tick_, efi::TimerDelay::Relative, uint64_t(ms) * kHundredNsPerMs)))
    return;
  efi::TextInput* input = system_table->console_in;
  efi::Event events[] = {tick_, input ? input->wait_for_key : nullptr};
  uint64_t index;
  boot().wait_for_event(input && input->wait_for_key ? 2 : 1, events, &index);
}

std::optional<int64_t> UefiPlatform::wall_clock() {
  FirmwareCall watched("GetTime()");
  efi::Time t{};
  if (failed(runtime().get_time(&t, nullptr))) return std::nullopt;
  if (t.year < 1998 || t.year > 2200 || t.month < 1 || t.month > 12 || t.day < 1 || t.day > 31 ||
      t.hour > 23 || t.minute > 59 || t.second > 59)
    return std::nullopt;
  constexpr int16_t kDayMinutes = 1440;
  bool zone_known = t.time_zone >= -kDayMinutes && t.time_zone <= kDayMinutes;
  return days_since_1970(t.year, t.month, t.day) * 86400 + t.hour * 3600 + t.minute * 60 +
         t.second + (zone_known ? t.time_zone * 60 : 0);
}

Result<DmaBlock> UefiPlatform::dma(size_t bytes, size_t align) {
  // The heap lies below 4 GiB. Never freed, so the slack does not matter.
  void* memory = bytes < SIZE_MAX - align ? std::malloc(bytes + align) : nullptr;
  if (!memory)
    return Error{Errc::NoMemory, cat("no memory for a device: needs ", human_size(bytes))};
  uintptr_t at = (reinterpret_cast<uintptr_t>(memory) + align - 1) & ~(align - 1);
  auto* data = reinterpret_cast<uint8_t*>(at);
  std::memset(data, 0, bytes);
  return DmaBlock{data, at, bytes};
}

std::optional<char> UefiPlatform::key() { return console::key(); }
void UefiPlatform::put(std::string_view text) { console::put(text); }
void UefiPlatform::put_screen(std::string_view text) { console::put_screen(text); }
void UefiPlatform::put_log(std::string_view text) { console::put_log(text); }
unsigned UefiPlatform::screens() { return console::screens(); }

Platform::Smbios UefiPlatform::smbios() { return find_smbios_table(); }

std::optional<Platform::Cpuid> UefiPlatform::cpuid(uint32_t leaf, uint32_t subleaf) {
  auto found = hawser::cpuid(leaf, subleaf);
  return Cpuid{found.eax, found.ebx, found.ecx, found.edx};
}

Bytes UefiPlatform::acpi_table(std::string_view signature, unsigned index) {
  return find_acpi_table(signature, index);
}

std::optional<std::vector<uint8_t>> UefiPlatform::fw_cfg(std::string_view name) {
  constexpr uint32_t kHypervisor = 1u << 31;  // real hardware may have something else there
  if (!(hawser::cpuid(1).ecx & kHypervisor)) return std::nullopt;
  return fw_cfg::read_file(fw_cfg::Ports{}, name);
}

std::optional<std::vector<uint8_t>> UefiPlatform::efi_variable(std::string_view name) {
  return variables_.find(name);
}

uint32_t UefiPlatform::pci_read(uint32_t location, uint8_t offset) {
  uint32_t value = 0xffffffff;
  uint64_t address = uint64_t{location >> 8 & 0xff} << 24 | uint64_t{location >> 3 & 31} << 16 |
                     uint64_t{location & 7} << 8 | offset;
  for (efi::Handle handle : handles_with(efi::guid::kPciRootBridgeIo)) {
    auto* bridge = find_protocol<efi::PciRootBridgeIo>(handle);
    if (!bridge || bridge->segment != location >> 16) continue;
    if (failed(bridge->read_config(bridge, efi::PciWidth::Uint32, address, 1, &value)))
      value = 0xffffffff;
    if (value != 0xffffffff) break;
  }
  return value;
}

Firmware UefiPlatform::firmware() {
  return {.rsdp = acpi_root_pointer(),
          .efi = Firmware::Efi{uint64_t(system_table), uint64_t(our_image), map_bytes()}};
}

uint64_t UefiPlatform::random() { return next_random(random_state_); }

Status UefiPlatform::entropy(MutBytes out) {
  Status ours = collect_entropy(out);
  void* found = nullptr;
  if (failed(boot().locate_protocol(&efi::Rng::kGuid, nullptr, &found))) return ours;
  FirmwareCall watched("GetRNG()");
  auto* rng = static_cast<efi::Rng*>(found);
  std::vector<uint8_t> mixed(out.size());
  if (failed(rng->get_rng(rng, nullptr, mixed.size(), mixed.data()))) return ours;
  for (size_t i = 0; i < out.size(); ++i) out[i] ^= mixed[i];
  return ok_status();
}

Status UefiPlatform::check(const LoadPlan& plan) { return check_plan(plan, memory_); }

void UefiPlatform::hand_over(const LoadPlan& plan) {
  stop_call_watch();
  carry_out(plan, memory_);
}

Status UefiPlatform::start_program(Program& program) {
  return_cards();
  efi::Handle card = nullptr;  // the program may look for its network where it comes from
  for (efi::Handle controller : reconnect_)
    if (!card && find_protocol(controller, efi::guid::kSimpleNetwork)) card = controller;
  lend(program.spare);
  Status ended = run_program(program, card);
  program.spare = take_back(program.spare);
  take_cards();
  return ended;
}

/// The firmware's drivers find the cards as they like them: reset, with DMA off.
void UefiPlatform::return_cards() {
  for (efi::Handle controller : reconnect_) connect(controller);
}

void UefiPlatform::take_cards() {
  for (efi::Handle controller : reconnect_) {
    auto* pci = find_protocol<efi::PciIo>(controller);
    if (!pci) continue;  // the firmware drives it for us
    disconnect(controller);
    constexpr uint64_t kNeeded = efi::PciIo::kIo | efi::PciIo::kMemory | efi::PciIo::kBusMaster;
    pci->attributes(pci, efi::PciAttribute::Enable, kNeeded, nullptr);
  }
}

void UefiPlatform::reboot(bool warm) {
  console::leave();
  runtime().reset_system(warm ? efi::ResetType::Warm : efi::ResetType::Cold, efi::Code::Success, 0,
                         nullptr);
  for (;;) asm volatile("hlt");
}

Status UefiPlatform::boot_to_setup() {
  constexpr char16_t kSupported[] = u"OsIndicationsSupported", kWanted[] = u"OsIndications";
  constexpr uint64_t kToSetup = 1;  // EFI_OS_INDICATIONS_BOOT_TO_FW_UI, §8.5.4
  const efi::Guid& vendor = efi::guid::kGlobalVariable;
  FirmwareCall watched("GetVariable() or SetVariable()");
  uint64_t supported = 0, wanted = 0, bytes = sizeof supported;
  if (failed(runtime().get_variable(kSupported, &vendor, nullptr, &bytes, &supported)) ||
      !(supported & kToSetup))
    return Error{Errc::Unsupported, "this firmware cannot be asked to enter its set-up"};
  bytes = sizeof wanted;
  if (failed(runtime().get_variable(kWanted, &vendor, nullptr, &bytes, &wanted))) wanted = 0;
  wanted |= kToSetup;
  efi::Code code = runtime().set_variable(
      kWanted, &vendor, efi::kNonVolatile | efi::kBootAccess | efi::kRuntimeAccess, sizeof wanted,
      &wanted);
  if (!failed(code)) return ok_status();
  return Error{Errc::Device,
               cat("the firmware did not store the wish to enter set-up: ", describe(code))};
}

Status UefiPlatform::power_off() {
  console::leave();
  runtime().reset_system(efi::ResetType::Shutdown, efi::Code::Success, 0, nullptr);
  return Error{Errc::Device, "the firmware's ResetSystem() did not switch the machine off"};
}

void UefiPlatform::reconnect_at_exit(efi::Handle controller) {
  if (std::ranges::find(reconnect_, controller) == reconnect_.end())
    reconnect_.push_back(controller);
}

void UefiPlatform::let_reach_heap(efi::Handle controller) {
  auto* pci = find_protocol<efi::PciIo>(controller);
  if (!pci) return;
  FirmwareCall watched("PciIo.Map()");
  Range heap = heap_range();
  uint64_t bytes = heap.size();
  efi::PhysicalAddress device = 0;
  void* mapping = nullptr;
  efi::Code code = pci->map(pci, efi::PciOperation::CommonBuffer,
                            reinterpret_cast<void*>(heap.start), &bytes, &device, &mapping);
  if (!failed(code)) mappings_.push_back({pci, mapping});
  if (failed(code) || bytes < heap.size() || device != heap.start)
    console::put(
        "Hawser: the firmware's IOMMU keeps a card from our memory; begin the command line with "
        "\"snp\" to use the firmware's driver\n");
}

void UefiPlatform::leave(int status) {
  console::leave();
  if (tick_) boot().close_event(tick_);
  for (const Mapping& each : mappings_) each.pci->unmap(each.pci, each.mapping);
  return_cards();
  stop_call_watch();
  return_all();
  boot().exit(our_image, status == 0 ? efi::Code::Success : efi::Code::Aborted, 0, nullptr);
  for (;;) asm volatile("hlt");  // not reached: Exit() does not return to an image that was started
}

}  // namespace hawser::uefi
