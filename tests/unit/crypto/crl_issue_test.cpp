#include "crypto/crl_issue.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "crypto/crl.hpp"
#include "crypto/openssl.hpp"
#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using base::as_bytes;
using std::chrono::hours;

RevocationListProfile profile_with(std::vector<RevokedSerial> revoked) {
  return {.number = 7, .this_update = kNow, .next_update = kNow + kYear, .revoked = std::move(revoked)};
}

OwnedCrl parsed(const std::string& pem) {
  const OwnedBio bio = reading(as_bytes(pem));
  return OwnedCrl(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
}

/// The reason code of the only entry; -1 when it says none.
int reason_code(const X509_CRL* list) {
  const X509_REVOKED* entry = sk_X509_REVOKED_value(X509_CRL_get_REVOKED(const_cast<X509_CRL*>(list)), 0);
  const Owned<ASN1_ENUMERATED, &ASN1_ENUMERATED_free> code(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
  return code != nullptr ? static_cast<int>(ASN1_ENUMERATED_get(code.get())) : -1;
}

class EachIssuer : public testing::TestWithParam<KeyType> {};
INSTANTIATE_TEST_SUITE_P(Keys, EachIssuer,
                         testing::Values(KeyType::p256, KeyType::p384, KeyType::ed25519, KeyType::rsa));

TEST_P(EachIssuer, MakesAListThatNodesRead) {
  const Pki pki(GetParam());
  const Issued gone = pki.issue(CertificateUse::client, "site-1");
  const Issued kept = pki.issue(CertificateUse::client, "site-2");

  const std::string pem = must(
      issue_revocation_list(profile_with({{gone.certificate.serial(), kNow, {}}}), pki.root(), pki.key()));
  const RevocationLists lists = must(RevocationLists::read(as_bytes(pem), pki.root(), {}, kNow));

  ASSERT_EQ(lists.facts().size(), 1u);
  EXPECT_EQ(lists.facts().front().number, 7u);
  EXPECT_EQ(lists.facts().front().this_update, kNow);
  EXPECT_EQ(lists.facts().front().next_update, kNow + kYear);
  EXPECT_TRUE(lists.revokes(gone.certificate, pki.root()));
  EXPECT_FALSE(lists.revokes(kept.certificate, pki.root()));
}

TEST(CrlIssue, MakesAListWithoutEntries) {
  const Pki pki;

  const std::string pem = must(issue_revocation_list(profile_with({}), pki.root(), pki.key()));

  EXPECT_EQ(must(RevocationLists::read(as_bytes(pem), pki.root(), {}, kNow)).facts().front().count, 0u);
}

TEST(CrlIssue, PointsToTheKeyOfItsIssuer) {
  const Pki pki;

  const OwnedCrl list = parsed(must(issue_revocation_list(profile_with({}), pki.root(), pki.key())));
  const OwnedAuthorityKeyId authority(static_cast<AUTHORITY_KEYID*>(
      X509_CRL_get_ext_d2i(list.get(), NID_authority_key_identifier, nullptr, nullptr)));

  ASSERT_NE(authority, nullptr);
  EXPECT_EQ(ASN1_OCTET_STRING_cmp(authority->keyid, X509_get0_subject_key_id(pki.root().openssl())), 0);
}

TEST(CrlIssue, PointsToNoKeyOfARootWithoutIdentifier) {
  const Pki pki;
  const Certificate root = with_extension(pki.root(), NID_subject_key_identifier, nullptr, pki.key());

  const OwnedCrl list = parsed(must(issue_revocation_list(profile_with({}), root, pki.key())));

  EXPECT_EQ(X509_CRL_get_ext_by_NID(list.get(), NID_authority_key_identifier, -1), -1);
}

TEST(CrlIssue, SaysWhyByTheCodesOfTheStandard) {
  const Pki pki;
  const base::Bytes serial = pki.issue(CertificateUse::client, "site-1").certificate.serial();
  const auto code_for = [&](RevocationReason reason) {
    return reason_code(
        parsed(must(issue_revocation_list(profile_with({{serial, kNow, reason}}), pki.root(), pki.key())))
            .get());
  };

  EXPECT_EQ(code_for(RevocationReason::unspecified), -1);
  EXPECT_EQ(code_for(RevocationReason::key_compromise), 1);
  EXPECT_EQ(code_for(RevocationReason::superseded), 4);
  EXPECT_EQ(code_for(RevocationReason::cessation_of_operation), 5);
}

TEST(CrlIssue, WithAnotherKeyIsNoListOfThatIssuer) {
  const Pki pki, other;

  const std::string pem = must(issue_revocation_list(profile_with({}), pki.root(), other.key()));

  EXPECT_EQ(RevocationLists::read(as_bytes(pem), pki.root(), {}, kNow).error().reason, "crl_bad_signature");
}

TEST(CrlIssue, NamesTheReasonsThatItKnows) {
  for (const char* text : {"unspecified", "keyCompromise", "superseded", "cessationOfOperation"})
    EXPECT_STREQ(name(must(parse_revocation_reason(text))), text);

  const auto wrong = parse_revocation_reason("keycompromise");

  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(base::exit_code(wrong.error().code), 4);
  EXPECT_NE(wrong.error().hint.find("keyCompromise"), std::string::npos);
}

TEST(CertificateSerial, IsTheNumberThatListsRevokeBy) {
  const Pki pki;
  const Certificate certificate = pki.issue(CertificateUse::client, "site-1").certificate;

  const base::Bytes serial = certificate.serial();

  EXPECT_EQ(serial.size(), 20u);
  EXPECT_GT(serial.front(), 0);
}

}  // namespace
}  // namespace fairlead::crypto
