#include "crypto/chain.hpp"

#include <openssl/pem.h>

#include <functional>

#include "crypto/openssl.hpp"
#include "pki.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::crypto {
namespace {

using base::Refusal;

class Chain : public testing::Test {
 protected:
  /// The verdict's name: "ok" or a refusal.
  std::string verdict(const Certificate& leaf, ChainPurpose purpose = ChainPurpose::client_login,
                      const std::vector<Certificate>& between = {}, base::WallTime now = kNow) {
    return verdict_of(pki_.anchor(), leaf, purpose, between, now);
  }
  std::string legacy_verdict(const Certificate& leaf, ChainPurpose purpose = ChainPurpose::client_login) {
    return verdict_of(pki_.anchor(LegacyRules::yes), leaf, purpose, {}, kNow);
  }
  static std::string verdict_of(const TrustAnchor& anchor, const Certificate& leaf, ChainPurpose purpose,
                                const std::vector<Certificate>& between, base::WallTime now) {
    std::string detail;
    const auto result = verify_chain(anchor, leaf, between, purpose, now, &detail);
    EXPECT_EQ(result.has_value(), detail.empty()) << detail;
    EXPECT_EQ(drain_errors(), "") << "the error queue stays clean";
    return result ? "ok" : std::string(base::name(result.error()));
  }
  Certificate client() { return pki_.issue(CertificateUse::client, "site-1").certificate; }
  Certificate client_with(int nid, const char* value) {
    return with_extension(client(), nid, value, pki_.key());
  }
  Certificate client_after(const std::function<void(X509*)>& change) {
    const OwnedX509 copy(X509_dup(client().openssl()));
    change(copy.get());
    EXPECT_GT(X509_sign(copy.get(), pki_.key().openssl(), EVP_sha256()), 0);
    return must(Certificate::from_der(to_der(&i2d_X509, copy.get())));
  }

  Pki pki_;
};

TEST_F(Chain, EveryUseIsGoodForItsPurposeOnly) {
  const struct {
    CertificateUse use;
    const char *client, *server, *token;
  } cases[] = {{CertificateUse::client, "ok", "wrong_usage", "wrong_usage"},
               {CertificateUse::service, "ok", "wrong_usage", "wrong_usage"},
               {CertificateUse::admin, "ok", "wrong_usage", "wrong_usage"},
               {CertificateUse::server, "wrong_usage", "ok", "wrong_usage"},
               {CertificateUse::token_signer, "wrong_usage", "wrong_usage", "ok"}};
  for (const auto& expected : cases) {
    const Certificate leaf = pki_.issue(expected.use, "a@b").certificate;
    EXPECT_EQ(verdict(leaf, ChainPurpose::client_login), expected.client);
    EXPECT_EQ(verdict(leaf, ChainPurpose::server_login), expected.server);
    EXPECT_EQ(verdict(leaf, ChainPurpose::token_signing), expected.token);
  }
}

TEST_F(Chain, AnotherRootOfTheSameNameIsRefused) {
  const Pki other;
  EXPECT_EQ(verdict(other.issue(CertificateUse::client, "site-1").certificate), "bad_chain");
  EXPECT_EQ(verdict(other.issue(CertificateUse::client, "site-1").certificate, ChainPurpose::client_login,
                    {other.root()}),
            "bad_chain");
}

TEST_F(Chain, SelfSignedLeafIsRefused) {
  base::SystemRandom random;
  const PrivateKey key = make_key();
  const auto profile = profile_of(CertificateUse::client, "site-1");
  const Certificate leaf = must(issue_certificate(profile, key.public_key(), nullptr, key, random));
  EXPECT_EQ(verdict(leaf), "bad_chain");
  EXPECT_EQ(legacy_verdict(leaf), "bad_chain");
}

TEST_F(Chain, AChangedSignatureIsRefused) {
  base::Bytes der = client().der();
  der.back() ^= 1;
  EXPECT_EQ(verdict(must(Certificate::from_der(der))), "bad_chain");
}

TEST_F(Chain, TimeComesFromTheCaller) {
  const Certificate leaf = client();
  EXPECT_EQ(verdict(leaf, ChainPurpose::client_login, {}, kNow + 2 * kYear), "certificate_expired");
  EXPECT_EQ(verdict(leaf, ChainPurpose::client_login, {}, leaf.not_after() - std::chrono::seconds(1)), "ok");
  EXPECT_EQ(verdict(leaf, ChainPurpose::client_login, {}, leaf.not_after()), "certificate_expired");
  EXPECT_EQ(verdict(leaf, ChainPurpose::client_login, {}, leaf.not_before() - std::chrono::seconds(1)),
            "not_yet_valid");
  EXPECT_EQ(verdict(leaf, ChainPurpose::client_login, {}, kNow + 11 * kYear), "certificate_expired");
}

TEST_F(Chain, ExtendedKeyUsageMustBePresentAndRight) {
  EXPECT_EQ(verdict(client_with(NID_ext_key_usage, nullptr)), "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_ext_key_usage, "serverAuth")), "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_ext_key_usage, "anyExtendedKeyUsage")), "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_ext_key_usage, "codeSigning")), "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_ext_key_usage, "anyExtendedKeyUsage"), ChainPurpose::token_signing),
            "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_ext_key_usage, nullptr), ChainPurpose::token_signing), "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_ext_key_usage, "clientAuth"), ChainPurpose::server_login), "wrong_usage");
}

TEST_F(Chain, KeyUsageMustBePresentWithDigitalSignature) {
  EXPECT_EQ(verdict(client_with(NID_key_usage, nullptr)), "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_key_usage, "critical,keyAgreement")), "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_key_usage, "critical,keyCertSign")), "wrong_usage");
  EXPECT_EQ(verdict(client_with(NID_key_usage, "critical,digitalSignature,keyCertSign")), "wrong_usage");
}

TEST_F(Chain, ALeafThatIsACaIsRefused) {
  const Certificate ca = with_extension(client_with(NID_basic_constraints, "critical,CA:TRUE"), NID_key_usage,
                                        "critical,digitalSignature,keyCertSign", pki_.key());
  const Certificate without_signing = client_with(NID_basic_constraints, "critical,CA:TRUE");
  EXPECT_EQ(verdict(ca), "wrong_usage");
  EXPECT_EQ(legacy_verdict(ca), "wrong_usage");
  EXPECT_EQ(verdict(without_signing), "wrong_usage");
  EXPECT_EQ(legacy_verdict(without_signing), "wrong_usage");
  EXPECT_NE(verdict(pki_.root()), "ok");
}

TEST_F(Chain, N19_SerialsArePositiveAndHaveAtMostTwentyBytes) {
  const std::pair<const char*, const char*> cases[] = {
      {"-5", "bad_chain"},
      {"0", "bad_chain"},
      {"1", "ok"},
      {"730750818665451459101842416358141509827966271487", "ok"},          // 2^159 - 1
      {"730750818665451459101842416358141509827966271488", "bad_chain"}};  // 2^159
  for (const auto& [serial, expected] : cases) {
    const Certificate leaf = client_after([decimal = serial](X509* x) {
      BIGNUM* number = nullptr;
      BN_dec2bn(&number, decimal);
      BN_to_ASN1_INTEGER(OwnedNumber(number).get(), X509_get_serialNumber(x));
    });
    EXPECT_EQ(verdict(leaf), expected) << serial;
    EXPECT_EQ(legacy_verdict(leaf), expected) << serial;
  }
}

TEST_F(Chain, N19_AVersionThatIsNotThreeIsRefused) {
  const Certificate leaf = client_after([](X509* x) { X509_set_version(x, X509_VERSION_3 + 1); });

  EXPECT_EQ(verdict(leaf), "bad_chain");
  EXPECT_EQ(legacy_verdict(leaf), "bad_chain");
}

TEST_F(Chain, KeyTypesThatAreNotAllowedAreRefused) {
  for (const std::string& pem :
       {foreign_key_pem("RSA", 1024, nullptr), foreign_key_pem("EC", 0, "secp256k1")}) {
    const OwnedBio bio = reading(base::as_bytes(pem));
    const OwnedPkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    const OwnedX509 copy(X509_dup(client().openssl()));
    ASSERT_EQ(X509_set_pubkey(copy.get(), key.get()), 1);
    ASSERT_GT(X509_sign(copy.get(), pki_.key().openssl(), EVP_sha256()), 0);
    const Certificate leaf = must(Certificate::from_der(to_der(&i2d_X509, copy.get())));
    EXPECT_EQ(verdict(leaf), "bad_chain");
    EXPECT_EQ(legacy_verdict(leaf), "bad_chain");
  }
}

TEST_F(Chain, Sha1SignaturesAreRefused) {
  const OwnedX509 copy(X509_dup(client().openssl()));
  ASSERT_GT(X509_sign(copy.get(), pki_.key().openssl(), EVP_sha1()), 0);
  EXPECT_EQ(verdict(must(Certificate::from_der(to_der(&i2d_X509, copy.get())))), "bad_chain");
}

TEST_F(Chain, OneIntermediateWithinPathlen) {
  base::SystemRandom random;
  const PrivateKey issuing = make_key(), leaf_key = make_key();
  const Certificate between = intermediate(pki_, issuing, "critical,CA:TRUE,pathlen:0");
  const auto profile = profile_of(CertificateUse::client, "site-1");
  const Certificate leaf = must(issue_certificate(profile, leaf_key.public_key(), &between, issuing, random));
  EXPECT_EQ(verdict(leaf, ChainPurpose::client_login, {between}), "ok");
  EXPECT_EQ(verdict(leaf), "bad_chain") << "without the intermediate";
  EXPECT_EQ(verdict_of({between}, leaf, ChainPurpose::client_login, {}, kNow), "bad_chain")
      << "no partial chain";
}

TEST_F(Chain, PathlenIsKept) {
  base::SystemRandom random;
  const PrivateKey first_key = make_key(), second_key = make_key(), leaf_key = make_key();
  const Certificate first = intermediate(pki_, first_key, "critical,CA:TRUE,pathlen:1");
  CertificateProfile profile = profile_of(CertificateUse::root, "second");
  const Certificate second =
      must(issue_certificate(profile, second_key.public_key(), &first, first_key, random));
  profile = profile_of(CertificateUse::client, "site-1");
  const Certificate leaf =
      must(issue_certificate(profile, leaf_key.public_key(), &second, second_key, random));
  EXPECT_EQ(verdict(leaf, ChainPurpose::client_login, {second, first}), "bad_chain");
}

TEST_F(Chain, AnIssuerThatIsNoCaIsRefused) {
  base::SystemRandom random;
  const Issued site = pki_.issue(CertificateUse::client, "site-1");
  const PrivateKey key = make_key();
  const auto profile = profile_of(CertificateUse::client, "site-2");
  const Certificate leaf =
      must(issue_certificate(profile, key.public_key(), &site.certificate, site.key, random));
  EXPECT_NE(verdict(leaf, ChainPurpose::client_login, {site.certificate}), "ok");
  EXPECT_EQ(
      verdict_of(pki_.anchor(LegacyRules::yes), leaf, ChainPurpose::client_login, {site.certificate}, kNow),
      "bad_chain");
}

TEST_F(Chain, AClientNamedLikeTheProjectIsFine) {
  EXPECT_EQ(verdict(pki_.issue(CertificateUse::client, "pie").certificate), "ok");
}

/// A root and a leaf as the reference makes them: RSA-2048, no KU, no EKU, CA flag not critical, leaf without
/// key ids.
class ReferenceKit : public Chain {
 protected:
  Certificate strip(Certificate certificate, std::initializer_list<int> extensions) {
    for (const int nid : extensions) certificate = with_extension(certificate, nid, nullptr, key_);
    return certificate;
  }
  Certificate leaf() {
    return strip(must(issue_certificate(profile_of(CertificateUse::client, "site-1"), key_.public_key(),
                                        &root_, key_, random_)),
                 {NID_key_usage, NID_ext_key_usage, NID_basic_constraints, NID_subject_key_identifier,
                  NID_authority_key_identifier});
  }
  Certificate make_root() {
    const auto profile = profile_of(CertificateUse::root, "pie");
    const Certificate full = must(issue_certificate(profile, key_.public_key(), nullptr, key_, random_));
    return with_extension(strip(full, {NID_key_usage}), NID_basic_constraints, "CA:TRUE", key_);
  }
  std::string judge(const Certificate& certificate, LegacyRules legacy, ChainPurpose purpose) {
    return verdict_of({root_, legacy}, certificate, purpose, {}, kNow);
  }

  base::SystemRandom random_;
  PrivateKey key_ = must(PrivateKey::from_pem(base::as_bytes(foreign_key_pem("RSA", 2048, nullptr))));
  Certificate root_ = make_root();
};

TEST_F(ReferenceKit, IsAcceptedUnderLegacyRulesOnly) {
  for (const auto purpose :
       {ChainPurpose::client_login, ChainPurpose::server_login, ChainPurpose::token_signing}) {
    EXPECT_EQ(judge(leaf(), LegacyRules::yes, purpose), "ok");
    EXPECT_NE(judge(leaf(), LegacyRules::no, purpose), "ok");
  }
}

TEST_F(ReferenceKit, PresentUsagesAreEnforced) {
  const Certificate wrong = with_extension(leaf(), NID_ext_key_usage, "serverAuth", key_);
  EXPECT_EQ(judge(wrong, LegacyRules::yes, ChainPurpose::client_login), "wrong_usage");
  EXPECT_EQ(judge(wrong, LegacyRules::yes, ChainPurpose::server_login), "ok");
  EXPECT_EQ(judge(wrong, LegacyRules::yes, ChainPurpose::token_signing), "wrong_usage");
  const Certificate no_signing = with_extension(leaf(), NID_key_usage, "keyEncipherment", key_);
  EXPECT_EQ(judge(no_signing, LegacyRules::yes, ChainPurpose::client_login), "wrong_usage");
}

TEST_F(ReferenceKit, TheRootItselfIsNoLeaf) {
  EXPECT_EQ(judge(root_, LegacyRules::yes, ChainPurpose::client_login), "wrong_usage");
}

/// A client below an issuing authority, with the lists of both.
class RevokedChain : public Chain {
 protected:
  using Revoked = std::vector<Certificate>;

  RevocationLists lists(const std::string& pem) {
    return must(RevocationLists::read(base::as_bytes(pem), pki_.root(), {&between_, 1}, kNow));
  }
  std::string of_root(const Revoked& revoked, base::WallTime until = kNow + kYear) {
    return support::pem_revocation_list(
        pki_.root(), pki_.key(),
        {.this_update = kNow - std::chrono::hours(1), .next_update = until, .revoked = revoked});
  }
  std::string of_between(const Revoked& revoked, base::WallTime until = kNow + kYear) {
    return support::pem_revocation_list(
        between_, issuing_,
        {.this_update = kNow - std::chrono::hours(1), .next_update = until, .revoked = revoked});
  }
  Certificate issue_below() {
    const auto profile = profile_of(CertificateUse::client, "site-1");
    return must(issue_certificate(profile, make_key().public_key(), &between_, issuing_, random_));
  }
  /// The verdict on the leaf below the intermediate.
  std::string judge(const RevocationLists& lists, CrlRules rules = CrlRules::lenient) {
    return verdict_of({pki_.root(), LegacyRules::no, lists, rules}, leaf_, ChainPurpose::client_login,
                      {between_}, kNow);
  }
  /// The verdict on one directly below the root.
  std::string judge_direct(const RevocationLists& lists, CrlRules rules = CrlRules::lenient) {
    return verdict_of({pki_.root(), LegacyRules::no, lists, rules}, direct_, ChainPurpose::client_login, {},
                      kNow);
  }

  base::SystemRandom random_;
  PrivateKey issuing_ = make_key();
  Certificate between_ = with_extension(intermediate(pki_, issuing_, "critical,CA:TRUE,pathlen:0"),
                                        NID_key_usage, "critical,keyCertSign,cRLSign", pki_.key());
  Certificate leaf_ = issue_below();
  Certificate direct_ = client();
};

TEST_F(RevokedChain, N18_RevokedLeafIsRefused) {
  const RevocationLists revoking = lists(of_root({direct_}) + of_between({leaf_}));
  for (const CrlRules rules : {CrlRules::lenient, CrlRules::strict}) {
    EXPECT_EQ(judge(revoking, rules), "certificate_revoked");
    EXPECT_EQ(judge_direct(revoking, rules), "certificate_revoked");
  }
}

TEST_F(RevokedChain, N18_RevokedIntermediateIsRefused) {
  const RevocationLists revoking = lists(of_root({between_}) + of_between({}));
  for (const CrlRules rules : {CrlRules::lenient, CrlRules::strict}) {
    EXPECT_EQ(judge(revoking, rules), "certificate_revoked");
    EXPECT_EQ(judge_direct(revoking, rules), "ok");
  }
}

TEST_F(RevokedChain, WhoIsNotNamedIsAccepted) {
  const RevocationLists current = lists(of_root({leaf_}) + of_between({direct_}));

  EXPECT_EQ(judge(current, CrlRules::strict), "ok") << "the same serial at another authority means nothing";
  EXPECT_EQ(judge_direct(current, CrlRules::strict), "ok");
}

TEST_F(RevokedChain, N18_MissingListsRefuseUnderStrictRulesOnly) {
  EXPECT_EQ(judge_direct({}), "ok");
  EXPECT_EQ(judge_direct({}, CrlRules::strict), "crl_stale");
  EXPECT_EQ(judge(lists(of_root({}))), "ok");
  EXPECT_EQ(judge(lists(of_root({})), CrlRules::strict), "crl_stale") << "none of the intermediate";
  EXPECT_EQ(judge(lists(of_between({})), CrlRules::strict), "crl_stale") << "none of the root";
}

TEST_F(RevokedChain, N18_StaleListsRefuseUnderStrictRulesOnly) {
  const RevocationLists of_root_stale = lists(of_root({}, kNow) + of_between({}));
  const RevocationLists of_between_stale = lists(of_root({}) + of_between({}, kNow));

  EXPECT_EQ(judge(of_root_stale), "ok");
  EXPECT_EQ(judge(of_between_stale), "ok");
  EXPECT_EQ(judge(of_root_stale, CrlRules::strict), "crl_stale");
  EXPECT_EQ(judge(of_between_stale, CrlRules::strict), "crl_stale");
  EXPECT_EQ(judge_direct(of_root_stale, CrlRules::strict), "crl_stale");
  EXPECT_EQ(judge_direct(of_between_stale, CrlRules::strict), "ok");
}

TEST_F(RevokedChain, StaleListsStillRevoke) {
  const RevocationLists stale = lists(of_root({direct_}, kNow) + of_between({leaf_}, kNow));
  for (const CrlRules rules : {CrlRules::lenient, CrlRules::strict}) {
    EXPECT_EQ(judge(stale, rules), "certificate_revoked");
    EXPECT_EQ(judge_direct(stale, rules), "certificate_revoked");
  }
}

TEST_F(RevokedChain, ListsAreAskedAgainAboutAVerifiedPath) {
  const TrustAnchor before{pki_.root()};
  const TrustAnchor after{pki_.root(), LegacyRules::no, lists(of_root({}) + of_between({leaf_}))};
  const auto path = verify_path(before, leaf_, {&between_, 1}, ChainPurpose::client_login, kNow);
  ASSERT_TRUE(path.has_value());
  ASSERT_EQ(path->size(), 2u);

  const auto again = check_revocation(after, *path, kNow);

  EXPECT_TRUE(check_revocation(before, *path, kNow).has_value());
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error(), Refusal::certificate_revoked);
}

TEST_F(RevokedChain, ThePathIsWhatWasVerifiedNotWhatWasSent) {
  const Certificate stranger = Pki().root();
  const std::vector<Certificate> sent{stranger, between_, direct_};

  const auto path = verify_path({pki_.root()}, leaf_, sent, ChainPurpose::client_login, kNow);

  ASSERT_TRUE(path.has_value());
  ASSERT_EQ(path->size(), 2u);
  EXPECT_EQ(path->at(0).der(), leaf_.der());
  EXPECT_EQ(path->at(1).der(), between_.der());
}

TEST_F(ReferenceKit, RevokedLeafIsRefusedUnderLegacyRulesToo) {
  const Certificate revoked = leaf();
  const auto pem = support::pem_revocation_list(
      root_, key_, {.this_update = kNow, .next_update = kNow + kYear, .revoked = {revoked}});
  const RevocationLists lists = must(RevocationLists::read(base::as_bytes(pem), root_, {}, kNow));

  EXPECT_EQ(verdict_of({root_, LegacyRules::yes, lists}, revoked, ChainPurpose::client_login, {}, kNow),
            "certificate_revoked");
}

}  // namespace
}  // namespace fairlead::crypto
