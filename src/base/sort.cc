#include "src/base/sort.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

namespace hawser {

namespace {

/// Positions in the list, in the order that its elements shall have.
std::vector<uint32_t> order_of(const uint8_t* first, size_t count, size_t bytes, Compare less) {
  std::vector<uint32_t> order(count), before(count);
  std::iota(order.begin(), order.end(), 0);
  for (size_t run = 1; run < count; run *= 2) {  // pairs of sorted runs become one each
    order.swap(before);
    for (size_t at = 0; at < count;) {
      size_t a = at, a_end = std::min(at + run, count);
      size_t b = a_end, b_end = std::min(a_end + run, count);
      for (; at < b_end; ++at) {
        bool take_b =
            a == a_end || (b < b_end && less(first + before[b] * bytes, first + before[a] * bytes));
        order[at] = before[take_b ? b++ : a++];
      }
    }
  }
  return order;
}

}  // namespace

void sort_list(void* first, size_t count, size_t bytes, Compare less, Swap swap) {
  if (count < 2) return;
  auto* list = static_cast<uint8_t*>(first);
  std::vector<uint32_t> order = order_of(list, count, bytes, less);
  for (size_t start = 0; start < count; ++start) {
    size_t at = start;
    while (order[at] != start) {  // around a cycle: the element that lies in the way goes on
      size_t next = std::exchange(order[at], uint32_t(at));
      swap(list + at * bytes, list + next * bytes);
      at = next;
    }
    order[at] = uint32_t(at);
  }
}

}  // namespace hawser
