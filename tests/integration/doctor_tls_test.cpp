// `fairlead doctor` and what answers in place of the server's TLS: wrong protocols, wrong certificates, and
// devices that end TLS on the way.
#include <gmock/gmock.h>

#include "integration/doctor_given.hpp"
#include "integration/foreign_server.hpp"

namespace fairlead::integration {
namespace {

/// Server and site with securities of their own.
std::string project_with(const std::string& server, const std::string& site, const std::string& more = "",
                         const std::string& name = "works") {
  return "api_version: 3\nname: " + name + "\n" + more +
         "participants:\n"
         "- {name: server, type: server, org: o, fed_learn_port: 8002, host_names: [localhost, 127.0.0.1],\n"
         "   connection_security: " +
         server +
         "}\n"
         "- {name: site-1, type: client, org: o, connect_to: 127.0.0.1, connection_security: " +
         site + "}\n";
}

Words site_at(const GivenDeployment& deployment, const std::string& port,
              const std::string& host = "127.0.0.1") {
  return {"-k",        deployment.kit("site-1").string(),
          "--set",     "connect_to=tcp://" + host + ":" + port,
          "--timeout", "2s"};
}

/// Parameter: connection security of the site, tls or mtls.
class DoctorTls : public testing::TestWithParam<const char*> {
 protected:
  std::string security() const { return GetParam(); }
  GivenDeployment deployment_{project_with(GetParam(), GetParam())};
};
INSTANTIATE_TEST_SUITE_P(Tcp, DoctorTls, testing::Values("tls", "mtls"), security_name);

TEST_P(DoctorTls, FindsAWebServer) {
  RunningProcess web({tool("python3"), "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"},
                     {.folder = deployment_.folder().string()});
  const std::string line = web.read_line().value_or("");
  const size_t at = line.find(" port ");
  ASSERT_NE(at, std::string::npos) << line;
  const std::string port = line.substr(at + 6, line.find(' ', at + 6) - at - 6);

  const Diagnosis found = diagnose(site_at(deployment_, port));

  expect_cause(found, 2, "tls", "HTTP answers there");
}

TEST_P(DoctorTls, FindsAFairleadListenerInTheClear) {
  GivenDeployment other(project_with("clear", "clear"));
  other.start_server();

  const Diagnosis found = diagnose(site_at(deployment_, other.port()));

  expect_cause(found, 2, "tls", "answers in the clear, this kit connects with " + security());
  EXPECT_FALSE(found.asks_firewall());
}

TEST_P(DoctorTls, FindsTheServerOfAnotherProject) {
  GivenDeployment other(project_with(security(), security(), "", "elsewhere"));
  other.start_server();

  const Diagnosis found = diagnose(site_at(deployment_, other.port()));

  expect_cause(found, 2, "tls", "the server of another project answers: elsewhere");
  EXPECT_FALSE(found.asks_firewall());
}

TEST_P(DoctorTls, FindsAServerOfAnotherProvisioning) {
  GivenDeployment other(project_with(security(), security()));
  other.start_server();

  const Diagnosis found = diagnose(site_at(deployment_, other.port()));

  expect_cause(found, 2, "tls", "another root with the same name");
}

TEST_P(DoctorTls, FindsAHostNameThatTheCertificateDoesNotCarry) {
  deployment_.start_server({"--set", "listen.host=0.0.0.0"});

  const Diagnosis found = diagnose(site_at(deployment_, deployment_.port(), "127.0.0.2"));

  expect_cause(found, 2, "tls", "is for localhost, server, 127.0.0.1, not for 127.0.0.2");
  EXPECT_FALSE(found.asks_firewall());
}

TEST_P(DoctorTls, NamesWhoInterceptsTls) {
  deployment_.start_server();
  const ForeignCa ca;
  // Behind it the server's certificate without the question for another: sslsplit has none to show, and
  // whether it answers its own client before it hears of that is a matter of luck.
  const fs::path server = deployment_.kit("server") / "startup";
  const TlsProxy asks_nobody(deployment_.folder(), {.pem = support::read_text(server / "server.crt") +
                                                           support::read_text(server / "server.key"),
                                                    .server_port = deployment_.port()});
  const Interceptor interceptor(deployment_.folder(), ca, asks_nobody.port());

  const Diagnosis found = diagnose(site_at(deployment_, interceptor.port()));

  expect_cause(found, 2, "tls", "issued by CN=somebody else, not by the project's root (CN=works)");
  EXPECT_THAT(found.remedy("tls"),
              testing::HasSubstr("exclude 127.0.0.1:" + interceptor.port() + " from TLS inspection"));
  EXPECT_THAT(found.remedy("tls"), testing::HasSubstr("custom_ca_cert"));
  EXPECT_EQ(found.remedy("tls").find("mtls cannot pass") != std::string::npos, security() == "mtls");
  EXPECT_TRUE(found.asks_firewall());
}

TEST_P(DoctorTls, FindsSomethingThatTakesConnectionsAndSaysNothing) {
  const Relay nobody({});
  Words words = site_at(deployment_, nobody.port());
  words.back() = "300ms";

  const Diagnosis found = diagnose(std::move(words));

  expect_cause(found, 3, "tls", "nothing answers");
  EXPECT_TRUE(found.asks_firewall());
}

TEST(DoctorTlsPairs, FindsATlsListenerBehindAClearKit) {
  GivenDeployment deployment(project_with("tls", "clear"));
  deployment.start_server();
  Words words = site_at(deployment, deployment.port());
  words.back() = "500ms";

  const Diagnosis found = diagnose(std::move(words));

  expect_cause(found, 2, "tls", "the listener speaks TLS, this kit connects in the clear");
  EXPECT_EQ(found.status("login"), "not reached");
  EXPECT_FALSE(found.asks_firewall());
}

TEST(DoctorTlsPairs, FindsAnMtlsListenerBehindATlsKit) {
  GivenDeployment deployment(project_with("mtls", "tls"));
  deployment.start_server();

  const Diagnosis found = diagnose(site_at(deployment, deployment.port()));

  expect_cause(found, 2, "login", "certificate");
  EXPECT_THAT(found.object.dump(),
              testing::HasSubstr("asks for a certificate, which a tls kit does not show"));
}

TEST(DoctorTlsPairs, FindsATlsListenerBehindAnMtlsKit) {
  GivenDeployment deployment(project_with("tls", "mtls"));
  deployment.start_server();

  const Diagnosis found = diagnose(site_at(deployment, deployment.port()));

  expect_cause(found, 2, "tls", "does not ask for our certificate, which mtls demands");
}

/// A proxy of somebody else's CA in front of a server in the clear, which the kits know as custom_ca_cert.
class DoctorBehindProxy : public testing::Test {
 protected:
  DoctorBehindProxy() {
    support::write_text(folder_.path() / "ca.pem", ca_.pem());
    deployment_.emplace(
        project_with("clear", "tls", "custom_ca_cert: " + (folder_.path() / "ca.pem").string() + "\n"));
    deployment_->start_server();
  }
  Diagnosis diagnose_behind(const std::string& certificate) {
    const TlsProxy proxy(folder_.path(), {.pem = certificate, .server_port = deployment_->port()});
    return diagnose(site_at(*deployment_, proxy.port(), "localhost"));
  }

  support::TempDir folder_;
  ForeignCa ca_;
  std::optional<GivenDeployment> deployment_;
};

TEST_F(DoctorBehindProxy, IsContent) {
  const Diagnosis found =
      diagnose_behind(ca_.server_pem("localhost", {.until = std::chrono::hours(24 * 60)}));

  EXPECT_EQ(found.code, 0) << found.object.dump(2);
  EXPECT_EQ(found.status("login"), "ok");
  EXPECT_THAT(found.detail("tls"), testing::HasSubstr("issued by CN=somebody else"));
}

TEST_F(DoctorBehindProxy, TrustsTheCaThatTheSiteItselfNames) {
  deployment_.emplace(project_with("clear", "tls", ""));
  deployment_->start_server();
  support::write_text(deployment_->kit("site-1") / "local" / "fairlead.yml",
                      "custom_ca_cert: " + (folder_.path() / "ca.pem").string() + "\n");

  const Diagnosis found = diagnose_behind(ca_.server_pem("localhost"));

  EXPECT_EQ(found.code, 0) << found.object.dump(2);
}

TEST_F(DoctorBehindProxy, FindsTheProxysCertificateExpired) {
  const Diagnosis found =
      diagnose_behind(ca_.server_pem("localhost", {std::chrono::hours(-48), std::chrono::hours(-24)}));

  expect_cause(found, 2, "tls", "the server's certificate is valid ");
  EXPECT_EQ(found.status("clock"), "ok");
}

TEST_F(DoctorBehindProxy, FindsAnotherCa) {
  const Diagnosis found = diagnose_behind(ForeignCa().server_pem("localhost"));

  EXPECT_EQ(found.status("tls"), "failed") << found.object.dump(2);
  EXPECT_EQ(found.code, 2);
}

TEST_F(DoctorBehindProxy, FindsAnotherHostName) {
  const Diagnosis found = diagnose_behind(ca_.server_pem("proxy.example"));

  expect_cause(found, 2, "tls", "is for proxy.example, not for localhost");
  EXPECT_THAT(found.remedy("tls"), testing::HasSubstr("host_names"));
}

TEST(DoctorBehindNobody, FindsTheServerItselfWhereAProxyWasExpected) {
  const support::TempDir folder;
  const ForeignCa ca;
  support::write_text(folder.path() / "ca.pem", ca.pem());
  GivenDeployment deployment(
      project_with("tls", "tls", "custom_ca_cert: " + (folder.path() / "ca.pem").string() + "\n"));
  deployment.start_server();

  const Diagnosis found = diagnose(site_at(deployment, deployment.port()));

  expect_cause(found, 2, "tls", "the server answers itself, with a certificate of the project");
}

}  // namespace
}  // namespace fairlead::integration
