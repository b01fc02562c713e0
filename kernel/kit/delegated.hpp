/// Delegated kits: what a site makes for a third party. A delegated kit is the site's own kit as far as
/// provision signed it, without any of the site's keys, and beside it KIT/delegation with the holder's key,
/// the certificate that the key signed for itself, and the site's signature over what the holder may do.
#pragma once
#include "base/random.hpp"
#include "kit/credentials.hpp"
#include "kit/kit.hpp"

namespace fairlead::kit {

/// KIT/delegation. The lists of startup/ and of this folder hold nothing else.
inline constexpr const char* kDelegationFolder = "delegation";

/// What a delegated kit holds in place of the participant's credentials.
struct LoadedDelegation {
  Kit::Credentials holder;
  Kit::Delegated delegated;
};
/// Reads and verifies KIT/delegation: made by the site of `startup` for this key. Expiry is not judged.
/// kit_bad_delegation, kit_missing_file, kit_extra_file, kit_key_mismatch or what load_chain() and Folder
/// say.
base::Result<LoadedDelegation> load_delegation(const std::filesystem::path& kit, const Folder& startup,
                                               const crypto::TrustAnchor& anchor,
                                               const ExpectedIdentity& expected);

/// What a third party is to be allowed.
struct DelegationOrder {
  std::string endpoint;             ///< SITE/APP
  std::vector<std::string> topics;  ///< in any order
  std::chrono::milliseconds life{};
  base::Digest audience{};       ///< of the project, its server and its root
  std::filesystem::path folder;  ///< must not exist
};
/// Makes a key and a delegated kit in `order.folder`: all of it or nothing. Gives what was signed.
/// bad_arguments for an order that the site's kit cannot fill or that nobody would take; refused (reason
/// folder_exists); failed when it cannot be written; what reading the site's kit says.
base::Result<crypto::Delegation> make_delegated_kit(const Kit& site, const DelegationOrder& order,
                                                    const base::Clock& clock, base::Random& random);

}  // namespace fairlead::kit
