/// OneShot: log in, do one thing, leave. What send, request, ping and status stand on.
#pragma once
#include <future>
#include <memory>
#include <string>

#include "app/node_options.hpp"
#include "base/json.hpp"

namespace fairlead::app {

/// A client that is logged in as PARTICIPANT/cli-PID, or as the --as option says. Not for its own callbacks'
/// thread.
class OneShot {
 public:
  /// Gives up after 10 s. bad_configuration, cannot_connect.
  static base::Result<OneShot> open(const NodeArguments& node, const CommonArguments& common);
  OneShot(OneShot&&) noexcept = default;
  OneShot& operator=(OneShot&&) = delete;
  /// Leaves in order.
  ~OneShot();

  /// Until the server has admitted and routed the message.
  base::Status send(Outgoing message);
  /// Until the answer is here, the deadline has passed or the connection is lost.
  base::Result<Message> request(Outgoing message);
  /// This side's view: {"endpoint","link":{...}}.
  base::Result<base::Json> report();

 private:
  using Ended = std::shared_future<std::optional<base::Error>>;  ///< why, or nothing after a drain
  OneShot(Client client, Ended ended) : client_(std::move(client)), ended_(std::move(ended)) {}
  base::Error reason_for(base::Error error) const;
  std::optional<Client> client_;
  Ended ended_;
};

/// "cli-PID".
std::string one_shot_app();
/// Fails with bad_arguments and what was expected: an endpoint, or "*" where that is allowed.
enum class Everyone { allowed, not_allowed };
base::Status check_receiver(const std::string& to, Everyone everyone);
/// "30s", "500ms": for --timeout. bad_arguments.
base::Result<std::chrono::milliseconds> parse_timeout(const std::string& text);

}  // namespace fairlead::app
