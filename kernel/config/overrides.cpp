#include "config/overrides.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/log.hpp"
#include "config/host.hpp"

namespace fairlead::config {
namespace {

using base::ErrorCode;
using base::fail;
using base::Milliseconds;
using base::ParticipantType;
using base::Status;

/// What applying one override may need beyond the participant itself.
struct Context {
  WeakerOverrides weaker;
  std::vector<Note>& notes;
};

template <class T>
Value<T> value_of(const Override& given, T value) {
  return {std::move(value), given.origin, given.at};
}

Status require_type(const ResolvedParticipant& one, bool applies, const Override& given) {
  if (applies) return {};
  return fail(ErrorCode::bad_configuration,
              given.key + " does not apply to a participant of type " + base::name(one.type), "remove it");
}

Status set_listen_host(ResolvedParticipant& one, const Override& given) {
  FAIRLEAD_TRY(require_type(one, one.type == ParticipantType::server, given));
  FAIRLEAD_TRY(const std::string host, parse_host(given.value));
  for (Listener& listener : one.listeners) listener.host = host;
  return {};
}

/// Port 0 goes to every listener, another one to the first that clients use: two cannot share it.
Status set_listen_port(ResolvedParticipant& one, const Override& given) {
  FAIRLEAD_TRY(require_type(one, one.type == ParticipantType::server, given));
  FAIRLEAD_TRY(const uint16_t port, parse_port(given.value, 0));
  for (Listener& listener : one.listeners) {
    if (port != 0 && listener.purpose == Purpose::admins) continue;
    listener.port = port;
    if (port != 0) break;
  }
  return {};
}

Status set_connect_to(ResolvedParticipant& one, const Override& given) {
  FAIRLEAD_TRY(require_type(one, one.type != ParticipantType::server, given));
  FAIRLEAD_TRY(Address address, parse_address(given.value, one.connect_to.value));
  one.connect_to = value_of(given, std::move(address));
  return {};
}

Status set_message_security(ResolvedParticipant& one, const Override& given, Context& context) {
  FAIRLEAD_TRY(const auto asked, base::parse_message_security(given.value));
  const auto current = one.message_security.value;
  const std::string change = std::string("message_security ") + base::name(asked) + " is weaker than " +
                             base::name(current) + " in the kit of " + one.name;
  if (asked < current && context.weaker == WeakerOverrides::refused)
    return fail(ErrorCode::bad_configuration, change,
                "remove the override, or provision a kit that allows it");
  if (asked < current)
    context.notes.push_back({NoteLevel::warning, {one.name}, change + "; the kit allows it"});
  one.message_security = value_of(given, asked);
  if (asked != base::MessageSecurity::automatic)
    one.expected_message_security = std::max(one.expected_message_security, asked);
  return {};
}

Status set_log_level(ResolvedParticipant& one, const Override& given) {
  FAIRLEAD_TRY(base::parse_log_level(given.value));
  one.log_level = value_of(given, given.value);
  return {};
}

Status set_log_format(ResolvedParticipant& one, const Override& given) {
  FAIRLEAD_TRY(base::parse_log_format(given.value));
  one.log_format = value_of(given, given.value);
  return {};
}

/// Only from the site's own file, whose paths the reader has made absolute.
Status set_custom_ca(ResolvedParticipant& one, const Override& given) {
  FAIRLEAD_TRY(require_type(one, one.type != ParticipantType::server, given));
  one.custom_ca_cert = value_of(given, given.value);
  one.custom_ca_file = given.value;
  one.custom_ca_used = one.connection_security.value == base::ConnectionSecurity::tls;
  return {};
}

Status set_transport_option(ResolvedParticipant& one, const Override& given) {
  const std::string_view rest = std::string_view(given.key).substr(std::string_view("transports.").size());
  const size_t dot = rest.find('.');
  one.transports[std::string(rest.substr(0, dot))][std::string(rest.substr(dot + 1))] = given.value;
  return {};
}

Status set_compact_headers(ResolvedParticipant& one, const Override& given) {
  FAIRLEAD_TRY(require_type(one, one.type != ParticipantType::server, given));
  if (given.value != "true" && given.value != "false")
    return fail(ErrorCode::bad_configuration, "\"" + given.value + "\" is neither true nor false",
                "write true or false");
  one.compact_headers = value_of(given, given.value == "true");
  return {};
}

Status set_memory_limit(ResolvedParticipant& one, const Override& given) {
  FAIRLEAD_TRY(require_type(one, one.type == ParticipantType::server, given));
  FAIRLEAD_TRY(const uint64_t bytes, parse_memory_size(given.value));
  one.memory_limit = value_of(given, bytes);
  return {};
}

constexpr Milliseconds kLeastLife{2'000};  // tokens count in seconds

struct TimeoutKey {
  std::string_view key;
  Value<Milliseconds> Timeouts::*member;
  Milliseconds least{1};
};
constexpr std::array kTimeoutKeys = {TimeoutKey{"connect_timeout", &Timeouts::connect},
                                     TimeoutKey{"handshake_timeout", &Timeouts::handshake},
                                     TimeoutKey{"login_timeout", &Timeouts::login},
                                     TimeoutKey{"first_byte_timeout", &Timeouts::first_byte},
                                     TimeoutKey{"heartbeat_interval", &Timeouts::heartbeat_interval},
                                     TimeoutKey{"token_lifetime", &Timeouts::token_lifetime, kLeastLife},
                                     TimeoutKey{"session_lifetime", &Timeouts::session_lifetime, kLeastLife}};

Status set_timeout(ResolvedParticipant& one, const Override& given) {
  const auto* const row = std::find_if(kTimeoutKeys.begin(), kTimeoutKeys.end(),
                                       [&](const auto& key) { return key.key == given.key; });
  if (row == kTimeoutKeys.end())
    return fail(ErrorCode::bad_configuration, "unknown setting \"" + given.key + "\"",
                "see fairlead help config");
  if (given.key == "token_lifetime")
    FAIRLEAD_TRY(require_type(one, one.type == ParticipantType::server, given));
  FAIRLEAD_TRY(const Milliseconds duration, parse_duration(given.value));
  if (duration < row->least)
    return fail(
        ErrorCode::bad_configuration,
        given.key + " is at least " + std::to_string(row->least.count()) + "ms, found " + given.value);
  one.timeouts.*(row->member) = value_of(given, duration);
  return {};
}

Status apply_one(ResolvedParticipant& one, const Override& given, Context& context) {
  if (given.key == "listen.host") return set_listen_host(one, given);
  if (given.key == "listen.port") return set_listen_port(one, given);
  if (given.key == "connect_to") return set_connect_to(one, given);
  if (given.key == "message_security") return set_message_security(one, given, context);
  if (given.key == "compact_headers") return set_compact_headers(one, given);
  if (given.key == "log.level") return set_log_level(one, given);
  if (given.key == "log.format") return set_log_format(one, given);
  if (given.key == "memory_limit") return set_memory_limit(one, given);
  if (given.key == "custom_ca_cert") return set_custom_ca(one, given);
  if (given.key.starts_with("transports.")) return set_transport_option(one, given);
  return set_timeout(one, given);
}

/// Says where the refused value came from, in the way of that place.
base::Error located(base::Error error, const Override& given) {
  if (given.origin == Origin::command_line) {
    error.code = ErrorCode::bad_arguments;
    error.text = "--set " + given.key + ": " + error.text;
  } else if (given.origin == Origin::environment) {
    error.text = given.at + ": " + error.text;
  } else {
    error.origin = given.at + ":1";
  }
  return error;
}

}  // namespace

base::Result<std::vector<Note>> apply_overrides(ResolvedParticipant& participant, const Overrides& overrides,
                                                WeakerOverrides weaker) {
  Overrides sorted = overrides;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.origin < b.origin; });
  std::vector<Note> notes;
  Context context{weaker, notes};
  for (const Override& given : sorted)
    if (auto status = apply_one(participant, given, context); !status)
      return tl::unexpected(located(std::move(status).error(), given));
  return notes;
}

base::Result<Milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    int64_t milliseconds;
  };
  static constexpr std::array kUnits = {Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                        Unit{"h", 3'600'000}};
  constexpr int64_t kMost = 24 * 3'600'000;
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& row : kUnits)
    if (error == std::errc() && unit == row.name && count > 0 && count <= kMost / row.milliseconds)
      return Milliseconds(count * row.milliseconds);
  return fail(ErrorCode::bad_configuration, "\"" + std::string(text) + "\" is not a duration",
              "write a number and ms, s, m or h, at most 24h: 500ms, 10s");
}

base::Result<uint64_t> parse_memory_size(std::string_view text) {
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  const uint64_t mebibytes = unit == "MiB" ? count : unit == "GiB" ? uint64_t{count} * 1024 : 0;
  if (error == std::errc() && mebibytes >= 64 && mebibytes <= 1024 * 1024) return mebibytes << 20;
  return fail(ErrorCode::bad_configuration, "\"" + std::string(text) + "\" is not a size of memory",
              "write a number and MiB or GiB, from 64MiB to 1024GiB");
}

base::Result<Address> parse_address(std::string_view text, const Address& defaults) {
  Address address = defaults;
  if (const size_t split = text.find("://"); split != std::string_view::npos) {
    FAIRLEAD_TRY(address.scheme, parse_scheme(text.substr(0, split)));
    text.remove_prefix(split + 3);
  }
  const size_t colon = text.rfind(':');
  const bool bare_ipv6 = text.find(':') != colon && !text.starts_with('[');
  const bool has_port = colon != std::string_view::npos && !bare_ipv6 && !text.ends_with(']');
  if (has_port) {
    FAIRLEAD_TRY(address.port, parse_port(text.substr(colon + 1)));
    text = text.substr(0, colon);
  }
  FAIRLEAD_TRY(address.host, parse_host(text));
  return address;
}

}  // namespace fairlead::config
