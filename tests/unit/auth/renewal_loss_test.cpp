// Renewals whose question, answer or connection is lost, and sessions with several connections.
#include "renewal_given.hpp"

namespace fairlead::auth {
namespace {

using base::Epoch;
using base::Refusal;

TEST_F(RenewalTest, SurvivesTheLossOfItsQuestion) {
  asks();
  reconnect();

  renew();

  EXPECT_EQ(server_admits(), Refusal{});
  EXPECT_TRUE(same_secret());
}

TEST_F(RenewalTest, SurvivesTheLossOfItsAnswer) {
  ASSERT_EQ(server_takes(asks()), Refusal{});
  const base::Bytes lost = server().next->token;
  world().clock.advance(1ms);

  reconnect();
  EXPECT_EQ(server_admits(), Refusal{}) << "under the old keys";
  EXPECT_EQ(server().current.epoch, Epoch(0));
  renew();

  EXPECT_EQ(server_admits(), Refusal{});
  EXPECT_EQ(server().current.epoch, Epoch(1));
  EXPECT_NE(server().current.token, lost);
  EXPECT_TRUE(same_secret());
}

TEST_F(RenewalTest, SurvivesTheLossOfTheConnectionBehindTheAnswer) {
  renew();
  EXPECT_EQ(server().current.epoch, Epoch(0)) << "nothing under the new keys has arrived";

  reconnect();

  EXPECT_EQ(server().current.epoch, Epoch(1)) << "the lane's first frame did";
  EXPECT_EQ(server_admits(), Refusal{});
  EXPECT_EQ(client_admits(), Refusal{});
}

TEST_F(RenewalTest, GoesOnWithTheOldTokenWhenItIsNeverConfirmed) {
  ASSERT_EQ(server_takes(asks()), Refusal{});
  world().clock.advance(1h - 1ms);
  EXPECT_EQ(server_admits(), Refusal{});
  world().clock.advance(1ms);

  EXPECT_EQ(server_admits(), Refusal::expired) << "what waits does not lengthen what is current";
}

/// A second connection of the same session, which has its own lane.
struct TwoLanes : RenewalTest {
  TwoLanes() : other(world(), &client()) {
    other.run();
    client_lane = other.client.take_lane();
    server_lane = other.server.take_lane();
  }
  /// A message on the second lane with the credentials of its epoch, or with others.
  Refusal other_admits(base::ByteView token = {}, base::ByteView signature = {}) {
    frame::Outbox out(world().memory);
    const Message message = a_message();
    if (token.empty()) {
      protect_message(message, End::client, client(), *client_lane, base::StreamId(1), out);
    } else {
      base::Bytes block;
      frame::append_credentials(block, kSite, token, signature);
      client_lane->protect(frame::FrameType::data, frame::kFirst | frame::kLast, base::StreamId(1), block,
                           message.headers.portable, {&message.first, 1}, out);
    }
    base::Bytes frames = Connection::take(out);
    const auto decoded = frame::decode(frames, {frame::kMaxBlock, frame::kMaxBody});
    return refusal_of(gate.admit(decoded->frame, {}, *server_lane, server(), world().clock.mono()));
  }

  Connection other;
  std::unique_ptr<Lane> client_lane, server_lane;
  Gate gate{End::server, {}};
};

TEST_F(TwoLanes, SwitchEachByItself) {
  renew();
  ASSERT_EQ(server_admits(), Refusal{});

  EXPECT_EQ(other_admits(), Refusal{}) << "still under the old keys, with the old token";
  EXPECT_EQ(server_lane->incoming_epoch(), Epoch(0));
  client_lane->switch_outgoing(client().current);
  EXPECT_EQ(other_admits(), Refusal{});
  EXPECT_EQ(server_lane->incoming_epoch(), Epoch(1));
}

TEST_F(TwoLanes, TakeTheTokenOfTheFramesEpochOnly) {
  const base::Bytes old_token = client().current.token, old_signature = client().current.token_signature;
  renew();
  ASSERT_EQ(server_admits(), Refusal{});

  EXPECT_EQ(other_admits(client().current.token, client().current.token_signature), Refusal::bad_token)
      << "the new token under the old keys";
  client_lane->switch_outgoing(client().current);
  EXPECT_EQ(other_admits(old_token, old_signature), Refusal::bad_token) << "and the other way round";
}

TEST_F(TwoLanes, N08_EndTheOldTokenAtItsOwnTime) {
  world().clock.advance(30min);
  renew();
  ASSERT_EQ(server_admits(), Refusal{});
  world().clock.advance(30min - 1ms);
  EXPECT_EQ(other_admits(), Refusal{});
  world().clock.advance(1ms);

  EXPECT_EQ(other_admits(), Refusal::expired);
  EXPECT_EQ(server_admits(), Refusal{});
}

TEST_F(TwoLanes, N41_EndTheOldEpochTenMinutesAfterTheSwitch) {
  renew();
  ASSERT_EQ(server_admits(), Refusal{});
  world().clock.advance(10min);
  world().sessions.sweep(world().clock.mono(), 120s);

  EXPECT_EQ(other_admits(), Refusal::old_epoch);
}

struct CompactRenewal : RenewalTest {
  CompactRenewal() : RenewalTest([](World& w) { w.compact_headers = true; }) {}
};

TEST_F(CompactRenewal, CarriesCredentialsOnceUnderTheNewKeys) {
  ASSERT_EQ(server_admits(), Refusal{});
  renew();

  const base::Bytes full = pair.client_sends(a_message()), compact = pair.client_sends(a_message());

  EXPECT_LT(compact.size() + 200, full.size());
  EXPECT_EQ(server_admits(full), Refusal{});
  EXPECT_EQ(server_admits(compact), Refusal{});
}

TEST_F(CompactRenewal, N48_RefusesCompactHeadersBeforeTheNewCredentials) {
  ASSERT_EQ(server_admits(), Refusal{});
  renew();
  pair.client_lane->note_credentials_carried();

  EXPECT_EQ(server_admits(), Refusal::bad_token);
}

}  // namespace
}  // namespace fairlead::auth
