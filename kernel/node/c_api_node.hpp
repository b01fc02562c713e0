/// The body behind the opaque fairlead_node: a client or a server with its loop, its log and its one life.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "fairlead/node.h"
#include "node/client.hpp"
#include "node/server.hpp"

namespace fairlead::node {

/// Lets no answer through once its node is going: responders may be out longer, on other threads.
struct ReplyGate {
  std::recursive_mutex mutex;  ///< an answer may arrive at a handler of the same node, which answers in turn
  bool open = true;            ///< under mutex
};

}  // namespace fairlead::node

/// Thread rules as in fairlead/node.h; [home] is the loop's thread.
struct fairlead_node {
 public:
  enum class Role { client, server };

  static fairlead::base::Result<std::unique_ptr<fairlead_node>> open(const fairlead_node_options& options,
                                                                     Role role);
  fairlead_node() = default;
  fairlead_node(const fairlead_node&) = delete;
  fairlead_node& operator=(const fairlead_node&) = delete;
  ~fairlead_node();  ///< [away]

  fairlead::base::Status start(const fairlead_node_events* events);
  fairlead::base::Status run(const fairlead_node_events* events);
  fairlead::base::Status drain(std::chrono::milliseconds limit);
  /// The ready report; a server's counters with it.
  fairlead::base::Result<std::string> status();
  /// The privacy resources as the loop has them now.
  fairlead::base::Result<std::string> privacy();

  fairlead::node::Messenger& messenger() const noexcept { return *messenger_; }
  /// The thread that runs the loop, also once the loop has ended.
  bool is_home() const noexcept {
    return phase_ == Phase::made ? loop_->is_home() : home_.load() == std::this_thread::get_id();
  }
  bool is_over() const noexcept { return phase_ == Phase::over; }
  const std::shared_ptr<fairlead::node::ReplyGate>& reply_gate() const noexcept { return reply_gate_; }

 private:
  enum class Phase { made, running, over };

  fairlead::base::Status begin(const fairlead_node_events* events);
  fairlead::base::Status begin_server();
  void begin_client();
  void ready(fairlead::base::Json report);                ///< [home]
  void drain_now(std::chrono::milliseconds limit);        ///< [home]
  void finish(std::optional<fairlead::base::Error> why);  ///< [home] only the first call counts
  void run_loop();
  std::string status_now() const;  ///< [home]
  /// What `read` gives on the loop, or here when no loop runs.
  fairlead::base::Result<std::string> ask(const std::function<std::string()>& read);

  // The order matters: what stands below uses what stands above until it is destroyed.
  fairlead::base::SystemClock clock_;
  std::unique_ptr<fairlead::base::Log> log_;
  std::unique_ptr<fairlead::loop::Loop> loop_;
  std::unique_ptr<fairlead::loop::Timer> drain_limit_;
  std::unique_ptr<fairlead::node::Client> client_;
  std::unique_ptr<fairlead::node::Server> server_;
  fairlead::node::Messenger* messenger_ = nullptr;  ///< the one of the two that is there
  fairlead_node_events events_{};
  fairlead::base::Json report_;                   ///< [home]
  std::optional<fairlead::base::Error> failure_;  ///< [home], or after the loop
  bool draining_ = false;                         ///< [home]
  /// Owners: this node and the responders that are out.
  std::shared_ptr<fairlead::node::ReplyGate> reply_gate_ = std::make_shared<fairlead::node::ReplyGate>();
  std::atomic<std::thread::id> home_{};
  std::atomic<bool> loop_done_{false};  ///< the loop has run and runs no more
  std::atomic<Phase> phase_{Phase::made};
  std::thread thread_;
};
