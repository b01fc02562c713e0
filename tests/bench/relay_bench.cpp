// relay_bench: site -> server -> site in three processes, every message with full headers, its tag checked
// and remade. Prints relayed messages and MB a second, server CPU a million messages, round trips and logins
// a second; and what libzmq alone relays under CURVE, next to which the zmq transport is to be seen.
// Arguments: any of mtls, clear, zmq_mtls, zmq_clear, unix, exec (through socat), raw_curve, rtt, logins, 1k,
// 64k, 1m; without any, everything.
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <set>
#include <thread>
#include <vector>

#include "app/process.hpp"
#include "bench/processes.hpp"
#include "bench/raw_curve.hpp"
#include "bench/usage.hpp"
#include "support/given_project.hpp"
#include "support/ways.hpp"

namespace {

using namespace fairlead;
using bench::cpu_seconds;
using bench::Load;
using bench::SharedCounters;
using Clock = std::chrono::steady_clock;

constexpr double kSeconds = 3;

/// Server on one core, both sites on the other: what a peer's benchmark does too.
enum class Core { server = 0, sites = 1 };

template <class Body>
pid_t in_process(Core core, Body body) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<size_t>(core), &cores);
  ::sched_setaffinity(0, sizeof cores, &cores);
  ::_exit(body());
}

/// True once the value is not zero; false when that takes longer than 20 s.
template <class Value>
bool wait_for(const std::atomic<Value>& value) {
  const auto end = Clock::now() + std::chrono::seconds(20);
  while (value.load() == 0 && Clock::now() < end) std::this_thread::yield();
  return value.load() != 0;
}

void pass_time(double seconds) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  std::this_thread::sleep_until(end);
}

struct Running {
  pid_t server = 0, receiver = 0, sender = 0;
};

/// Who relays: nodes, or libzmq alone.
struct Roles {
  using Run = int (*)(const Load&, SharedCounters&);
  Run server = &bench::run_server, receiver = &bench::run_receiver, sender = &bench::run_sender;
};
constexpr Roles kRaw{&bench::run_raw_server, &bench::run_raw_receiver, &bench::run_raw_sender};

bool start(const Load& load, SharedCounters& shared, Running& running, const Roles& roles = {}) {
  running.server = in_process(Core::server, [&] { return roles.server(load, shared); });
  if (!wait_for(shared.port)) return false;
  if (!load.logins) {
    running.receiver = in_process(Core::sites, [&] { return roles.receiver(load, shared); });
    if (!wait_for(shared.receiver_ready)) return false;
  }
  running.sender = in_process(Core::sites, [&] {
    return load.logins ? bench::run_logins(load, shared) : roles.sender(load, shared);
  });
  return load.logins || wait_for(shared.sender_ready);
}

void finish(SharedCounters& shared, const Running& running) {
  shared.stop = 1;
  for (const pid_t process : {running.sender, running.receiver, running.server})
    if (process > 0) ::waitpid(process, nullptr, 0);
}

void measure_relay(const char* security, const Load& load, const Roles& roles = {}) {
  SharedCounters& shared = SharedCounters::make();
  Running running;
  if (!start(load, shared, running, roles)) return finish(shared, running);
  shared.go = 1;
  pass_time(0.5);
  const uint64_t first = shared.received;
  const double cpu = cpu_seconds(running.server);
  const auto begin = Clock::now();
  pass_time(kSeconds);
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  const auto count = static_cast<double>(shared.received - first);
  const double used = cpu_seconds(running.server) - cpu;
  finish(shared, running);
  std::printf("relay   %-9s %8zu B  %9.0f msg/s  %8.1f MB/s  server %5.2f CPU s/million\n", security,
              load.payload_size, count / took, count * static_cast<double>(load.payload_size) / took / 1e6,
              count > 0 ? used / count * 1e6 : 0);
}

void measure_round_trips(const char* security, const Load& base) {
  Load load = base;
  load.round_trips = true;
  SharedCounters& shared = SharedCounters::make();
  Running running;
  if (!start(load, shared, running)) return finish(shared, running);
  pass_time(kSeconds);
  finish(shared, running);
  std::vector<uint32_t> samples(shared.rtt_ns,
                                shared.rtt_ns + std::min<size_t>(shared.samples, std::size(shared.rtt_ns)));
  if (samples.empty()) return;
  std::sort(samples.begin(), samples.end());
  std::printf("rtt     %-9s %8zu B  p50 %6.1f us  p99 %6.1f us  (site, server, site and back; %zu samples)\n",
              security, load.payload_size, samples[samples.size() / 2] / 1e3,
              samples[samples.size() * 99 / 100] / 1e3, samples.size());
}

void measure_logins(const char* security, const Load& base) {
  Load load = base;
  load.logins = true;
  SharedCounters& shared = SharedCounters::make();
  Running running;
  if (!start(load, shared, running)) return finish(shared, running);
  pass_time(0.3);
  const uint64_t first = shared.logins;
  const double cpu = cpu_seconds(running.server);
  pass_time(kSeconds);
  const auto count = static_cast<double>(shared.logins - first);
  const double used = cpu_seconds(running.server) - cpu;
  finish(shared, running);
  std::printf("logins  %-9s             %9.0f /s one after another  server %5.2f CPU ms each\n", security,
              count / kSeconds, count > 0 ? used / count * 1e3 : 0);
}

/// `folder` is for sockets.
std::string project(const std::string& way, const std::string& folder) {
  const std::string of_site = way == "exec" ? ", scheme: exec}\n" : "}\n";
  return "api_version: 3\nname: bench\n" + support::connection_of(way, folder) +
         "participants:\n"
         "- {name: server, type: server, org: bench, fed_learn_port: 8002, host_names: [127.0.0.1]}\n"
         "- {name: site-1, type: client, org: bench, connect_to: 127.0.0.1" +
         of_site + "- {name: site-2, type: client, org: bench, connect_to: 127.0.0.1" + of_site;
}

using Wanted = std::function<bool(const char*)>;

/// Streams of three sizes.
void measure_relays(const char* security, Load load, const Wanted& want, const Roles& roles = {}) {
  if (want("1k")) measure_relay(security, load, roles);
  load.payload_size = 64u << 10;
  load.window = 256;
  if (want("64k")) measure_relay(security, load, roles);
  load.payload_size = 1u << 20;
  load.window = 16;
  if (want("1m")) measure_relay(security, load, roles);
}

void measure(const char* security, const Wanted& want) {
  const support::TempDir sockets;
  const support::GivenProject given(project(security, sockets.path().string()));
  for (const char* site : {"site-1", "site-2"})
    if (std::string_view(security) == "exec")
      support::write_text(given.kit(site) / "local" / "fairlead.yml",
                          "transports: {exec: {command: \"socat -b 262144 - TCP:%h:%p\"}}\n");
  Load load;
  load.server_kit = given.kit("server").string();
  load.sender_kit = given.kit("site-1").string();
  load.receiver_kit = given.kit("site-2").string();
  if (want("rtt")) measure_round_trips(security, load);
  if (want("logins")) measure_logins(security, load);
  measure_relays(security, load, want);
}

}  // namespace

int main(int count, char** values) {
  app::keep_freed_memory();  // as the program does, for libzmq alone too
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::set<std::string> wanted(values + 1, values + count);
  const auto names = [&](std::initializer_list<const char*> some) {
    return std::any_of(some.begin(), some.end(), [&](const char* one) { return wanted.contains(one); });
  };
  constexpr const char* kWays[] = {"mtls", "clear", "zmq_mtls", "zmq_clear", "unix", "exec"};
  const bool every_way = !names({"mtls", "clear", "zmq_mtls", "zmq_clear", "unix", "exec", "raw_curve"});
  const bool every_figure = !names({"rtt", "logins", "1k", "64k", "1m"});
  const auto want = [&](const char* figure) { return every_figure || wanted.contains(figure); };
  for (const char* way : kWays)
    if (every_way || wanted.contains(way)) measure(way, want);
  if (!every_way && !wanted.contains("raw_curve")) return 0;
  bench::make_raw_keys();
  measure_relays("raw_curve", {}, want, kRaw);
  return 0;
}
