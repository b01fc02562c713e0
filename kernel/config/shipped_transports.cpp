#include "config/shipped_transports.hpp"

namespace fairlead::config {

std::vector<AllowedPlugin> shipped_plugins() {
  std::vector<AllowedPlugin> all;
  all.reserve(std::size(kShippedTransports));
  for (const ShippedTransport& one : kShippedTransports)
    all.push_back({std::string(one.id), kTransportAbi, {}, one.trusted_link});
  return all;
}

}  // namespace fairlead::config
