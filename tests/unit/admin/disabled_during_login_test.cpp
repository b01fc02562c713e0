// N23: whoever is disabled in the middle of a login is never admitted afterwards. The real table, the real
// service and the real logins of both ends.
#include "../auth/given.hpp"
#include "given.hpp"

namespace fairlead::admin {
namespace {

constexpr int kRounds = 500;   // in each of the two places
constexpr size_t kTypeAt = 4;  // of a frame's header

/// Asks the real table, and lets something happen right after a chosen question was answered.
class Interrupted final : public auth::RevocationTable {
 public:
  explicit Interrupted(const AdminService& service) : service_(service) {}
  bool is_disabled(std::string_view participant) const override {
    const bool answer = service_.revocation().is_disabled(participant);
    if (--questions_left == 0) then();
    return answer;
  }
  mutable int questions_left = 0;
  std::function<void()> then;

 private:
  const AdminService& service_;
};

class DisabledDuringLogin : public testing::Test {
 protected:
  DisabledDuringLogin()
      : node_(world_.sessions),
        service_(must(AdminService::open(
            folder_.path(), {world_.sessions, node_, world_.clock, log_, std::string(auth::kServer)}))),
        table_(*service_) {
    world_.table = &table_;
    table_.then = [this] { ask("disable"); };
    boss_.endpoint = *base::Endpoint::parse("boss@example.com/cli-1");
    boss_.type = base::ParticipantType::admin;
    boss_.role = "project_admin";
  }
  void ask(const char* action) {
    world_.clock.advance(std::chrono::seconds(1));  // within the rate of one administrator
    const std::string payload = base::Json::object({{"name", auth::kSite}}).dump();
    service_->answer(boss_, std::string(kTopics) + action, base::as_bytes(payload),
                     [](const base::Result<base::Json>& answer) {
                       ASSERT_TRUE(answer.has_value()) << answer.error().line();
                     });
  }
  void expect_never_admitted(const auth::Connection& connection) {
    ASSERT_FALSE(connection.server_step.established);
    ASSERT_FALSE(connection.client_step.established);
    ASSERT_TRUE(connection.server_step.refused.has_value());
    ASSERT_EQ(world_.sessions.size(), 0u);
  }
  /// And nothing is left over that would refuse it later.
  void expect_welcome_once_enabled() {
    ask("enable");
    table_.questions_left = 0;
    auth::Connection connection(world_);
    connection.run();
    ASSERT_TRUE(connection.server_step.established) << connection.server_step.detail;
    world_.sessions.end(*connection.server.session(), base::Refusal::revoked);
  }

  support::TempDir folder_;
  auth::World world_;
  support::CapturingLog log_;
  FakeNode node_;
  std::unique_ptr<AdminService> service_;
  Interrupted table_;
  auth::Session boss_;
};

TEST_F(DisabledDuringLogin, N23BetweenLoginRequestAndGrant) {
  for (int round = 0; round < kRounds; ++round) {
    table_.questions_left = 1;  // the first question belongs to the LoginRequest
    auth::Connection connection(world_);
    connection.run();

    expect_never_admitted(connection);
    ASSERT_EQ(connection.client_step.refused, base::Refusal::disabled);
    ask("enable");
  }
  expect_welcome_once_enabled();
}

TEST_F(DisabledDuringLogin, N23BetweenGrantAndLaneOpen) {
  for (int round = 0; round < kRounds; ++round) {
    auth::Connection connection(world_);
    connection.to_server_tap = [&](base::Bytes& frame) {
      if (frame[kTypeAt] == static_cast<uint8_t>(frame::FrameType::lane_open)) ask("disable");
    };
    connection.run();

    expect_never_admitted(connection);
    ask("enable");
  }
  expect_welcome_once_enabled();
}

TEST_F(DisabledDuringLogin, N23NeitherNewNorResumedConnectionsAreAdmitted) {
  auth::Connection first(world_);
  first.run();
  ASSERT_TRUE(first.client_step.established);
  const std::unique_ptr<auth::Session> session = first.client.take_session();
  ask("disable");

  auth::Connection resumed(world_, session.get()), anew(world_);
  resumed.run();
  anew.run();

  expect_never_admitted(resumed);
  expect_never_admitted(anew);
  EXPECT_EQ(anew.client_step.refused, base::Refusal::disabled);
}

}  // namespace
}  // namespace fairlead::admin
