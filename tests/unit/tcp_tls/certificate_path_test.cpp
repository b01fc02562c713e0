// Every case of tests/certificate_paths in the outer TLS, over real sockets: a client's certificate before
// the listener, a server's before the dialler, mtls on both (N17 to N20).
#include <gmock/gmock.h>

#include <ctime>

#include "certificate_paths/cases.hpp"
#include "stranger.hpp"

namespace {

using fairlead::paths::Case;
using fairlead::paths::cases_for;
using fairlead::paths::Judged;
using fairlead::paths::Path;
using fairlead::paths::Recipe;
using fairlead::paths::Side;
using fairlead::paths::Verdict;

/// Whose certificates the plugin's own end presents; the stranger believes anything.
const Project& own_project() {
  static const Project kProject;
  return kProject;
}

/// `config` with what the case says must be trusted.
FakeConfig trusting(FakeConfig config, const Path& path) {
  config.texts["ca"] = fairlead::paths::pem_of(path.trusted);
  for (const auto& list : path.lists) config.texts["crl"] += fairlead::paths::pem_of(list.get());
  return config;
}

const char* code_of(const fairlead_conn& judge) {
  if (judge.opened == 1 && judge.closed == 0) return "admitted";
  return judge.why == FAIRLEAD_E_PEER_AUTH ? "peer_auth" : "protocol";
}

void expect_verdict(const fairlead_conn& judge, const Verdict& expected) {
  if (std::string_view(expected.code) == fairlead::paths::kNeverShown.code) {
    EXPECT_STRNE(code_of(judge), "admitted");
    EXPECT_THAT(judge.detail, testing::AnyOf("the peer presented no certificate",
                                             testing::HasSubstr("alert: handshake failure")));
    return;
  }
  EXPECT_STREQ(code_of(judge), expected.code) << judge.detail;
  EXPECT_THAT(judge.detail, testing::HasSubstr(expected.text));
}

bool is_settled(const fairlead_conn& conn) { return conn.opened + conn.closed > 0; }

class OuterPath : public testing::TestWithParam<Case> {};
class OuterPathOfServer : public testing::TestWithParam<Case> {};

std::string test_name(const testing::TestParamInfo<Case>& info) {
  return fairlead::paths::name_of(info.param);
}

INSTANTIATE_TEST_SUITE_P(All, OuterPath, testing::ValuesIn(cases_for(Side::client, Judged::everywhere)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(All, OuterPathOfServer,
                         testing::ValuesIn(cases_for(Side::server, Judged::everywhere)), test_name);

enum class Rules { strict, legacy };

/// The listener's word on a client that presents this path.
void expect_listener_to_say(const Verdict& expected, const Path& path, Rules rules) {
  fairlead_loop loop;
  FakeHost server(loop, plugin());
  const Project& own = own_project();
  FakeConfig config = trusting(listening_config("mtls", own.authority, own.server), path);
  if (rules == Rules::legacy) config.numbers["legacy_certificates"] = 1;
  ASSERT_EQ(server.create(config), FAIRLEAD_OK) << server.error();
  fairlead_listener* listener = server.listen("127.0.0.1:0");
  Stranger client(Stranger::Side::client);
  client.present(path);
  client.dial(listener->address());

  ASSERT_TRUE(run_with(
      loop, client, [&] { return !listener->accepted.empty() && is_settled(listener->accepted.front()); }));

  expect_verdict(listener->accepted.front(), expected);
}

TEST_P(OuterPath, N19_OfAClientIsJudgedByTheListener) {
  const Path path(recipe_of(GetParam(), Side::client, std::time(nullptr)));

  expect_listener_to_say(GetParam().outer, path, Rules::strict);
}

/// Rules for older kits excuse what is absent, never a key, a serial or a version.
TEST(OuterPathUnderLegacyRules, N19_ExcusesNoKeySerialOrVersion) {
  struct Bad {
    void (*make)(Recipe& recipe);
    Verdict verdict;
  };
  const Bad all[] = {
      {[](Recipe& r) { r.leaf().key = "explicit P-256"; },
       fairlead::paths::kept_out("explicit ECC parameters")},
      {[](Recipe& r) { r.leaf().key = "P-521"; }, fairlead::paths::kept_out("has a key that is not allowed")},
      {[](Recipe& r) { r.leaf().serial = "0"; },
       fairlead::paths::kept_out("has a serial number that is not positive")},
      {[](Recipe& r) { r.leaf().version = 3; }, fairlead::paths::kept_out("is not of version 3")},
      {[](Recipe&) {}, fairlead::paths::kAdmitted}};
  for (const Bad& one : all) {
    Recipe recipe(Side::client, std::time(nullptr));
    one.make(recipe);
    expect_listener_to_say(one.verdict, Path(recipe), Rules::legacy);
  }
}

TEST_P(OuterPathOfServer, N20_IsJudgedByTheDialler) {
  const Recipe recipe = recipe_of(GetParam(), Side::server, std::time(nullptr));
  const Path path(recipe);
  fairlead_loop loop;
  FakeHost client(loop, plugin());
  const Project& own = own_project();
  FakeConfig config = trusting(dialling_config("mtls", own.authority, &own.site), path);
  config.texts["server_name"] = recipe.host;
  ASSERT_EQ(client.create(config), FAIRLEAD_OK) << client.error();
  Stranger server(Stranger::Side::server);
  server.present(path);
  fairlead_conn* dialled = client.connect(server.listen());

  ASSERT_TRUE(run_with(loop, server, [&] { return is_settled(*dialled); }));

  expect_verdict(*dialled, GetParam().outer);
}

}  // namespace
