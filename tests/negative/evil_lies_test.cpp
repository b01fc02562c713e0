// A transport that claims what it did not prove: N53 and N64. It gets nothing by it.
#include "negative/evil_given.hpp"

namespace fairlead::negative {
namespace {

class Lies : public GivenEvil {
 protected:
  /// Both sides show what a real mutual TLS link would: the peer's own certificate.
  void claim_real_certificates() {
    auto server_kit = kit::Kit::open(project_.kit("server"), kit::VersionMemory::only_check);
    ASSERT_TRUE(server_kit.has_value());
    support::write_text(claim("server.der"), base::as_text(server_kit->leaf().der()));
    support::write_text(claim("site.der"), base::as_text(site_1_->leaf().der()));
  }
  std::string with_certificate(const std::string& name) const {
    return same_binding_ + ", certificate: " + claim(name);
  }

  const std::string same_binding_ = "lies: true, binding: 0123456789abcdef0123456789abcdef";
};

TEST_F(Lies, LinkThatClaimsTlsIsStillSealed) {
  given({.security = "tls", .server_options = same_binding_, .site_options = same_binding_});
  start_server();

  const auto report = start_site()->wait_ready();

  ASSERT_TRUE(report.has_value()) << server_->log().text();
  EXPECT_EQ(report->message_security, base::MessageSecurity::seal);
  EXPECT_FALSE(report->facts.trusted_plugin);
}

TEST_F(Lies, LinkThatClaimsTlsIsStillSealedWhenTheProjectAllowsMac) {
  given({.security = "tls",
         .server_options = same_binding_,
         .site_options = same_binding_,
         .message_security = "mac"});
  start_server();

  const auto report = start_site()->wait_ready();

  ASSERT_TRUE(report.has_value()) << server_->log().text();
  EXPECT_EQ(report->message_security, base::MessageSecurity::seal);
}

TEST_F(Lies, MadeUpCertificateIsABindingMismatchInMtls) {
  given({.security = "mtls",
         .server_options = with_certificate("made-up.der"),
         .site_options = with_certificate("made-up.der")});
  support::write_text(claim("made-up.der"), "not a certificate of anybody");
  start_server();
  const auto site = start_site();

  const auto lost = site->wait_lost();

  ASSERT_TRUE(lost.has_value());
  EXPECT_EQ(lost->reason, "binding_mismatch") << lost->line();
  EXPECT_EQ(server_->counters().logins, 0u);
  expect_others_are_served();
}

TEST_F(Lies, DifferentBindingsAreABindingMismatchInMtls) {
  given({.security = "mtls",
         .server_options = "lies: true, binding: one, certificate: " + claim("site.der"),
         .site_options = "lies: true, binding: two, certificate: " + claim("server.der")});
  claim_real_certificates();
  start_server();
  const auto site = start_site();

  const auto lost = site->wait_lost();

  ASSERT_TRUE(lost.has_value());
  EXPECT_EQ(lost->reason, "binding_mismatch") << lost->line();
  EXPECT_EQ(server_->counters().logins, 0u);
  expect_others_are_served();
}

TEST_F(Lies, PerfectLieInMtlsIsStillSealed) {
  given({.security = "mtls",
         .server_options = with_certificate("site.der"),
         .site_options = with_certificate("server.der")});
  claim_real_certificates();
  start_server();
  const auto site = start_site();

  const auto report = site->wait_ready();

  ASSERT_TRUE(report.has_value()) << site->log().text() << server_->log().text();
  EXPECT_EQ(report->message_security, base::MessageSecurity::seal);
  EXPECT_TRUE(site->request("server", "count", "sealed").has_value());
}

TEST_F(Lies, N53ClientSendsNoLoginWhenItsTransportAdmitsToBeClear) {
  given({.security = "mtls"});
  start_server();
  const auto site = start_site();

  const auto lost = site->wait_lost();

  ASSERT_TRUE(lost.has_value());
  EXPECT_EQ(lost->reason, "security_floor") << lost->line();
  EXPECT_EQ(server_->counters().logins, 0u);
}

TEST_F(Lies, N53ServerRefusesWhenOnlyTheClientsTransportLies) {
  given({.security = "tls", .site_options = same_binding_});
  start_server();
  const auto site = start_site();

  const auto lost = site->wait_lost();

  ASSERT_TRUE(lost.has_value());
  EXPECT_EQ(server_->counters().logins, 0u);
  expect_logged(base::Refusal::security_floor);
  expect_others_are_served();
}

TEST_F(Lies, KitThatDoesNotNameTheEvilPluginDoesNotLoadIt) {
  const auto made = project_.try_provision(
      "api_version: 3\nname: honest\nparticipants:\n"
      "- {name: server, type: server, org: o, listeners: [{port: 8002, scheme: evil}]}\n"
      "- {name: site-1, type: client, org: o}\n");
  ASSERT_TRUE(made.has_value()) << made.error().line();
  base::SystemClock clock;
  support::CapturingLog log;
  const auto loop = loop::make_loop(clock);
  node::Settings settings;
  settings.kit = project_.kit("server");

  const auto server = node::Server::make(settings, *loop, log);

  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().code, base::ErrorCode::bad_configuration);
  EXPECT_EQ(server.error().reason, "DIGEST_MISMATCH") << server.error().line();
}

}  // namespace
}  // namespace fairlead::negative
