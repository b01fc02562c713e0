#include "plugin/registry.hpp"

#include <algorithm>

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

bool is_pinned(const Allowed& allowed, const std::string& sha256) {
  return std::any_of(allowed.begin(), allowed.end(), [&](const auto& one) { return one.sha256 == sha256; });
}

/// Loads one file if the list allows it. The id is known only after loading, so a file whose digest nobody
/// pinned is opened only when the list names a plugin without pinning it.
base::Result<std::unique_ptr<LoadedTransport>> load_allowed(const fs::path& path, const Allowed& allowed,
                                                            base::Log& log) {
  FAIRLEAD_TRY(const PluginFile file, PluginFile::read(path));
  if (!is_pinned(allowed, file.sha256) && !is_pinned(allowed, ""))
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
                "add it to the project's plugins and provision again");
}

}  // namespace

base::Status Registry::add(std::unique_ptr<Transport> transport) {
  for (const std::string& scheme : transport->schemes())
    if (const Transport* other = find(scheme))
      return refuse(LoadRefusal::duplicate_scheme,
                    "plugins " + other->id() + " and " + transport->id() + " both serve " + scheme + "://",
                    "remove one of them");
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
  std::string known;
  for (const auto& transport : transports_)
    for (const std::string& one : transport->schemes()) known += (known.empty() ? "" : ", ") + one;
  return refuse(LoadRefusal::not_found,
                "no plugin in " + folder.string() + " serves " + std::string(scheme) +
                    ":// (known: " + (known.empty() ? "none" : known) + ")",
                "check the scheme, or install the plugin that serves it")
      .value();
}

}  // namespace fairlead::plugin
