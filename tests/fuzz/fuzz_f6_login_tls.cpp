// F6: the login's TLS handshake, its flights cut anywhere and changed anywhere. Both ends get there with the
// same keys, or the one that was lied to stops.
#include "base/assert.hpp"
#include "fuzz/given.hpp"
#include "fuzz/input.hpp"

namespace fairlead::fuzz {
namespace {

constexpr int kMostRounds = 200, kFlights = 4;
constexpr std::string_view kLabel = "EXPORTER-fairlead-session";

struct End {
  explicit End(const crypto::LoginTlsContext& context) : tls(context) {}
  crypto::LoginTls tls;
  base::Bytes arriving;
  bool failed = false;
};

/// Whether anything was changed on the way.
enum class Way { honest, changed };

Way change(Input& input, base::Bytes& flight) {
  // Few changes a case, or nothing ever gets further than the first flight.
  if (flight.empty() || input.byte() < 0xF0) return Way::honest;
  const uint8_t mask = input.byte();
  flight[input.number() % flight.size()] ^= mask;
  return mask == 0 ? Way::honest : Way::changed;
}

void carry(Input& input, End& from, End& to, Way& way) {
  base::Bytes flight = from.tls.take_output();
  if (change(input, flight) == Way::changed) way = Way::changed;
  base::append(to.arriving, flight);
}

/// Some of what has arrived; all of it once the input has ended.
void deliver(Input& input, End& end) {
  const size_t size =
      input.is_over() ? end.arriving.size() : std::min<size_t>(input.byte(), end.arriving.size());
  if (size == 0 || end.failed) return;
  const base::Bytes part(end.arriving.begin(), end.arriving.begin() + static_cast<std::ptrdiff_t>(size));
  end.arriving.erase(end.arriving.begin(), end.arriving.begin() + static_cast<std::ptrdiff_t>(size));
  end.failed = !end.tls.feed(part);
  FAIRLEAD_ASSERT(!end.failed || (!end.tls.done() && end.tls.peer() == nullptr));
  if (!end.tls.done()) FAIRLEAD_ASSERT(end.tls.read().empty());
}

/// There and back until both are there, or as often as that.
Way shake(Input& input, End& client, End& server, int most_rounds) {
  Way way = Way::honest;
  for (int i = 0; i < most_rounds && !(client.tls.done() && server.tls.done()); ++i) {
    carry(input, client, server, way);
    deliver(input, server);
    carry(input, server, client, way);
    deliver(input, client);
  }
  return way;
}

void run(Input& input) {
  Project& project = given_project();
  End client(project.client_tls), server(project.server_tls);
  FAIRLEAD_ASSERT(client.tls.feed({}).has_value());
  const Way way = shake(input, client, server, kMostRounds);
  // What is left over arrives whole and unchanged.
  Input nothing(nullptr, 0);
  static_cast<void>(shake(nothing, client, server, kFlights));
  const bool both = client.tls.done() && server.tls.done();
  FAIRLEAD_ASSERT(both || way == Way::changed);
  if (!both) return;
  FAIRLEAD_ASSERT(client.tls.peer()->der() == project.server.certificate.der());
  FAIRLEAD_ASSERT(server.tls.peer()->der() == project.site.certificate.der());
  const base::Secret ours = client.tls.exporter(kLabel, {}, 32), theirs = server.tls.exporter(kLabel, {}, 32);
  FAIRLEAD_ASSERT(base::equal(ours.expose(), theirs.expose()));
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fairlead::fuzz::Input input(data, size);
  fairlead::fuzz::run(input);
  return 0;
}
