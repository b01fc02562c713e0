// Clients that prove themselves with a key of their own: let through under their own protocol name only.
#include <optional>

#include "login_ends.hpp"

namespace fairlead::crypto {
namespace {

using base::Refusal;
using Side = LoginTlsContext::Side;

constexpr std::string_view kDelegates =
    "\x13"
    "fairlead-delegate/1";
constexpr std::string_view kBoth =
    "\x13"
    "fairlead-delegate/1\x10"
    "fairlead-login/1";

/// A key and the certificate that it signs for itself.
Issued self_signed(KeyType type = KeyType::p256) {
  base::SystemRandom random;
  CertificateProfile profile = profile_of(CertificateUse::client, "site-1");
  profile.uri.clear();
  PrivateKey key = make_key(type);
  Certificate made = must(issue_certificate(profile, key.public_key(), nullptr, key, random));
  return {std::move(made), std::move(key)};
}

class DelegateLogin : public testing::Test {
 protected:
  LoginTlsContext client(const Issued& own, LoginKind kind) {
    return must(
        LoginTlsContext::make(Side::client, {&own.certificate, 1}, own.key, pki_.anchor(), clock_, kind));
  }
  LoginTlsContext server() {
    return must(
        LoginTlsContext::make(Side::server, {&server_.certificate, 1}, server_.key, pki_.anchor(), clock_));
  }
  /// The server's verdict on a handshake of another make.
  std::string verdict_on(const Issued& own, std::string_view protocols) {
    const LoginTlsContext context = server();
    LoginTls end(context);
    Stranger stranger(Side::client, own);
    stranger.offer(protocols);
    return server_verdict(end, stranger);
  }

  FixedClock clock_;
  Pki pki_;
  Issued server_ = pki_.issue(CertificateUse::server, "hub.example");
  Issued holder_ = self_signed();
};

TEST_F(DelegateLogin, ShowsTheServerACertificateThatLeadsNowhere) {
  const LoginTlsContext client_context = client(holder_, LoginKind::delegate), server_context = server();
  LoginTls client_end(client_context), server_end(server_context);

  const Outcome outcome = shake(client_end, server_end);

  EXPECT_EQ(text(outcome.client), "ok") << client_end.failure_text();
  EXPECT_EQ(text(outcome.server), "ok") << server_end.failure_text();
  ASSERT_TRUE(server_end.done());
  EXPECT_EQ(server_end.kind(), LoginKind::delegate);
  EXPECT_EQ(server_end.peer()->der(), holder_.certificate.der());
  EXPECT_EQ(client_end.peer()->der(), server_.certificate.der());
}

TEST_F(DelegateLogin, WorksWithEveryTypeOfKey) {
  for (const KeyType type : {KeyType::p384, KeyType::ed25519, KeyType::rsa})
    EXPECT_EQ(verdict_on(self_signed(type), kDelegates), "ok") << name(type);
}

TEST_F(DelegateLogin, OutlivesTheContextThatItWasMadeFrom) {
  const LoginTlsContext client_context = client(holder_, LoginKind::delegate);
  std::optional<LoginTlsContext> going(server());
  LoginTls client_end(client_context), server_end(*going);
  going.reset();

  const Outcome outcome = shake(client_end, server_end);

  EXPECT_EQ(text(outcome.server), "ok");
  EXPECT_EQ(server_end.kind(), LoginKind::delegate);
}

TEST_F(DelegateLogin, ParticipantIsNone) {
  const Issued site = pki_.issue(CertificateUse::client, "site-1");
  const LoginTlsContext client_context = client(site, LoginKind::participant), server_context = server();
  LoginTls client_end(client_context), server_end(server_context);

  shake(client_end, server_end);

  ASSERT_TRUE(server_end.done());
  EXPECT_EQ(server_end.kind(), LoginKind::participant);
}

TEST_F(DelegateLogin, N47SelfSignedCertificateIsRefusedUnderTheNameOfParticipants) {
  const LoginTlsContext client_context = client(holder_, LoginKind::participant), server_context = server();
  LoginTls client_end(client_context), server_end(server_context);

  const Outcome outcome = shake(client_end, server_end);

  EXPECT_EQ(text(outcome.server), "bad_chain");
  EXPECT_EQ(text(outcome.client), "login_refused");
}

TEST_F(DelegateLogin, N47SelfSignedCertificateIsRefusedWhenBothNamesAreOffered) {
  EXPECT_EQ(verdict_on(holder_, kBoth), "bad_chain");
}

TEST_F(DelegateLogin, N47CertificateOfAParticipantIsRefusedUnderTheNameOfDelegates) {
  EXPECT_EQ(verdict_on(pki_.issue(CertificateUse::client, "site-1"), kDelegates), "bad_chain");
}

TEST_F(DelegateLogin, RefusesACertificateThatAnotherKeySigned) {
  base::SystemRandom random;
  PrivateKey key = make_key();
  const PrivateKey other = make_key();
  const auto profile = profile_of(CertificateUse::client, "site-1");
  Certificate forged = must(issue_certificate(profile, key.public_key(), nullptr, other, random));

  EXPECT_EQ(verdict_on({std::move(forged), std::move(key)}, kDelegates), "bad_chain");
}

TEST_F(DelegateLogin, RefusesMoreThanOneCertificate) {
  const std::vector<Certificate> chain = {holder_.certificate, pki_.root()};
  const auto client_context = must(
      LoginTlsContext::make(Side::client, chain, holder_.key, pki_.anchor(), clock_, LoginKind::delegate));
  const LoginTlsContext server_context = server();
  LoginTls client_end(client_context), server_end(server_context);

  const Outcome outcome = shake(client_end, server_end);

  EXPECT_EQ(text(outcome.server), "bad_chain");
}

TEST_F(DelegateLogin, JudgesTheServerLikeEverybody) {
  const Pki other;
  const LoginTlsContext client_context = client(holder_, LoginKind::delegate);
  const Issued stranger = other.issue(CertificateUse::server, "hub.example");
  const auto server_context = must(
      LoginTlsContext::make(Side::server, {&stranger.certificate, 1}, stranger.key, other.anchor(), clock_));
  LoginTls client_end(client_context), server_end(server_context);

  const Outcome outcome = shake(client_end, server_end);

  EXPECT_EQ(text(outcome.client), "bad_chain");
}

TEST_F(DelegateLogin, NeedsTheServerToAgreeOnTheName) {
  const LoginTlsContext client_context = client(holder_, LoginKind::delegate);
  LoginTls client_end(client_context);
  Stranger server(Side::server, server_);
  ASSERT_TRUE(client_end.feed({}));

  EXPECT_EQ(text(client_end.feed(server.feed(client_end.take_output()))), "malformed");
  EXPECT_NE(client_end.failure_text().find("fairlead-delegate/1"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::crypto
