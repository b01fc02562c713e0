// What create(), listen() and connect() refuse before a byte flows. The text names the option, never a
// secret.
#include <gmock/gmock.h>

#include "given.hpp"

namespace {

using testing::HasSubstr;
using testing::Not;

class Configuration : public testing::Test {
 protected:
  Project project;
  FakeConfig good = listening_config("mtls", project.authority, project.server);
  fairlead_loop loop;
  FakeHost host{loop, plugin()};
};

TEST_F(Configuration, TableIsComplete) {
  const fairlead_transport& table = plugin();

  EXPECT_EQ(table.magic, FAIRLEAD_TRANSPORT_MAGIC);
  EXPECT_EQ(table.struct_size, sizeof table);
  EXPECT_EQ(table.option_size, sizeof(fairlead_option));
  EXPECT_STREQ(table.schemes[0], "tcp");
  EXPECT_EQ(table.schemes[1], nullptr);
  EXPECT_NE(table.reconfigure, nullptr);
}

TEST_F(Configuration, SecurityIsRequired) {
  good.texts.erase("security");

  EXPECT_EQ(host.create(good), FAIRLEAD_E_CONFIG);
  EXPECT_THAT(host.error(), HasSubstr("security"));
}

TEST_F(Configuration, UnknownSecurity) {
  good.texts["security"] = "none";

  EXPECT_EQ(host.create(good), FAIRLEAD_E_CONFIG);
  EXPECT_THAT(host.error(), HasSubstr("security"));
}

TEST_F(Configuration, NumberOutsideItsRange) {
  good.numbers["send_buffer"] = -1;

  EXPECT_EQ(host.create(good), FAIRLEAD_E_CONFIG);
  EXPECT_THAT(host.error(), HasSubstr("send_buffer"));
}

TEST_F(Configuration, BrokenCa) {
  good.texts["ca"] = "not PEM";

  EXPECT_EQ(host.create(good), FAIRLEAD_E_CREDENTIAL);
  EXPECT_THAT(host.error(), HasSubstr("option ca"));
}

TEST_F(Configuration, BrokenKeyIsNamedButNotShown) {
  good.key = "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n";

  EXPECT_EQ(host.create(good), FAIRLEAD_E_CREDENTIAL);
  EXPECT_THAT(host.error(), HasSubstr("option key"));
  EXPECT_THAT(host.error() + host.log, Not(HasSubstr("canary")));
}

TEST_F(Configuration, KeyOfAnotherCertificate) {
  good.key = project.site.key;

  EXPECT_EQ(host.create(good), FAIRLEAD_E_CREDENTIAL);
  EXPECT_THAT(host.error(), HasSubstr("option key"));
}

TEST_F(Configuration, MtlsNeedsCaAndChain) {
  FakeConfig no_ca = good, no_chain = good;
  no_ca.texts.erase("ca");
  no_chain.texts.erase("chain");

  EXPECT_EQ(host.create(no_ca), FAIRLEAD_E_CREDENTIAL);
  EXPECT_EQ(host.create(no_chain), FAIRLEAD_E_CREDENTIAL);
}

TEST_F(Configuration, ListeningWithTlsNeedsOurCertificate) {
  ASSERT_EQ(host.create(dialling_config("tls", project.authority)), FAIRLEAD_OK);

  EXPECT_EQ(host.listen("127.0.0.1:0"), nullptr);
  EXPECT_EQ(host.status(), FAIRLEAD_E_CREDENTIAL);
}

TEST_F(Configuration, AddressesThatAreNone) {
  ASSERT_EQ(host.create(clear_config()), FAIRLEAD_OK);

  for (const char* address : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:1x", "::1:80"}) {
    EXPECT_EQ(host.listen(address), nullptr) << address;
    EXPECT_EQ(host.status(), FAIRLEAD_E_CONFIG) << address;
  }
}

TEST_F(Configuration, UnknownCongestionControl) {
  FakeConfig clear = clear_config();
  clear.texts["congestion"] = "no-such";
  ASSERT_EQ(host.create(clear), FAIRLEAD_OK);

  EXPECT_EQ(host.listen("127.0.0.1:0"), nullptr);
  EXPECT_EQ(host.status(), FAIRLEAD_E_CONFIG);
  EXPECT_THAT(host.error(), HasSubstr("congestion"));
}

TEST_F(Configuration, FailedReconfigureKeepsTheOldCredentials) {
  Ends ends(good, dialling_config("mtls", project.authority, &project.site));
  FakeConfig broken = good;
  broken.texts["ca"] = "not PEM";

  EXPECT_EQ(ends.server.reconfigure(broken), FAIRLEAD_E_CREDENTIAL);
  ends.connect();

  EXPECT_TRUE(ends.both_open());
}

TEST_F(Configuration, ReconfigureReplacesTheCertificateForLaterHandshakes) {
  Ends ends(good, dialling_config("mtls", project.authority, &project.site));
  ends.connect();
  fairlead_peer before, after;
  ends.dialled->peer(before);

  FakeConfig renewed = listening_config("mtls", project.authority, project.authority.issue({}));
  EXPECT_EQ(ends.server.reconfigure(renewed), FAIRLEAD_OK);
  ends.connect();
  ends.dialled->peer(after);

  EXPECT_TRUE(ends.both_open());
  EXPECT_NE(
      std::string(before.certificate_der.data, before.certificate_der.data + before.certificate_der.size),
      std::string(after.certificate_der.data, after.certificate_der.data + after.certificate_der.size));
}

}  // namespace
