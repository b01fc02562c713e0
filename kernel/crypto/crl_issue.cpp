#include "crypto/crl_issue.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;
using OwnedRevoked = Owned<X509_REVOKED, &X509_REVOKED_free>;
using OwnedTime = Owned<ASN1_TIME, &ASN1_TIME_free>;
using OwnedInteger = Owned<ASN1_INTEGER, &ASN1_INTEGER_free>;
using OwnedReason = Owned<ASN1_ENUMERATED, &ASN1_ENUMERATED_free>;

struct ReasonRow {
  RevocationReason reason;
  const char* name;
  int code;  ///< of CRLReason
};
constexpr std::array kReasons = {
    ReasonRow{RevocationReason::unspecified, "unspecified", CRL_REASON_UNSPECIFIED},
    ReasonRow{RevocationReason::key_compromise, "keyCompromise", CRL_REASON_KEY_COMPROMISE},
    ReasonRow{RevocationReason::superseded, "superseded", CRL_REASON_SUPERSEDED},
    ReasonRow{RevocationReason::cessation_of_operation, "cessationOfOperation",
              CRL_REASON_CESSATION_OF_OPERATION}};

const ReasonRow& row_of(RevocationReason reason) noexcept {
  const auto found = std::ranges::find(kReasons, reason, &ReasonRow::reason);
  return found != kReasons.end() ? *found : kReasons.front();
}

OwnedTime time_of(base::WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return OwnedTime(ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(seconds)));
}

bool set_fields(X509_CRL* list, const RevocationListProfile& profile, const Certificate& issuer) {
  const OwnedTime from = time_of(profile.this_update), until = time_of(profile.next_update);
  return from != nullptr && until != nullptr && X509_CRL_set_version(list, X509_CRL_VERSION_2) == 1 &&
         X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.openssl())) == 1 &&
         X509_CRL_set1_lastUpdate(list, from.get()) == 1 && X509_CRL_set1_nextUpdate(list, until.get()) == 1;
}

bool add_number(X509_CRL* list, uint64_t number) {
  const OwnedInteger value(ASN1_INTEGER_new());
  return value != nullptr && ASN1_INTEGER_set_uint64(value.get(), number) == 1 &&
         X509_CRL_add1_ext_i2d(list, NID_crl_number, value.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

/// Which key of the issuer signs; a root of the reference has no identifier to point to.
bool add_authority(X509_CRL* list, const Certificate& issuer) {
  const ASN1_OCTET_STRING* identifier = X509_get0_subject_key_id(issuer.openssl());
  if (identifier == nullptr) return true;
  const OwnedAuthorityKeyId authority(AUTHORITY_KEYID_new());
  if (authority == nullptr) return false;
  authority->keyid = ASN1_OCTET_STRING_dup(identifier);
  return authority->keyid != nullptr && X509_CRL_add1_ext_i2d(list, NID_authority_key_identifier,
                                                              authority.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

/// RFC 5280 section 5.3.1: "unspecified" is said by saying nothing.
bool add_reason(X509_REVOKED* entry, RevocationReason reason) {
  if (reason == RevocationReason::unspecified) return true;
  const OwnedReason code(ASN1_ENUMERATED_new());
  return code != nullptr && ASN1_ENUMERATED_set(code.get(), row_of(reason).code) == 1 &&
         X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, code.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool add_entry(X509_CRL* list, const RevokedSerial& revoked) {
  OwnedRevoked entry(X509_REVOKED_new());
  const OwnedNumber number(BN_bin2bn(revoked.serial.data(), narrow(revoked.serial.size()), nullptr));
  const OwnedInteger serial(number != nullptr ? BN_to_ASN1_INTEGER(number.get(), nullptr) : nullptr);
  const OwnedTime at = time_of(revoked.at);
  const bool good = entry != nullptr && serial != nullptr && at != nullptr &&
                    X509_REVOKED_set_serialNumber(entry.get(), serial.get()) == 1 &&
                    X509_REVOKED_set_revocationDate(entry.get(), at.get()) == 1 &&
                    add_reason(entry.get(), revoked.reason) && X509_CRL_add0_revoked(list, entry.get()) == 1;
  if (good) static_cast<void>(entry.release());  // now part of `list`
  return good;
}

bool add_entries(X509_CRL* list, const std::vector<RevokedSerial>& revoked) {
  const bool good =
      std::ranges::all_of(revoked, [&](const RevokedSerial& one) { return add_entry(list, one); });
  return good && X509_CRL_sort(list) == 1;
}

const EVP_MD* digest_for(KeyType type) noexcept {
  if (type == KeyType::ed25519) return nullptr;
  return type == KeyType::p384 ? EVP_sha384() : EVP_sha256();
}

}  // namespace

const char* name(RevocationReason reason) noexcept { return row_of(reason).name; }

base::Result<RevocationReason> parse_revocation_reason(std::string_view text) {
  std::string names;
  for (const ReasonRow& row : kReasons) {
    if (text == row.name) return row.reason;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  return base::fail(ErrorCode::bad_arguments, "\"" + std::string(text) + "\" is no reason of a revocation",
                    "use one of " + names);
}

base::Result<std::string> issue_revocation_list(const RevocationListProfile& profile,
                                                const Certificate& issuer, const PrivateKey& key) {
  ERR_clear_error();
  const OwnedCrl list(X509_CRL_new());
  const OwnedBio text(BIO_new(BIO_s_mem()));
  const bool good = list != nullptr && text != nullptr && set_fields(list.get(), profile, issuer) &&
                    add_authority(list.get(), issuer) && add_number(list.get(), profile.number) &&
                    add_entries(list.get(), profile.revoked) &&
                    X509_CRL_sign(list.get(), key.openssl(), digest_for(key.type())) > 0 &&
                    PEM_write_bio_X509_CRL(text.get(), list.get()) == 1;
  if (!good) return openssl_failure(ErrorCode::failed, "cannot issue a revocation list");
  return base::to_text(written(text.get()));
}

}  // namespace fairlead::crypto
