/// Owned OpenSSL objects: each one is wrapped the line it is born. Used inside crypto/ only.
#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
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

/// The library's stacks and buffers are freed by macros; these give them names that a type can hold.
inline void free_certificates(STACK_OF(X509) * stack) noexcept { sk_X509_pop_free(stack, X509_free); }
inline void free_extensions(STACK_OF(X509_EXTENSION) * stack) noexcept {
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
inline void free_memory(uint8_t* memory) noexcept { OPENSSL_free(memory); }
inline void free_text(char* text) noexcept { OPENSSL_free(text); }

using OwnedBio = Owned<BIO, &BIO_free_all>;
using OwnedPkey = Owned<EVP_PKEY, &EVP_PKEY_free>;
using OwnedPkeyContext = Owned<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using OwnedMdContext = Owned<EVP_MD_CTX, &EVP_MD_CTX_free>;
using OwnedCipherContext = Owned<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;
using OwnedDigest = Owned<EVP_MD, &EVP_MD_free>;
using OwnedCipher = Owned<EVP_CIPHER, &EVP_CIPHER_free>;
using OwnedKdf = Owned<EVP_KDF, &EVP_KDF_free>;
using OwnedKdfContext = Owned<EVP_KDF_CTX, &EVP_KDF_CTX_free>;
using OwnedNumber = Owned<BIGNUM, &BN_free>;
using OwnedPkcs8 = Owned<PKCS8_PRIV_KEY_INFO, &PKCS8_PRIV_KEY_INFO_free>;
using OwnedEncryptedKey = Owned<X509_SIG, &X509_SIG_free>;
using OwnedAlgorithm = Owned<X509_ALGOR, &X509_ALGOR_free>;
using OwnedMemory = Owned<uint8_t, &free_memory>;
using OwnedX509 = Owned<X509, &X509_free>;
using OwnedRequest = Owned<X509_REQ, &X509_REQ_free>;
using OwnedCrl = Owned<X509_CRL, &X509_CRL_free>;
using OwnedCertificates = Owned<STACK_OF(X509), &free_certificates>;
using OwnedExtension = Owned<X509_EXTENSION, &X509_EXTENSION_free>;
using OwnedExtensions = Owned<STACK_OF(X509_EXTENSION), &free_extensions>;
using OwnedNames = Owned<GENERAL_NAMES, &GENERAL_NAMES_free>;
using OwnedName = Owned<GENERAL_NAME, &GENERAL_NAME_free>;
using OwnedUsages = Owned<EXTENDED_KEY_USAGE, &EXTENDED_KEY_USAGE_free>;
using OwnedObject = Owned<ASN1_OBJECT, &ASN1_OBJECT_free>;
using OwnedString = Owned<ASN1_STRING, &ASN1_STRING_free>;
using OwnedConstraints = Owned<BASIC_CONSTRAINTS, &BASIC_CONSTRAINTS_free>;
using OwnedAuthorityKeyId = Owned<AUTHORITY_KEYID, &AUTHORITY_KEYID_free>;
using OwnedStore = Owned<X509_STORE, &X509_STORE_free>;
using OwnedStoreContext = Owned<X509_STORE_CTX, &X509_STORE_CTX_free>;
using OwnedSslContext = Owned<SSL_CTX, &SSL_CTX_free>;
using OwnedSsl = Owned<SSL, &SSL_free>;

/// Takes everything out of this thread's OpenSSL error queue as one text ("reason; reason"), leaving it
/// empty.
std::string drain_errors();
/// drain_errors() behind what was tried.
tl::unexpected<base::Error> openssl_failure(base::ErrorCode code, std::string tried);

/// Sizes of the library are int or long; ours never come near that.
int narrow(size_t size) noexcept;
/// A memory BIO that reads `bytes` in place; they must outlive it.
OwnedBio reading(base::ByteView bytes);
/// Adds a name of this kind (GEN_DNS, GEN_URI, GEN_IPADD) to `names`; false without memory.
bool add_name(GENERAL_NAMES* names, int kind, base::ByteView value);
/// What a memory BIO holds, not copied.
base::ByteView written(BIO* bio) noexcept;
/// DER of any object that has an i2d function.
template <class T>
base::Bytes to_der(int (*encode)(const T*, uint8_t**), const T* object) {
  const int size = encode(object, nullptr);
  if (size <= 0) return {};
  base::Bytes der(static_cast<size_t>(size));
  uint8_t* at = der.data();
  return encode(object, &at) == size ? der : base::Bytes{};
}

}  // namespace fairlead::crypto
