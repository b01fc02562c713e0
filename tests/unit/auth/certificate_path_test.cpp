// Every case of tests/certificate_paths inside the login: a client's certificate before the server, a
// server's before the client (N17 to N20).
#include <gmock/gmock.h>

#include "certificate_paths/cases.hpp"
#include "stranger.hpp"

namespace fairlead::auth {
namespace {

using paths::Case;
using paths::Judged;
using paths::Side;

std::time_t seconds_of(base::WallTime time) {
  return std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
}

/// What the judging end trusts in this case; the reason instead when a list cannot be read.
base::Result<crypto::TrustAnchor> anchor_of(const paths::Recipe& recipe, const paths::Path& path) {
  crypto::TrustAnchor anchor{must(crypto::Certificate::from_openssl(path.trusted))};
  anchor.crl =
      recipe.rules == paths::Recipe::Lists::strict ? crypto::CrlRules::strict : crypto::CrlRules::lenient;
  std::vector<crypto::Certificate> authorities;
  for (X509* one : path.sent) authorities.push_back(must(crypto::Certificate::from_openssl(one)));
  std::string pem;
  for (const paths::List& list : path.lists) pem += paths::pem_of(list.get());
  if (pem.empty()) return anchor;
  FAIRLEAD_TRY(anchor.revoked,
               crypto::RevocationLists::read(base::as_bytes(pem), anchor.root, authorities, kNow));
  return anchor;
}

Judgement judge(const Case& one, Side presenter) {
  const paths::Recipe recipe = paths::recipe_of(one, presenter, seconds_of(kNow));
  const paths::Path path(recipe);
  auto anchor = anchor_of(recipe, path);
  if (!anchor) return {anchor.error().reason, anchor.error().line()};
  World world;
  (presenter == Side::client ? world.server_anchor : world.client_anchor) = std::move(*anchor);
  return presenter == Side::client ? server_judges(world, path) : client_judges(world, path);
}

void expect_verdict(const Judgement& judgement, const paths::Verdict& expected) {
  if (std::string_view(expected.code) == paths::kNeverShown.code) {
    EXPECT_THAT(judgement.code, testing::AnyOf("malformed", "login_refused"));
    EXPECT_THAT(judgement.text, testing::AnyOf(testing::HasSubstr("did not return a certificate"),
                                               testing::HasSubstr("alert")));
    return;
  }
  EXPECT_EQ(judgement.code, expected.code) << judgement.text;
  EXPECT_THAT(judgement.text, testing::HasSubstr(expected.text));
}

class LoginPath : public testing::TestWithParam<Case> {};
class LoginPathOfServer : public testing::TestWithParam<Case> {};

std::string test_name(const testing::TestParamInfo<Case>& info) { return paths::name_of(info.param); }

INSTANTIATE_TEST_SUITE_P(All, LoginPath, testing::ValuesIn(paths::cases_for(Side::client, Judged::in_login)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(All, LoginPathOfServer,
                         testing::ValuesIn(paths::cases_for(Side::server, Judged::in_login)), test_name);

/// Keys that no handshake shows: the rules of the chain would have none of them either.
class KeyOutsideTls : public testing::TestWithParam<Case> {};

std::vector<Case> keys_that_are_never_shown() {
  std::vector<Case> found;
  for (const Case& one : paths::key_cases())
    if (std::string_view(one.login.code) == paths::kNeverShown.code) found.push_back(one);
  return found;
}

INSTANTIATE_TEST_SUITE_P(All, KeyOutsideTls, testing::ValuesIn(keys_that_are_never_shown()), test_name);

TEST_P(KeyOutsideTls, N19_IsRefusedByTheRulesOfTheChain) {
  const paths::Path path(paths::recipe_of(GetParam(), Side::client, seconds_of(kNow)));
  const crypto::TrustAnchor anchor{must(crypto::Certificate::from_openssl(path.trusted))};
  const auto leaf = must(crypto::Certificate::from_openssl(path.leaf()));

  const auto verdict = crypto::verify_chain(anchor, leaf, {}, crypto::ChainPurpose::client_login, kNow);

  EXPECT_EQ(refusal_of(verdict), base::Refusal::bad_chain);
}

TEST_P(LoginPath, N19_OfAClientIsJudgedByTheServer) {
  expect_verdict(judge(GetParam(), Side::client), GetParam().login);
}

TEST_P(LoginPathOfServer, N20_IsJudgedByTheClient) {
  expect_verdict(judge(GetParam(), Side::server), GetParam().login);
}

}  // namespace
}  // namespace fairlead::auth
