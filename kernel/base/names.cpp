#include "base/names.hpp"

#include <strings.h>

#include <algorithm>

namespace fairlead::base {
namespace {

bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view punctuation) noexcept {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || punctuation.find(c) != std::string_view::npos;
  });
}

bool is_plain_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 255 && consists_of(text, "._-");
}

bool is_admin_name(std::string_view text) noexcept {
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > 255) return false;
  return consists_of(text.substr(0, at), "._%+-") && consists_of(text.substr(at + 1), ".-");
}

bool is_reserved(std::string_view text) noexcept {
  return text.size() == kServerAddress.size() &&
         ::strncasecmp(text.data(), kServerAddress.data(), text.size()) == 0;
}

}  // namespace

const char* name(ParticipantType type) noexcept {
  switch (type) {
    case ParticipantType::server:
      return "server";
    case ParticipantType::client:
      return "client";
    case ParticipantType::admin:
      return "admin";
    case ParticipantType::service:
      return "service";
  }
  return "client";
}

Result<ParticipantType> parse_participant_type(std::string_view text) {
  for (const auto type :
       {ParticipantType::server, ParticipantType::client, ParticipantType::admin, ParticipantType::service})
    if (text == name(type)) return type;
  return fail(ErrorCode::bad_configuration, "unknown participant type \"" + std::string(text) + "\"",
              "use server, client, admin or service");
}

Status check_participant_name(ParticipantType type, std::string_view text) {
  const std::string quoted = "\"" + std::string(text) + "\"";
  if (type == ParticipantType::admin) {
    if (is_admin_name(text)) return {};
    return fail(ErrorCode::bad_configuration, quoted + " is not a valid admin name",
                "an admin is named like an e-mail address: user@host");
  }
  if (!is_plain_name(text))
    return fail(ErrorCode::bad_configuration, quoted + " is not a valid " + name(type) + " name",
                "use 1 to 255 of letters, digits, dot, underscore and dash");
  if (type != ParticipantType::server && is_reserved(text))
    return fail(ErrorCode::bad_configuration, quoted + " is reserved: it always means the server",
                "choose another name");
  return {};
}

Result<Endpoint> Endpoint::parse(std::string_view text) {
  Endpoint endpoint;
  endpoint.split_ = std::min(text.find('/'), text.size());
  const std::string_view participant = text.substr(0, endpoint.split_);
  const bool has_app = endpoint.split_ < text.size();
  const std::string_view app = has_app ? text.substr(endpoint.split_ + 1) : std::string_view{};
  const bool good_name = is_plain_name(participant) || is_admin_name(participant);
  const bool good_app = !has_app || (!app.empty() && app.size() <= 64 && consists_of(app, "._-"));
  if (!good_name || !good_app)
    return fail(ErrorCode::bad_arguments, "\"" + std::string(text) + "\" is not an endpoint",
                "write PARTICIPANT or PARTICIPANT/APP");
  endpoint.text_ = text;
  return endpoint;
}

std::string_view Endpoint::app() const noexcept {
  return split_ < text_.size() ? std::string_view(text_).substr(split_ + 1) : std::string_view{};
}

bool Endpoint::covers(std::string_view other) const noexcept {
  if (text_.empty() || !other.starts_with(text_)) return false;
  return other.size() == text_.size() || other[text_.size()] == '/';
}

}  // namespace fairlead::base
