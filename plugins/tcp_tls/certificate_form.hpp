/// What OpenSSL's path validation leaves to the application, for every certificate of a verified path.
#pragma once
#include <openssl/x509_vfy.h>

namespace tcp_tls {

/// A certificate that will not do, and what about it, for people: "has ...". Both null when all will do.
struct Fault {
  X509* certificate = nullptr;
  const char* what = nullptr;
};

/// Judges everything below the anchor, and the leaf in any case: version 3; a positive serial of at most 20
/// bytes (RFC 5280 section 4.1.2.2); a key on P-256 or P-384 by name, Ed25519, or RSA with 2048 to 4096 bits.
Fault find_fault(const STACK_OF(X509) * path);

}  // namespace tcp_tls
