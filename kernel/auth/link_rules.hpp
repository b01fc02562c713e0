/// Link rules: what both ends saw of one connection, and what follows for admission and for the lane's level.
/// Pure, any thread. Both ends apply the same rules, each on its own.
#pragma once
#include <string_view>

#include "base/refusal.hpp"
#include "base/security.hpp"

namespace fairlead::auth {

enum class End { client, server };

/// What one end reports about its side of a connection, as it travels in LoginRequest and LANE_OPEN.
struct ObservedLink {
  /// LinkFacts::bits(), and 8 when the plugin is marked as a trusted link.
  uint8_t bits = 0;
  base::Bytes binding;  ///< at most kMaxBinding bytes

  bool is_confidential() const noexcept { return (bits & 1) != 0; }
  bool is_trusted() const noexcept { return (bits & 8) != 0; }
};
inline constexpr uint16_t kMaxBinding = 64;
inline constexpr uint8_t kObservedBits = 15;

ObservedLink observe(const base::LinkFacts& facts);

/// seal, unless both ends report a confidential link from a trusted plugin and the same channel binding.
base::MessageSecurity link_level(const ObservedLink& own, const ObservedLink& peer) noexcept;
/// The strongest of both wishes and what the link demands; never `automatic`.
base::MessageSecurity lane_level(base::MessageSecurity own_wish, base::MessageSecurity peer_wish,
                                 const ObservedLink& own, const ObservedLink& peer) noexcept;
base::MessageSecurity stronger(base::MessageSecurity a, base::MessageSecurity b) noexcept;

/// security_floor when the transport proved less than `configured` asks for at this end: tls is a
/// confidential link (for a client: to a peer that was verified), mtls also proves both ends.
base::Checked<void> check_own_link(End end, base::ConnectionSecurity configured,
                                   const base::LinkFacts& facts) noexcept;
/// Whom the login has proved to be at the other end.
struct LoginPeer {
  const base::Digest& certificate_sha256;
  std::string_view name;  ///< of the participant
};
/// binding_mismatch when the ends report different bindings: exporters, or the two keys of a link by bare
/// keys.
base::Checked<void> check_same_binding(const base::LinkFacts& facts, const ObservedLink& peer) noexcept;
/// mtls: binding_mismatch when the ends report different bindings, or when the certificate that the link
/// showed is not the one of the login, or no signed statement gives the link's key to who logs in. Other
/// configurations: nothing to check.
base::Checked<void> check_same_link(base::ConnectionSecurity configured, const base::LinkFacts& facts,
                                    const ObservedLink& peer, const LoginPeer& login);

}  // namespace fairlead::auth
