// What peer() says about connections that came about.
#include "given.hpp"

namespace {

constexpr uint32_t kAll = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED | FAIRLEAD_SEC_SELF_PROVEN;

std::string bytes_of(fairlead_bytes bytes) { return {bytes.data, bytes.data + bytes.size}; }
std::string text_of(fairlead_text text) { return {text.data, text.size}; }

std::pair<fairlead_peer, fairlead_peer> peers(Ends& ends) {
  std::pair<fairlead_peer, fairlead_peer> both;
  EXPECT_EQ(ends.dialled->peer(both.first), FAIRLEAD_OK);
  EXPECT_EQ(ends.accepted->peer(both.second), FAIRLEAD_OK);
  return both;
}

TEST(Facts, ClearProvesNothing) {
  const auto ends = GivenConnectedEnds("clear");

  const auto [dialled, accepted] = peers(*ends);

  EXPECT_EQ(dialled.security | accepted.security, 0u);
  EXPECT_EQ(dialled.certificate_der.size + dialled.channel_binding.size + dialled.protocol.size, 0u);
  EXPECT_EQ(text_of(dialled.remote_address), ends->listener->address());
  EXPECT_EQ(text_of(dialled.local_address), text_of(accepted.remote_address));
}

TEST(Facts, TlsVerifiesTheListenerOnly) {
  const auto ends = GivenConnectedEnds("tls");

  const auto [dialled, accepted] = peers(*ends);

  EXPECT_EQ(dialled.security, FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED);
  EXPECT_EQ(accepted.security, FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_SELF_PROVEN);
  EXPECT_GT(dialled.certificate_der.size, 0u);
  EXPECT_EQ(accepted.certificate_der.size, 0u);
}

TEST(Facts, MtlsVerifiesBoth) {
  const auto ends = GivenConnectedEnds("mtls");

  const auto [dialled, accepted] = peers(*ends);

  EXPECT_EQ(dialled.security, kAll);
  EXPECT_EQ(accepted.security, kAll);
  EXPECT_NE(bytes_of(dialled.certificate_der), bytes_of(accepted.certificate_der));
  EXPECT_EQ(text_of(dialled.protocol), "TLSv1.3");
  EXPECT_EQ(text_of(dialled.cipher), "TLS_AES_256_GCM_SHA384");
}

TEST(Facts, MtlsDiallerThatWasNotAskedHasNotProvenItself) {
  const Project project;
  Ends ends(listening_config("tls", project.authority, project.server),
            dialling_config("mtls", project.authority, &project.site));

  ends.connect();

  EXPECT_EQ(peers(ends).first.security, FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED);
}

TEST(Facts, ChannelBindingIsEqualOnBothEndsAndDiffersBetweenConnections) {
  const auto ends = GivenConnectedEnds("mtls");
  const auto [first_dialled, first_accepted] = peers(*ends);

  ends->connect();
  const auto [second_dialled, second_accepted] = peers(*ends);

  EXPECT_EQ(first_dialled.channel_binding.size, 32u);
  EXPECT_EQ(bytes_of(first_dialled.channel_binding), bytes_of(first_accepted.channel_binding));
  EXPECT_EQ(bytes_of(second_dialled.channel_binding), bytes_of(second_accepted.channel_binding));
  EXPECT_NE(bytes_of(first_dialled.channel_binding), bytes_of(second_dialled.channel_binding));
}

TEST(Facts, AnOlderKernelsSmallerStructureIsRespected) {
  const auto ends = GivenConnectedEnds("mtls");
  fairlead_peer peer{};
  peer.struct_size = offsetof(fairlead_peer, channel_binding);

  const fairlead_status status = plugin().peer(ends->dialled->handle, &peer);

  EXPECT_EQ(status, FAIRLEAD_OK);
  EXPECT_EQ(peer.security, kAll);
  EXPECT_EQ(peer.channel_binding.size, 0u);
}

TEST(Facts, NothingIsKnownBeforeTheHandshake) {
  const Project project;
  const auto [listening, dialling] = GivenConfigs("mtls", project);
  Ends ends(listening, dialling);
  ends.listener = ends.server.listen("127.0.0.1:0");
  ends.dialled = ends.client.connect(ends.listener->address());
  fairlead_peer peer;

  EXPECT_EQ(ends.dialled->peer(peer), FAIRLEAD_E_CLOSED);
}

}  // namespace
