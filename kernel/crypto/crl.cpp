#include "crypto/crl.hpp"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::Result;

constexpr std::string_view kBegin = "-----BEGIN X509 CRL-----", kEnd = "-----END X509 CRL-----";
constexpr std::string_view kBlanks = " \t\r\n";

/// Signatures that are worth anything; RSA-PSS hides its digest in parameters and nobody signs lists with it.
constexpr std::array kSignatures = {
    NID_ecdsa_with_SHA256,       NID_ecdsa_with_SHA384,       NID_ecdsa_with_SHA512,      NID_ED25519,
    NID_sha256WithRSAEncryption, NID_sha384WithRSAEncryption, NID_sha512WithRSAEncryption};

struct List {
  OwnedCrl crl;
  base::Bytes der;
};

struct Authority {
  X509* certificate = nullptr;
  base::Digest key{};  ///< SHA-256 of its SubjectPublicKeyInfo
};

tl::unexpected<base::Error> wrong(const char* reason, std::string text, std::string hint = {}) {
  ERR_clear_error();
  if (hint.empty()) hint = "put a revocation list that this project's authority issued in its place";
  return tl::unexpected<base::Error>(
      base::Error{base::ErrorCode::bad_configuration, std::move(text), std::move(hint), {}, reason});
}

tl::unexpected<base::Error> malformed(std::string text) { return wrong("crl_malformed", std::move(text)); }

std::string_view without_blanks(std::string_view text) noexcept {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Bytes behind the list, and spellings that are not DER, are refused: the list is stored and compared.
Result<List> parse_der(base::ByteView der) {
  const uint8_t* at = der.data();
  OwnedCrl crl(d2i_X509_CRL(nullptr, &at, narrow(der.size())));
  if (crl == nullptr) return malformed("not a revocation list: " + drain_errors());
  if (!base::equal(to_der(&i2d_X509_CRL, crl.get()), der))
    return malformed("the revocation list has bytes behind its end, or is not in its DER form");
  return List{std::move(crl), base::to_bytes(der)};
}

Result<List> parse_block(std::string_view block) {
  const OwnedBio bio = reading(base::as_bytes(block));
  char *name = nullptr, *header = nullptr;
  uint8_t* data = nullptr;
  long size = 0;
  if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1)
    return malformed("a PEM block cannot be read: " + drain_errors());
  const Owned<char, &free_text> name_owner(name), header_owner(header);
  const OwnedMemory data_owner(data);
  return parse_der({data, static_cast<size_t>(size)});
}

/// The library skips what it does not know between blocks; here only blanks may stand there.
Result<std::vector<List>> parse_pem(std::string_view rest) {
  std::vector<List> lists;
  for (rest = without_blanks(rest); !rest.empty(); rest = without_blanks(rest)) {
    const size_t end = rest.starts_with(kBegin) ? rest.find(kEnd) : std::string_view::npos;
    if (end == std::string_view::npos)
      return malformed("behind " + std::to_string(lists.size()) +
                       " PEM blocks stands something that is no X509 CRL block");
    FAIRLEAD_TRY(List list, parse_block(rest.substr(0, end + kEnd.size())));
    lists.push_back(std::move(list));
    rest.remove_prefix(end + kEnd.size());
  }
  return lists;
}

Result<std::vector<List>> parse(base::ByteView content) {
  if (content.size() > kLargestRevocationText)
    return wrong("crl_too_large", "the revocation list has " + std::to_string(content.size()) +
                                      " bytes, at most 4 MiB are read");
  const std::string_view text = without_blanks(base::as_text(content));
  if (text.empty()) return malformed("the revocation list is empty");
  if (text.starts_with("-----BEGIN ")) return parse_pem(text);
  FAIRLEAD_TRY(List list, parse_der(content));
  std::vector<List> lists;
  lists.push_back(std::move(list));
  return lists;
}

/// As it stands in the certificate: encoding the key anew costs a hundred times as much.
base::Digest key_digest(const Certificate& certificate) {
  return sha256({to_der(&i2d_X509_PUBKEY, X509_get_X509_PUBKEY(certificate.openssl()))});
}

Result<std::vector<Authority>> authorities_of(const Certificate& root,
                                              std::span<const Certificate> intermediates) {
  std::vector<Certificate> all{root};
  all.insert(all.end(), intermediates.begin(), intermediates.end());
  std::vector<Authority> authorities;
  for (const Certificate& one : all) {
    FAIRLEAD_TRY(one.public_key());  // of an allowed type
    authorities.push_back({one.openssl(), key_digest(one)});
  }
  return authorities;
}

std::string issuer_text(const X509_CRL* crl) {
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), X509_CRL_get_issuer(crl), 0, XN_FLAG_RFC2253);
  return base::to_text(written(bio.get()));
}

std::optional<base::WallTime> to_wall(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return base::WallTime(std::chrono::seconds(::timegm(&parts)));
}

std::optional<uint64_t> number_of(const X509_CRL* crl) {
  const Owned<ASN1_INTEGER, &ASN1_INTEGER_free> number(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl, NID_crl_number, nullptr, nullptr)));
  uint64_t value = 0;
  if (number == nullptr || ASN1_INTEGER_get_uint64(&value, number.get()) != 1) return std::nullopt;
  return value;
}

/// A critical extension narrows what a list is about (delta, indirect, one scope only); we read none of them.
bool has_critical_extension(X509_CRL* crl) {
  for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i)
    if (X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, i)) != 0) return true;
  const STACK_OF(X509_REVOKED)* entries = X509_CRL_get_REVOKED(crl);
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i)
    if (X509_REVOKED_get_ext_by_critical(sk_X509_REVOKED_value(entries, i), 1, -1) >= 0) return true;
  return false;
}

bool has_good_algorithm(const X509_CRL* crl) {
  return std::ranges::find(kSignatures, X509_CRL_get_signature_nid(crl)) != kSignatures.end();
}

Result<RevocationFacts> read_facts(X509_CRL* crl) {
  RevocationFacts facts;
  facts.issuer = issuer_text(crl);
  const std::string whose = "the revocation list of " + facts.issuer;
  const auto number = number_of(crl);
  const auto this_update = to_wall(X509_CRL_get0_lastUpdate(crl));
  const auto next_update = to_wall(X509_CRL_get0_nextUpdate(crl));
  if (X509_CRL_get_version(crl) != X509_CRL_VERSION_2 || !number)
    return malformed(whose + " is not of version 2 with a CRL number below 2^64");
  if (!this_update || !next_update) return malformed(whose + " lacks thisUpdate or nextUpdate");
  if (has_critical_extension(crl)) return malformed(whose + " has a critical extension: not a complete list");
  facts.number = *number;
  facts.this_update = *this_update;
  facts.next_update = *next_update;
  facts.count = static_cast<size_t>(std::max(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl)), 0));
  return facts;
}

/// Who signed the list. Authorities may share a name, so the key decides.
Result<base::Digest> signer_of(X509_CRL* crl, const std::string& issuer, std::span<const Authority> all) {
  bool is_known = false;
  for (const Authority& one : all) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(one.certificate)) != 0) continue;
    is_known = true;
    // Absent, as in roots of the reference, the key usage reads as all ones.
    const bool may_sign = (X509_get_key_usage(one.certificate) & KU_CRL_SIGN) != 0;
    if (may_sign && has_good_algorithm(crl) && X509_CRL_verify(crl, X509_get0_pubkey(one.certificate)) == 1)
      return one.key;
  }
  if (!is_known)
    return wrong("crl_wrong_issuer",
                 "the revocation list is of " + issuer + ", no authority of this project");
  return wrong("crl_bad_signature",
               "the signature of the revocation list is not one that " + issuer + " can make");
}

}  // namespace

struct RevocationLists::State {
  base::Status add(List list, RevocationFacts list_facts) {
    const OwnedBio bio(BIO_new(BIO_s_mem()));
    const Owned<ASN1_INTEGER, &ASN1_INTEGER_free> any(ASN1_INTEGER_new());
    if (bio == nullptr || any == nullptr ||
        PEM_write_bio(bio.get(), PEM_STRING_X509_CRL, "", list.der.data(), narrow(list.der.size())) <= 0)
      return openssl_failure(base::ErrorCode::internal,
                             "cannot keep the revocation list of " + list_facts.issuer);
    pem += base::as_text(written(bio.get()));
    // The library sorts a list when it is first asked: here, where nobody waits for an answer.
    X509_REVOKED* entry = nullptr;
    X509_CRL_get0_by_serial(list.crl.get(), &entry, any.get());
    lists.push_back(std::move(list.crl));
    facts.push_back(std::move(list_facts));
    return {};
  }

  std::vector<OwnedCrl> lists;
  std::vector<RevocationFacts> facts;
  std::string pem;
};

Result<RevocationLists> RevocationLists::read(base::ByteView content, const Certificate& root,
                                              std::span<const Certificate> intermediates,
                                              base::WallTime now) {
  ERR_clear_error();
  FAIRLEAD_TRY(const std::vector<Authority> authorities, authorities_of(root, intermediates));
  FAIRLEAD_TRY(std::vector<List> parsed, parse(content));
  auto state = std::make_shared<State>();
  for (List& list : parsed) {
    FAIRLEAD_TRY(RevocationFacts facts, read_facts(list.crl.get()));
    FAIRLEAD_TRY(facts.authority, signer_of(list.crl.get(), facts.issuer, authorities));
    if (facts.this_update > now)
      return wrong("crl_not_yet_valid", "the revocation list of " + facts.issuer + " is of the future",
                   "check this machine's clock, or wait until the list's thisUpdate");
    if (std::ranges::find(state->facts, facts.authority, &RevocationFacts::authority) != state->facts.end())
      return malformed("there are two revocation lists of " + facts.issuer);
    FAIRLEAD_TRY(state->add(std::move(list), std::move(facts)));
  }
  ERR_clear_error();
  return RevocationLists(std::move(state));
}

std::span<const RevocationFacts> RevocationLists::facts() const noexcept {
  return state_ != nullptr ? std::span(state_->facts) : std::span<const RevocationFacts>();
}

const RevocationFacts* RevocationLists::of(const Certificate& authority) const {
  if (empty()) return nullptr;
  const auto found = std::ranges::find(state_->facts, key_digest(authority), &RevocationFacts::authority);
  return found != state_->facts.end() ? &*found : nullptr;
}

bool RevocationLists::revokes(const Certificate& certificate, const Certificate& authority) const {
  const RevocationFacts* facts = of(authority);
  if (facts == nullptr) return false;
  const auto at = static_cast<size_t>(facts - state_->facts.data());
  X509_REVOKED* entry = nullptr;
  // Any answer but "not there": the mark that takes an entry back means nothing in a complete list.
  return X509_CRL_get0_by_serial(state_->lists[at].get(), &entry,
                                 X509_get_serialNumber(certificate.openssl())) != 0;
}

const RevocationFacts* RevocationLists::stale(base::WallTime now) const noexcept {
  for (const RevocationFacts& one : facts())
    if (one.next_update <= now) return &one;
  return nullptr;
}

std::string_view RevocationLists::pem() const noexcept {
  return empty() ? std::string_view() : std::string_view(state_->pem);
}

}  // namespace fairlead::crypto
