#include "bench/processes.hpp"

#include <chrono>
#include <functional>
#include <iostream>

#include "node/client.hpp"
#include "node/server.hpp"

namespace fairlead::bench {
namespace {

using namespace std::chrono_literals;

constexpr uint64_t kBatch = 64;
const char* const kTopic = "bench";

/// Ends the loop soon after `stop` was set.
struct StopWatch {
  StopWatch(loop::Loop& home, SharedCounters& counters) : loop(home), shared(counters) { look(); }
  void look() {
    if (shared.stop.load() != 0) return loop.stop();
    timer = loop.after(5ms, [this] { look(); });
  }
  loop::Loop& loop;
  SharedCounters& shared;
  std::unique_ptr<loop::Timer> timer;
};

/// A client on a loop of its own.
struct Site {
  explicit Site(const std::string& kit, SharedCounters& shared,
                node::Persistence persistence = node::Persistence::once)
      : log(base::make_stderr_log(base::LogLevel::error, base::LogFormat::text)),
        loop(loop::make_loop(clock)) {
    node::Settings settings;
    settings.kit = kit;
    settings.set = {"connect_to=127.0.0.1:" + std::to_string(shared.port.load())};
    auto made = node::Client::make(settings, persistence, *loop, *log);
    if (made)
      client = std::move(*made);
    else
      std::cerr << made.error().line() << '\n';
  }
  void start(std::function<void()> ready) {
    client->start({.ready = [ready = std::move(ready)](const node::LinkReport&) { ready(); },
                   .ended =
                       [this](const base::Error& error) {
                         std::cerr << error.line() << '\n';
                         loop->stop();
                       }});
  }

  base::SystemClock clock;
  std::unique_ptr<base::Log> log;
  std::unique_ptr<loop::Loop> loop;
  std::unique_ptr<node::Client> client;
};

/// Keeps `window` messages under way.
struct Stream {
  Stream(Site& at, const Load& what, SharedCounters& counters)
      : site(at),
        load(what),
        shared(counters),
        payload(base::move_to_slice(base::Bytes(load.payload_size, 'x'))) {}

  void step() {
    if (shared.go.load(std::memory_order_relaxed) != 0)
      for (uint64_t i = 0; i < kBatch && sent - shared.received.load(std::memory_order_relaxed) < load.window;
           ++i) {
        site.client->send(
            {.to = "site-2", .topic = kTopic, .payload = payload, .headers = {}, .content_sha256 = {}},
            nullptr);
        ++sent;
      }
    const bool full =
        sent - shared.received.load(std::memory_order_relaxed) >= load.window || shared.go.load() == 0;
    if (full)
      timer = site.loop->after(50us, [this] { step(); });
    else
      site.loop->post([this] { step(); });
  }

  Site& site;
  const Load& load;
  SharedCounters& shared;
  base::Slice payload;
  uint64_t sent = 0;
  std::unique_ptr<loop::Timer> timer;
};

/// One request after another; the time of each goes into shared memory.
struct RoundTrips {
  void step() {
    const auto begin = std::chrono::steady_clock::now();
    site.client->request(
        {.to = "site-2", .topic = "fairlead/ping", .payload = payload, .headers = {}, .content_sha256 = {}},
        5s, [this, begin](const base::Result<node::Received>& reply) {
          if (!reply) return site.loop->stop();
          shared.add_sample(std::chrono::steady_clock::now() - begin);
          site.loop->post([this] { step(); });
        });
  }
  Site& site;
  SharedCounters& shared;
  base::Slice payload;
};

}  // namespace

int run_server(const Load& load, SharedCounters& shared) {
  const base::SystemClock clock;
  const auto log = base::make_stderr_log(base::LogLevel::error, base::LogFormat::text);
  const auto loop = loop::make_loop(clock);
  node::Settings settings;
  settings.kit = load.server_kit;
  settings.set = {"listen.port=0", "listen.host=127.0.0.1"};
  auto server = node::Server::make(settings, *loop, *log);
  if (!server) return std::cerr << server.error().line() << '\n', 1;
  const auto addresses = (*server)->start();
  if (!addresses) return std::cerr << addresses.error().line() << '\n', 1;
  const std::string& address = addresses->front();
  shared.port = static_cast<uint32_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  const StopWatch watch(*loop, shared);
  loop->run();
  return 0;
}

int run_receiver(const Load& load, SharedCounters& shared) {
  Site site(load.receiver_kit, shared);
  if (!site.client) return 1;
  site.client->on(kTopic, [&](const node::Received&, const std::shared_ptr<node::Responder>&) {
    shared.received.fetch_add(1, std::memory_order_relaxed);
  });
  site.start([&] { shared.receiver_ready = 1; });
  const StopWatch watch(*site.loop, shared);
  site.loop->run();
  return 0;
}

int run_sender(const Load& load, SharedCounters& shared) {
  Site site(load.sender_kit, shared);
  if (!site.client) return 1;
  Stream stream(site, load, shared);
  RoundTrips trips{site, shared, stream.payload};
  site.start([&] {
    shared.sender_ready = 1;
    if (load.round_trips)
      trips.step();
    else
      stream.step();
  });
  const StopWatch watch(*site.loop, shared);
  site.loop->run();
  return 0;
}

int run_logins(const Load& load, SharedCounters& shared) {
  while (shared.stop.load() == 0) {
    Site site(load.sender_kit, shared);
    if (!site.client) return 1;
    bool ready = false;
    site.start([&] {
      ready = true;
      site.client->drain(1s, [&] { site.loop->stop(); });
    });
    site.loop->run();
    if (!ready) return 1;
    shared.logins.fetch_add(1);
  }
  return 0;
}

int run_login_times(const Load& load, SharedCounters& shared) {
  while (shared.stop.load() == 0) {
    Site site(load.sender_kit, shared, node::Persistence::forever);
    if (!site.client) return 1;
    const auto begin = std::chrono::steady_clock::now();
    site.start([&] {
      shared.add_sample(std::chrono::steady_clock::now() - begin);
      site.client->drain(1s, [&] { site.loop->stop(); });
    });
    const StopWatch watch(*site.loop, shared);
    site.loop->run();
  }
  return 0;
}

}  // namespace fairlead::bench
