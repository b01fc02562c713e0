// F3: everything that a server does with one connection after another: logins, lanes, messages, time,
// revocation. The input says what happens next. What was changed or sent twice is never admitted.
#include <array>

#include "base/assert.hpp"
#include "fuzz/connection.hpp"
#include "fuzz/input.hpp"

namespace fairlead::fuzz {
namespace {

// A handshake costs as much as some hundred frames.
constexpr int kMostActions = 48, kMostConnections = 3;

class Play {
 public:
  explicit Play(Input& input) : input_(input), ends_(given_project()) {
    const uint8_t setting = input.byte(), wishes = input.byte();
    ends_.server_security = security(setting);
    ends_.client_security = security(setting >> 2);
    ends_.server_facts = link_of(ends_.server_security, ends_.project.site);
    ends_.client_facts = link_of(ends_.client_security, ends_.project.server);
    ends_.compact_headers = (setting & 0x10) != 0;
    ends_.server_wish = static_cast<base::MessageSecurity>(wishes % 3);
    ends_.client_wish = static_cast<base::MessageSecurity>(wishes / 3 % 3);
    if ((setting & 0x20) != 0) ends_.begin_with_session();
    connect(known());
  }

  void act() {
    const uint8_t action = input_.byte();
    switch (action % 14) {
      case 0:
      case 1:
      case 2:
        return exchange();
      case 3:
        return meddle();
      case 4:
        return repeat();
      case 5:
        return arrive(input_.piece(), Honesty::unknown);
      case 6:
        return pass_time();
      case 7:
        return at().client->send((action & 0x80) != 0 ? "site-2" : "site-1", input_.number());
      case 8:
        return any_frame();
      case 9:
        return connect((action & 0x80) != 0 ? nullptr : known());
      case 10:
        return end_session(action);
      case 11:
        return at().client->renew();
      case 12:
        if (pairs_[1 - now_].server) now_ = 1 - now_;
        return;
      default:
        return discard();
    }
  }

 private:
  enum class Honesty { honest, unknown, changed };

  static base::ConnectionSecurity security(unsigned number) {
    return static_cast<base::ConnectionSecurity>((number & 3) % 3);
  }

  static base::LinkFacts link_of(base::ConnectionSecurity security, const Credential& peer) {
    if (security == base::ConnectionSecurity::clear) return {};
    base::LinkFacts facts = mtls_link(peer);
    facts.self_proven = security == base::ConnectionSecurity::mtls;
    return facts;
  }

  /// Both ends of a connection; of the two that there may be, the one that things happen to now.
  struct Pair {
    std::unique_ptr<ServerEnd> server;
    std::unique_ptr<ClientEnd> client;
  };
  Pair& at() { return pairs_[now_]; }

  auth::Session* known() const {
    return ends_.client_sessions.empty() ? nullptr : ends_.client_sessions.back().get();
  }

  void connect(auth::Session* resume) {
    if (connections_ == kMostConnections) return;
    ++connections_;
    if (connections_ > 1) now_ = 1 - now_;
    at().server = std::make_unique<ServerEnd>(ends_);
    at().client = std::make_unique<ClientEnd>(ends_, resume);
  }

  void arrive(base::ByteView bytes, Honesty honesty) {
    const bool was_over = at().server->is_over();
    const size_t admitted = at().server->receive(bytes);
    FAIRLEAD_ASSERT(admitted == 0 || (!was_over && honesty != Honesty::changed));
  }

  void client_hears() {
    at().client->receive(at().server->take_output());
    for (Pair& pair : pairs_)
      if (pair.client) pair.client->follow();
  }

  void exchange() {
    client_hears();
    last_ = at().client->take_output();
    arrive(last_, Honesty::honest);
    client_hears();
  }

  /// One bit of one frame: with a tag it can only be refused, before that it only delays.
  void meddle() {
    base::Bytes flight = at().client->take_output();
    if (flight.empty()) return;
    flight[input_.number() % flight.size()] ^= static_cast<uint8_t>(1u << input_.byte() % 8);
    const auto first = frame::decode(flight, {frame::kMaxBlock, frame::kMaxBody});
    const bool alone = first && first->complete && first->frame.header.frame_size() == flight.size();
    arrive(flight, alone ? Honesty::changed : Honesty::unknown);
  }

  /// What the server has had before. On another connection the same LOGIN frames mean nothing either.
  void repeat() { arrive(last_, Honesty::changed); }

  void pass_time() {
    ends_.project.clock.advance(std::chrono::milliseconds(1) * (1u << input_.byte() % 26));
    ends_.sessions.sweep(ends_.project.clock.mono(), std::chrono::minutes(5));
  }

  void any_frame() {
    const auto type = static_cast<frame::FrameType>(input_.byte() % 14);
    const uint8_t flags = input_.byte() & (frame::kFirst | frame::kLast | frame::kCompact);
    const base::ByteView block = input_.piece(), body = input_.piece();
    at().client->protect(type, flags, block, body);
  }

  void end_session(uint8_t action) {
    if ((action & 0x80) != 0) ends_.disabled.everybody = !ends_.disabled.everybody;
    if (auth::Session* session = ends_.sessions.at("site-1"))
      ends_.sessions.end(*session, base::Refusal::revoked);
  }

  void discard() { static_cast<void>(at().client->take_output()); }

  int connections_ = 0;
  Input& input_;
  Ends ends_;
  std::array<Pair, 2> pairs_;
  size_t now_ = 0;
  base::Bytes last_;  // what a server was given in the last exchange
};

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fairlead::fuzz;
  Input input(data, size);
  Play play(input);
  for (int i = 0; i < kMostActions && !input.is_over(); ++i) play.act();
  return 0;
}
