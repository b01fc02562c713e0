#include "plugin/load.hpp"

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>

#include "plugin/elf_file.hpp"
#include "plugin/host_table.hpp"
#include "plugin/inspect.hpp"
#include "plugin/status.hpp"
#include "plugin/validate.hpp"

namespace fairlead::plugin {
namespace {

/// dlopen() with everything resolved now. The library is never unloaded: its code may be on any stack and its
/// texts in any log line, and a plugin's threads and destructors do not expect it.
base::Result<const fairlead_transport*> open_library(const std::string& plugin, const std::string& path) {
  try {  // a named border: Boost.DLL reports by exceptions
    const boost::dll::shared_library library(
        path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    ::dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
    if (!library.has(FAIRLEAD_TRANSPORT_SYMBOL))
      return refuse(LoadRefusal::not_a_transport,
                    "plugin " + plugin + " hides " FAIRLEAD_TRANSPORT_SYMBOL ", so it is no transport",
                    "check that it was linked with plugin.map");
    return &library.get<const fairlead_transport>(FAIRLEAD_TRANSPORT_SYMBOL);
  } catch (const std::exception& error) {
    return refuse(LoadRefusal::not_elf, "plugin " + plugin + " cannot be loaded: " + printable(error.what()),
                  "install the libraries that it needs");
  }
}

base::Status check_digest(const PluginFile& file, const std::string& expected) {
  if (expected.empty() || file.sha256 == expected) return {};
  return refuse(LoadRefusal::digest_mismatch,
                "plugin " + file.path + " has SHA-256 " + file.sha256 + ", expected " + printable(expected),
                "install the plugin that the kit names, or provision kits for this one");
}

base::Result<std::unique_ptr<LoadedTransport>> load_quietly(const LoadRequest& request, base::Log& log) {
  FAIRLEAD_TRY(const PluginFile file, PluginFile::read(request.file));
  FAIRLEAD_TRY(check_digest(file, request.expected_sha256));
  return load_file(file, log);
}

}  // namespace

base::Result<std::unique_ptr<LoadedTransport>> load_file(const PluginFile& file, base::Log& log) {
  const auto complete = check_elf(file.content);
  if (!complete)
    return refuse(LoadRefusal::not_elf, "plugin " + file.path + " cannot be loaded: " + complete.error().text,
                  "install it again");
  FAIRLEAD_TRY(const int copy, sealed_copy(file));
  // Left open for good: a later plugin with the same number would get this library from the dynamic loader.
  const std::string path = "/proc/self/fd/" + std::to_string(copy);
  const auto symbols = list_symbols(path);
  if (!symbols)
    return refuse(LoadRefusal::not_elf, "plugin " + file.path + " cannot be read: " + symbols.error().text,
                  "install it again");
  FAIRLEAD_TRY(check_symbols(file.path, *symbols));
  FAIRLEAD_TRY(const fairlead_transport* table, open_library(file.path, path));
  FAIRLEAD_TRY(validate(file.path, *table));
  auto plugin = std::make_shared<Plugin>();
  plugin->table = table;
  plugin->id = table->id;
  plugin->path = file.path;
  plugin->schemes = schemes_of(*table);
  plugin->options = copy_options(*table, kMaxOptions);
  return std::make_unique<LoadedTransport>(std::move(plugin), log);
}

base::Result<std::unique_ptr<Transport>> load(const LoadRequest& request, base::Log& log) {
  auto loaded = load_quietly(request, log);
  if (!loaded) {
    const base::Error& error = loaded.error();
    log.error("plugin.refused", {{"why", error.reason}, {"what", error.text}, {"do", error.hint}});
    return tl::unexpected(std::move(loaded).error());
  }
  (*loaded)->set_trusted_link(request.trusted_link);
  return std::move(*loaded);
}

}  // namespace fairlead::plugin
