#include "node/c_api_node.hpp"

#include <algorithm>
#include <future>
#include <system_error>

#include "node/c_api_error.hpp"
#include "node/c_api_log.hpp"

namespace base = fairlead::base;
namespace node = fairlead::node;

namespace {

/// What a node may take longer than the limit it was given, before it is cut off.
constexpr std::chrono::milliseconds kDrainGrace(1000);
/// How long a server may take that an administrator told to end, as after a first SIGTERM.
constexpr std::chrono::milliseconds kAdminDrain(30'000);

std::string copy(fairlead_text text) { return {text.data, text.size}; }

/// A program that was compiled against an older header gives fewer fields.
fairlead_node_events known_part_of(const fairlead_node_events& given) {
  fairlead_node_events all{};
  const void* from = &given;
  void* to = &all;
  std::copy_n(static_cast<const uint8_t*>(from), std::min<size_t>(given.struct_size, sizeof all),
              static_cast<uint8_t*>(to));
  return all;
}

std::map<std::string, std::string> fairlead_environment() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line(*entry);
    const size_t equals = line.find('=');
    if (line.starts_with("FAIRLEAD_") && equals != std::string_view::npos)
      found.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return found;
}

node::Settings settings_of(const fairlead_node_options& options) {
  node::Settings settings;
  settings.kit = copy(options.kit);
  settings.app = copy(options.app);
  for (uint32_t i = 0; i < options.set_count; ++i) settings.set.push_back(copy(options.set[i]));
  if (options.ignore_environment == 0) settings.environment = fairlead_environment();
  return settings;
}

base::Json link_json(const node::LinkReport& report) {
  base::Json proved = base::Json::array();
  if (report.facts.confidential) proved.add("confidential");
  if (report.facts.peer_verified) proved.add("peer_verified");
  if (report.facts.self_proven) proved.add("self_proven");
  return base::Json::object({{"address", report.address},
                             {"proved", std::move(proved)},
                             {"protocol", report.facts.protocol},
                             {"message_security", base::name(report.message_security)}});
}

}  // namespace

base::Result<std::unique_ptr<fairlead_node>> fairlead_node::open(const fairlead_node_options& options,
                                                                 Role role) {
  const node::Settings settings = settings_of(options);
  auto self = std::make_unique<fairlead_node>();
  FAIRLEAD_TRY(self->log_, node::make_log(options, settings));
  self->loop_ = fairlead::loop::make_loop(self->clock_);
  if (role == Role::server) {
    FAIRLEAD_TRY(self->server_, node::Server::make(settings, *self->loop_, *self->log_));
    self->messenger_ = self->server_.get();
    return self;
  }
  const auto persistence =
      options.persistence == FAIRLEAD_PERSIST_ONCE ? node::Persistence::once : node::Persistence::forever;
  FAIRLEAD_TRY(self->client_, node::Client::make(settings, persistence, *self->loop_, *self->log_));
  self->messenger_ = self->client_.get();
  return self;
}

fairlead_node::~fairlead_node() {
  if (thread_.joinable()) {
    loop_->stop();
    thread_.join();
  }
  phase_ = Phase::over;
  const std::lock_guard lock(reply_gate_->mutex);
  reply_gate_->open = false;
}

void fairlead_node::run_loop() {
  home_ = std::this_thread::get_id();
  loop_->run();
  loop_done_ = true;
}

base::Status fairlead_node::begin(const fairlead_node_events* events) {
  Phase expected = Phase::made;
  if (!phase_.compare_exchange_strong(expected, Phase::running))
    return base::fail(base::ErrorCode::bad_arguments, "the node was started before", "open a new one");
  if (events != nullptr) events_ = known_part_of(*events);
  if (client_ != nullptr) {
    begin_client();
    return {};
  }
  base::Status begun = begin_server();
  if (!begun.has_value()) phase_ = Phase::over;
  return begun;
}

base::Status fairlead_node::begin_server() {
  server_->on_drain_wanted([this] { drain_now(kAdminDrain); });
  FAIRLEAD_TRY(const std::vector<std::string> addresses, server_->start());
  base::Json listeners = base::Json::array();
  for (const std::string& address : addresses) listeners.add(address);
  base::Json report =
      base::Json::object({{"endpoint", server_->endpoint()}, {"listeners", std::move(listeners)}});
  loop_->post([this, report = std::move(report)] { ready(report); });
  return {};
}

void fairlead_node::begin_client() {
  node::ClientEvents events;
  events.ready = [this](const node::LinkReport& report) {
    ready(base::Json::object({{"endpoint", client_->endpoint()}, {"link", link_json(report)}}));
  };
  events.lost = [this](const base::Error& why) {
    const fairlead_node_error error = node::to_c(why);
    if (events_.lost != nullptr) events_.lost(events_.ctx, &error);
  };
  events.ended = [this](const base::Error& why) { finish(why); };
  client_->start(std::move(events));
}

void fairlead_node::ready(base::Json report) {
  report_ = std::move(report);
  const std::string text = report_.dump();
  if (events_.ready != nullptr) events_.ready(events_.ctx, {text.data(), text.size()});
}

void fairlead_node::finish(std::optional<base::Error> why) {
  if (phase_.exchange(Phase::over) == Phase::over) return;
  failure_ = std::move(why);
  if (events_.ended != nullptr) {
    const fairlead_node_error error = failure_.has_value() ? node::to_c(*failure_) : fairlead_node_error{};
    events_.ended(events_.ctx, failure_.has_value() ? &error : nullptr);
  }
  loop_->stop();
}

base::Status fairlead_node::start(const fairlead_node_events* events) {
  FAIRLEAD_TRY(begin(events));
  try {
    thread_ = std::thread([this] { run_loop(); });
  } catch (const std::system_error&) {
    phase_ = Phase::over;
    return base::fail(base::ErrorCode::failed, "cannot start the node's thread",
                      "raise the limit of threads");
  }
  return {};
}

base::Status fairlead_node::run(const fairlead_node_events* events) {
  FAIRLEAD_TRY(begin(events));
  run_loop();
  if (failure_.has_value()) return tl::unexpected<base::Error>(*failure_);
  return {};
}

void fairlead_node::drain_now(std::chrono::milliseconds limit) {
  if (phase_ != Phase::running) return;
  const auto give_up_after = draining_ ? limit : limit + kDrainGrace;
  drain_limit_ = loop_->after(give_up_after, [this] { finish(std::nullopt); });
  if (std::exchange(draining_, true)) return;
  messenger_->drain(limit, [this] { finish(std::nullopt); });
}

base::Status fairlead_node::drain(std::chrono::milliseconds limit) {
  if (phase_ == Phase::running && loop_->post([this, limit] { drain_now(limit); })) return {};
  return tl::unexpected<base::Error>(node::closed_error());
}

std::string fairlead_node::status_now() const {
  base::Json status = report_;
  if (server_ != nullptr) status.set("counters", server_->counters().to_json());
  return status.dump();
}

base::Result<std::string> fairlead_node::ask(const std::function<std::string()>& read) {
  if (is_home() || loop_done_ || phase_ == Phase::made) return read();
  // Shared with a task that may run, or be thrown away when the loop ends meanwhile: then the wait ends too.
  auto text = std::make_shared<std::optional<std::string>>();
  auto done = std::make_shared<std::promise<void>>();
  std::future<void> waited = done->get_future();
  const bool taken = loop_->post([read, text, done = std::move(done)] {
    *text = read();
    done->set_value();
  });
  if (!taken) return tl::unexpected<base::Error>(node::closed_error());
  while (waited.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout)
    if (is_over()) return tl::unexpected<base::Error>(node::closed_error());
  if (!text->has_value()) return tl::unexpected<base::Error>(node::closed_error());
  return **text;
}

base::Result<std::string> fairlead_node::status() {
  return ask([this] { return status_now(); });
}

base::Result<std::string> fairlead_node::privacy() {
  return ask([this] { return messenger_->privacy(); });
}
