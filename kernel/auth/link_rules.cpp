#include "auth/link_rules.hpp"

#include <algorithm>

#include "crypto/digest.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::ConnectionSecurity;
using base::MessageSecurity;
using base::Refusal;

bool is_trustworthy(const ObservedLink& link) noexcept {
  return link.is_confidential() && link.is_trusted() && !link.binding.empty();
}

bool is_tls(End end, const base::LinkFacts& facts) noexcept {
  return facts.confidential && (end == End::server || facts.peer_verified);
}

}  // namespace

ObservedLink observe(const base::LinkFacts& facts) {
  return {static_cast<uint8_t>(facts.bits() | (facts.trusted_plugin ? 8 : 0)), facts.channel_binding};
}

MessageSecurity link_level(const ObservedLink& own, const ObservedLink& peer) noexcept {
  const bool same = is_trustworthy(own) && is_trustworthy(peer) && base::equal(own.binding, peer.binding);
  return same ? MessageSecurity::mac : MessageSecurity::seal;
}

MessageSecurity stronger(MessageSecurity a, MessageSecurity b) noexcept { return std::max(a, b); }

MessageSecurity lane_level(MessageSecurity own_wish, MessageSecurity peer_wish, const ObservedLink& own,
                           const ObservedLink& peer) noexcept {
  return stronger(link_level(own, peer), stronger(own_wish, peer_wish));
}

Checked<void> check_own_link(End end, ConnectionSecurity configured, const base::LinkFacts& facts) noexcept {
  if (configured == ConnectionSecurity::clear) return {};
  const bool enough = is_tls(end, facts) &&
                      (configured == ConnectionSecurity::tls || (facts.peer_verified && facts.self_proven));
  return enough ? Checked<void>() : tl::unexpected(Refusal::security_floor);
}

Checked<void> check_same_link(ConnectionSecurity configured, const base::LinkFacts& facts,
                              const ObservedLink& peer, const base::Digest& peer_certificate_sha256) {
  if (configured != ConnectionSecurity::mtls) return {};
  const bool same = base::equal(facts.channel_binding, peer.binding) &&
                    base::equal(crypto::sha256({facts.peer_certificate_der}), peer_certificate_sha256);
  return same ? Checked<void>() : tl::unexpected(Refusal::binding_mismatch);
}

}  // namespace fairlead::auth
