// One sort for all lists. The library's would be compiled again for each type and each comparison.
#pragma once

#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

namespace hawser {

using Compare = bool (*)(const void* a, const void* b);
using Swap = void (*)(void* a, void* b);

/// Merge sort, stable: at most `count` * log2(`count`) comparisons, less than `count` swaps, and
/// scratch memory for two numbers an element. `count` is below 2^32; an element has `bytes`.
void sort_list(void* first, size_t count, size_t bytes, Compare less, Swap swap);

/// Puts `items` in the order of `less`; those that are equal stay in the order they had.
template <class T, class Less = std::less<>>
void sort(std::vector<T>& items, Less = {}) {
  static_assert(std::is_empty_v<Less>, "a comparison is made anew for each call: no captures");
  auto less = [](const void* a, const void* b) {
    return Less{}(*static_cast<const T*>(a), *static_cast<const T*>(b));
  };
  auto swap = [](void* a, void* b) { std::swap(*static_cast<T*>(a), *static_cast<T*>(b)); };
  sort_list(items.data(), items.size(), sizeof(T), less, swap);
}

}  // namespace hawser
