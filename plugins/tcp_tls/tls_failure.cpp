#include "tls_failure.hpp"

#include <openssl/sslerr.h>
#include <openssl/tls1.h>

namespace tcp_tls {
namespace {

/// Alerts that are a verdict on our certificate or our possession of its key (RFC 8446 section 6.2).
bool is_verdict(int alert) {
  switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_DECRYPT_ERROR:
    case TLS13_AD_CERTIFICATE_REQUIRED:
      return true;
    default:
      return false;
  }
}

TlsFailure explain_alert(int alert) {
  const std::string name = SSL_alert_desc_string_long(alert);
  if (is_verdict(alert))
    return {FAIRLEAD_E_PEER_AUTH, "the peer refused our certificate: " + name, TlsFailure::Judge::kPeer};
  return {FAIRLEAD_E_PROTOCOL, "the peer ended TLS with the alert: " + name, TlsFailure::Judge::kPeer};
}

}  // namespace

TlsFailure explain_failure(const Verdict& verdict) {
  const unsigned long code = ERR_peek_error();
  const int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
  const std::string words = take_reason();
  if (reason >= SSL_AD_REASON_OFFSET) return explain_alert(reason - SSL_AD_REASON_OFFSET);
  switch (reason) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return {FAIRLEAD_E_PEER_AUTH, verdict.refusal.empty() ? words : verdict.refusal,
              TlsFailure::Judge::kUs};
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return {FAIRLEAD_E_PEER_AUTH, "the peer presented no certificate", TlsFailure::Judge::kUs};
    case SSL_R_BAD_SIGNATURE:
    case SSL_R_CA_KEY_TOO_SMALL:
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_MD_TOO_WEAK:
    case SSL_R_WRONG_CERTIFICATE_TYPE:
      return {FAIRLEAD_E_PEER_AUTH, "the peer's certificate does not serve: " + words,
              TlsFailure::Judge::kUs};
    default:
      return {FAIRLEAD_E_PROTOCOL, "TLS: " + words, TlsFailure::Judge::kUs};
  }
}

}  // namespace tcp_tls
