#include "auth/lane.hpp"

#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::MessageSecurity;
using base::Refusal;

/// Both ends of lane 1 of one session.
struct LaneTest : ::testing::Test {
  static Session session_with(uint8_t secret, uint8_t id) {
    Session session;
    session.id = {id};
    session.current.secret = base::Secret(base::ByteView(base::Digest{secret}));
    return session;
  }
  Bytes sends(Lane& lane, std::string_view payload = "payload",
              frame::FrameType type = frame::FrameType::data) {
    const base::Slice body = base::copy_to_slice(base::as_bytes(payload));
    const bool data = type == frame::FrameType::data;
    lane.protect(type, data ? frame::kFirst | frame::kLast : 0, base::StreamId(data ? 1 : 0),
                 data ? base::as_bytes("fro") : base::ByteView{},
                 data ? base::as_bytes("nt") : base::ByteView{}, {&body, 1}, outbox);
    return Connection::take(outbox);
  }
  Refusal takes(Lane& lane, Bytes bytes) const {
    const auto decoded = frame::decode(bytes, {frame::kMaxBlock, frame::kMaxBody});
    if (!decoded) return decoded.error();
    return decoded->complete ? refusal_of(lane.open(decoded->frame, session)) : Refusal::malformed;
  }
  Lane server_lane(uint32_t id = 1) const { return {End::server, base::LaneId(id), session, {1}, {2}}; }
  Lane client_lane(uint32_t id = 1) const { return {End::client, base::LaneId(id), session, {1}, {2}}; }

  HeapBlocks memory;
  frame::Outbox outbox{memory};
  Session session = session_with(5, 6);
  Lane client = client_lane(), server = server_lane();
};

TEST_F(LaneTest, OpensWhatTheOtherEndProtected) {
  EXPECT_EQ(takes(server, sends(client)), Refusal{});
  EXPECT_EQ(takes(client, sends(server)), Refusal{});
}

TEST_F(LaneTest, LeavesMacFramesReadable) {
  const Bytes frame = sends(client);

  EXPECT_NE(base::to_text(frame).find("frontpayload"), std::string::npos);
}

TEST_F(LaneTest, SealsBlockAndBodyAndOpensThemInPlace) {
  client.raise_level(MessageSecurity::seal);
  server.raise_level(MessageSecurity::seal);
  Bytes frame = sends(client);
  EXPECT_EQ(base::to_text(frame).find("front"), std::string::npos);
  EXPECT_EQ(base::to_text(frame).find("payload"), std::string::npos);

  const auto decoded = frame::decode(frame, {frame::kMaxBlock, frame::kMaxBody});
  ASSERT_TRUE(server.open(decoded->frame, session));
  EXPECT_EQ(base::as_text(decoded->frame.block), "front");
  EXPECT_EQ(base::as_text(decoded->frame.body), "payload");
}

TEST_F(LaneTest, NeverLowersItsLevel) {
  client.raise_level(MessageSecurity::seal);
  client.raise_level(MessageSecurity::mac);

  EXPECT_EQ(client.level(), MessageSecurity::seal);
}

TEST_F(LaneTest, RefusesAReadableFrameOnASealedLane) {
  server.raise_level(MessageSecurity::seal);

  EXPECT_EQ(takes(server, sends(client)), Refusal::security_floor);
}

TEST_F(LaneTest, KeepsLaneOpenReadableAtEveryLevel) {
  client.raise_level(MessageSecurity::seal);

  EXPECT_NE(base::to_text(sends(client, "hello", frame::FrameType::lane_open)).find("hello"),
            std::string::npos);
}

TEST_F(LaneTest, N31_RefusesEveryFlippedHeaderBit) {
  const Bytes frame = sends(client);
  for (size_t i = 0; i < frame::kHeaderSize * 8; ++i) {
    Bytes changed = frame;
    changed[i / 8] = static_cast<uint8_t>(changed[i / 8] ^ (1 << (i % 8)));
    EXPECT_NE(takes(server, changed), Refusal{}) << i;
  }
  EXPECT_EQ(takes(server, frame), Refusal{});
}

TEST_F(LaneTest, N31_RefusesFlippedBitsOfContentAndTag) {
  const Bytes frame = sends(client, std::string(1000, 'x'));
  for (size_t i = frame::kHeaderSize; i < frame.size(); ++i) {
    Bytes changed = frame;
    changed[i] ^= 0x10;
    EXPECT_EQ(takes(server, changed), Refusal::bad_tag) << i;
  }
}

TEST_F(LaneTest, N31_RefusesFlippedBitsOfSealedContentAndTag) {
  client.raise_level(MessageSecurity::seal);
  const Bytes frame = sends(client, std::string(1000, 'x'));
  for (size_t i = frame::kHeaderSize; i < frame.size(); ++i) {
    Bytes changed = frame;
    changed[i] ^= 0x10;
    EXPECT_EQ(takes(server, changed), Refusal::bad_tag) << i;
  }
}

TEST_F(LaneTest, N31_RefusesASealedFrameDeclaredReadableAndTheReverse) {
  Bytes readable = sends(client);
  readable[5] ^= frame::kSealed;

  EXPECT_EQ(takes(server, readable), Refusal::bad_tag);
}

TEST_F(LaneTest, N32_RefusesAReplayAtOnceAndAfterNewerFrames) {
  const Bytes first = sends(client);
  ASSERT_EQ(takes(server, first), Refusal{});
  EXPECT_EQ(takes(server, first), Refusal::replay);
  for (int i = 0; i < 1024; ++i) ASSERT_EQ(takes(server, sends(client)), Refusal{});

  EXPECT_EQ(takes(server, first), Refusal::replay);
}

TEST_F(LaneTest, N32_RefusesAReplayOnAnotherLane) {
  const Bytes frame = sends(client);
  Lane other = server_lane(2);

  EXPECT_EQ(takes(other, frame), Refusal::unknown_lane);
}

TEST_F(LaneTest, N32_AnotherLaneHasOtherKeys) {
  Bytes frame = sends(client);
  base::store_be(base::MutableByteView(frame).subspan(12), uint32_t{2});
  Lane other = server_lane(2);

  EXPECT_EQ(takes(other, frame), Refusal::bad_tag);
}

TEST_F(LaneTest, N32_RefusesAReplayAfterReconnecting) {
  const Bytes frame = sends(client);
  Lane other_nonce_of_server(End::server, base::LaneId(1), session, {9}, {2});
  Lane other_nonce_of_client(End::server, base::LaneId(1), session, {1}, {9});

  EXPECT_EQ(takes(other_nonce_of_server, frame), Refusal::bad_tag);
  EXPECT_EQ(takes(other_nonce_of_client, frame), Refusal::bad_tag);
}

TEST_F(LaneTest, N32_RefusesAReplayInAnotherSession) {
  const Bytes frame = sends(client);
  const Session other_secret = session_with(7, 6), other_id = session_with(5, 8);
  Lane with_secret(End::server, base::LaneId(1), other_secret, {1}, {2});
  Lane with_id(End::server, base::LaneId(1), other_id, {1}, {2});

  EXPECT_EQ(takes(with_secret, frame), Refusal::bad_tag);
  EXPECT_EQ(takes(with_id, frame), Refusal::malformed);
}

TEST_F(LaneTest, N33_RefusesAGap) {
  static_cast<void>(sends(client));

  EXPECT_EQ(takes(server, sends(client)), Refusal::malformed);
}

TEST_F(LaneTest, N33_RefusesReorderedFrames) {
  const Bytes first = sends(client), second = sends(client);

  EXPECT_EQ(takes(server, second), Refusal::malformed);
  EXPECT_EQ(takes(server, first), Refusal{});
}

TEST_F(LaneTest, N39_RefusesAJumpOfTheSequence) {
  Bytes frame = sends(client);
  base::store_be(base::MutableByteView(frame).subspan(16), uint64_t{1} << 62);

  EXPECT_EQ(takes(server, frame), Refusal::malformed);
}

TEST_F(LaneTest, N40_RefusesAReflectedFrame) {
  EXPECT_EQ(takes(server, sends(server)), Refusal::malformed);
  EXPECT_EQ(takes(client, sends(client)), Refusal::malformed);
}

TEST_F(LaneTest, N40_TheDirectionsHaveDifferentKeys) {
  Bytes frame = sends(server);
  frame[5] = static_cast<uint8_t>(frame[5] & ~frame::kServerToClient);

  EXPECT_EQ(takes(server, frame), Refusal::bad_tag);
}

TEST_F(LaneTest, N41_RefusesAnotherEpoch) {
  Bytes frame = sends(client);
  base::store_be(base::MutableByteView(frame).subspan(24), uint32_t{1});

  EXPECT_EQ(takes(server, frame), Refusal::old_epoch);
}

TEST_F(LaneTest, ConsumesASequenceForEveryFrame) {
  static_cast<void>(sends(client));
  static_cast<void>(sends(client));

  EXPECT_EQ(client.next_outgoing(), base::Sequence(2));
}

TEST_F(LaneTest, HoldsBodiesOfMacFramesWithoutACopy) {
  const base::Slice body = base::copy_to_slice(base::as_bytes("payload"));
  client.protect(frame::FrameType::data, frame::kFirst | frame::kLast, base::StreamId(1), {}, {}, {&body, 1},
                 outbox);

  const auto slices = outbox.begin_send(9);
  ASSERT_EQ(slices.size(), 3u);
  EXPECT_EQ(slices[1].data(), body.bytes.data());
}

/// Two processes with one lane would protect different frames under one nonce. Death tests run in a child of
/// fork().
TEST_F(LaneTest, N50_ProtectsAndOpensNothingInAForkedChild) {
  const Bytes frame = sends(client);
  const std::string why = "was forked .* tried to use a lane of its parent";

  EXPECT_DEATH(sends(client), why);
  EXPECT_DEATH(static_cast<void>(takes(server, frame)), why);

  EXPECT_EQ(takes(server, frame), Refusal{}) << "the parent goes on";
}

/// Its keys would follow from an empty secret.
TEST_F(LaneTest, N50_IsNotMadeFromASecretOfAParent) {
  EXPECT_DEATH(static_cast<void>(client_lane(2)), "was forked .* tried to use a secret of its parent");
}

}  // namespace
}  // namespace fairlead::auth
