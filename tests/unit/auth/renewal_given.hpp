/// A logged-in pair that renews its session step by step, so that any step can be lost.
#pragma once
#include "auth/renewal.hpp"
#include "given.hpp"

namespace fairlead::auth {

struct RenewalTest : ::testing::Test {
  RenewalTest() : RenewalTest([](World&) {}) {}
  explicit RenewalTest(const std::function<void(World&)>& change) : pair(GivenLoggedInPair(change)) {
    pair.world->sessions.attach(*pair.server_session, listener);
  }
  ~RenewalTest() override {
    if (server().revoked) return;
    pair.world->sessions.detach(server(), listener, pair.world->clock.mono());
  }

  World& world() { return *pair.world; }
  Session& server() { return *pair.server_session; }
  Session& client() { return *pair.client_session; }

  /// The client's RENEW, as it goes over the wire.
  base::Bytes asks() {
    renewal = must(ClientRenewal::make(world().random));
    frame::Outbox out(world().memory);
    renewal->ask(*pair.client_lane, out);
    return Connection::take(out);
  }
  /// What the server does with it; its answer is in `answer`.
  base::Refusal server_takes(base::Bytes frame) {
    const auto decoded = frame::decode(frame, {frame::kMaxBlock, frame::kMaxBody});
    const auto passed =
        pair.server_gate.admit_control(decoded->frame, *pair.server_lane, server(), world().clock.mono());
    if (!passed) return passed.error();
    confirm(*pair.server_lane);
    return server_takes_body(decoded->frame.body);
  }
  base::Refusal server_takes_body(base::ByteView body) {
    frame::Outbox out(world().memory);
    const auto done = answer_renewal(body, server(), world().server_config(), *pair.server_lane, out);
    answer = Connection::take(out);
    return refusal_of(done);
  }
  /// The client's gate lets the answer in; nothing else happens.
  base::Refusal client_hears(base::Bytes& frame) {
    const auto decoded = frame::decode(frame, {frame::kMaxBlock, frame::kMaxBody});
    return refusal_of(
        pair.client_gate.admit_control(decoded->frame, *pair.client_lane, client(), world().clock.mono()));
  }
  /// The client takes the answer and moves on.
  base::Refusal client_takes(base::Bytes frame) {
    const base::Refusal heard = client_hears(frame);
    const auto decoded = frame::decode(frame, {frame::kMaxBlock, frame::kMaxBody});
    return heard == base::Refusal{} ? client_takes_body(decoded->frame.body) : heard;
  }
  base::Refusal client_takes_body(base::ByteView body) {
    auto fresh = renewal->take_answer(body, client(), world().client_config());
    if (!fresh) return fresh.error();
    client().renew(std::move(*fresh), world().clock.mono());
    pair.client_lane->switch_outgoing(client().current);
    return {};
  }
  void renew() {
    ASSERT_EQ(server_takes(asks()), base::Refusal{});
    ASSERT_EQ(client_takes(answer), base::Refusal{});
  }

  /// A message of the client on its lane, and what the server's link does about it.
  base::Refusal server_admits() { return server_admits(pair.client_sends(a_message())); }
  base::Refusal server_admits(base::Bytes frames) {
    const auto admitted = pair.server_takes(std::move(frames));
    if (!admitted) return admitted.error();
    confirm(*pair.server_lane);
    return {};
  }
  base::Refusal client_admits() {
    const Draft draft = [] {
      Draft made = a_draft();
      made.from = "server";
      made.to = kSite;
      return made;
    }();
    return refusal_of(pair.client_takes(pair.server_sends(compose(draft))));
  }
  /// The connection is lost and the client opens a lane of its session on a new one.
  void reconnect() {
    Connection connection(world(), &client());
    connection.run();
    ASSERT_TRUE(connection.client_step.established) << connection.client_step.detail;
    ASSERT_TRUE(connection.server_step.established) << connection.server_step.detail;
    pair.client_lane = connection.client.take_lane();
    pair.server_lane = connection.server.take_lane();
    pair.client_gate = Gate(End::client, {});
    pair.server_gate = Gate(End::server, {});
    switched = listener.renewed;
  }
  void confirm(const Lane& lane) {
    world().sessions.confirm(server(), lane.incoming_epoch(), world().clock.mono());
    if (listener.renewed != switched) pair.server_lane->switch_outgoing(server().current);
    switched = listener.renewed;
  }
  bool same_secret() {
    return base::equal(client().current.secret.expose(), server().current.secret.expose());
  }

  LoggedIn pair;
  SessionListener listener;
  int switched = 0;
  std::optional<ClientRenewal> renewal;
  base::Bytes answer;
};

}  // namespace fairlead::auth
