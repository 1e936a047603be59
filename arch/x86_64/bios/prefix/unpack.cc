// The unpacker: the first C++ that runs. Reads the memory map through the thunk, picks a place for
// the agent, unpacks the core there, relocates it and jumps. Position-independent, no globals.
#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/x86_64/bios/low_block.h"
#include "arch/x86_64/bios/placement.h"
#include "arch/x86_64/bios/prefix/lzma.h"
#include "arch/x86_64/bios/prefix/streams.h"
#include "arch/x86_64/io.h"

extern "C" {
extern char low_entry[];
void low_thunk();
void unpack_core();

// The compiler turns copies and fills into calls of these.
void* memcpy(void* to, const void* from, size_t bytes) {
  void* result = to;
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
  return result;
}
void* memset(void* to, int value, size_t bytes) {
  void* result = to;
  asm volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(value) : "memory");
  return result;
}
}

namespace hawser::bios {
namespace {

LowData& low() { return *reinterpret_cast<LowData*>(low_entry + LOW_DATA); }

uint16_t& base_memory_kb() {
  uintptr_t at = 0x413;
  asm("" : "+r"(at));  // the compiler knows no object there and would warn
  return *reinterpret_cast<uint16_t*>(at);
}

void interrupt(uint8_t number, RealModeCall& call) {
  uintptr_t vector = number * 4u;
  asm("" : "+r"(vector));
  auto* target = reinterpret_cast<const uint16_t*>(vector);
  call.target_offset = target[0];
  call.target_segment = target[1];
  call.kind = CALL_INTERRUPT;
  low().call = call;
  low_thunk();
  call = low().call;
}

void print(const char* text) {
  for (; *text; ++text) {
    RealModeCall call;
    call.eax = 0x0e00u | uint8_t(*text);  // INT 10h AH=0Eh: teletype
    call.ebx = 7;
    interrupt(0x10, call);
  }
}

/// PCI configuration mechanism 1 (PCI Local Bus 3.0 §3.2.2.3.2).
void write_config(uint32_t device, uint32_t reg, uint32_t value) {
  out32(0xcf8, 0x80000000u | device << 8 | reg);
  out32(0xcfc, value);
}

/// Puts the card's registers back as the BIOS left them.
void close_rom_window(const StartInfo& start) {
  if (start.kind != START_FROM_ROM) return;
  write_config(start.pci, 0x30, start.rom_bar);
  out32(0xcf8, 0x80000000u | start.pci << 8 | 0x04);
  out16(0xcfc, uint16_t(start.pci_command));
}

/// Returns to the PXE ROM that loaded us, which goes on with what it has next.
[[noreturn]] void return_to_pxe() {
  constexpr uint32_t kFailure = 1;  // PXENV_EXIT_FAILURE
  low().call.eax = kFailure;
  low().call.kind = CALL_RETURN;
  low_thunk();
  __builtin_unreachable();
}

[[noreturn]] void fail(const char* why) {
  close_rom_window(low().start);
  print("Hawser: cannot start: ");
  print(why);
  print("\r\n");
  base_memory_kb() = uint16_t(low().base_kb);
  RealModeCall call;
  if (low().start.kind == START_FROM_ROM) interrupt(0x18, call);  // the next boot device
  if (low().start.kind == START_FROM_PXE) return_to_pxe();
  print("Press a key to reboot.");
  call = {};
  interrupt(0x16, call);
  for (;;) {
    out8(0x64, 0xfe);  // keyboard controller: pulse the reset line
    asm volatile("hlt");
  }
}

/// INT 15h E820h (ACPI 6.5 §15.1). Entries go straight into the shared page.
void read_memory_map() {
  AgentRecord& agent = low().agent;
  auto* bounce = low_entry + LOW_DATA + offsetof(LowData, agent) + offsetof(AgentRecord, e820);
  RealModeCall call;
  call.ebx = 0;
  agent.e820_count = 0;
  do {
    char* entry = bounce + agent.e820_count * sizeof(E820Entry);
    call.eax = 0xe820;
    call.ecx = sizeof(E820Entry);
    call.edx = 0x534d4150;  // "SMAP"
    call.es = uint16_t(low().base >> 4);
    call.edi = uint32_t(entry - low_entry);
    interrupt(0x15, call);
    if (call.carry() || call.eax != 0x534d4150) break;
    if (agent.e820[agent.e820_count].bytes) ++agent.e820_count;
  } while (call.ebx && agent.e820_count < kMaxE820);
}

/// CRC-32 (IEEE 802.3), four bits at a time.
uint32_t crc32(const uint8_t* at, size_t bytes) {
  uint32_t table[16];
  for (uint32_t i = 0; i < 16; ++i) {
    uint32_t value = i;
    for (int k = 0; k < 4; ++k) value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
    table[i] = value;
  }
  uint32_t crc = ~0u;
  for (; bytes; --bytes, ++at) {
    crc ^= *at;
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

Span page_span(uint64_t start, uint64_t bytes) {
  return {start & ~uint64_t{4095}, (start + bytes + 4095) & ~uint64_t{4095}};
}

/// Copies from the payload, 32 bits at a time, since a ROM is slow. `bytes` is rounded up to words.
void copy_words(void* to, const uint8_t* from, uint32_t bytes) {
  auto* source = reinterpret_cast<const volatile uint32_t*>(from);
  for (uint32_t i = 0; i < (bytes + 3) / 4; ++i) static_cast<uint32_t*>(to)[i] = source[i];
}

/// What hawser-pack added goes to the end of `place`, which is shortened by it.
void keep_pack(const PayloadHeader& header, const uint8_t* payload, Span& place) {
  AgentRecord& agent = low().agent;
  agent.pack_bytes = header.pack_bytes;
  if (!header.pack_bytes) return;
  agent.pack = (place.end - header.pack_bytes) & ~uint64_t{15};
  place.end = agent.pack;
  auto* pack = reinterpret_cast<uint8_t*>(agent.pack);
  copy_words(pack, payload + header.pack_at, header.pack_bytes & ~3u);
  if (crc32(pack, header.pack_bytes) != header.pack_crc32)
    fail("what hawser-pack added is damaged. Write the ROM or file again.");
}

/// Adds where the image lies to each word that `list` names, by distances (scripts/mkimage.py).
void relocate(uint8_t* image, const uint8_t* list, uint32_t count) {
  for (uint32_t at = 0; count; --count) {
    uint32_t distance = 0;
    for (int shift = 0;; shift += 7) {
      distance |= uint32_t{*list & 0x7fu} << shift;
      if (!(*list++ & 0x80)) break;
    }
    at += distance;
    *reinterpret_cast<uint64_t*>(image + at) += uintptr_t(image);
  }
}

/// Unpacks into `place`. The packed copy, the plain one and the decoder live at its end, in what becomes
/// the heap.
void unpack(const PayloadHeader& header, const uint8_t* payload, Span place) {
  auto* image = reinterpret_cast<uint8_t*>(place.start);
  uintptr_t top = place.end;
  auto take = [&top](size_t bytes) { return top = (top - bytes) & ~uintptr_t{15}; };
  auto* packed = reinterpret_cast<uint32_t*>(take((header.packed_bytes + 3) & ~3u));
  auto* plain = reinterpret_cast<uint8_t*>(take(header.plain_bytes));
  auto* decoder = reinterpret_cast<LzmaDecoder*>(take(sizeof(LzmaDecoder)));
  copy_words(packed, payload + header.packed_at, header.packed_bytes);
  if (!decoder->run(reinterpret_cast<uint8_t*>(packed), header.packed_bytes, plain,
                    header.plain_bytes))
    fail("the packed image is damaged. Write the ROM or file again.");
  if (crc32(plain, header.plain_bytes) != header.crc32)
    fail("the image's checksum is wrong. Write the ROM or file again.");

  const uint8_t* data = join_streams(plain, header.plain_bytes, image, header.code_bytes);
  if (!data) fail("the image's code is damaged. Write the ROM or file again.");
  size_t data_bytes = header.image_bytes - header.code_bytes;
  memcpy(image + header.code_bytes, data, data_bytes);
  relocate(image, data + data_bytes, header.relocations);
  memset(image + header.image_bytes, 0, header.memory_bytes - header.image_bytes);
}

}  // namespace
}  // namespace hawser::bios

void unpack_core() {
  using namespace hawser::bios;
  uint64_t began = hawser::rdtsc();
  const auto* payload = reinterpret_cast<const uint8_t*>(uintptr_t{low().payload});
  PayloadHeader header;
  memcpy(&header, payload + PAYLOAD_HEADER, sizeof header);
  if (header.magic != PAYLOAD_MAGIC) fail("the ROM's contents cannot be read.");

  read_memory_map();
  AgentRecord& agent = low().agent;
  const StartInfo& start = low().start;
  const Span avoid[] = {
      page_span(low().payload, header.total_bytes),
      page_span(start.initrd, start.initrd_bytes),
  };
  uint64_t image_bytes = uint64_t{header.memory_bytes} + header.plain_bytes + header.pack_bytes;
  auto place = choose_placement(std::span(agent.e820, agent.e820_count), avoid, image_bytes);
  if (!place) fail("there is too little memory below 4 GiB (16 MiB are needed).");

  agent.base = place->start;
  agent.bytes = place->end - place->start;
  keep_pack(header, payload, *place);
  unpack(header, payload, *place);
  close_rom_window(start);
  agent.unpack_cycles = hawser::rdtsc() - began;
  reinterpret_cast<void (*)(LowData*)>(place->start + header.entry)(&low());
}
