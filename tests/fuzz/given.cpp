#include "fuzz/given.hpp"

#include <openssl/rand.h>

#include "base/assert.hpp"
#include "crypto/digest.hpp"

namespace fairlead::fuzz {
namespace {

constexpr base::WallTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};
constexpr base::MonoTime kUptime{std::chrono::hours(5)};
constexpr std::string_view kProject = "pie", kServer = "hub.example", kSite = "site-1";

FixedRandom& library_random() {
  static FixedRandom only;
  return only;
}

int fill_for_library(unsigned char* out, int size) {
  library_random().fill({out, static_cast<size_t>(size)});
  return 1;
}

int always_ready() { return 1; }

/// In place of the library's generator, so that one input always takes the same way.
void fix_library_random() {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // the provider interface would be 200 lines
  static const RAND_METHOD method{nullptr, &fill_for_library, nullptr,
                                  nullptr, &fill_for_library, &always_ready};
  FAIRLEAD_ASSERT(RAND_set_rand_method(&method) == 1);
#pragma GCC diagnostic pop
}

template <class T>
T must(base::Result<T> result) {
  FAIRLEAD_ASSERT(result.has_value());
  return std::move(*result);
}

crypto::PrivateKey new_key() { return must(crypto::PrivateKey::generate(crypto::KeyType::ed25519)); }

crypto::CertificateProfile profile_of(crypto::CertificateUse use, std::string_view name, std::string uri) {
  crypto::CertificateProfile profile;
  profile.use = use;
  profile.name = name;
  profile.uri = std::move(uri);
  profile.org = "pies";
  profile.not_before = kNow - std::chrono::hours(24);
  profile.not_after = kNow + std::chrono::hours(24 * 300);
  return profile;
}

Credential issued(const crypto::CertificateProfile& profile, const Credential& root, base::Random& random) {
  crypto::PrivateKey key = new_key();
  crypto::Certificate certificate =
      must(crypto::issue_certificate(profile, key.public_key(), &root.certificate, root.key, random));
  return {std::move(certificate), std::move(key)};
}

Project make_project() {
  using crypto::CertificateUse;
  using Side = crypto::LoginTlsContext::Side;
  fix_library_random();
  FixedRandom random;
  crypto::PrivateKey root_key = new_key();
  const auto root_profile = profile_of(CertificateUse::root, kProject, crypto::root_uri(kProject));
  crypto::Certificate root_certificate =
      must(crypto::issue_certificate(root_profile, root_key.public_key(), nullptr, root_key, random));
  const Credential root{std::move(root_certificate), std::move(root_key)};
  const auto participant = [&](CertificateUse use, base::ParticipantType type, std::string_view name) {
    return issued(profile_of(use, name, crypto::identity_uri(kProject, type, name)), root, random);
  };
  Credential server = participant(CertificateUse::server, base::ParticipantType::server, kServer);
  Credential site = participant(CertificateUse::client, base::ParticipantType::client, kSite);
  Credential token =
      issued(profile_of(CertificateUse::token_signer, kServer, crypto::token_signer_uri(kProject, kServer)),
             root, random);
  static support::FakeClock
      handshake_clock;  // certificates are looked at as of kNow, however late a case gets
  handshake_clock.set_wall(kNow);
  const crypto::TrustAnchor anchor{root.certificate};
  auto server_tls = must(crypto::LoginTlsContext::make(Side::server, std::span(&server.certificate, 1),
                                                       server.key, anchor, handshake_clock));
  auto client_tls = must(crypto::LoginTlsContext::make(Side::client, std::span(&site.certificate, 1),
                                                       site.key, anchor, handshake_clock));
  auth::ProjectIdentity identity{std::string(kProject), std::string(kServer),
                                 crypto::sha256({root.key.public_key().spki()})};
  return {{},
          {},
          anchor,
          std::move(server),
          std::move(token),
          std::move(site),
          std::move(identity),
          std::move(server_tls),
          std::move(client_tls)};
}

}  // namespace

void FixedRandom::fill(base::MutableByteView out) noexcept {
  for (uint8_t& byte : out) {
    uint64_t mixed = state_ += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    byte = static_cast<uint8_t>(mixed ^ (mixed >> 31));
  }
}

Project& given_project() {
  static Project only = make_project();
  only.clock.set_wall(kNow);
  only.clock.set_mono(kUptime);
  only.random.restart(1);
  library_random().restart(2);
  return only;
}

base::LinkFacts mtls_link(const Credential& peer) {
  base::LinkFacts facts;
  facts.confidential = facts.peer_verified = facts.self_proven = facts.trusted_plugin = true;
  facts.scheme = "tcp";
  facts.peer_certificate_der = peer.certificate.der();
  facts.channel_binding = base::to_bytes("the exporter value of one connection");
  return facts;
}

}  // namespace fairlead::fuzz
