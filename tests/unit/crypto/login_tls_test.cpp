#include "crypto/login_tls.hpp"

#include <optional>

#include "login_ends.hpp"

namespace fairlead::crypto {
namespace {

using base::as_bytes;
using base::Checked;
using Side = LoginTlsContext::Side;

class Login : public testing::Test {
 protected:
  LoginTlsContext context(Side side, const Issued& own, const TrustAnchor& anchor) {
    return must(LoginTlsContext::make(side, {&own.certificate, 1}, own.key, anchor, clock_));
  }
  Outcome attempt(const Issued& client, const TrustAnchor& client_trusts, const Issued& server,
                  const TrustAnchor& server_trusts) {
    const LoginTlsContext client_context = context(Side::client, client, client_trusts);
    const LoginTlsContext server_context = context(Side::server, server, server_trusts);
    LoginTls client_end(client_context), server_end(server_context);
    const Outcome outcome = shake(client_end, server_end);
    client_text_ = client_end.failure_text();
    server_text_ = server_end.failure_text();
    EXPECT_EQ(drain_errors(), "") << "the error queue stays clean";
    return outcome;
  }
  /// A client that this server must refuse.
  Outcome refused_client(const Issued& client) {
    return attempt(client, pki_.anchor(), server_, pki_.anchor());
  }
  Outcome refused_server(const Issued& server) {
    return attempt(client_, pki_.anchor(), server, pki_.anchor());
  }
  Issued expired(CertificateUse use) {
    CertificateProfile profile = profile_of(use, "site-1");
    profile.not_before = kNow - kYear;
    profile.not_after = kNow - std::chrono::hours(1);
    return pki_.issue(profile);
  }

  FixedClock clock_;
  Pki pki_, other_;
  Issued client_ = pki_.issue(CertificateUse::client, "site-1");
  Issued server_ = pki_.issue(CertificateUse::server, "hub.example");
  LoginTlsContext client_context_ = context(Side::client, client_, pki_.anchor());
  LoginTlsContext server_context_ = context(Side::server, server_, pki_.anchor());
  std::string client_text_, server_text_;
};

TEST_F(Login, BothEndsKnowEachOther) {
  LoginTls client(client_context_), server(server_context_);
  EXPECT_EQ(client.peer(), nullptr);
  const Outcome outcome = shake(client, server);
  EXPECT_TRUE(outcome.client && outcome.server) << client.failure_text() << server.failure_text();
  ASSERT_TRUE(client.done() && server.done());
  EXPECT_EQ(client.peer()->der(), server_.certificate.der());
  EXPECT_EQ(server.peer()->der(), client_.certificate.der());
}

TEST_F(Login, ExportersAreEqualAndDependOnTheirInput) {
  LoginTls client(client_context_), server(server_context_);
  shake(client, server);
  const base::Secret ours = client.exporter("EXPORTER-fairlead-session", as_bytes("context"), 32);
  const auto differs = [&](std::string_view label, std::string_view with) {
    return !base::equal(ours.expose(), server.exporter(label, as_bytes(with), 32).expose());
  };
  EXPECT_FALSE(differs("EXPORTER-fairlead-session", "context"));
  EXPECT_TRUE(differs("EXPORTER-fairlead-session", "Context"));
  EXPECT_TRUE(differs("EXPORTER-fairlead-other", "context"));
}

TEST_F(Login, TwoHandshakesShareNothing) {
  LoginTls client(client_context_), server(server_context_), again(client_context_), answer(server_context_);
  shake(client, server);
  shake(again, answer);
  EXPECT_FALSE(base::equal(client.exporter("l", {}, 32).expose(), again.exporter("l", {}, 32).expose()));
}

TEST_F(Login, DataTravelsWithTheLastFlightAndBack) {
  LoginTls client(client_context_), server(server_context_);
  ASSERT_EQ(text(client.write(as_bytes("early"))), "wrong_state");
  ASSERT_TRUE(client.feed({}));
  ASSERT_TRUE(server.feed(client.take_output()));
  ASSERT_TRUE(client.feed(server.take_output()));
  ASSERT_TRUE(client.done());
  ASSERT_TRUE(client.write(as_bytes("request")));
  ASSERT_TRUE(server.feed(client.take_output()));
  EXPECT_EQ(base::to_text(server.read()), "request");
  EXPECT_TRUE(server.read().empty());
  ASSERT_TRUE(server.write(as_bytes("grant")));
  const base::Bytes answer = server.take_output();
  EXPECT_LT(answer.size(), 40u) << "one record: no session ticket travels with it";
  ASSERT_TRUE(client.feed(answer));
  EXPECT_EQ(base::to_text(client.read()), "grant");
}

TEST_F(Login, ArrivesByteByByte) {
  LoginTls client(client_context_), server(server_context_);
  ASSERT_TRUE(client.feed({}));
  for (const uint8_t byte : client.take_output()) ASSERT_TRUE(server.feed({&byte, 1}));
  for (const uint8_t byte : server.take_output()) ASSERT_TRUE(client.feed({&byte, 1}));
  for (const uint8_t byte : client.take_output()) ASSERT_TRUE(server.feed({&byte, 1}));
  EXPECT_TRUE(client.done() && server.done());
}

TEST_F(Login, EveryKeyTypeLogsIn) {
  for (const KeyType type : {KeyType::p384, KeyType::ed25519, KeyType::rsa}) {
    const Pki pki(type);
    const Outcome outcome = attempt(pki.issue(CertificateUse::client, "site-1", type), pki.anchor(),
                                    pki.issue(CertificateUse::server, "hub", type), pki.anchor());
    EXPECT_TRUE(outcome.client && outcome.server) << name(type) << client_text_ << server_text_;
  }
}

TEST_F(Login, ServerRefusesClientsWithTheTrueReasonInside) {
  EXPECT_EQ(text(refused_client(other_.issue(CertificateUse::client, "site-1")).server), "bad_chain");
  EXPECT_EQ(text(refused_client(expired(CertificateUse::client)).server), "certificate_expired");
  EXPECT_EQ(text(refused_client(pki_.issue(CertificateUse::server, "site-1")).server), "wrong_usage");
  EXPECT_EQ(text(refused_client(pki_.issue(CertificateUse::token_signer, "site-1")).server), "wrong_usage");
  EXPECT_NE(server_text_, "");
}

TEST_F(Login, AllChainFailuresLookTheSameOutside) {
  const Issued bad[] = {other_.issue(CertificateUse::client, "site-1"), expired(CertificateUse::client),
                        pki_.issue(CertificateUse::server, "site-1")};
  for (const Issued& client : bad) {
    EXPECT_EQ(text(refused_client(client).client), "login_refused");
    EXPECT_NE(client_text_.find("bad certificate"), std::string::npos) << client_text_;
  }
}

TEST_F(Login, ClientRefusesServersWithTheTrueReasonInside) {
  const std::pair<Issued, const char*> cases[] = {
      {other_.issue(CertificateUse::server, "hub.example"), "bad_chain"},
      {expired(CertificateUse::server), "certificate_expired"},
      {pki_.issue(CertificateUse::client, "site-2"), "wrong_usage"}};
  for (const auto& [server, expected] : cases) {
    const Outcome outcome = refused_server(server);
    EXPECT_EQ(text(outcome.client), expected);
    EXPECT_EQ(text(outcome.server), "login_refused");
    EXPECT_NE(server_text_.find("bad certificate"), std::string::npos) << server_text_;
  }
}

TEST_F(Login, NothingWorksAfterARefusal) {
  const Issued stranger = other_.issue(CertificateUse::client, "site-1");
  const LoginTlsContext stranger_context = context(Side::client, stranger, pki_.anchor());
  LoginTls client(stranger_context), server(server_context_);
  shake(client, server);
  EXPECT_FALSE(server.done());
  EXPECT_EQ(server.peer(), nullptr);
  EXPECT_EQ(text(server.feed({})), "bad_chain");
  EXPECT_EQ(text(server.write(as_bytes("x"))), "bad_chain");
  EXPECT_TRUE(server.read().empty());
  EXPECT_DEATH(static_cast<void>(server.exporter("l", {}, 32)), "assertion failed");
}

TEST_F(Login, RequestOfARefusedClientIsNeverRead) {
  const Issued stranger = other_.issue(CertificateUse::client, "site-1");
  const LoginTlsContext stranger_context = context(Side::client, stranger, pki_.anchor());
  LoginTls client(stranger_context), server(server_context_);
  ASSERT_TRUE(client.feed({}));
  ASSERT_TRUE(server.feed(client.take_output()));
  ASSERT_TRUE(client.feed(server.take_output()));
  ASSERT_TRUE(client.write(as_bytes("request")));
  EXPECT_EQ(text(server.feed(client.take_output())), "bad_chain");
  EXPECT_TRUE(server.read().empty());
}

TEST_F(Login, GarbageIsMalformed) {
  LoginTls server(server_context_);
  EXPECT_EQ(text(server.feed(as_bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))), "malformed");
  LoginTls other(server_context_);
  EXPECT_EQ(text(other.feed(base::Bytes(100, 0xFF))), "malformed");
  LoginTls client(client_context_);
  ASSERT_TRUE(client.feed({}));
  EXPECT_EQ(text(client.feed(base::Bytes(100, 0))), "malformed");
}

TEST_F(Login, BytesAreCapped) {
  LoginTls server(server_context_);
  EXPECT_EQ(text(server.feed(base::Bytes(32 * 1024 + 1))), "too_large");
  EXPECT_EQ(text(server.feed({})), "too_large") << "it is over";
  LoginTls client(client_context_), other(server_context_);
  shake(client, other);
  ASSERT_TRUE(other.done());
  Checked<void> verdict;
  for (int i = 0; i < 40 && verdict; ++i) {
    ASSERT_TRUE(client.write(base::Bytes(1024)));
    verdict = other.feed(client.take_output());
  }
  EXPECT_EQ(text(verdict), "too_large") << "application data counts as well";
}

TEST_F(Login, AFailureTakesBackWhatCameBeforeIt) {
  LoginTls client(client_context_), server(server_context_);
  shake(client, server);
  ASSERT_TRUE(server.done() && client.write(base::Bytes{1, 2, 3}));
  base::Bytes records = client.take_output();
  ASSERT_TRUE(client.write(base::Bytes{4}));
  base::append(records, client.take_output());
  records.back() ^= 1;

  EXPECT_EQ(text(server.feed(records)), "malformed");
  EXPECT_TRUE(server.read().empty());
}

TEST_F(Login, ContextNeedsAKeyThatMatches) {
  EXPECT_FALSE(
      LoginTlsContext::make(Side::client, {&client_.certificate, 1}, server_.key, pki_.anchor(), clock_));
  EXPECT_FALSE(LoginTlsContext::make(Side::client, {}, client_.key, pki_.anchor(), clock_));
}

TEST_F(Login, IntermediatesTravelWithTheLeaf) {
  base::SystemRandom random;
  const PrivateKey issuing = make_key(), key = make_key();
  const Certificate between = intermediate(pki_, issuing, "critical,CA:TRUE,pathlen:0");
  const auto profile = profile_of(CertificateUse::client, "site-9");
  const std::vector<Certificate> chain = {
      must(issue_certificate(profile, key.public_key(), &between, issuing, random)), between};
  const auto made = must(LoginTlsContext::make(Side::client, chain, key, pki_.anchor(), clock_));
  LoginTls client(made), server(server_context_);
  shake(client, server);
  EXPECT_TRUE(client.done() && server.done()) << server.failure_text();
}

TEST_F(Login, ServerNeedsAlpn) {
  LoginTls server(server_context_);
  Stranger without(Side::client, client_);
  EXPECT_EQ(server_verdict(server, without), "malformed");
  EXPECT_NE(server.failure_text().find("ALPN"), std::string::npos);
  Stranger other(Side::client, client_);
  const base::Bytes list = base::to_bytes("\x08http/1.1");
  SSL_CTX_set_alpn_protos(other.context(), list.data(), static_cast<unsigned int>(list.size()));
  LoginTls again(server_context_);
  EXPECT_EQ(text(again.feed(other.feed({}))), "malformed") << "before it says anything about itself";
}

TEST_F(Login, ServerFindsItsProtocolAmongOthers) {
  Stranger client(Side::client, client_);
  const base::Bytes list = base::to_bytes(
      "\x08http/1.1\x10"
      "fairlead-login/1");
  SSL_CTX_set_alpn_protos(client.context(), list.data(), static_cast<unsigned int>(list.size()));
  LoginTls server(server_context_);
  EXPECT_EQ(server_verdict(server, client), "ok");
}

TEST_F(Login, ClientNeedsAlpn) {
  LoginTls client(client_context_);
  Stranger server(Side::server, server_);
  ASSERT_TRUE(client.feed({}));
  EXPECT_EQ(text(client.feed(server.feed(client.take_output()))), "malformed");
  EXPECT_FALSE(client.done());
}

TEST_F(Login, ServerNeedsACertificate) {
  Stranger client(Side::client, client_);
  SSL_CTX_set_cert_cb(
      client.context(),
      [](SSL* ssl, void*) {
        SSL_certs_clear(ssl);
        return 1;
      },
      nullptr);
  const base::Bytes list = base::to_bytes(
      "\x10"
      "fairlead-login/1");
  SSL_CTX_set_alpn_protos(client.context(), list.data(), static_cast<unsigned int>(list.size()));
  LoginTls server(server_context_);
  EXPECT_EQ(server_verdict(server, client), "malformed");
}

TEST_F(Login, OlderTlsIsRefused) {
  Stranger client(Side::client, client_);
  SSL_CTX_set_max_proto_version(client.context(), TLS1_2_VERSION);
  const base::Bytes list = base::to_bytes(
      "\x10"
      "fairlead-login/1");
  SSL_CTX_set_alpn_protos(client.context(), list.data(), static_cast<unsigned int>(list.size()));
  LoginTls server(server_context_);
  EXPECT_EQ(server_verdict(server, client), "malformed");
}

TEST_F(Login, OutlivesTheContextItWasMadeFrom) {
  std::optional<LoginTlsContext> going_client(context(Side::client, client_, pki_.anchor()));
  std::optional<LoginTlsContext> going_server(context(Side::server, server_, pki_.anchor()));
  LoginTls client(*going_client), server(*going_server);
  going_client.reset();
  going_server.emplace(context(Side::server, other_.issue(CertificateUse::server, "x"), other_.anchor()));

  const Outcome outcome = shake(client, server);

  EXPECT_EQ(text(outcome.client), "ok");
  EXPECT_EQ(text(outcome.server), "ok");
  ASSERT_NE(client.peer(), nullptr);
  EXPECT_EQ(client.peer()->der(), server_.certificate.der());
}

TEST_F(Login, GivesThePathThatWasVerified) {
  LoginTls client(client_context_), server(server_context_);
  EXPECT_TRUE(server.peer_path().empty());

  shake(client, server);

  ASSERT_EQ(server.peer_path().size(), 1u);
  EXPECT_EQ(server.peer_path().front().der(), client_.certificate.der());
}

}  // namespace
}  // namespace fairlead::crypto
