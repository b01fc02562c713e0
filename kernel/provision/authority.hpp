/// Authority: the project's root certificate and key, made once and kept in the workspace's state folder.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "provision/provision.hpp"

namespace fairlead::provision {

inline constexpr auto kBackDated = std::chrono::minutes(10);  ///< tolerates clocks that run behind

struct Authority {
  crypto::Certificate root;
  crypto::PrivateKey key;
  bool encrypted = false;  ///< the key file needs a passphrase
};

/// The root certificate in `state`, nothing when there is none yet.
base::Result<std::optional<crypto::Certificate>> read_root(const std::filesystem::path& state);

/// Opens the root key in `state`. Asks for the passphrase only when the key is encrypted.
/// bad_configuration with reason root_key_passphrase when it is wrong or missing.
base::Result<Authority> open_authority(const std::filesystem::path& state, const crypto::Certificate& root,
                                       const PassphraseSource& passphrase);

/// Makes the root (10 years) and writes `state` as a whole: a crash leaves all of it or nothing.
base::Result<Authority> make_authority(const std::filesystem::path& state, const std::string& project,
                                       const ProvisionOptions& options, base::WallTime now,
                                       base::Random& random);

/// What every run says that used a root key without a passphrase.
std::string unencrypted_warning(const std::filesystem::path& state);

}  // namespace fairlead::provision
