#include "gate_given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::Refusal;

TEST_F(GateTest, JoinsAMessageOfSeveralFrames) {
  std::string payload(2 * frame::kMaxBody + 77, 'x');
  payload.back() = 'y';

  const auto admitted = pair.server_takes(pair.client_sends(a_message(payload)));

  ASSERT_TRUE(admitted && *admitted);
  EXPECT_EQ(base::to_text((**admitted)->payload()), payload);
  EXPECT_EQ((**admitted)->rest.size(), 2u);
  EXPECT_EQ(pair.server_gate.unfinished_bytes(), 0u);
}

TEST_F(GateTest, CutsSlicesThatDoNotFitTheFrames) {
  Message message = a_message(std::string(frame::kMaxBody + 1, 'a'));
  Draft draft = a_draft(std::string(frame::kMaxBody + 6, 'z'));
  message.block = compose(draft).block;
  message.headers = *frame::decode_message_headers(message.block.bytes);
  message.rest.push_back(base::copy_to_slice(base::as_bytes("bcdef")));

  std::string whole(frame::kMaxBody + 1, 'a');
  whole.append("bcdef");

  const auto admitted = pair.server_takes(pair.client_sends(message));

  ASSERT_TRUE(admitted && *admitted);
  EXPECT_EQ(base::to_text((**admitted)->payload()), whole);
}

TEST_F(GateTest, RefusesAContinuationOfNothing) {
  EXPECT_EQ(answer(forged({}, "hello", kLast)), Refusal::malformed);
}

TEST_F(GateTest, N37_RefusesAContinuationOfAnotherStream) {
  ASSERT_EQ(answer(forged(good_block(7), "hello", kFirst, 1)), Refusal{});

  EXPECT_EQ(answer(forged({}, "22", kLast, 2)), Refusal::malformed);
}

TEST_F(GateTest, RefusesASecondMessageOnAnOpenStream) {
  ASSERT_EQ(answer(forged(good_block(7), "hello", kFirst)), Refusal{});

  EXPECT_EQ(answer(forged(good_block(5), "hello", kFirst | kLast)), Refusal::malformed);
}

TEST_F(GateTest, RefusesAHeaderBlockOnAContinuation) {
  ASSERT_EQ(answer(forged(good_block(7), "hello", kFirst)), Refusal{});

  EXPECT_EQ(answer(forged(good_block(7), "22", kLast)), Refusal::malformed);
}

TEST_F(GateTest, RefusesTheCompactFlagOnAContinuation) {
  ASSERT_EQ(answer(forged(good_block(7), "hello", kFirst)), Refusal{});

  EXPECT_EQ(answer(forged({}, "22", kLast | kCompact)), Refusal::malformed);
}

TEST_F(GateTest, RefusesAFirstFrameWhoseLengthDoesNotAddUp) {
  EXPECT_EQ(answer(forged(good_block(6), "hello", kFirst | kLast)), Refusal::malformed) << "ends too early";
  EXPECT_EQ(answer(forged(good_block(4), "hello", kFirst | kLast)), Refusal::malformed) << "too long";
  EXPECT_EQ(answer(forged(good_block(5), "hello", kFirst)), Refusal::malformed) << "complete, not last";
  EXPECT_EQ(answer(forged(good_block(4), "hello", kFirst)), Refusal::malformed) << "too long, not last";
  EXPECT_EQ(answer(forged(good_block(7), "", kFirst)), Refusal::malformed) << "a place for nothing";
}

TEST_F(GateTest, RefusesAContinuationWhoseLengthDoesNotAddUp) {
  ASSERT_EQ(answer(forged(good_block(7), "hello", kFirst)), Refusal{});

  EXPECT_EQ(answer(forged({}, "2", kLast)), Refusal::malformed) << "ends too early";
  EXPECT_EQ(answer(forged({}, "333", kLast)), Refusal::malformed) << "too long";
  EXPECT_EQ(answer(forged({}, "22", 0)), Refusal::malformed) << "complete, not last";
  EXPECT_EQ(answer(forged({}, "333", 0)), Refusal::malformed) << "too long, not last";
  EXPECT_EQ(answer(forged({}, "", 0)), Refusal::malformed) << "nothing in it";
  EXPECT_EQ(answer(forged({}, "22", kLast)), Refusal{});
}

TEST_F(GateTest, N36_NeverDeliversAMessageWithoutItsLastFrame) {
  const auto admitted = pair.server_takes(forged(good_block(7), "hello", kFirst));

  ASSERT_TRUE(admitted);
  EXPECT_FALSE(admitted->has_value());
  EXPECT_EQ(pair.server_gate.unfinished_bytes(), 5u);
}

TEST_F(GateTest, N36_FreesAnUnfinishedMessageWithItsGate) {
  const base::BlockRef owner = base::move_to_slice(forged(good_block(7), "hello", kFirst)).owner;
  const auto decoded = frame::decode(owner.get()->bytes, {frame::kMaxBlock, frame::kMaxBody});
  ASSERT_TRUE(pair.server_gate.admit(decoded->frame, owner, *pair.server_lane, *pair.server_session,
                                     pair.world->clock.mono()));
  EXPECT_FALSE(owner.is_only());

  pair.server_gate = Gate(End::server, {});

  EXPECT_TRUE(owner.is_only());
}

TEST_F(GateTest, N35_DeliversNothingOfATruncatedFrame) {
  const Bytes whole = pair.client_sends(a_message());
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto admitted =
        pair.server_takes(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)));
    ASSERT_TRUE(admitted) << size;
    EXPECT_FALSE(admitted->has_value()) << size;
  }
}

TEST_F(GateTest, N34_DropsEveryDuplicate) {
  const Bytes whole = pair.client_sends(a_message());
  ASSERT_EQ(answer(whole), Refusal{});
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(answer(whole), Refusal::replay);
}

TEST_F(GateTest, N38_RefusesTheBodyOfAnotherMessage) {
  Bytes first = pair.client_sends(a_message("aaaaa"));
  const Bytes second = pair.client_sends(a_message("bbbbb"));
  const size_t body = first.size() - frame::kTagSize - 5;
  base::copy(base::ByteView(second).subspan(body), base::MutableByteView(first).subspan(body));

  EXPECT_EQ(answer(first), Refusal::bad_tag);
}

TEST_F(GateTest, HoldsTheLimitOfOneMessage) {
  limit({5, 1000, 64});
  EXPECT_EQ(answer(forged(good_block(5))), Refusal{});
  EXPECT_EQ(answer(forged(good_block(6), "hello6")), Refusal::too_large);
}

TEST_F(GateTest, HoldsTheLimitOfUnfinishedBytesOnFirstFrames) {
  limit({1000, 8, 64});
  ASSERT_EQ(answer(forged(good_block(100), "1234", kFirst, 1)), Refusal{});
  ASSERT_EQ(answer(forged(good_block(100), "1234", kFirst, 2)), Refusal{});
  EXPECT_EQ(answer(forged(good_block(100), "1", kFirst, 3)), Refusal::too_large);
}

TEST_F(GateTest, HoldsTheLimitOfUnfinishedBytesOnContinuations) {
  limit({1000, 8, 64});
  ASSERT_EQ(answer(forged(good_block(100), "1234", kFirst, 1)), Refusal{});
  ASSERT_EQ(answer(forged({}, "1234", 0, 1)), Refusal{});
  EXPECT_EQ(answer(forged({}, "1", 0, 1)), Refusal::too_large);
}

TEST_F(GateTest, HoldsTheLimitOfOpenStreams) {
  limit({1000, 1000, 2});
  ASSERT_EQ(answer(forged(good_block(100), "1", kFirst, 1)), Refusal{});
  ASSERT_EQ(answer(forged(good_block(100), "1", kFirst, 2)), Refusal{});
  EXPECT_EQ(answer(forged(good_block(100), "1", kFirst, 3)), Refusal::too_large);
}

}  // namespace
}  // namespace fairlead::auth
