// Peers that must not get in. The verifying side never reports opened(); both learn why.
#include <gmock/gmock.h>

#include "given.hpp"

namespace {

using testing::HasSubstr;

const Project& project() {
  static const Project kProject;
  return kProject;
}

/// Connects two ends that must not come together and waits for both verdicts.
void expect_refused(Ends& ends, const std::string& host = "127.0.0.1") {
  ends.connect(host);
  EXPECT_TRUE(ends.run([&] { return ends.dialled->closed == 1 && ends.accepted->closed == 1; }));
}

TEST(Refusal, DiallerRefusesAnUnknownCa) {
  const Authority other("another root");
  const Identity server = other.issue({.common_name = "server"});
  Ends ends(listening_config("tls", project().authority, server),
            dialling_config("tls", project().authority));

  expect_refused(ends);

  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_THAT(ends.dialled->detail, HasSubstr("issued by an unknown CA: CN=another root"));
  EXPECT_EQ(ends.dialled->opened, 0);
  EXPECT_EQ(ends.accepted->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_THAT(ends.accepted->detail, HasSubstr("unknown CA"));
}

TEST(Refusal, ListenerRefusesAnUnknownCa) {
  const Authority other("another root");
  const Identity site = other.issue({.common_name = "site-1"});
  Ends ends(listening_config("mtls", project().authority, project().server),
            dialling_config("mtls", project().authority, &site));

  expect_refused(ends);

  EXPECT_EQ(ends.accepted->opened, 0);
  EXPECT_EQ(ends.accepted->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_THAT(ends.accepted->detail, HasSubstr("issued by an unknown CA"));
  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_TRUE(ends.dialled->received.empty());
}

TEST(Refusal, TheCertificateSeenStaysReadable) {
  const Authority other("another root");
  const Identity server = other.issue({.common_name = "server"});
  Ends ends(listening_config("tls", project().authority, server),
            dialling_config("tls", project().authority));
  expect_refused(ends);
  fairlead_peer peer;

  const fairlead_status status = ends.dialled->peer(peer);

  EXPECT_EQ(status, FAIRLEAD_OK);
  EXPECT_EQ(peer.security, 0u);
  EXPECT_GT(peer.certificate_der.size, 100u);
}

TEST(Refusal, WrongHostName) {
  const Identity server = project().authority.issue({.names = "DNS:elsewhere.example"});
  Ends ends(listening_config("tls", project().authority, server),
            dialling_config("tls", project().authority));

  expect_refused(ends, "localhost");

  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_EQ(ends.dialled->detail, R"(certificate is for "elsewhere.example", expected "localhost")");
}

TEST(Refusal, CommonNameIsNoHostName) {
  const Identity server = project().authority.issue({.common_name = "localhost", .names = ""});
  Ends ends(listening_config("tls", project().authority, server),
            dialling_config("tls", project().authority));

  expect_refused(ends, "localhost");

  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_PEER_AUTH);
}

TEST(Refusal, AddressWrittenAsDnsNameIsNoAddress) {
  const Identity server = project().authority.issue({.names = "DNS:127.0.0.1"});
  Ends ends(listening_config("tls", project().authority, server),
            dialling_config("tls", project().authority));

  expect_refused(ends);

  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_EQ(ends.dialled->detail, R"(certificate is for "127.0.0.1", expected "127.0.0.1")");
}

TEST(Refusal, ServerNameOptionReplacesTheDialledHost) {
  FakeConfig dialling = dialling_config("tls", project().authority);
  dialling.texts["server_name"] = "other.example";
  Ends ends(listening_config("tls", project().authority, project().server), dialling);

  expect_refused(ends, "localhost");

  EXPECT_THAT(ends.dialled->detail, HasSubstr(R"(expected "other.example")"));
}

TEST(Refusal, NoClientCertificateInMtls) {
  Ends ends(listening_config("mtls", project().authority, project().server),
            dialling_config("tls", project().authority));

  expect_refused(ends);

  EXPECT_EQ(ends.accepted->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_EQ(ends.accepted->detail, "the peer presented no certificate");
  EXPECT_EQ(ends.accepted->opened, 0);
  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_PEER_AUTH);
}

struct BadLeaf {
  const char* what;
  Leaf leaf;
  const char* text;
};

void PrintTo(const BadLeaf& bad, std::ostream* out) { *out << bad.what; }

class BadClient : public testing::TestWithParam<BadLeaf> {};

INSTANTIATE_TEST_SUITE_P(
    Leaves, BadClient,
    testing::Values(BadLeaf{"expired", {.from = -3600, .until = -60}, "expired on"},
                    BadLeaf{"future", {.from = 600}, "is not valid before"},
                    BadLeaf{"server's", {.purposes = "serverAuth"}, "extended key usage"},
                    BadLeaf{"no purpose", {.purposes = ""}, "extended key usage"},
                    BadLeaf{"any purpose", {.purposes = "anyExtendedKeyUsage"}, "extended key usage"},
                    BadLeaf{"no key usage", {.key_usage = ""}, "digital signatures"},
                    BadLeaf{"no signing", {.key_usage = "critical,keyAgreement"}, "digital signatures"},
                    BadLeaf{"a CA",
                            {.key_usage = "critical,digitalSignature,keyCertSign",
                             .constraints = "critical,CA:TRUE"},
                            "was refused"}));

TEST_P(BadClient, IsRefusedWithItsReason) {
  const Identity site = project().authority.issue(GetParam().leaf);
  Ends ends(listening_config("mtls", project().authority, project().server),
            dialling_config("mtls", project().authority, &site));

  expect_refused(ends);

  EXPECT_EQ(ends.accepted->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_EQ(ends.accepted->opened, 0);
  EXPECT_THAT(ends.accepted->detail, HasSubstr(GetParam().text));
  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_PEER_AUTH);
}

TEST(Refusal, LegacyRulesTolerateAbsentUsagesOnly) {
  const Identity bare = project().authority.issue({.purposes = "", .key_usage = ""});
  const Identity wrong = project().authority.issue({.purposes = "serverAuth", .key_usage = ""});
  FakeConfig listening = listening_config("mtls", project().authority, project().server);
  listening.numbers["legacy_certificates"] = 1;
  Ends tolerated(listening, dialling_config("mtls", project().authority, &bare));
  Ends refused(listening, dialling_config("mtls", project().authority, &wrong));

  tolerated.connect();
  expect_refused(refused);

  EXPECT_TRUE(tolerated.both_open());
  EXPECT_EQ(refused.accepted->why, FAIRLEAD_E_PEER_AUTH);
}

TEST(Refusal, RevokedCertificate) {
  const Identity other = project().authority.issue({});
  FakeConfig listening = listening_config("mtls", project().authority, project().server);
  listening.texts["crl"] = project().authority.revocation_list(&project().site);
  Ends revoked(listening, dialling_config("mtls", project().authority, &project().site));
  Ends good(listening, dialling_config("mtls", project().authority, &other));

  expect_refused(revoked);
  good.connect();

  EXPECT_EQ(revoked.accepted->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_THAT(revoked.accepted->detail, HasSubstr("was revoked"));
  EXPECT_TRUE(good.both_open());
}

TEST(Refusal, RevocationReachesLaterHandshakesThroughReconfigure) {
  FakeConfig listening = listening_config("mtls", project().authority, project().server);
  Ends ends(listening, dialling_config("mtls", project().authority, &project().site));
  ends.connect();
  fairlead_conn& before = *ends.accepted;
  ASSERT_TRUE(ends.both_open());

  listening.texts["crl"] = project().authority.revocation_list(&project().site);
  ASSERT_EQ(ends.server.reconfigure(listening), FAIRLEAD_OK);
  expect_refused(ends);

  EXPECT_EQ(ends.accepted->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_EQ(before.closed, 0);
}

}  // namespace
