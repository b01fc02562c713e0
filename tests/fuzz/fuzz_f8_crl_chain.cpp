// F8: chains and revocation lists. A root, an intermediate, leaves and the lists of both authorities are
// changed byte by byte, and either left with the signature that no longer fits, or signed again by whoever
// signed them.
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "base/assert.hpp"
#include "crypto/chain.hpp"
#include "crypto/crl_issue.hpp"
#include "fuzz/given.hpp"
#include "fuzz/input.hpp"

namespace fairlead::fuzz {
namespace {

using crypto::Certificate;
using crypto::CertificateUse;
using crypto::ChainPurpose;
using crypto::RevocationLists;
using std::chrono::hours;

constexpr base::WallTime kDay{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};
constexpr auto kCertificateLife = hours(24 * 30);  // before and after kDay
constexpr auto kListAge = hours(24), kListLife = hours(24 * 10);
constexpr uint64_t kNumber = 5;
constexpr int kMostChanges = 8;

template <class T>
T must(base::Result<T> result) {
  FAIRLEAD_ASSERT(result.has_value());
  return std::move(*result);
}

/// Good ones, made once.
struct World {
  Credential root, intermediate;
  Credential under_root, under_intermediate;  ///< clients
};

Credential make(CertificateUse use, const char* name, const Credential* issuer, base::Random& random) {
  crypto::PrivateKey key = must(crypto::PrivateKey::generate(crypto::KeyType::ed25519));
  crypto::CertificateProfile profile;
  profile.use = use;
  profile.name = name;
  profile.uri = use == CertificateUse::root
                    ? crypto::root_uri("pie")
                    : crypto::identity_uri("pie", base::ParticipantType::client, name);
  profile.not_before = kDay - kCertificateLife;
  profile.not_after = kDay + kCertificateLife;
  const Certificate* by = issuer != nullptr ? &issuer->certificate : nullptr;
  const crypto::PrivateKey& signer = issuer != nullptr ? issuer->key : key;
  Certificate certificate = must(crypto::issue_certificate(profile, key.public_key(), by, signer, random));
  return {std::move(certificate), std::move(key)};
}

const World& world() {
  static const World only = [] {
    base::Random& random = given_project().random;  // the library's is fixed with it
    Credential root = make(CertificateUse::root, "pie", nullptr, random);
    // What a root issues with the profile of a root is a CA below it.
    Credential intermediate = make(CertificateUse::root, "between", &root, random);
    Credential first = make(CertificateUse::client, "site-1", &root, random);
    Credential second = make(CertificateUse::client, "other-2", &intermediate, random);
    return World{std::move(root), std::move(intermediate), std::move(first), std::move(second)};
  }();
  return only;
}

/// What one input decides.
struct Case {
  explicit Case(Input& input) {
    const uint8_t flags = input.byte();
    between = (flags & 1) != 0;
    leaf_revoked = (flags & 2) != 0;
    intermediate_revoked = (flags & 4) != 0;
    root_lists = (flags & 8) != 0;
    intermediate_lists = (flags & 16) != 0;
    rules = (flags & 32) != 0 ? crypto::CrlRules::strict : crypto::CrlRules::lenient;
    signs_again = (flags & 64) != 0;
    foreign_list = (flags & 128) != 0;
    now = kDay + hours(12 * static_cast<int8_t>(input.byte()));
  }

  const Credential& issuer() const { return between ? world().intermediate : world().root; }
  const Credential& leaf() const { return between ? world().under_intermediate : world().under_root; }
  /// Does a list that is given name something on the path?
  bool is_revoked() const {
    const bool leaf_named = leaf_revoked && (between ? intermediate_lists : root_lists);
    return leaf_named || (between && intermediate_revoked && root_lists);
  }
  bool lists_are_current() const {
    return now < kDay + kListLife && root_lists && (!between || intermediate_lists);
  }
  /// The library takes the last second of a validity for one that is over.
  bool is_in_time() const { return now >= kDay - kCertificateLife && now < kDay + kCertificateLife; }

  bool between, leaf_revoked, intermediate_revoked, root_lists, intermediate_lists, signs_again, foreign_list;
  crypto::CrlRules rules;
  base::WallTime now;
};

/// DER of everything that takes part; a list that is not given is empty.
struct Parts {
  base::Bytes leaf, intermediate, root_list, intermediate_list;
  bool path_changed = false, lists_changed = false;
};

base::Bytes list_of(const Credential& authority, const Certificate* revoked) {
  crypto::RevocationListProfile profile{kNumber, kDay - kListAge, kDay + kListLife, {}};
  if (revoked != nullptr)
    profile.revoked.push_back({revoked->serial(), kDay, crypto::RevocationReason::superseded});
  const std::string pem = must(crypto::issue_revocation_list(profile, authority.certificate, authority.key));
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> list(
      PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr), &X509_CRL_free);
  base::Bytes der(static_cast<size_t>(i2d_X509_CRL(list.get(), nullptr)));
  uint8_t* at = der.data();
  i2d_X509_CRL(list.get(), &at);
  return der;
}

Parts good_parts(const Case& given) {
  const World& good = world();
  const Certificate* by_root = nullptr;
  if (given.between && given.intermediate_revoked) by_root = &good.intermediate.certificate;
  if (!given.between && given.leaf_revoked) by_root = &given.leaf().certificate;
  const Certificate* by_intermediate =
      given.between && given.leaf_revoked ? &given.leaf().certificate : nullptr;
  Parts parts;
  parts.leaf = given.leaf().certificate.der();
  parts.intermediate = good.intermediate.certificate.der();
  if (given.root_lists) parts.root_list = list_of(good.root, by_root);
  if (given.intermediate_lists) parts.intermediate_list = list_of(good.intermediate, by_intermediate);
  return parts;
}

/// The bytes of the change are xored in, so that one of zero is none.
void change(Input& input, const Case& given, const Parts& good, Parts& parts) {
  base::Bytes* const all[] = {&parts.leaf, &parts.intermediate, &parts.root_list, &parts.intermediate_list};
  for (int i = 0; i < kMostChanges && !input.is_over(); ++i) {
    const size_t which = input.byte() % std::size(all);
    const size_t at = input.number();
    const uint8_t with = input.byte();
    base::Bytes& der = *all[which];
    if (der.empty() || with == 0) continue;
    der[at % der.size()] ^= with;
  }
  parts.path_changed = parts.leaf != good.leaf || (given.between && parts.intermediate != good.intermediate);
  parts.lists_changed =
      parts.root_list != good.root_list || parts.intermediate_list != good.intermediate_list;
}

/// The same content with a signature that fits; unchanged when it does not parse.
template <class T>
void sign_again(base::Bytes& der, T* (*parse)(T**, const uint8_t**, long), int (*encode)(const T*, uint8_t**),
                int (*sign)(T*, EVP_PKEY*, const EVP_MD*), void (*release)(T*), const Credential& by) {
  const uint8_t* at = der.data();
  const std::unique_ptr<T, decltype(release)> object(
      der.empty() ? nullptr : parse(nullptr, &at, static_cast<long>(der.size())), release);
  if (object == nullptr || sign(object.get(), by.key.openssl(), nullptr) <= 0) return;
  const int size = encode(object.get(), nullptr);
  if (size <= 0) return;
  der.resize(static_cast<size_t>(size));
  uint8_t* out = der.data();
  encode(object.get(), &out);
}

void sign_all_again(const Case& given, Parts& parts) {
  const World& good = world();
  sign_again<X509>(parts.leaf, &d2i_X509, &i2d_X509, &X509_sign, &X509_free, given.issuer());
  sign_again<X509>(parts.intermediate, &d2i_X509, &i2d_X509, &X509_sign, &X509_free, good.root);
  sign_again<X509_CRL>(parts.root_list, &d2i_X509_CRL, &i2d_X509_CRL, &X509_CRL_sign, &X509_CRL_free,
                       good.root);
  sign_again<X509_CRL>(parts.intermediate_list, &d2i_X509_CRL, &i2d_X509_CRL, &X509_CRL_sign, &X509_CRL_free,
                       good.intermediate);
}

std::string pem_of(const base::Bytes& der) {
  if (der.empty()) return {};
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio(bio.get(), PEM_STRING_X509_CRL, "", der.data(), static_cast<long>(der.size()));
  const char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<size_t>(size)};
}

/// Nothing without a list, as a node without a file has it.
base::Result<RevocationLists> read_lists(const Case& given, const Parts& parts) {
  const std::string text = pem_of(parts.root_list) + pem_of(parts.intermediate_list);
  if (text.empty()) return RevocationLists();
  const World& good = world();
  return RevocationLists::read(base::as_bytes(text), good.root.certificate,
                               std::span(&good.intermediate.certificate, 1), given.now);
}

void expect_facts_are_sane(const RevocationLists& lists, base::WallTime now) {
  for (const crypto::RevocationFacts& facts : lists.facts()) {
    FAIRLEAD_ASSERT(facts.this_update <= now);
    FAIRLEAD_ASSERT(facts.authority != base::Digest{});
  }
  FAIRLEAD_ASSERT(lists.facts().size() <= 2);
}

/// What accepted means, asked for in other words than chain.cpp has.
void expect_rules_hold(const Certificate& leaf, const std::vector<Certificate>& path, const Case& given) {
  X509* const one = leaf.openssl();
  FAIRLEAD_ASSERT(path.size() == (given.between ? 2u : 1u));
  FAIRLEAD_ASSERT(X509_get_version(one) == 2);
  FAIRLEAD_ASSERT(ASN1_STRING_type(X509_get0_serialNumber(one)) == V_ASN1_INTEGER);
  FAIRLEAD_ASSERT(!leaf.serial().empty() && leaf.serial().size() <= 20);
  FAIRLEAD_ASSERT(X509_get_ext_by_NID(one, NID_key_usage, -1) >= 0);
  FAIRLEAD_ASSERT(X509_get_ext_by_NID(one, NID_ext_key_usage, -1) >= 0);
  FAIRLEAD_ASSERT((X509_get_key_usage(one) & X509v3_KU_DIGITAL_SIGNATURE) != 0);
  FAIRLEAD_ASSERT((X509_get_extended_key_usage(one) & XKU_SSL_CLIENT) != 0);
  FAIRLEAD_ASSERT((X509_get_extension_flags(one) & EXFLAG_CA) == 0);
  for (const Certificate& each : path)
    FAIRLEAD_ASSERT(each.not_before() <= given.now && given.now < each.not_after());
}

/// Nothing was changed: then everything about the verdict is known.
void expect_known_verdict(const Case& given, const base::Checked<std::vector<Certificate>>& verdict) {
  const bool is_stale = given.rules == crypto::CrlRules::strict && !given.lists_are_current();
  FAIRLEAD_ASSERT(verdict.has_value() == (given.is_in_time() && !given.is_revoked() && !is_stale));
  if (!verdict && given.is_in_time() && given.is_revoked() && !is_stale)
    FAIRLEAD_ASSERT(verdict.error() == base::Refusal::certificate_revoked);
}

void judge(const Case& given, const Parts& parts, const RevocationLists& lists) {
  const auto leaf = Certificate::from_der(parts.leaf);
  const auto intermediate = Certificate::from_der(parts.intermediate);
  if (!leaf || !intermediate) return FAIRLEAD_ASSERT(parts.path_changed || !given.between);
  const crypto::TrustAnchor anchor{world().root.certificate, crypto::LegacyRules::no, lists, given.rules};
  std::string detail;
  const auto verdict = crypto::verify_path(anchor, *leaf, std::span(&*intermediate, 1),
                                           ChainPurpose::client_login, given.now, &detail);
  FAIRLEAD_ASSERT(verdict.has_value() || !detail.empty());
  const bool changed = parts.path_changed || parts.lists_changed;
  if (!changed) expect_known_verdict(given, verdict);
  if (!verdict) return;
  FAIRLEAD_ASSERT(!parts.path_changed || given.signs_again);
  expect_rules_hold(*leaf, *verdict, given);
  const Certificate& issuer = given.between ? (*verdict)[1] : world().root.certificate;
  FAIRLEAD_ASSERT(!lists.revokes(*leaf, issuer));
  FAIRLEAD_ASSERT(!given.between || !lists.revokes(issuer, world().root.certificate));
  if (given.rules == crypto::CrlRules::lenient) return;
  FAIRLEAD_ASSERT(lists.of(issuer) != nullptr && lists.of(issuer)->next_update > given.now);
}

/// A text that nobody here signed is refused, whatever it is.
void try_foreign_list(const Case& given, base::ByteView text) {
  const World& good = world();
  const auto lists = RevocationLists::read(text, good.root.certificate,
                                           std::span(&good.intermediate.certificate, 1), given.now);
  FAIRLEAD_ASSERT(!lists.has_value());
  FAIRLEAD_ASSERT(!lists.error().reason.empty() && !lists.error().hint.empty());
}

void check(Input input) {
  const Case given(input);
  if (given.foreign_list) return try_foreign_list(given, input.rest());
  const Parts good = good_parts(given);
  Parts parts = good;
  change(input, given, good, parts);
  if (given.signs_again) sign_all_again(given, parts);
  const auto lists = read_lists(given, parts);
  if (!lists) {
    const bool too_early = given.now < kDay - kListAge && (given.root_lists || given.intermediate_lists);
    return FAIRLEAD_ASSERT(parts.lists_changed || too_early);
  }
  FAIRLEAD_ASSERT(!parts.lists_changed || given.signs_again);
  expect_facts_are_sane(*lists, given.now);
  judge(given, parts, *lists);
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fairlead::fuzz::check({data, size});
  return 0;
}
