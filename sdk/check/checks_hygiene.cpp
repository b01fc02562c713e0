// Check 32: threads, error queues and signals.
#include <signal.h>

#include <csignal>

#include "checks.hpp"
#include "ends.hpp"
#include "traffic.hpp"

namespace fairlead::check {
namespace {

// A signal handler has nowhere else to write to.
volatile std::sig_atomic_t pipe_signals = 0;

void note_pipe(int) { pipe_signals = pipe_signals + 1; }

/// Sends into a connection whose other end is gone, before the loop can tell the plugin.
void send_to_nobody(World& world, Link link, View payload) {
  link.far->close(FAIRLEAD_CLOSE_ABORT);
  const fairlead_bytes slice{payload.data(), payload.size()};
  for (uint64_t cookie = 1; cookie <= 3 && !link.near->has_ended(); ++cookie)
    link.near->send({&slice, 1}, cookie);
  world.until([&] { return link.far->has_ended(); }, "close(ABORT) did not lead to closed()");
}

void talk(Context& context, Link link, std::mt19937_64& random) {
  Queue forth(*link.near), back(*link.far);
  for (int i = 0; i < 10; ++i) {
    forth.add(random_bytes(random, 1 + random() % 200'000));
    back.add(random_bytes(random, 1 + random() % 200'000));
  }
  exchange(*link.near, *link.far, forth, link.is_echo() ? nullptr : &back, context.can(FAIRLEAD_CAP_MESSAGE));
}

}  // namespace

Verdict home_loop(Context& context) {
  ::signal(SIGPIPE, &note_pipe);
  World world(kThread | kHygiene);
  world.after_entry = [&] {
    const unsigned long left = context.plugin().take_openssl_error();
    if (left != 0)
      world.breaches().note(kHygiene, "OpenSSL's error queue was not empty after a slot or callback: error " +
                                          std::to_string(left));
  };
  Ends ends(context, world, Echo::serves);
  std::mt19937_64 random(context.seed);
  const Bytes payload = random_bytes(random, 300'000);
  for (int i = 0; i < 5; ++i) {
    const Link link = ends.open();
    talk(context, link, random);
    if (i % 2 == 0 && !link.is_echo()) {
      send_to_nobody(world, link, payload);
    } else {
      link.near->close(FAIRLEAD_CLOSE_DRAIN);
      world.comes([&] { return link.near->is_over(); }, 200);
    }
    world.end_all();
    world.judge();
  }
  demand(pipe_signals == 0, "SIGPIPE was raised; send with MSG_NOSIGNAL");
  struct sigaction action {};
  ::sigaction(SIGPIPE, nullptr, &action);
  demand(action.sa_handler == &note_pipe, "it changed what SIGPIPE does in the whole process");
  return {};
}

}  // namespace fairlead::check
