// Check 29: strangers that send nonsense to the listener, at every stage of a handshake.
#include <algorithm>

#include "checks.hpp"
#include "ends.hpp"
#include "stranger.hpp"
#include "traffic.hpp"

namespace fairlead::check {
namespace {

constexpr uint64_t kTime = 3'000'000'000;
constexpr int kMostInputs = 1'500;

/// What a genuine dialler of this configuration says until its connection is open, and a little payload.
Bytes record_dialler(Context& context, Ends& ends) {
  World& world = ends.world();
  const std::string dir = context.new_dir();
  Relay relay(world, context.configuration.wire, ends.listener().address(), dir);
  Conn& conn = ends.dialler().demand_connect(relay.address());
  world.until([&] { return conn.is_open() || conn.has_ended(); },
              "connecting through a relay led to nothing");
  demand(conn.is_open(), "connecting through a relay ended with " + conn.end_text());
  static const Bytes payload(100, 'p');
  const fairlead_bytes slice{payload.data(), payload.size()};
  conn.send({&slice, 1}, 1);
  world.until([&] { return relay.recorded().size() >= payload.size(); }, "the relay did not see the payload");
  world.end_all();
  world.rest();
  return relay.recorded();
}

/// One nonsense: random, cut, continued at random, or damaged.
Bytes nonsense(std::mt19937_64& random, const Bytes& genuine) {
  const size_t cut = random() % (genuine.size() + 1);
  Bytes made(genuine.begin(), genuine.begin() + static_cast<ptrdiff_t>(cut));
  const auto append = [&](size_t size) {
    const Bytes more = random_bytes(random, size);
    made.insert(made.end(), more.begin(), more.end());
  };
  switch (random() % 4) {
    case 0:
      made.clear();
      append(random() % 2'000);
      break;
    case 1:
      break;
    case 2:
      append(1 + random() % 500);
      break;
    default:
      made = genuine;
      for (uint64_t flips = 1 + random() % 8; flips > 0 && !made.empty(); --flips)
        made[random() % made.size()] ^= static_cast<uint8_t>(1U << (random() % 8));
  }
  return made;
}

bool is_refusal(fairlead_status why) { return why == FAIRLEAD_E_PROTOCOL || why == FAIRLEAD_E_PEER_AUTH; }

/// A configuration without a handshake takes everything as payload.
void judge(const Conn& conn, bool secured, const Bytes& sent) {
  if (!secured) return;
  demand(!conn.was_opened(), "opened() came although the stranger proved nothing");
  demand(sent.empty() || is_refusal(conn.why()),
         "it ended with " + conn.end_text() + ", expected E_PROTOCOL or E_PEER_AUTH");
}

/// {port} is what follows the last colon of the listener's address.
std::string port_filled(const std::string& text, const std::string& address) {
  return fill_in(text, {{"port", address.substr(address.rfind(':') + 1)}});
}

void offer(Context& context, Ends& ends, const std::string& wire, const Bytes& bytes) {
  World& world = ends.world();
  auto& accepted = ends.listener().listening().accepted;
  accepted.clear();
  const Socket stranger = connect_raw(context.configuration.wire, wire);
  send_and_end(stranger, bytes);
  // A transport with an acceptor of its own may never show such a peer.
  if (!world.comes([&] { return !accepted.empty(); }, 100)) return;
  Conn& conn = *accepted.front();
  conn.keeps = false;
  world.until(
      [&] {
        discard_input(stranger);
        return conn.has_ended();
      },
      "the connection did not end although the stranger had ended", 2'000);
  judge(conn, context.configuration.level != Level::clear, bytes);
  world.rest();
}

}  // namespace

Verdict garbage_on_the_wire(Context& context) {
  if (context.configuration.wire == Wire::unknown)
    skip("the setup does not say what wire a stranger could use");
  World world(kOrder | kEnd | kHandle);
  Ends ends(context, world, Echo::does_not_serve);
  const std::string& elsewhere = context.configuration.wire_address;
  const std::string own = ends.listener().address();
  // Behind an address of its own kind nobody can be put between.
  const Bytes genuine = elsewhere.empty() ? record_dialler(context, ends) : Bytes();
  const std::string wire = elsewhere.empty() ? own : context.fill(port_filled(elsewhere, own), own);
  std::mt19937_64 random(context.seed);
  const uint64_t end = now_ns() + kTime;
  int inputs = 0;
  for (; inputs < kMostInputs && now_ns() < end; ++inputs) {
    const Bytes bytes = nonsense(random, genuine);
    try {
      offer(context, ends, wire, bytes);
    } catch (const Ended& ended) {
      fail("input " + std::to_string(inputs) + ", " + std::to_string(bytes.size()) +
           " bytes: " + ended.verdict().detail);
    }
    world.forget_conns();
  }
  ends.open();
  world.end_all();
  return {State::pass, std::to_string(inputs) + " inputs"};
}

}  // namespace fairlead::check
