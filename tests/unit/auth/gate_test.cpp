#include "frame/tlv.hpp"
#include "gate_given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::Refusal;

TEST_F(GateTest, AdmitsAMessageWithItsCredentials) {
  const auto admitted = pair.server_takes(pair.client_sends(a_message()));

  ASSERT_TRUE(admitted && *admitted);
  const Message& message = ***admitted;
  EXPECT_EQ(message.headers.client_name, kSite);
  EXPECT_EQ(base::hex(message.headers.token), base::hex(token));
  EXPECT_EQ(base::hex(message.headers.token_signature), base::hex(signature));
  EXPECT_EQ(message.headers.topic, "submit");
  EXPECT_EQ(base::to_text(message.payload()), "hello");
}

TEST_F(GateTest, KeepsTheFramesMemory) {
  auto admitted = pair.server_takes(pair.client_sends(a_message()));

  const Message copy = ***admitted;
  admitted = std::nullopt;
  EXPECT_EQ(copy.headers.from, kSite);
  EXPECT_EQ(base::to_text(copy.payload()), "hello");
}

TEST_F(GateTest, AdmitsAnEmptyPayload) {
  const auto admitted = pair.server_takes(pair.client_sends(a_message("")));

  ASSERT_TRUE(admitted && *admitted);
  EXPECT_EQ((**admitted)->payload_size(), 0u);
}

TEST_F(GateTest, TakesSealedMessages) {
  LoggedIn sealed = GivenLoggedInPair([](World& w) { w.client_wish = base::MessageSecurity::seal; });
  const std::string payload(frame::kMaxBody + 1, 'x');

  const auto admitted = sealed.server_takes(sealed.client_sends(a_message(payload)));

  ASSERT_TRUE(admitted && *admitted);
  EXPECT_EQ(base::to_text((**admitted)->payload()), payload);
}

TEST_F(GateTest, N01_RefusesAnInventedToken) {
  SeededRandom random(3);
  Bytes other(token.size());
  random.fill(other);

  EXPECT_EQ(answer(forged(block_of(a_draft(), kSite, other, signature))), Refusal::bad_token);
}

TEST_F(GateTest, N01_RefusesAnInventedSignature) {
  SeededRandom random(3);
  Bytes other(signature.size());
  random.fill(other);

  EXPECT_EQ(answer(forged(block_of(a_draft(), kSite, token, other))), Refusal::bad_token);
}

TEST_F(GateTest, N02_RefusesAnotherNameBesideTheToken) {
  EXPECT_EQ(answer(forged(block_of(a_draft(), "site-2", token, signature))), Refusal::bad_token);
}

TEST_F(GateTest, N03_RefusesAMovedBoundaryBetweenNameAndToken) {
  Bytes shifted{'1'};
  base::append(shifted, token);

  EXPECT_EQ(answer(forged(block_of(a_draft(), "site-", shifted, signature))), Refusal::bad_token);
}

TEST_F(GateTest, N11_RefusesEveryFlippedTokenBit) {
  for (size_t i = 0; i < token.size() * 8; ++i) {
    Bytes flipped = token;
    flipped[i / 8] = static_cast<uint8_t>(flipped[i / 8] ^ (1 << (i % 8)));
    EXPECT_EQ(answer(forged(block_of(a_draft(), kSite, flipped, signature))), Refusal::bad_token) << i;
  }
}

TEST_F(GateTest, RefusesAMessageWithoutCredentials) {
  Bytes block;
  frame::append_portable(block, compose(a_draft()).headers);

  EXPECT_EQ(answer(forged(block)), Refusal::bad_token);
}

TEST_F(GateTest, N08_RefusesATokenAtTheMomentOfItsExpiry) {
  pair.world->clock.advance(1h - 1ms);
  EXPECT_EQ(answer(pair.client_sends(a_message())), Refusal{});
  pair.world->clock.advance(1ms);
  EXPECT_EQ(answer(pair.client_sends(a_message())), Refusal::expired);
}

TEST_F(GateTest, N08_StaysExpiredWhenTheWallClockJumpsBack) {
  pair.world->clock.advance(1h);
  pair.world->clock.set_wall_back(2h);

  EXPECT_EQ(answer(pair.client_sends(a_message())), Refusal::expired);
}

TEST_F(GateTest, N09_RefusesARevokedSession) {
  pair.server_session->revoked = true;

  EXPECT_EQ(answer(pair.client_sends(a_message())), Refusal::revoked);
}

TEST_F(GateTest, N09_RefusesTheRestOfAMessageWhenTheSessionIsRevoked) {
  ASSERT_EQ(answer(forged(good_block(7), "hello", kFirst)), Refusal{});
  pair.server_session->revoked = true;

  EXPECT_EQ(answer(forged({}, "22", kLast)), Refusal::revoked);
}

TEST_F(GateTest, N42_RefusesAnotherOrigin) {
  for (const char* from : {"site-2", "site-10", "site-", "site-1x/app"}) {
    Draft draft = a_draft();
    draft.from = from;
    EXPECT_EQ(answer(pair.client_sends(compose(std::move(draft)))), Refusal::bad_origin) << from;
  }
}

TEST_F(GateTest, N43_RefusesTheServerAsOrigin) {
  for (const char* from : {"server", "server/aggregator", "hub.example"}) {
    Draft draft = a_draft();
    draft.from = from;
    EXPECT_EQ(answer(pair.client_sends(compose(std::move(draft)))), Refusal::bad_origin) << from;
  }
}

TEST_F(GateTest, TakesAnOriginBelowTheEndpoint) {
  Draft draft = a_draft();
  draft.from = "site-1/trainer";

  EXPECT_EQ(answer(pair.client_sends(compose(std::move(draft)))), Refusal{});
}

TEST_F(GateTest, AClientTakesWhatTheServerForwards) {
  Draft draft = a_draft();
  draft.from = "site-2";

  const auto admitted = pair.client_takes(pair.server_sends(compose(std::move(draft))));

  ASSERT_TRUE(admitted && *admitted);
  EXPECT_EQ((**admitted)->headers.from, "site-2");
}

TEST_F(GateTest, N44_ForwardsNoForeignCredentials) {
  const auto admitted = pair.server_takes(pair.client_sends(a_message()));
  const Bytes forwarded = pair.server_sends(***admitted);

  EXPECT_EQ(base::as_text(forwarded).find(base::as_text(token)), std::string_view::npos);
  const auto received = pair.client_takes(forwarded);
  ASSERT_TRUE(received && *received);
  EXPECT_TRUE((**received)->headers.token.empty());
  EXPECT_EQ((**received)->headers.topic, "submit");
}

TEST_F(GateTest, N48_AClientRefusesCredentialsFromTheServer) {
  const Bytes frame = forged_by(*pair.server_lane, good_block(), "hello", kFirst | kLast, 1);

  EXPECT_EQ(refusal_of(pair.client_takes(frame)), Refusal::bad_headers);
}

TEST_F(GateTest, N48_AClientRefusesEachCredentialByItself) {
  const auto refusal_for = [&](const std::function<void(Bytes&)>& append) {
    LoggedIn fresh = GivenLoggedInPair();
    Bytes block;
    append(block);
    frame::append_portable(block, compose(a_draft()).headers);
    return refusal_of(fresh.client_takes(forged_by(*fresh.server_lane, block, "hello", kFirst | kLast, 1)));
  };

  EXPECT_EQ(refusal_for([](Bytes&) {}), Refusal{});
  EXPECT_EQ(
      refusal_for([](Bytes& block) { frame::append_tlv(block, frame::kClientName, base::as_bytes(kSite)); }),
      Refusal::bad_headers);
  EXPECT_EQ(refusal_for([&](Bytes& block) { frame::append_tlv(block, frame::kToken, token); }),
            Refusal::bad_headers);
  EXPECT_EQ(refusal_for([&](Bytes& block) { frame::append_tlv(block, frame::kTokenSignature, signature); }),
            Refusal::bad_headers);
}

TEST_F(GateTest, N48_AClientRefusesCompactHeadersFromTheServer) {
  Bytes block;
  frame::append_portable(block, compose(a_draft()).headers);
  const Bytes frame = forged_by(*pair.server_lane, block, "hello", kFirst | kLast | kCompact, 1);

  EXPECT_EQ(refusal_of(pair.client_takes(frame)), Refusal::bad_headers);
}

TEST_F(GateTest, N45_RefusesABlockThatIsNotStrict) {
  Bytes block = good_block();
  block.push_back(0);

  EXPECT_EQ(answer(forged(block)), Refusal::bad_headers);
}

TEST_F(GateTest, N45_RefusesABlockWithAnUnknownCriticalField) {
  Bytes block = good_block();
  frame::append_tlv(block, 0x8001, {});

  EXPECT_EQ(answer(forged(block)), Refusal::bad_headers);
}

TEST_F(GateTest, AuthenticatesUnknownFieldsAndIgnoresThem) {
  Bytes block = good_block();
  frame::append_tlv(block, 0x0100, {});

  EXPECT_EQ(answer(forged(block)), Refusal{});
}

TEST_F(GateTest, TheServersOwnMessagesPassTheSameGate) {
  World world;
  const auto own = must(make_own_session(world.server_config(), "server"));
  Lane sending(End::client, base::LaneId(1), *own, {1}, {2}),
      receiving(End::server, base::LaneId(1), *own, {1}, {2});
  Draft draft = a_draft();
  draft.from = "server/aggregator";
  frame::Outbox out(world.memory);
  protect_message(compose(std::move(draft)), End::client, *own, sending, base::StreamId(1), out);
  const base::BlockRef owner = base::move_to_slice(Connection::take(out)).owner;
  const auto decoded = frame::decode(owner.get()->bytes, {frame::kMaxBlock, frame::kMaxBody});
  Gate gate(End::server, {});

  EXPECT_TRUE(gate.admit(decoded->frame, owner, receiving, *own, world.clock.mono()));
}

}  // namespace
}  // namespace fairlead::auth
