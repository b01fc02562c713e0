/// LiveClient: a real client node on a thread of its own, with everything it received and what became of it.
#pragma once
#include <condition_variable>
#include <optional>

#include "node/client.hpp"
#include "support/live_server.hpp"

namespace fairlead::support {

/// One message as its receiver saw it.
struct SeenMessage {
  std::string client_name, topic, payload;
  base::Bytes token, token_signature, portable;
};

/// Starts connecting on construction, drains on destruction. Answers requests with their own payload.
class LiveClient {
 public:
  LiveClient(const std::filesystem::path& kit, const std::string& address, std::vector<std::string> set = {});
  ~LiveClient();

  /// Waits for the first login; what it saw of its link. Nothing when it ended or was lost instead.
  std::optional<node::LinkReport> wait_ready();
  /// Waits until the connection is lost or over; why. Nothing when that does not happen in time.
  std::optional<base::Error> wait_lost();
  /// Waits until `count` messages have come; all of them.
  std::vector<SeenMessage> wait_received(size_t count);
  std::vector<SeenMessage> received() const;
  /// A request, to its end.
  base::Result<std::string> request(const std::string& to, const std::string& topic,
                                    const std::string& payload,
                                    std::chrono::milliseconds deadline = std::chrono::seconds(10));
  const CapturingLog& log() const noexcept { return log_; }

 private:
  void keep(const node::Received& message);
  template <class Condition>
  void wait(Condition condition);

  base::SystemClock clock_;
  CapturingLog log_;
  std::unique_ptr<loop::Loop> loop_;
  std::unique_ptr<node::Client> client_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<node::LinkReport> ready_;
  std::optional<base::Error> lost_;
  std::vector<SeenMessage> received_;
  std::thread thread_;
};

}  // namespace fairlead::support
