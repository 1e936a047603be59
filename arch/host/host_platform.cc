#include "arch/host/host_platform.h"

#include <cpuid.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "src/base/format.h"

namespace hawser::host {
namespace {

constexpr Phys kBaseMemoryEnd = 0x9fc00;  // where a PC's extended BIOS data area begins
constexpr Phys kHighMemory = 0x100000;
constexpr Phys kPciHole = 0xc0000000, kAbove4G = 0x100000000;

uint64_t clock_us() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return uint64_t(now.tv_sec) * 1'000'000 + uint64_t(now.tv_nsec) / 1000;
}

/// As on a PC: RAM that would lie in the PCI hole continues above 4 GiB.
std::vector<MemoryRegion> pc_map(uint64_t ram_bytes) {
  std::vector<MemoryRegion> map = {{{0, kBaseMemoryEnd}, MemoryType::Ram},
                                   {{kBaseMemoryEnd, kHighMemory}, MemoryType::Reserved},
                                   {{kHighMemory, std::min(ram_bytes, kPciHole)}, MemoryType::Ram}};
  if (ram_bytes > kPciHole)
    map.push_back({{kAbove4G, kAbove4G + (ram_bytes - kPciHole)}, MemoryType::Ram});
  return map;
}

std::string describe_range(Phys start, uint64_t bytes) {
  return cat("0x", hex(start, 9), "-0x", hex(start + bytes, 9));
}

}  // namespace

HostPlatform::HostPlatform(uint64_t ram_bytes)
    : ram_bytes_(ram_bytes > kPciHole ? ram_bytes + (kAbove4G - kPciHole) : ram_bytes),
      map_(pc_map(ram_bytes)),
      start_us_(clock_us()) {
  void* at = mmap(nullptr, ram_bytes_, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) {
    put("hawser: this much memory cannot be mapped\n");
    std::exit(1);
  }
  ram_ = static_cast<uint8_t*>(at);
  termios now;
  if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &now) != 0) return;
  terminal_ = now;
  now.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG);  // keys one by one; Ctrl-C is ours
  now.c_iflag &= ~tcflag_t(ICRNL | IXON);
  tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

HostPlatform::~HostPlatform() {
  restore_terminal();
  munmap(ram_, ram_bytes_);
}

void HostPlatform::restore_terminal() {
  if (terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &*terminal_);
  terminal_.reset();
}

Millis HostPlatform::now() { return {int64_t(now_us() / 1000)}; }
uint64_t HostPlatform::now_us() { return clock_us() - start_us_; }

void HostPlatform::idle(Millis at_most) {
  std::vector<pollfd> wait;
  if (!input_ended_) wait.push_back({STDIN_FILENO, POLLIN, 0});
  for (int fd : watched_) wait.push_back({fd, POLLIN, 0});
  poll(wait.data(), wait.size(), int(std::clamp<int64_t>(at_most.ms, 0, 60)));
}

std::optional<int64_t> HostPlatform::wall_clock() { return time(nullptr); }

Result<DmaBlock> HostPlatform::dma(size_t bytes, size_t align) {
  void* at = nullptr;
  if (posix_memalign(&at, std::max<size_t>(align, sizeof(void*)), std::max<size_t>(bytes, 1)) != 0)
    return Error{Errc::NoMemory, cat("no memory for a device: ", human_size(bytes))};
  std::fill_n(static_cast<uint8_t*>(at), bytes, uint8_t{0});
  return DmaBlock{static_cast<uint8_t*>(at), reinterpret_cast<Phys>(at), bytes};
}

uint8_t* HostPlatform::ram(Phys at) {
  if (at >= ram_bytes_) std::abort();
  return ram_ + at;
}

std::optional<char> HostPlatform::key() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (keys_.empty() && !input_ended_ && poll(&input, 1, 0) > 0) {
    char typed[64];
    ssize_t n = read(STDIN_FILENO, typed, sizeof typed);
    if (n > 0) {
      keys_.assign(typed, typed + n);
    } else if (n == 0 || errno != EINTR) {
      input_ended_ = true;
      keys_ = {'e', 'x', 'i', 't', '\r'};
    }
  }
  if (keys_.empty()) return std::nullopt;
  char key = keys_.front();
  keys_.pop_front();
  return key;
}

void HostPlatform::put(std::string_view text) {
  while (!text.empty()) {
    ssize_t n = write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // nobody reads: nothing else to do with it
    text.remove_prefix(size_t(n));
  }
}

std::optional<Platform::Cpuid> HostPlatform::cpuid(uint32_t leaf, uint32_t subleaf) {
  Cpuid found;
  __cpuid_count(leaf, subleaf, found.eax, found.ebx, found.ecx, found.edx);
  return found;
}

uint64_t HostPlatform::random() {
  uint64_t value = 0;
  while (getrandom(&value, sizeof value, 0) != sizeof value) {
  }
  return value;
}

Status HostPlatform::entropy(MutBytes out) {
  while (!out.empty()) {
    ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0) out = out.subspan(size_t(got));
  }
  return ok_status();
}

Status HostPlatform::check(const LoadPlan& plan) {
  std::vector<const Segment*> placed;
  for (const Segment& segment : plan.segments) {
    if (segment.memory_bytes == 0) continue;
    Range range{segment.to, segment.to + segment.memory_bytes};
    if (range.end < range.start || !map_.is_ram(range))
      return Error{Errc::Range,
                   cat(segment.what, " would lie at ",
                       describe_range(segment.to, segment.memory_bytes), ", which is not all RAM")};
    for (const Segment* other : placed)
      if (range.overlaps({other->to, other->to + other->memory_bytes}))
        return Error{
            Errc::Range,
            cat(segment.what, " at ", describe_range(segment.to, segment.memory_bytes),
                " overlaps ", other->what, " at ", describe_range(other->to, other->memory_bytes))};
    placed.push_back(&segment);
  }
  return ok_status();
}

void HostPlatform::hand_over(const LoadPlan& plan) {
  put(describe(plan));
  restore_terminal();
  std::exit(0);
}

void HostPlatform::reboot(bool warm) {
  put(warm ? "(the machine would restart warm here)\n" : "(the machine would restart here)\n");
  restore_terminal();
  std::exit(0);
}

Status HostPlatform::power_off() {
  put("(the machine would switch off here)\n");
  restore_terminal();
  std::exit(0);
}

void HostPlatform::exit_to_firmware() {
  restore_terminal();
  std::exit(0);
}

std::string describe(const LoadPlan& plan) {
  std::string text = "Load plan: ";
  if (const auto* real = std::get_if<RealModeEntry>(&plan.entry)) {
    text += cat("real mode at ", hex(real->code_segment, 4), ':', hex(real->ip, 4), ", data at ",
                hex(real->segment, 4), ":0000, stack at ", hex(real->segment, 4), ':',
                hex(real->sp, 4), '\n');
  } else if (const auto* flat = std::get_if<ProtectedModeEntry>(&plan.entry)) {
    text += cat("protected mode at 0x", hex(flat->eip, 8), ", eax=0x", hex(flat->eax, 8), " ebx=0x",
                hex(flat->ebx, 8), " esi=0x", hex(flat->esi, 8), '\n');
  } else if (const auto* efi = std::get_if<EfiEntry>(&plan.entry)) {
    text += cat("UEFI at 0x", hex(efi->rip, 8), ", eax=0x", hex(efi->eax, 8), " rbx=0x",
                hex(efi->rbx, 8), '\n');
  } else if (const auto* wide = std::get_if<LongModeEntry>(&plan.entry)) {
    text += cat("64-bit mode at 0x", hex(wide->rip, 8), ", rdi=0x", hex(wide->rdi, 8), '\n');
  }
  for (const Segment& segment : plan.segments)
    text += cat("  ", describe_range(segment.to, segment.memory_bytes), ' ', segment.what, ", ",
                human_size(segment.from.size()), " of data\n");
  return text;
}

}  // namespace hawser::host
