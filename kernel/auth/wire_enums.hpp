/// Enumerations as numbers on the wire. A number that this version does not know is bad_headers. Pure, any
/// thread.
#pragma once
#include "base/names.hpp"
#include "base/refusal.hpp"
#include "base/security.hpp"

namespace fairlead::auth {

/// 1 server, 2 client, 3 admin, 4 service.
uint8_t wire_number(base::ParticipantType type) noexcept;
base::Checked<base::ParticipantType> participant_type(uint8_t number) noexcept;
/// 0 clear, 1 tls, 2 mtls.
base::Checked<base::ConnectionSecurity> connection_security(uint8_t number) noexcept;
/// 0 automatic, 1 mac, 2 seal.
base::Checked<base::MessageSecurity> message_security(uint8_t number) noexcept;
/// Only bits that have a meaning.
base::Checked<uint8_t> observed_bits(uint8_t number) noexcept;

}  // namespace fairlead::auth
