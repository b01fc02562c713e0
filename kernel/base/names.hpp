/// Names of participants and endpoints, and the rules they follow. Compared as exact bytes.
#pragma once
#include <compare>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace fairlead::base {

enum class ParticipantType { server, client, admin, service };

const char* name(ParticipantType type) noexcept;
Result<ParticipantType> parse_participant_type(std::string_view text);

/// In an address `server` always means the one server, whatever its name.
inline constexpr std::string_view kServerAddress = "server";
/// In an address `*` is every client's plain endpoint that is logged in now, without the sender.
inline constexpr std::string_view kEveryone = "*";

/// Is this a legal name for a participant of that type? Fails with what is wrong.
/// server: 1-255 of [A-Za-z0-9._-]; client, service: the same and not `server` in any case; admin: user@host.
Status check_participant_name(ParticipantType type, std::string_view name);

/// `participant` or `participant/app`, app 1-64 of [A-Za-z0-9._-].
class Endpoint {
 public:
  Endpoint() = default;
  /// Fails with ErrorCode::bad_arguments and what was expected.
  static Result<Endpoint> parse(std::string_view text);

  const std::string& text() const noexcept { return text_; }
  std::string_view participant() const noexcept { return std::string_view(text_).substr(0, split_); }
  /// Empty for the plain endpoint.
  std::string_view app() const noexcept;
  /// Is `other` this endpoint or one below it (starts with it and "/")?
  bool covers(std::string_view other) const noexcept;
  bool empty() const noexcept { return text_.empty(); }
  bool operator==(const Endpoint& other) const noexcept { return text_ == other.text_; }

 private:
  std::string text_;
  size_t split_ = 0;
};

}  // namespace fairlead::base
