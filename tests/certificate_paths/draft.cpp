#include "draft.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace fairlead::paths {
namespace {

using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

/// A case that cannot be made is a broken test, not a refusal.
void demand(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "cannot make %s:\n", what.c_str());
  ERR_print_errors_fp(stderr);
  std::abort();
}

EVP_PKEY* generate(EVP_PKEY_CTX* context, const std::string& kind) {
  EVP_PKEY* made = nullptr;
  demand(EVP_PKEY_generate(context, &made) == 1, "a key: " + kind);
  return made;
}

/// DSA takes its domain first.
Key make_dsa() {
  const KeyContext domain(EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr), &EVP_PKEY_CTX_free);
  demand(EVP_PKEY_paramgen_init(domain.get()) == 1 &&
             EVP_PKEY_CTX_set_dsa_paramgen_bits(domain.get(), 1024) == 1,
         "a DSA domain");
  EVP_PKEY* made = nullptr;
  demand(EVP_PKEY_paramgen(domain.get(), &made) == 1, "a DSA domain");
  const Key parameters(made);
  const KeyContext context(EVP_PKEY_CTX_new(parameters.get(), nullptr), &EVP_PKEY_CTX_free);
  demand(EVP_PKEY_keygen_init(context.get()) == 1, "a DSA key");
  return Key(generate(context.get(), "DSA"));
}

/// RSA3 is RSA with the public exponent 3.
Key make_rsa(const std::string& kind, int bits) {
  const std::string type = kind == "RSA3" ? "RSA" : kind;
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type.c_str(), nullptr), &EVP_PKEY_CTX_free);
  demand(
      EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) == 1,
      "a key: " + kind);
  BIGNUM* three = BN_new();
  BN_set_word(three, 3);
  if (kind == "RSA3") EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), three);
  BN_free(three);
  // Many short primes are found much sooner than two long ones, and nobody who judges the public key can
  // tell.
  if (type == "RSA" && bits >= 1024) EVP_PKEY_CTX_set_rsa_keygen_primes(context.get(), bits < 4096 ? 3 : 4);
  return Key(generate(context.get(), kind));
}

Key make_curve(const std::string& curve, bool is_explicit) {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), &EVP_PKEY_CTX_free);
  demand(EVP_PKEY_keygen_init(context.get()) == 1 &&
             EVP_PKEY_CTX_set_group_name(context.get(), curve.c_str()) == 1,
         "a key: " + curve);
  if (is_explicit) EVP_PKEY_CTX_set_ec_param_enc(context.get(), OPENSSL_EC_EXPLICIT_CURVE);
  return Key(generate(context.get(), curve));
}

void set_serial(X509* certificate, const std::string& decimal) {
  BIGNUM* number = nullptr;
  if (decimal.empty()) {
    number = BN_new();
    demand(BN_rand(number, 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "a serial");
  } else {
    demand(BN_dec2bn(&number, decimal.c_str()) > 0, "serial " + decimal);
  }
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
}

void set_name(X509* certificate, const std::string& common_name) {
  if (common_name.empty()) return;
  const auto* text = static_cast<const unsigned char*>(static_cast<const void*>(common_name.data()));
  demand(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text,
                                    static_cast<int>(common_name.size()), -1, 0) == 1,
         "subject " + common_name);
}

void add_extension(X509* certificate, X509* issuer, const std::string& name, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const bool dotted = name.find('.') != std::string::npos;
  const int nid = dotted ? OBJ_create(name.c_str(), name.c_str(), name.c_str()) : OBJ_sn2nid(name.c_str());
  const int known = nid != NID_undef ? nid : OBJ_txt2nid(name.c_str());
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, known, value.c_str());
  demand(extension != nullptr, name + " = " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

bool needs_issuer(const std::string& extension) { return extension == "authorityKeyIdentifier"; }

/// Everything but the issuer, what is made from it, and the signature.
Certificate unsigned_certificate(const Draft& draft, EVP_PKEY* key, std::time_t now) {
  Certificate made(X509_new());
  X509_set_version(made.get(), draft.version);
  set_serial(made.get(), draft.serial);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), now + draft.from.count());
  ASN1_TIME_set(X509_getm_notAfter(made.get()), now + draft.until.count());
  set_name(made.get(), draft.common_name);
  demand(X509_set_pubkey(made.get(), key) == 1, draft.id);
  for (const auto& [name, value] : draft.extensions)
    if (!needs_issuer(name)) add_extension(made.get(), made.get(), name, value);
  return made;
}

/// EdDSA hashes by itself.
const EVP_MD* digest_of(EVP_PKEY* key, const std::string& name) {
  const int type = EVP_PKEY_get_base_id(key);
  return type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448 ? nullptr : EVP_get_digestbyname(name.c_str());
}

void sign(const Draft& draft, X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  for (const auto& [name, value] : draft.extensions)
    if (needs_issuer(name)) add_extension(certificate, issuer, name, value);
  if (draft.change) draft.change(certificate);
  demand(X509_sign(certificate, issuer_key, digest_of(issuer_key, draft.digest)) > 0, draft.id);
}

/// As a peer would receive it, with nothing cached in the object.
Certificate read_back(X509* certificate) {
  const std::vector<uint8_t> der = der_of(certificate);
  const uint8_t* at = der.data();
  Certificate read(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  demand(read != nullptr, "a certificate that can be read");
  return read;
}

void add_revoked(X509_CRL* list, X509* certificate, std::time_t when) {
  X509_REVOKED* entry = X509_REVOKED_new();
  ASN1_TIME* date = ASN1_TIME_set(nullptr, when);
  X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate));
  X509_REVOKED_set_revocationDate(entry, date);
  ASN1_TIME_free(date);
  demand(X509_CRL_add0_revoked(list, entry) == 1, "an entry of a list");
}

List make_list(const ListDraft& draft, const Path& path, std::time_t now) {
  List made(X509_CRL_new());
  X509_CRL_set_version(made.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(made.get(), X509_get_subject_name(path.certificates.at(draft.issuer).get()));
  ASN1_TIME* from = ASN1_TIME_set(nullptr, now + draft.from.count());
  ASN1_TIME* until = ASN1_TIME_set(nullptr, now + draft.until.count());
  X509_CRL_set1_lastUpdate(made.get(), from);
  X509_CRL_set1_nextUpdate(made.get(), until);
  ASN1_TIME_free(from);
  ASN1_TIME_free(until);
  ASN1_INTEGER* number = ASN1_INTEGER_new();
  ASN1_INTEGER_set(number, 1);
  X509_CRL_add1_ext_i2d(made.get(), NID_crl_number, number, 0, 0);
  ASN1_INTEGER_free(number);
  for (const std::string& id : draft.revoked) add_revoked(made.get(), path.certificates.at(id).get(), now);
  X509_CRL_sort(made.get());
  if (draft.change) draft.change(made.get());
  EVP_PKEY* key = path.keys.at(draft.signer.empty() ? draft.issuer : draft.signer).get();
  demand(X509_CRL_sign(made.get(), key, digest_of(key, "SHA256")) > 0, "a list");
  return made;
}

template <class Write>
std::string pem_by(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
  demand(write(memory.get()) == 1, "PEM");
  const char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<size_t>(size)};
}

}  // namespace

Key make_key(const std::string& kind) {
  const size_t colon = kind.find(':');
  if (colon != std::string::npos) return make_rsa(kind.substr(0, colon), std::stoi(kind.substr(colon + 1)));
  if (kind == "DSA") return make_dsa();
  if (kind == "ED25519" || kind == "ED448") return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, kind.c_str()));
  constexpr std::string_view kExplicit = "explicit ";
  if (kind.starts_with(kExplicit)) return make_curve(kind.substr(kExplicit.size()), true);
  return make_curve(kind, false);
}

void Draft::set(const std::string& extension, const std::string& value) {
  const auto is_it = [&](const auto& entry) { return entry.first == extension; };
  const auto found = std::find_if(extensions.begin(), extensions.end(), is_it);
  if (found != extensions.end())
    found->second = value;
  else
    extensions.emplace_back(extension, value);
}

void Draft::drop(const std::string& extension) {
  std::erase_if(extensions, [&](const auto& entry) { return entry.first == extension; });
}

void Draft::repeat(const std::string& extension, const std::string& value) {
  extensions.emplace_back(extension, value);
}

Recipe::Recipe(Side presenter, std::time_t moment) : side(presenter), now(moment) {
  add_authority("root", "root").drop("authorityKeyIdentifier");
  const bool is_client = side == Side::client;
  drafts.push_back({.id = "leaf", .issuer = "root", .common_name = is_client ? "site-1" : "hub.example"});
  leaf().extensions = {{"basicConstraints", "critical,CA:FALSE"}, {"keyUsage", "critical,digitalSignature"},
                       {"extendedKeyUsage", purpose()},           {"subjectKeyIdentifier", "hash"},
                       {"authorityKeyIdentifier", "keyid"},       {"subjectAltName", names()}};
}

Draft& Recipe::at(const std::string& id) {
  const auto found = std::find_if(drafts.begin(), drafts.end(), [&](const Draft& d) { return d.id == id; });
  demand(found != drafts.end(), "anything of " + id);
  return *found;
}

Draft& Recipe::add_authority(const std::string& id, const std::string& issuer) {
  Draft& made = drafts.emplace_back(Draft{.id = id, .issuer = issuer, .common_name = id + " of pie"});
  made.extensions = {{"basicConstraints", "critical,CA:TRUE"},
                     {"keyUsage", "critical,keyCertSign,cRLSign"},
                     {"subjectKeyIdentifier", "hash"},
                     {"authorityKeyIdentifier", "keyid"}};
  return made;
}

void Recipe::add_between(int count) {
  std::string issuer = "root";
  for (int i = 1; i <= count; ++i) {
    const std::string id = "ca-" + std::to_string(i);
    add_authority(id, issuer);
    sent.insert(sent.begin(), id);
    issuer = id;
  }
  leaf().issuer = issuer;
}

std::string Recipe::names() const {
  if (side == Side::client) return "URI:fairlead://pie/client/site-1";
  return std::string("URI:fairlead://pie/server/hub.example,DNS:") + kHost;
}

Path::Path(const Recipe& recipe) {
  for (const Draft& draft : recipe.drafts)
    if (draft.key_of.empty()) keys[draft.id] = make_key(draft.key);
  for (const Draft& draft : recipe.drafts) {
    if (draft.key_of.empty()) continue;
    EVP_PKEY* lent = keys.at(draft.key_of).get();
    EVP_PKEY_up_ref(lent);
    keys[draft.id] = Key(lent);
  }
  for (const Draft& draft : recipe.drafts)
    certificates[draft.id] = unsigned_certificate(draft, keys.at(draft.id).get(), recipe.now);
  for (const Draft& draft : recipe.drafts)
    sign(draft, certificates.at(draft.id).get(), certificates.at(draft.issuer).get(),
         keys.at(draft.issuer).get());
  for (const Draft& draft : recipe.drafts) {
    Certificate& certificate = certificates.at(draft.id);
    if (draft.spoil) draft.spoil(certificate.get());
    certificate = read_back(certificate.get());
  }
  for (const std::string& id : recipe.sent) sent.push_back(certificates.at(id).get());
  trusted = certificates.at(recipe.trusted).get();
  for (const ListDraft& list : recipe.lists) lists.push_back(make_list(list, *this, recipe.now));
  ERR_clear_error();
}

std::vector<uint8_t> der_of(X509* certificate) {
  std::vector<uint8_t> der(static_cast<size_t>(std::max(0, i2d_X509(certificate, nullptr))));
  uint8_t* at = der.data();
  demand(!der.empty() && i2d_X509(certificate, &at) > 0, "DER");
  return der;
}

std::string pem_of(X509* certificate) {
  return pem_by([&](BIO* memory) { return PEM_write_bio_X509(memory, certificate); });
}
std::string pem_of(X509_CRL* list) {
  return pem_by([&](BIO* memory) { return PEM_write_bio_X509_CRL(memory, list); });
}
std::string pem_of(EVP_PKEY* key) {
  return pem_by([&](BIO* memory) {
    return PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

}  // namespace fairlead::paths
