// Checks 13 to 16: how connections begin, or do not.
#include "checks.hpp"
#include "ends.hpp"
#include "places.hpp"

namespace fairlead::check {
namespace {

/// The setup's address where nobody listens, with a port that is taken and silent.
std::string nobody_at(Context& context, const SilentPort& port) {
  const std::string& address = context.configuration.nobody;
  if (address.empty()) skip("the setup has no address \"nobody\"");
  return context.fill(fill_in(address, {{"port", port.number()}}));
}

}  // namespace

Verdict listen_accept_open(Context& context) {
  World world(kOrder);
  Ends ends(context, world, Echo::serves);
  const Link link = ends.open();
  world.rest();
  demand(link.near->times_opened() == 1, "the dialling end reported opened() more than once");
  demand(link.far->times_opened() == 1, "the listening end reported opened() more than once");
  demand(!link.near->has_ended() && !link.far->has_ended(), "a connection ended right after opened()");
  if (ends.is_echo()) {
    world.end_all();
    return {State::pass, "dialling only"};
  }
  demand(ends.listener().listening().accepted.size() == 1, "one dial led to several accepted()");
  const std::string bound = ends.listener().address();
  demand(!bound.empty() && !bound.ends_with(":0") && !bound.ends_with(":*"),
         "listener_address() gave \"" + printable(bound) + "\", which nobody can dial");
  world.end_all();
  return {};
}

Verdict listen_twice(Context& context) {
  World world;
  const auto first = make_listener(context, world, context.configuration);
  const std::string address = first->demand_listen(context.fill(context.configuration.listen));
  const auto second = make_listener(context, world, context.configuration);
  fairlead_error error{};
  const fairlead_status status = second->listen(address, error);
  if (context.can(FAIRLEAD_CAP_LISTEN_PER_LOOP) && status == FAIRLEAD_OK)
    return {State::pass, "it claims LISTEN_PER_LOOP"};
  demand(status == FAIRLEAD_E_ADDRESS_IN_USE, "the second listen(\"" + address + "\") gave " +
                                                  describe(status, words(error)) +
                                                  ", expected E_ADDRESS_IN_USE");
  demand(second->listening().object == nullptr, "listen() was refused and set *out");
  demand(error.text_size > 0, "listen() was refused without a text");
  return {};
}

Verdict connect_refused(Context& context) {
  World world(kOrder | kEnd);
  const auto dialler = make_dialler(context, world, context.configuration);
  const SilentPort port;
  const std::string address = nobody_at(context, port);
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  fairlead_error error{};
  Conn& conn = dialler->connect(address, status, error);
  if (status != FAIRLEAD_OK) {
    world.rest();
    demand(status == FAIRLEAD_E_REFUSED || status == FAIRLEAD_E_UNREACHABLE,
           "connect() gave " + describe(status, words(error)) + ", expected E_REFUSED");
    demand(conn.times_closed() == 0 && conn.times_opened() == 0,
           "a negative status was followed by an event");
    demand(error.text_size > 0, "connect() was refused without a text");
    return {};
  }
  world.until([&] { return conn.has_ended() || conn.was_opened(); },
              "connecting to " + address + ", where nobody listens, led to nothing");
  demand(!conn.was_opened(), "opened() came although nobody listens at " + address);
  demand(conn.why() == FAIRLEAD_E_REFUSED, "closed() said " + conn.end_text() + ", expected E_REFUSED");
  world.rest();
  world.judge();
  demand(conn.times_closed() == 1, "closed() came more than once");
  return {};
}

Verdict connect_cancel(Context& context) {
  World world;
  Ends ends(context, world, Echo::serves);
  for (int turns = 0; turns < 6; ++turns) {
    Conn& conn = ends.dial();
    for (int i = 0; i < turns && !conn.was_opened() && !conn.has_ended(); ++i) world.loop().turn(0);
    if (conn.has_ended()) fail("connecting ended by itself with " + conn.end_text());
    const bool was_opened = conn.was_opened();
    demand(turns > 0 || !was_opened, "opened() came inside connect()");
    conn.close(FAIRLEAD_CLOSE_ABORT);
    world.until([&] { return conn.has_ended() || (!was_opened && conn.was_opened()); },
                "close(ABORT) before opened() did not lead to closed()");
    world.rest();
    demand(was_opened || !conn.was_opened(), "opened() came after close(ABORT)");
    demand(conn.times_closed() == 1, "closed() came " + std::to_string(conn.times_closed()) + " times");
  }
  world.end_all();
  return {};
}

}  // namespace fairlead::check
