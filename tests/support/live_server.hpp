/// LiveServer: a real server node on a thread of its own, with what a test wants to know about it.
#pragma once
#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "node/server.hpp"

namespace fairlead::support {

/// Keeps every line of a log. Thread rule: any thread.
class CapturingLog final : public base::Log {
 public:
  bool enabled(base::LogLevel) const noexcept override { return true; }
  void write(base::LogLevel level, std::string_view event,
             std::initializer_list<base::Field> fields) override;
  /// Everything so far.
  std::string text() const;
  /// Is there a line that holds all of these?
  bool has_line(std::initializer_list<std::string_view> parts) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// Starts on construction, drains on destruction. Ends the test program when the kit cannot be served.
/// The server counts messages under topic `count` and answers pings.
class LiveServer {
 public:
  explicit LiveServer(const std::filesystem::path& kit, std::vector<std::string> set = {});
  ~LiveServer();

  /// "tcp://127.0.0.1:PORT" of the first listener.
  const std::string& address() const noexcept { return address_; }
  std::string port() const { return address_.substr(address_.rfind(':') + 1); }
  /// How often the handler of topic `count` ran.
  uint64_t handled() const noexcept { return handled_; }
  uint64_t refused(base::Refusal code);
  node::ServerCounters counters();
  const CapturingLog& log() const noexcept { return log_; }
  node::Server& node() noexcept { return *server_; }

 private:
  base::SystemClock clock_;
  CapturingLog log_;
  std::unique_ptr<loop::Loop> loop_;
  std::unique_ptr<node::Server> server_;
  std::string address_;
  std::atomic<uint64_t> handled_{0};
  std::thread thread_;
};

}  // namespace fairlead::support
