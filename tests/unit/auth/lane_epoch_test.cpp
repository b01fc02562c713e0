// How a lane moves from one epoch of its session to the next.
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::Epoch;
using base::Refusal;

Credentials credentials(uint32_t epoch) {
  Credentials out;
  out.epoch = Epoch(epoch);
  out.secret = base::Secret(base::ByteView(base::Digest{static_cast<uint8_t>(epoch + 1)}));
  return out;
}

struct LaneEpochTest : ::testing::Test {
  static Session renewing() {
    Session made;
    made.id = {6};
    made.current = credentials(0);
    made.next = credentials(1);
    return made;
  }
  Bytes sends(Lane& lane) {
    const base::Slice body = base::copy_to_slice(base::as_bytes("payload"));
    lane.protect(frame::FrameType::ping, 0, {}, {}, {}, {&body, 1}, outbox);
    return Connection::take(outbox);
  }
  Refusal takes(Lane& lane, Bytes bytes) const {
    const auto decoded = frame::decode(bytes, {frame::kMaxBlock, frame::kMaxBody});
    return refusal_of(lane.open(decoded->frame, session));
  }
  Lane lane(End end, LaneLimits limits = {}) const {
    return {end, base::LaneId(1), session, session.current, {1}, {2}, limits};
  }

  HeapBlocks memory;
  frame::Outbox outbox{memory};
  Session session = renewing();
  Lane client = lane(End::client), server = lane(End::server);
};

TEST_F(LaneEpochTest, SwitchesWithTheFirstFrameOfTheNextEpoch) {
  client.switch_outgoing(*session.next);

  EXPECT_EQ(takes(server, sends(client)), Refusal{});

  EXPECT_EQ(server.incoming_epoch(), Epoch(1));
  EXPECT_EQ(server.outgoing_epoch(), Epoch(0)) << "each direction by itself";
  EXPECT_EQ(takes(client, sends(server)), Refusal{});
  EXPECT_EQ(client.incoming_epoch(), Epoch(0));
}

TEST_F(LaneEpochTest, GoesOnCountingAcrossEpochs) {
  EXPECT_EQ(takes(server, sends(client)), Refusal{});
  client.switch_outgoing(*session.next);
  const Bytes second = sends(client);

  EXPECT_EQ(takes(server, second), Refusal{});

  EXPECT_EQ(client.next_outgoing(), base::Sequence(2));
  EXPECT_EQ(takes(server, second), Refusal::replay);
}

TEST_F(LaneEpochTest, N32_RefusesAFrameOfTheEpochBefore) {
  Lane late = lane(End::client);
  EXPECT_EQ(takes(server, sends(late)), Refusal{});
  client.protect(frame::FrameType::ping, 0, {}, {}, {}, {}, outbox);
  Connection::take(outbox);
  client.switch_outgoing(*session.next);
  EXPECT_EQ(takes(server, sends(client)), Refusal{});
  sends(late);

  EXPECT_EQ(takes(server, sends(late)), Refusal::old_epoch);
}

TEST_F(LaneEpochTest, N41_RefusesAnEpochThatNobodyAgreedOn) {
  const Credentials skipped = credentials(1), future = credentials(2);
  client.switch_outgoing(skipped);
  session.next.reset();
  EXPECT_EQ(takes(server, sends(client)), Refusal::old_epoch) << "the next, unknown here";

  Lane ahead = lane(End::client);
  ahead.switch_outgoing(skipped);
  ahead.switch_outgoing(future);
  session.next = credentials(2);
  EXPECT_EQ(takes(server, sends(ahead)), Refusal::old_epoch) << "known here, but not the next of this lane";
}

TEST_F(LaneEpochTest, RefusesAnEpochWhoseSecretIsGone) {
  client.switch_outgoing(*session.next);
  session.next->secret.wipe();

  EXPECT_EQ(takes(server, sends(client)), Refusal::old_epoch);
}

TEST_F(LaneEpochTest, DoesNotSwitchForATagThatIsWrong) {
  client.switch_outgoing(*session.next);
  Bytes forged = sends(client);
  forged.back() ^= 1;

  EXPECT_EQ(takes(server, forged), Refusal::bad_tag);

  EXPECT_EQ(server.incoming_epoch(), Epoch(0));
}

TEST_F(LaneEpochTest, UsesOtherKeysInEachEpoch) {
  Lane other = lane(End::client);
  other.switch_outgoing(*session.next);
  Bytes before = sends(client), after = sends(other);
  after[27] = before[27] = 0;  // the epoch itself

  EXPECT_NE(before, after);
}

TEST_F(LaneEpochTest, AsksForCredentialsAgainUnderNewKeys) {
  client.note_credentials_carried();
  client.switch_outgoing(session.current);
  EXPECT_TRUE(client.has_carried_credentials());

  client.switch_outgoing(*session.next);

  EXPECT_FALSE(client.has_carried_credentials());
}

TEST_F(LaneEpochTest, RefusesTheFrameBehindTheLastThatAnEpochMayCarry) {
  Lane sender = lane(End::client), receiver = lane(End::server, {.frames = 4});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(takes(receiver, sends(sender)), Refusal{}) << i;

  EXPECT_EQ(takes(receiver, sends(sender)), Refusal::old_epoch);
}

TEST_F(LaneEpochTest, RefusesAFrameBehindTheBytesThatAnEpochMayCarry) {
  const uint64_t size = sends(client).size();
  Lane sender = lane(End::client), receiver = lane(End::server, {.bytes = 2 * size});
  EXPECT_EQ(takes(receiver, sends(sender)), Refusal{});
  EXPECT_EQ(takes(receiver, sends(sender)), Refusal{});

  EXPECT_EQ(takes(receiver, sends(sender)), Refusal::old_epoch);
}

TEST_F(LaneEpochTest, CountsAnewInEachEpoch) {
  Lane sender = lane(End::client), receiver = lane(End::server, {.frames = 4});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(takes(receiver, sends(sender)), Refusal{});
  sender.switch_outgoing(*session.next);

  for (int i = 0; i < 4; ++i) EXPECT_EQ(takes(receiver, sends(sender)), Refusal{}) << i;
}

TEST_F(LaneEpochTest, WantsNewKeysAtHalfAndIsNearlyUsedUpAtThreeQuarters) {
  Lane sender = lane(End::client, {.frames = 8});
  const auto after = [&](int frames) {
    while (sender.next_outgoing().value < static_cast<uint64_t>(frames)) sends(sender);
    return std::pair(sender.wants_new_keys(), sender.is_nearly_used_up());
  };
  EXPECT_EQ(after(3), std::pair(false, false));
  EXPECT_EQ(after(4), std::pair(true, false));
  EXPECT_EQ(after(5), std::pair(true, false));
  EXPECT_EQ(after(6), std::pair(true, true));
  sender.switch_outgoing(*session.next);
  EXPECT_FALSE(sender.wants_new_keys());
}

TEST_F(LaneEpochTest, WantsNewKeysForWhatItReceivedToo) {
  Lane receiver = lane(End::server, {.frames = 4});
  takes(receiver, sends(client));
  EXPECT_FALSE(receiver.wants_new_keys());

  takes(receiver, sends(client));

  EXPECT_TRUE(receiver.wants_new_keys());
}

}  // namespace
}  // namespace fairlead::auth
