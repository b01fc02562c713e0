#include "auth/control.hpp"

#include "frame/tlv.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::Refusal;

struct ControlTest : ::testing::Test {
  /// The body of the one frame that waits.
  Bytes body() {
    Bytes frame = Connection::take(outbox);
    const auto decoded = frame::decode(frame, {frame::kMaxBlock, frame::kMaxBody});
    EXPECT_TRUE(decoded && decoded->complete);
    type = decoded->frame.header.type;
    return base::to_bytes(decoded->frame.body);
  }

  LoggedIn pair = GivenLoggedInPair();
  frame::Outbox outbox{pair.world->memory};
  frame::FrameType type{};
};

TEST_F(ControlTest, PingAndPongCarryTheirNumber) {
  append_ping(77, *pair.client_lane, outbox);
  EXPECT_EQ(*decode_ping(body()), 77u);
  EXPECT_EQ(type, frame::FrameType::ping);

  append_pong(78, *pair.client_lane, outbox);
  EXPECT_EQ(*decode_ping(body()), 78u);
  EXPECT_EQ(type, frame::FrameType::pong);
}

TEST_F(ControlTest, APingWithoutANumberIsRefused) {
  EXPECT_EQ(refusal_of(decode_ping({})), Refusal::bad_headers);
}

TEST_F(ControlTest, GoawayAndCloseSayNothingMore) {
  append_goaway(*pair.client_lane, outbox);
  EXPECT_TRUE(decode_empty(body()));
  EXPECT_EQ(type, frame::FrameType::goaway);

  append_close(*pair.client_lane, outbox);
  EXPECT_TRUE(decode_empty(body()));
  EXPECT_EQ(type, frame::FrameType::close);
}

TEST_F(ControlTest, AnErrorCarriesCodeTextAndMessage) {
  const frame::MessageId about{1, 2, 3};
  append_error(Refusal::no_such_endpoint, "to site-9", &about, pair.server_lane.get(), outbox);

  const auto error = decode_error(body());

  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, Refusal::no_such_endpoint);
  EXPECT_EQ(error->text, "to site-9");
  EXPECT_EQ(error->about, about);
}

TEST_F(ControlTest, AnErrorWithoutALaneIsAServersAndHasNoTag) {
  append_error(Refusal::login_refused, "0123abcd", nullptr, nullptr, outbox);
  Bytes frame = Connection::take(outbox);

  const auto decoded = frame::decode(frame, {});

  ASSERT_TRUE(decoded && decoded->complete);
  EXPECT_TRUE(decoded->frame.header.has(frame::kServerToClient));
  EXPECT_EQ(decode_error(decoded->frame.body)->text, "0123abcd");
}

TEST_F(ControlTest, AnErrorsTextIsShortAndPrintable) {
  append_error(Refusal::busy, "a\nb\x7F" + std::string(600, 'x'), nullptr, pair.server_lane.get(), outbox);

  const auto error = decode_error(body());

  ASSERT_TRUE(error);
  EXPECT_EQ(error->text.size(), kMaxErrorText);
  EXPECT_EQ(error->text.substr(0, 4), "a?b?");
}

TEST_F(ControlTest, EveryCodeComesBack) {
  for (int code = 0; code < 256; ++code) {
    Bytes error;
    frame::append_tlv(error, 1, Bytes{static_cast<uint8_t>(code)});
    const auto known = base::refusal_from_code(static_cast<uint8_t>(code));
    EXPECT_EQ(decode_error(error).has_value(), known.has_value()) << code;
  }
}

TEST_F(ControlTest, OnlyRoutingCodesAreAboutOneMessage) {
  for (int code = 0; code < 256; ++code) {
    const auto known = base::refusal_from_code(static_cast<uint8_t>(code));
    Bytes error;
    frame::append_tlv(error, 1, Bytes{static_cast<uint8_t>(code)});
    frame::append_tlv(error, 3, Bytes(16));
    const bool routing = (code >= 32 && code <= 36) || known == Refusal::id_reused;
    EXPECT_EQ(decode_error(error).has_value(), routing) << code;
  }
}

TEST_F(ControlTest, AnErrorsTextMustBePlain) {
  Bytes error;
  frame::append_tlv(error, 1, Bytes{1});
  frame::append_tlv(error, 2, Bytes{0x1B});

  EXPECT_EQ(refusal_of(decode_error(error)), Refusal::bad_headers);
}

}  // namespace
}  // namespace fairlead::auth
