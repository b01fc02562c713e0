#include "plugin/inspect.hpp"

#include <algorithm>
#include <boost/dll/library_info.hpp>

#include "fairlead/transport.h"
#include "plugin/status.hpp"

namespace fairlead::plugin {

base::Result<std::vector<std::string>> list_symbols(const std::string& path) {
  try {  // a named border: Boost.DLL reports by exceptions
    return boost::dll::library_info(path).symbols();
  } catch (const std::exception& error) {
    return base::fail(base::ErrorCode::bad_configuration, printable(error.what()));
  }
}

base::Status check_symbols(const std::string& plugin, const std::vector<std::string>& symbols) {
  constexpr std::string_view kPrefix = "fairlead_transport_v";
  if (std::find(symbols.begin(), symbols.end(), FAIRLEAD_TRANSPORT_SYMBOL) != symbols.end()) return {};
  for (const std::string& symbol : symbols)
    if (symbol.starts_with(kPrefix))
      return refuse(
          LoadRefusal::other_major,
          "plugin " + plugin + " exports " + printable(symbol) + ", expected " FAIRLEAD_TRANSPORT_SYMBOL,
          "install the plugin built for this version of Fairlead");
  return refuse(
      LoadRefusal::not_a_transport,
      "plugin " + plugin + " does not export " FAIRLEAD_TRANSPORT_SYMBOL + ", so it is no transport",
      "check that it is the right file and that it was linked with plugin.map");
}

}  // namespace fairlead::plugin
