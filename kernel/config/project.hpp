/// The project file as read and checked, before defaults are filled in; every value knows its place in the
/// file. Made by project_reader, used by resolve.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/security.hpp"
#include "config/model.hpp"

namespace fairlead::config {

/// A place in a file. Both count from 1; the column counts characters, not bytes.
struct Position {
  int line = 1;
  int column = 1;
  auto operator<=>(const Position&) const = default;
};

/// A value that somebody wrote.
template <class T>
struct Given {
  T value{};
  Position at{};
};
template <class T>
using Maybe = std::optional<Given<T>>;

/// scheme -> option -> what somebody wrote.
using GivenOptions = std::map<std::string, std::map<std::string, Given<std::string>>>;

/// Keys that stand at both levels; the participant's value wins.
struct SharedKeys {
  Maybe<base::ConnectionSecurity> connection_security;
  Maybe<std::string> custom_ca_cert;
  Maybe<base::MessageSecurity> message_security;
  Maybe<std::string> scheme;
  GivenOptions transports;
  Maybe<WeakerOverrides> weaker_overrides;
};

/// `connect_to`, either a host or a map; what is not written is empty.
struct ConnectTo {
  std::string host;
  std::optional<uint16_t> port;
  std::optional<std::string> scheme;
  Maybe<base::ConnectionSecurity> connection_security;
};

/// One entry of the server's `listeners`.
struct ListenerEntry {
  uint16_t port = 0;
  std::optional<std::string> scheme;
  std::optional<std::string> host;
  std::optional<base::ConnectionSecurity> connection_security;
};

struct Participant {
  Given<std::string> name;
  base::ParticipantType type = base::ParticipantType::client;
  std::string org;
  SharedKeys keys;
  Maybe<std::string> role;
  Maybe<KeyCustody> key_custody;
  Maybe<bool> issuing_ca;
  Maybe<uint16_t> fed_learn_port, admin_port;
  Maybe<std::vector<std::string>> host_names;
  Maybe<std::string> default_host;
  Maybe<std::vector<ListenerEntry>> listeners;
  Maybe<ConnectTo> connect_to;
  Maybe<Proxy> proxy;
};

/// A checked project: exactly one server, at least one other participant, names unique without regard to
/// case.
struct Project {
  std::string file;  ///< as named by the caller; `at` and relative paths start from it
  std::string name;
  std::string description;
  SharedKeys keys;
  Maybe<bool> secure_train;
  Maybe<CrlMode> crl;
  Maybe<std::vector<PolicyRule>> policy;
  std::vector<Participant> participants;
  std::vector<std::string> ignored;         ///< keys of the reference's own files that mean nothing here
  std::vector<std::string> legacy_schemes;  ///< the reference's names for tcp that the file uses
};

}  // namespace fairlead::config
