/// Central provisioning: from a resolved project to startup kits in a workspace. Used by the provision
/// command and by tests.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/model.hpp"
#include "crypto/key.hpp"
#include "kit/settings.hpp"

namespace fairlead::provision {

/// Does an endpoint of the participant speak zmq? Then its kit holds CURVE keys.
bool uses_curve(const config::ResolvedParticipant& participant);

/// What the passphrase of the root key is needed for.
enum class PassphraseNeed { new_key, existing_key };
/// Asked at most once a run, and only when something has to be signed. An empty answer for a new key leaves
/// it unencrypted; an error ends the run with nothing written.
using PassphraseSource = std::function<base::Result<base::Secret>(PassphraseNeed)>;

/// A plugin that every kit lets into the process.
struct PluginToAllow {
  std::string id;  ///< as its descriptor says
  std::filesystem::path
      file;  ///< its SHA-256 goes into the manifest; empty: the installation's own, any digest
};

/// Every transport that installations bring.
std::vector<PluginToAllow> shipped_plugins();

enum class RunMode { write, dry_run };

struct ProvisionOptions {
  std::filesystem::path workspace;
  RunMode mode = RunMode::write;
  crypto::KeyType key_type = crypto::KeyType::p256;  ///< of new keys; kept keys stay as they are
  std::optional<std::chrono::days> days;             ///< life of new leaf certificates, 1 to 3650
  PassphraseSource passphrase;                       ///< none: the root key stays unencrypted
  /// By id and not by digest: each site's installation brings its own build of them, from a folder that only
  /// root or the owner can write, and an upgrade must not make every kit a changed one.
  std::vector<PluginToAllow> plugins = shipped_plugins();
  std::function<void(size_t done, size_t total)> progress;  ///< called after each new kit
};

/// What happened to one participant's kit.
enum class KitChange { created, changed, kept, awaits_request };
/// "created", "changed", "kept", "awaits its request"
const char* name(KitChange change) noexcept;
/// Does the run write the kit?
constexpr bool is_written(KitChange change) noexcept {
  return change == KitChange::created || change == KitChange::changed;
}

struct KitReport {
  std::string name;
  base::ParticipantType type = base::ParticipantType::client;
  std::string org;
  KitChange change = KitChange::kept;
  std::string why;                        ///< what changed; empty for created and kept
  std::filesystem::path path;             ///< where the current kit is, or would be; empty: there is none
  std::optional<base::WallTime> expires;  ///< of its certificates; nothing for a dry run's new kits
  std::filesystem::path statement;  ///< about its CURVE key, for the server's local/peers; empty: none new
};

struct ProvisionReport {
  std::string project;
  std::string root_sha256;  ///< lower-case hex; empty when a dry run would make the root
  std::optional<std::filesystem::path>
      made;                     ///< the new prod_NN (a dry run: that would be made); nothing: no change
  std::vector<KitReport> kits;  ///< in the order of the project file
  std::vector<std::string> warnings;
};

/// Makes WORKSPACE/PROJECT/prod_NN with the kits that are new or changed, keeping root, keys and certificates
/// of earlier runs. A crash or failure leaves the workspace as it was, apart from a new root. Fails with
/// bad_configuration (names, custom CA, damaged kits, passphrase: reason root_key_passphrase), refused
/// (another run holds the lock: reason workspace_locked) or failed (disk). Thread rule: any thread, one run
/// per workspace.
base::Result<ProvisionReport> provision(const config::ResolvedProject& project,
                                        const ProvisionOptions& options, const base::Clock& clock,
                                        base::Random& random);

}  // namespace fairlead::provision
