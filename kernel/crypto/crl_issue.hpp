/// Issuing certificate revocation lists: the counterpart of crl.hpp, which reads them. Used by provision.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/certificate.hpp"

namespace fairlead::crypto {

/// Why a certificate was revoked (RFC 5280 section 5.3.1), as far as a person decides it.
enum class RevocationReason { unspecified, key_compromise, superseded, cessation_of_operation };

/// The name in RFC 5280, such as "keyCompromise".
const char* name(RevocationReason reason) noexcept;
/// Exact letters. Fails with bad_arguments and the names there are.
base::Result<RevocationReason> parse_revocation_reason(std::string_view text);

/// One entry of a list.
struct RevokedSerial {
  base::Bytes serial;  ///< as Certificate::serial() gives it
  base::WallTime at;   ///< when it was revoked
  RevocationReason reason = RevocationReason::unspecified;
};

/// What to put into a list. Times are in whole seconds there; parts of one are cut off.
struct RevocationListProfile {
  uint64_t number = 1;  ///< grows with every list of an issuer
  base::WallTime this_update, next_update;
  std::vector<RevokedSerial> revoked;  ///< in any order, each serial once
};

/// A complete list of version 2 with number and authority key identifier, signed with `key`, which must be
/// that of `issuer`. Gives one PEM block that RevocationLists::read() takes from `this_update` on. Fails with
/// failed when the library cannot make it. Thread rule: any thread.
base::Result<std::string> issue_revocation_list(const RevocationListProfile& profile,
                                                const Certificate& issuer, const PrivateKey& key);

}  // namespace fairlead::crypto
