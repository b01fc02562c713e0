#include "auth/login.hpp"
#include "login_outcome.hpp"

namespace fairlead::auth {
namespace {

using base::ConnectionSecurity;
using base::MessageSecurity;
using base::Refusal;

TEST(Login, RefusesAChangedPreludeAsDowngrade) {
  World world;
  Connection connection(world);
  connection.to_client_tap = [](base::Bytes& frame) {
    // The boot id: nothing that either end would notice by itself.
    if (frame[4] == static_cast<uint8_t>(frame::FrameType::lane_invite)) frame[40 + 4 + 16 + 4] ^= 1;
  };
  connection.run();

  EXPECT_EQ(connection.server_step.refused, Refusal::downgrade);
  EXPECT_EQ(connection.client_step.refused, Refusal::downgrade);
}

TEST(Login, RefusesAChangedHelloAsDowngrade) {
  World world;
  Connection connection(world);
  connection.to_server_tap = [](base::Bytes& frame) {
    if (frame[4] != static_cast<uint8_t>(frame::FrameType::hello)) return;
    base::append(frame, *base::from_hex("00090000"));  // a field that an older server would ignore
    base::store_be(base::MutableByteView(frame).subspan(8), static_cast<uint32_t>(frame.size() - 40));
  };
  connection.run();

  EXPECT_EQ(connection.server_step.refused, Refusal::downgrade);
}

TEST(Login, N15_RefusesARelayThatEndsMtls) {
  const Outcome outcome = outcome_of([](World& w) { w.client_facts.channel_binding[0] ^= 1; });

  EXPECT_EQ(outcome.server, Refusal::binding_mismatch);
  EXPECT_EQ(outcome.client, Refusal::binding_mismatch);
}

TEST(Login, N15_RefusesAnOuterCertificateThatIsNotTheLogins) {
  const Outcome at_server = outcome_of([](World& w) { w.server_facts.peer_certificate_der.back() ^= 1; });
  const Outcome at_client = outcome_of([](World& w) { w.client_facts.peer_certificate_der.back() ^= 1; });

  EXPECT_EQ(at_server.server, Refusal::binding_mismatch);
  EXPECT_EQ(at_client.client, Refusal::binding_mismatch);
  EXPECT_EQ(at_client.server, std::nullopt);
}

TEST(Login, N15_RefusesAClientThatBelievesInMtlsBehindAProxy) {
  const Outcome outcome = outcome_of([](World& w) {
    w.server_security = ConnectionSecurity::clear;
    w.server_facts = {};
  });

  EXPECT_EQ(outcome.server, Refusal::binding_mismatch);
}

TEST(Login, RefusesALinkBelowItsConfiguration) {
  const Outcome at_server = outcome_of([](World& w) { w.server_facts.confidential = false; });
  const Outcome at_client = outcome_of([](World& w) { w.client_facts.peer_verified = false; });

  EXPECT_EQ(at_server.server, Refusal::security_floor);
  EXPECT_EQ(at_client.client, Refusal::security_floor);
}

TEST(Login, SealsAClearLink) {
  const LoggedIn pair = GivenLoggedInPair([](World& w) {
    w.server_security = w.client_security = ConnectionSecurity::clear;
    w.server_facts = w.client_facts = {};
  });

  EXPECT_EQ(pair.client_lane->level(), MessageSecurity::seal);
  EXPECT_EQ(pair.server_lane->level(), MessageSecurity::seal);
}

TEST(Login, SealsBehindAProxyThatEndsTls) {
  const LoggedIn pair = GivenLoggedInPair([](World& w) {
    w.client_security = ConnectionSecurity::tls;
    w.server_security = ConnectionSecurity::clear;
    w.server_facts = {};
  });

  EXPECT_EQ(pair.client_lane->level(), MessageSecurity::seal);
}

TEST(Login, KeepsEitherWishAsTheFloorOfTheSession) {
  const LoggedIn by_server = GivenLoggedInPair([](World& w) { w.server_wish = MessageSecurity::seal; });
  const LoggedIn by_client = GivenLoggedInPair([](World& w) { w.client_wish = MessageSecurity::seal; });

  EXPECT_EQ(by_server.client_session->floor, MessageSecurity::seal);
  EXPECT_EQ(by_server.server_session->floor, MessageSecurity::seal);
  EXPECT_EQ(by_client.client_session->floor, MessageSecurity::seal);
  EXPECT_EQ(by_client.server_session->floor, MessageSecurity::seal);
}

TEST(Login, SealsWhenEitherEndAsksForIt) {
  const LoggedIn by_server = GivenLoggedInPair([](World& w) { w.server_wish = MessageSecurity::seal; });
  const LoggedIn by_client = GivenLoggedInPair([](World& w) { w.client_wish = MessageSecurity::seal; });

  EXPECT_EQ(by_server.client_lane->level(), MessageSecurity::seal);
  EXPECT_EQ(by_server.server_lane->level(), MessageSecurity::seal);
  EXPECT_EQ(by_client.client_lane->level(), MessageSecurity::seal);
  EXPECT_EQ(by_client.server_lane->level(), MessageSecurity::seal);
}

}  // namespace
}  // namespace fairlead::auth
