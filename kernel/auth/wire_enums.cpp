#include "auth/wire_enums.hpp"

#include "auth/link_rules.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;

/// Enumerations here have no gaps, so two ends say it all.
template <class Enum>
Checked<Enum> between(int number, Enum least, Enum most) noexcept {
  if (number < static_cast<int>(least) || number > static_cast<int>(most))
    return tl::unexpected(Refusal::bad_headers);
  return static_cast<Enum>(number);
}

}  // namespace

uint8_t wire_number(base::ParticipantType type) noexcept {
  return static_cast<uint8_t>(static_cast<int>(type) + 1);
}

Checked<base::ParticipantType> participant_type(uint8_t number) noexcept {
  return between(number - 1, base::ParticipantType::server, base::ParticipantType::service);
}

Checked<base::ConnectionSecurity> connection_security(uint8_t number) noexcept {
  return between(number, base::ConnectionSecurity::clear, base::ConnectionSecurity::mtls);
}

Checked<base::MessageSecurity> message_security(uint8_t number) noexcept {
  return between(number, base::MessageSecurity::automatic, base::MessageSecurity::seal);
}

Checked<uint8_t> observed_bits(uint8_t number) noexcept {
  if ((number & ~kObservedBits) != 0) return tl::unexpected(Refusal::bad_headers);
  return number;
}

}  // namespace fairlead::auth
