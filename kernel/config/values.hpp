/// Reading single values out of a tree: each function checks one node, reports what is wrong, and returns the
/// value. Used by the readers of the project file and of the local overrides.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/keys.hpp"
#include "config/tree.hpp"

namespace fairlead::config {

/// A map together with what its keys may be and where errors go.
class MapReader {
 public:
  /// Reports every key of `map` that does not stand at `level`, and every required one that is missing.
  MapReader(const Node& map, Position at, Level level, Diagnostics& diagnostics);

  const Node* find(std::string_view key) const noexcept { return map_.find(key); }
  Diagnostics& diagnostics() const noexcept { return diagnostics_; }

  /// Reads a key with one of the functions below; nothing when it is absent or wrong.
  template <class Reader>
  auto read(std::string_view key, Reader reader) const {
    const Node* node = find(key);
    using Outcome = decltype(reader(*node, diagnostics_));
    return node == nullptr ? Outcome{} : reader(*node, diagnostics_);
  }
  /// The same with the position kept.
  template <class Reader>
  auto given(std::string_view key, Reader reader) const {
    using Type = typename decltype(reader(*find(key), diagnostics_))::value_type;
    Maybe<Type> out;
    if (auto value = read(key, reader)) out = Given<Type>{std::move(*value), find(key)->at};
    return out;
  }
  /// Names of the keys that are accepted and ignored.
  std::vector<std::string> ignored() const;

 private:
  void check_keys() const;

  const Node& map_;
  Position at_;
  Level level_;
  Diagnostics& diagnostics_;
};

/// Any text without control characters; not empty.
std::optional<std::string> read_text(const Node& node, Diagnostics& diagnostics);
/// The same of at most 64 bytes, because certificates hold no longer organisation.
std::optional<std::string> read_org(const Node& node, Diagnostics& diagnostics);
/// Text that may be empty and may have several lines.
std::optional<std::string> read_description(const Node& node, Diagnostics& diagnostics);
/// 1-255 of [A-Za-z0-9._-].
std::optional<std::string> read_plain_name(const Node& node, Diagnostics& diagnostics);
/// true or false, not quoted.
std::optional<bool> read_boolean(const Node& node, Diagnostics& diagnostics);
/// A number 1-65535, not quoted, decimal.
std::optional<uint16_t> read_port(const Node& node, Diagnostics& diagnostics);
std::optional<std::string> read_host(const Node& node, Diagnostics& diagnostics);
/// One host or a list of different ones.
std::optional<std::vector<std::string>> read_hosts(const Node& node, Diagnostics& diagnostics);
std::optional<std::string> read_scheme(const Node& node, Diagnostics& diagnostics);
std::optional<base::ConnectionSecurity> read_connection_security(const Node& node, Diagnostics& diagnostics);
std::optional<base::MessageSecurity> read_message_security(const Node& node, Diagnostics& diagnostics);
std::optional<CrlMode> read_crl(const Node& node, Diagnostics& diagnostics);
std::optional<WeakerOverrides> read_weaker_overrides(const Node& node, Diagnostics& diagnostics);
std::optional<KeyCustody> read_key_custody(const Node& node, Diagnostics& diagnostics);
/// project_admin, org_admin, lead or member.
std::optional<std::string> read_role(const Node& node, Diagnostics& diagnostics);
/// A URL without credentials, or a map {url, credentials}.
std::optional<Proxy> read_proxy(const Node& node, Diagnostics& diagnostics);
std::optional<GivenOptions> read_transports(const Node& node, Diagnostics& diagnostics);
std::optional<std::vector<PolicyRule>> read_policy(const Node& node, Diagnostics& diagnostics);

}  // namespace fairlead::config
