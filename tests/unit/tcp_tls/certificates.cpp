#include "certificates.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace {

Key new_key() { return Key(EVP_EC_gen("P-256")); }

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  EXPECT_EQ(write(bio.get()), 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

void add(X509* certificate, X509* issuer, int nid, const std::string& value) {
  if (value.empty()) return;
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate unsigned_certificate(const std::string& name, EVP_PKEY* key, long from, long until) {
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), (serial >> 1) | 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_pubkey(made.get(), key);
  return made;
}

}  // namespace

Authority::Authority(const std::string& name) : key_(new_key()) {
  certificate_ = unsigned_certificate(name, key_.get(), -7200, 7200);
  X509* self = certificate_.get();
  X509_set_issuer_name(self, X509_get_subject_name(self));
  add(self, self, NID_basic_constraints, "critical,CA:TRUE");
  add(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  add(self, self, NID_subject_key_identifier, "hash");
  X509_sign(self, key_.get(), EVP_sha256());
  pem_ = pem_of([self](BIO* bio) { return PEM_write_bio_X509(bio, self); });
  ERR_clear_error();
}

Identity Authority::issue(const Leaf& leaf) const {
  const Key key = new_key();
  const Certificate made = unsigned_certificate(leaf.common_name, key.get(), leaf.from, leaf.until);
  X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
  add(made.get(), certificate_.get(), NID_basic_constraints, leaf.constraints);
  add(made.get(), certificate_.get(), NID_subject_key_identifier, "hash");
  add(made.get(), certificate_.get(), NID_authority_key_identifier, "keyid");
  add(made.get(), certificate_.get(), NID_key_usage, leaf.key_usage);
  add(made.get(), certificate_.get(), NID_ext_key_usage, leaf.purposes);
  add(made.get(), certificate_.get(), NID_subject_alt_name, leaf.names);
  X509_sign(made.get(), key_.get(), EVP_sha256());
  Identity identity;
  identity.chain = pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, made.get()); });
  identity.key = pem_of([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  ERR_clear_error();
  return identity;
}

std::string Authority::revocation_list(const Identity* revoked) const {
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> list(X509_CRL_new(), &X509_CRL_free);
  X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate_.get()));
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> from(X509_gmtime_adj(nullptr, -60),
                                                                   &ASN1_TIME_free);
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> until(X509_gmtime_adj(nullptr, 3600),
                                                                    &ASN1_TIME_free);
  X509_CRL_set1_lastUpdate(list.get(), from.get());
  X509_CRL_set1_nextUpdate(list.get(), until.get());
  if (revoked != nullptr) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
        BIO_new_mem_buf(revoked->chain.data(), static_cast<int>(revoked->chain.size())), &BIO_free_all);
    const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get()));
    X509_REVOKED_set_revocationDate(entry, from.get());
    X509_CRL_add0_revoked(list.get(), entry);
  }
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate_.get(), nullptr, nullptr, list.get(), 0);
  for (const auto& [nid, value] :
       {std::pair(NID_authority_key_identifier, "keyid"), std::pair(NID_crl_number, "1")}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    if (extension == nullptr) continue;
    X509_CRL_add_ext(list.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_CRL_sort(list.get());
  X509_CRL_sign(list.get(), key_.get(), EVP_sha256());
  std::string pem = pem_of([&](BIO* bio) { return PEM_write_bio_X509_CRL(bio, list.get()); });
  ERR_clear_error();
  return pem;
}
