#include "support/live_server.hpp"

#include <future>
#include <iostream>

#include "base/assert.hpp"
#include "support/running_loop.hpp"

namespace fairlead::support {

void CapturingLog::write(base::LogLevel, std::string_view event, std::initializer_list<base::Field> fields) {
  std::string line(event);
  for (const base::Field& field : fields) line += " " + std::string(field.key) + "=" + field.value;
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
}

std::string CapturingLog::text() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const std::string& line : lines_) all += line + "\n";
  return all;
}

bool CapturingLog::has_line(std::initializer_list<std::string_view> parts) const {
  const std::lock_guard lock(mutex_);
  for (const std::string& line : lines_) {
    bool all = true;
    for (const std::string_view part : parts) all = all && line.find(part) != std::string::npos;
    if (all) return true;
  }
  return false;
}

LiveServer::LiveServer(const std::filesystem::path& kit, std::vector<std::string> set)
    : loop_(loop::make_loop(clock_)) {
  set.insert(set.begin(), {"listen.port=0", "listen.host=127.0.0.1"});
  node::Settings settings;
  settings.kit = kit;
  settings.set = std::move(set);
  auto server = node::Server::make(settings, *loop_, log_);
  if (!server) std::cerr << server.error().line() << '\n';
  FAIRLEAD_ASSERT(server.has_value());
  server_ = std::move(*server);
  server_->on("count", [this](const node::Received&, const std::shared_ptr<node::Responder>& responder) {
    ++handled_;
    if (responder) responder->reply({}, {});
  });
  const auto addresses = server_->start();
  if (!addresses) std::cerr << addresses.error().line() << '\n';
  FAIRLEAD_ASSERT(addresses.has_value() && !addresses->empty());
  address_ = addresses->front();
  thread_ = run_on_thread(*loop_);
}

LiveServer::~LiveServer() {
  loop_->post([this] { server_->drain(std::chrono::milliseconds(200), [this] { loop_->stop(); }); });
  thread_.join();
}

node::ServerCounters LiveServer::counters() {
  std::promise<node::ServerCounters> promise;
  loop_->post([&] { promise.set_value(server_->counters()); });
  return promise.get_future().get();
}

uint64_t LiveServer::refused(base::Refusal code) { return counters().refused[static_cast<uint8_t>(code)]; }

}  // namespace fairlead::support
