#include "support/reference_certificates.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <map>

#include "base/assert.hpp"
#include "build_paths.hpp"
#include "support/given_project.hpp"

namespace fairlead::support {
namespace {

constexpr long kLife = 360L * 24 * 3600;  // seconds

using OwnedBio = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(const OwnedBio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

void add_name(X509* certificate, int nid, const std::string& value) {
  if (value.empty()) return;
  const auto* bytes = static_cast<const unsigned char*>(static_cast<const void*>(value.data()));
  FAIRLEAD_ASSERT(X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), nid, V_ASN1_UTF8STRING,
                                             bytes, static_cast<int>(value.size()), -1, 0) == 1);
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  if (value.empty()) return;
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  FAIRLEAD_ASSERT(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

void set_serial(X509* certificate) {
  std::array<unsigned char, 20> bytes{};
  FAIRLEAD_ASSERT(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x01);
  BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
  FAIRLEAD_ASSERT(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr);
  BN_free(number);
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ",") + name;
  return all;
}

OwnedCertificate draft(const ReferenceCertificate& about, const OwnedKey& key) {
  OwnedCertificate certificate(X509_new(), &X509_free);
  FAIRLEAD_ASSERT(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  set_serial(certificate.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kLife);
  FAIRLEAD_ASSERT(X509_set_pubkey(certificate.get(), key.get()) == 1);
  add_name(certificate.get(), NID_commonName, about.common_name);
  add_name(certificate.get(), NID_organizationName, about.org);
  add_name(certificate.get(), NID_pkcs9_unstructuredName, about.role);
  return certificate;
}

void sign(X509* certificate, const OwnedKey& key) {
  FAIRLEAD_ASSERT(X509_sign(certificate, key.get(), EVP_sha256()) > 0);
}

/// Made once for a build tree. Two processes that make the same one at once keep each its own.
OwnedKey kept_key(int number) {
  const std::filesystem::path file =
      std::filesystem::path(FAIRLEAD_BINARY_DIR) / "tests/reference_keys" / (std::to_string(number) + ".pem");
  if (std::filesystem::exists(file)) return read_key(read_text(file));
  OwnedKey key(EVP_RSA_gen(2048), &EVP_PKEY_free);
  FAIRLEAD_ASSERT(key != nullptr);
  std::filesystem::create_directories(file.parent_path());
  const std::filesystem::path fresh = file.string() + "." + std::to_string(::getpid());
  write_text(fresh, pkcs1_pem(key));
  std::filesystem::rename(fresh, file);
  return key;
}

}  // namespace

OwnedKey reference_key(int number) {
  static std::map<int, OwnedKey> known;
  OwnedKey& key = known[number];
  if (!key) key = kept_key(number);
  return key;
}

std::string pkcs1_pem(const OwnedKey& key) {
  const OwnedBio bio(BIO_new(BIO_s_mem()), &BIO_free);
  FAIRLEAD_ASSERT(
      PEM_write_bio_PrivateKey_traditional(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio);
}

std::string certificate_pem(const OwnedCertificate& certificate) {
  const OwnedBio bio(BIO_new(BIO_s_mem()), &BIO_free);
  FAIRLEAD_ASSERT(PEM_write_bio_X509(bio.get(), certificate.get()) == 1);
  return text_of(bio);
}

OwnedKey read_key(const std::string& pem) {
  const OwnedBio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  OwnedKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  FAIRLEAD_ASSERT(key != nullptr);
  return key;
}

OwnedCertificate read_certificate(const std::string& pem) {
  const OwnedBio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  OwnedCertificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
  FAIRLEAD_ASSERT(certificate != nullptr);
  return certificate;
}

OwnedCertificate reference_root(const ReferenceCertificate& about, const OwnedKey& key) {
  OwnedCertificate root = draft(about, key);
  FAIRLEAD_ASSERT(X509_set_issuer_name(root.get(), X509_get_subject_name(root.get())) == 1);
  add_extension(root.get(), root.get(), NID_subject_key_identifier, "hash");
  add_extension(root.get(), root.get(), NID_authority_key_identifier, "keyid");
  add_extension(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(root.get(), root.get(), NID_key_usage, "critical,digitalSignature,keyCertSign,cRLSign");
  add_extension(root.get(), root.get(), NID_subject_alt_name, joined(about.names));
  sign(root.get(), key);
  return root;
}

OwnedCertificate reference_leaf(const ReferenceCertificate& about, const OwnedKey& key,
                                const OwnedCertificate& root, const OwnedKey& root_key) {
  OwnedCertificate leaf = draft(about, key);
  FAIRLEAD_ASSERT(X509_set_issuer_name(leaf.get(), X509_get_subject_name(root.get())) == 1);
  X509_set1_notAfter(leaf.get(), X509_get0_notAfter(root.get()));
  add_extension(leaf.get(), root.get(), NID_subject_key_identifier, "hash");
  add_extension(leaf.get(), root.get(), NID_authority_key_identifier, "keyid");
  add_extension(leaf.get(), root.get(), NID_subject_alt_name, joined(about.names));
  add_extension(leaf.get(), root.get(), NID_ext_key_usage, about.more);
  sign(leaf.get(), root_key);
  return leaf;
}

}  // namespace fairlead::support
