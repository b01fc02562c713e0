// Frames that are rightly made and stand in the wrong place: N11, N27, N37 to N39, N41, N48 and N52 of the
// catalogue.
#include "negative/given_attack.hpp"

namespace fairlead::negative {
namespace {

constexpr size_t kFlagsAt = 5, kSequenceAt = 16, kEpochAt = 24;

class Place : public GivenAttack {
 protected:
  /// The headers of an honest message to the handler that counts.
  static base::Bytes block_of(support::HostileClient& from) {
    base::Bytes block;
    frame::append_credentials(block, "site-1", from.session().current.token,
                              from.session().current.token_signature);
    base::append(block, auth::compose(from.honest_draft("server", "count")).headers.portable);
    return block;
  }
};
INSTANTIATE_TEST_SUITE_P(Ways, Place, kWays, security_name);

/// A server that wants every message sealed.
class SealedPlace : public GivenAttack {
 protected:
  SealedPlace() : GivenAttack({"message_security=seal"}) {}
};
INSTANTIATE_TEST_SUITE_P(Ways, SealedPlace, kWays, security_name);

TEST_P(Place, N11TokenWithOneBitOfAnyByteChangedIsRefused) {
  const size_t length = logged_in()->session().current.token.size();

  for (size_t at = 0; at < length; ++at) {
    const auto attacker = client(site_1_, "flip-" + std::to_string(at));
    ASSERT_TRUE(attacker->log_in());
    attacker->session().current.token[at] ^= static_cast<uint8_t>(1u << at % 8);
    attacker->send(attacker->next_message(draft(*attacker)));
    EXPECT_EQ(attacker->wait_for_verdict().told, base::Refusal::bad_token) << "byte " << at;
  }

  EXPECT_EQ(server_.refused(base::Refusal::bad_token), length);
  expect_harmless(base::Refusal::bad_token);
}

TEST_P(Place, N27SecondLaneOpenIsRefused) {
  const auto attacker = logged_in();

  attacker->send(attacker->next_frame(frame::FrameType::lane_open, 0, {}, base::Bytes(40)));

  expect_refused(*attacker, base::Refusal::malformed);  // it is the first of a lane or none
}

TEST_P(Place, N27SecondLoginOnALiveLaneIsRefused) {
  const auto attacker = logged_in();

  attacker->send(attacker->login_bytes());

  EXPECT_TRUE(attacker->wait_for_close());
  EXPECT_EQ(server_.counters().logins, 1u);
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Place, N37ContinuationOfAnotherStreamIsRefused) {
  const auto attacker = logged_in();
  attacker->send(attacker->next_frame(frame::FrameType::data, frame::kFirst, block_of(*attacker), {}));

  attacker->send(attacker->next_frame(frame::FrameType::data, frame::kLast, {}, base::as_bytes("spliced"),
                                      base::StreamId{2}));

  expect_refused(*attacker, base::Refusal::malformed);
}

TEST_P(Place, N38NewMessageInsideOfAnotherIsRefused) {
  const auto attacker = logged_in();
  const base::Bytes block = block_of(*attacker);
  attacker->send(attacker->next_frame(frame::FrameType::data, frame::kFirst, block, {}));

  attacker->send(attacker->next_frame(frame::FrameType::data, frame::kFirst | frame::kLast, block, {}));

  expect_refused(*attacker, base::Refusal::malformed);
}

TEST_P(Place, N39JumpOfTheSequenceIsRefused) {
  const auto attacker = logged_in();
  base::Bytes message = attacker->next_message(draft(*attacker));
  base::store_be<uint64_t>(base::MutableByteView(message).subspan(kSequenceAt), 1ull << 62);

  attacker->send(message);

  expect_refused(*attacker, base::Refusal::malformed);
}

TEST_P(Place, N41FutureEpochIsRefused) {
  const auto attacker = logged_in();
  base::Bytes message = attacker->next_message(draft(*attacker));
  base::store_be<uint32_t>(base::MutableByteView(message).subspan(kEpochAt), 1);

  attacker->send(message);

  expect_refused(*attacker, base::Refusal::old_epoch);
}

TEST_P(Place, N48MessageWithoutCredentialsIsRefused) {
  const auto attacker = logged_in();
  const auth::Message message = auth::compose(draft(*attacker));

  attacker->send(attacker->next_frame(frame::FrameType::data, frame::kFirst | frame::kLast | frame::kCompact,
                                      message.headers.portable, message.payload()));

  EXPECT_TRUE(attacker->wait_for_close());
  EXPECT_EQ(server_.handled(), 0u);
  EXPECT_EQ(server_.counters().admitted, 0u);
}

TEST_P(SealedPlace, N52FloorThatWasRaisedHoldsForEveryLink) {
  const auto attacker = logged_in();
  ASSERT_EQ(attacker->lane().level(), base::MessageSecurity::seal);
  base::Bytes message = attacker->next_message(draft(*attacker));
  message[kFlagsAt] &= static_cast<uint8_t>(~frame::kSealed);

  attacker->send(message);

  expect_refused(*attacker, base::Refusal::security_floor);
}

}  // namespace
}  // namespace fairlead::negative
