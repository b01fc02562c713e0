#include "app/service_command.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "app/handlers.hpp"
#include "app/node_options.hpp"
#include "app/process.hpp"
#include "app/service_signals.hpp"

namespace fairlead::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
constexpr milliseconds kDrain(30'000);
constexpr milliseconds kHurriedDrain(2'000);

/// Ends a service in order: what handlers are doing first, so that their answers still leave, then the node.
class Stopper {
 public:
  Stopper(Node& node, WorkPool& pool) : node_(node), pool_(pool) {}
  ~Stopper() {
    const std::lock_guard lock(mutex_);  // stop() may still be storing the thread that ended the node
    if (waiting_.joinable()) waiting_.join();
  }

  /// The n-th signal has come. Does not wait.
  void stop(int count) {
    if (count == 1) {
      const std::lock_guard lock(mutex_);
      waiting_ = std::thread([this] { finish_handlers(); });
      return;
    }
    hurried_ = true;
    node_.drain(kHurriedDrain);
  }

 private:
  void finish_handlers() {
    const auto until = steady_clock::now() + kDrain;
    while (!hurried_ && steady_clock::now() < until && !pool_.wait_idle(milliseconds(50))) {
    }
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    node_.drain(hurried_ ? kHurriedDrain : std::max(left, kHurriedDrain));
  }

  Node& node_;
  WorkPool& pool_;
  std::atomic<bool> hurried_{false};
  std::mutex mutex_;
  std::thread waiting_;
};

/// {"event":NAME} followed by the members of `report`.
base::Json event_line(const char* name, std::string_view report) {
  base::Json line = base::Json::object({{"event", name}});
  if (const auto parsed = base::Json::parse(report); parsed.has_value())
    for (const auto& [key, value] : parsed->members()) line.set(key, value);
  return line;
}

void notify(const std::string& address, std::string_view state, base::Log& log) {
  if (const base::Status told = notify_service_manager(address, state); !told.has_value())
    log.warn("service.notify_failed", {{"text", told.error().line()}});
}

/// Runs the node on this thread until it ends, with handlers, signals and the ready line. The handlers go
/// before the node does: their jobs hold its messages.
base::Status serve(Node& node, std::unique_ptr<Handlers> handlers, ServiceSignals& signals, base::Log& log,
                   std::function<void(std::string_view report)> print_ready) {
  handlers->attach(node);
  Stopper stopper(node, handlers->pool());
  const auto stop = [&](int count) {
    log.info("service.stopping", {{"signal", static_cast<uint64_t>(count)}});
    notify(notify_address(), "STOPPING=1", log);
    stopper.stop(count);
  };
  signals.listen(stop, [&] { node.reload([](const NodeError*) {}); });  // the node itself logs how it went
  Events events;
  events.ready = [&](std::string_view report) {
    print_ready(report);
    notify(notify_address(), "READY=1", log);
  };
  const auto why = node.run(std::move(events));
  signals.end_listening();  // a signal from here on must not find a stopper that is gone
  if (why) return tl::unexpected<base::Error>(to_error(*why));
  return {};
}

/// The server's last line: its counters.
void print_stopped(Server& server, const Output& output) {
  const auto report = base::Json::parse(server.status());
  if (!report.has_value()) return;
  print_line(event_line("stopped", (*report)["counters"].dump()), output);
}

template <class Kind>
base::Result<Kind> prepare(const ServiceArguments& arguments, const CommonArguments& common) {
  std::optional<NodeError> why;
  const Options options = node_options(arguments.node, common, Chatter::service);
  std::optional<Kind> node = Kind::prepare(arguments.node.kit, options, why);
  if (!node.has_value()) return tl::unexpected<base::Error>(to_error(*why));
  return std::move(*node);
}

base::Status serve_server(const ServiceArguments& arguments, const CommonArguments& common,
                          const Output& output) {
  raise_descriptor_limit();
  ServiceSignals signals;
  FAIRLEAD_TRY(const std::unique_ptr<base::Log> log, command_log(common));
  FAIRLEAD_TRY(std::unique_ptr<Handlers> handlers, Handlers::make(arguments, *log));
  FAIRLEAD_TRY(Server server, prepare<Server>(arguments, common));
  const auto print_ready = [&](std::string_view report) {
    base::Json line = base::Json::object({{"event", "ready"}});
    if (const auto parsed = base::Json::parse(report); parsed.has_value())
      line.set("listeners", (*parsed)["listeners"]);
    print_line(line, output);
  };
  FAIRLEAD_TRY(serve(server, std::move(handlers), signals, *log, print_ready));
  print_stopped(server, output);
  return {};
}

base::Status serve_client(const ServiceArguments& arguments, const CommonArguments& common,
                          const Output& output) {
  ServiceSignals signals;
  FAIRLEAD_TRY(const std::unique_ptr<base::Log> log, command_log(common));
  FAIRLEAD_TRY(std::unique_ptr<Handlers> handlers, Handlers::make(arguments, *log));
  FAIRLEAD_TRY(Client client, prepare<Client>(arguments, common));
  return serve(client, std::move(handlers), signals, *log,
               [&](std::string_view report) { print_line(event_line("ready", report), output); });
}

int exit_with(const base::Status& status, const Output& output) {
  return status.has_value() ? 0 : report(status.error(), output);
}

}  // namespace

int run_server(const ServiceArguments& arguments, const CommonArguments& common, const Output& output) {
  return exit_with(serve_server(arguments, common, output), output);
}

int run_client(const ServiceArguments& arguments, const CommonArguments& common, const Output& output) {
  return exit_with(serve_client(arguments, common, output), output);
}

}  // namespace fairlead::app
