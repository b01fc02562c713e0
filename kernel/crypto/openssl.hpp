/// Owned OpenSSL objects: each one is wrapped the line it is born. Used inside crypto/ only.
#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::crypto {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, FreeWith<Free>>;

using OwnedBio = Owned<BIO, &BIO_free_all>;
using OwnedPkey = Owned<EVP_PKEY, &EVP_PKEY_free>;
using OwnedPkeyContext = Owned<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using OwnedMdContext = Owned<EVP_MD_CTX, &EVP_MD_CTX_free>;
using OwnedCipherContext = Owned<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;
using OwnedX509 = Owned<X509, &X509_free>;
using OwnedStore = Owned<X509_STORE, &X509_STORE_free>;
using OwnedSslContext = Owned<SSL_CTX, &SSL_CTX_free>;
using OwnedSsl = Owned<SSL, &SSL_free>;

/// Takes everything out of this thread's OpenSSL error queue as one text ("reason; reason"), leaving it empty.
std::string drain_errors();
/// drain_errors() behind what was tried.
tl::unexpected<base::Error> openssl_failure(base::ErrorCode code, std::string tried);

}  // namespace fairlead::crypto
