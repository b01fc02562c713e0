#include "crypto/chain.hpp"

#include <openssl/err.h>

#include "base/result.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::Checked;
using base::Refusal;

constexpr int kMaxIntermediates = 3;
/// RFC 5280 section 4.1.2.2: positive, 20 bytes in DER, of which the first bit is the sign.
constexpr int kMaxSerialBits = 159;
/// 112 bits: no SHA-1 or MD5 signatures, no RSA below 2048 bits anywhere in the chain.
constexpr int kSecurityLevel = 2;

tl::unexpected<Refusal> refuse(Refusal refusal, std::string* detail, std::string text) {
  if (detail != nullptr) *detail = std::move(text);
  return tl::unexpected(refusal);
}

Refusal refusal_of(int error) noexcept {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Refusal::certificate_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Refusal::not_yet_valid;
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA:
      return Refusal::wrong_usage;
    default:
      return Refusal::bad_chain;
  }
}

/// Purpose for the certificates above the leaf; the leaf is judged by check_leaf.
int openssl_purpose(ChainPurpose purpose) noexcept {
  switch (purpose) {
    case ChainPurpose::client_login:
      return X509_PURPOSE_SSL_CLIENT;
    case ChainPurpose::server_login:
      return X509_PURPOSE_SSL_SERVER;
    case ChainPurpose::token_signing:
    case ChainPurpose::issuing:
      break;
  }
  return 0;
}

/// Roots of the reference have no KU and its leaves no AKI, which X509_STRICT refuses; without STRICT the
/// rules for intermediates are too soft, so a legacy leaf must stand directly under the root.
void set_rules(X509_VERIFY_PARAM* rules, LegacyRules legacy, ChainPurpose purpose, base::WallTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(seconds));
  X509_VERIFY_PARAM_set_auth_level(rules, kSecurityLevel);
  if (openssl_purpose(purpose) != 0) X509_VERIFY_PARAM_set_purpose(rules, openssl_purpose(purpose));
  X509_VERIFY_PARAM_set_depth(rules, legacy == LegacyRules::yes ? 0 : kMaxIntermediates);
  if (legacy == LegacyRules::no) X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
}

OwnedCertificates stack_of(std::span<const Certificate> certificates) {
  OwnedCertificates stack(sk_X509_new_null());
  for (const Certificate& certificate : certificates)
    if (X509_up_ref(certificate.openssl()) == 1) sk_X509_push(stack.get(), certificate.openssl());
  return stack;
}

/// RFC 5280 leaves an absent EKU to mean anything, and the library follows it: presence is checked by itself.
bool has_extended_usage(X509* leaf, ChainPurpose purpose) {
  const uint32_t usage = X509_get_extended_key_usage(leaf);
  if (purpose == ChainPurpose::client_login) return (usage & XKU_SSL_CLIENT) != 0;
  if (purpose == ChainPurpose::server_login) return (usage & XKU_SSL_SERVER) != 0;
  const OwnedUsages usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(leaf, NID_ext_key_usage, nullptr, nullptr)));
  const OwnedObject wanted(OBJ_txt2obj(kTokenSigningUsage, 1));
  for (int i = 0; usages != nullptr && i < sk_ASN1_OBJECT_num(usages.get()); ++i)
    if (OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), i), wanted.get()) == 0) return true;
  return false;
}

/// Null when this may issue certificates below the root, and nothing that issues in turn. The library counts
/// no certificate whose issuer has the same name as a step, so path lengths alone do not keep it there.
const char* check_issuer(X509* issuer, const STACK_OF(X509) * chain) {
  constexpr uint32_t kSigns = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
  if (sk_X509_num(chain) != 2) return "the issuer does not stand directly below the root";
  // Only a CA has a path length.
  if (X509_get_pathlen(issuer) != 0) return "the issuer is no CA, or its path length is not 0";
  if ((X509_get_key_usage(issuer) & kSigns) != kSigns)
    return "the issuer's key usage lacks keyCertSign or cRLSign";
  if (!has_extended_usage(issuer, ChainPurpose::client_login))
    return "the issuer's extended key usage is another";
  return nullptr;
}

/// Null when the leaf may do what it is for, else what is wrong.
const char* check_leaf(const STACK_OF(X509) * chain, ChainPurpose purpose, LegacyRules legacy) {
  X509* leaf = sk_X509_value(chain, 0);
  if (purpose == ChainPurpose::issuing) return check_issuer(leaf, chain);
  const uint32_t flags = X509_get_extension_flags(leaf);
  const bool absent_is_fine = legacy == LegacyRules::yes;
  // The library denies that a CA without keyCertSign is one; what calls itself a CA is none of our leaves.
  if ((flags & EXFLAG_CA) != 0 || X509_check_ca(leaf) != 0) return "the leaf is a CA";
  const bool has_key_usage = (flags & EXFLAG_KUSAGE) != 0;
  if (!has_key_usage && !absent_is_fine) return "the leaf has no key usage";
  if (has_key_usage && (X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE) == 0)
    return "the leaf's key usage lacks digitalSignature";
  const bool has_purpose = (flags & EXFLAG_XKUSAGE) != 0;
  if (!has_purpose && !absent_is_fine) return "the leaf has no extended key usage";
  if (has_purpose && !has_extended_usage(leaf, purpose)) return "the leaf's extended key usage is another";
  return nullptr;
}

bool is_good_serial(const ASN1_INTEGER* serial) {
  const OwnedNumber number(ASN1_INTEGER_to_BN(serial, nullptr));
  return number != nullptr && BN_is_negative(number.get()) == 0 && BN_is_zero(number.get()) == 0 &&
         BN_num_bits(number.get()) <= kMaxSerialBits;
}

/// What the library leaves to the application in everything below the root: a list revokes by serial, so a
/// serial must be one, and a version that nobody has defined says nothing that we could hold somebody to.
/// Null, or what is wrong.
const char* check_form(const STACK_OF(X509) * chain) {
  for (int i = 0; i + 1 < sk_X509_num(chain); ++i) {
    const X509* certificate = sk_X509_value(chain, i);
    if (X509_get_version(certificate) != X509_VERSION_3) return "a certificate is not of version 3";
    if (!is_good_serial(X509_get0_serialNumber(certificate)))
      return "a serial number is not positive, or has more than 20 bytes";
  }
  return nullptr;
}

bool all_keys_allowed(const STACK_OF(X509) * chain) {
  for (int i = 0; i < sk_X509_num(chain); ++i)
    if (!PublicKey::from_openssl(X509_get0_pubkey(sk_X509_value(chain, i)))) return false;
  return true;
}

/// What the library verified, without the root.
Checked<std::vector<Certificate>> path_of(const STACK_OF(X509) * chain) {
  std::vector<Certificate> path;
  for (int i = 0; i + 1 < sk_X509_num(chain); ++i) {
    auto one = Certificate::from_openssl(sk_X509_value(chain, i));
    if (!one) return tl::unexpected(Refusal::bad_chain);
    path.push_back(std::move(*one));
  }
  return path;
}

/// Why one certificate is refused, as far as the list of its issuer says.
Checked<void> ask_list(const TrustAnchor& anchor, const Certificate& certificate, const Certificate& issuer,
                       base::WallTime now, std::string* detail) {
  if (anchor.revoked.revokes(certificate, issuer))
    return refuse(Refusal::certificate_revoked, detail,
                  "the certificate of " + certificate.subject_text() + " is revoked");
  if (anchor.crl == CrlRules::lenient) return {};
  const RevocationFacts* list = anchor.revoked.of(issuer);
  if (list == nullptr)
    return refuse(Refusal::crl_stale, detail, "there is no revocation list of " + issuer.subject_text());
  if (list->next_update <= now)
    return refuse(Refusal::crl_stale, detail, "the revocation list of " + list->issuer + " is over");
  return {};
}

std::string describe(const X509_STORE_CTX* context, int error) {
  return std::string(X509_verify_cert_error_string(error)) + " at depth " +
         std::to_string(X509_STORE_CTX_get_error_depth(context));
}

}  // namespace

Checked<std::vector<Certificate>> verify_path(const TrustAnchor& anchor, const Certificate& leaf,
                                              std::span<const Certificate> intermediates,
                                              ChainPurpose purpose, base::WallTime now, std::string* detail) {
  ERR_clear_error();
  const OwnedStore store(X509_STORE_new());
  const OwnedStoreContext context(X509_STORE_CTX_new());
  const OwnedCertificates untrusted = stack_of(intermediates);
  if (store == nullptr || context == nullptr ||
      X509_STORE_add_cert(store.get(), anchor.root.openssl()) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), leaf.openssl(), untrusted.get()) != 1)
    return refuse(Refusal::bad_chain, detail, drain_errors());
  set_rules(X509_STORE_CTX_get0_param(context.get()), anchor.legacy, purpose, now);
  const bool verified = X509_verify_cert(context.get()) == 1;
  const int error = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  // Both are asked: a verdict without X509_V_OK beside it is not trusted.
  if (!verified || error != X509_V_OK)
    return refuse(refusal_of(error), detail, describe(context.get(), error));
  if (const char* odd = check_form(X509_STORE_CTX_get0_chain(context.get())); odd != nullptr)
    return refuse(Refusal::bad_chain, detail, odd);
  if (!all_keys_allowed(X509_STORE_CTX_get0_chain(context.get())))
    return refuse(Refusal::bad_chain, detail, "a key in the chain is of a type that is not allowed");
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  if (const char* wrong = check_leaf(chain, purpose, anchor.legacy); wrong != nullptr)
    return refuse(Refusal::wrong_usage, detail, wrong);
  FAIRLEAD_TRY(std::vector<Certificate> path, path_of(chain));
  FAIRLEAD_TRY(check_revocation(anchor, path, now, detail));
  return path;
}

Checked<void> verify_chain(const TrustAnchor& anchor, const Certificate& leaf,
                           std::span<const Certificate> intermediates, ChainPurpose purpose,
                           base::WallTime now, std::string* detail) {
  FAIRLEAD_TRY(verify_path(anchor, leaf, intermediates, purpose, now, detail));
  return {};
}

Checked<void> check_revocation(const TrustAnchor& anchor, std::span<const Certificate> path,
                               base::WallTime now, std::string* detail) {
  for (size_t i = 0; i < path.size(); ++i) {
    const Certificate& issuer = i + 1 < path.size() ? path[i + 1] : anchor.root;
    FAIRLEAD_TRY(ask_list(anchor, path[i], issuer, now, detail));
  }
  return {};
}

}  // namespace fairlead::crypto
