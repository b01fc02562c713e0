/// Which listener a participant faces, and whether the two can speak to each other without something in
/// between. Used by resolve.
#pragma once
#include <vector>

#include "config/model.hpp"

namespace fairlead::config {

/// Listeners of the server that a participant of that type may face at that address: same scheme, its
/// purpose, and the same port when one of them has it. Empty when the server does not offer the scheme.
std::vector<const Listener*> faced_listeners(const ResolvedParticipant& server, base::ParticipantType type,
                                             const Address& address);

/// What `auto` comes to for this participant; an explicit value of its own or a `seal` of the server stands.
base::MessageSecurity expected_message_security(const ResolvedParticipant& participant,
                                                const ResolvedParticipant& server);

/// Adds the warnings about each participant and the server: security levels that cannot connect directly, a
/// host that is none of the server's, a transport that the server does not offer.
void add_pair_notes(ResolvedProject& project);

}  // namespace fairlead::config
