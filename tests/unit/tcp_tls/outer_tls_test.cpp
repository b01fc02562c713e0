// Which TLS the plugin speaks: what a stranger insists on, over real sockets, against the listener and the
// dialler (N54).
#include "against_strangers.hpp"

namespace {

/// What the stranger insists on.
struct Insistence {
  const char* what;
  int version;
  const char* ciphers = "ALL:COMPLEMENTOFALL";
  const char* key = "P-256";  ///< of the server's certificate
  const char* suites = "TLS_AES_128_GCM_SHA256";
  const char* groups = "X25519:P-256";
};

void PrintTo(const Insistence& one, std::ostream* out) { *out << one.what; }
std::string name_of(const testing::TestParamInfo<Insistence>& info) { return info.param.what; }

void insist(Stranger& stranger, const Insistence& on) {
  SSL_CTX* context = stranger.context();
  EXPECT_EQ(SSL_CTX_set_min_proto_version(context, on.version), 1);
  EXPECT_EQ(SSL_CTX_set_max_proto_version(context, on.version), 1);
  EXPECT_EQ(SSL_CTX_set_cipher_list(context, on.ciphers), 1);
  EXPECT_EQ(SSL_CTX_set_ciphersuites(context, on.suites), 1);
  EXPECT_EQ(SSL_CTX_set1_groups_list(context, on.groups), 1);
  SSL_CTX_set_dh_auto(context, 1);
}

constexpr Insistence kForbidden[] = {
    {"Tls10", TLS1_VERSION},
    {"Tls11", TLS1_1_VERSION},
    {"RsaKeyExchange", TLS1_2_VERSION, "AES128-GCM-SHA256:AES256-GCM-SHA384", "RSA:2048"},
    {"FiniteFieldKeyExchange", TLS1_2_VERSION, "DHE-RSA-AES128-GCM-SHA256", "RSA:2048"},
    {"Cbc", TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA"},
    {"CbcWithRsa", TLS1_2_VERSION, "AES128-SHA:AES256-SHA", "RSA:2048"},
    {"Null", TLS1_2_VERSION, "ECDHE-ECDSA-NULL-SHA"},
    {"NullWithRsa", TLS1_2_VERSION, "NULL-SHA256", "RSA:2048"},
    {"Anonymous", TLS1_2_VERSION, "AECDH-AES128-SHA:ADH-AES128-GCM-SHA256"},
    {"ShortTag", TLS1_2_VERSION, "ECDHE-ECDSA-AES128-CCM8"},
    {"ShortTagInTls13", TLS1_3_VERSION, "ALL", "P-256", "TLS_AES_128_CCM_8_SHA256"},
    {"OtherGroup", TLS1_3_VERSION, "ALL", "P-256", "TLS_AES_128_GCM_SHA256", "P-521"},
};

constexpr Insistence kGood[] = {
    {"EcdsaWithAesGcm", TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"EcdsaWithChaCha", TLS1_2_VERSION, "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"RsaWithAesGcm", TLS1_2_VERSION, "ECDHE-RSA-AES256-GCM-SHA384", "RSA:2048"},
    {"Tls13", TLS1_3_VERSION},
    {"Tls13WithChaCha", TLS1_3_VERSION, "ALL", "P-256", "TLS_CHACHA20_POLY1305_SHA256"},
    {"Tls13WithRsa", TLS1_3_VERSION, "ALL", "RSA:2048", "TLS_AES_256_GCM_SHA384"},
};

class ForbiddenTls : public testing::TestWithParam<Insistence> {};
class GoodTls : public testing::TestWithParam<Insistence> {};

INSTANTIATE_TEST_SUITE_P(All, ForbiddenTls, testing::ValuesIn(kForbidden), name_of);
INSTANTIATE_TEST_SUITE_P(All, GoodTls, testing::ValuesIn(kGood), name_of);

TEST_P(ForbiddenTls, N54_IsRefusedByTheListener) {
  ListenerWithStranger ends(GetParam().key);
  insist(ends.stranger, GetParam());

  ends.connect();

  EXPECT_EQ(ends.accepted().opened, 0);
  EXPECT_EQ(ends.accepted().why, FAIRLEAD_E_PROTOCOL) << ends.accepted().detail;
}

TEST_P(ForbiddenTls, N54_IsRefusedByTheDialler) {
  DiallerWithStranger ends(GetParam().key);
  insist(ends.stranger, GetParam());

  ends.connect();

  EXPECT_EQ(ends.dialled->opened, 0);
  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_PROTOCOL) << ends.dialled->detail;
}

/// Else the two tests above would show nothing.
TEST_P(ForbiddenTls, WouldDoBetweenTwoStrangers) {
  Stranger client(Stranger::Side::client), server(Stranger::Side::server);
  const auto path = good_path(fairlead::paths::Side::server, GetParam().key);
  server.present(path);
  insist(client, GetParam());
  insist(server, GetParam());

  client.dial(server.listen());

  EXPECT_TRUE(agree(client, server)) << client.trouble << ", " << server.trouble;
}

TEST_P(GoodTls, N54_IsSpokenByTheListener) {
  ListenerWithStranger ends(GetParam().key);
  insist(ends.stranger, GetParam());

  ends.connect();

  EXPECT_TRUE(ends.is_open()) << ends.accepted().detail;
}

TEST_P(GoodTls, N54_IsSpokenByTheDialler) {
  DiallerWithStranger ends(GetParam().key);
  insist(ends.stranger, GetParam());

  ends.connect();

  EXPECT_TRUE(ends.is_open()) << ends.dialled->detail;
}

/// A signature that a hash of old would do for.
TEST(OuterTls, N54_RefusesASha1SignatureOfTheHandshake) {
  ListenerWithStranger listening;
  DiallerWithStranger dialling;
  for (Stranger* stranger : {&listening.stranger, &dialling.stranger}) {
    SSL_CTX_set_max_proto_version(stranger->context(), TLS1_2_VERSION);
    ASSERT_EQ(SSL_CTX_set1_sigalgs_list(stranger->context(), "ECDSA+SHA1"), 1);
  }

  listening.connect();
  dialling.connect();

  EXPECT_EQ(listening.accepted().opened, 0);
  EXPECT_EQ(dialling.dialled->opened, 0);
}

constexpr Insistence kTls12 = kGood[0], kTls13 = kGood[3];

TEST(OuterTls, ListenerRefusesWhoShowsNoCertificate) {
  for (const Insistence& version : {kTls12, kTls13}) {
    ListenerWithStranger ends;
    insist(ends.stranger, version);
    ends.stranger.on_start = [](SSL* ssl) { SSL_certs_clear(ssl); };

    ends.connect();

    EXPECT_EQ(ends.accepted().opened, 0) << version.what;
    EXPECT_EQ(ends.accepted().why, FAIRLEAD_E_PEER_AUTH) << version.what;
    EXPECT_EQ(ends.accepted().detail, "the peer presented no certificate") << version.what;
  }
}

TEST(OuterTls, N54_ListenerDoesNotRenegotiate) {
  ListenerWithStranger ends;
  insist(ends.stranger, kTls12);
  ends.connect();
  ASSERT_TRUE(ends.is_open() && ends.run([&] { return ends.stranger.is_open(); }));

  ASSERT_EQ(SSL_renegotiate(ends.stranger.ssl()), 1);

  EXPECT_TRUE(ends.run([&] { return ends.stranger.is_over(); }));
  EXPECT_EQ(ends.stranger.trouble, "no renegotiation");
  EXPECT_EQ(ends.accepted().opened, 1);
}

TEST(OuterTls, N54_DiallerDoesNotRenegotiate) {
  DiallerWithStranger ends;
  insist(ends.stranger, kTls12);
  ends.connect();
  ASSERT_TRUE(ends.is_open() && ends.run([&] { return ends.stranger.is_open(); }));

  ASSERT_EQ(SSL_renegotiate(ends.stranger.ssl()), 1);

  EXPECT_TRUE(ends.run([&] { return ends.stranger.is_over(); }));
  EXPECT_EQ(ends.stranger.trouble, "no renegotiation");
  EXPECT_EQ(ends.dialled->opened, 1);
}

TEST(OuterTls, TwoStrangersRenegotiate) {
  Stranger client(Stranger::Side::client), server(Stranger::Side::server);
  const auto path = good_path(fairlead::paths::Side::server);
  server.present(path);
  insist(client, kTls12);
  client.dial(server.listen());
  ASSERT_TRUE(agree(client, server));

  ASSERT_EQ(SSL_renegotiate(client.ssl()), 1);

  client.step();
  EXPECT_TRUE(agree(client, server)) << client.trouble;
  EXPECT_EQ(SSL_total_renegotiations(client.ssl()), 1);
}

}  // namespace
