// Checks 20 to 22: bytes arrive as they were sent.
#include "checks.hpp"
#include "ends.hpp"
#include "traffic.hpp"

namespace fairlead::check {
namespace {

/// A piece of the payload, now and then empty.
std::vector<Bytes> in_pieces(std::mt19937_64& random, size_t count) {
  std::vector<Bytes> pieces;
  for (size_t i = 0; i < count; ++i) {
    const bool empty = count > 1 && random() % 4 == 0;
    pieces.push_back(random_bytes(random, empty ? 0 : 1 + random() % 300));
  }
  // Something to arrive in any case.
  pieces.back() = random_bytes(random, 17);
  return pieces;
}

void demand_lent_is_kept(World& world, Link link, const Queue& sent) {
  demand(link.far->lent() > 0, "no message was lent");
  demand_arrived(*link.far, sent, true, "while the messages were still lent");
  world.end_all();
  link.far->give_back();
  world.judge();
}

}  // namespace

Verdict echo_sizes(Context& context) {
  constexpr size_t kKi = 1'024, kMi = kKi * kKi;
  World world;
  Ends ends(context, world, Echo::serves);
  const Link link = ends.open();
  std::mt19937_64 random(context.seed);
  Queue forth(*link.near), back(*link.far);
  for (const size_t size : {size_t{0}, size_t{1}, size_t{2}, kKi, 64 * kKi - 1, 64 * kKi, 64 * kKi + 1, kMi,
                            size_t{0}, size_t{1}, 16 * kMi, size_t{3}}) {
    forth.add(random_bytes(random, size));
    back.add(random_bytes(random, size));
  }
  exchange(*link.near, *link.far, forth, link.is_echo() ? nullptr : &back, context.can(FAIRLEAD_CAP_MESSAGE));
  world.end_all();
  return {};
}

Verdict gather_slices(Context& context) {
  World world;
  Ends ends(context, world, Echo::serves);
  const Link link = ends.open();
  std::mt19937_64 random(context.seed);
  Queue forth(*link.near), back(*link.far);
  for (const size_t count : {1U, 2U, 3U, 7U, 16U, 64U, 65U, 255U, 1'023U, 1'024U}) {
    forth.add_sliced(in_pieces(random, count));
    back.add_sliced(in_pieces(random, count));
  }
  forth.add_sliced({Bytes(), Bytes(), Bytes()});
  exchange(*link.near, *link.far, forth, link.is_echo() ? nullptr : &back, context.can(FAIRLEAD_CAP_MESSAGE));
  world.end_all();
  return {};
}

Verdict message_boundaries(Context& context) {
  World world(kMessage | kOrder);
  Ends ends(context, world, Echo::serves);
  const Link link = ends.open();
  const bool as_messages = context.can(FAIRLEAD_CAP_MESSAGE);
  std::mt19937_64 random(context.seed);
  Queue forth(*link.near);
  link.far->keeps_lent = as_messages;
  for (int i = 0; i < 300; ++i) forth.add(random_bytes(random, 1 + random() % 700));
  // A stream may be split anywhere: rooms of 1 to 7 bytes, changing all the time.
  const auto narrow = [&] { link.far->room_most = 1 + random() % 7; };
  world.after_entry = narrow;
  exchange(*link.near, *link.far, forth, nullptr, as_messages);
  world.after_entry = {};
  if (as_messages) demand_lent_is_kept(world, link, forth);
  world.end_all();
  return {};
}

}  // namespace fairlead::check
