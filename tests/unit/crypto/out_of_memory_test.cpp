// OpenSSL gets no memory once, at each place where it asks for some: an error then, or a result that is good.
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/certificate_request.hpp"
#include "crypto/crl.hpp"
#include "crypto/crl_issue.hpp"
#include "crypto/curve_key.hpp"
#include "crypto/digest.hpp"
#include "crypto/login_tls.hpp"
#include "crypto/openssl.hpp"
#include "crypto/tls_probe.hpp"
#include "openssl_memory.hpp"
#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using base::as_bytes;

/// Runs `work` with no memory at the first request behind `from`, then at the next one, until `to` or until
/// it gets all that it asks for. `judge` sees each result.
template <class Work, class Judge>
void starve(const Work& work, const Judge& judge, size_t from = 0, size_t to = SIZE_MAX) {
  ASSERT_TRUE(is_memory_ours());
  static_cast<void>(work());  // what OpenSSL keeps for good is there
  size_t refused = 0;
  for (size_t nth = from + 1; nth <= to; ++nth) {
    SCOPED_TRACE("request " + std::to_string(nth));
    const auto [result, asked] = [&] {
      const NoMemoryAt none(nth);
      auto made = work();
      return std::pair(std::move(made), none.asked());
    }();
    if (asked < nth) break;
    if (result) judge(*result);
    refused += result ? 0 : 1;
  }
  EXPECT_GT(refused, 0u);
}

TEST(OutOfMemory, IssuesNoCertificateOrAWholeOne) {
  const Pki pki(KeyType::ed25519);
  const PrivateKey key = make_key(KeyType::ed25519);
  for (const CertificateUse use : {CertificateUse::server, CertificateUse::issuer, CertificateUse::admin}) {
    CertificateProfile profile = profile_of(use, "some.name");
    profile.org = "org";
    profile.host_names = {"host.example", "192.0.2.1"};
    const auto issue = [&] {
      base::SystemRandom random;
      return issue_certificate(profile, key.public_key(), &pki.root(), pki.key(), random);
    };
    const Certificate whole = must(issue());
    const base::Bytes& der = whole.der();
    // What is read back is hashed, and without a hash there is no going on.
    const size_t reading = requests_of([&] { static_cast<void>(Certificate::from_der(der)); });
    const size_t all = requests_of([&] { static_cast<void>(issue()); });
    starve(
        issue, [&](const Certificate& made) { EXPECT_EQ(made.der().size(), der.size()); }, 0, all - reading);
  }
}

TEST(OutOfMemory, IssuesNoListOrAWholeOne) {
  const Pki pki(KeyType::ed25519);
  const RevocationListProfile profile{.number = 7,
                                      .this_update = kNow,
                                      .next_update = kNow + kYear,
                                      .revoked = {{{1, 2, 3}, kNow, RevocationReason::key_compromise},
                                                  {{4, 5, 6}, kNow, RevocationReason::unspecified}}};
  const std::string whole = must(issue_revocation_list(profile, pki.root(), pki.key()));

  starve([&] { return issue_revocation_list(profile, pki.root(), pki.key()); },
         [&](const std::string& made) { EXPECT_EQ(made, whole); });
}

TEST(OutOfMemory, ReadsNoListOrTheWholeOne) {
  const Pki pki(KeyType::ed25519);
  const std::string pem = must(issue_revocation_list(
      {.this_update = kNow, .next_update = kNow + kYear, .revoked = {{{1, 2, 3}, kNow, {}}}}, pki.root(),
      pki.key()));

  const auto read = [&](std::string_view text) {
    return RevocationLists::read(as_bytes(text), pki.root(), {}, kNow);
  };
  const size_t hashing = requests_of([&] { static_cast<void>(read("")); });

  starve([&] { return read(pem); }, [](const RevocationLists& lists) { EXPECT_EQ(lists.facts().size(), 1u); },
         hashing);
}

/// Without memory nobody is trusted who is not otherwise.
TEST(OutOfMemory, VerifiesNoPathOrTheRightOne) {
  const Pki pki(KeyType::ed25519), other(KeyType::ed25519);
  const Issued leaf = pki.issue(CertificateUse::client, "site-1", KeyType::ed25519);
  const auto verify = [&](const TrustAnchor& anchor) {
    return verify_path(anchor, leaf.certificate, {}, ChainPurpose::client_login, kNow, nullptr);
  };

  starve([&] { return verify(pki.anchor()); },
         [](const std::vector<Certificate>& path) { EXPECT_EQ(path.size(), 1u); });
  starve([&] { return verify(other.anchor()); },
         [](const auto&) { ADD_FAILURE() << "a stranger is trusted"; });
}

TEST(OutOfMemory, SetsUpNoLoginsOrAll) {
  const Pki pki(KeyType::ed25519);
  const Issued own = pki.issue(CertificateUse::server, "server", KeyType::ed25519);
  const FixedClock clock;
  for (const auto side : {LoginTlsContext::Side::client, LoginTlsContext::Side::server})
    starve(
        [&] {
          return LoginTlsContext::make(side, {&own.certificate, 1}, own.key, pki.anchor(), clock);
        },
        [](const LoginTlsContext&) {});
}

TEST(OutOfMemory, MakesNoRequestOrAWholeOne) {
  const PrivateKey key = make_key(KeyType::ed25519);
  const RequestedIdentity who{"site-1", "fairlead://pie/client/site-1"};
  const std::string whole = must(make_certificate_request(who, key));

  starve([&] { return make_certificate_request(who, key); },
         [&](const std::string& made) { EXPECT_EQ(made, whole); });
}

/// Without memory nothing is let through that asks for more than it may.
TEST(OutOfMemory, TakesNoRequestThatIsForSomebodyElse) {
  const PrivateKey key = make_key(KeyType::ed25519);
  const RequestedIdentity who{"site-1", "fairlead://pie/client/site-1"};
  const std::string pem = must(make_certificate_request(who, key));

  starve([&] { return read_certificate_request(as_bytes(pem), who); },
         [&](const PublicKey& read) { EXPECT_EQ(read.spki(), key.public_key().spki()); });
  starve(
      [&] {
        return read_certificate_request(as_bytes(pem), {"site-2", "fairlead://pie/client/site-2"});
      },
      [&](const PublicKey&) { ADD_FAILURE() << "taken"; });
}

TEST(OutOfMemory, WritesAndReadsNoKeyOrTheRightOne) {
  const PrivateKey key = make_key();
  const base::Secret plain = must(key.to_pem());
  const auto is_same = [&](const PrivateKey& read) {
    EXPECT_EQ(read.public_key().spki(), key.public_key().spki());
  };

  starve([&] { return key.to_pem(); },
         [&](const base::Secret& made) { EXPECT_TRUE(base::equal(made.expose(), plain.expose())); });
  // The first ones: there are thousands, and each costs a whole reading.
  starve([&] { return PrivateKey::from_pem(plain.expose()); }, is_same, 0, 500);
  for (const KeyType type : {KeyType::p256, KeyType::p384, KeyType::ed25519})
    starve([&] { return PrivateKey::generate(type); },
           [&](const PrivateKey& made) { EXPECT_EQ(made.type(), type); });
}

TEST(OutOfMemory, SignsAndVerifiesNothingOrRightly) {
  for (const KeyType type : {KeyType::p256, KeyType::ed25519, KeyType::rsa}) {
    SCOPED_TRACE(name(type));
    const PrivateKey key = make_key(type);
    const base::Bytes content{1, 2, 3}, signature = must(key.sign("label", content));
    const size_t hashing = requests_of([&] { sha256({content}); });
    starve([&] { return key.sign("label", content); },
           [&](const base::Bytes& made) { EXPECT_TRUE(key.public_key().verify("label", content, made)); },
           hashing);
    starve(
        [&] {
          const bool good = key.public_key().verify("label", content, signature);
          return good ? std::optional(good) : std::nullopt;
        },
        [](bool) {}, hashing);
    starve(
        [&]() -> std::optional<bool> {
          if (key.public_key().verify("label", {}, signature)) return true;
          return std::nullopt;
        },
        [](bool) { ADD_FAILURE() << "a wrong signature was taken"; }, hashing);
  }
}

TEST(OutOfMemory, MakesNoCurveKeyOrAWholeOne) {
  const CurvePair whole = must(make_curve_pair());

  starve(
      [] { return make_curve_pair(); },
      [](const CurvePair& made) { EXPECT_EQ(must(curve_public_of(made.secret.expose())), made.public_key); });
  starve([&] { return curve_public_of(whole.secret.expose()); },
         [&](const X25519Public& read) { EXPECT_EQ(read, whole.public_key); });
}

TEST(OutOfMemory, AgreesOnNothingOrOnTheSame) {
  const EphemeralKey one = must(EphemeralKey::generate()), other = must(EphemeralKey::generate());
  const X25519Public peer = other.public_bytes();
  const base::Secret shared = *one.agree(peer);

  starve([] { return EphemeralKey::generate(); }, [](const EphemeralKey&) {});
  starve([&] { return one.agree(peer); },
         [&](const base::Secret& made) { EXPECT_TRUE(base::equal(made.expose(), shared.expose())); });
}

TEST(OutOfMemory, ProbesNothingOrSeesWhatIsThere) {
  int both[2] = {-1, -1};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both), 0);
  ::close(both[1]);
  const Pki pki(KeyType::ed25519);
  const Issued own = pki.issue(CertificateUse::client, "site-1", KeyType::ed25519);
  const TrustAnchor root = pki.anchor();
  const std::vector<Certificate> chain{own.certificate, pki.root()};
  const TlsProbePlan plan{.trusted = {&root, 1},
                          .host = "host.example",
                          .alpn = "fairlead/1",
                          .own_chain = chain,
                          .own_key = &own.key};

  starve([&] { return probe_tls(both[0], plan, FixedClock(), base::MonoTime(std::chrono::seconds(1))); },
         [](const TlsSight& sight) {
           EXPECT_TRUE(sight.outcome == TlsOutcome::closed || sight.outcome == TlsOutcome::failed);
           EXPECT_TRUE(sight.chain.empty());
         });
  ::close(both[0]);
}

}  // namespace
}  // namespace fairlead::crypto
