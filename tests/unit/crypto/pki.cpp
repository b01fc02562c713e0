#include "pki.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

Certificate self_signed_root(const PrivateKey& key) {
  base::SystemRandom random;
  CertificateProfile profile = profile_of(CertificateUse::root, "pie");
  profile.not_after = kNow + 10 * kYear;
  return must(issue_certificate(profile, key.public_key(), nullptr, key, random));
}

std::string uri_of(CertificateUse use, const std::string& name) {
  switch (use) {
    case CertificateUse::root:
    case CertificateUse::issuer:
      return root_uri("pie");
    case CertificateUse::server:
      return identity_uri("pie", base::ParticipantType::server, name);
    case CertificateUse::token_signer:
      return token_signer_uri("pie", name);
    case CertificateUse::client:
      return identity_uri("pie", base::ParticipantType::client, name);
    case CertificateUse::service:
      return identity_uri("pie", base::ParticipantType::service, name);
    case CertificateUse::admin:
      return identity_uri("pie", base::ParticipantType::admin, name);
  }
  return {};
}

/// Signs what is in `certificate` now and reads the result back, so that nothing stale is cached in the
/// object.
Certificate sign_again(X509* certificate, const PrivateKey& issuer_key) {
  const EVP_MD* digest = issuer_key.type() == KeyType::ed25519 ? nullptr : EVP_sha256();
  EXPECT_GT(X509_sign(certificate, issuer_key.openssl(), digest), 0);
  return must(Certificate::from_der(to_der(&i2d_X509, certificate)));
}

}  // namespace

PrivateKey make_key(KeyType type) {
  if (type != KeyType::rsa) return must(PrivateKey::generate(type));
  return must(PrivateKey::from_pem(base::as_bytes(foreign_key_pem("RSA", 2048, nullptr))));
}

CertificateProfile profile_of(CertificateUse use, std::string name) {
  CertificateProfile profile;
  profile.use = use;
  profile.uri = uri_of(use, name);
  profile.name = std::move(name);
  if (use == CertificateUse::admin) profile.role = "lead";
  profile.not_before = kNow - std::chrono::minutes(10);
  profile.not_after = kNow + kYear;
  return profile;
}

Pki::Pki(KeyType type) : key_(make_key(type)), root_(self_signed_root(key_)) {}

Issued Pki::issue(CertificateUse use, std::string name, KeyType type) const {
  return issue(profile_of(use, std::move(name)), type);
}

Issued Pki::issue(const CertificateProfile& profile, KeyType type) const {
  base::SystemRandom random;
  PrivateKey key = make_key(type);
  Certificate certificate = must(issue_certificate(profile, key.public_key(), &root_, key_, random));
  return {std::move(certificate), std::move(key)};
}

Certificate with_extension(const Certificate& certificate, int nid, const char* value,
                           const PrivateKey& issuer_key) {
  const OwnedX509 copy(X509_dup(certificate.openssl()));
  const int at = X509_get_ext_by_NID(copy.get(), nid, -1);
  if (at >= 0) X509_EXTENSION_free(X509_delete_ext(copy.get(), at));
  if (value != nullptr) {
    const OwnedExtension extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
    EXPECT_NE(extension, nullptr) << value << ": " << drain_errors();
    EXPECT_EQ(X509_add_ext(copy.get(), extension.get(), -1), 1);
  }
  return sign_again(copy.get(), issuer_key);
}

Certificate intermediate(const Pki& pki, const PrivateKey& key, const char* constraints) {
  base::SystemRandom random;
  CertificateProfile profile = profile_of(CertificateUse::root, "between");
  const Certificate made = must(issue_certificate(profile, key.public_key(), &pki.root(), pki.key(), random));
  return with_extension(made, NID_basic_constraints, constraints, pki.key());
}

std::string foreign_key_pem(const char* type, int rsa_bits, const char* curve) {
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* raw = nullptr;
  EXPECT_EQ(EVP_PKEY_keygen_init(context.get()), 1);
  if (rsa_bits != 0) EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), rsa_bits);
  if (curve != nullptr) EVP_PKEY_CTX_set_group_name(context.get(), curve);
  EXPECT_EQ(EVP_PKEY_generate(context.get(), &raw), 1) << drain_errors();
  const OwnedPkey key(raw);
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  return base::to_text(written(bio.get()));
}

}  // namespace fairlead::crypto
