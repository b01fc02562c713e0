/// Certificates for tests, made when they are asked for: an authority and what it issues.
#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

struct FreeKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

/// What a leaf says about itself. Times are seconds from now; empty texts leave the extension out.
struct Leaf {
  std::string common_name = "someone";
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  std::string purposes = "serverAuth,clientAuth";
  std::string key_usage = "critical,digitalSignature";
  std::string constraints = "critical,CA:FALSE";
  long from = -3600;
  long until = 3600;
};

/// PEM texts as the options chain and key want them.
struct Identity {
  std::string chain, key;
};

class Authority {
 public:
  explicit Authority(const std::string& name);
  Identity issue(const Leaf& leaf) const;
  /// A revocation list with the certificate of `revoked` on it, or an empty one.
  std::string revocation_list(const Identity* revoked = nullptr) const;
  const std::string& pem() const { return pem_; }

 private:
  Key key_;
  Certificate certificate_;
  std::string pem_;
};
