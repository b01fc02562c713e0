#include "support/revocation_list.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "kit/manifest.hpp"
#include "support/given_project.hpp"

namespace fairlead::support {
namespace {

using OwnedList = std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)>;
using OwnedTime = std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)>;
using OwnedInteger = std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)>;
using OwnedBio = std::unique_ptr<BIO, decltype(&BIO_free)>;

void demand(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "cannot make a revocation list: %s\n", what);
  std::abort();
}

OwnedTime time_of(base::WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(seconds)), &ASN1_TIME_free};
}

void add_number(X509_CRL* list, long number) {
  const OwnedInteger value(ASN1_INTEGER_new(), &ASN1_INTEGER_free);
  demand(ASN1_INTEGER_set(value.get(), number) == 1, "number");
  demand(X509_CRL_add1_ext_i2d(list, NID_crl_number, value.get(), 0, 0) == 1, "number");
}

void add_entry(X509_CRL* list, const crypto::Certificate& certificate, const ASN1_TIME* when) {
  X509_REVOKED* entry = X509_REVOKED_new();
  demand(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.openssl())) == 1, "serial");
  demand(X509_REVOKED_set_revocationDate(entry, const_cast<ASN1_TIME*>(when)) == 1, "date");
  demand(X509_CRL_add0_revoked(list, entry) == 1, "entry");
}

OwnedList make_list(const crypto::Certificate& issuer, const crypto::PrivateKey& key,
                    const ListProfile& profile) {
  OwnedList list(X509_CRL_new(), &X509_CRL_free);
  const OwnedTime from = time_of(profile.this_update), until = time_of(profile.next_update);
  demand(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1 &&
             X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.openssl())) == 1 &&
             X509_CRL_set1_lastUpdate(list.get(), from.get()) == 1 &&
             X509_CRL_set1_nextUpdate(list.get(), until.get()) == 1,
         "fields");
  add_number(list.get(), profile.number);
  for (const crypto::Certificate& one : profile.revoked) add_entry(list.get(), one, from.get());
  X509_CRL_sort(list.get());
  if (profile.change) profile.change(list.get());
  const EVP_MD* digest = key.type() == crypto::KeyType::ed25519 ? nullptr : EVP_sha256();
  demand(X509_CRL_sign(list.get(), key.openssl(), digest) > 0, "signature");
  return list;
}

crypto::Certificate first_certificate(const std::filesystem::path& file) {
  const auto found = crypto::read_pem_certificates(base::as_bytes(read_text(file)));
  demand(found.has_value() && !found->empty(), file.c_str());
  return found->front();
}

}  // namespace

base::Bytes revocation_list(const crypto::Certificate& issuer, const crypto::PrivateKey& key,
                            const ListProfile& profile) {
  const OwnedList list = make_list(issuer, key, profile);
  uint8_t* bytes = nullptr;
  const int size = i2d_X509_CRL(list.get(), &bytes);
  demand(size > 0, "encoding");
  base::Bytes der(bytes, bytes + size);
  OPENSSL_free(bytes);
  return der;
}

std::string pem_revocation_list(const crypto::Certificate& issuer, const crypto::PrivateKey& key,
                                const ListProfile& profile) {
  const OwnedList list = make_list(issuer, key, profile);
  const OwnedBio bio(BIO_new(BIO_s_mem()), &BIO_free);
  demand(PEM_write_bio_X509_CRL(bio.get(), list.get()) == 1, "PEM");
  const char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<size_t>(size)};
}

std::string project_revocation_list(const std::filesystem::path& workspace, long number,
                                    const std::vector<std::filesystem::path>& revoked_kits,
                                    std::chrono::minutes life) {
  std::vector<crypto::Certificate> revoked;
  for (const std::filesystem::path& kit : revoked_kits) {
    const bool is_server = std::filesystem::exists(kit / "startup" / "server.crt");
    revoked.push_back(first_certificate(kit / "startup" / (is_server ? "server.crt" : "client.crt")));
  }
  return project_revocation_list_of(workspace, number, revoked, life);
}

std::string project_revocation_list_of(const std::filesystem::path& workspace, long number,
                                       const std::vector<crypto::Certificate>& revoked,
                                       std::chrono::minutes life) {
  const auto key =
      crypto::PrivateKey::from_pem(base::as_bytes(read_text(workspace / "state" / "rootCA.key")));
  demand(key.has_value(), "the root's key");
  const base::WallTime now = base::SystemClock().wall();
  const ListProfile profile{.number = number,
                            .this_update = now - std::chrono::hours(1),
                            .next_update = now + life,
                            .revoked = revoked};
  return pem_revocation_list(first_certificate(workspace / "state" / kit::kRootFile), *key, profile);
}

}  // namespace fairlead::support
