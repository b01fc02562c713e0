#include "auth/renewal.hpp"

#include "auth/key_schedule.hpp"
#include "auth/renew_body.hpp"
#include "auth/session_revocation.hpp"
#include "auth/token.hpp"
#include "crypto/digest.hpp"
#include "renewal_given.hpp"

namespace fairlead::auth {
namespace {

using base::Epoch;
using base::Refusal;

TEST_F(RenewalTest, GivesBothEndsNewKeysAndANewToken) {
  const base::Bytes old_token = client().current.token;
  world().clock.advance(1ms);

  renew();
  EXPECT_EQ(server_admits(), Refusal{});

  EXPECT_EQ(server().current.epoch, Epoch(1));
  EXPECT_EQ(client().current.epoch, Epoch(1));
  EXPECT_EQ(client().current.token, server().current.token);
  EXPECT_NE(client().current.token, old_token);
  EXPECT_TRUE(same_secret());
  EXPECT_EQ(client_admits(), Refusal{});
  EXPECT_EQ(pair.client_lane->incoming_epoch(), Epoch(1));
}

/// Two ends that make the same mistake would still agree.
TEST_F(RenewalTest, MakesItsKeysFromTheOldOnesBothBodiesAndTheNewToken) {
  const auto key = must(crypto::EphemeralKey::generate());
  const base::Bytes question = encode(RenewRequest{key.public_bytes(), {}});
  world().clock.advance(1ms);  // else the new token is the old one
  ASSERT_EQ(server_takes_body(question), Refusal{});
  ASSERT_EQ(client_hears(answer), Refusal{});
  const auto frame = frame::decode(answer, {frame::kMaxBlock, frame::kMaxBody});
  const auto told = decode_renew_answer(frame->frame.body);
  ASSERT_TRUE(told.has_value());

  const auto shared = key.agree(told->key);
  const base::Secret expected = sec_next(server().current.secret, *shared, Epoch(1),
                                         crypto::sha256({question, frame->frame.body}), told->token);

  EXPECT_TRUE(base::equal(server().next->secret.expose(), expected.expose()));
}

TEST_F(RenewalTest, N41_RefusesTheRestOfAMessageWhoseEpochIsOver) {
  const base::Bytes frames = pair.client_sends(a_message(std::string(frame::kMaxBody + 1, 'x')));
  base::Bytes first = frames, rest = frames;
  const auto decoded = frame::decode(first, {frame::kMaxBlock, frame::kMaxBody});
  const size_t size = decoded->frame.header.frame_size();
  first.resize(size);
  rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
  ASSERT_TRUE(pair.server_takes(first).has_value());

  server().current.epoch = Epoch(5);
  const auto outcome = pair.server_takes(rest);
  server().current.epoch = Epoch(0);

  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error(), Refusal::old_epoch);
}

TEST_F(RenewalTest, CanBeDoneAgainAndAgain) {
  for (uint32_t epoch = 1; epoch <= 5; ++epoch) {
    world().clock.advance(45min);
    renew();
    ASSERT_EQ(server_admits(), Refusal{}) << epoch;
    ASSERT_EQ(client_admits(), Refusal{}) << epoch;
    ASSERT_EQ(server().current.epoch, Epoch(epoch));
  }
}

TEST_F(RenewalTest, WaitsAtTheServerUntilAFrameUnderItVerifies) {
  ASSERT_EQ(server_takes(asks()), Refusal{});
  ASSERT_EQ(client_hears(answer), Refusal{});

  EXPECT_EQ(server().current.epoch, Epoch(0));
  EXPECT_EQ(client_admits(), Refusal{}) << "the server goes on under the old keys";
  EXPECT_EQ(pair.client_lane->incoming_epoch(), Epoch(0));
  EXPECT_EQ(server_admits(), Refusal{}) << "so does the client";
  EXPECT_EQ(server().current.epoch, Epoch(0));
}

TEST_F(RenewalTest, KeepsTheOldSecretNoLongerThanNeeded) {
  renew();
  EXPECT_TRUE(client().previous->secret.empty());

  EXPECT_FALSE(server().current.secret.empty()) << "not confirmed";
  EXPECT_EQ(server_admits(), Refusal{});

  EXPECT_TRUE(server().previous->secret.empty());
}

TEST_F(RenewalTest, N32_RefusesAFrameFromBeforeIt) {
  const base::Bytes recorded = pair.client_sends(a_message());
  ASSERT_EQ(server_admits(recorded), Refusal{});
  renew();
  ASSERT_EQ(server_admits(), Refusal{});

  EXPECT_EQ(server_admits(recorded), Refusal::old_epoch);
}

TEST_F(RenewalTest, LivesAsLongAsTheServerSays) {
  world().clock.advance(45min);
  renew();

  EXPECT_EQ(server().next->deadline, world().clock.mono() + 1h);
  EXPECT_EQ(client().current.deadline, world().clock.mono() + 1h);
  EXPECT_EQ(client().current.renew_after, 45min);
}

TEST_F(RenewalTest, MakesATokenOfTheWholeLifetimeWhileTimeGoesOn) {
  world().clock.between_looks = 1ms;

  ASSERT_EQ(server_takes(asks()), Refusal{});

  const auto token = decode_token(server().next->token);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->expires - token->issued, world().lifetime);
  EXPECT_EQ(server().next->renew_after, 45min);
}

TEST_F(RenewalTest, MakesNoTokenThatOutlivesTheSession) {
  world().clock.advance(45min);
  ServerLoginConfig config = world().server_config();
  config.longest_session = 1h;
  frame::Outbox out(world().memory);
  const base::Bytes question =
      encode(RenewRequest{must(crypto::EphemeralKey::generate()).public_bytes(), {}});

  ASSERT_TRUE(answer_renewal(question, server(), config, *pair.server_lane, out));

  EXPECT_EQ(server().next->deadline, world().clock.mono() + 15min);
}

struct ShortCertificate : RenewalTest {
  ShortCertificate()
      : RenewalTest([](World& w) {
          w.site = w.authority.issue(crypto::CertificateUse::client, std::string(kSite), {}, 1h);
          w.server_facts = mtls_link(w.site);
        }) {}
};

TEST_F(ShortCertificate, BoundsTheRenewedToken) {
  world().clock.advance(30min);
  renew();

  EXPECT_EQ(server().next->expires, kNow + 1h);
}

TEST_F(ShortCertificate, EndsRenewals) {
  const base::Bytes question = asks();
  world().clock.advance(1h);

  EXPECT_EQ(server_takes_body(base::ByteView(question).subspan(frame::kHeaderSize, 56)),
            Refusal::certificate_expired);
}

TEST_F(RenewalTest, RefusesADisabledParticipant) {
  world().revocation.names.insert(std::string(kSite));

  EXPECT_EQ(server_takes(asks()), Refusal::disabled);
  EXPECT_FALSE(server().next);
}

TEST_F(RenewalTest, RefusesARevokedParticipant) {
  world().server_anchor.revoked = world().authority.revoking({world().site.certificate});

  EXPECT_EQ(server_takes(asks()), Refusal::certificate_revoked);
  EXPECT_FALSE(server().next);
}

TEST_F(RenewalTest, RefusesEverybodyUnderAStaleListAndStrictRules) {
  world().server_anchor.revoked = world().authority.revoking({}, kNow);
  world().server_anchor.crl = crypto::CrlRules::strict;

  EXPECT_EQ(server_takes(asks()), Refusal::crl_stale);
}

TEST_F(RenewalTest, GoesOnAfterTheClientGotAnotherCertificate) {
  const base::Bytes frame = asks();
  world().site = world().authority.issue(crypto::CertificateUse::client, std::string(kSite));

  ASSERT_EQ(server_takes(frame), Refusal{});
  EXPECT_EQ(client_takes(answer), Refusal{});
}

TEST_F(RenewalTest, ChangesTheSignerThatTheClientAsksAbout) {
  const Credential former = std::move(world().token);
  world().token = world().authority.issue(crypto::CertificateUse::token_signer, std::string(kServer));

  renew();

  crypto::TrustAnchor anchor = world().authority.anchor();
  anchor.revoked = world().authority.revoking({former.certificate});
  EXPECT_EQ(refusal_of(check_live(client(), anchor)), Refusal{}) << "who signed the token before";
  anchor.revoked = world().authority.revoking({world().token.certificate});
  EXPECT_EQ(refusal_of(check_live(client(), anchor)), Refusal::certificate_revoked);
}

TEST_F(RenewalTest, RefusesALaneBelowAFloorThatRose) {
  world().server_wish = base::MessageSecurity::seal;

  EXPECT_EQ(server_takes(asks()), Refusal::security_floor);
}

TEST_F(RenewalTest, RefusesASessionThatIsAsOldAsItMayGet) {
  const base::Bytes question = asks();
  const base::ByteView body = base::ByteView(question).subspan(frame::kHeaderSize, 56);
  world().clock.advance(24h - 1ms);
  EXPECT_EQ(server_takes_body(body), Refusal{});
  world().clock.advance(1ms);

  EXPECT_EQ(server_takes_body(body), Refusal::expired);
}

TEST_F(RenewalTest, RefusesTooManyInARow) {
  for (uint32_t i = 0; i < kRenewalsInARow; ++i) ASSERT_EQ(server_takes(asks()), Refusal{}) << i;
  EXPECT_EQ(server_takes(asks()), Refusal::rate_limited);

  world().clock.advance(kRenewalsForgotten);
  EXPECT_EQ(server_takes(asks()), Refusal{});
}

TEST_F(RenewalTest, CountsOnlyThoseInARowThatWereNeverConfirmed) {
  for (uint32_t i = 0; i <= kRenewalsInARow; ++i) {
    ASSERT_EQ(server_takes(asks()), Refusal{}) << i;
    ASSERT_EQ(client_takes(answer), Refusal{}) << i;
    ASSERT_EQ(server_admits(), Refusal{}) << i;
  }
}

TEST_F(RenewalTest, RefusesALaneThatIsAnEpochBehind) {
  const base::Bytes question = asks();
  server().next = std::move(server().current);
  server().next->epoch = Epoch(1);
  server().current = std::exchange(*server().next, Credentials());

  EXPECT_EQ(server_takes_body(base::ByteView(question).subspan(frame::kHeaderSize, 56)), Refusal::old_epoch);
}

TEST_F(RenewalTest, RefusesAKeyOfSmallOrder) {
  EXPECT_EQ(server_takes_body(encode(RenewRequest{})), Refusal::malformed);
  EXPECT_FALSE(server().next);
}

TEST_F(RenewalTest, RefusesABodyThatIsNone) { EXPECT_EQ(server_takes_body({}), Refusal::bad_headers); }

/// The client's side, with an answer that no server of ours gives.
struct RenewalAnswerTest : RenewalTest {
  RenewalAnswerTest() {
    EXPECT_EQ(server_takes(asks()), Refusal{});
    const auto decoded = frame::decode(answer, {frame::kMaxBlock, frame::kMaxBody});
    good = *decode_renew_answer(decoded->frame.body);
  }
  Refusal takes(const RenewAnswer& changed) { return client_takes_body(encode(changed)); }
  RenewAnswer with_token(const std::function<void(Token&)>& change) {
    Token token = *decode_token(good.token);
    change(token);
    const SignedToken made = must(sign_token(token, world().token.key));
    RenewAnswer changed = good;
    changed.token = made.token;
    changed.token_signature = made.signature;
    return changed;
  }

  RenewAnswer good;
};

TEST_F(RenewalAnswerTest, IsTakenWhenItFits) { EXPECT_EQ(takes(good), Refusal{}); }

TEST_F(RenewalAnswerTest, IsRefusedWithAKeyOfSmallOrder) {
  good.key = {};
  EXPECT_EQ(takes(good), Refusal::malformed);
}

TEST_F(RenewalAnswerTest, IsRefusedWithATokenOfAnotherSession) {
  EXPECT_EQ(takes(with_token([](Token& token) { token.sid[0] ^= 1; })), Refusal::bad_token);
}

TEST_F(RenewalAnswerTest, IsRefusedWithATokenOfAnotherServer) {
  EXPECT_EQ(takes(with_token([](Token& token) { token.audience[0] ^= 1; })), Refusal::wrong_audience);
}

TEST_F(RenewalAnswerTest, IsRefusedWithASignatureByAnybodyElse) {
  good.signer_der = world().site.certificate.der();
  EXPECT_EQ(takes(good), Refusal::wrong_usage);
  good.signer_der = {1, 2, 3};
  EXPECT_EQ(takes(good), Refusal::bad_chain);
}

TEST_F(RenewalAnswerTest, IsRefusedWithAWrongSignature) {
  good.token_signature.back() ^= 1;
  EXPECT_EQ(takes(good), Refusal::bad_token);
}

TEST_F(RenewalAnswerTest, IsRefusedWhenItIsNone) { EXPECT_EQ(client_takes_body({}), Refusal::bad_headers); }

}  // namespace
}  // namespace fairlead::auth
