// The doctor of a site that goes through a proxy: it looks at the way that the site's connections take.
#include <gmock/gmock.h>

#include "integration/doctor_given.hpp"
#include "integration/outbound_proxy.hpp"

namespace fairlead::integration {
namespace {

class DoctorByProxy : public testing::TestWithParam<const char*> {
 protected:
  DoctorByProxy() : deployment_(project_of(GetParam())) { deployment_.start_server(); }

  Diagnosis diagnose_by(const std::string& proxy, const Words& more = {}) const {
    Words words = deployment_.site("site-1");
    for (const std::string& word : Words{"--set", "proxy=" + proxy, "--timeout", "2s"}) words.push_back(word);
    words.insert(words.end(), more.begin(), more.end());
    return diagnose(words);
  }
  std::string server() const { return "127.0.0.1:" + deployment_.port(); }

  GivenDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, DoctorByProxy, kSecurities, security_name);

TEST_P(DoctorByProxy, IsContentWhenItLeadsToTheServer) {
  for (const ProxyType type : {ProxyType::squid, ProxyType::microsocks}) {
    const OutboundProxy proxy(type);

    const Diagnosis found = diagnose_by(proxy.url());

    EXPECT_EQ(found.code, 0) << found.object.dump(2);
    EXPECT_EQ(found.row("proxy")["target"].text(), proxy.url());
    EXPECT_EQ(found.detail("proxy"), "connects this site to " + server());
    EXPECT_EQ(found.status("echo"), "ok");
  }
}

TEST_P(DoctorByProxy, FindsAProxyThatDenies) {
  const OutboundProxy proxy(ProxyType::squid_that_denies);

  const Diagnosis found = diagnose_by(proxy.url());

  expect_cause(found, 2, "proxy", "403");
  EXPECT_EQ(found.status("tcp"), "ok");
  EXPECT_EQ(found.status("tls"), "not reached");
  EXPECT_THAT(found.object["data"]["firewall_request"]["opened_by"].text(), testing::HasSubstr(proxy.url()));
}

TEST_P(DoctorByProxy, FindsAProxyThatIsNotThere) {
  const ReservedPort nobody;

  const Diagnosis found = diagnose_by("http://127.0.0.1:" + nobody.number);

  expect_cause(found, 2, "tcp", "no proxy listens there");
  EXPECT_EQ(found.status("proxy"), "not reached");
}

TEST_P(DoctorByProxy, FindsCredentialsThatAreMissing) {
  const OutboundProxy proxy(ProxyType::squid_with_login);

  const Diagnosis without = diagnose_by(proxy.url());
  const Diagnosis unknown = diagnose_by(proxy.url(), {"--set", "proxy_credentials=nowhere"});

  expect_cause(without, 2, "proxy", "none are configured");
  expect_cause(unknown, 4, "configuration", "credentials are missing");
}

TEST_P(DoctorByProxy, FindsAServerThatIsNotThereBehindIt) {
  const OutboundProxy proxy(ProxyType::squid);
  deployment_.stop_server();

  const Diagnosis found = diagnose_by(proxy.url());

  expect_cause(found, 2, "proxy", "through the proxy");
}

}  // namespace
}  // namespace fairlead::integration
