/// Keys and certificates for the tests of this room, good ones and odd ones.
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "crypto/chain.hpp"

namespace fairlead::crypto {

/// The day on which everything here happens.
inline constexpr base::WallTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};
inline constexpr auto kYear = std::chrono::hours(24 * 365);

class FixedClock final : public base::Clock {
 public:
  explicit FixedClock(base::WallTime now = kNow) : now_(now) {}
  base::WallTime wall() const noexcept override { return now_; }
  base::MonoTime mono() const noexcept override { return {}; }

 private:
  base::WallTime now_;
};

struct Issued {
  Certificate certificate;
  PrivateKey key;
};

/// RSA with 2048 bits: as the reference has it, and quickly made.
PrivateKey make_key(KeyType type = KeyType::p256);
/// A profile that is valid around kNow; client and service, admin and server get the matching URI in project
/// "pie".
CertificateProfile profile_of(CertificateUse use, std::string name);

/// One root and what it issues.
class Pki {
 public:
  explicit Pki(KeyType type = KeyType::p256);
  const Certificate& root() const { return root_; }
  const PrivateKey& key() const { return key_; }
  TrustAnchor anchor(LegacyRules legacy = LegacyRules::no) const { return {root_, legacy}; }
  Issued issue(CertificateUse use, std::string name, KeyType type = KeyType::p256) const;
  Issued issue(const CertificateProfile& profile, KeyType type = KeyType::p256) const;

 private:
  PrivateKey key_;
  Certificate root_;
};

/// The certificate with one extension replaced (OpenSSL's configuration syntax, "critical," in front when
/// wanted) or, with null, taken out; signed again by `issuer_key`.
Certificate with_extension(const Certificate& certificate, int nid, const char* value,
                           const PrivateKey& issuer_key);
/// A CA certificate for `key`, signed by the root, with that basicConstraints value.
Certificate intermediate(const Pki& pki, const PrivateKey& key, const char* constraints);

/// PEM of a key of any type or size that OpenSSL can make: "RSA" with bits, "EC" with a curve, "ED448" and
/// others.
std::string foreign_key_pem(const char* type, int rsa_bits, const char* curve);

template <class T>
T must(base::Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().line();
    std::abort();
  }
  return std::move(*result);
}

}  // namespace fairlead::crypto
