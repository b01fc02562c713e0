/// Overrides: settings that the site, the environment or the command line lay over a participant's kit.
/// Used by the commands that open a kit.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/diagnostics.hpp"
#include "config/model.hpp"

namespace fairlead::config {

/// One setting; local_settings.hpp lists the keys.
struct Override {
  std::string key;
  std::string value;
  Origin origin = Origin::command_line;
  std::string at;  ///< FILE:LINE, the variable, or "--set"
};
using Overrides = std::vector<Override>;

/// What came out of reading a local file: overrides that count when, and only when, there is no error.
struct LocalReading {
  Diagnostics diagnostics;
  Overrides overrides{};
};

/// Reads a kit's local/fairlead.yml with everything that is wrong with it; nested and dotted keys mean the
/// same. A missing or empty file has no overrides. Any thread.
LocalReading read_local(const std::string& path);
/// The same for a text already in memory; `file` stands in messages, and relative paths start from its
/// folder.
LocalReading read_local_text(const std::string& file, std::string text);

/// The same for who has room for one error only: fails with bad_configuration, the position of the first and
/// how many more there are. Any thread.
base::Result<Overrides> read_local_overrides(const std::string& path);

/// Picks FAIRLEAD_<KEY> out of an environment (upper case, '.' written as '__'); other variables are left
/// alone.
Overrides environment_overrides(const std::map<std::string, std::string>& environment);

/// Reads the arguments of --set. Fails with bad_arguments on one that is not KEY=VALUE or names an unknown
/// key.
base::Result<Overrides> command_line_overrides(const std::vector<std::string>& arguments);

/// Lays the overrides over a participant, weaker origins first, whatever their order in the list.
/// Fails with bad_configuration (bad_arguments for --set) on a wrong value, on a key that does not apply to
/// the type of participant, and on a message_security below the kit's unless its weaker_overrides allows
/// that: then a warning note is returned.
base::Result<std::vector<Note>> apply_overrides(ResolvedParticipant& participant, const Overrides& overrides);

/// "500ms", "10s", "2m", "1h": 1 ms to 24 h. Fails with bad_configuration and the forms allowed.
base::Result<base::Milliseconds> parse_duration(std::string_view text);

/// "512MiB", "2GiB": 64 MiB to 1024 GiB, in bytes. Fails with bad_configuration and the forms allowed.
base::Result<uint64_t> parse_memory_size(std::string_view text);

/// "host", "host:port", "[v6]:port" or "scheme://host:port"; what is missing is taken from `defaults`.
/// Fails with bad_configuration and the forms allowed.
base::Result<Address> parse_address(std::string_view text, const Address& defaults);

}  // namespace fairlead::config
