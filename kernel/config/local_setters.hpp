/// What each local setting does to a resolved participant. Used by the table in local_settings.cpp only.
#pragma once
#include "config/local_settings.hpp"

namespace fairlead::config {

/// Each changes one value, or fails with bad_configuration and the forms allowed.
base::Status set_listen_host(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
/// Port 0 goes to every listener, another one to the first that clients use: two cannot share it.
base::Status set_listen_port(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
base::Status set_memory_limit(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
base::Status set_connect_to(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
/// From the site's own file, whose paths the reader has made absolute.
base::Status set_custom_ca(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
/// Refuses less than the kit asks for unless weaker_overrides allows it; then it adds a warning.
base::Status set_message_security(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
/// The URL alone: credentials stay as they are. "none" and "" mean a direct connection.
base::Status set_proxy(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
/// "none" and "" mean none.
base::Status set_proxy_credentials(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
base::Status set_compact_headers(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
base::Status set_log_level(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
base::Status set_log_format(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
base::Status set_site_plugin(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
base::Status set_plugin_digest(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);
base::Status set_transport_option(ResolvedParticipant& one, const Override& given, std::vector<Note>& notes);

/// A duration of at least `least`.
base::Status set_duration(Value<base::Milliseconds>& value, const Override& given, base::Milliseconds least);
template <auto kMember, int kLeastMilliseconds = 1>
base::Status set_timeout(ResolvedParticipant& one, const Override& given, std::vector<Note>&) {
  return set_duration(one.timeouts.*kMember, given, base::Milliseconds(kLeastMilliseconds));
}

/// The value as text when somebody set it.
using Shown = std::optional<Value<std::string>>;
Shown shown_log_level(const ResolvedParticipant& one);
Shown shown_log_format(const ResolvedParticipant& one);
Shown shown_memory_limit(const ResolvedParticipant& one);
Shown shown_compact_headers(const ResolvedParticipant& one);
Shown shown_duration(const Value<base::Milliseconds>& value);
template <auto kMember>
Shown shown_timeout(const ResolvedParticipant& one) {
  return shown_duration(one.timeouts.*kMember);
}

}  // namespace fairlead::config
