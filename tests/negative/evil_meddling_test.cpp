// A transport that changes, repeats, loses and reorders what it carries: N31 to N34 and N64 over real nodes.
#include "negative/evil_given.hpp"

namespace fairlead::negative {
namespace {

class Meddling : public GivenEvil {};

TEST_F(Meddling, HonestCarriageOfTheEvilTransportWorks) {
  given({});
  start_server();
  const auto site = start_site();

  const auto reply = site->request("server", "count", "one");

  EXPECT_TRUE(reply.has_value()) << reply.error().line();
  EXPECT_EQ(server_->handled(), 1u);
}

TEST_F(Meddling, SingleBytesAreDeliveredAllTheSame) {
  given({.server_options = "meddling: split"});
  start_server();
  const auto client = start_frames();

  send(*client, 3);

  EXPECT_TRUE(client->is_still_served());
  EXPECT_EQ(server_->handled(), 3u);
}

TEST_F(Meddling, N31ChangedByteIsABadTag) {
  given({.server_options = "meddling: mutate"});
  start_server();
  const auto client = start_frames();

  send(*client, 3);

  EXPECT_EQ(client->wait_for_verdict().told, base::Refusal::bad_tag);
  EXPECT_EQ(server_->handled(), 0u);
  expect_logged(base::Refusal::bad_tag);
  expect_others_are_served();
}

TEST_F(Meddling, N34RepeatedFrameIsAReplay) {
  given({.server_options = "meddling: duplicate"});
  start_server();
  const auto client = start_frames();

  send(*client, 3);

  EXPECT_EQ(client->wait_for_verdict().told, base::Refusal::replay);
  EXPECT_EQ(server_->handled(), 1u);
  expect_logged(base::Refusal::replay);
  expect_others_are_served();
}

TEST_F(Meddling, N33LostFrameEndsTheConnection) {
  given({.server_options = "meddling: drop"});
  start_server();
  const auto client = start_frames();

  send(*client, 3);

  EXPECT_TRUE(client->wait_for_verdict().told || client->verdict().closed);
  EXPECT_EQ(server_->handled(), 0u);
  expect_others_are_served();
}

TEST_F(Meddling, N33SwappedFramesEndTheConnection) {
  given({.server_options = "meddling: swap"});
  start_server();
  const auto client = start_frames();

  send(*client, 3);

  EXPECT_TRUE(client->wait_for_verdict().told || client->verdict().closed);
  EXPECT_EQ(server_->handled(), 0u);
  expect_others_are_served();
}

TEST_F(Meddling, N33FrameLostInTheMiddleStopsWhatFollows) {
  given({.server_options = "meddling: drop, frame: 2"});
  start_server();
  const auto client = start_frames();

  send(*client, 4);

  EXPECT_TRUE(client->wait_for_verdict().told || client->verdict().closed);
  EXPECT_EQ(server_->handled(), 1u);
}

/// The same on the way to a site: its own transport is the evil one.
class MeddlingWithASite : public GivenEvil,
                          public testing::WithParamInterface<std::pair<const char*, size_t>> {};
INSTANTIATE_TEST_SUITE_P(N33, MeddlingWithASite,
                         testing::Values(std::pair{"mutate", size_t{0}}, std::pair{"duplicate", size_t{1}},
                                         std::pair{"drop", size_t{0}}, std::pair{"swap", size_t{0}}),
                         [](const auto& test) { return test.param.first; });

TEST_P(MeddlingWithASite, SiteLeavesTheConnectionAndDeliversNothingOfIt) {
  given({.site_options = "meddling: " + std::string(GetParam().first)});
  start_server();
  const auto site = start_site();
  ASSERT_TRUE(site->wait_ready().has_value()) << site->log().text();
  support::LiveClient sender(project_.kit("site-2"), address("tcp"));
  ASSERT_TRUE(sender.wait_ready().has_value());

  for (const char* payload : {"one", "two"})
    EXPECT_FALSE(sender.request("site-1", "news", payload, std::chrono::milliseconds(300)).has_value() &&
                 GetParam().second == 0);

  EXPECT_TRUE(site->wait_lost().has_value()) << site->log().text();
  EXPECT_EQ(site->received().size(), GetParam().second);
}

}  // namespace
}  // namespace fairlead::negative
