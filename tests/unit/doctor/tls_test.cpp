// What layer "tls" makes of a handshake it has seen, with real certificates.
#include "doctor/tls.hpp"

#include <gmock/gmock.h>

#include "base/assert.hpp"

namespace fairlead::doctor {
namespace {

using base::ConnectionSecurity;
using base::ErrorCode;
using crypto::ServerFault;
using crypto::TlsOutcome;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr base::WallTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};

crypto::PrivateKey make_key() {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::p256);
  FAIRLEAD_ASSERT(key.has_value());
  return std::move(*key);
}

crypto::CertificateProfile profile_of(crypto::CertificateUse use, const std::string& name,
                                      base::Milliseconds left) {
  crypto::CertificateProfile profile;
  profile.use = use;
  profile.name = name;
  profile.not_before = kNow - 24h * 200;
  profile.not_after = kNow + left;
  return profile;
}

crypto::Certificate issue(const crypto::CertificateProfile& profile, const crypto::PrivateKey& subject,
                          const crypto::Certificate* issuer, const crypto::PrivateKey& issuer_key) {
  base::SystemRandom random;
  auto made = crypto::issue_certificate(profile, subject.public_key(), issuer, issuer_key, random);
  FAIRLEAD_ASSERT(made.has_value());
  return std::move(*made);
}

/// A CA with a name, and the certificates it makes.
class Ca {
 public:
  explicit Ca(const std::string& name)
      : key_(make_key()),
        root_(issue(profile_of(crypto::CertificateUse::root, name, 24h * 1000), key_, nullptr, key_)) {}
  crypto::Certificate server(const std::string& uri, base::Milliseconds left = 24h * 100) const {
    crypto::CertificateProfile profile = profile_of(crypto::CertificateUse::server, "server", left);
    profile.uri = uri;
    profile.host_names = {"a.example", "x\x1b[31m", "192.0.2.1"};
    return issue(profile, make_key(), &root_, key_);
  }
  const crypto::Certificate& root() const { return root_; }

 private:
  crypto::PrivateKey key_;
  crypto::Certificate root_;
};

const Ca& own() {
  static const Ca ca("works");
  return ca;
}

constexpr const char* kOwnUri = "fairlead://works/server/server";

TlsFacts facts_of(TlsOutcome outcome, std::vector<crypto::Certificate> chain = {},
                  ConnectionSecurity security = ConnectionSecurity::tls) {
  TlsFacts facts{.host = "a.example", .port = 8002, .security = security, .project = "works", .now = kNow};
  facts.trusted = {own().root()};
  facts.root = own().root();
  facts.sight.outcome = outcome;
  facts.sight.protocol = "TLSv1.3";
  facts.sight.alpn = "fairlead/1";
  facts.sight.chain = std::move(chain);
  return facts;
}

TlsFacts refused(ServerFault fault, std::vector<crypto::Certificate> chain) {
  TlsFacts facts = facts_of(TlsOutcome::refused, std::move(chain));
  facts.sight.verdict = {fault, "the library's words"};
  return facts;
}

TEST(JudgeTls, IsContentWithTheServer) {
  const Rows rows = judge_tls(facts_of(TlsOutcome::finished, {own().server(kOwnUri)}));

  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].status, Status::ok);
  EXPECT_THAT(rows[0].detail, HasSubstr("TLSv1.3, certificate of CN=server issued by CN=works"));
  EXPECT_FALSE(is_network_to_blame(facts_of(TlsOutcome::finished, {own().server(kOwnUri)})));
}

TEST(JudgeTls, WarnsOfACertificateThatEndsSoon) {
  const Rows rows = judge_tls(facts_of(TlsOutcome::finished, {own().server(kOwnUri, 24h * 20)}));

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].status, Status::warning);
}

TEST(JudgeTls, DemandsThatAnMtlsServerAsks) {
  TlsFacts facts = facts_of(TlsOutcome::finished, {own().server(kOwnUri)}, ConnectionSecurity::mtls);
  EXPECT_EQ(judge_tls(facts).front().status, Status::failed);

  facts.sight.certificate_asked = true;
  EXPECT_EQ(judge_tls(facts).front().status, Status::ok);
}

TEST(JudgeTls, WarnsOfATlsServerThatAsks) {
  TlsFacts facts = facts_of(TlsOutcome::finished, {own().server(kOwnUri)});
  facts.sight.certificate_asked = true;

  const Rows rows = judge_tls(facts);

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].status, Status::warning);
}

TEST(IssuerOf, KnowsWhoseChainItIs) {
  const Ca inspector("Corp Inspection CA"), twin("works"), elsewhere("elsewhere");
  const auto issuer = [](std::vector<crypto::Certificate> chain) {
    return issuer_of(refused(ServerFault::untrusted, std::move(chain)));
  };

  EXPECT_EQ(issuer({own().server(kOwnUri)}), Issuer::known);
  EXPECT_EQ(issuer({twin.server(kOwnUri)}), Issuer::same_name_other_root);
  EXPECT_EQ(issuer({elsewhere.server("fairlead://elsewhere/server/server")}), Issuer::other_project);
  EXPECT_EQ(issuer({inspector.server("https://a.example")}), Issuer::somebody_else);
  EXPECT_EQ(issuer({}), Issuer::somebody_else);
}

TEST(IssuerOf, IsNotFooledByNamesThatAnInterceptorCopies) {
  const Ca inspector("Corp Inspection CA");

  EXPECT_EQ(issuer_of(refused(ServerFault::untrusted, {inspector.server(kOwnUri)})), Issuer::somebody_else);
}

TEST(IssuerOf, SeesTheServerItselfWhereAProxyWasExpected) {
  const Ca proxy("proxy CA");
  TlsFacts facts = refused(ServerFault::untrusted, {own().server(kOwnUri)});
  facts.custom_ca = true;
  facts.trusted = {proxy.root()};

  EXPECT_EQ(issuer_of(facts), Issuer::own_root_behind_custom_ca);
}

TEST(JudgeTls, NamesTheInterceptorAndWhatToAskFor) {
  const Ca inspector("Corp Inspection CA");
  TlsFacts facts = refused(ServerFault::untrusted, {inspector.server(kOwnUri)});

  const Row row = judge_tls(facts).front();

  EXPECT_THAT(row.detail, HasSubstr("issued by CN=Corp Inspection CA, not by the project's root (CN=works)"));
  EXPECT_THAT(row.remedy, HasSubstr("exclude a.example:8002 from TLS inspection"));
  EXPECT_THAT(row.remedy, HasSubstr("custom_ca_cert"));
  EXPECT_EQ(row.remedy.find("mtls"), std::string::npos);
  EXPECT_TRUE(is_network_to_blame(facts));
  facts.security = ConnectionSecurity::mtls;
  EXPECT_THAT(judge_tls(facts).front().remedy, HasSubstr("mtls cannot pass such a device"));
}

struct FaultCase {
  ServerFault fault;
  const char* said;
};
class JudgeFault : public testing::TestWithParam<FaultCase> {};
INSTANTIATE_TEST_SUITE_P(
    All, JudgeFault,
    testing::Values(FaultCase{ServerFault::untrusted, "breaks a rule: the library's words"},
                    FaultCase{ServerFault::expired, "is valid 2029-11-13"},
                    FaultCase{ServerFault::not_yet_valid, "it is 2030-06-01"},
                    FaultCase{ServerFault::host, "is for a.example, x.[31m, 192.0.2.1, not for a.example"},
                    FaultCase{ServerFault::revoked, "revoked"},
                    FaultCase{ServerFault::usage, "not a server's"}));

TEST_P(JudgeFault, SaysWhatIsWrongAndBlamesNoNetwork) {
  const TlsFacts facts = refused(GetParam().fault, {own().server(kOwnUri)});

  const Row row = judge_tls(facts).front();

  EXPECT_EQ(row.status, Status::failed);
  EXPECT_EQ(row.code, ErrorCode::cannot_connect);
  EXPECT_THAT(row.detail, HasSubstr(GetParam().said));
  EXPECT_NE(row.remedy, "");
  EXPECT_FALSE(is_network_to_blame(facts));
}

struct OutcomeCase {
  TlsOutcome outcome;
  const char* first_bytes;
  const char* said;
  ErrorCode code;
};
class JudgeOutcome : public testing::TestWithParam<OutcomeCase> {};
INSTANTIATE_TEST_SUITE_P(
    All, JudgeOutcome,
    testing::Values(
        OutcomeCase{TlsOutcome::alert, "\x15\x03\x03", "with the alert", ErrorCode::cannot_connect},
        OutcomeCase{TlsOutcome::not_tls, "HTTP/1.1 400", "HTTP answers there", ErrorCode::cannot_connect},
        OutcomeCase{TlsOutcome::not_tls, "<!DOCTYPE html>", "HTTP answers there", ErrorCode::cannot_connect},
        OutcomeCase{TlsOutcome::not_tls, "SSH-2.0-x\x1b[31m", "(\"SSH-2.0-x.[31m\")",
                    ErrorCode::cannot_connect},
        OutcomeCase{TlsOutcome::closed, "", "closed at the first words", ErrorCode::cannot_connect},
        OutcomeCase{TlsOutcome::silent, "", "nothing answers", ErrorCode::timed_out},
        OutcomeCase{TlsOutcome::failed, "", "TLS failed", ErrorCode::cannot_connect}));

TEST_P(JudgeOutcome, SaysWhatAnswered) {
  TlsFacts facts = facts_of(GetParam().outcome);
  facts.sight.first_bytes = base::to_bytes(GetParam().first_bytes);

  const Row row = judge_tls(facts).front();

  EXPECT_EQ(row.status, Status::failed);
  EXPECT_EQ(row.code, GetParam().code);
  EXPECT_THAT(row.detail, HasSubstr(GetParam().said));
  EXPECT_NE(row.remedy, "");
  EXPECT_TRUE(is_network_to_blame(facts));
}

TEST(JudgeClear, RecognisesTlsAndHttpOnly) {
  TlsFacts http = facts_of(TlsOutcome::not_tls), other = facts_of(TlsOutcome::not_tls);
  http.sight.first_bytes = base::to_bytes("HTTP/1.1 400");
  other.sight.first_bytes = base::to_bytes("SSH-2.0");

  for (const TlsOutcome outcome : {TlsOutcome::finished, TlsOutcome::refused, TlsOutcome::alert})
    EXPECT_THAT(judge_clear(facts_of(outcome))->detail, HasSubstr("the listener speaks TLS"));
  EXPECT_THAT(judge_clear(http)->detail, HasSubstr("HTTP answers"));
  EXPECT_FALSE(judge_clear(other).has_value());
  for (const TlsOutcome outcome : {TlsOutcome::closed, TlsOutcome::silent, TlsOutcome::failed})
    EXPECT_FALSE(judge_clear(facts_of(outcome)).has_value());
}

}  // namespace
}  // namespace fairlead::doctor
