/// `fairlead provision`: what main calls once the command line is read.
#pragma once
#include <iosfwd>
#include <optional>
#include <string>

#include "app/passphrase.hpp"

namespace fairlead::app {

struct ProvisionArguments {
  std::string project_file;
  std::string workspace;  ///< made when it is not there
  bool dry_run = false;
  std::string key_type;  ///< p256 (also when empty), p384, ed25519, rsa3072
  std::optional<int> days;
  bool json = false;
  PassphraseArguments passphrase;
};

/// Makes the kits of a project. The table of kits goes to `out`, with `json` one object instead; notes,
/// warnings and errors go to `err`. Returns the exit code: 0, 1 (disk, lock), 4 (arguments, project file,
/// passphrase).
int run_provision(const ProvisionArguments& arguments, std::ostream& out, std::ostream& err);

}  // namespace fairlead::app
