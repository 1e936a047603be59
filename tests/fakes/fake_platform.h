// A machine for tests: time that passes only when somebody waits, keys typed by a script, output
// kept as text, RAM at physical addresses, and ways out that end the run with an exception.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/platform.h"

namespace hawser::fakes {

/// Thrown by the ways out of FakePlatform, so that a test sees which one was taken.
struct LeftTheAgent {
  enum class Way { HandedOver, Rebooted, PoweredOff, Exited };
  Way way;
};

class FakePlatform : public Platform {
 public:
  static constexpr uint64_t kDefaultRam = 256u << 20;

  explicit FakePlatform(uint64_t ram_bytes = kDefaultRam) : ram_bytes_(ram_bytes) {
    void* at = mmap(nullptr, ram_bytes_, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) std::abort();
    ram_ = static_cast<uint8_t*>(at);
    map_ = MemoryMap({{{0, 0x9fc00}, MemoryType::Ram},
                      {{0x9fc00, 0x100000}, MemoryType::Reserved},
                      {{0x100000, ram_bytes_}, MemoryType::Ram}});
  }
  ~FakePlatform() override { munmap(ram_, ram_bytes_); }
  FakePlatform(const FakePlatform&) = delete;
  FakePlatform& operator=(const FakePlatform&) = delete;

  // --- what a test does -------------------------------------------------------------------------
  /// Keys that are in the buffer already.
  void type(std::string_view keys) { type_at({0}, keys); }
  /// Keys pressed at a point in time; calls in order of time.
  void type_at(Millis when, std::string_view keys) { keys_.push_back({when, std::string(keys)}); }
  /// Everything printed so far, exactly.
  const std::string& output() const { return output_; }
  /// What a person sees: "\b", "\r" carried out, blanks at line ends gone.
  std::string screen() const;
  bool printed(std::string_view text) const { return screen().find(text) != std::string::npos; }
  /// Copies of what was handed over, filled by hand_over().
  struct Handed {
    Phys to = 0;
    std::vector<uint8_t> bytes;
    uint64_t memory_bytes = 0;
    std::string what;
  };
  std::vector<Handed> handed;
  std::optional<Entry> entry;
  std::optional<bool> rebooted_warm;
  bool can_power_off = true;
  Smbios smbios_table;
  /// Called by each way out, before it is taken: "were the NICs closed?".
  std::function<void()> on_leave;
  void advance(Millis by) { us_ += uint64_t(by.ms) * 1000; }

  // --- Platform ---------------------------------------------------------------------------------
  Millis now() override { return {int64_t(++us_ / 1000)}; }  // so that even a busy wait ends
  uint64_t now_us() override { return ++us_; }
  void idle(Millis at_most) override { advance(std::min(at_most, Millis{60})); }
  std::optional<HeapUse> heap_use;
  std::optional<HeapUse> heap() override { return heap_use; }
  std::optional<int64_t> wall_clock() override { return 1'767'225'600; }  // 2026-01-01
  MemoryMap& memory() override { return map_; }
  Result<DmaBlock> dma(size_t bytes, size_t) override {
    dma_.push_back(std::make_unique<std::vector<uint8_t>>(bytes + 4096));
    uintptr_t at = (reinterpret_cast<uintptr_t>(dma_.back()->data()) + 4095) & ~uintptr_t{4095};
    return DmaBlock{reinterpret_cast<uint8_t*>(at), Phys(at), bytes};
  }
  uint8_t* ram(Phys at) override {
    if (at >= ram_bytes_) std::abort();
    return ram_ + at;
  }
  std::optional<char> key() override {
    if (keys_.empty() || keys_.front().when > now()) return std::nullopt;
    char key = keys_.front().keys.front();
    keys_.front().keys.erase(0, 1);
    if (keys_.front().keys.empty()) keys_.pop_front();
    return key;
  }
  void put(std::string_view text) override { output_.append(text); }
  std::string_view name() override { return "host"; }
  Smbios smbios() override { return smbios_table; }
  std::map<uint32_t, Cpuid> cpuid_leaves;
  std::map<uint32_t, std::vector<uint8_t>> pci_functions;  ///< configuration space, 256 bytes each
  std::map<uint8_t, std::vector<uint8_t>> boot_sectors;    ///< by drive
  std::map<std::string, std::vector<uint8_t>> acpi_tables;  ///< one of each signature
  std::map<std::string, std::vector<uint8_t>> fw_cfg_files;
  using Platform::cpuid;
  std::optional<Cpuid> cpuid(uint32_t leaf, uint32_t subleaf) override {
    auto found = subleaf ? cpuid_leaves.end() : cpuid_leaves.find(leaf);
    return found == cpuid_leaves.end() ? Cpuid{} : found->second;
  }
  /// Set: the machine has UEFI firmware, which runs programs so.
  std::function<Status(Program&)> on_program;
  Firmware firmware() override {
    Firmware firmware;
    if (on_program) firmware.efi = Firmware::Efi{};
    return firmware;
  }
  Status start_program(Program& program) override { return on_program(program); }
  const UefiImages* uefi_images() override { return on_program ? &kUefiImages : nullptr; }
  /// Set: a PC BIOS, on which boot programs run so.
  std::function<uint16_t(Bytes, ProgramServer&, std::optional<uint8_t>)> on_nbp;
  MakeProgramServer program_server() override { return on_nbp ? make_pxe_server : nullptr; }
  Result<uint16_t> run_nbp(Bytes program, ProgramServer& server,
                           std::optional<uint8_t> drive) override {
    return on_nbp(program, server, drive);
  }
  bool traces_rom = false;
  void trace_rom(bool on) override { traces_rom = on; }
  Bytes acpi_table(std::string_view signature, unsigned index) override {
    auto found = index ? acpi_tables.end() : acpi_tables.find(std::string(signature));
    return found == acpi_tables.end() ? Bytes{} : Bytes{found->second};
  }
  std::optional<std::vector<uint8_t>> fw_cfg(std::string_view name) override {
    auto found = fw_cfg_files.find(std::string(name));
    if (found == fw_cfg_files.end()) return std::nullopt;
    return found->second;
  }
  uint32_t pci_read(uint32_t location, uint8_t offset) override {
    auto found = pci_functions.find(location);
    if (found == pci_functions.end()) return 0xffffffff;
    return *read_le<uint32_t>(found->second, offset);
  }
  Result<std::vector<uint8_t>> read_boot_sector(uint8_t drive) override {
    auto found = boot_sectors.find(drive);
    if (found == boot_sectors.end()) return Error{Errc::Io, "no such disk"};
    return found->second;
  }
  uint64_t random() override {
    return random_ = random_ * 6364136223846793005u + 1442695040888963407u;
  }
  bool has_entropy = true;
  Status entropy(MutBytes out) override {
    if (!has_entropy) return Error{Errc::Unsupported, "no noise here"};
    for (uint8_t& byte : out) byte = uint8_t(random() >> 32);
    return ok_status();
  }
  Status check(const LoadPlan& plan) override;
  [[noreturn]] void hand_over(const LoadPlan& plan) override {
    for (const Segment& segment : plan.segments)
      handed.push_back({segment.to,
                        {segment.from.begin(), segment.from.end()},
                        segment.memory_bytes,
                        segment.what});
    entry = plan.entry;
    leave(LeftTheAgent::Way::HandedOver);
  }
  [[noreturn]] void reboot(bool warm) override {
    rebooted_warm = warm;
    leave(LeftTheAgent::Way::Rebooted);
  }
  Status power_off() override {
    if (!can_power_off) return Error{Errc::Unsupported, "no ACPI"};
    leave(LeftTheAgent::Way::PoweredOff);
  }
  [[noreturn]] void exit_to_firmware() override { leave(LeftTheAgent::Way::Exited); }

 private:
  [[noreturn]] void leave(LeftTheAgent::Way way) {
    if (on_leave) on_leave();
    throw LeftTheAgent{way};
  }
  struct Typed {
    Millis when;
    std::string keys;
  };
  uint64_t ram_bytes_;
  uint8_t* ram_ = nullptr;
  MemoryMap map_;
  uint64_t us_ = 0;
  uint64_t random_ = 1;
  std::deque<Typed> keys_;
  std::string output_;
  std::vector<std::unique_ptr<std::vector<uint8_t>>> dma_;
};

inline std::string FakePlatform::screen() const {
  std::string all, line;
  size_t column = 0;
  auto end_line = [&] {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    all += line;
    line.clear();
    column = 0;
  };
  for (char c : output_) {
    if (c == '\n') {
      end_line();
      all += '\n';
    } else if (c == '\r') {
      column = 0;
    } else if (c == '\b') {
      column -= column > 0;
    } else {
      if (column == line.size()) line.push_back(c);
      else line[column] = c;
      ++column;
    }
  }
  end_line();
  return all;
}

inline Status FakePlatform::check(const LoadPlan& plan) {
  for (const Segment& segment : plan.segments) {
    if (segment.memory_bytes == 0) continue;
    if (!map_.is_ram({segment.to, segment.to + segment.memory_bytes}))
      return Error{Errc::Range, segment.what + " does not lie in RAM"};
  }
  return ok_status();
}

}  // namespace hawser::fakes
