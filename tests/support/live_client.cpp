#include "support/live_client.hpp"

#include <future>
#include <iostream>

#include "base/assert.hpp"
#include "support/running_loop.hpp"

namespace fairlead::support {
namespace {

constexpr std::chrono::seconds kPatience(10);

}  // namespace

LiveClient::LiveClient(const std::filesystem::path& kit, const std::string& address,
                       std::vector<std::string> set)
    : loop_(loop::make_loop(clock_)) {
  set.push_back("connect_to=" + address);
  node::Settings settings;
  settings.kit = kit;
  settings.set = std::move(set);
  auto client = node::Client::make(settings, node::Persistence::forever, *loop_, log_);
  if (!client) std::cerr << client.error().line() << '\n';
  FAIRLEAD_ASSERT(client.has_value());
  client_ = std::move(*client);
  client_->on("*", [this](const node::Received& message, const std::shared_ptr<node::Responder>& responder) {
    keep(message);
    if (responder) responder->reply(base::copy_to_slice(message->payload()), {});
  });
  const auto over = [this](const base::Error& why) {
    const std::lock_guard lock(mutex_);
    if (!lost_) lost_ = why;
    changed_.notify_all();
  };
  client_->start({.ready =
                      [this](const node::LinkReport& report) {
                        const std::lock_guard lock(mutex_);
                        ready_ = report;
                        changed_.notify_all();
                      },
                  .lost = over,
                  .ended = over});
  thread_ = run_on_thread(*loop_);
}

LiveClient::~LiveClient() {
  loop_->post([this] { client_->drain(std::chrono::milliseconds(200), [this] { loop_->stop(); }); });
  thread_.join();
}

void LiveClient::keep(const node::Received& message) {
  SeenMessage seen{.client_name = std::string(message->headers.client_name),
                   .topic = std::string(message->headers.topic),
                   .payload = std::string(base::as_text(message->payload())),
                   .token = base::to_bytes(base::as_text(message->headers.token)),
                   .token_signature = base::to_bytes(base::as_text(message->headers.token_signature)),
                   .portable = base::to_bytes(base::as_text(message->headers.portable))};
  const std::lock_guard lock(mutex_);
  received_.push_back(std::move(seen));
  changed_.notify_all();
}

template <class Condition>
void LiveClient::wait(Condition condition) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, condition);
}

std::optional<node::LinkReport> LiveClient::wait_ready() {
  wait([this] { return ready_ || lost_; });
  const std::lock_guard lock(mutex_);
  return ready_;
}

std::optional<base::Error> LiveClient::wait_lost() {
  wait([this] { return lost_.has_value(); });
  const std::lock_guard lock(mutex_);
  return lost_;
}

std::vector<SeenMessage> LiveClient::wait_received(size_t count) {
  wait([this, count] { return received_.size() >= count; });
  return received();
}

std::vector<SeenMessage> LiveClient::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

base::Result<std::string> LiveClient::request(const std::string& to, const std::string& topic,
                                              const std::string& payload,
                                              std::chrono::milliseconds deadline) {
  std::promise<base::Result<std::string>> promise;
  node::Outgoing message{to, topic, base::copy_to_slice(base::as_bytes(payload)), {}, {}};
  client_->request(std::move(message), deadline, [&](base::Result<node::Received> reply) {
    if (!reply) return promise.set_value(tl::unexpected(reply.error()));
    promise.set_value(std::string(base::as_text((*reply)->payload())));
  });
  return promise.get_future().get();
}

}  // namespace fairlead::support
