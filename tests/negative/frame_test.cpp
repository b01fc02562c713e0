// Frames on the wire: N31 to N36, N40, N45, N46 of the catalogue.
#include "frame/tlv.hpp"
#include "negative/given_attack.hpp"

namespace fairlead::negative {
namespace {

class Frame : public GivenAttack {};
INSTANTIATE_TEST_SUITE_P(Ways, Frame, kWays, security_name);

TEST_P(Frame, N31FlippedBitInEveryHeaderByteIsRefused) {
  for (size_t at = 0; at < frame::kHeaderSize; ++at) {
    const auto attacker = logged_in();
    base::Bytes message = attacker->next_message(draft(*attacker));
    message[at] ^= 0x01;

    attacker->send(message);
    attacker->send(base::Bytes(2u << 20));  // completes whatever length was made of it

    EXPECT_TRUE(attacker->wait_for_verdict().told || attacker->verdict().closed) << "byte " << at;
    EXPECT_EQ(server_.handled(), 0u) << "byte " << at;
  }
}

TEST_P(Frame, N31FlippedBitInTheBodyIsABadTag) {
  const auto attacker = logged_in();
  base::Bytes message = attacker->next_message(draft(*attacker));
  message[message.size() - frame::kTagSize - 1] ^= 0x80;

  attacker->send(message);

  expect_refused(*attacker, base::Refusal::bad_tag);
}

TEST_P(Frame, N32SameFrameTwiceIsAReplay) {
  const auto attacker = logged_in();
  const base::Bytes message = attacker->next_message(attacker->honest_draft("server", "fairlead/ping"));

  attacker->send(message);
  attacker->send(message);

  expect_refused(*attacker, base::Refusal::replay);
}

TEST_P(Frame, N32OldFrameAfterManyNewerIsAReplay) {
  const auto attacker = logged_in();
  const base::Bytes message = attacker->next_message(attacker->honest_draft("server", "fairlead/ping"));
  attacker->send(message);
  for (int i = 0; i < 1024; ++i)
    attacker->send(attacker->next_message(attacker->honest_draft("server", "fairlead/ping")));
  ASSERT_TRUE(attacker->is_still_served());

  attacker->send(message);

  expect_refused(*attacker, base::Refusal::replay);
}

TEST_P(Frame, N32FrameOfAnEarlierConnectionIsRefused) {
  base::Bytes recorded;
  {
    const auto earlier = logged_in();
    recorded = earlier->next_message(draft(*earlier));
  }
  const auto attacker = client(site_1_, "again");
  ASSERT_TRUE(attacker->log_in());

  attacker->send(recorded);

  EXPECT_TRUE(attacker->wait_for_verdict().told || attacker->verdict().closed);
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Frame, N33MissingFrameEndsTheConnection) {
  const auto attacker = logged_in();
  const base::Bytes lost = attacker->next_message(draft(*attacker));
  const base::Bytes next = attacker->next_message(draft(*attacker));

  attacker->send(next);
  attacker->send(lost);

  EXPECT_TRUE(attacker->wait_for_verdict().told || attacker->verdict().closed);
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Frame, N35TruncatedMessageIsNeverDelivered) {
  const auto attacker = logged_in();
  const base::Bytes message = attacker->next_message(draft(*attacker));

  attacker->send(base::ByteView(message).first(message.size() - 1));
  const auto honest = client(site_2_, "honest");

  EXPECT_TRUE(honest->log_in());
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Frame, N36MessageWithoutItsLastFrameIsNeverDelivered) {
  const auto attacker = logged_in();
  auth::Draft large = draft(*attacker);
  large.payload = base::move_to_slice(base::Bytes(3u << 20, 'x'));
  const base::Bytes message = attacker->next_message(std::move(large));

  attacker->send(base::ByteView(message).first(message.size() - frame::kMaxBody));
  const auto honest = client(site_2_, "honest");

  EXPECT_TRUE(honest->log_in());
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Frame, N40FrameInTheWrongDirectionIsRefused) {
  const auto attacker = logged_in();

  attacker->send(attacker->next_frame(frame::FrameType::ping, frame::kServerToClient, {}, {}));

  EXPECT_TRUE(attacker->wait_for_verdict().told || attacker->verdict().closed);
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Frame, N45UnsortedHeadersAreRefused) {
  const auto attacker = logged_in();
  base::Bytes block;
  frame::append_tlv(block, frame::kTopic, base::as_bytes("count"));
  frame::append_tlv(block, frame::kTo, base::as_bytes("server"));

  attacker->send(attacker->next_frame(frame::FrameType::data, frame::kFirst | frame::kLast, block, {}));

  expect_refused(*attacker, base::Refusal::bad_headers);
}

TEST_P(Frame, N45UnknownCriticalHeaderIsRefused) {
  const auto attacker = logged_in();
  const auth::Message message = auth::compose(draft(*attacker));
  base::Bytes block;
  frame::append_credentials(block, "site-1", attacker->session().current.token,
                            attacker->session().current.token_signature);
  base::append(block, message.headers.portable);
  frame::append_tlv(block, 0x8001, base::as_bytes("?"));

  attacker->send(
      attacker->next_frame(frame::FrameType::data, frame::kFirst | frame::kLast, block, message.payload()));

  expect_refused(*attacker, base::Refusal::bad_headers);
}

TEST_P(Frame, N46BodyAboveTheLimitIsRefusedBeforeItArrives) {
  const auto attacker = logged_in();
  base::Bytes header = attacker->next_message(draft(*attacker));
  header.resize(frame::kHeaderSize);
  base::store_be<uint32_t>(base::MutableByteView(header).subspan(8), frame::kMaxBody + 1);

  attacker->send(header);

  expect_refused(*attacker, base::Refusal::too_large);
}

TEST_P(Frame, N46GiganticBodyIsRefusedBeforeItArrives) {
  const auto attacker = logged_in();
  base::Bytes header = attacker->next_message(draft(*attacker));
  header.resize(frame::kHeaderSize);
  base::store_be<uint32_t>(base::MutableByteView(header).subspan(8), 0xFFFFFFFF);

  attacker->send(header);

  expect_refused(*attacker, base::Refusal::too_large);
}

}  // namespace
}  // namespace fairlead::negative
