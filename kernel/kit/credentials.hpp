/// Loads a certificate chain and its key from a kit and proves that they belong to the kit and to each other.
#pragma once
#include "kit/folder.hpp"
#include "kit/kit.hpp"
#include "kit/manifest.hpp"

namespace fairlead::kit {

/// What a certificate of a kit must say.
struct ExpectedIdentity {
  std::string uri;          ///< exact; empty in a kit of the reference
  std::string common_name;  ///< exact, beside no URI at all; asked for when there is no `uri`
  crypto::ChainPurpose purpose = crypto::ChainPurpose::client_login;
};

/// What a participant's certificate is for when it logs in.
crypto::ChainPurpose login_purpose(base::ParticipantType type) noexcept;

/// The one certificate of rootCA.pem. Fails with kit_bad_certificate or what Folder says.
base::Result<crypto::Certificate> load_root(const Folder& startup);

/// A certificate chain of a kit, leaf first, without the root.
struct LoadedChain {
  std::vector<crypto::Certificate> certificates;
  std::string pem;
};
/// Fails with kit_bad_certificate, kit_wrong_identity or what Folder says.
base::Result<LoadedChain> load_chain(const Folder& startup, const std::string& file,
                                     const crypto::TrustAnchor& anchor, const ExpectedIdentity& expected);

/// Is the key in the kit, or does it stay at its site?
enum class KeyPlace { here, elsewhere };

/// Fails with kit_bad_certificate, kit_wrong_identity, kit_bad_key, kit_key_mismatch or what Folder says.
base::Result<Kit::Credentials> load_credentials(const Folder& startup, const CredentialFiles& files,
                                                const crypto::TrustAnchor& anchor,
                                                const ExpectedIdentity& expected,
                                                KeyPlace place = KeyPlace::here);

}  // namespace fairlead::kit
