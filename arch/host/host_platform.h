// Hawser as a Linux program: clock and terminal of the process, RAM that is one mapping, and ways
// out that print what a real machine would be made to do.
#pragma once

#include <termios.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "src/platform.h"

namespace hawser::host {

class HostPlatform : public Platform {
 public:
  /// `ram_bytes` of RAM that begins at address 0 with a PC's hole below 1 MiB. It is only backed
  /// where it is used. A terminal on standard input is put into raw mode until the program ends.
  explicit HostPlatform(uint64_t ram_bytes);
  ~HostPlatform() override;
  HostPlatform(const HostPlatform&) = delete;
  HostPlatform& operator=(const HostPlatform&) = delete;

  /// idle() also ends when this file descriptor has something to read.
  void watch(int fd) { watched_.push_back(fd); }

  Millis now() override;
  uint64_t now_us() override;
  void idle(Millis at_most) override;
  std::optional<int64_t> wall_clock() override;
  MemoryMap& memory() override { return map_; }
  Result<DmaBlock> dma(size_t bytes, size_t align) override;
  uint8_t* ram(Phys at) override;
  /// At the end of input "exit" is typed once, so that commands from a pipe end the shell.
  std::optional<char> key() override;
  void put(std::string_view text) override;
  std::string_view name() override { return "host"; }
  Smbios smbios() override { return {}; }
  using Platform::cpuid;
  std::optional<Cpuid> cpuid(uint32_t leaf, uint32_t subleaf) override;
  uint64_t random() override;
  Status entropy(MutBytes out) override;
  Status check(const LoadPlan& plan) override;
  [[noreturn]] void hand_over(const LoadPlan& plan) override;  ///< prints the plan
  [[noreturn]] void reboot(bool warm) override;
  Status power_off() override;
  [[noreturn]] void exit_to_firmware() override;

 protected:
  void restore_terminal();
  bool has_terminal() const { return terminal_.has_value(); }

 private:
  uint64_t ram_bytes_;
  uint8_t* ram_ = nullptr;
  MemoryMap map_;
  uint64_t start_us_;
  std::vector<int> watched_;
  std::deque<char> keys_;
  bool input_ended_ = false;
  std::optional<termios> terminal_;  ///< as it was
};

/// A plan for people: one line for the entry, one for each segment.
std::string describe(const LoadPlan& plan);

}  // namespace hawser::host
