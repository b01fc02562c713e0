/// Kit: a startup kit that was verified as a whole before any part of it is used. Opened once by node and
/// commands.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/model.hpp"
#include "crypto/certificate.hpp"
#include "crypto/chain.hpp"
#include "crypto/delegation.hpp"
#include "crypto/key.hpp"
#include "kit/curve_files.hpp"
#include "kit/settings.hpp"

namespace fairlead::kit {

/// Whether opening writes down the kit's version, so that an older one is refused later.
enum class VersionMemory { remember, only_check };

/// A verified kit. Movable, not copyable: it owns private keys. Thread rule: const access from any thread.
class Kit {
 public:
  /// A certificate, the key that belongs to it, and the texts they came from.
  struct Credentials {
    std::vector<crypto::Certificate> chain;
    std::string chain_pem;
    std::optional<crypto::PrivateKey>
        key;  ///< absent in what open_issued() gives of a site that keeps its key
    base::Secret key_pem;
  };

  /// What makes a kit a delegated one: leaf(), chain() and key() are the holder's own then.
  struct Delegated {
    crypto::SignedDelegation made;
    crypto::Delegation content;                   ///< the same, read
    std::vector<crypto::Certificate> site_chain;  ///< of who signed it, leaf first, without the root
  };

  /// Opens the kit at `path` (the directory that holds startup/). Verifies the manifest's signature, that
  /// nothing in startup/ is missing, extra, changed, a symbolic link or too open, that certificates chain to
  /// the project's root with the kit's name and type, that keys belong to them, and that the version is not
  /// older than the last seen. A delegated kit (KIT/delegation is there) has none of the site's keys and a
  /// delegation that the site signed for its own. Expiry is not judged here: see expires(). Fails with
  /// bad_configuration; `reason` is one of kit_not_found, kit_missing_file, kit_extra_file, kit_symlink,
  /// kit_path_escape, kit_unsafe_mode, kit_wrong_owner, kit_changed, kit_bad_manifest, kit_bad_signature,
  /// kit_wrong_root, kit_bad_certificate, kit_wrong_identity, kit_key_mismatch, kit_bad_key, kit_mixed,
  /// kit_older_version, kit_bad_settings, kit_bad_delegation, kit_not_supported, kit_state; `text` names the
  /// file, what was found and what was expected.
  /// A kit of the reference is taken as it is: nothing in it is signed and no version is remembered, so what
  /// is left are modes, links, certificates, keys and every field of its JSON file; see notes().
  static base::Result<Kit> open(const std::filesystem::path& path,
                                VersionMemory memory = VersionMemory::remember);

  /// The same for provision, which also looks after kits of participants that keep their keys: without any
  /// key in startup/, what belongs to keys is left out, and key(), token_key() and delegating are not for
  /// such a kit: see has_keys(). Nothing is written down.
  static base::Result<Kit> open_issued(const std::filesystem::path& path);

  Kit(Kit&&) noexcept = default;
  Kit& operator=(Kit&&) noexcept = default;

  const KitSettings& settings() const noexcept { return parts_.settings; }
  const std::filesystem::path& path() const noexcept { return parts_.path; }

  /// Did the project's root sign what the kit says? Not in a kit of the reference.
  bool is_signed() const noexcept { return parts_.anchor.legacy == crypto::LegacyRules::no; }
  /// What whoever starts with this kit should know; nothing for a kit of our own.
  const std::vector<config::Note>& notes() const noexcept { return parts_.notes; }
  /// The file that says what the participant is; errors about its content stand at it.
  const std::filesystem::path& settings_file() const noexcept { return parts_.settings_file; }

  /// fairlead.json as it stands in the kit; null for a kit of the reference.
  const base::Json& stored_settings() const noexcept { return parts_.stored_settings; }

  /// The project's root certificate: the only trust for logins and tokens.
  const crypto::Certificate& root() const noexcept { return parts_.anchor.root; }
  std::string root_pem() const { return root().to_pem(); }
  /// For chain verification of peers: LegacyRules::yes for a kit of the reference only. Without lists.
  const crypto::TrustAnchor& trust_anchor() const noexcept { return parts_.anchor; }
  /// customRootCA.pem, for the outer tls of a party that connects; nothing when the kit has none.
  const std::optional<std::string>& custom_ca_pem() const noexcept { return parts_.custom_ca_pem; }

  /// This participant's certificate chain, leaf first, without the root.
  const std::vector<crypto::Certificate>& chain() const noexcept { return parts_.identity.chain; }
  const crypto::Certificate& leaf() const noexcept { return parts_.identity.chain.front(); }
  const std::string& chain_pem() const noexcept { return parts_.identity.chain_pem; }
  /// There must be one: see has_keys().
  const crypto::PrivateKey& key() const noexcept;
  bool has_keys() const noexcept { return parts_.identity.key.has_value(); }
  /// The key file's text, for a plugin that needs it. Ownership stays here.
  const base::Secret& key_pem() const noexcept { return parts_.identity.key_pem; }

  /// What the site signed for the holder of this kit; null for a participant's own kit.
  const Delegated* delegation() const noexcept { return parts_.delegated ? &*parts_.delegated : nullptr; }
  /// What stands between the participant's certificate and the root.
  std::vector<crypto::Certificate> intermediates() const;

  /// Server only, else null: what signs tokens and nothing else.
  const crypto::Certificate* token_certificate() const noexcept;
  const crypto::PrivateKey* token_key() const noexcept;
  /// The sets of credentials as a whole, for provision, which carries them into a new version of the kit.
  const Credentials& identity() const noexcept { return parts_.identity; }
  const Credentials* token() const noexcept { return parts_.token ? &*parts_.token : nullptr; }

  /// Of a server that may issue certificates, else null.
  const Credentials* issuer() const noexcept { return parts_.issuer ? &*parts_.issuer : nullptr; }

  /// The pair of a kit with a zmq endpoint, else null; without its secret where the keys are elsewhere.
  const OwnCurve* curve() const noexcept { return parts_.curve ? &*parts_.curve : nullptr; }
  /// What the root says is the server's CURVE key; null in the server's own kit and without a zmq endpoint.
  const crypto::X25519Public* server_curve() const noexcept {
    return parts_.server_curve ? &*parts_.server_curve : nullptr;
  }

  /// Writes the version down, for who opened it with VersionMemory::only_check. Fails with kit_state.
  base::Status remember_version() const;

  /// Earliest end of validity among root, leaf, token and issuer certificate, and delegation.
  base::WallTime expires() const;

  /// KIT/state, made with mode 0700 when it is not there. Fails with reason kit_state.
  base::Result<std::filesystem::path> state_dir() const;

  /// Everything a kit consists of, as the opener collected it.
  struct Parts {
    std::filesystem::path path, settings_file;
    KitSettings settings;
    base::Json stored_settings{};             ///< fairlead.json
    config::ResolvedParticipant participant;  ///< the same as provision resolved it, with origins
    crypto::TrustAnchor anchor;
    std::optional<std::string> custom_ca_pem{};
    Credentials identity;
    std::optional<Credentials> token{};
    std::optional<Credentials> issuer{};
    std::optional<Delegated> delegated{};
    std::optional<OwnCurve> curve{};
    std::optional<crypto::X25519Public> server_curve{};
    std::vector<config::Note> notes{};
  };

 private:
  friend config::ResolvedParticipant resolved_participant(const Kit& kit);
  enum class Keys { demanded, as_found };
  static base::Result<Kit> open(const std::filesystem::path& path, VersionMemory memory, Keys keys);
  explicit Kit(Parts parts) noexcept : parts_(std::move(parts)) {}
  Parts parts_;
};

/// The participant as the project file resolved it, with the origins stored in the kit: for `config explain
/// KIT` and as the layer below local/fairlead.yml.
config::ResolvedParticipant resolved_participant(const Kit& kit);

/// Is this the directory of a kit, good or bad, of our own or of the reference? A project file is none.
bool is_kit(const std::filesystem::path& path);

/// Is there a KIT/delegation, whatever is in it?
bool is_delegated(const std::filesystem::path& kit);

}  // namespace fairlead::kit
