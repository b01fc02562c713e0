#include "kit/reference_kit.hpp"

#include <system_error>

#include "base/words.hpp"
#include "config/check.hpp"
#include "kit/credentials.hpp"
#include "kit/defect.hpp"
#include "kit/delegated.hpp"
#include "kit/manifest.hpp"
#include "kit/reference_settings.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using base::ParticipantType;

constexpr const char* kHint = "copy the kit again from the one that its provisioner made";

/// Our own provision did not make this kit.
base::Error with_hint(base::Error error) {
  if (error.hint.starts_with("copy the kit")) error.hint = kHint;
  return error;
}

base::Result<ReferenceSettings> read_settings(const Folder& startup, const ReferenceKit& kind) {
  const fs::path file = startup.path() / kind.settings_file;
  FAIRLEAD_TRY(const Folder::Content content, startup.read(kind.settings_file));
  const auto tree = base::Json::parse(base::as_text(content.bytes));
  if (!tree) return defect("kit_bad_settings", file, tree.error().text);
  return read_reference_settings(kind, *tree, file);
}

/// The reference copies whatever file it was told to; here only who uses it is asked to trust it.
base::Result<std::optional<std::string>> read_custom_ca(const Folder& startup, ReadSettings& read) {
  const fs::path file = startup.path() / kCustomCaFile;
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(file, ignored))) return std::nullopt;
  const bool used = read.settings.type != ParticipantType::server &&
                    read.settings.connection_security == base::ConnectionSecurity::tls;
  read.participant.custom_ca_cert = {file.string(), config::Origin::participant, file.string() + ":1"};
  read.participant.custom_ca_file = file.string();
  read.participant.custom_ca_used = read.settings.custom_ca = used;
  if (!used) return std::nullopt;
  // A proxy stands in between, and the server behind it sees links in the clear.
  read.participant.expected_message_security = base::MessageSecurity::seal;
  auto pem = config::read_custom_ca(file.string());
  if (!pem) return defect("kit_bad_certificate", file, pem.error().text, pem.error().hint);
  return std::move(*pem);
}

std::vector<config::Note> notes(const fs::path& kit, const ReferenceKit& kind,
                                const ReferenceSettings& settings) {
  using config::NoteLevel;
  const std::vector<std::string> about = {settings.read.settings.name};
  std::vector<config::Note> all = {
      {NoteLevel::warning, about,
       "this is a kit of another provisioner (" + std::string(kind.settings_file) + ", format " +
           std::to_string(kind.format) +
           "): nothing in it is signed, so that nobody notices a changed file; an identity is the common "
           "name of a certificate, and certificates may lack key usages"}};
  if (!settings.scheme.empty())
    all.push_back({NoteLevel::info, about, "the scheme " + settings.scheme + " of this kit means tcp here"});
  std::vector<std::string> ignored = settings.ignored;
  for (const std::string& name : ignored_local_files(kit)) ignored.push_back("local/" + name);
  if (!ignored.empty())
    all.push_back({NoteLevel::info, about, "these mean nothing here: " + base::joined(ignored)});
  return all;
}

base::Result<Kit::Parts> open(const fs::path& path, const Folder& startup, const ReferenceKit& kind) {
  FAIRLEAD_TRY(ReferenceSettings settings, read_settings(startup, kind));
  FAIRLEAD_TRY(crypto::Certificate root, load_root(startup));
  const crypto::TrustAnchor anchor{std::move(root), crypto::LegacyRules::yes};
  const CredentialFiles files = identity_files(kind.type);
  const std::string& name = settings.read.settings.name;
  FAIRLEAD_TRY(Kit::Credentials own,
               load_credentials(startup, files, anchor, {"", name, login_purpose(kind.type)}));
  FAIRLEAD_TRY(add_certificate(settings.read, own.chain.front(), startup.path() / files.certificate));
  std::optional<Kit::Credentials> token;
  if (kind.type == ParticipantType::server) {
    // One key does both; label and length in what it signs keep a token from being anything else.
    FAIRLEAD_TRY(Kit::Credentials signer,
                 load_credentials(startup, files, anchor, {"", name, crypto::ChainPurpose::token_signing}));
    token = std::move(signer);
  }
  FAIRLEAD_TRY(std::optional<std::string> custom_ca, read_custom_ca(startup, settings.read));
  std::vector<config::Note> about = notes(path, kind, settings);
  return Kit::Parts{.path = path,
                    .settings_file = startup.path() / kind.settings_file,
                    .settings = std::move(settings.read.settings),
                    .participant = std::move(settings.read.participant),
                    .anchor = anchor,
                    .custom_ca_pem = std::move(custom_ca),
                    .identity = std::move(own),
                    .token = std::move(token),
                    .notes = std::move(about)};
}

}  // namespace

base::Result<Kit::Parts> open_reference_kit(const fs::path& path, const Folder& startup,
                                            const ReferenceKit& kind) {
  if (is_delegated(path))
    return defect("kit_bad_delegation", path / kDelegationFolder,
                  "a kit of another provisioner cannot be delegated: nothing in it is signed",
                  "move the folder away");
  auto parts = open(path, startup, kind);
  if (!parts) return tl::unexpected(with_hint(std::move(parts).error()));
  return parts;
}

}  // namespace fairlead::kit
