// What a pipe does with the messages that a transport lends: copies, side by side in as few blocks as it
// takes.
#include <gtest/gtest.h>

#include "link/pipe.hpp"
#include "loop/buffer_pool.hpp"
#include "support/manual_loop.hpp"

namespace fairlead::link {
namespace {

constexpr uint32_t kBody = 1000;
constexpr size_t kRoom = 256u << 10;

/// Keeps the frames that come, and their memory.
struct Keeper final : PipeEvents {
  void pipe_opened() override {}
  bool pipe_frame(const frame::FrameView& frame, const base::BlockRef& owner) override {
    bodies.push_back({frame.body, owner});
    return true;
  }
  void pipe_broken(base::Refusal) override {}
  void pipe_drained() override {}
  void pipe_closed(plugin::CloseReason, const std::string&) override {}

  std::vector<base::Slice> bodies;
};

/// A whole frame that a transport lends.
base::Slice lent_frame() {
  frame::Header header;
  header.flags = frame::kFirst | frame::kLast;
  header.body_size = kBody;
  header.lane = base::LaneId(7);
  base::Bytes out(header.frame_size(), 'x');
  frame::encode(header, base::MutableByteView(out).first(frame::kHeaderSize));
  return base::move_to_slice(std::move(out));
}

class LentMessage : public testing::Test {
 protected:
  LentMessage() {
    pipe_.set_limits({frame::kMaxBlock, frame::kMaxBody});
    pipe_.set_room(kRoom);
  }

  support::FakeClock clock_;
  support::ManualLoop loop_{clock_};
  loop::BufferPool pool_{1u << 20};
  Flusher flusher_{loop_};
  Keeper keeper_;
  Pipe pipe_{keeper_, flusher_, pool_};
};

TEST_F(LentMessage, SharesABlockWithItsNeighboursWhenItIsSmall) {
  for (int i = 0; i < 2; ++i) pipe_.rx_message(lent_frame());

  ASSERT_EQ(keeper_.bodies.size(), 2u);
  EXPECT_EQ(keeper_.bodies[0].owner.get(), keeper_.bodies[1].owner.get());
  EXPECT_EQ(pool_.lent_bytes(), kRoom);
}

TEST_F(LentMessage, TakesANewBlockWhenTheOldOneIsFull) {
  for (int i = 0; i < 300; ++i) pipe_.rx_message(lent_frame());

  ASSERT_EQ(keeper_.bodies.size(), 300u);
  EXPECT_NE(keeper_.bodies.front().owner.get(), keeper_.bodies.back().owner.get());
  EXPECT_EQ(pool_.lent_bytes(), 2 * kRoom);
}

}  // namespace
}  // namespace fairlead::link
