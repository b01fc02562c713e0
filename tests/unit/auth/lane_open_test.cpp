#include "auth/hello.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::MessageSecurity;
using base::Refusal;

/// A session that is logged in, ready for further connections.
struct LaneOpenTest : ::testing::Test {
  LoggedIn pair = GivenLoggedInPair();
  World& world = *pair.world;
};

constexpr auto kLaneOpen = static_cast<uint8_t>(frame::FrameType::lane_open);

TEST_F(LaneOpenTest, GivesASessionAFurtherLane) {
  Connection further(world, pair.client_session.get());
  further.run();

  ASSERT_TRUE(further.client_step.established && further.server_step.established);
  EXPECT_EQ(further.server.session(), pair.server_session);
  EXPECT_EQ(further.client.take_session(), nullptr);
  EXPECT_EQ(further.client.take_lane()->id(), base::LaneId(2));
}

TEST_F(LaneOpenTest, TellsAClientThatItsSessionIsUnknown) {
  world.sessions.end(*pair.server_session, Refusal::revoked);
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.client_step.refused, Refusal::unknown_lane);
  EXPECT_EQ(further.server_step.refused, Refusal::unknown_lane);
}

TEST_F(LaneOpenTest, LogsInAnewWhenAnotherServerProcessAnswers) {
  world.boot_id = {9};
  Connection further(world, pair.client_session.get());
  further.run();

  ASSERT_TRUE(further.client_step.established && further.server_step.established);
  EXPECT_NE(further.client.take_session(), nullptr);
}

TEST_F(LaneOpenTest, KeepsToItsSessionWhenItMayNotLogInYet) {
  world.boot_id = {9};
  Connection further(
      world, ClientStart{.resume = pair.client_session.get(), .on_restart = ClientStart::OnRestart::resume});
  further.run();

  ASSERT_TRUE(further.client_step.established);
  EXPECT_EQ(further.client.take_session(), nullptr);
}

TEST_F(LaneOpenTest, WaitsWithItsLaneWhenAsked) {
  Connection beside(world, ClientStart{.with_grant = ClientStart::WithGrant::wait});
  beside.run();
  ASSERT_TRUE(beside.client_step.granted);
  EXPECT_EQ(world.sessions.at(kSite), pair.server_session) << "the old session goes on";

  beside.client.open_lane(beside.to_server);
  beside.run();

  EXPECT_TRUE(beside.client_step.established && beside.server_step.established);
  EXPECT_EQ(world.sessions.at(kSite), beside.server.session());
}

TEST_F(LaneOpenTest, N27_RefusesALaneThatWasUsed) {
  pair.client_session->lanes_opened = 0;
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::replay);
  EXPECT_EQ(further.client_step.refused, Refusal::unknown_lane);
}

TEST_F(LaneOpenTest, N32_RefusesARecordedLaneOpenOnANewConnection) {
  base::Bytes recorded;
  Connection first(world, pair.client_session.get());
  first.to_server_tap = [&](base::Bytes& frame) {
    recorded = frame;
    frame.clear();
  };
  first.run();

  Connection second(world);
  second.server_receives(recorded);

  EXPECT_EQ(second.server_step.refused, Refusal::bad_tag);
}

TEST_F(LaneOpenTest, AForgedLaneOpenUsesUpNoLane) {
  Connection forged(world, pair.client_session.get());
  forged.to_server_tap = [](base::Bytes& frame) { frame.back() ^= 1; };
  forged.run();

  EXPECT_EQ(forged.server_step.refused, Refusal::bad_tag);
  EXPECT_EQ(forged.client_step.refused, Refusal::unknown_lane);
  EXPECT_EQ(pair.server_session->lanes_opened, 1u);
}

TEST_F(LaneOpenTest, AuthenticatesEveryByteOfIt) {
  base::Bytes recorded;
  Connection first(world, pair.client_session.get());
  first.to_server_tap = [&](base::Bytes& frame) {
    recorded = frame;
    frame.clear();
  };
  first.run();
  for (size_t i = 0; i < recorded.size(); ++i) {
    base::Bytes changed = recorded;
    changed[i] ^= 1;
    first.server_step = {};
    first.server_receives(changed);
    EXPECT_FALSE(first.server_step.established) << i;
  }
  EXPECT_EQ(pair.server_session->lanes_opened, 1u);
}

TEST_F(LaneOpenTest, N32_RefusesTheLaneOfAnotherSession) {
  pair.client_session->current.secret = base::Secret(base::ByteView(base::Digest{7}));
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::bad_tag);
}

TEST_F(LaneOpenTest, N41_RefusesALaneOfAnEpochWhoseSecretIsGone) {
  pair.server_session->current.secret.wipe();
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::old_epoch);
  EXPECT_EQ(further.client_step.refused, Refusal::unknown_lane);
}

TEST_F(LaneOpenTest, RefusesAnExpiredSessionToldOnTheLane) {
  world.clock.advance(1h);
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::expired);
  EXPECT_EQ(further.client_step.refused, Refusal::expired);
}

TEST_F(LaneOpenTest, RefusesADisabledName) {
  world.revocation.names = {std::string(kSite)};
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::disabled);
}

TEST_F(LaneOpenTest, N15_ChecksTheBindingOfEveryConnection) {
  world.client_facts.channel_binding[0] ^= 1;
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::binding_mismatch);
  EXPECT_EQ(further.client_step.refused, Refusal::binding_mismatch);
}

TEST_F(LaneOpenTest, N15_ChecksTheShownCertificateOfEveryConnectionAtBothEnds) {
  World& w = world;
  w.client_facts.peer_certificate_der.back() ^= 1;
  Connection at_client(w, pair.client_session.get());
  at_client.run();
  EXPECT_EQ(at_client.client_step.refused, Refusal::binding_mismatch);

  w.server_facts.peer_certificate_der.back() ^= 1;
  Connection at_server(w, pair.client_session.get());
  at_server.run();
  EXPECT_EQ(at_server.server_step.refused, Refusal::binding_mismatch);
}

TEST_F(LaneOpenTest, ChecksTheLinkOfEveryConnection) {
  world.server_facts.self_proven = false;
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::security_floor);
}

TEST_F(LaneOpenTest, ComputesTheLevelOfEveryLaneAnew) {
  world.server_security = world.client_security = base::ConnectionSecurity::clear;
  world.server_facts = world.client_facts = {};
  Connection further(world, pair.client_session.get());
  further.run();

  EXPECT_EQ(further.client.take_lane()->level(), MessageSecurity::seal);
  EXPECT_EQ(pair.client_lane->level(), MessageSecurity::mac);
}

TEST_F(LaneOpenTest, SealsAFurtherLaneWhenEitherEndAsksForItNow) {
  world.server_wish = MessageSecurity::seal;
  Connection by_server(world, pair.client_session.get());
  by_server.run();
  EXPECT_EQ(by_server.server.take_lane()->level(), MessageSecurity::seal);

  world.server_wish = MessageSecurity::automatic;
  world.client_wish = MessageSecurity::seal;
  Connection by_client(world, pair.client_session.get());
  by_client.run();
  EXPECT_EQ(by_client.server.take_lane()->level(), MessageSecurity::seal);
  EXPECT_EQ(by_client.client.take_lane()->level(), MessageSecurity::seal);
}

TEST_F(LaneOpenTest, SealsEveryLaneOfASessionThatWasLoggedInWithThatWish) {
  LoggedIn sealed = GivenLoggedInPair([](World& w) { w.client_wish = MessageSecurity::seal; });
  sealed.world->client_wish = MessageSecurity::automatic;
  Connection further(*sealed.world, sealed.client_session.get());
  further.run();

  ASSERT_TRUE(further.server_step.established);
  EXPECT_EQ(further.server.take_lane()->level(), MessageSecurity::seal);
}

TEST_F(LaneOpenTest, AConnectionThatLoggedInOpensTheLaneOfThatLogin) {
  world.endpoint = "site-1/other";
  Connection other(world);
  Nonce16 lane_nonce{};
  other.to_client_tap = [&](base::Bytes& frame) {
    if (frame[4] == static_cast<uint8_t>(frame::FrameType::lane_invite))
      lane_nonce = decode_lane_invite(base::ByteView(frame).subspan(40))->lane_nonce;
  };
  other.to_server_tap = [&](base::Bytes& frame) {
    if (frame[4] != kLaneOpen) return;
    Lane lane(End::client, base::LaneId(2), *pair.client_session, lane_nonce, {1});
    const base::Slice body = base::move_to_slice(encode(LaneOpen{{1}, observe(world.client_facts), {}}));
    frame::Outbox out(world.memory);
    lane.protect(frame::FrameType::lane_open, 0, {}, {}, {}, {&body, 1}, out);
    frame = Connection::take(out);
  };
  other.run();

  EXPECT_EQ(other.server_step.refused, Refusal::unknown_lane);
}

TEST_F(LaneOpenTest, TheClientChecksTheTagOfARefusal) {
  world.clock.advance(1h);
  Connection further(world, pair.client_session.get());
  further.to_client_tap = [](base::Bytes& frame) {
    if (frame[4] == static_cast<uint8_t>(frame::FrameType::error)) frame.back() ^= 1;
  };
  further.run();

  EXPECT_EQ(further.client_step.refused, Refusal::bad_tag);
}

/// A client with a lane to a server whose answer the test writes.
LoginStep client_gets(LoggedIn& pair, MessageSecurity level, MessageSecurity client_wish,
                      const Nonce16& other_nonce = {}) {
  World& world = *pair.world;
  world.client_wish = client_wish;
  Connection connection(world, pair.client_session.get());
  base::Bytes sent;
  Nonce16 lane_nonce{};
  connection.to_client_tap = [&](base::Bytes& frame) {
    if (frame[4] == static_cast<uint8_t>(frame::FrameType::lane_invite))
      lane_nonce = decode_lane_invite(base::ByteView(frame).subspan(40))->lane_nonce;
  };
  connection.to_server_tap = [&](base::Bytes& frame) {
    sent = frame;
    frame.clear();
  };
  connection.run();
  const auto decoded = frame::decode(sent, {frame::kMaxBlock, frame::kMaxBody});
  LaneOpen answer = *decode_lane_open(decoded->frame.body);
  answer.level = level;
  if (other_nonce != Nonce16{}) answer.client_nonce = other_nonce;
  Lane lane(End::server, decoded->frame.header.lane, *pair.server_session, lane_nonce,
            decode_lane_open(decoded->frame.body)->client_nonce);
  const base::Slice body = base::move_to_slice(encode(answer));
  lane.protect(frame::FrameType::lane_open, 0, {}, {}, {}, {&body, 1}, connection.to_client);
  connection.to_client_tap = {};
  connection.run();
  return connection.client_step;
}

TEST_F(LaneOpenTest, NeverTakesALevelBelowItsOwnComputation) {
  EXPECT_EQ(client_gets(pair, MessageSecurity::mac, MessageSecurity::seal).refused, Refusal::security_floor);
  EXPECT_EQ(client_gets(pair, MessageSecurity::automatic, MessageSecurity::mac).refused,
            Refusal::security_floor);
}

TEST_F(LaneOpenTest, TakesALevelAboveItsOwnComputation) {
  EXPECT_TRUE(client_gets(pair, MessageSecurity::seal, MessageSecurity::mac).established);
}

TEST_F(LaneOpenTest, RefusesAnAnswerToAnotherQuestion) {
  EXPECT_EQ(client_gets(pair, MessageSecurity::mac, MessageSecurity::mac, {1}).refused, Refusal::malformed);
}

TEST_F(LaneOpenTest, N24_AnotherInstanceWaitsForTheOldConnectionToEnd) {
  SessionListener user;
  world.sessions.attach(*pair.server_session, user);
  world.instance = {2};
  Connection other(world);
  other.run();
  EXPECT_EQ(other.server_step.refused, Refusal::endpoint_in_use);
  EXPECT_EQ(other.client_step.refused, Refusal::endpoint_in_use);

  world.sessions.detach(*pair.server_session, user, world.clock.mono());
  Connection later(world);
  later.run();
  EXPECT_TRUE(later.server_step.established);
  EXPECT_EQ(world.sessions.size(), 1u);
}

TEST_F(LaneOpenTest, N24_TheSameInstanceReplacesItsSessionAtTheFirstLane) {
  SessionListener user;
  world.sessions.attach(*pair.server_session, user);
  Connection again(world);
  bool alive_before_lane = false;
  again.to_server_tap = [&](base::Bytes& frame) {
    if (frame[4] == kLaneOpen) alive_before_lane = !user.ended;
  };
  again.run();

  EXPECT_TRUE(alive_before_lane);
  EXPECT_EQ(user.ended, Refusal::revoked);
  EXPECT_EQ(world.sessions.at(kSite), again.server.session());
}

TEST_F(LaneOpenTest, N24_OfTwoLoginsAtOnceTheFirstLaneWins) {
  World fresh;
  Connection slow(fresh);
  base::Bytes held;
  slow.to_server_tap = [&](base::Bytes& frame) {
    if (frame[4] == kLaneOpen) held.swap(frame);
  };
  slow.run();
  fresh.instance = {2};
  Connection fast(fresh);
  fast.run();
  ASSERT_TRUE(fast.server_step.established);
  SessionListener user;
  fresh.sessions.attach(*fast.server.session(), user);

  slow.server_receives(held);

  EXPECT_EQ(slow.server_step.refused, Refusal::endpoint_in_use);
  EXPECT_EQ(fresh.sessions.size(), 1u);
}

}  // namespace
}  // namespace fairlead::auth
