/// The key table: every key of a project file with its level, type and one line of help. One place for the
/// reader's checks and for what is generated from it (manual page, schema).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/names.hpp"

namespace fairlead::config {

/// Where a key may stand; bits, because most keys stand at several levels.
enum Level : unsigned {
  kProject = 1,
  kServer = 2,
  kClient = 4,
  kAdmin = 8,
  kService = 16,
  kListenerMap = 32,
  kConnectToMap = 64,
  kPolicyMap = 128,
  kProxyMap = 256,
  kConnecting = kClient | kAdmin | kService,
  kEveryParticipant = kServer | kConnecting
};

/// What a value must look like.
enum class ValueType {
  version,
  text,
  project_name,
  description,
  name,
  org,
  type,
  role,
  boolean,
  connection_security,
  message_security,
  scheme,
  path,
  port,
  host,
  hosts,
  listeners,
  connect_to,
  options,
  participants,
  policy,
  peer,
  topics,
  crl,
  key_custody,
  weaker_overrides,
  proxy,
  url,
  secret_name,
  ignored
};
/// The words a value is chosen from, empty when the type is no such list.
std::span<const std::string_view> choices(ValueType type) noexcept;
/// For people: "port number 1-65535", "path of a PEM file", ...
std::string_view describe(ValueType type) noexcept;

enum class Presence { optional, required };

struct KeyInfo {
  std::string_view key;
  unsigned levels;
  ValueType type;
  Presence presence;
  std::string_view default_text;  ///< for people; empty when there is none
  std::string_view help;
  std::string_view
      example;  ///< a value that is right, as YAML on one line; empty for maps, lists of maps, ignored
};

/// The whole table, in the order of the manual.
std::span<const KeyInfo> key_table() noexcept;
/// The row of a key at a level, null when the key does not stand there.
const KeyInfo* find_key(std::string_view key, Level level) noexcept;
/// "the project", "a client", "a listener"...
std::string_view describe(Level level) noexcept;
/// The same for several: "the project, the server".
std::string describe_levels(unsigned levels);
Level level_of(base::ParticipantType type) noexcept;

/// The level of the map, or of the maps in the list, that is a key's value; nothing when it is neither.
std::optional<Level> level_of(ValueType type) noexcept;

/// What to say about a key that does not stand at this level: where it does, or the nearest one that does.
struct KeyProblem {
  std::string text;
  std::string hint;
};
KeyProblem explain_unknown_key(std::string_view key, Level level);

}  // namespace fairlead::config
