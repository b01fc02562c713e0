#include "kit/manifest.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "kit/defect.hpp"

namespace fairlead::kit {
namespace {

using base::Json;

tl::unexpected<base::Error> bad(std::string what, const char* reason = "kit_bad_manifest") {
  return tl::unexpected<base::Error>(
      base::Error{base::ErrorCode::bad_configuration, "manifest: " + std::move(what), {}, {}, reason});
}

Json texts(const std::vector<std::string>& from) {
  Json list = Json::array();
  for (const std::string& text : from) list.add(text);
  return list;
}

Json plugins_of(const Manifest& manifest) {
  Json list = Json::array();
  for (const AllowedPlugin& plugin : manifest.plugins)
    list.add(Json::object({{"id", plugin.id},
                           {"abi", plugin.abi},
                           {"sha256", plugin.sha256},
                           {"trusted_link", plugin.trusted_link}}));
  return list;
}

Json files_of(const Manifest& manifest) {
  Json list = Json::array();
  for (const ManifestFile& file : manifest.files)
    list.add(Json::object({{"path", "startup/" + file.name},
                           {"size", file.size},
                           {"mode", octal(file.mode)},
                           {"sha256", file.sha256}}));
  return list;
}

/// The part behind "startup/", or an error when the path could lead anywhere else.
base::Result<std::string> name_inside_startup(const std::string& path) {
  constexpr std::string_view kFolder = "startup/";
  const std::string name = path.starts_with(kFolder) ? path.substr(kFolder.size()) : std::string();
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
      name.find('\0') != std::string::npos)
    return bad("path \"" + path + "\" leads out of startup/", "kit_path_escape");
  return name;
}

bool is_hex_digest(const std::string& text) { return text.size() == 64 && base::from_hex(text).has_value(); }

/// Permission bits from four octal digits such as "0644".
std::optional<uint32_t> read_octal(const std::string& text) {
  uint32_t mode = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, mode, 8);
  if (text.size() != 4 || error != std::errc() || stop != end || mode > 0777) return std::nullopt;
  return mode;
}

base::Result<std::vector<ManifestFile>> read_files(const Json& list) {
  std::vector<ManifestFile> files;
  for (const Json& item : list.items()) {
    FAIRLEAD_TRY(std::string name, name_inside_startup(item["path"].text()));
    const int64_t size = item["size"].integer(-1);
    const auto mode = read_octal(item["mode"].text());
    ManifestFile file{std::move(name), static_cast<uint64_t>(size), mode.value_or(0), item["sha256"].text()};
    if (size < 0 || !mode || !is_hex_digest(file.sha256))
      return bad("entry of " + file.name + " lacks size, mode or sha256");
    files.push_back(std::move(file));
  }
  return files;
}

base::Result<std::vector<std::string>> read_bound(const Json& list) {
  static constexpr std::string_view kKnown[] = {"server.crt", "server.key", "client.crt", "client.key",
                                                "token.crt",  "token.key",  "issuer.crt", "issuer.key",
                                                "curve.pub",  "curve.key"};
  std::vector<std::string> names;
  for (const Json& item : list.items()) {
    const std::string name = item.text();
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown))
      return bad("\"" + name + "\" is not a certificate or key of a kit");
    names.push_back(name);
  }
  return names;
}

/// Kits from before this member refuse.
base::Result<config::WeakerOverrides> read_weaker_overrides(const Json& member) {
  for (const auto known : {config::WeakerOverrides::refused, config::WeakerOverrides::allowed})
    if (member.text(config::name(config::WeakerOverrides::refused)) == config::name(known)) return known;
  return bad("weaker_overrides is " + member.dump());
}

std::vector<AllowedPlugin> read_plugins(const Json& list) {
  std::vector<AllowedPlugin> plugins;
  for (const Json& item : list.items())
    plugins.push_back({item["id"].text(), static_cast<uint32_t>(item["abi"].integer()), item["sha256"].text(),
                       item["trusted_link"].boolean()});
  return plugins;
}

base::Status check_complete(const Manifest& manifest, const Json& tree) {
  if (manifest.project.empty() || manifest.participant.empty() || manifest.kit_id.empty() ||
      manifest.server_uri.empty() || !is_hex_digest(manifest.root_sha256) || !tree["files"].is_array() ||
      tree["kit_version"].integer() < 1)
    return bad("a member is missing or wrong");
  const auto listed = [&](std::string_view name) {
    return std::any_of(manifest.files.begin(), manifest.files.end(),
                       [&](const ManifestFile& file) { return file.name == name; });
  };
  if (!listed(kSettingsFile) || !listed(kRootFile)) return bad("fairlead.json or rootCA.pem is not listed");
  if (listed(kCustomCaFile) == manifest.custom_ca_sha256.empty())
    return bad("custom CA and its hash disagree");
  for (const std::string& name : required_bound_files(manifest.type))
    if (std::find(manifest.bound.begin(), manifest.bound.end(), name) == manifest.bound.end())
      return bad(name + " is not listed");
  return {};
}

}  // namespace

std::string to_text(const Manifest& manifest) {
  Json tree = Json::object({{"format", 1},
                            {"project", manifest.project},
                            {"participant", manifest.participant},
                            {"type", base::name(manifest.type)},
                            {"kit_id", manifest.kit_id},
                            {"kit_version", manifest.kit_version},
                            {"root_sha256", manifest.root_sha256},
                            {"server_identity", manifest.server_uri},
                            {"endpoints", texts(manifest.endpoints)},
                            {"connection_security", base::name(manifest.connection_security)},
                            {"custom_ca_sha256", manifest.custom_ca_sha256},
                            {"message_security", base::name(manifest.message_security)},
                            {"weaker_overrides", config::name(manifest.weaker_overrides)},
                            {"plugins", plugins_of(manifest)},
                            {"files", files_of(manifest)},
                            {"bound", texts(manifest.bound)}});
  return tree.dump(2) + "\n";
}

base::Result<Manifest> parse_manifest(std::string_view text) {
  auto parsed = Json::parse(text);
  if (!parsed) return bad(parsed.error().text);
  const Json& tree = *parsed;
  if (tree["format"].integer() != 1) return bad("format " + tree["format"].dump() + ", this program reads 1");
  const auto type = base::parse_participant_type(tree["type"].text());
  const auto connection = base::parse_connection_security(tree["connection_security"].text());
  const auto message = base::parse_message_security(tree["message_security"].text());
  if (!type || !connection || !message) return bad("type or a security level is wrong");
  Manifest manifest;
  manifest.project = tree["project"].text();
  manifest.participant = tree["participant"].text();
  manifest.type = *type;
  manifest.kit_id = tree["kit_id"].text();
  manifest.kit_version = static_cast<uint64_t>(tree["kit_version"].integer());
  manifest.root_sha256 = tree["root_sha256"].text();
  manifest.server_uri = tree["server_identity"].text();
  for (const Json& endpoint : tree["endpoints"].items()) manifest.endpoints.push_back(endpoint.text());
  manifest.connection_security = *connection;
  manifest.custom_ca_sha256 = tree["custom_ca_sha256"].text();
  manifest.message_security = *message;
  FAIRLEAD_TRY(manifest.weaker_overrides, read_weaker_overrides(tree["weaker_overrides"]));
  manifest.plugins = read_plugins(tree["plugins"]);
  FAIRLEAD_TRY(manifest.files, read_files(tree["files"]));
  FAIRLEAD_TRY(manifest.bound, read_bound(tree["bound"]));
  FAIRLEAD_TRY(check_complete(manifest, tree));
  return manifest;
}

CredentialFiles identity_files(base::ParticipantType type) {
  if (type == base::ParticipantType::server) return {"server.crt", "server.key"};
  return {"client.crt", "client.key"};
}

CredentialFiles issuer_files() { return {"issuer.crt", "issuer.key"}; }

CredentialFiles token_files() { return {"token.crt", "token.key"}; }

std::vector<std::string> required_bound_files(base::ParticipantType type) {
  const CredentialFiles identity = identity_files(type);
  if (type != base::ParticipantType::server) return {identity.certificate, identity.key};
  return {identity.certificate, identity.key, token_files().certificate, token_files().key};
}

}  // namespace fairlead::kit
