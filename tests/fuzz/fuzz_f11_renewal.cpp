// F11: renewals and lanes of one session at both ends, over links that lose, repeat, change and mix up
// frames, while time passes. Whether a frame is admitted, why not, and under which keys, must be what a naive
// model says.
#include <deque>

#include "base/assert.hpp"
#include "fuzz/connection.hpp"
#include "fuzz/input.hpp"
#include "fuzz/renewal_model.hpp"

namespace fairlead::fuzz {
namespace {

using auth::End;
using frame::FrameType;

constexpr int kMostActions = 160;

End other(End end) { return end == End::client ? End::server : End::client; }

base::Bytes taken(frame::Outbox& outbox) {
  base::Bytes out;
  for (const base::ByteView slice : outbox.begin_send(SIZE_MAX)) base::append(out, slice);
  outbox.end_send();
  return out;
}

/// A frame on its way, and what the model knows about it.
struct Flight {
  base::Bytes bytes;
  Sent sent;
};

/// One end of a lane.
struct LaneEnd {
  std::unique_ptr<auth::Lane> lane;
  std::optional<auth::Gate> gate;
  std::deque<Flight> coming;
  std::optional<Flight> last;  ///< what it had, admitted or not
};

/// Both ends of one lane; the server's is told about its session.
struct Slot final : auth::SessionUser {
  void session_renewed() override { server.lane->switch_outgoing(session->current); }
  void session_ended(base::Refusal) override { server.lane.reset(); }
  LaneEnd& at(End end) { return end == End::client ? client : server; }

  LaneEnd client, server;
  auth::Session* session = nullptr;  ///< of the server
};

class Play {
 public:
  explicit Play(Input& input)
      : input_(input), ends_(given_project()), model_(ends_.project.clock.mono()), out_(ends_.memory) {
    const uint8_t setting = input.byte();
    ends_.server_facts = mtls_link(ends_.project.site);
    ends_.client_facts = mtls_link(ends_.project.server);
    ends_.client_wish = (setting & 1) != 0 ? base::MessageSecurity::seal : base::MessageSecurity::automatic;
    ends_.begin_with_session();
    client_ = ends_.client_sessions.back().get();
    prefix_ = client_->prefix();
    server()->compact_headers = client_->compact_headers = (setting & 2) != 0;
  }
  ~Play() {
    for (size_t slot = 0; slot < kSlots; ++slot) close(slot, End::server);
  }
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;

  void act() {
    const uint8_t decision = input_.byte();
    const size_t slot = (decision >> 4) % kSlots;
    (this->*kActions[decision % kActions.size()])(slot);
    check_agreement();
  }

 private:
  static const std::array<void (Play::*)(size_t), 14> kActions;

  auth::Session* server() const { return ends_.sessions.find(prefix_); }
  End an_end() { return (input_.byte() & 1) != 0 ? End::server : End::client; }
  base::MonoTime now() const { return ends_.project.clock.mono(); }

  /// Puts what is in the outbox on its way. It must stand where and under what the model says.
  void put_on_way(size_t slot, End from, Kind kind) {
    Flight flight{taken(out_), model_.send(slot, from, kind)};
    const auto decoded = frame::decode(flight.bytes, {frame::kMaxBlock, frame::kMaxBody});
    FAIRLEAD_ASSERT(decoded && decoded->complete);
    const frame::Header& header = decoded->frame.header;
    FAIRLEAD_ASSERT(header.frame_size() == flight.bytes.size());
    FAIRLEAD_ASSERT(header.lane.value == flight.sent.lane && header.sequence.value == flight.sent.sequence);
    FAIRLEAD_ASSERT(header.epoch.value == flight.sent.keys.epoch);
    slots_[slot].at(other(from)).coming.push_back(std::move(flight));
  }

  void send(size_t slot, End from) {
    Slot& here = slots_[slot];
    if (here.at(from).lane == nullptr) return;
    auth::Draft draft;
    draft.from = from == End::client ? "site-1" : "server";
    draft.to = from == End::client ? "server" : "site-1";
    draft.topic = "topic";
    draft.payload = base::copy_to_slice(base::as_bytes("payload"));
    auth::protect_message(auth::compose(std::move(draft)), from, from == End::client ? *client_ : *server(),
                          *here.at(from).lane, base::StreamId{1}, out_);
    put_on_way(slot, from, Kind::data);
  }
  void client_sends(size_t slot) { send(slot, End::client); }
  void server_sends(size_t slot) { send(slot, End::server); }

  /// The client asks once at a time, and again only when the lane that it asked on is gone.
  void ask(size_t slot) {
    if (slots_[slot].client.lane == nullptr || renewal_) return;
    auto made = auth::ClientRenewal::make(ends_.project.random);
    FAIRLEAD_ASSERT(made.has_value());
    renewal_ = std::move(*made);
    asked_on_ = slot;
    renewal_->ask(*slots_[slot].client.lane, out_);
    put_on_way(slot, End::client, Kind::question);
  }

  void open(size_t slot) {
    Slot& here = slots_[slot];
    if (here.client.lane != nullptr || here.server.lane != nullptr) return;
    const bool must_open = model_.open(slot);
    here.client = LaneEnd{};
    here.server = LaneEnd{};
    const auth::ServerLoginConfig server_config = ends_.server_config();
    const auth::ClientLoginConfig client_config = ends_.client_config();
    auth::ServerLogin server_login(server_config, ends_.server_facts);
    auth::ClientLogin client_login(client_config, ends_.client_facts, {.resume = client_});
    FAIRLEAD_ASSERT(shake_hands(server_login, client_login) == must_open);
    if (!must_open) return;
    here.client.lane = client_login.take_lane();
    here.server.lane = server_login.take_lane();
    here.client.gate.emplace(End::client, auth::GateLimits{});
    here.server.gate.emplace(End::server, auth::GateLimits{});
    here.session = server();
    ends_.sessions.attach(*here.session, here);
    FAIRLEAD_ASSERT(here.client.lane->id().value == model_.lane_of(slot));
  }

  template <class Login>
  static auth::LoginStep feed(Login& login, base::Bytes bytes, frame::Outbox& out) {
    const auto decoded = frame::decode(bytes, {frame::kMaxBlock, frame::kMaxBodyBeforeLogin});
    FAIRLEAD_ASSERT(decoded && decoded->complete);
    return login.step(decoded->frame, out);
  }

  /// LANE_INVITE and both LANE_OPENs. The client hears of a refusal.
  bool shake_hands(auth::ServerLogin& server_login, auth::ClientLogin& client_login) {
    server_login.start(out_);
    const auth::LoginStep invited = feed(client_login, taken(out_), out_);
    FAIRLEAD_ASSERT(!invited.refused && !invited.established);
    const auth::LoginStep at_server = feed(server_login, taken(out_), out_);
    const auth::LoginStep at_client = feed(client_login, taken(out_), out_);
    FAIRLEAD_ASSERT(at_server.established == at_client.established);
    return at_server.established;
  }

  void close(size_t slot, End at) {
    Slot& here = slots_[slot];
    if (here.at(at).lane == nullptr) return;
    here.at(at).lane.reset();
    if (at == End::server) ends_.sessions.detach(*here.session, here, now());
    if (at == End::client && slot == asked_on_) renewal_.reset();
  }
  void closes(size_t slot) {
    const End at = an_end();
    close(slot, at);
    model_.close(slot, at);
  }

  /// The product and the model take the same frame and must say the same.
  void arrive(size_t slot, End at, Flight flight) {
    LaneEnd& here = slots_[slot].at(at);
    if (here.lane == nullptr) return;
    here.last = flight;
    const Verdict expected = model_.receive(slot, at, flight.sent);
    const Verdict found = take(slot, at, std::move(flight));
    FAIRLEAD_ASSERT(found == expected);
    if (found) close(slot, at);
  }

  Verdict take(size_t slot, End at, Flight flight) {
    LaneEnd& here = slots_[slot].at(at);
    const auth::Session& session = at == End::client ? *client_ : *server();
    const base::BlockRef owner = base::move_to_slice(std::move(flight.bytes)).owner;
    const auto decoded = frame::decode(owner.get()->bytes, {frame::kMaxBlock, frame::kMaxBody});
    FAIRLEAD_ASSERT(decoded && decoded->complete);
    const frame::FrameView& frame = decoded->frame;
    if (frame.header.type == FrameType::data) {
      const auto admitted = here.gate->admit(frame, owner, *here.lane, session, now());
      if (!admitted) return admitted.error();
    } else {
      const auto admitted = here.gate->admit_control(frame, *here.lane, session, now());
      if (!admitted) return admitted.error();
    }
    return at == End::server ? server_goes_on(slot, frame) : client_goes_on(frame, flight.sent);
  }

  Verdict server_goes_on(size_t slot, const frame::FrameView& frame) {
    auth::Lane& lane = *slots_[slot].server.lane;
    ends_.sessions.confirm(*server(), lane.incoming_epoch(), now());
    if (frame.header.type != FrameType::renew) return std::nullopt;
    const auto answered = auth::answer_renewal(frame.body, *server(), ends_.server_config(), lane, out_);
    if (!answered) return answered.error();
    put_on_way(slot, End::server, Kind::answer);
    return std::nullopt;
  }

  Verdict client_goes_on(const frame::FrameView& frame, const Sent& sent) {
    if (frame.header.type != FrameType::renew) return std::nullopt;
    FAIRLEAD_ASSERT(renewal_.has_value());
    auto fresh = renewal_->take_answer(frame.body, *client_, ends_.client_config());
    FAIRLEAD_ASSERT(fresh.has_value());
    renewal_.reset();
    client_->renew(std::move(*fresh), now());
    for (Slot& slot : slots_)
      if (slot.client.lane != nullptr) slot.client.lane->switch_outgoing(client_->current);
    model_.adopt(sent);
    return std::nullopt;
  }

  std::optional<Flight> next(size_t slot, End at) {
    std::deque<Flight>& coming = slots_[slot].at(at).coming;
    if (coming.empty()) return std::nullopt;
    Flight flight = std::move(coming.front());
    coming.pop_front();
    return flight;
  }
  void deliver(size_t slot, End at) {
    if (auto flight = next(slot, at)) arrive(slot, at, std::move(*flight));
  }
  void server_hears(size_t slot) { deliver(slot, End::server); }
  void client_hears(size_t slot) { deliver(slot, End::client); }
  void exchange(size_t slot) {
    Slot& here = slots_[slot];
    while (!here.client.coming.empty() || !here.server.coming.empty()) {
      deliver(slot, End::server);
      deliver(slot, End::client);
    }
  }
  void lose(size_t slot) { static_cast<void>(next(slot, an_end())); }
  void repeat(size_t slot) {
    const End at = an_end();
    if (const std::optional<Flight> last = slots_[slot].at(at).last) arrive(slot, at, *last);
  }
  void change(size_t slot) {
    const End at = an_end();
    auto flight = next(slot, at);
    if (!flight) return;
    flight->bytes.back() ^= 1;
    flight->sent.changed = true;
    arrive(slot, at, std::move(*flight));
  }
  /// To another lane or back to where it came from.
  void mix_up(size_t slot) {
    const uint8_t decision = input_.byte();
    auto flight = next(slot, (decision & 1) != 0 ? End::server : End::client);
    if (flight)
      arrive((decision >> 2) % kSlots, (decision & 2) != 0 ? End::server : End::client, std::move(*flight));
  }

  void pass_time(size_t) {
    const base::Milliseconds time = std::chrono::milliseconds(1) * (1u << input_.byte() % 26);
    ends_.project.clock.advance(time);
    ends_.sessions.sweep(now(), kIdle);
    model_.pass(time);
  }
  void end_or_disable(size_t) {
    if ((input_.byte() & 1) != 0) {
      ends_.disabled.everybody = !ends_.disabled.everybody;
      return model_.toggle_disabled();
    }
    if (auth::Session* session = server()) ends_.sessions.end(*session, base::Refusal::revoked);
    model_.end_session();
  }

  void check_agreement() const {
    const auth::Session* at_server = server();
    FAIRLEAD_ASSERT((at_server != nullptr) == model_.is_alive());
    check_session(*client_, End::client);
    if (at_server == nullptr) return;
    check_session(*at_server, End::server);
    FAIRLEAD_ASSERT(at_server->next.has_value() == model_.is_waiting());
    const bool same = base::equal(client_->current.secret.expose(), at_server->current.secret.expose());
    FAIRLEAD_ASSERT(same == (model_.current(End::client) == model_.current(End::server)));
  }
  void check_session(const auth::Session& session, End end) const {
    FAIRLEAD_ASSERT(session.current.epoch.value == model_.current(end).epoch);
    FAIRLEAD_ASSERT(!session.previous || session.previous->secret.empty());
    for (size_t slot = 0; slot < kSlots; ++slot) {
      const auto& lane = end == End::client ? slots_[slot].client.lane : slots_[slot].server.lane;
      FAIRLEAD_ASSERT((lane != nullptr) == model_.is_open(slot, end));
      FAIRLEAD_ASSERT(lane == nullptr || lane->outgoing_epoch() == session.current.epoch);
    }
  }

  Input& input_;
  Ends ends_;
  RenewalModel model_;
  frame::Outbox out_;
  uint64_t prefix_ = 0;
  auth::Session* client_ = nullptr;
  std::array<Slot, kSlots> slots_;
  std::optional<auth::ClientRenewal> renewal_;
  size_t asked_on_ = 0;
};

const std::array<void (Play::*)(size_t), 14> Play::kActions = {
    &Play::client_sends, &Play::server_sends, &Play::server_hears, &Play::client_hears,  &Play::ask,
    &Play::open,         &Play::closes,       &Play::exchange,     &Play::lose,          &Play::repeat,
    &Play::change,       &Play::mix_up,       &Play::pass_time,    &Play::end_or_disable};

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fairlead::fuzz;
  Input input(data, size);
  Play play(input);
  for (int i = 0; i < kMostActions && !input.is_over(); ++i) play.act();
  return 0;
}
