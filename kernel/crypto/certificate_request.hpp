/// Certificate requests (PKCS#10): how a site asks for a certificate without its key leaving. Of a request
/// only the public key is ever taken. Used by provision.
#pragma once
#include <string>

#include "crypto/key.hpp"

namespace fairlead::crypto {

/// No request is larger than this many bytes; one with RSA 4096 has about 1,700.
inline constexpr size_t kLargestCertificateRequest = 16 * 1024;

/// Whom a request is for. The subject is the CN of `name`, the only alternative name is `uri`.
struct RequestedIdentity {
  std::string name;  ///< of the participant
  std::string uri;   ///< fairlead://PROJECT/...
};

/// A request in PEM, signed by `key`, which proves that whoever asks has it. failed.
base::Result<std::string> make_certificate_request(const RequestedIdentity& who, const PrivateKey& key);

/// The public key of a request that is for exactly `expected`, asks for nothing else and is signed by its own
/// key. Nothing else of it may be used. Fails with refused; `reason` is request_too_large, request_malformed
/// (not one request in PEM), request_bad_key (a type that is not allowed), request_bad_signature (no proof of
/// possession), request_wrong_name (another subject or alternative name), request_asks_more (further
/// extensions or attributes, such as CA:TRUE). Thread rule: any thread.
base::Result<PublicKey> read_certificate_request(base::ByteView pem, const RequestedIdentity& expected);

}  // namespace fairlead::crypto
