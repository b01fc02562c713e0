/// Certificates and revocation lists made with OpenSSL alone, field by field, so that each may be as wrong as
/// a case wants it. Used by the tables beside it and by the tests that run them.
#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fairlead::paths {

using std::chrono::seconds;

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(X509_CRL* list) const noexcept { X509_CRL_free(list); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using List = std::unique_ptr<X509_CRL, Free>;

/// The host by which a dialler knows the listener, unless a case says otherwise.
inline constexpr char kHost[] = "hub.pies.example";

/// Which end presents the leaf.
enum class Side { client, server };

/// One certificate before it is made. Times count from the moment of the case.
struct Draft {
  std::string id;           ///< by which other drafts and lists name it
  std::string issuer;       ///< id of the draft whose name and key stand behind the signature
  std::string common_name;  ///< empty: the subject has no attribute
  std::string key =
      "P-256";  ///< a curve, ED25519, ED448, DSA, RSA:BITS, RSA-PSS:BITS, RSA3:BITS, "explicit P-256"
  std::string key_of{};  ///< id of the draft that lends its key; empty: a key of its own
  std::string digest = "SHA256";
  std::string serial{};  ///< decimal, may be negative; empty: random
  long version = X509_VERSION_3;
  seconds from = std::chrono::hours(-1), until = std::chrono::hours(24);
  /// Short name and value in OpenSSL's configuration syntax, in the order in which they go in.
  std::vector<std::pair<std::string, std::string>> extensions{};
  std::function<void(X509*)> change{};  ///< runs last, before the certificate is signed
  std::function<void(X509*)> spoil{};   ///< runs on the signed certificate

  /// Replaces the extension, or adds it.
  void set(const std::string& extension, const std::string& value);
  void drop(const std::string& extension);
  /// Adds it, also a second time.
  void repeat(const std::string& extension, const std::string& value);
};

/// One revocation list before it is made.
struct ListDraft {
  std::string issuer;  ///< id of a draft
  std::vector<std::string> revoked{};
  seconds from = std::chrono::hours(-1), until = std::chrono::hours(24);
  std::string signer{};                     ///< id of another draft that signs; empty: the issuer
  std::function<void(X509_CRL*)> change{};  ///< runs last, before the list is signed
};

/// What one case is made of. A fresh one is a good path: root and leaf.
class Recipe {
 public:
  Recipe(Side side, std::time_t now);

  Draft& root() { return at("root"); }
  Draft& leaf() { return at("leaf"); }
  Draft& at(const std::string& id);
  /// A good authority; its issuer is `issuer`. Nothing stands below it yet.
  Draft& add_authority(const std::string& id, const std::string& issuer);
  /// So many good authorities between root and leaf, sent with the leaf: "ca-1" below the root, and so on.
  void add_between(int count);

  const char* purpose() const { return side == Side::client ? "clientAuth" : "serverAuth"; }
  const char* other_purpose() const { return side == Side::client ? "serverAuth" : "clientAuth"; }
  /// The leaf's subjectAltName when it is a good one.
  std::string names() const;

  const Side side;
  const std::time_t now;
  std::vector<Draft> drafts;
  std::vector<std::string> sent;  ///< what follows the leaf in the handshake
  std::string trusted = "root";
  std::string host = kHost;  ///< by which the dialler knows the listener
  std::vector<ListDraft> lists;
  enum class Lists { lenient, strict } rules = Lists::lenient;  ///< whether a list must be there and current
};

/// A case made: every certificate and key of its recipe.
struct Path {
  explicit Path(const Recipe& recipe);

  X509* leaf() const { return certificates.at("leaf").get(); }
  EVP_PKEY* leaf_key() const { return keys.at("leaf").get(); }

  std::map<std::string, Key> keys;
  std::map<std::string, Certificate> certificates;
  std::vector<X509*> sent;
  X509* trusted = nullptr;
  std::vector<List> lists;
};

/// A private key of this kind, as in Draft::key.
Key make_key(const std::string& kind);
std::vector<uint8_t> der_of(X509* certificate);
std::string pem_of(X509* certificate);
std::string pem_of(X509_CRL* list);
std::string pem_of(EVP_PKEY* key);

}  // namespace fairlead::paths
