// Answers from who was not asked. All requests of a process share half of their number, so that whoever is
// asked once can foresee the next one.
#include <future>

#include "negative/given_attack.hpp"

namespace fairlead::negative {
namespace {

using namespace std::chrono_literals;

/// The server asks this endpoint; what it is told.
std::future<std::string> ask(support::LiveServer& server, const std::string& endpoint) {
  auto told = std::make_shared<std::promise<std::string>>();  // owner: the request's callback
  node::Outgoing question;
  question.to = endpoint;
  question.topic = "question";
  server.node().request(std::move(question), 10s, [told](const base::Result<node::Received>& reply) {
    told->set_value(reply ? std::string(base::as_text((*reply)->payload())) : reply.error().line());
  });
  return told->get_future();
}

auth::Draft answer(support::HostileClient& from, const frame::MessageId& to_request,
                   const std::string& text) {
  auth::Draft draft = from.honest_draft("server", "question");
  draft.kind = frame::MessageKind::reply;
  draft.correlation = to_request;
  draft.payload = base::copy_to_slice(base::as_bytes(text));
  return draft;
}

class Reply : public GivenAttack {
 protected:
  static frame::MessageId next_after(frame::MessageId id) {
    const auto counter = base::MutableByteView(id).subspan(8);
    base::store_be(counter, base::load_be<uint64_t>(counter) + 1);
    return id;
  }
};
INSTANTIATE_TEST_SUITE_P(Ways, Reply, kWays, security_name);

TEST_P(Reply, N42OfSomebodyWhoWasNotAskedIsRefused) {
  const auto attacker = client(site_2_);
  ASSERT_TRUE(attacker->log_in());
  const auto asked = logged_in();
  const auto first = ask(server_, "site-2/hostile");
  const auto known = attacker->wait_for_message();
  ASSERT_TRUE(known.has_value());
  auto second = ask(server_, "site-1/hostile");
  const auto wanted = asked->wait_for_message();
  ASSERT_EQ(wanted, next_after(*known));  // the attacker can tell

  attacker->send(attacker->next_message(answer(*attacker, *wanted, "forged")));

  EXPECT_EQ(attacker->wait_for_verdict().told, base::Refusal::deadline_passed);
  asked->send(asked->next_message(answer(*asked, *wanted, "honest")));
  EXPECT_TRUE(asked->is_still_served());
  EXPECT_EQ(second.get(), "honest");
}

TEST_P(Reply, N42ThatNobodyAskedForIsRefused) {
  const auto attacker = logged_in();

  attacker->send(attacker->next_message(answer(*attacker, frame::MessageId{7}, "forged")));

  EXPECT_EQ(attacker->wait_for_verdict().told, base::Refusal::deadline_passed);
  EXPECT_TRUE(attacker->is_still_served());
}

TEST_P(Reply, OfWhoWasAskedCountsOnce) {
  const auto asked = logged_in();
  auto told = ask(server_, "site-1/hostile");
  const auto request = asked->wait_for_message();
  ASSERT_TRUE(request.has_value());
  asked->send(asked->next_message(answer(*asked, *request, "first")));
  EXPECT_TRUE(asked->is_still_served());
  EXPECT_EQ(told.get(), "first");

  asked->send(asked->next_message(answer(*asked, *request, "second")));

  EXPECT_EQ(asked->wait_for_verdict().told, base::Refusal::deadline_passed);
}

TEST(ReplyUnderRules, MayGoBackThoughNoRuleNamesItsTopic) {
  const support::GivenProject project(project_text("mtls") +
                                      "policy:\n- {from: site-2, to: server, topics: [other]}\n");
  const kit::Kit kit = open_kit(project.kit("site-1"));
  support::LiveServer server(project.kit("server"));
  support::HostileClient asked(kit, kit, {.address = server.address()});
  ASSERT_TRUE(asked.log_in());
  auto told = ask(server, "site-1/hostile");
  const auto request = asked.wait_for_message();
  ASSERT_TRUE(request.has_value());

  asked.send(asked.next_message(answer(asked, *request, "allowed")));

  EXPECT_TRUE(asked.is_still_served());
  EXPECT_EQ(told.get(), "allowed");
}

}  // namespace
}  // namespace fairlead::negative
