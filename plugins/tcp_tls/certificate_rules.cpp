#include "certificate_rules.hpp"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "address.hpp"
#include "certificate_form.hpp"
#include "certificate_text.hpp"

namespace tcp_tls {
namespace {

constexpr int kLongestPath = 3;

std::vector<uint8_t> der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size <= 0) return {};
  std::vector<uint8_t> der(bytes, bytes + size);
  OPENSSL_free(bytes);
  return der;
}

/// What RFC 5280 leaves to the application. The extension getters answer "all ones" for an absent extension,
/// so presence is asked separately.
int check_leaf(X509* leaf, bool peer_is_client, CertificateRules rules) {
  const uint32_t flags = X509_get_extension_flags(leaf);
  if ((flags & EXFLAG_CA) != 0) return X509_V_ERR_INVALID_CA;
  const bool strict = rules == CertificateRules::kStrict;
  if (strict && (flags & EXFLAG_XKUSAGE) == 0) return X509_V_ERR_INVALID_PURPOSE;
  const uint32_t purpose = peer_is_client ? XKU_SSL_CLIENT : XKU_SSL_SERVER;
  if ((X509_get_extended_key_usage(leaf) & purpose) == 0) return X509_V_ERR_INVALID_PURPOSE;
  if (strict && (flags & EXFLAG_KUSAGE) == 0) return X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE;
  if ((X509_get_key_usage(leaf) & X509v3_KU_DIGITAL_SIGNATURE) == 0)
    return X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE;
  return X509_V_OK;
}

/// A stale list still revokes; whether it may be stale, and whether an intermediate may be without one, is
/// the operator's policy and judged by the kernel.
int tolerate_lacking_list(int ok, X509_STORE_CTX* path) {
  const int error = X509_STORE_CTX_get_error(path);
  const bool lacks = error == X509_V_ERR_CRL_HAS_EXPIRED || error == X509_V_ERR_UNABLE_TO_GET_CRL;
  return ok == 1 || lacks ? 1 : 0;
}

/// Our rules, for a path that OpenSSL has verified.
bool keeps_our_rules(X509_STORE_CTX* path, bool peer_is_client, Verdict& verdict) {
  X509* leaf = X509_STORE_CTX_get0_cert(path);
  const int broken = check_leaf(leaf, peer_is_client, verdict.rules);
  X509_STORE_CTX_set_error(path, broken);
  if (broken != X509_V_OK) {
    X509_STORE_CTX_set_current_cert(path, leaf);
    verdict.refusal = describe_refusal(*path, verdict.expected_name);
    return false;
  }
  const Fault fault = find_fault(X509_STORE_CTX_get0_chain(path));
  if (fault.what == nullptr) return true;
  X509_STORE_CTX_set_error(path, X509_V_ERR_CERT_REJECTED);
  verdict.refusal = describe_fault(*fault.certificate, fault.what);
  return false;
}

/// OpenSSL's hook for the whole path validation: theirs first, then ours, then the record of both.
int verify(X509_STORE_CTX* path, void*) noexcept {
  const auto* ssl =
      static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(path, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& verdict = *static_cast<Verdict*>(SSL_get_app_data(ssl));
  try {
    verdict.peer_leaf = der_of(X509_STORE_CTX_get0_cert(path));
    const bool verified = X509_verify_cert(path) == 1;
    // What a signature or an extension left in the queue would hide that the peer's certificate was refused.
    ERR_clear_error();
    if (verified) return keeps_our_rules(path, SSL_is_server(ssl) == 1, verdict) ? 1 : 0;
    verdict.refusal = describe_refusal(*path, verdict.expected_name);
    return 0;
  } catch (const std::bad_alloc&) {
    X509_STORE_CTX_set_error(path, X509_V_ERR_OUT_OF_MEM);
    return 0;
  }
}

/// Called on the dialling side only when the listener asked for a certificate.
int note_asked(SSL*, void* verdict) noexcept {
  static_cast<Verdict*>(verdict)->own_certificate_asked = true;
  return 1;
}

}  // namespace

void install_rules(SSL_CTX& context, CertificateRules rules) {
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(&context);
  if (rules == CertificateRules::kStrict) X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_clear_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_depth(parameters, kLongestPath);
  // A wildcard stands for a whole label or for nothing (RFC 9525 section 6.3).
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_STORE_set_verify_cb(SSL_CTX_get_cert_store(&context), &tolerate_lacking_list);
  SSL_CTX_set_cert_verify_callback(&context, &verify, nullptr);
}

void attach_verdict(SSL& ssl, Verdict& verdict) {
  SSL_set_app_data(&ssl, &verdict);
  SSL_set_cert_cb(&ssl, &note_asked, &verdict);
}

void expect_name(SSL& ssl, Verdict& verdict, const std::string& name) {
  verdict.expected_name = name;
  X509_VERIFY_PARAM* parameters = SSL_get0_param(&ssl);
  const bool literal = is_ip_literal(name);
  const int ok = name.empty() ? 0
                 : literal    ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str())
                              : X509_VERIFY_PARAM_set1_host(parameters, name.data(), name.size());
  // Server name indication carries DNS names only (RFC 6066 section 3).
  if (ok != 1 || (!literal && SSL_set_tlsext_host_name(&ssl, name.c_str()) != 1))
    throw fairlead::transport::Error(FAIRLEAD_E_CONFIG, "\"" + name + "\" cannot be the listener's name");
}

}  // namespace tcp_tls
