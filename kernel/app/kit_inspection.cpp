#include "app/kit_inspection.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <vector>

#include "app/date.hpp"
#include "app/inspect_commands.hpp"
#include "kit/defect.hpp"
#include "kit/folder.hpp"
#include "kit/kit.hpp"
#include "kit/manifest.hpp"

namespace fairlead::app {
namespace {

using base::Json;
using Rows = std::vector<std::vector<std::string>>;

/// Names in certificates are anybody's bytes until they reach a terminal.
std::string printable(std::string text) {
  for (char& letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = '?';
  return text;
}

int64_t days_left(base::WallTime until, base::WallTime now) {
  return std::chrono::floor<std::chrono::days>(until - now).count();
}

Json strings(const std::vector<std::string>& from) {
  Json list = Json::array();
  for (const std::string& text : from) list.add(text);
  return list;
}

std::vector<std::string> names_of(const crypto::Certificate& certificate) {
  std::vector<std::string> names;
  for (const std::string& uri : certificate.uri_names()) names.push_back("URI:" + uri);
  for (const std::string& dns : certificate.dns_names()) names.push_back("DNS:" + dns);
  for (const std::string& ip : certificate.ip_addresses()) names.push_back("IP:" + ip);
  return names;
}

Json certificate_json(const char* use, const crypto::Certificate& certificate, base::WallTime now) {
  const auto key = certificate.public_key();
  return Json::object({{"use", use},
                       {"subject", certificate.subject_text()},
                       {"names", strings(names_of(certificate))},
                       {"serial", base::hex(certificate.serial())},
                       {"sha256", base::hex(certificate.sha256())},
                       {"key", key ? crypto::name(key->type()) : "unknown"},
                       {"from_ms", int64_t{certificate.not_before().time_since_epoch().count()}},
                       {"until_ms", int64_t{certificate.not_after().time_since_epoch().count()}},
                       {"days_left", days_left(certificate.not_after(), now)}});
}

Json certificates_of(const kit::Kit& kit, base::WallTime now) {
  Json list = Json::array();
  list.add(certificate_json("root", kit.root(), now));
  for (const crypto::Certificate& one : kit.intermediates()) list.add(certificate_json("issuing", one, now));
  if (const auto* delegated = kit.delegation())
    list.add(certificate_json("site", delegated->site_chain.front(), now));
  list.add(certificate_json(kit.delegation() != nullptr ? "holder" : "login", kit.leaf(), now));
  if (const auto* token = kit.token_certificate()) list.add(certificate_json("token", *token, now));
  return list;
}

Json endpoints_of(const kit::KitSettings& settings) {
  Json list = Json::array();
  for (const kit::Listener& listener : settings.listeners)
    list.add(Json::object({{"listens", config::text(listener)},
                           {"connection_security", base::name(listener.connection_security)}}));
  if (const auto& target = settings.connect_to)
    list.add(
        Json::object({{"connects", config::text(config::Address{target->scheme, target->host, target->port})},
                      {"connection_security", base::name(target->connection_security)}}));
  return list;
}

Json plugins_of(const kit::KitSettings& settings) {
  Json list = Json::array();
  for (const kit::AllowedPlugin& plugin : settings.plugins)
    list.add(Json::object({{"id", plugin.id},
                           {"abi", plugin.abi},
                           {"sha256", plugin.sha256},
                           {"trusted_link", plugin.trusted_link}}));
  return list;
}

/// Opening the kit judged every one of them; this says by which rule.
const char* check_of(const kit::Manifest& manifest, const std::string& name) {
  if (name == kit::kManifestFile || name == kit::kSignatureFile) return "signed by the root";
  const bool is_bound = std::ranges::find(manifest.bound, name) != manifest.bound.end();
  if (!is_bound) return "as the manifest says";
  if (name == kit::kCurvePublicFile) return "CURVE key, 32 bytes";
  if (name == kit::kCurveKeyFile) return "belongs to curve.pub";
  return name.ends_with(".key") ? "belongs to its certificate" : "issued under the root";
}

base::Result<Json> files_of(const kit::Kit& kit) {
  FAIRLEAD_TRY(const kit::Folder startup, kit::Folder::open(kit.path() / "startup"));
  FAIRLEAD_TRY(const kit::Folder::Content text, startup.read(kit::kManifestFile));
  FAIRLEAD_TRY(const kit::Manifest manifest, kit::parse_manifest(base::as_text(text.bytes)));
  FAIRLEAD_TRY(const std::vector<std::string> names, startup.file_names());
  Json list = Json::array();
  for (const std::string& name : names) {
    std::error_code ignored;
    const auto mode = std::filesystem::status(startup.path() / name, ignored).permissions();
    const uint64_t size = std::filesystem::file_size(startup.path() / name, ignored);
    list.add(Json::object({{"path", "startup/" + name},
                           {"mode", kit::octal(static_cast<uint32_t>(mode))},
                           {"size", size},
                           {"check", check_of(manifest, name)}}));
  }
  return list;
}

Json delegation_of(const kit::Kit::Delegated& delegated, base::WallTime now) {
  return Json::object({{"endpoint", delegated.content.endpoint},
                       {"topics", strings(delegated.content.topics)},
                       {"until_ms", int64_t{delegated.content.expires.time_since_epoch().count()}},
                       {"days_left", days_left(delegated.content.expires, now)}});
}

base::Result<Json> inspect(const std::string& path, base::WallTime now) {
  FAIRLEAD_TRY(const kit::Kit kit, kit::Kit::open(path, kit::VersionMemory::only_check));
  FAIRLEAD_TRY(Json files, files_of(kit));
  const kit::KitSettings& settings = kit.settings();
  Json data = Json::object({{"path", path},
                            {"project", settings.project},
                            {"participant", settings.name},
                            {"type", base::name(settings.type)},
                            {"org", settings.org},
                            {"role", settings.role},
                            {"kit_id", settings.kit_id},
                            {"kit_version", settings.kit_version},
                            {"root_sha256", base::hex(kit.root().sha256())},
                            {"expires_ms", int64_t{kit.expires().time_since_epoch().count()}},
                            {"days_left", days_left(kit.expires(), now)},
                            {"server_identity", settings.server_uri},
                            {"secure_train", settings.secure_train},
                            {"connection_security", base::name(settings.connection_security)},
                            {"message_security", base::name(settings.message_security)},
                            {"custom_ca", settings.custom_ca}});
  if (const auto* delegated = kit.delegation()) data.set("delegation", delegation_of(*delegated, now));
  data.set("endpoints", endpoints_of(settings));
  data.set("plugins", plugins_of(settings));
  data.set("certificates", certificates_of(kit, now));
  data.set("files", std::move(files));
  return data;
}

std::string day(const Json& milliseconds) {
  return date(base::WallTime(std::chrono::milliseconds(milliseconds.integer())));
}

std::string joined(const Json& list) {
  std::string all;
  for (const Json& item : list.items()) all += (all.empty() ? "" : ", ") + printable(item.text());
  return all;
}

std::string title_table(const Json& data) {
  Rows rows;
  for (const char* const key : {"project", "participant", "type", "org", "role"})
    if (!data[key].text().empty()) rows.push_back({key, printable(data[key].text())});
  rows.push_back({"kit", data["kit_id"].text() + ", version " + data["kit_version"].dump()});
  rows.push_back({"root", data["root_sha256"].text()});
  rows.push_back({"expires", day(data["expires_ms"]) + " (" + data["days_left"].dump() + " days left)"});
  rows.push_back({"server", printable(data["server_identity"].text())});
  rows.push_back({"security", "connection " + data["connection_security"].text() + ", message " +
                                  data["message_security"].text() +
                                  (data["secure_train"].boolean() ? "" : ", secure_train false")});
  rows.push_back({"custom CA", data["custom_ca"].boolean() ? "yes" : "no"});
  if (const Json& delegated = data["delegation"]; delegated.is_object())
    rows.push_back({"delegated", printable(delegated["endpoint"].text()) + " may send " +
                                     joined(delegated["topics"]) + " until " + day(delegated["until_ms"])});
  return table(rows);
}

std::string endpoint_table(const Json& data) {
  Rows rows{{"ENDPOINT", "ADDRESS", "SECURITY"}};
  for (const Json& one : data["endpoints"].items()) {
    const bool listens = one["listens"].is_string();
    rows.push_back({listens ? "listens" : "connects", printable(one[listens ? "listens" : "connects"].text()),
                    one["connection_security"].text()});
  }
  return table(rows);
}

std::string plugin_table(const Json& data) {
  Rows rows{{"PLUGIN", "ABI", "TRUSTED LINK", "FILE"}};
  for (const Json& one : data["plugins"].items())
    rows.push_back({printable(one["id"].text()), one["abi"].dump(),
                    one["trusted_link"].boolean() ? "yes" : "no",
                    one["sha256"].text().empty() ? "the installation's own" : one["sha256"].text()});
  return table(rows);
}

std::string certificate_table(const Json& data) {
  Rows rows{{"CERTIFICATE", "KEY", "FROM", "UNTIL", "DAYS LEFT", "SERIAL", "SUBJECT", "NAMES"}};
  for (const Json& one : data["certificates"].items())
    rows.push_back({one["use"].text(), one["key"].text(), day(one["from_ms"]), day(one["until_ms"]),
                    one["days_left"].dump(), one["serial"].text(), printable(one["subject"].text()),
                    joined(one["names"])});
  return table(rows);
}

std::string file_table(const Json& data) {
  Rows rows{{"FILE", "MODE", "BYTES", "CHECKED"}};
  for (const Json& one : data["files"].items())
    rows.push_back(
        {printable(one["path"].text()), one["mode"].text(), one["size"].dump(), one["check"].text()});
  return table(rows);
}

}  // namespace

int run_kit_inspect(const std::string& path, base::WallTime now, const Output& output) {
  base::Result<Json> data = inspect(path, now);
  if (!data) return report(data.error(), output);
  if (output.form == Form::text)
    output.out << title_table(*data) << "\n"
               << endpoint_table(*data) << "\n"
               << plugin_table(*data) << "\n"
               << certificate_table(*data) << "\n"
               << file_table(*data) << std::flush;
  return succeed(std::move(*data), output);
}

}  // namespace fairlead::app
