#include "route/router.hpp"

#include "../auth/given.hpp"

namespace fairlead::route {
namespace {

using auth::LoggedIn;
using base::Refusal;
using frame::MessageKind;

/// site-1 with a session, which a delegation may bind to topics, and site-2 beside it.
struct RouterTest : ::testing::Test {
  RouterTest() {
    auto other = std::make_unique<auth::Session>();
    other->id = {9};
    other->endpoint = *base::Endpoint::parse("site-2");
    other->instance = {9};
    pair.world->sessions.prove(*pair.world->sessions.add(std::move(other), {}));
  }
  Refusal route(MessageKind kind, const std::string& to, const std::string& topic) {
    auth::Draft draft = auth::a_draft();
    draft.kind = kind;
    draft.to = to;
    draft.topic = topic;
    if (kind == MessageKind::reply) draft.correlation = frame::MessageId{7};
    const auto verified = pair.server_takes(pair.client_sends(auth::compose(std::move(draft))));
    return auth::refusal_of(router.choose(**verified, *pair.server_session));
  }
  void delegate() { pair.server_session->topics = {"metrics", "round/*"}; }

  LoggedIn pair = auth::GivenLoggedInPair();
  Router router{"hub.example", Policy({}), pair.world->sessions};
};

TEST_F(RouterTest, LetsAParticipantSendAnyTopic) {
  EXPECT_EQ(route(MessageKind::oneway, "site-2", "anything"), Refusal{});
  EXPECT_EQ(route(MessageKind::request, "server", "anything"), Refusal{});
}

TEST_F(RouterTest, LetsADelegateSendItsTopics) {
  delegate();

  for (const char* to : {"site-2", "server", "*"}) {
    EXPECT_EQ(route(MessageKind::oneway, to, "metrics"), Refusal{}) << to;
    EXPECT_EQ(route(MessageKind::oneway, to, "round/7"), Refusal{}) << to;
  }
}

TEST_F(RouterTest, N47RefusesADelegateAnyOtherTopic) {
  delegate();

  for (const char* to : {"site-2", "server", "*"})
    for (const char* topic : {"metric", "metrics/x", "round", "admin/kick", "fairlead/status"}) {
      EXPECT_EQ(route(MessageKind::oneway, to, topic), Refusal::not_allowed) << to << " " << topic;
    }
  EXPECT_EQ(route(MessageKind::request, "site-2", "other"), Refusal::not_allowed);
}

TEST_F(RouterTest, NeverLetsADelegateAdminister) {
  pair.server_session->topics = {"admin/kick", "admin/*"};

  EXPECT_EQ(route(MessageKind::request, "server", "admin/kick"), Refusal::not_allowed);
}

TEST_F(RouterTest, LetsADelegateAnswerWhatItWasAsked) {
  delegate();

  EXPECT_EQ(route(MessageKind::reply, "site-2", "other"), Refusal{});
}

TEST_F(RouterTest, SaysNothingAboutEndpointsToWhoMayNotSend) {
  delegate();

  EXPECT_EQ(route(MessageKind::oneway, "nobody", "other"), Refusal::not_allowed);
  EXPECT_EQ(route(MessageKind::oneway, "nobody", "metrics"), Refusal::no_such_endpoint);
}

}  // namespace
}  // namespace fairlead::route
