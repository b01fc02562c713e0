// Checks 26 to 28: what fails outside of the plugin.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "checks.hpp"
#include "ends.hpp"
#include "process_state.hpp"
#include "remote.hpp"
#include "traffic.hpp"

namespace fairlead::check {
namespace {

constexpr int kForEver = 60'000;

/// The other process dials the address that it hears, says "opened", and lives on.
void dial_and_stay(Context& context, const Channel& channel) {
  World world;
  const auto dialler = make_dialler(context, world, context.configuration);
  channel.tell("ready");
  Conn& conn = dialler->demand_connect(context.fill(context.configuration.connect, channel.hear()));
  if (world.comes([&] { return conn.was_opened() || conn.has_ended(); }, kForEver))
    channel.tell(conn.was_opened() ? "opened" : "failed: " + conn.end_text());
  world.comes([] { return false; }, kForEver);
}

/// The other process listens, tells where, and lives on.
void listen_and_stay(Context& context, const Channel& channel) {
  World world;
  const auto listener = make_listener(context, world, context.configuration);
  channel.tell(listener->demand_listen(context.fill(context.configuration.listen)));
  world.comes([] { return false; }, kForEver);
}

void demand_loss_is_seen(World& world, const Conn& conn, const char* which) {
  const std::string end(which);
  world.until([&] { return conn.has_ended(); }, end + " did not report that the other process was killed",
              2'000);
  demand(conn.why() == FAIRLEAD_E_RESET || conn.why() == FAIRLEAD_E_CLOSED,
         end + " reported " + conn.end_text() + ", expected E_RESET or E_CLOSED");
}

void kill_the_dialler(Context& context) {
  context.new_scene();
  Remote remote([&](const Channel& channel) { dial_and_stay(context, channel); });
  remote.channel().hear();
  World world;
  const auto listener = make_listener(context, world, context.configuration);
  remote.channel().tell(listener->demand_listen(context.fill(context.configuration.listen)));
  const auto& accepted = listener->listening().accepted;
  world.until([&] { return !accepted.empty() && accepted.front()->is_open(); },
              "the other process did not connect");
  remote.kill();
  demand_loss_is_seen(world, *accepted.front(), "the listening end");
}

void kill_the_listener(Context& context) {
  context.new_scene();
  Remote remote([&](const Channel& channel) { listen_and_stay(context, channel); });
  World world;
  const auto dialler = make_dialler(context, world, context.configuration);
  Conn& conn = dialler->demand_connect(context.fill(context.configuration.connect, remote.channel().hear()));
  world.until([&] { return conn.is_open(); }, "connecting to the other process did not lead to opened()");
  remote.kill();
  demand_loss_is_seen(world, conn, "the dialling end");
}

/// Everything that a connection does, whatever fails on the way; the kit's waits end early and quietly.
/// Without a listener it talks to the setup's echo.
class Rough {
 public:
  Rough(Context& context, World& world, bool listens)
      : context_(context),
        world_(world),
        listens_(listens),
        listener_(world, context.table(), context.fill(context.configuration.listener)),
        dialler_(world, context.table(), context.fill(context.configuration.dialler)) {
    listener_.set_peers(context.configuration.peers);
    dialler_.set_peers(context.configuration.peers);
  }

  void run() {
    dialler_.demand_create();
    if (listens_)
      listen();
    else
      connect(context_.fill(context_.configuration.echo));
    world_.end_all();
    listener_.end();
    dialler_.end();
    world_.end_all();
    world_.judge();
    demand(world_.loop().watches() == 0, "a watch stays behind");
    demand(world_.loop().timers() == 0, "a timer stays behind");
  }

 private:
  void listen() {
    listener_.demand_create();
    fairlead_error error{};
    if (listener_.listen(context_.fill(context_.configuration.listen), error) == FAIRLEAD_OK)
      connect(context_.fill(context_.configuration.connect, listener_.address()));
  }

  void connect(const std::string& address) {
    fairlead_status status = FAIRLEAD_E_INTERNAL;
    fairlead_error error{};
    Conn& near = dialler_.connect(address, status, error);
    if (status != FAIRLEAD_OK) return;
    world_.comes([&] { return near.has_ended() || (near.is_open() && far_of(near) != nullptr); }, 300);
    Conn* far = far_of(near);
    if (near.is_open() && far != nullptr) talk(near, *far);
  }

  /// The other end, once it is open.
  Conn* far_of(Conn& near) {
    const auto& accepted = listener_.listening().accepted;
    Conn* far = !listens_ ? &near : accepted.empty() ? nullptr : accepted.front();
    return far != nullptr && far->is_open() ? far : nullptr;
  }

  void talk(Conn& near, Conn& far) {
    static const Bytes payload(50'000, 7);
    const fairlead_bytes slice{payload.data(), payload.size()};
    far.again_at = payload.size() / 2;
    near.room_most = far.room_most = 2'000;
    near.send({&slice, 1}, 1);
    if (listens_) far.send({&slice, 1}, 1);
    world_.comes([&] { return far.has_ended() || far.received_size() >= far.again_at; }, 300);
    far.again_at = Conn::kNever;
    far.set_reading(true);
    world_.comes([&] { return far.has_ended() || far.received_size() >= payload.size(); }, 300);
    far.close(FAIRLEAD_CLOSE_DRAIN);
    world_.comes([&] { return near.has_ended(); }, 300);
  }

  Context& context_;
  World& world_;
  const bool listens_;
  Instance listener_, dialler_;
};

/// Takes every free descriptor below a lowered limit.
class Exhausted {
 public:
  Exhausted() {
    ::getrlimit(RLIMIT_NOFILE, &former_);
    const auto open = open_descriptors();
    rlimit low = former_;
    low.rlim_cur = static_cast<rlim_t>(open.rbegin()->first) + 4;
    ::setrlimit(RLIMIT_NOFILE, &low);
    take_all();
  }
  Exhausted(const Exhausted&) = delete;
  Exhausted& operator=(const Exhausted&) = delete;
  ~Exhausted() { end(); }
  /// Also those that the plugin gives up meanwhile.
  void take_all() {
    for (int fd = 0; (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken_.push_back(fd);
  }
  void end() {
    for (const int fd : taken_) ::close(fd);
    taken_.clear();
    ::setrlimit(RLIMIT_NOFILE, &former_);
  }

 private:
  rlimit former_{};
  std::vector<int> taken_;
};

}  // namespace

Verdict peer_vanishes(Context& context) {
  context.require(FAIRLEAD_CAP_REPORTS_LOSS, "REPORTS_LOSS");
  context.require(FAIRLEAD_CAP_LISTEN, "LISTEN");
  context.require(FAIRLEAD_CAP_CONNECT, "CONNECT");
  if (context.configuration.listen.empty()) skip("the setup has no address to listen on");
  kill_the_dialler(context);
  kill_the_listener(context);
  return {};
}

Verdict injected_errors(Context& context) {
  constexpr uint64_t kMost = 50;
  context.require(FAIRLEAD_CAP_CONNECT, "CONNECT");
  const bool listens = context.can(FAIRLEAD_CAP_LISTEN) && !context.configuration.listen.empty();
  if (!listens && context.configuration.echo.empty()) skip("the setup has no address to listen on");
  std::map<int, std::string> descriptors;
  for (uint64_t k = 0; k <= kMost; ++k) {
    bool struck = false;
    context.new_scene();
    try {
      World world(kOrder | kEnd | kGivenBack | kHandle);
      world.faults().fail_at = k;
      Rough(context, world, listens).run();
      struck = !world.faults().struck.empty();
    } catch (const Ended& ended) {
      fail("host call " + std::to_string(k) + " failed: " + ended.verdict().detail);
    }
    const auto left = open_descriptors();
    if (k == 0) descriptors = left;
    for (const auto& [fd, what] : left)
      demand(descriptors.contains(fd),
             "host call " + std::to_string(k) + " failed: a descriptor stays open: " + what);
    if (k > 0 && !struck) return {State::pass, std::to_string(k - 1) + " host calls"};
  }
  return {};
}

Verdict descriptor_exhaustion(Context& context) {
  constexpr int kWatchedMs = 1'000;
  constexpr uint64_t kMostCpuUs = 50'000;  // 5 % of the time watched
  context.require(FAIRLEAD_CAP_LISTEN, "LISTEN");
  context.require(FAIRLEAD_CAP_CONNECT, "CONNECT");
  if (context.configuration.listen.empty()) skip("the setup has no address to listen on");
  context.new_scene();
  const auto dial = [&](const Channel& channel) { dial_and_stay(context, channel); };
  Remote first(dial), second(dial);
  for (Remote* one : {&first, &second}) one->channel().hear();
  World world;
  const auto listener = make_listener(context, world, context.configuration);
  const std::string address = listener->demand_listen(context.fill(context.configuration.listen));
  const auto& accepted = listener->listening().accepted;
  first.channel().tell(address);
  world.until([&] { return !accepted.empty() && accepted.front()->is_open(); }, "it does not accept");
  // Until threads of the plugin have given up what they needed only while starting.
  world.comes([] { return false; }, 300);
  Exhausted none_left;
  second.channel().tell(address);
  const uint64_t before = cpu_us();
  const auto is_in = [&] { return accepted.size() > 1 && accepted.back()->is_open(); };
  world.comes([&] { return none_left.take_all(), is_in(); }, kWatchedMs);
  const uint64_t used = cpu_us() - before;
  if (is_in()) skip("it had descriptors in reserve and accepted all the same");
  demand(used < kMostCpuUs,
         "it spins: " + std::to_string(used / 1'000) + " ms of processor time in one second");
  none_left.end();
  world.until(is_in, "it does not accept again after descriptors became free");
  return {};
}

}  // namespace fairlead::check
