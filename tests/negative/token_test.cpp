// Credentials on the wire: N01 to N03, N05, N10, N42, N43 of the catalogue.
#include "negative/given_attack.hpp"

namespace fairlead::negative {
namespace {

class Token : public GivenAttack {};
INSTANTIATE_TEST_SUITE_P(Ways, Token, kWays, security_name);

TEST_P(Token, N01RandomSignatureIsRefused) {
  const auto attacker = logged_in();
  base::SystemRandom().fill(attacker->session().current.token_signature);

  attacker->send(attacker->next_message(draft(*attacker)));

  expect_refused(*attacker, base::Refusal::bad_token);
}

TEST_P(Token, N02TokenUnderAnotherNameIsRefused) {
  const auto attacker = logged_in();
  const auth::Message message = auth::compose(draft(*attacker));
  base::Bytes block;
  frame::append_credentials(block, "site-2", attacker->session().current.token,
                            attacker->session().current.token_signature);
  base::append(block, message.headers.portable);

  attacker->send(
      attacker->next_frame(frame::FrameType::data, frame::kFirst | frame::kLast, block, message.payload()));

  expect_refused(*attacker, base::Refusal::bad_token);
}

TEST_P(Token, N03ShiftedBoundaryOfNameAndTokenIsRefused) {
  const auto attacker = logged_in();
  const auth::Message message = auth::compose(draft(*attacker));
  base::Bytes token = attacker->session().current.token;
  const std::string name = "site-1" + std::string(1, static_cast<char>(token[0]));
  token.erase(token.begin());
  base::Bytes block;
  frame::append_credentials(block, name, token, attacker->session().current.token_signature);
  base::append(block, message.headers.portable);

  attacker->send(
      attacker->next_frame(frame::FrameType::data, frame::kFirst | frame::kLast, block, message.payload()));

  expect_refused(*attacker, base::Refusal::bad_token);
}

TEST_P(Token, N05SignatureByTheSitesOwnKeyIsRefused) {
  const auto attacker = logged_in();
  auto signature = site_1_.key().sign("FAIRLEAD1 token", attacker->session().current.token);
  ASSERT_TRUE(signature.has_value());
  attacker->session().current.token_signature = *signature;

  attacker->send(attacker->next_message(draft(*attacker)));

  expect_refused(*attacker, base::Refusal::bad_token);
}

TEST_P(Token, N10PatchedExpiryIsRefused) {
  const auto attacker = logged_in();
  attacker->session().current.token[attacker->session().current.token.size() / 4] ^= 0x40;

  attacker->send(attacker->next_message(draft(*attacker)));

  expect_refused(*attacker, base::Refusal::bad_token);
}

TEST_P(Token, TokenOfAnotherSessionIsRefused) {
  const auto attacker = logged_in();
  const auto other = client(site_2_, "other");
  ASSERT_TRUE(other->log_in());
  attacker->session().current.token = other->session().current.token;
  attacker->session().current.token_signature = other->session().current.token_signature;

  attacker->send(attacker->next_message(draft(*attacker)));

  expect_refused(*attacker, base::Refusal::bad_token);
}

TEST_P(Token, N42OriginOfAnotherSiteIsRefused) {
  const auto attacker = logged_in();
  auth::Draft forged = draft(*attacker);
  forged.from = "site-2";

  attacker->send(attacker->next_message(std::move(forged)));

  expect_refused(*attacker, base::Refusal::bad_origin);
}

TEST_P(Token, N42OriginThatOnlyBeginsAlikeIsRefused) {
  const auto attacker = logged_in();
  auth::Draft forged = draft(*attacker);
  forged.from = attacker->session().endpoint.text() + "x";

  attacker->send(attacker->next_message(std::move(forged)));

  expect_refused(*attacker, base::Refusal::bad_origin);
}

TEST_P(Token, N43MessageFromTheServerItselfIsRefused) {
  const auto attacker = logged_in();
  auth::Draft forged = draft(*attacker);
  forged.from = "server";

  attacker->send(attacker->next_message(std::move(forged)));

  expect_refused(*attacker, base::Refusal::bad_origin);
}

}  // namespace
}  // namespace fairlead::negative
