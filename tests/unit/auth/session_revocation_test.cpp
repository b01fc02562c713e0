#include "auth/session_revocation.hpp"

#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;

crypto::TrustAnchor with(const World& world, const std::vector<crypto::Certificate>& revoked) {
  crypto::TrustAnchor anchor = world.authority.anchor();
  anchor.revoked = world.authority.revoking(revoked);
  return anchor;
}

TEST(SessionRevocation, ServerKeepsThePathOfItsClient) {
  const LoggedIn pair = GivenLoggedInPair();

  EXPECT_EQ(pair.server_session->peer_path, DerPath{pair.world->site.certificate.der()});
  EXPECT_TRUE(pair.server_session->current.signer_path.empty());
}

TEST(SessionRevocation, EndsTheSessionOfARevokedClientOnly) {
  const LoggedIn pair = GivenLoggedInPair();
  const World& world = *pair.world;

  EXPECT_EQ(refusal_of(check_live(*pair.server_session, with(world, {world.site.certificate}))),
            Refusal::certificate_revoked);
  EXPECT_TRUE(check_live(*pair.server_session, with(world, {world.server.certificate})).has_value());
}

TEST(SessionRevocation, EndsTheClientsSessionWithARevokedServerOrTokenSigner) {
  const LoggedIn pair = GivenLoggedInPair();
  const World& world = *pair.world;

  EXPECT_EQ(refusal_of(check_live(*pair.client_session, with(world, {world.server.certificate}))),
            Refusal::certificate_revoked);
  EXPECT_EQ(refusal_of(check_live(*pair.client_session, with(world, {world.token.certificate}))),
            Refusal::certificate_revoked);
  EXPECT_TRUE(check_live(*pair.client_session, with(world, {world.site.certificate})).has_value());
}

TEST(SessionRevocation, StaleAndMissingListsRefuseWhoComesAndEndNoSession) {
  const LoggedIn pair = GivenLoggedInPair();
  crypto::TrustAnchor stale = pair.world->authority.anchor(), missing = stale;
  stale.revoked = pair.world->authority.revoking({}, kNow);
  stale.crl = missing.crl = crypto::CrlRules::strict;

  for (const crypto::TrustAnchor& anchor : {stale, missing}) {
    EXPECT_TRUE(check_live(*pair.server_session, anchor).has_value());
    EXPECT_EQ(refusal_of(check_revocation(*pair.server_session, anchor, kNow)), Refusal::crl_stale);
  }
}

TEST(SessionRevocation, AsksAboutIntermediatesToo) {
  const World world;
  Session session;
  session.peer_path = {world.site.certificate.der(), world.server.certificate.der()};

  const auto verdict = check_live(session, with(world, {world.server.certificate}));

  EXPECT_EQ(refusal_of(verdict), Refusal::certificate_revoked);
}

}  // namespace
}  // namespace fairlead::auth
