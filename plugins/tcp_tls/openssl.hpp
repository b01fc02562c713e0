/// OpenSSL objects with owners, and the rule for its error queue. Used by every file here that calls OpenSSL.
#pragma once
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace tcp_tls {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <class T, auto Free>
using OwnedBy = std::unique_ptr<T, FreeWith<Free>>;

using OwnedContext = OwnedBy<SSL_CTX, &SSL_CTX_free>;
using OwnedSsl = OwnedBy<SSL, &SSL_free>;
using OwnedCertificate = OwnedBy<X509, &X509_free>;
using OwnedRevocations = OwnedBy<X509_CRL, &X509_CRL_free>;
using OwnedKey = OwnedBy<EVP_PKEY, &EVP_PKEY_free>;
using OwnedBio = OwnedBy<BIO, &BIO_free_all>;
using OwnedBioMethod = OwnedBy<BIO_METHOD, &BIO_meth_free>;

/// Leaves the thread's error queue empty: it is shared with the kernel and with other plugins, which would
/// take a left-over entry for their own failure.
class CleanErrorQueue {
 public:
  CleanErrorQueue() noexcept { ERR_clear_error(); }
  CleanErrorQueue(const CleanErrorQueue&) = delete;
  CleanErrorQueue& operator=(const CleanErrorQueue&) = delete;
  ~CleanErrorQueue() { ERR_clear_error(); }
};

/// The reason of the oldest queued error, for people; empties the queue.
std::string take_reason();

}  // namespace tcp_tls
