#include "loop/resolve.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "loop/asio_loop.hpp"

namespace fairlead::loop {
namespace {

using boost::asio::ip::tcp;
using Done = std::function<void(base::Result<Endpoints>)>;

tl::unexpected<base::Error> not_resolved(const HostPort& target, const std::string& why) {
  return tl::unexpected(base::Error{base::ErrorCode::cannot_connect,
                                    "name " + target.host + " cannot be resolved: " + why,
                                    "check the name and this machine's name service", "", "unknown_host"});
}

class AsioResolution final : public Resolution {
 public:
  AsioResolution(AsioLoop& loop, const HostPort& target, Done done)
      : resolver_(loop.context()), wish_(std::make_shared<Done>(std::move(done))) {
    auto answer = [target, wish = wish_](const boost::system::error_code& error,
                                         const tcp::resolver::results_type& found) {
      const Done wanted = std::exchange(*wish, nullptr);
      if (!wanted) return;
      if (error || found.empty()) return wanted(not_resolved(target, error ? error.message() : "no address"));
      wanted(alternate_families(Endpoints(found.begin(), found.end())));
    };
    resolver_.async_resolve(target.host, std::to_string(target.port), tcp::resolver::numeric_service,
                            std::move(answer));
  }
  ~AsioResolution() override { *wish_ = nullptr; }

 private:
  tcp::resolver resolver_;
  std::shared_ptr<Done> wish_;  ///< owners: this object and its lookup, which cannot always be called back
};

/// The answer on a loop that has no resolver (tests).
class NoResolution final : public Resolution {
 public:
  NoResolution(Loop& loop, const HostPort& target, Done done)
      : timer_(loop.after(std::chrono::nanoseconds(0), [target, done = std::move(done)] {
          done(not_resolved(target, "this loop has no resolver"));
        })) {}

 private:
  std::unique_ptr<Timer> timer_;
};

}  // namespace

Endpoints literal_endpoints(const HostPort& target) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(target.host, error);
  if (error) return {};
  return {tcp::endpoint(address, target.port)};
}

Endpoints alternate_families(const Endpoints& endpoints) {
  if (endpoints.empty()) return {};
  Endpoints ordered = endpoints;
  const auto first_family = endpoints.front().protocol();
  const auto is_first = [&](const tcp::endpoint& one) { return one.protocol() == first_family; };
  const auto second = std::stable_partition(ordered.begin(), ordered.end(), is_first);

  Endpoints result;
  auto a = ordered.begin();
  auto b = second;
  while (a != second || b != ordered.end()) {
    if (a != second) result.push_back(*a++);
    if (b != ordered.end()) result.push_back(*b++);
  }
  return result;
}

std::unique_ptr<Resolution> resolve(Loop& loop, const HostPort& target, Done done) {
  if (auto* asio_loop = dynamic_cast<AsioLoop*>(&loop))
    return std::make_unique<AsioResolution>(*asio_loop, target, std::move(done));
  return std::make_unique<NoResolution>(loop, target, std::move(done));
}

}  // namespace fairlead::loop
