/// Resolution: addresses of a name, in the order in which they are worth trying. Seen by dial only.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "loop/host_port.hpp"
#include "loop/loop.hpp"

namespace fairlead::loop {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// One lookup. Destroying it gives up; `done` never runs afterwards. [home]
class Resolution {
 public:
  virtual ~Resolution() = default;
};

/// The address itself when `host` is an IP literal, else nothing. No lookup.
Endpoints literal_endpoints(const HostPort& target);
/// Looks the name up; `done` runs on the loop, never inside this call, with at least one endpoint or an
/// error. Families alternate, starting with the resolver's first choice (RFC 8305 section 4). [home]
std::unique_ptr<Resolution> resolve(Loop& loop, const HostPort& target,
                                    std::function<void(base::Result<Endpoints>)> done);
/// The same endpoints with families alternating, each family's order kept.
Endpoints alternate_families(const Endpoints& endpoints);

}  // namespace fairlead::loop
