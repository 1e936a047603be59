// src/base/sort.h against what the library makes of the same lists.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include "src/base/sort.h"

namespace hawser {
namespace {

struct Item {
  unsigned key;
  std::string name;  ///< moves must not lose it
  bool operator==(const Item&) const = default;
};

auto by_key = [](const Item& a, const Item& b) { return a.key < b.key; };

TEST(Sort, IsStableForAllLengthsAndNumbersOfKeys) {
  std::mt19937 random{1};
  for (size_t count = 0; count < 70; ++count)
    for (unsigned keys : {1u, 2u, 7u, 1000u}) {
      std::vector<Item> items;
      for (size_t i = 0; i < count; ++i)
        items.push_back({unsigned(random() % keys), "a name of some length: " + std::to_string(i)});
      std::vector<Item> expected = items;
      std::stable_sort(expected.begin(), expected.end(), by_key);
      sort(items, by_key);
      EXPECT_EQ(items, expected) << count << " items, " << keys << " keys";
    }
}

TEST(Sort, TakesListsThatAreInOrderOrReversed) {
  std::vector<uint64_t> up(1000), down;
  for (size_t i = 0; i < up.size(); ++i) up[i] = i;
  down.assign(up.rbegin(), up.rend());
  std::vector<uint64_t> items = up;
  sort(items);
  EXPECT_EQ(items, up);
  sort(items, std::greater<>());
  EXPECT_EQ(items, down);
  sort(items);
  EXPECT_EQ(items, up);
}

size_t comparisons;

TEST(Sort, ComparesNoMoreThanMergingNeeds) {
  std::mt19937 random{2};
  std::vector<uint32_t> items(1 << 14);
  for (uint32_t& item : items) item = uint32_t(random());
  comparisons = 0;
  sort(items, [](uint32_t a, uint32_t b) {
    ++comparisons;
    return a < b;
  });
  EXPECT_TRUE(std::is_sorted(items.begin(), items.end()));
  EXPECT_LE(comparisons, items.size() * 14);
}

TEST(Sort, MovesWhatCannotBeCopied) {
  std::vector<std::unique_ptr<int>> items;
  for (int value : {3, 1, 2}) items.push_back(std::make_unique<int>(value));
  sort(items, [](const auto& a, const auto& b) { return *a < *b; });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*items[size_t(i)], i + 1);
}

}  // namespace
}  // namespace hawser
