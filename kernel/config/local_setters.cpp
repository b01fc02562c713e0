#include "config/local_setters.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "config/host.hpp"

namespace fairlead::config {
namespace {

using base::ErrorCode;
using base::fail;
using base::Milliseconds;
using base::Status;

template <class T>
Value<T> value_of(const Override& given, T value) {
  return {std::move(value), given.origin, given.at};
}

bool is_none(std::string_view text) noexcept { return text.empty() || text == "none"; }

}  // namespace

Status set_listen_host(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  FAIRLEAD_TRY(const std::string host, parse_host(given.value));
  for (Listener& listener : one.listeners) listener.host = host;
  return {};
}

Status set_listen_port(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  FAIRLEAD_TRY(const uint16_t port, parse_port(given.value, 0));
  for (Listener& listener : one.listeners) {
    if (port != 0 && listener.purpose == Purpose::admins) continue;
    listener.port = port;
    if (port != 0) break;
  }
  return {};
}

Status set_memory_limit(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  FAIRLEAD_TRY(const uint64_t bytes, parse_memory_size(given.value));
  one.memory_limit = value_of(given, bytes);
  return {};
}

Status set_connect_to(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  FAIRLEAD_TRY(Address address, parse_address(given.value, one.connect_to.value));
  one.connect_to = value_of(given, std::move(address));
  return {};
}

Status set_custom_ca(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  one.custom_ca_cert = value_of(given, given.value);
  one.custom_ca_file = given.value;
  one.custom_ca_used = one.connection_security.value == base::ConnectionSecurity::tls;
  return {};
}

Status set_message_security(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes) {
  FAIRLEAD_TRY(const auto asked, base::parse_message_security(given.value));
  const auto current = one.message_security.value;
  const std::string change = std::string("message_security ") + base::name(asked) + " is weaker than " +
                             base::name(current) + " in the kit of " + one.name;
  if (asked < current && one.weaker_overrides.value == WeakerOverrides::refused)
    return fail(ErrorCode::bad_configuration, change,
                "remove the override, or provision a kit with weaker_overrides: allowed");
  if (asked < current) notes.push_back({NoteLevel::warning, {one.name}, change + "; the kit allows it"});
  one.message_security = value_of(given, asked);
  if (asked != base::MessageSecurity::automatic)
    one.expected_message_security = std::max(one.expected_message_security, asked);
  return {};
}

Status set_proxy(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  Proxy proxy = one.proxy ? one.proxy->value : Proxy{};
  proxy.url.clear();
  if (!is_none(given.value)) {
    FAIRLEAD_TRY(proxy.url, parse_proxy_url(given.value));
  }
  one.proxy = value_of(given, std::move(proxy));
  return {};
}

Status set_proxy_credentials(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  const std::string name = is_none(given.value) ? "" : given.value;
  if (!name.empty() && !base::check_participant_name(base::ParticipantType::server, name))
    return fail(ErrorCode::bad_configuration, "this is not the name of a file in local/secrets",
                "write the name alone, never user and password: letters, digits, dot, underscore and dash");
  one.proxy_credentials = value_of(given, name);
  return {};
}

Status set_compact_headers(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  if (given.value != "true" && given.value != "false")
    return fail(ErrorCode::bad_configuration, "\"" + given.value + "\" is neither true nor false",
                "write true or false");
  one.compact_headers = value_of(given, given.value == "true");
  return {};
}

Status set_log_level(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  FAIRLEAD_TRY(base::parse_log_level(given.value));
  one.log_level = value_of(given, given.value);
  return {};
}

Status set_log_format(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  FAIRLEAD_TRY(base::parse_log_format(given.value));
  one.log_format = value_of(given, given.value);
  return {};
}

Status set_transport_option(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  const std::string_view rest = std::string_view(given.key).substr(std::string_view("transports.").size());
  const size_t dot = rest.find('.');
  one.transports[std::string(rest.substr(0, dot))][std::string(rest.substr(dot + 1))] = given.value;
  return {};
}

/// The scheme in "transports.SCHEME.plugin".
std::string scheme_of(const std::string& key) {
  const size_t from = key.find('.') + 1;
  return key.substr(from, key.find('.', from) - from);
}

Status set_site_plugin(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  one.site_plugins[scheme_of(given.key)].file = value_of(given, given.value);
  return {};
}

Status set_plugin_digest(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  if (given.value.size() != 64 || !base::from_hex(given.value))
    return fail(ErrorCode::bad_configuration, "\"" + given.value + "\" is not a SHA-256",
                "write 64 hexadecimal digits, as sha256sum prints them");
  one.site_plugins[scheme_of(given.key)].sha256 = given.value;
  return {};
}

Status set_duration(Value<Milliseconds>& value, const Override& given, Milliseconds least) {
  FAIRLEAD_TRY(const Milliseconds duration, parse_duration(given.value));
  if (duration < least)
    return fail(ErrorCode::bad_configuration,
                given.key + " is at least " + std::to_string(least.count()) + "ms, found " + given.value);
  value = value_of(given, duration);
  return {};
}

Shown shown_log_level(const ResolvedParticipant& one) { return one.log_level; }

Shown shown_log_format(const ResolvedParticipant& one) { return one.log_format; }

Shown shown_memory_limit(const ResolvedParticipant& one) {
  if (!one.memory_limit) return std::nullopt;
  return Value<std::string>{std::to_string(one.memory_limit->value >> 20) + "MiB", one.memory_limit->origin,
                            one.memory_limit->at};
}

Shown shown_compact_headers(const ResolvedParticipant& one) {
  if (!one.compact_headers.value) return std::nullopt;
  return Value<std::string>{"true", one.compact_headers.origin, one.compact_headers.at};
}

Shown shown_duration(const Value<Milliseconds>& value) {
  if (value.origin == Origin::default_value) return std::nullopt;
  return Value<std::string>{std::to_string(value.value.count()) + "ms", value.origin, value.at};
}

}  // namespace fairlead::config
