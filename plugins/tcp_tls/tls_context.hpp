/// The two OpenSSL contexts of an instance, made from PEM texts: one to listen with, one to dial with.
#pragma once
#include <fairlead/transport.hpp>

#include "openssl.hpp"
#include "settings.hpp"

namespace tcp_tls {

/// Null where the credentials for that side were not given, or nothing is encrypted.
struct TlsContexts {
  OwnedContext listening;
  OwnedContext dialling;
};

/// Reads ca, chain, key and crl. The key's bytes are read in place, never copied. Inside create() and
/// reconfigure() only. Throws Error(E_CREDENTIAL) naming the option.
TlsContexts make_contexts(const fairlead::transport::Config& config, const Settings& settings);

}  // namespace tcp_tls
