/// A project for fuzz targets that log in: keys, certificates, time and randomness are the same in every run,
/// those of the TLS library included. One thread.
#pragma once
#include "auth/login.hpp"
#include "support/fake_clock.hpp"

namespace fairlead::fuzz {

/// The same bytes after every restart (splitmix64).
class FixedRandom final : public base::Random {
 public:
  void restart(uint64_t seed) noexcept { state_ = seed; }
  void fill(base::MutableByteView out) noexcept override;

 private:
  uint64_t state_ = 0;
};

struct Credential {
  crypto::Certificate certificate;
  crypto::PrivateKey key;
};

/// One root and what it issued, all with Ed25519 keys, whose signatures take no randomness.
struct Project {
  support::FakeClock clock;
  FixedRandom random;
  crypto::TrustAnchor anchor;
  Credential server, token, site;
  auth::ProjectIdentity identity;
  crypto::LoginTlsContext server_tls, client_tls;

  auth::LoginCommon common(const crypto::LoginTlsContext& tls) {
    return {.tls = tls, .anchor = anchor, .identity = identity, .clock = clock, .random = random};
  }
};

/// Made once; each call puts its clock and all randomness back to where they were after that.
Project& given_project();

/// Facts of one end of a direct mtls link whose other end is `peer`.
base::LinkFacts mtls_link(const Credential& peer);

}  // namespace fairlead::fuzz
