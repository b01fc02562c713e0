#include "crypto/crl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/openssl.hpp"
#include "pki.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::crypto {
namespace {

using base::as_bytes;
using std::chrono::hours;
using support::ListProfile;

class Crl : public testing::Test {
 protected:
  ListProfile profile() const { return {.this_update = kNow - hours(1), .next_update = kNow + kYear}; }
  base::Bytes der(const ListProfile& profile) {
    return support::revocation_list(pki_.root(), pki_.key(), profile);
  }
  std::string pem(const ListProfile& profile) {
    return support::pem_revocation_list(pki_.root(), pki_.key(), profile);
  }
  base::Result<RevocationLists> read(base::ByteView content, std::vector<Certificate> between = {}) {
    auto lists = RevocationLists::read(content, pki_.root(), between, kNow);
    EXPECT_EQ(drain_errors(), "") << "the error queue stays clean";
    return lists;
  }
  /// The reason of a refusal; "ok" without one.
  std::string reason(base::ByteView content, std::vector<Certificate> between = {}) {
    const auto lists = read(content, std::move(between));
    if (lists) return "ok";
    EXPECT_NE(lists.error().text, "");
    EXPECT_NE(lists.error().hint, "");
    return lists.error().reason;
  }
  std::string reason(std::string_view content) { return reason(as_bytes(content)); }
  std::string reason_after(std::function<void(X509_CRL*)> change) {
    ListProfile odd = profile();
    odd.change = std::move(change);
    return reason(der(odd));
  }

  Pki pki_;
  Issued site_ = pki_.issue(CertificateUse::client, "site-1");
  base::SystemRandom random_;
};

TEST_F(Crl, TellsWhatAListSaysOfItself) {
  ListProfile given = profile();
  given.number = 41;
  given.revoked = {site_.certificate};

  const RevocationLists lists = must(read(der(given)));

  ASSERT_EQ(lists.facts().size(), 1u);
  const RevocationFacts& facts = lists.facts().front();
  EXPECT_EQ(facts.issuer, pki_.root().subject_text());
  EXPECT_EQ(facts.number, 41u);
  EXPECT_EQ(facts.this_update, kNow - hours(1));
  EXPECT_EQ(facts.next_update, kNow + kYear);
  EXPECT_EQ(facts.count, 1u);
  EXPECT_EQ(lists.of(pki_.root()), &facts);
}

TEST_F(Crl, RevokesWhatItNamesAndNothingElse) {
  ListProfile given = profile();
  given.revoked = {site_.certificate};
  const Issued other = pki_.issue(CertificateUse::client, "site-2");

  const RevocationLists lists = must(read(as_bytes(pem(given))));

  EXPECT_TRUE(lists.revokes(site_.certificate, pki_.root()));
  EXPECT_FALSE(lists.revokes(other.certificate, pki_.root()));
  EXPECT_FALSE(lists.revokes(site_.certificate, site_.certificate)) << "of another authority";
}

TEST_F(Crl, NoListRevokesNothing) {
  const RevocationLists none;

  EXPECT_TRUE(none.empty());
  EXPECT_TRUE(none.facts().empty());
  EXPECT_FALSE(none.revokes(site_.certificate, pki_.root()));
  EXPECT_EQ(none.of(pki_.root()), nullptr);
  EXPECT_EQ(none.stale(kNow), nullptr);
  EXPECT_EQ(none.pem(), "");
}

TEST_F(Crl, ReadsBlanksAroundPemBlocks) { EXPECT_EQ(reason("\r\n\n " + pem(profile()) + "\n\t "), "ok"); }

TEST_F(Crl, ReadsBackWhatItWrites) {
  ListProfile given = profile();
  given.revoked = {site_.certificate};
  const RevocationLists lists = must(read(der(given)));

  const RevocationLists again = must(read(as_bytes(lists.pem())));

  EXPECT_TRUE(again.revokes(site_.certificate, pki_.root()));
}

TEST_F(Crl, ReadsTheListsOfRootAndIntermediate) {
  const PrivateKey issuing = make_key();
  const Certificate between = with_extension(intermediate(pki_, issuing, "critical,CA:TRUE,pathlen:0"),
                                             NID_key_usage, "critical,keyCertSign,cRLSign", pki_.key());
  const std::string second = support::pem_revocation_list(between, issuing, profile());

  const auto lists = read(as_bytes(pem(profile()) + second), {between});

  ASSERT_TRUE(lists.has_value()) << lists.error().line();
  EXPECT_EQ(lists->facts().size(), 2u);
  EXPECT_NE(lists->of(between), nullptr);
  EXPECT_EQ(reason(second), "crl_wrong_issuer") << "an intermediate that nobody knows";
  EXPECT_EQ(reason(as_bytes(pem(profile()) + "x\n" + second), {between}), "crl_malformed") << "between them";
}

TEST_F(Crl, SaysOfAnEmptyFileThatItIsEmpty) {
  for (const std::string_view nothing : {"", " \n"}) {
    const auto refused = read(as_bytes(nothing));

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().text, "the revocation list is empty");
  }
}

TEST_F(Crl, RefusesAnythingElseInThePemText) {
  const std::string good = pem(profile());
  EXPECT_EQ(reason(good + "x"), "crl_malformed");
  EXPECT_EQ(reason("x" + good), "crl_malformed");
  EXPECT_EQ(reason(good + site_.certificate.to_pem()), "crl_malformed");
  EXPECT_EQ(reason(site_.certificate.to_pem()), "crl_malformed");
  EXPECT_EQ(reason(good.substr(0, good.size() - 10)), "crl_malformed");
  EXPECT_EQ(reason("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"), "crl_malformed");
}

TEST_F(Crl, RefusesBytesBehindDer) {
  base::Bytes long_one = der(profile()), short_one = long_one;
  long_one.push_back(0);
  short_one.pop_back();

  EXPECT_EQ(reason(long_one), "crl_malformed");
  EXPECT_EQ(reason(short_one), "crl_malformed");
}

TEST_F(Crl, RefusesBytesBehindDerInsideAPemBlock) {
  base::Bytes long_one = der(profile());
  long_one.push_back(0);
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio(bio.get(), PEM_STRING_X509_CRL, "", long_one.data(), narrow(long_one.size()));

  EXPECT_EQ(reason(base::to_bytes(written(bio.get()))), "crl_malformed");
}

TEST_F(Crl, RefusesMoreThan4MiB) {
  const std::string good = pem(profile());
  const std::string largest = good + std::string(kLargestRevocationText - good.size(), '\n');

  EXPECT_EQ(reason(largest), "ok");
  EXPECT_EQ(reason(largest + "\n"), "crl_too_large");
}

TEST_F(Crl, RefusesTwoListsOfOneAuthority) {
  ListProfile second = profile();
  second.number = 2;

  EXPECT_EQ(reason(pem(profile()) + pem(second)), "crl_malformed");
}

TEST_F(Crl, RefusesAWrongIssuer) {
  const Certificate renamed = must(issue_certificate(profile_of(CertificateUse::root, "other"),
                                                     pki_.key().public_key(), nullptr, pki_.key(), random_));

  EXPECT_EQ(reason(support::revocation_list(renamed, pki_.key(), profile())), "crl_wrong_issuer");
}

TEST_F(Crl, RefusesAnotherAuthorityOfTheSameName) {
  const Pki other;

  EXPECT_EQ(reason(support::revocation_list(other.root(), other.key(), profile())), "crl_bad_signature");
}

TEST_F(Crl, RefusesAChangedSignature) {
  base::Bytes changed = der(profile());
  changed.back() ^= 1;

  EXPECT_EQ(reason(changed), "crl_bad_signature");
}

TEST_F(Crl, RefusesAnAuthorityThatMaySignNoLists) {
  const PrivateKey issuing = make_key();
  const Certificate between = with_extension(intermediate(pki_, issuing, "critical,CA:TRUE,pathlen:0"),
                                             NID_key_usage, "critical,keyCertSign", pki_.key());

  EXPECT_EQ(reason(support::revocation_list(between, issuing, profile()), {between}), "crl_bad_signature");
}

TEST_F(Crl, RefusesAListOfTheFuture) {
  ListProfile future = profile(), present = profile();
  future.this_update = kNow + std::chrono::seconds(1);
  present.this_update = kNow;

  EXPECT_EQ(reason(der(future)), "crl_not_yet_valid");
  EXPECT_EQ(reason(der(present)), "ok");
}

TEST_F(Crl, AcceptsAListThatIsOverAndSaysSo) {
  ListProfile given = profile();
  given.next_update = kNow;

  const RevocationLists lists = must(read(der(given)));

  EXPECT_EQ(lists.stale(kNow - std::chrono::seconds(1)), nullptr);
  EXPECT_EQ(lists.stale(kNow), &lists.facts().front());
}

TEST_F(Crl, RefusesAListWithoutNumber) {
  EXPECT_EQ(
      reason_after([](X509_CRL* list) {
        X509_EXTENSION_free(X509_CRL_delete_ext(list, X509_CRL_get_ext_by_NID(list, NID_crl_number, -1)));
      }),
      "crl_malformed");
}

TEST_F(Crl, RefusesVersion1) {
  EXPECT_EQ(reason_after([](X509_CRL* list) { X509_CRL_set_version(list, 0); }), "crl_malformed");
}

TEST_F(Crl, RefusesAListWithoutAnEnd) {
  const OwnedCrl parsed = [&] {
    const base::Bytes bytes = der(profile());
    const uint8_t* at = bytes.data();
    return OwnedCrl(d2i_X509_CRL(nullptr, &at, narrow(bytes.size())));
  }();
  // The library cannot unset nextUpdate: a hand-made list without revoked certificates and extensions.
  ASSERT_NE(parsed, nullptr);
  const base::Bytes issuer = to_der(&i2d_X509_NAME, X509_CRL_get_issuer(parsed.get()));
  const X509_ALGOR* signed_with = nullptr;
  X509_CRL_get0_signature(parsed.get(), nullptr, &signed_with);
  const base::Bytes algorithm = to_der(&i2d_X509_ALGOR, signed_with);
  const base::Bytes when = to_der(&i2d_ASN1_TIME, X509_CRL_get0_lastUpdate(parsed.get()));
  base::Bytes inside{2, 1, 1};
  for (const base::Bytes* part : {&algorithm, &issuer, &when}) base::append(inside, *part);
  base::append(
      inside, base::ByteView(base::Bytes{0xA0, 14, 0x30, 12, 0x30, 10, 6, 3, 0x55, 0x1D, 20, 4, 3, 2, 1, 1}));
  base::Bytes list{0x30, static_cast<uint8_t>(inside.size())};
  base::append(list, inside);
  base::append(list, algorithm);
  base::append(list, base::ByteView(base::Bytes{3, 2, 0, 1}));
  list.insert(list.begin(), {0x30, static_cast<uint8_t>(list.size())});

  const auto refused = read(list);

  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().text.find("nextUpdate"), std::string::npos) << refused.error().text;
}

TEST_F(Crl, RefusesCriticalExtensions) {
  const auto delta = [](X509_CRL* list) {
    const Owned<ASN1_INTEGER, &ASN1_INTEGER_free> base_number(ASN1_INTEGER_new());
    EXPECT_EQ(X509_CRL_add1_ext_i2d(list, NID_delta_crl, base_number.get(), 1, 0), 1);
  };
  const auto one_scope = [](X509_CRL* list) {
    const OwnedExtension extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_issuing_distribution_point, "critical,onlyuser:TRUE"));
    EXPECT_EQ(X509_CRL_add_ext(list, extension.get(), -1), 1);
  };

  EXPECT_EQ(reason_after(delta), "crl_malformed");
  EXPECT_EQ(reason_after(one_scope), "crl_malformed");
}

TEST_F(Crl, RefusesCriticalExtensionsOfAnEntry) {
  ListProfile given = profile();
  given.revoked = {site_.certificate};
  given.change = [](X509_CRL* list) {
    const Owned<ASN1_ENUMERATED, &ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
    ASN1_ENUMERATED_set(reason.get(), CRL_REASON_KEY_COMPROMISE);
    X509_REVOKED* entry = sk_X509_REVOKED_value(X509_CRL_get_REVOKED(list), 0);
    EXPECT_EQ(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 1, 0), 1);
  };

  EXPECT_EQ(reason(der(given)), "crl_malformed");
}

TEST_F(Crl, ReadsTheReasonOfAnEntry) {
  ListProfile given = profile();
  given.revoked = {site_.certificate};
  given.change = [](X509_CRL* list) {
    const Owned<ASN1_ENUMERATED, &ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
    ASN1_ENUMERATED_set(reason.get(), CRL_REASON_REMOVE_FROM_CRL);
    X509_REVOKED* entry = sk_X509_REVOKED_value(X509_CRL_get_REVOKED(list), 0);
    EXPECT_EQ(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 0, 0), 1);
  };

  const RevocationLists lists = must(read(der(given)));

  EXPECT_TRUE(lists.revokes(site_.certificate, pki_.root())) << "whatever the reason";
}

TEST_F(Crl, RefusesSha1) {
  const base::Bytes bytes = der(profile());
  const uint8_t* at = bytes.data();
  const OwnedCrl list(d2i_X509_CRL(nullptr, &at, narrow(bytes.size())));
  ASSERT_GT(X509_CRL_sign(list.get(), pki_.key().openssl(), EVP_sha1()), 0);

  EXPECT_EQ(reason(to_der(&i2d_X509_CRL, list.get())), "crl_bad_signature");
}

TEST_F(Crl, ReadsListsOfEveryKeyType) {
  for (const KeyType type : {KeyType::p384, KeyType::ed25519, KeyType::rsa}) {
    const Pki pki(type);
    const auto lists = RevocationLists::read(support::revocation_list(pki.root(), pki.key(), profile()),
                                             pki.root(), {}, kNow);
    EXPECT_TRUE(lists.has_value()) << name(type);
  }
}

}  // namespace
}  // namespace fairlead::crypto
