#include <fcntl.h>

#include "unit/loop/given_loop.hpp"

namespace fairlead::support {
namespace {

class Watching : public GivenLoop {
 protected:
  std::unique_ptr<loop::Watch> watch(uint32_t events) {
    auto made = loop->watch(pair.ends[0], events, &call, &body);
    EXPECT_TRUE(made.has_value());
    return std::move(*made);
  }

  SocketPair pair;
  int calls = 0;
  uint32_t seen = 0;
  std::function<void(uint32_t)> body = [this](uint32_t events) {
    ++calls;
    seen |= events;
  };
};

TEST_F(Watching, TellsThatBytesArrived) {
  const auto watching = watch(loop::kReadable);
  pair.put(1);

  run_turns(1);

  EXPECT_EQ(seen, loop::kReadable);
}

TEST_F(Watching, RepeatsWhileBytesAreLeft) {
  const auto watching = watch(loop::kReadable);
  pair.put(1);

  run_turns(5);

  EXPECT_GE(calls, 4);
}

TEST_F(Watching, IsQuietWhileNothingHappens) {
  const auto watching = watch(loop::kReadable);

  run_turns(5);

  EXPECT_EQ(calls, 0);
}

TEST_F(Watching, TellsThatWritingIsPossible) {
  const auto watching = watch(loop::kWritable);

  run_turns(1);

  EXPECT_EQ(seen, loop::kWritable);
}

TEST_F(Watching, WantZeroIsSilenceDespiteBytes) {
  const auto watching = watch(loop::kReadable);
  pair.put(1);
  watching->want(0);

  run_turns(5);

  EXPECT_EQ(calls, 0);
}

TEST_F(Watching, WantZeroIsSilenceDespiteHangup) {
  const auto watching = watch(0);
  pair.close_one(1);

  run_turns(5);

  EXPECT_EQ(calls, 0);
}

TEST_F(Watching, WantAgainEndsTheSilence) {
  const auto watching = watch(0);
  pair.put(1);
  watching->want(loop::kReadable);

  run_turns(1);

  EXPECT_EQ(seen, loop::kReadable);
}

TEST_F(Watching, HangupReachesWhoeverReads) {
  const auto watching = watch(loop::kReadable);
  pair.close_one(1);

  run_turns(1);

  EXPECT_EQ(seen, loop::kReadable | loop::kHangup);
}

TEST_F(Watching, NothingComesAfterDestruction) {
  auto watching = watch(loop::kReadable);
  pair.put(1);
  watching.reset();

  run_turns(3);

  EXPECT_EQ(calls, 0);
}

TEST_F(Watching, DescriptorStaysTheCallers) {
  watch(loop::kReadable).reset();

  EXPECT_NE(::fcntl(pair.ends[0], F_GETFD), -1);
}

TEST_F(Watching, MayBeDestroyedInItsOwnBody) {
  auto watching = watch(loop::kReadable);
  body = [&](uint32_t) {
    ++calls;
    watching.reset();
  };
  pair.put(1);

  run_turns(3);

  EXPECT_EQ(calls, 1);
}

TEST_F(Watching, MayDestroyAnotherThatIsReadyToo) {
  std::unique_ptr<loop::Watch> first, second;
  body = [&](uint32_t) {
    ++calls;
    first.reset();
    second.reset();
  };
  first = watch(loop::kReadable);
  auto other = loop->watch(pair.ends[1], loop::kReadable, &call, &body);
  second = std::move(*other);
  pair.put(0);
  pair.put(1);

  run_turns(3);

  EXPECT_EQ(calls, 1);
}

TEST_F(Watching, RefusesAClosedDescriptor) {
  pair.close_one(0);

  EXPECT_FALSE(loop->watch(pair.ends[0], loop::kReadable, &call, &body).has_value());
}

TEST_F(Watching, RefusesAPlainFile) {
  const int file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

  EXPECT_FALSE(loop->watch(file, loop::kReadable, &call, &body).has_value());

  ::close(file);
}

}  // namespace
}  // namespace fairlead::support
