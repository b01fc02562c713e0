/// The loader's steps, for the registry: it knows a plugin's id, and so what the allow list says, only
/// afterwards.
#pragma once
#include "plugin/loaded_transport.hpp"
#include "plugin/plugin_file.hpp"
#include "plugin/registry.hpp"

namespace fairlead::plugin {

/// load() without its log line and digest check, from a file that was read already.
base::Result<std::unique_ptr<LoadedTransport>> load_file(const PluginFile& file, base::Log& log);

}  // namespace fairlead::plugin
