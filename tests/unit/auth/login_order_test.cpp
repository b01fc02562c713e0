#include <optional>

#include "auth/control.hpp"
#include "auth/grant.hpp"
#include "auth/hello.hpp"
#include "auth/inner_message.hpp"
#include "auth/login.hpp"
#include "auth/plain_frame.hpp"
#include "login_outcome.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;

base::Bytes lane_frame_without_login(int type) {
  frame::Header header;
  header.type = static_cast<frame::FrameType>(type);
  header.lane = base::LaneId(1);
  base::Bytes out(header.frame_size());
  frame::encode(header, out);
  return out;
}

TEST(Login, N29_RefusesWhateverComesBeforeALogin) {
  for (const int type : {6, 7, 8, 9, 10, 11, 12}) {
    World world;
    Connection connection(world);
    connection.server_receives(lane_frame_without_login(type));
    EXPECT_EQ(connection.server_step.refused, Refusal::wrong_state) << type;
  }
}

TEST(Login, N29_RefusesALoginWithoutAHello) {
  World world;
  Connection connection(world);
  connection.server_receives(plain_frame(frame::FrameType::login, End::client, base::Bytes{1}));

  EXPECT_EQ(connection.server_step.refused, Refusal::wrong_state);
}

TEST(Login, N29_RefusesAFrameOfTheOtherDirection) {
  World world;
  Connection connection(world);
  Hello hello;
  hello.audience = world.server_identity.audience();
  connection.server_receives(plain_frame(frame::FrameType::hello, End::server, encode(hello)));

  EXPECT_EQ(connection.server_step.refused, Refusal::malformed);
}

TEST(Login, RefusesAnEmptyFlight) {
  World world;
  Connection connection(world);
  Hello hello;
  hello.audience = world.server_identity.audience();
  connection.server_receives(plain_frame(frame::FrameType::hello, End::client, encode(hello)));
  connection.server_receives(plain_frame(frame::FrameType::login, End::client, {}));

  EXPECT_EQ(connection.server_step.refused, Refusal::malformed);
}

TEST(Login, N27_RefusesASecondHello) {
  World world;
  Connection connection(world);
  Hello hello;
  hello.audience = world.server_identity.audience();
  const base::Bytes frame = plain_frame(frame::FrameType::hello, End::client, encode(hello));
  connection.server_receives(frame);
  connection.server_receives(frame);

  EXPECT_EQ(connection.server_step.refused, Refusal::wrong_state);
}

TEST(Login, N27_RefusesASecondInvitation) {
  World world;
  Connection connection(world);
  connection.to_client_tap = [](base::Bytes& frame) {
    if (frame[4] == static_cast<uint8_t>(frame::FrameType::lane_invite))
      base::append(frame, base::Bytes(frame));
  };
  connection.run();

  EXPECT_EQ(connection.client_step.refused, Refusal::wrong_state);
}

TEST(Login, N14_RefusesARecordedClient) {
  base::Bytes recorded;
  World world;
  Connection first(world);
  first.to_server_tap = [&](base::Bytes& frame) { base::append(recorded, frame); };
  first.run();
  ASSERT_TRUE(first.server_step.established);

  Connection second(world);
  second.server_receives(recorded);

  EXPECT_TRUE(second.server_step.refused.has_value());
  EXPECT_FALSE(second.server_step.established);
}

TEST(Login, RefusesAClientsFrameFromTheServer) {
  World world;
  Connection connection(world);
  connection.to_client_tap = [](base::Bytes& frame) { frame[5] = 0; };
  connection.run();

  EXPECT_EQ(connection.client_step.refused, Refusal::malformed);
}

TEST(Login, RefusesAnErrorOnALaneThatIsNotThere) {
  World world;
  Connection connection(world);
  connection.to_client_tap = [](base::Bytes& frame) {
    frame = lane_frame_without_login(13);
    frame[5] = frame::kServerToClient;
  };
  connection.run();

  EXPECT_EQ(connection.client_step.refused, Refusal::wrong_state);
}

/// What a client says when each frame of the server is replaced by this one.
LoginStep client_hears(frame::FrameType type, const base::Bytes& body) {
  World world;
  Connection connection(world);
  connection.to_client_tap = [&](base::Bytes& frame) { frame = plain_frame(type, End::server, body); };
  connection.run();
  return connection.client_step;
}

TEST(Login, AClientRefusesBodiesThatAreNone) {
  for (const auto type : {frame::FrameType::lane_invite, frame::FrameType::error})
    EXPECT_EQ(client_hears(type, {}).refused, Refusal::bad_headers);
}

TEST(Login, AClientWaitsForTheInvitation) {
  EXPECT_EQ(client_hears(frame::FrameType::login, {}).refused, Refusal::wrong_state);
}

LoginStep client_hears_error(Refusal code, std::string_view text) {
  World world;
  Connection connection(world);
  connection.to_client_tap = [&](base::Bytes& frame) {
    frame::Outbox out(world.memory);
    append_error(code, text, nullptr, nullptr, out);
    frame = Connection::take(out);
  };
  connection.run();
  return connection.client_step;
}

TEST(Login, AClientTellsWhatTheServerSaysOutside) {
  EXPECT_EQ(client_hears_error(Refusal::login_refused, "0123abcd").detail, "reference 0123abcd");
  EXPECT_EQ(client_hears_error(Refusal::busy, "too many logins").detail, "too many logins");
  EXPECT_EQ(client_hears_error(Refusal::login_refused, "").detail, "");
}

/// A client that is through with the handshake hears more of it.
std::optional<Refusal> answer_to_more_handshake(Connection& connection) {
  std::optional<Refusal> refused;
  base::Bytes late = plain_frame(frame::FrameType::login, End::server, base::Bytes{1});
  each_frame(late, [&](const frame::FrameView& frame) {
    refused = connection.client.step(frame, connection.to_server).refused;
  });
  return refused;
}

TEST(Login, AClientTakesNothingMoreWhenItIsDone) {
  World world;
  Connection connection(world);
  connection.run();
  ASSERT_TRUE(connection.client_step.established);

  EXPECT_EQ(answer_to_more_handshake(connection), Refusal::wrong_state);
}

TEST(Login, AClientThatWaitsWithItsLaneTakesNothing) {
  World world;
  Connection connection(world, ClientStart{.with_grant = ClientStart::WithGrant::wait});
  connection.run();
  ASSERT_TRUE(connection.client_step.granted);

  EXPECT_EQ(answer_to_more_handshake(connection), Refusal::wrong_state);
}

TEST(Login, AServerRefusesAHelloThatIsNone) {
  World world;
  Connection connection(world);
  connection.server_receives(plain_frame(frame::FrameType::hello, End::client, {}));

  EXPECT_EQ(connection.server_step.refused, Refusal::bad_headers);
}

TEST(Login, N29_AServerThatGrantedWaitsForTheLaneOnly) {
  World world;
  Connection connection(world, ClientStart{.with_grant = ClientStart::WithGrant::wait});
  connection.run();
  ASSERT_TRUE(connection.client_step.granted);
  connection.server_receives(plain_frame(frame::FrameType::login, End::client, base::Bytes{1}));

  EXPECT_EQ(connection.server_step.refused, Refusal::wrong_state);
}

/// A client that says something else inside the handshake.
LoginStep server_hears_inside(const base::Bytes& inner) {
  World world;
  Connection connection(world);
  Hello hello;
  hello.audience = world.server_identity.audience();
  connection.server_receives(plain_frame(frame::FrameType::hello, End::client, encode(hello)));
  crypto::LoginTls tls(connection.client_config.common.tls);
  base::Bytes answer;
  frame::Outbox out(world.memory);
  Connection::take(connection.to_client);
  while (!tls.done()) {
    EXPECT_TRUE(tls.feed(answer));
    append_login(tls.take_output(), End::client, out);
    connection.server_receives(Connection::take(out));
    base::Bytes frames = Connection::take(connection.to_client);
    answer.clear();
    each_frame(frames, [&](const frame::FrameView& frame) { base::append(answer, frame.body); });
  }
  EXPECT_TRUE(tls.write(inner));
  append_login(tls.take_output(), End::client, out);
  connection.server_receives(Connection::take(out));
  return connection.server_step;
}

/// A server of this project that says something else inside the handshake.
LoginStep client_hears_inside(const base::Bytes& inner) {
  World world;
  Connection connection(world);
  crypto::LoginTls tls(connection.server_config.common.tls);
  base::Bytes invite = Connection::take(connection.to_client);
  const auto client_receives = [&](base::Bytes frames) {
    each_frame(frames, [&](const frame::FrameView& frame) {
      connection.client_step = connection.client.step(frame, connection.to_server);
    });
  };
  frame::Outbox out(world.memory);
  client_receives(invite);
  while (!tls.done()) {
    base::Bytes frames = Connection::take(connection.to_server);
    each_frame(frames, [&](const frame::FrameView& frame) {
      if (frame.header.type != frame::FrameType::login) return;
      EXPECT_TRUE(tls.feed(frame.body));
    });
    append_login(tls.take_output(), End::server, out);
    client_receives(Connection::take(out));
  }
  EXPECT_TRUE(tls.write(inner));
  append_login(tls.take_output(), End::server, out);
  client_receives(Connection::take(out));
  return connection.client_step;
}

TEST(Login, AClientTakesNothingInsideButAGrantOrARefusal) {
  const base::Bytes refusal = encode(LoginRefusal{Refusal::quota, "0123abcd"});

  EXPECT_EQ(client_hears_inside(encode_inner(InnerKind::refusal, refusal)).refused, Refusal::quota);
  EXPECT_EQ(client_hears_inside(encode_inner(InnerKind::request, refusal)).refused, Refusal::malformed);
  EXPECT_EQ(client_hears_inside(encode_inner(InnerKind::grant, refusal)).refused, Refusal::bad_headers);
  EXPECT_EQ(client_hears_inside(encode_inner(InnerKind::refusal, {})).refused, Refusal::bad_headers);
  EXPECT_EQ(client_hears_inside(base::Bytes{0xFF, 0xFF, 0xFF, 0xFF}).refused, Refusal::too_large);
}

TEST(Login, RefusesEverythingInsideButALoginRequest) {
  EXPECT_EQ(server_hears_inside(encode_inner(InnerKind::grant, base::Bytes{1})).refused, Refusal::malformed);
  EXPECT_EQ(server_hears_inside(encode_inner(InnerKind::refusal, base::Bytes{1})).refused,
            Refusal::malformed);
  EXPECT_EQ(server_hears_inside(encode_inner(InnerKind::request, base::Bytes{1})).refused,
            Refusal::bad_headers);
  EXPECT_EQ(server_hears_inside(base::Bytes{0xFF, 0xFF, 0xFF, 0xFF}).refused, Refusal::too_large);
}

}  // namespace
}  // namespace fairlead::auth
