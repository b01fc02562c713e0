// Check 18: random schedules; the rules themselves are in conn.cpp.
#include "checks.hpp"
#include "ends.hpp"
#include "traffic.hpp"

namespace fairlead::check {
namespace {

constexpr int kSchedules = 1'000;

/// One schedule: random things in random order at both ends of one connection, until both ends are over.
class Schedule {
 public:
  Schedule(Ends& ends, uint64_t seed, const Bytes& payload) : ends_(ends), random_(seed), payload_(payload) {}

  void run() {
    const size_t known = ends_.is_echo() ? 0 : ends_.listener().listening().accepted.size();
    near_ = &ends_.dial();
    prepare(*near_);
    const uint64_t steps = random_() % 40;
    for (uint64_t i = 0; i < steps; ++i) {
      find_far(known);
      act();
    }
    finish(known);
  }

 private:
  void prepare(Conn& conn) {
    conn.keeps = false;
    conn.room_most = 1 + random_() % 20'000;
    if (random_() % 4 == 0) conn.again_at = random_() % 50'000;
  }

  void find_far(size_t known) {
    if (far_ != nullptr) return;
    far_ = ends_.accepted_beyond(known);
    if (far_ != nullptr) prepare(*far_);
  }

  Conn& some() { return far_ == nullptr || random_() % 2 == 0 ? *near_ : *far_; }

  void act() {
    Conn& conn = some();
    switch (random_() % 8) {
      case 0:
      case 1:
        return send(conn);
      case 2:
        return conn.set_reading(random_() % 2 == 0);
      case 3:
        if (conn.was_opened() && random_() % 8 == 0)
          conn.close(random_() % 2 == 0 ? FAIRLEAD_CLOSE_DRAIN : FAIRLEAD_CLOSE_ABORT);
        return;
      default:
        return ends_.world().loop().turn(random_() % 4 == 0 ? 1 : 0);
    }
  }

  void send(Conn& conn) {
    if (!conn.was_opened() || (conn.is_sending() && random_() % 4 != 0)) return;
    const size_t size = 16 + random_() % (payload_.size() - 16), split = random_() % size;
    const fairlead_bytes slices[] = {{payload_.data(), split}, {payload_.data() + split, size - split}};
    conn.send(slices, ++cookie_);
  }

  /// The ends read again, drain, and are aborted when that does not end them soon.
  void finish(size_t known) {
    World& world = ends_.world();
    world.comes([&] { return find_far(known), near_->was_opened() || near_->has_ended(); }, 1'000);
    for (Conn* conn : {near_, far_}) {
      if (conn == nullptr) continue;
      conn->again_at = Conn::kNever;
      conn->set_reading(true);
      conn->close(FAIRLEAD_CLOSE_DRAIN);
    }
    const auto over = [&] { return near_->is_over() && (far_ == nullptr || far_->is_over()); };
    world.comes(over, 20);
    world.end_all();
  }

  Ends& ends_;
  std::mt19937_64 random_;
  const Bytes& payload_;
  Conn* near_ = nullptr;
  Conn* far_ = nullptr;
  uint64_t cookie_ = 0;
};

}  // namespace

Verdict order_of_events(Context& context) {
  World world(kOrder | kEnd | kGivenBack | kHandle | kReady);
  Ends ends(context, world, Echo::serves);
  std::mt19937_64 random(context.seed);
  const Bytes payload = random_bytes(random, 60'000);
  for (int i = 0; i < kSchedules; ++i) {
    const uint64_t seed = context.seed * kSchedules + static_cast<uint64_t>(i);
    try {
      Schedule(ends, seed, payload).run();
    } catch (const Ended& ended) {
      throw Ended({ended.verdict().state, "schedule " + std::to_string(i) + ": " + ended.verdict().detail});
    }
    world.forget_conns();
    if (!ends.is_echo()) ends.listener().listening().accepted.clear();
  }
  return {};
}

}  // namespace fairlead::check
