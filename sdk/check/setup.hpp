/// What a plugin needs to be tried: addresses, options and credentials, read from the .check.json beside it.
/// The format is documented in sdk/docs/conformance.md.
#pragma once
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::check {

/// A setup or argument that cannot be used; exit code 4.
class SetupError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Role { listener, dialler };
std::string_view name(Role role) noexcept;

/// Option name -> its value as text; the content where the setup names a file.
using Options = std::map<std::string, std::string>;

/// Participant -> its raw public key, as "fairlead.peers/1" tells them.
using Peers = std::map<std::string, std::string>;

/// `over` wins.
Options merged(const Options& base, const Options& over);

/// How safe a connection of a configuration is, as the plugin has to report it.
enum class Level { clear, tls, mtls };
/// What carries the bytes of a listener, when strangers can reach it without the plugin.
enum class Wire { unknown, tcp, unix_socket };

/// A value that create() must refuse.
struct BadValue {
  Role role = Role::listener;
  std::string option, value;
};

/// Two ends that do not trust each other.
struct WrongPeer {
  std::string name;
  Options listener, dialler;  ///< over the configuration's
  Role refused_by = Role::listener;
};

struct Configuration {
  std::string name;
  Level level = Level::clear;
  Wire wire = Wire::unknown;
  std::string listen;        ///< empty: the setup gives none
  std::string connect;       ///< "{address}" is what the listener reports
  std::string nobody;        ///< an address where nobody listens
  std::string wire_address;  ///< where strangers reach the listener, unless at its own address
  std::string echo;          ///< connecting there brings back everything sent
  Options listener, dialler;
  Peers peers;
  std::vector<BadValue> bad_values;
  std::vector<WrongPeer> wrong_peers;
};

struct Setup {
  std::vector<Configuration> configurations;  ///< at least one

  /// Throws SetupError that starts FILE:1:1.
  static Setup read(const std::filesystem::path& file);
  /// For a plugin without a setup: one configuration that says nothing.
  static Setup none();
};

/// NAME.check.json beside NAME.so.
std::filesystem::path setup_beside(const std::filesystem::path& plugin);

/// Replaces {dir}, {port} and {address} in an address or value.
std::string fill_in(std::string text, const std::map<std::string, std::string>& places);

}  // namespace fairlead::check
