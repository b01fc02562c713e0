#include "auth/link_rules.hpp"

#include <algorithm>

#include "base/result.hpp"
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

/// What both ends must have seen alike: of a link by bare keys, which has no exporter, its two keys.
const base::Bytes& binding_of(const base::LinkFacts& facts) noexcept {
  return facts.channel_binding.empty() ? facts.key_pair : facts.channel_binding;
}

bool is_tls(End end, const base::LinkFacts& facts) noexcept {
  return facts.confidential && (end == End::server || facts.peer_verified);
}

}  // namespace

ObservedLink observe(const base::LinkFacts& facts) {
  return {static_cast<uint8_t>(facts.bits() | (facts.trusted_plugin ? 8 : 0)), binding_of(facts)};
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

Checked<void> check_same_binding(const base::LinkFacts& facts, const ObservedLink& peer) noexcept {
  if (base::equal(binding_of(facts), peer.binding)) return {};
  return tl::unexpected(Refusal::binding_mismatch);
}

Checked<void> check_same_link(ConnectionSecurity configured, const base::LinkFacts& facts,
                              const ObservedLink& peer, const LoginPeer& login) {
  if (configured != ConnectionSecurity::mtls) return {};
  FAIRLEAD_TRY(check_same_binding(facts, peer));
  const bool is_by_key = !facts.peer_key.empty() && facts.peer_certificate_der.empty();
  const bool same = is_by_key
                        ? !facts.key_pair.empty() && std::ranges::count(facts.key_owners, login.name) > 0
                        : base::equal(crypto::sha256({facts.peer_certificate_der}), login.certificate_sha256);
  return same ? Checked<void>() : tl::unexpected(Refusal::binding_mismatch);
}

}  // namespace fairlead::auth
