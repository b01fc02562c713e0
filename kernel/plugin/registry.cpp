#include "plugin/registry.hpp"

#include <algorithm>
#include <set>

#include "base/words.hpp"
#include "plugin/load.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {
namespace {

namespace fs = std::filesystem;
using Allowed = std::vector<AllowedPlugin>;

std::vector<fs::path> libraries_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// Brought by installations, and for another scheme: not opened for this one.
bool is_for_another(const fs::path& file, std::string_view scheme) {
  const config::ShippedTransport* shipped = config::shipped_in_file(file.filename().native());
  return shipped != nullptr && shipped->scheme != scheme;
}

/// The id is known only after loading, when code of the plugin has run. So nothing is loaded whose digest is
/// not on the list, but for the file that an installation brings for an id that the list does not pin.
bool may_open(const Allowed& allowed, const PluginFile& file) {
  const config::ShippedTransport* shipped = config::shipped_in_file(fs::path(file.path).filename().native());
  return std::any_of(allowed.begin(), allowed.end(), [&](const AllowedPlugin& one) {
    return one.sha256.empty() ? shipped != nullptr && shipped->id == one.id : one.sha256 == file.sha256;
  });
}

/// Loads one file if the list allows it.
base::Result<std::unique_ptr<LoadedTransport>> load_allowed(const fs::path& path, const Allowed& allowed,
                                                            base::Log& log) {
  FAIRLEAD_TRY(const PluginFile file, PluginFile::read(path));
  if (!may_open(allowed, file))
    return refuse(LoadRefusal::digest_mismatch,
                  "plugin " + file.path + " has SHA-256 " + file.sha256 + ", which the kit does not allow",
                  "install the plugin that the kit names, or provision kits for this one");
  FAIRLEAD_TRY(auto transport, load_file(file, log));
  for (const AllowedPlugin& one : allowed) {
    if (one.id != transport->id()) continue;
    if (!one.sha256.empty() && one.sha256 != file.sha256)
      return refuse(
          LoadRefusal::digest_mismatch,
          "plugin " + one.id + " (" + file.path + ") has SHA-256 " + file.sha256 + ", expected " + one.sha256,
          "install the plugin that the kit names, or provision kits for this one");
    transport->set_trusted_link(one.trusted_link);
    return transport;
  }
  return refuse(LoadRefusal::not_found,
                "plugin " + transport->id() + " (" + file.path + ") is not on the kit's list of plugins",
                "name the file in local/fairlead.yml: transports.SCHEME.plugin");
}

}  // namespace

base::Status Registry::add(std::unique_ptr<Transport> transport) {
  for (const std::string& scheme : transport->schemes())
    if (const Transport* other = find(scheme))
      return refuse(LoadRefusal::duplicate_scheme,
                    "plugins " + other->id() + " and " + transport->id() + " both serve " + scheme + "://",
                    "remove one of them");
  transport->watch_with(watchdog_);
  transports_.push_back(std::move(transport));
  return {};
}

Transport* Registry::find(std::string_view scheme) const noexcept {
  for (const auto& transport : transports_)
    for (const std::string& one : transport->schemes())
      if (one == scheme) return transport.get();
  return nullptr;
}

base::Result<Transport*> Registry::need(std::string_view scheme, const std::vector<AllowedPlugin>& allowed,
                                        base::Log& log) {
  if (Transport* known = find(scheme)) return known;
  const fs::path folder = shipped_plugin_folder();
  std::optional<base::Error> first_refusal;
  for (const fs::path& path : libraries_in(folder)) {
    if (is_for_another(path, scheme)) continue;
    std::error_code ignored;
    const std::string real = fs::canonical(path, ignored).string();
    if (std::any_of(transports_.begin(), transports_.end(), [&](const auto& t) { return t->path() == real; }))
      continue;
    auto loaded = load_allowed(path, allowed, log);
    base::Status added = loaded ? add(std::move(*loaded)) : tl::unexpected(std::move(loaded).error());
    if (!added && !first_refusal) first_refusal = std::move(added).error();
  }
  if (Transport* found = find(scheme)) return found;
  base::Error error = std::move(first_refusal).value_or(not_served(scheme, folder));
  log.error("plugin.refused", {{"why", error.reason}, {"what", error.text}, {"do", error.hint}});
  return tl::unexpected(std::move(error));
}

base::Error Registry::not_served(std::string_view scheme, const std::filesystem::path& folder) const {
  std::set<std::string> known;
  for (const auto& transport : transports_)
    known.insert(transport->schemes().begin(), transport->schemes().end());
  std::error_code error;
  for (const config::ShippedTransport& one : config::kShippedTransports)
    if (fs::exists(folder / one.file, error)) known.emplace(one.scheme);
  return refuse(LoadRefusal::not_found,
                "no plugin in " + folder.string() + " serves " + std::string(scheme) +
                    ":// (known: " + (known.empty() ? "none" : base::joined(known)) + ")",
                "check the scheme, or name a plugin of your own in local/fairlead.yml: transports." +
                    std::string(scheme) + ".plugin")
      .value();
}

}  // namespace fairlead::plugin
