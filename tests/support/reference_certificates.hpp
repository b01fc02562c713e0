/// Keys and certificates as the provisioner of the reference makes them, with OpenSSL and nothing of ours.
#pragma once
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace fairlead::support {

using OwnedKey = std::shared_ptr<EVP_PKEY>;  // owners: who signs with it
using OwnedCertificate = std::shared_ptr<X509>;

/// RSA with 2048 bits. Each number names one key, which is kept in the build tree: making one takes time.
OwnedKey reference_key(int number);
/// "BEGIN RSA PRIVATE KEY", not encrypted.
std::string pkcs1_pem(const OwnedKey& key);
std::string certificate_pem(const OwnedCertificate& certificate);
OwnedKey read_key(const std::string& pem);
OwnedCertificate read_certificate(const std::string& pem);

/// What goes into one certificate.
struct ReferenceCertificate {
  std::string common_name{}, org{}, role{};
  std::vector<std::string> names{};  ///< "DNS:..." and "IP:..."
  std::string more{};                ///< extendedKeyUsage, which the reference leaves out; empty: none
};
/// CN alone; SKI, AKI, basicConstraints and keyUsage critical, SAN.
OwnedCertificate reference_root(const ReferenceCertificate& about, const OwnedKey& key);
/// CN, O and unstructuredName; SKI, AKI, SAN; neither key usage nor basic constraints.
OwnedCertificate reference_leaf(const ReferenceCertificate& about, const OwnedKey& key,
                                const OwnedCertificate& root, const OwnedKey& root_key);

}  // namespace fairlead::support
