#include "base/security.hpp"

#include <strings.h>

namespace fairlead::base {
namespace {

template <class Level>
Result<Level> parse(std::string_view text, std::initializer_list<Level> levels, const char* what) {
  std::string allowed;
  for (const Level level : levels) {
    const std::string_view candidate = name(level);
    if (text.size() == candidate.size() && ::strncasecmp(text.data(), candidate.data(), text.size()) == 0)
      return level;
    allowed += (allowed.empty() ? "" : ", ") + std::string(candidate);
  }
  return fail(ErrorCode::bad_configuration, "\"" + std::string(text) + "\" is not a " + what,
              "use one of " + allowed);
}

}  // namespace

const char* name(ConnectionSecurity security) noexcept {
  switch (security) {
    case ConnectionSecurity::clear:
      return "clear";
    case ConnectionSecurity::tls:
      return "tls";
    case ConnectionSecurity::mtls:
      return "mtls";
  }
  return "mtls";
}

const char* name(MessageSecurity security) noexcept {
  switch (security) {
    case MessageSecurity::automatic:
      return "auto";
    case MessageSecurity::mac:
      return "mac";
    case MessageSecurity::seal:
      return "seal";
  }
  return "seal";
}

Result<ConnectionSecurity> parse_connection_security(std::string_view text) {
  return parse(text, {ConnectionSecurity::mtls, ConnectionSecurity::tls, ConnectionSecurity::clear},
               "connection security");
}

Result<MessageSecurity> parse_message_security(std::string_view text) {
  return parse(text, {MessageSecurity::automatic, MessageSecurity::mac, MessageSecurity::seal},
               "message security");
}

}  // namespace fairlead::base
