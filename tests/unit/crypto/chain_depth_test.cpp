// verify_chain with certificates between the leaf and the root.
#include <openssl/x509v3.h>

#include "crypto/chain.hpp"
#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using base::Refusal;

class ChainDepth : public testing::Test {
 protected:
  /// A certificate below `issuer`, and its key.
  Issued below(const Issued& issuer, CertificateUse use, const std::string& name) {
    PrivateKey key = make_key();
    Certificate made = must(
        issue_certificate(profile_of(use, name), key.public_key(), &issuer.certificate, issuer.key, random_));
    return {std::move(made), std::move(key)};
  }
  /// A CA whose depth nothing limits but us.
  Issued authority_below(const Issued& issuer, const std::string& name) {
    Issued made = below(issuer, CertificateUse::root, name);
    made.certificate =
        with_extension(made.certificate, NID_basic_constraints, "critical,CA:TRUE", issuer.key);
    return made;
  }
  Issued make_root() {
    PrivateKey key = make_key();
    const Certificate limited = must(
        issue_certificate(profile_of(CertificateUse::root, "pie"), key.public_key(), nullptr, key, random_));
    Certificate root = with_extension(limited, NID_basic_constraints, "critical,CA:TRUE", key);
    return {std::move(root), std::move(key)};
  }
  Refusal verdict(const Certificate& leaf, const std::vector<Certificate>& between,
                  ChainPurpose purpose = ChainPurpose::client_login, LegacyRules legacy = LegacyRules::no) {
    const auto result = verify_chain({root_.certificate, legacy}, leaf, between, purpose, kNow);
    return result ? Refusal{} : result.error();
  }
  /// Verdict on a client below so many authorities.
  Refusal verdict_below(size_t count, LegacyRules legacy = LegacyRules::no) {
    std::vector<Certificate> between;
    Issued last{root_.certificate, must(PrivateKey::from_pem(base::as_bytes(root_pem())))};
    for (size_t i = 0; i < count; ++i) {
      last = authority_below(last, "between-" + std::to_string(i));
      between.push_back(last.certificate);
    }
    return verdict(below(last, CertificateUse::client, "site-1").certificate, between,
                   ChainPurpose::client_login, legacy);
  }
  std::string root_pem() const { return base::to_text(must(root_.key.to_pem()).expose()); }

  base::SystemRandom random_;
  Issued root_ = make_root();
};

TEST_F(ChainDepth, HoldsTheLimitOfCertificatesInBetween) {
  EXPECT_EQ(verdict_below(2), Refusal{});
  EXPECT_EQ(verdict_below(3), Refusal{});
  EXPECT_EQ(verdict_below(4), Refusal::bad_chain);
}

TEST_F(ChainDepth, HasNothingInBetweenUnderLegacyRules) {
  EXPECT_EQ(verdict_below(0, LegacyRules::yes), Refusal{});
  EXPECT_EQ(verdict_below(1, LegacyRules::yes), Refusal::bad_chain);
}

TEST_F(ChainDepth, AnAuthorityForServersSpeaksForNoClient) {
  Issued between = authority_below(root_, "servers-only");
  between.certificate = with_extension(between.certificate, NID_ext_key_usage, "serverAuth", root_.key);
  const Certificate client = below(between, CertificateUse::client, "site-1").certificate;
  const Certificate server = below(between, CertificateUse::server, "hub.example").certificate;

  EXPECT_EQ(verdict(client, {between.certificate}), Refusal::wrong_usage);
  EXPECT_EQ(verdict(server, {between.certificate}, ChainPurpose::server_login), Refusal{});
}

}  // namespace
}  // namespace fairlead::crypto
