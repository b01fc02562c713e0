/// A third party that site-1 let speak as site-1/sensor for an hour, and worlds in which it logs in.
#pragma once
#include "auth/key_schedule.hpp"
#include "login_outcome.hpp"

namespace fairlead::auth {

inline constexpr std::string_view kSensor = "site-1/sensor";

/// A key and the certificate that it signs for itself.
inline Credential self_signed() {
  base::SystemRandom random;
  crypto::PrivateKey key = must(crypto::PrivateKey::generate(crypto::KeyType::p256));
  crypto::CertificateProfile profile;
  profile.name = "sensor";
  profile.not_before = kNow - 1h;
  profile.not_after = kNow + 1h;
  crypto::Certificate made = must(crypto::issue_certificate(profile, key.public_key(), nullptr, key, random));
  return {std::move(made), std::move(key)};
}

using ChangeDelegation = std::function<void(crypto::Delegation&)>;

/// The world's client is such a holder from now on; its delegation is what `change` leaves, signed by the
/// world's site as it is now.
inline void make_delegate(World& world, const ChangeDelegation& change = {}) {
  world.holder = self_signed();
  world.endpoint = kSensor;
  world.server_security = world.client_security = base::ConnectionSecurity::tls;
  world.server_facts.peer_certificate_der.clear();
  world.server_facts.peer_verified = false;
  world.client_facts.self_proven = false;
  crypto::Delegation delegation;
  delegation.issued = kNow;
  delegation.expires = kNow + 1h;
  delegation.audience = world.server_identity.audience();
  delegation.endpoint = kSensor;
  delegation.spki = world.holder->key.public_key().spki();
  delegation.topics = {"metrics", "round/*"};
  if (change) change(delegation);
  world.delegation = DelegationProof{must(crypto::sign_delegation(delegation, world.site.key)),
                                     {world.site.certificate.der()}};
}

inline Outcome delegate_outcome(const ChangeDelegation& change,
                                const std::function<void(World&)>& then = {}) {
  return outcome_of([&](World& world) {
    make_delegate(world, change);
    if (then) then(world);
  });
}

}  // namespace fairlead::auth
