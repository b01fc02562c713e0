// Checks 17 and 19: how connections end, and what a listener's end means for them.
#include "checks.hpp"
#include "ends.hpp"
#include "traffic.hpp"

namespace fairlead::check {
namespace {

/// Drain, then abort, then both again; the other end sees it while release() is put off.
void end_in_steps(World& world, Conn& first, Conn& other) {
  first.holds_release = true;
  first.close(FAIRLEAD_CLOSE_DRAIN);
  first.close(FAIRLEAD_CLOSE_DRAIN);
  world.until([&] { return other.has_ended(); }, "the other end did not see close(DRAIN) before release()");
  demand(other.why() == FAIRLEAD_E_CLOSED,
         "after a drain the other end said " + other.end_text() + ", expected E_CLOSED");
  first.close(FAIRLEAD_CLOSE_ABORT);
  world.until([&] { return first.has_ended(); }, "drain and then abort did not lead to closed()");
  world.rest();
}

void abort_at_once(World& world, Conn& first, Conn& other) {
  first.holds_release = true;
  first.close(FAIRLEAD_CLOSE_ABORT);
  first.close(FAIRLEAD_CLOSE_ABORT);
  world.until([&] { return first.has_ended(); }, "close(ABORT) did not lead to closed()");
  world.until([&] { return other.has_ended(); }, "the other end did not see close(ABORT) before release()");
  world.rest();
}

void release(Conn& conn) {
  conn.holds_release = false;
  conn.settle();
}

}  // namespace

Verdict close_idempotent(Context& context) {
  context.require(FAIRLEAD_CAP_REPORTS_LOSS, "REPORTS_LOSS: its peers need not see an end");
  World world(kEnd);
  Ends ends(context, world, Echo::does_not_serve);
  for (const bool near_first : {true, false}) {
    for (const auto how : {&end_in_steps, &abort_at_once}) {
      const Link link = ends.open();
      Conn& first = near_first ? *link.near : *link.far;
      how(world, first, near_first ? *link.far : *link.near);
      world.judge();
      demand(first.times_closed() == 1, "closed() came more than once");
      release(first);
    }
  }
  world.end_all();
  return {};
}

Verdict listener_close_keeps(Context& context) {
  World world;
  Ends ends(context, world, Echo::does_not_serve);
  const Link link = ends.open();
  std::mt19937_64 random(context.seed);
  Queue forth(*link.near), back(*link.far);
  forth.add(random_bytes(random, 1'000));
  back.add(random_bytes(random, 1'000));
  exchange(*link.near, *link.far, forth, &back, context.can(FAIRLEAD_CAP_MESSAGE));
  ends.listener().close_listener();
  world.rest();
  for (int i = 0; i < 3; ++i) {
    forth.add(random_bytes(random, 10'000));
    back.add(random_bytes(random, 10'000));
    exchange(*link.near, *link.far, forth, &back, context.can(FAIRLEAD_CAP_MESSAGE));
  }
  world.end_all();
  return {};
}

}  // namespace fairlead::check
