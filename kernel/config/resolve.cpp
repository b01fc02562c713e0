#include "config/resolve.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/words.hpp"
#include "config/pairs.hpp"
#include "config/project_reader.hpp"

namespace fairlead::config {
namespace {

using base::ConnectionSecurity;
using base::ParticipantType;

constexpr uint16_t kDefaultPort = 8002;

/// Resolves the participants of one project, one key at a time.
class Resolver {
 public:
  Resolver(const Project& project, const ResolveOptions& options) : project_(project), options_(options) {}

  ResolvedProject run() {
    ResolvedProject out;
    out.name = project_.name;
    out.description = project_.description;
    out.secure_train = secure_train_ = from(project_.secure_train, Origin::project, Value<bool>{true});
    out.crl = from(project_.crl, Origin::project, Value<CrlMode>{});
    out.policy = from(project_.policy, Origin::project, Value<std::vector<PolicyRule>>{});
    server_ = server(*std::find_if(project_.participants.begin(), project_.participants.end(),
                                   [](const auto& one) { return one.type == ParticipantType::server; }));
    for (const Participant& one : project_.participants)
      out.participants.push_back(one.type == ParticipantType::server ? server_ : connecting(one));
    for (ResolvedParticipant& one : out.participants)
      one.expected_message_security = expected_message_security(one, server_);
    return out;
  }

 private:
  std::string at(Position position) const { return project_.file + ":" + std::to_string(position.line); }

  template <class T>
  Value<T> from(const Maybe<T>& given, Origin origin, Value<T> fallback) const {
    return given ? Value<T>{given->value, origin, at(given->at)} : fallback;
  }
  /// A key of both levels.
  template <class T>
  Value<T> both(const Participant& one, Maybe<T> SharedKeys::*key, Value<T> fallback) const {
    return from(one.keys.*key, Origin::participant,
                from(project_.keys.*key, Origin::project, std::move(fallback)));
  }

  Value<ConnectionSecurity> connection_security(const Participant& one) const {
    Value<ConnectionSecurity> fallback{ConnectionSecurity::mtls};
    if (!secure_train_.value) fallback = {ConnectionSecurity::clear, Origin::secure_train};
    const auto value = both(one, &SharedKeys::connection_security, fallback);
    return one.connect_to ? from(one.connect_to->value.connection_security, Origin::participant, value)
                          : value;
  }

  Value<base::MessageSecurity> message_security(const Participant& one) const {
    auto value = both(one, &SharedKeys::message_security, Value<base::MessageSecurity>{});
    if (value.value == base::MessageSecurity::automatic) value = {value.value, Origin::automatic};
    return value;
  }

  void resolve_custom_ca(const Participant& one, ResolvedParticipant& out) const {
    const auto path = both(one, &SharedKeys::custom_ca_cert, Value<std::string>{});
    if (path.value.empty()) return;
    out.custom_ca_cert = path;
    out.custom_ca_used =
        one.type != ParticipantType::server && out.connection_security.value == ConnectionSecurity::tls;
    out.custom_ca_file = absolute_beside(project_.file, path.value);
  }

  TransportOptions transports(const Participant& one) const {
    TransportOptions merged;
    for (const GivenOptions* level : {&project_.keys.transports, &one.keys.transports})
      for (const auto& [scheme, options] : *level) {
        merged[scheme];
        for (const auto& [option, text] : options) merged[scheme][option] = text.value;
      }
    return merged;
  }

  ResolvedParticipant shared(const Participant& one) const {
    ResolvedParticipant out;
    out.name = one.name.value;
    out.type = one.type;
    out.org = one.org;
    out.key_custody = from(one.key_custody, Origin::participant, Value<KeyCustody>{});
    out.connection_security = connection_security(one);
    out.message_security = message_security(one);
    out.scheme = both(one, &SharedKeys::scheme, Value<std::string>{"tcp"});
    out.transports = transports(one);
    out.weaker_overrides = both(one, &SharedKeys::weaker_overrides, Value<WeakerOverrides>{});
    resolve_custom_ca(one, out);
    return out;
  }

  std::vector<Listener> default_listeners(const Participant& one, const ResolvedParticipant& out) const {
    const uint16_t port = one.fed_learn_port ? one.fed_learn_port->value : kDefaultPort;
    const uint16_t admin_port = one.admin_port ? one.admin_port->value : port;
    Listener listener{out.scheme.value, options_.listen_host, port, out.connection_security.value,
                      Purpose::both};
    if (admin_port == port) return {listener};
    Listener admins = listener;
    listener.purpose = Purpose::clients;
    admins.purpose = Purpose::admins;
    admins.port = admin_port;
    return {listener, admins};
  }

  /// Every listener serves everybody, unless one of them has the admin_port: then admins go there.
  std::vector<Listener> listeners(const Participant& one, const ResolvedParticipant& out) const {
    if (!one.listeners) return default_listeners(one, out);
    const auto& entries = one.listeners->value;
    const auto for_admins = [&](const auto& entry) {
      return one.admin_port && entry.port == one.admin_port->value;
    };
    const auto admin_entries = std::count_if(entries.begin(), entries.end(), for_admins);
    const bool split = admin_entries > 0 && admin_entries < static_cast<std::ptrdiff_t>(entries.size());
    std::vector<Listener> all;
    all.reserve(entries.size());
    for (const ListenerEntry& entry : entries)
      all.push_back({entry.scheme.value_or(out.scheme.value), entry.host.value_or(options_.listen_host),
                     entry.port, entry.connection_security.value_or(out.connection_security.value),
                     !split              ? Purpose::both
                     : for_admins(entry) ? Purpose::admins
                                         : Purpose::clients});
    return all;
  }

  ResolvedParticipant server(const Participant& one) const {
    ResolvedParticipant out = shared(one);
    out.host_names = from(one.host_names, Origin::participant, Value<std::vector<std::string>>{});
    out.default_host = from(one.default_host, Origin::participant, Value<std::string>{out.name});
    out.listeners = listeners(one, out);
    out.issuing_ca = from(one.issuing_ca, Origin::participant, Value<bool>{false});
    return out;
  }

  /// Port of the listener this participant faces; the first one's when the server does not offer the scheme.
  uint16_t default_port(ParticipantType type, const Address& address) const {
    const auto faced = faced_listeners(server_, type, address);
    return faced.empty() ? server_.listeners.front().port : faced.front()->port;
  }

  Value<Address> connect_to(const Participant& one, const std::string& scheme) const {
    Value<Address> out{Address{scheme, server_.default_host.value, 0}};
    if (one.connect_to) {
      const ConnectTo& given = one.connect_to->value;
      out = {Address{given.scheme.value_or(scheme), given.host, given.port.value_or(0)}, Origin::participant,
             at(one.connect_to->at)};
    }
    if (out.value.port == 0) out.value.port = default_port(one.type, out.value);
    return out;
  }

  ResolvedParticipant connecting(const Participant& one) const {
    ResolvedParticipant out = shared(one);
    if (one.type == ParticipantType::admin) out.role = one.role ? one.role->value : "member";
    if (one.proxy) out.proxy = Value<Proxy>{one.proxy->value, Origin::participant, at(one.proxy->at)};
    out.connect_to = connect_to(one, out.scheme.value);
    return out;
  }

  const Project& project_;
  const ResolveOptions& options_;
  Value<bool> secure_train_;
  ResolvedParticipant server_;
};

void add_file_notes(const Project& project, std::vector<Note>& notes) {
  if (!project.ignored.empty())
    notes.push_back({NoteLevel::info,
                     {},
                     "these keys have no effect here and are ignored: " + base::joined(project.ignored)});
  if (!project.legacy_schemes.empty())
    notes.push_back(
        {NoteLevel::info, {}, "these schemes mean tcp here: " + base::joined(project.legacy_schemes)});
}

}  // namespace

ResolvedProject resolve(const Project& project, const ResolveOptions& options) {
  ResolvedProject out = Resolver(project, options).run();
  add_file_notes(project, out.notes);
  add_pair_notes(out);
  return out;
}

std::string absolute_beside(const std::string& beside, const std::string& path) {
  std::error_code ignored;
  const auto joined_path = std::filesystem::path(beside).parent_path() / path;
  return std::filesystem::absolute(joined_path, ignored).lexically_normal().string();
}

std::string default_listen_host() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return "0.0.0.0";
  ::close(fd);
  return "::";
}

base::Result<ResolvedProject> load_project(const std::string& path) {
  const ProjectReading reading = read_project(path);
  if (!reading.project) return tl::unexpected(reading.diagnostics.first());
  return resolve(*reading.project, {default_listen_host()});
}

}  // namespace fairlead::config
