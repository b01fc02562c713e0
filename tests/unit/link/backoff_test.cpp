#include "link/backoff.hpp"

#include <gtest/gtest.h>

namespace fairlead::link {
namespace {

using namespace std::chrono_literals;

/// Always the largest value: shows the ceiling of each wait.
class Largest final : public base::Random {
 public:
  void fill(base::MutableByteView out) noexcept override {
    for (uint8_t& byte : out) byte = 0;
    if (out.size() == 8) base::store_be(out, value);
  }
  uint64_t value = 0;
};

TEST(Backoff, WaitsAreUniformBelowADoublingCeiling) {
  Largest random;
  Backoff backoff(random);

  for (const auto ceiling : {500ms, 1'000ms, 2'000ms, 4'000ms, 8'000ms, 16'000ms, 30'000ms, 30'000ms}) {
    random.value = static_cast<uint64_t>(ceiling.count());
    EXPECT_EQ(backoff.next(), ceiling);
  }
}

TEST(Backoff, MayBeZero) {
  Largest random;

  EXPECT_EQ(Backoff(random).next(), 0ms);
}

TEST(Backoff, StartsAnewAfterAConnectionThatHeld) {
  Largest random;
  Backoff backoff(random);
  for (int i = 0; i < 5; ++i) backoff.next();

  backoff.connected(base::MonoTime(100s));
  backoff.lost(base::MonoTime(160s));

  random.value = 500;
  EXPECT_EQ(backoff.next(), 500ms);
}

TEST(Backoff, GoesOnAfterAConnectionThatDidNotHold) {
  Largest random;
  Backoff backoff(random);
  for (int i = 0; i < 5; ++i) backoff.next();

  backoff.connected(base::MonoTime(100s));
  backoff.lost(base::MonoTime(159s));

  random.value = 16'000;
  EXPECT_EQ(backoff.next(), 16'000ms);
}

}  // namespace
}  // namespace fairlead::link
