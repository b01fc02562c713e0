#include "kit/reference_files.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "kit/defect.hpp"
#include "kit/manifest.hpp"
#include "kit/privacy.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using base::ParticipantType;

constexpr std::array kKinds = {ReferenceKit{ParticipantType::server, "fed_server.json", 2},
                               ReferenceKit{ParticipantType::client, "fed_client.json", 2},
                               ReferenceKit{ParticipantType::admin, "fed_admin.json", 1}};
constexpr const char *kRelayFile = "fed_relay.json", *kBehindRelayFile = "relay__resources.json",
                     *kForeignSignatures = "signature.json";
/// What a site keeps in local/ for this program.
constexpr std::array<std::string_view, 4> kOwnLocalFiles = {"fairlead.yml", "crl.pem", "peers", kPrivacyFile};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

base::Status check_supported(const fs::path& kit) {
  const fs::path relay = kit / "startup" / kRelayFile, behind = kit / "local" / kBehindRelayFile;
  if (is_there(relay))
    return defect("kit_not_supported", relay, "this is the kit of a relay, and there are no relays here",
                  "let the relay's clients connect to the server itself: take connect_to out of the project "
                  "and provision again");
  if (is_there(behind))
    return defect("kit_not_supported", behind,
                  "this participant connects to a relay, and there are no relays here",
                  "take connect_to out of the project, or name the server there, and provision again");
  for (const fs::path& folder : {kit / "startup", kit / "local", kit})
    if (is_there(folder / kForeignSignatures))
      return defect(
          "kit_not_supported", folder / kForeignSignatures,
          "this kit was made for homomorphic encryption or confidential computing, whose signatures "
          "this program cannot check",
          "provision the project without those builders, or with `fairlead provision`");
  return {};
}

/// Whose signature was once seen here must not go away.
base::Status check_never_signed(const fs::path& kit, const fs::path& file) {
  const fs::path version = kit / "state" / "version";
  if (!is_there(version)) return {};
  return defect("kit_mixed", file,
                "nothing in this kit is signed, but a signed kit ran here before (" + version.string() + ")",
                "put the signed kit back, or use a directory of its own");
}

}  // namespace

base::Result<std::optional<ReferenceKit>> find_reference_kit(const fs::path& kit,
                                                             const std::vector<std::string>& startup_names) {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(startup_names, name) != startup_names.end();
  };
  if (has(kManifestFile) || has(kSignatureFile) || has(kSettingsFile)) return std::nullopt;
  std::optional<ReferenceKit> found;
  for (const ReferenceKit& kind : kKinds) {
    if (!has(kind.settings_file)) continue;
    if (found)
      return defect(
          "kit_mixed", kit / "startup" / kind.settings_file,
          std::string(kind.settings_file) + " and " + found->settings_file + " are of two different kits");
    found = kind;
  }
  if (!found && !has(kRelayFile)) return std::nullopt;
  FAIRLEAD_TRY(check_supported(kit));
  if (!found) return std::nullopt;
  FAIRLEAD_TRY(check_never_signed(kit, kit / "startup" / found->settings_file));
  return found;
}

std::vector<std::string> ignored_local_files(const fs::path& kit) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(kit / "local", ignored))
    if (std::ranges::find(kOwnLocalFiles, entry.path().filename().string()) == kOwnLocalFiles.end())
      names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace fairlead::kit
