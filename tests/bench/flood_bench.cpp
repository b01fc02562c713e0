// flood_bench: what honest sites notice of strangers who flood the server. For each flood, in one run: one
// site logs in again and again, another sends requests to a third, first without the flood and then with it.
// Prints median and 99th percentile of both, and the most memory that the server had resident. Server on one
// core, everybody else on the other, the flood at the lowest priority. Arguments: any of clear, tls, mtls and
// half_open, forged, slow; without any, everything that makes sense. Needs about 12,000 file descriptors.
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <thread>

#include "app/percentile.hpp"
#include "bench/flood.hpp"
#include "bench/processes.hpp"
#include "bench/usage.hpp"
#include "support/given_project.hpp"
#include "support/hostile_client.hpp"

namespace {

using namespace fairlead;
using namespace std::chrono_literals;
using bench::Flood;
using bench::Load;
using bench::SharedCounters;

constexpr auto kPhase = 8s;

enum class Core { server = 0, others = 1 };

template <class Body>
pid_t in_process(Core core, int nice_value, Body body) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<size_t>(core), &cores);
  ::sched_setaffinity(0, sizeof cores, &cores);
  ::setpriority(PRIO_PROCESS, 0, nice_value);
  ::_exit(body());
}

template <class Value>
bool wait_for(const std::atomic<Value>& value) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (value.load() == 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  return value.load() != 0;
}

void pass_time(std::chrono::seconds time) {
  std::this_thread::sleep_until(std::chrono::steady_clock::now() + time);
}

struct Times {
  double p50_ms = 0, p99_ms = 0;
  size_t count = 0;
};

/// Of the samples from `first` on.
Times times_of(const SharedCounters& shared, uint32_t first) {
  const uint32_t end = std::min(shared.samples.load(), static_cast<uint32_t>(std::size(shared.rtt_ns)));
  std::vector<uint64_t> sorted(shared.rtt_ns + first, shared.rtt_ns + std::max(first, end));
  if (sorted.empty()) return {};
  std::sort(sorted.begin(), sorted.end());
  return {static_cast<double>(app::percentile(sorted, 50)) / 1e6,
          static_cast<double>(app::percentile(sorted, 99)) / 1e6, sorted.size()};
}

std::string project(const std::string& security) {
  return "api_version: 3\nname: bench\nconnection_security: " + security +
         "\nparticipants:\n"
         "- {name: server, type: server, org: bench, fed_learn_port: 8002, host_names: [127.0.0.1]}\n"
         "- {name: site-1, type: client, org: bench, connect_to: 127.0.0.1}\n"
         "- {name: site-2, type: client, org: bench, connect_to: 127.0.0.1}\n"
         "- {name: site-3, type: client, org: bench, connect_to: 127.0.0.1}\n";
}

kit::Kit open_kit(const std::filesystem::path& path) {
  auto kit = kit::Kit::open(path, kit::VersionMemory::only_check);
  if (!kit) std::fprintf(stderr, "%s\n", kit.error().line().c_str()), std::exit(1);
  return std::move(*kit);
}

/// The server and its honest sites, measured in phases.
class Measurement {
 public:
  Measurement(const support::GivenProject& given, const std::string& security)
      : security_(security), kit_(open_kit(given.kit("site-1"))) {
    load_.server_kit = given.kit("server").string();
    load_.sender_kit = given.kit("site-1").string();
    load_.receiver_kit = given.kit("site-2").string();
    load_.round_trips = true;
    logins_load_ = load_;
    logins_load_.sender_kit = given.kit("site-3").string();
    processes_.push_back(in_process(Core::server, 0, [&] { return bench::run_server(load_, trips_); }));
    if (!wait_for(trips_.port)) return;
    logins_.port = flood_.port = trips_.port.load();
    processes_.push_back(in_process(Core::others, 0, [&] { return bench::run_receiver(load_, trips_); }));
    if (!wait_for(trips_.receiver_ready)) return;
    processes_.push_back(in_process(Core::others, 0, [&] { return bench::run_sender(load_, trips_); }));
    processes_.push_back(
        in_process(Core::others, 0, [&] { return bench::run_login_times(logins_load_, logins_); }));
    is_running_ = wait_for(trips_.sender_ready);
  }
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;
  ~Measurement() {
    trips_.stop = logins_.stop = flood_.stop = 1;
    for (const pid_t process : processes_) ::waitpid(process, nullptr, 0);
  }

  bool is_running() const { return is_running_; }

  /// What a flood of this kind sends, taken from a real connection.
  Flood flood_of(Flood::Kind kind) {
    const std::string address = "tcp://127.0.0.1:" + std::to_string(trips_.port.load());
    support::HostileClient member(kit_, kit_, {.address = address, .app = "recorded"});
    switch (kind) {
      case Flood::Kind::half_open:
        member.begin_login();
        return {kind, 10'000, 0, true, member.login_bytes()};
      case Flood::Kind::forged: {
        Flood flood{kind, 50, 50'000, true};
        if (!member.log_in()) return flood;
        for (int i = 0; i < 100; ++i)
          base::append(flood.bytes, member.next_message(member.honest_draft("site-2", "forged")));
        return flood;
      }
      case Flood::Kind::slow:
        return {kind, 2'000, 0, true, base::Bytes(64, 'F')};
      case Flood::Kind::none:
        break;
    }
    return {};
  }

  void run_phase(const char* name, const Flood& flood) {
    if (flood.kind != Flood::Kind::none)
      processes_.push_back(in_process(Core::others, 19, [&] { return bench::run_flood(flood, flood_); }));
    pass_time(1s);  // it has begun
    const uint32_t trip = trips_.samples, login = logins_.samples;
    const uint64_t connections = flood_.received, messages = flood_.logins;
    const double cpu = bench::cpu_seconds(processes_.front());
    bench::reset_peak(processes_.front());
    pass_time(kPhase);
    const double seconds = std::chrono::duration<double>(kPhase).count();
    const Times trips = times_of(trips_, trip), logins = times_of(logins_, login);
    std::printf(
        "%-6s %-10s login p50 %8.2f ms  p99 %8.2f ms (%5zu)   message p50 %7.3f ms  p99 %7.3f ms (%6zu)   "
        "server %5.1f MiB at most, %3.0f %% CPU   flood %6.0f connections/s %6.0f messages/s\n",
        security_.c_str(), name, logins.p50_ms, logins.p99_ms, logins.count, trips.p50_ms, trips.p99_ms,
        trips.count, bench::peak_mib(processes_.front()),
        (bench::cpu_seconds(processes_.front()) - cpu) / seconds * 100,
        static_cast<double>(flood_.received - connections) / seconds,
        static_cast<double>(flood_.logins - messages) / seconds);
  }

 private:
  std::string security_;
  kit::Kit kit_;
  Load load_, logins_load_;
  SharedCounters &trips_ = SharedCounters::make(), &logins_ = SharedCounters::make(),
                 &flood_ = SharedCounters::make();
  std::vector<pid_t> processes_;
  bool is_running_ = false;
};

struct Named {
  const char* name;
  Flood::Kind kind;
};
constexpr Named kFloods[] = {
    {"half_open", Flood::Kind::half_open}, {"forged", Flood::Kind::forged}, {"slow", Flood::Kind::slow}};

/// Without a certificate a stranger gets no further than the transport's handshake, so what it sends there is
/// whatever it likes.
bool makes_sense(const std::string& security, Flood::Kind kind) {
  return security == "clear" || kind != Flood::Kind::forged;
}

}  // namespace

int main(int count, char** values) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::set<std::string> wanted(values + 1, values + count);
  const auto wants = [&](const std::string& name, const std::set<std::string>& among) {
    const bool any =
        std::any_of(among.begin(), among.end(), [&](const auto& one) { return wanted.contains(one); });
    return !any || wanted.contains(name);
  };
  for (const std::string security : {"clear", "tls", "mtls"}) {
    if (!wants(security, {"clear", "tls", "mtls"})) continue;
    const support::GivenProject given(project(security));
    for (const Named& flood : kFloods) {
      if (!wants(flood.name, {"half_open", "forged", "slow"}) || !makes_sense(security, flood.kind)) continue;
      Measurement measurement(given, security);
      if (!measurement.is_running()) return std::fprintf(stderr, "flood_bench: nothing runs\n"), 1;
      measurement.run_phase("quiet", {});
      measurement.run_phase(flood.name, measurement.flood_of(flood.kind));
    }
  }
  return 0;
}
