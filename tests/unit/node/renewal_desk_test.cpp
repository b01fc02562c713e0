#include "node/renewal_desk.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "provision/live_renewal.hpp"
#include "provision/site_request.hpp"
#include "support/fake_clock.hpp"
#include "support/given_project.hpp"

namespace fairlead::node {
namespace {

std::string with_issuing_ca() {
  std::string yaml(support::kSmallProject);
  const std::string type = "type: server";
  return yaml.replace(yaml.find(type), type.size(), type + "\n    issuing_ca: true");
}

class RenewalDeskTest : public testing::Test {
 protected:
  RenewalDeskTest() : server_(open("server.example.com")), site_(open("site-1")) {
    clock_.set_wall(base::SystemClock().wall());
    session_.endpoint = *base::Endpoint::parse("site-1/cli-1");
    session_.peer_path = {site_.leaf().der()};
  }
  kit::Kit open(const std::string& name) const {
    auto kit = kit::Kit::open(project_.kit(name), kit::VersionMemory::only_check);
    EXPECT_TRUE(kit.has_value()) << kit.error().line();
    return std::move(*kit);
  }
  std::string question() const {
    provision::SiteOrder order;
    order.subject = {"demo", "site-1", base::ParticipantType::client};
    order.kit = site_.path();
    order.present = &site_;
    return provision::renewal_question(provision::request_certificate(order)->request);
  }
  /// "issued", or why not.
  std::string outcome() {
    const auto answer = desk_.answer(server_, session_, base::as_bytes(question()));
    return answer ? (*base::Json::parse(*answer))["status"].text() : answer.error().reason;
  }

  support::GivenProject project_{with_issuing_ca()};
  kit::Kit server_, site_;
  auth::Session session_;
  support::FakeClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<base::Log> log_ = base::make_stderr_log(base::LogLevel::off, base::LogFormat::text);
  RenewalDesk desk_{clock_, random_, *log_};
};

TEST_F(RenewalDeskTest, RenewsForTheParticipantOfTheSession) { EXPECT_EQ(outcome(), "issued"); }

TEST_F(RenewalDeskTest, RefusesADelegate) {
  session_.topics = std::vector<std::string>{"cert/renew"};

  EXPECT_EQ(outcome(), "not_allowed");
}

TEST_F(RenewalDeskTest, RefusesASessionOfAnotherCertificate) {
  session_.peer_path = {open("site-2").leaf().der()};

  EXPECT_EQ(outcome(), "request_wrong_name");
}

TEST_F(RenewalDeskTest, TakesSoManyInAMinuteAndNoMore) {
  for (uint32_t i = 0; i < RenewalDesk::kMostRenewals; ++i) EXPECT_EQ(outcome(), "issued");
  EXPECT_EQ(outcome(), "rate_limited");

  clock_.advance(RenewalDesk::kWindow);
  EXPECT_EQ(outcome(), "issued");
}

}  // namespace
}  // namespace fairlead::node
