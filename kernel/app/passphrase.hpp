/// Where the root key's passphrase comes from: a descriptor, a variable, a terminal, or nowhere.
#pragma once
#include <iosfwd>
#include <optional>
#include <string>

#include "provision/provision.hpp"

namespace fairlead::app {

/// Where the passphrase of the root key comes from; one at most. None of them: a prompt on a terminal.
struct PassphraseArguments {
  std::optional<int> fd;
  std::string variable;
  bool none = false;  ///< the key stays in the clear
};

/// The source that the arguments name. Fails with bad_arguments when they name more than one. The source
/// itself fails with bad_arguments when its passphrase is missing, empty or above 1 KiB, and with
/// bad_configuration (reason root_key_passphrase) when nothing was named and there is no terminal. Prompts go
/// to `err`.
base::Result<provision::PassphraseSource> passphrase_source(const PassphraseArguments& arguments,
                                                            std::ostream& err);

}  // namespace fairlead::app
