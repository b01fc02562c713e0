#include "config/shipped_transports.hpp"
#include "kit/settings.hpp"

namespace fairlead::kit {

std::vector<AllowedPlugin> shipped_plugins() {
  std::vector<AllowedPlugin> all;
  for (const config::ShippedTransport& one : config::kShippedTransports)
    all.push_back({std::string(one.id), kTransportAbi, {}, one.trusted_link});
  return all;
}

}  // namespace fairlead::kit
