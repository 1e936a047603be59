// memcpy, memmove, memset and memcmp. newlib's own use non-temporal stores from 256 bytes up, which
// makes the copy of a network packet an order of magnitude slower than plain SSE2 moves.
#include <cstddef>
#include <cstdint>

namespace {

// Unaligned views of memory that may alias anything.
using Word = uint64_t __attribute__((aligned(1), may_alias));
typedef long long Vector __attribute__((vector_size(16), aligned(1), may_alias));

template <class T>
T& at(void* base, size_t offset) {
  return *reinterpret_cast<T*>(static_cast<char*>(base) + offset);
}
template <class T>
const T& at(const void* base, size_t offset) {
  return *reinterpret_cast<const T*>(static_cast<const char*>(base) + offset);
}

// Up to 31 bytes: everything is read before anything is written, so overlap does no harm.
inline void copy_small(void* to, const void* from, size_t bytes) {
  if (bytes >= 16) {
    Vector head = at<Vector>(from, 0), tail = at<Vector>(from, bytes - 16);
    at<Vector>(to, 0) = head;
    at<Vector>(to, bytes - 16) = tail;
  } else if (bytes >= 8) {
    Word head = at<Word>(from, 0), tail = at<Word>(from, bytes - 8);
    at<Word>(to, 0) = head;
    at<Word>(to, bytes - 8) = tail;
  } else if (bytes >= 4) {
    using Half = uint32_t __attribute__((aligned(1), may_alias));
    Half head = at<Half>(from, 0), tail = at<Half>(from, bytes - 4);
    at<Half>(to, 0) = head;
    at<Half>(to, bytes - 4) = tail;
  } else if (bytes) {
    char first = at<char>(from, 0), middle = at<char>(from, bytes / 2);
    char last = at<char>(from, bytes - 1);
    at<char>(to, 0) = first;
    at<char>(to, bytes / 2) = middle;
    at<char>(to, bytes - 1) = last;
  }
}

[[gnu::always_inline]] inline void copy_64(void* to, const void* from, size_t offset) {
  Vector a = at<Vector>(from, offset), b = at<Vector>(from, offset + 16);
  Vector c = at<Vector>(from, offset + 32), d = at<Vector>(from, offset + 48);
  at<Vector>(to, offset) = a;
  at<Vector>(to, offset + 16) = b;
  at<Vector>(to, offset + 32) = c;
  at<Vector>(to, offset + 48) = d;
}

}  // namespace

extern "C" {

// Right for overlap as well when `to` lies below `from`: each step reads all it needs first.
void* memcpy(void* to, const void* from, size_t bytes) {
  size_t done = 0;
  for (; bytes - done >= 64; done += 64) copy_64(to, from, done);
  for (; bytes - done >= 16; done += 16) at<Vector>(to, done) = at<Vector>(from, done);
  copy_small(&at<char>(to, done), &at<char>(from, done), bytes - done);
  return to;
}

void* memmove(void* to, const void* from, size_t bytes) {
  auto gap = reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from);
  if (gap >= bytes) return memcpy(to, from, bytes);  // below, or no overlap
  size_t left = bytes;
  for (; left >= 64; left -= 64) copy_64(to, from, left - 64);
  for (; left >= 16; left -= 16) at<Vector>(to, left - 16) = at<Vector>(from, left - 16);
  copy_small(to, from, left);
  return to;
}

void* memset(void* to, int value, size_t bytes) {
  uint64_t word = uint8_t(value) * 0x0101010101010101u;
  Vector fill = {static_cast<long long>(word), static_cast<long long>(word)};
  size_t done = 0;
  for (; bytes - done >= 64; done += 64)
    for (size_t part = 0; part < 64; part += 16) at<Vector>(to, done + part) = fill;
  for (; bytes - done >= 8; done += 8) at<Word>(to, done) = word;
  for (volatile char* tail = &at<char>(to, 0); done < bytes; ++done) tail[done] = char(value);
  return to;
}

int memcmp(const void* left, const void* right, size_t bytes) {
  size_t done = 0;
  while (bytes - done >= 8 && at<Word>(left, done) == at<Word>(right, done)) done += 8;
  for (; done < bytes; ++done) {
    int difference = at<uint8_t>(left, done) - at<uint8_t>(right, done);
    if (difference) return difference;
  }
  return 0;
}

}  // extern "C"
