#include "net/stack/checksum.h"

#include <cstring>

namespace hawser::stack {
namespace {

template <class T>
T load(const uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

}  // namespace

// Every received byte passes through here. Words of any size may be summed (RFC 1071 §2(B), (C)):
// 64-bit words, with the carry put back at once.
uint16_t checksum_sum(Bytes bytes) {
  const uint8_t* at = bytes.data();
  size_t left = bytes.size();
  uint64_t sum = 0;
  auto add = [&sum](uint64_t word) {
    uint64_t total;
    bool carry = __builtin_add_overflow(sum, word, &total);
    sum = total + carry;
  };
  for (; left >= 32; at += 32, left -= 32) {
    add(load<uint64_t>(at));
    add(load<uint64_t>(at + 8));
    add(load<uint64_t>(at + 16));
    add(load<uint64_t>(at + 24));
  }
  for (; left >= 8; at += 8, left -= 8) add(load<uint64_t>(at));
  if (left > 0) {
    uint64_t word = 0;
    std::memcpy(&word, at, left);
    add(word);
  }
  sum = (sum >> 32) + (sum & 0xffffffff);
  sum = (sum >> 32) + (sum & 0xffffffff);
  sum = (sum >> 16) + (sum & 0xffff);
  sum = (sum >> 16) + (sum & 0xffff);
  return uint16_t(sum);
}

}  // namespace hawser::stack
