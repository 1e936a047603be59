// memcpy, memmove, memset and memcmp. newlib's own use non-temporal stores from 256 bytes up, which
// makes the copy of a network packet an order of magnitude slower than plain moves. In 64-bit words:
// QEMU's TCG takes twice as long over SSE2 moves, and real memory is slower than either.
#include <cstddef>
#include <cstdint>

namespace {

// Unaligned views of memory that may alias anything. Structures, because a template argument loses
// such attributes when they are a plain type's.
template <class T>
struct [[gnu::packed, gnu::may_alias]] Unaligned {
  T value;
};

template <class T>
T load(const void* base, size_t offset) {
  return reinterpret_cast<const Unaligned<T>*>(static_cast<const char*>(base) + offset)->value;
}
template <class T>
void store(void* base, size_t offset, T value) {
  reinterpret_cast<Unaligned<T>*>(static_cast<char*>(base) + offset)->value = value;
}

// Moves the first and the last T of `bytes`, which may overlap each other; both are read before
// either is written.
template <class T>
[[gnu::always_inline]] inline void copy_ends(void* to, const void* from, size_t bytes) {
  T head = load<T>(from, 0), tail = load<T>(from, bytes - sizeof(T));
  store(to, 0, head);
  store(to, bytes - sizeof(T), tail);
}

// Up to 7 bytes.
inline void copy_small(void* to, const void* from, size_t bytes) {
  if (bytes >= 4) {
    copy_ends<uint32_t>(to, from, bytes);
  } else if (bytes >= 2) {
    copy_ends<uint16_t>(to, from, bytes);
  } else if (bytes) {
    store(to, 0, load<char>(from, 0));
  }
}

[[gnu::always_inline]] inline void copy_32(void* to, const void* from, size_t offset) {
  auto a = load<uint64_t>(from, offset), b = load<uint64_t>(from, offset + 8);
  auto c = load<uint64_t>(from, offset + 16), d = load<uint64_t>(from, offset + 24);
  store(to, offset, a);
  store(to, offset + 8, b);
  store(to, offset + 16, c);
  store(to, offset + 24, d);
}

}  // namespace

extern "C" {

// Right for overlap as well when `to` lies below `from`: each step reads all it needs first.
void* memcpy(void* to, const void* from, size_t bytes) {
  size_t done = 0;
  for (; bytes - done >= 32; done += 32) copy_32(to, from, done);
  for (; bytes - done >= 8; done += 8) store(to, done, load<uint64_t>(from, done));
  copy_small(static_cast<char*>(to) + done, static_cast<const char*>(from) + done, bytes - done);
  return to;
}

void* memmove(void* to, const void* from, size_t bytes) {
  auto gap = reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from);
  if (gap >= bytes) return memcpy(to, from, bytes);  // below, or no overlap
  size_t left = bytes;
  for (; left >= 32; left -= 32) copy_32(to, from, left - 32);
  for (; left >= 8; left -= 8) store(to, left - 8, load<uint64_t>(from, left - 8));
  copy_small(to, from, left);
  return to;
}

void* memset(void* to, int value, size_t bytes) {
  uint64_t word = uint8_t(value) * 0x0101010101010101u;
  size_t done = 0;
  for (; bytes - done >= 32; done += 32) {
    store(to, done, word);
    store(to, done + 8, word);
    store(to, done + 16, word);
    store(to, done + 24, word);
  }
  for (; bytes - done >= 8; done += 8) store(to, done, word);
  // volatile, or the compiler would see a memset() in this loop.
  for (auto* bytewise = static_cast<volatile char*>(to); done < bytes; ++done)
    bytewise[done] = char(value);
  return to;
}

int memcmp(const void* left, const void* right, size_t bytes) {
  size_t done = 0;
  while (bytes - done >= 8 && load<uint64_t>(left, done) == load<uint64_t>(right, done)) done += 8;
  for (; done < bytes; ++done) {
    int difference = load<uint8_t>(left, done) - load<uint8_t>(right, done);
    if (difference) return difference;
  }
  return 0;
}

}  // extern "C"
