/// The site's half of distributed provisioning: keys made where they stay, and what was asked for them. Lies
/// in KIT/request until the approval is installed. Used by the commands.
#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "kit/kit.hpp"
#include "provision/issue.hpp"

namespace fairlead::provision {

/// The folder inside a kit.
inline constexpr const char* kRequestFolder = "request";

/// One key that waits for its certificate.
struct WaitingKey {
  KeyUse use = KeyUse::identity;
  base::Secret key_pem;
};
struct PendingRequest {
  Request request;
  std::vector<WaitingKey> keys;
  bool found = false;  ///< it had been made before
};

struct SiteOrder {
  Subject subject;
  std::filesystem::path kit;  ///< made with mode 0700 when it is not there
  crypto::KeyType key_type = crypto::KeyType::p256;
  /// A renewal: the kit whose key vouches for the request. Null: none.
  const kit::Kit* present = nullptr;
  enum class Key { fresh, present } key = Key::fresh;  ///< `present` asks for the same key again
};

/// What waits in KIT/request; nothing when there is none. Fails with refused (request_malformed), or what
/// Folder says of unsafe files.
base::Result<std::optional<PendingRequest>> read_pending(const std::filesystem::path& kit);

/// Makes the keys and KIT/request as a whole, with modes 0700 and 0600; one that is there for the same
/// subject is given again, so that a lost archive can be written again. Fails with bad_arguments (names),
/// refused and reason request_exists (one for somebody else is there), failed (disk).
base::Result<PendingRequest> request_certificate(const SiteOrder& order);

}  // namespace fairlead::provision
