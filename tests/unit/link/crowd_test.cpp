#include "link/crowd.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "support/seeded_random.hpp"

namespace fairlead::link {
namespace {

using base::ConnId;

std::set<uint64_t> picked(const Crowd& crowd, int times) {
  support::SeededRandom random(7);
  std::set<uint64_t> ids;
  for (int i = 0; i < times; ++i) ids.insert(crowd.pick(random).value);
  return ids;
}

TEST(Crowd, PicksAnyOfTheSourceThatHasTheMost) {
  Crowd crowd;
  crowd.add(ConnId(1), "alone");
  for (const uint64_t id : {2u, 3u, 4u}) crowd.add(ConnId(id), "crowd");
  crowd.add(ConnId(5), "alone");

  EXPECT_EQ(picked(crowd, 100), (std::set<uint64_t>{2, 3, 4}));
}

TEST(Crowd, PicksAmongSourcesThatHaveEquallyMany) {
  Crowd crowd;
  for (uint64_t id = 1; id <= 4; ++id) crowd.add(ConnId(id), "source " + std::to_string(id));

  EXPECT_EQ(picked(crowd, 100), (std::set<uint64_t>{1, 2, 3, 4}));
}

TEST(Crowd, ForgetsWhoLeaves) {
  Crowd crowd;
  for (const uint64_t id : {1u, 2u, 3u}) crowd.add(ConnId(id), "crowd");
  for (const uint64_t id : {4u, 5u}) crowd.add(ConnId(id), "pair");

  crowd.remove(ConnId(1));
  crowd.remove(ConnId(3));

  EXPECT_EQ(crowd.size(), 3u);
  EXPECT_EQ(picked(crowd, 100), (std::set<uint64_t>{4, 5}));
}

TEST(Crowd, TakesNoNoticeOfStrangersThatLeave) {
  Crowd crowd;
  crowd.add(ConnId(1), "one");

  crowd.remove(ConnId(2));

  EXPECT_EQ(crowd.size(), 1u);
}

TEST(Crowd, AgreesWithASimpleModel) {
  Crowd crowd;
  support::SeededRandom random(11);
  std::map<uint64_t, std::string> model;
  for (uint64_t step = 1; step <= 20'000; ++step) {
    if (model.empty() || random.below(2) == 0) {
      const std::string source = "source " + std::to_string(random.below(20));
      crowd.add(ConnId(step), source);
      model.emplace(step, source);
    } else {
      const auto at = std::next(model.begin(), static_cast<std::ptrdiff_t>(random.below(model.size())));
      crowd.remove(ConnId(at->first));
      model.erase(at);
    }
    ASSERT_EQ(crowd.size(), model.size());
    if (model.empty()) continue;
    std::map<std::string, int> counts;
    int most = 0;
    for (const auto& [id, source] : model) most = std::max(most, ++counts[source]);
    ASSERT_EQ(counts.at(model.at(crowd.pick(random).value)), most) << "step " << step;
  }
}

}  // namespace
}  // namespace fairlead::link
