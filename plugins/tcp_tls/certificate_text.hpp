/// Certificates in words, for the texts of refusals. What a stranger wrote into a certificate is made
/// printable.
#pragma once
#include <string>

#include "openssl.hpp"

namespace tcp_tls {

/// Why path validation refused, naming the certificate at fault.
std::string describe_refusal(X509_STORE_CTX& path, const std::string& expected_name);
/// "certificate of SUBJECT" and what about it.
std::string describe_fault(const X509& certificate, const char* what);

}  // namespace tcp_tls
