#include "config/pairs.hpp"

#include <algorithm>

#include "config/host.hpp"
#include "config/shipped_transports.hpp"

namespace fairlead::config {
namespace {

using base::ConnectionSecurity;
using base::MessageSecurity;
using base::ParticipantType;

bool serves(const Listener& listener, ParticipantType type) noexcept {
  const Purpose wanted = type == ParticipantType::admin ? Purpose::admins : Purpose::clients;
  return listener.purpose == Purpose::both || listener.purpose == wanted;
}

/// Shipped transports report facts about their links that the kernel believes; of others it believes nothing.
bool has_trusted_links(const std::string& scheme) noexcept {
  const ShippedTransport* shipped = shipped_for_scheme(scheme);
  return shipped != nullptr && shipped->trusted_link;
}

bool gives_seal(const Listener& listener) noexcept {
  return listener.connection_security == ConnectionSecurity::clear || !has_trusted_links(listener.scheme);
}

bool matches(const std::vector<const Listener*>& faced, ConnectionSecurity security) noexcept {
  return std::any_of(faced.begin(), faced.end(),
                     [&](const Listener* one) { return one->connection_security == security; });
}

/// What has to stand between a connecting side and a listener of another level.
const char* needed_between(ConnectionSecurity dialled, ConnectionSecurity offered) noexcept {
  if (dialled == ConnectionSecurity::clear)
    return offered == ConnectionSecurity::mtls
               ? "this pair needs an outbound proxy in between that adds TLS with a client certificate"
               : "this pair needs an outbound proxy in between that adds TLS";
  if (offered == ConnectionSecurity::clear) return "this pair needs a TLS-terminating proxy in between";
  return offered == ConnectionSecurity::mtls
             ? "this pair needs a TLS-terminating proxy in between that shows a client certificate to the "
               "server"
             : "this pair needs a TLS-terminating proxy in between that asks for the client's certificate";
}

void note_security(const ResolvedParticipant& one, const ResolvedParticipant& server,
                   const std::vector<const Listener*>& faced, std::vector<Note>& notes) {
  const ConnectionSecurity dialled = one.connection_security.value;
  if (faced.empty() || matches(faced, dialled)) return;
  const Listener& listener = *faced.front();
  notes.push_back({NoteLevel::warning,
                   {one.name, server.name},
                   one.name + " connects with " + base::name(dialled) + " and " + server.name +
                       " listens with " + base::name(listener.connection_security) + " on port " +
                       std::to_string(listener.port) + ": " +
                       needed_between(dialled, listener.connection_security)});
}

void note_host(const ResolvedParticipant& one, const ResolvedParticipant& server, std::vector<Note>& notes) {
  const std::string& host = one.connect_to.value.host;
  const auto& names = server.host_names.value;
  const bool known =
      one.connect_to.origin == Origin::default_value || same_host(host, server.name) ||
      same_host(host, server.default_host.value) ||
      std::any_of(names.begin(), names.end(), [&](const auto& name) { return same_host(host, name); });
  if (known) return;
  notes.push_back(
      {NoteLevel::warning,
       {one.name, server.name},
       one.name + " connects to " + host + ", which is not in host_names of " + server.name +
           ": its certificate will not cover that address; add it there unless a proxy answers (" +
           one.connect_to.at + ")"});
}

void note_scheme(const ResolvedParticipant& one, const ResolvedParticipant& server,
                 const std::vector<const Listener*>& faced, std::vector<Note>& notes) {
  const ShippedTransport* shipped = shipped_for_scheme(one.connect_to.value.scheme);
  if (!faced.empty() || (shipped != nullptr && !shipped->listens)) return;
  notes.push_back({NoteLevel::warning,
                   {one.name, server.name},
                   one.name + " connects with transport " + one.connect_to.value.scheme +
                       ", and no listener of " + server.name +
                       " for it speaks that: add one to listeners, or change scheme"});
}

}  // namespace

std::vector<const Listener*> faced_listeners(const ResolvedParticipant& server, ParticipantType type,
                                             const Address& address) {
  std::vector<const Listener*> all, exact;
  for (const Listener& listener : server.listeners) {
    if (listener.scheme != address.scheme || !serves(listener, type)) continue;
    all.push_back(&listener);
    if (listener.port == address.port) exact.push_back(&listener);
  }
  return exact.empty() ? all : exact;
}

MessageSecurity expected_message_security(const ResolvedParticipant& participant,
                                          const ResolvedParticipant& server) {
  if (participant.message_security.value != MessageSecurity::automatic)
    return participant.message_security.value;
  if (server.message_security.value == MessageSecurity::seal) return MessageSecurity::seal;
  if (participant.type == ParticipantType::server) {
    const auto& listeners = participant.listeners;
    return std::any_of(listeners.begin(), listeners.end(), gives_seal) ? MessageSecurity::seal
                                                                       : MessageSecurity::mac;
  }
  const Address& address = participant.connect_to.value;
  const ConnectionSecurity security = participant.connection_security.value;
  const bool straight = security != ConnectionSecurity::clear && !participant.custom_ca_used &&
                        has_trusted_links(address.scheme) &&
                        matches(faced_listeners(server, participant.type, address), security);
  return straight ? MessageSecurity::mac : MessageSecurity::seal;
}

void add_pair_notes(ResolvedProject& project) {
  const ResolvedParticipant& server = project.server();
  for (const ResolvedParticipant& one : project.participants) {
    if (one.type == ParticipantType::server) continue;
    const auto faced = faced_listeners(server, one.type, one.connect_to.value);
    note_security(one, server, faced, project.notes);
    note_host(one, server, project.notes);
    note_scheme(one, server, faced, project.notes);
  }
}

}  // namespace fairlead::config
