// Checks 23 to 25: who owns the bytes, and what happens when one end is slow.
#include <algorithm>

#include "checks.hpp"
#include "ends.hpp"
#include "process_state.hpp"
#include "traffic.hpp"

namespace fairlead::check {
namespace {

constexpr size_t kChunk = 65'536;
constexpr size_t kPressure = size_t{16} << 20;
constexpr size_t kMostGrowth = size_t{1} << 20;

std::vector<Bytes> random_pieces(std::mt19937_64& random) {
  std::vector<Bytes> pieces;
  for (uint64_t count = 1 + random() % 5; count > 0; --count)
    pieces.push_back(random_bytes(random, random() % 80'000));
  return pieces;
}

/// Sends the same memory until the plugin takes no more; how much it took.
size_t press(World& world, Conn& from, View chunk) {
  const fairlead_bytes slice{chunk.data(), chunk.size()};
  size_t taken = 0;
  uint64_t cookie = 0;
  while (taken < kPressure) {
    // Half a second without progress on a loopback connection: it is waiting for the reader.
    if (!world.comes([&] { return !from.is_sending(); }, 500)) return taken;
    const fairlead_status status = from.send({&slice, 1}, ++cookie);
    if (status == FAIRLEAD_AGAIN) return taken;
    demand(status == FAIRLEAD_OK, "send() gave " + name(status) + " under pressure");
    taken += chunk.size();
  }
  return taken;
}

void demand_ready_follows(World& world, Link link, View chunk) {
  const fairlead_bytes slice{chunk.data(), chunk.size()};
  const unsigned readies = link.near->readies();
  const fairlead_status status = link.near->send({&slice, 1}, 1'000'000);
  demand(status == FAIRLEAD_AGAIN, "send() while one is in flight gave " + name(status) + ", expected AGAIN");
  link.far->set_reading(true);
  world.until([&] { return link.near->readies() > readies; },
              "tx_ready() did not follow AGAIN although the reader went on");
  demand(link.near->send({&slice, 1}, 1'000'001) == FAIRLEAD_OK, "send() after tx_ready() was not taken");
  world.until([&] { return !link.near->is_sending(); }, "tx_done() did not come although the reader went on");
  world.rest();
  demand(link.near->readies() == readies + 1, "one AGAIN was followed by more than one tx_ready()");
}

/// Lets the reader stop again and again on the way to everything.
void take_in_steps(World& world, Link link, Queue& queue, size_t total) {
  Conn& far = *link.far;
  std::mt19937_64 random(total);
  far.again_at = 10'000;
  while (far.received_size() < total) {
    const auto enough = [&] {
      queue.step();
      return far.received_size() >= std::min(far.again_at, total);
    };
    world.until(enough,
                "delivery did not go on after set_reading(1): " + std::to_string(far.received_size()) +
                    " of " + std::to_string(total) + " bytes arrived");
    if (far.received_size() >= total) return;
    const size_t stopped_at = far.received_size();
    world.comes([&] { return queue.step(), false; }, 20);
    demand(far.received_size() == stopped_at, "bytes were delivered after AGAIN, before set_reading(1)");
    far.again_at = stopped_at + 1 + random() % 200'000;
    far.set_reading(true);
  }
}

}  // namespace

Verdict send_memory(Context& context) {
  constexpr int kSends = 80;
  World world(kGivenBack);
  Ends ends(context, world, Echo::serves);
  const Link link = ends.open();
  std::mt19937_64 random(context.seed);
  Queue forth(*link.near), back(*link.far);
  Queue* other = link.is_echo() ? nullptr : &back;
  forth.poison_when_done();
  if (other != nullptr) back.poison_when_done();
  for (int i = 0; i < kSends; ++i) {
    forth.add_sliced(random_pieces(random));
    back.add_sliced(random_pieces(random));
  }
  exchange(*link.near, *link.far, forth, other, context.can(FAIRLEAD_CAP_MESSAGE));
  // A send that cannot finish is given back as well.
  link.far->set_reading(false);
  const Bytes chunk(kChunk);
  link.near->on_tx_done = {};
  press(world, *link.near, chunk);
  world.end_all();
  demand(!link.near->is_sending(), "closed() came before the tx_done() of a taken send()");
  return {};
}

Verdict backpressure_out(Context& context) {
  World world(kReady);
  Ends ends(context, world, Echo::serves);
  const Link link = ends.open();
  link.far->keeps = false;
  link.far->set_reading(false);
  const Bytes chunk(kChunk);
  const uint64_t heap = heap_in_use();
  const size_t taken = press(world, *link.near, chunk);
  const uint64_t heap_after = heap_in_use();
  demand(taken < kPressure, "it took 16 MiB although the other end reads nothing");
  demand(link.near->is_open(), "the connection ended under pressure with " + link.near->end_text());
  const uint64_t growth = heap_after > heap ? heap_after - heap : 0;
  demand(growth < kMostGrowth, "memory grew by " + std::to_string(growth) + " bytes under pressure");
  demand_ready_follows(world, link, chunk);
  world.end_all();
  return {};
}

Verdict backpressure_in(Context& context) {
  constexpr size_t kTotal = size_t{3} << 20;
  World world(kReading);
  Ends ends(context, world, Echo::serves);
  const Link link = ends.open();
  std::mt19937_64 random(context.seed);
  Queue forth(*link.near);
  size_t total = 0;
  while (total < kTotal) {
    const size_t size = 1 + random() % (random() % 2 == 0 ? 100'000 : 100);
    forth.add(random_bytes(random, size));
    total += size;
  }
  take_in_steps(world, link, forth, total);
  world.rest();
  demand_arrived(*link.far, forth, context.can(FAIRLEAD_CAP_MESSAGE), "in steps");
  link.far->set_reading(false);
  forth.add(random_bytes(random, 10'000));
  const size_t stopped_at = link.far->received_size();
  world.comes([&] { return forth.step(), false; }, 50);
  demand(link.far->received_size() == stopped_at, "bytes were delivered after set_reading(0)");
  link.far->again_at = Conn::kNever;
  link.far->set_reading(true);
  world.until([&] { return link.far->received_size() == total + 10'000; },
              "bytes were lost over set_reading(0)");
  world.end_all();
  return {};
}

}  // namespace fairlead::check
