/// The CURVE keys of a kit: its own pair, the server's key, and whose keys the root vouches for. Used by Kit,
/// provision and the nodes.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/curve_key.hpp"
#include "kit/folder.hpp"

namespace fairlead::kit {

/// Names inside startup/: our own pair, raw; and the root's statement about the server's key.
inline constexpr const char *kCurvePublicFile = "curve.pub", *kCurveKeyFile = "curve.key",
                            *kServerCurveFile = "server.curve";
/// Where a server keeps the statements about its peers, in local/; one file a participant, NAME.curve.
inline constexpr const char *kPeersFolder = "peers", *kStatementEnding = ".curve";

/// Of curve.pub and curve.key; without its secret in a kit whose keys are elsewhere.
struct OwnCurve {
  crypto::X25519Public public_key{};
  base::Secret secret;
};

enum class CurveSecret { here, elsewhere };
/// Fails with kit_bad_key, kit_key_mismatch or what Folder says.
base::Result<OwnCurve> load_own_curve(const Folder& startup, CurveSecret secret);
/// The server's key in server.curve; kit_bad_certificate unless the root signed it for this server of this
/// project. Its validity is not judged here.
base::Result<crypto::X25519Public> load_server_curve(const Folder& startup, const crypto::PublicKey& root,
                                                     const std::string& project, const std::string& server);

/// A participant and its key.
struct PeerKey {
  std::string name;
  crypto::X25519Public key{};
  bool operator==(const PeerKey&) const = default;
};
struct PeerStatements {
  std::vector<PeerKey> keys;         ///< sorted by name
  std::vector<std::string> refused;  ///< one line for each file that does not count, and why
};
/// The statements in KIT/local/peers that the root signed for this project and that are valid now. A file
/// that is anything else counts for nothing.
PeerStatements read_peer_statements(const std::filesystem::path& kit, const crypto::PublicKey& root,
                                    const std::string& project, base::WallTime now);

}  // namespace fairlead::kit
