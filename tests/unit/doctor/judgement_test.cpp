// What each layer makes of its facts, without any socket. TLS has a file of its own.
#include <gmock/gmock.h>

#include <cerrno>

#include "doctor/certificates.hpp"
#include "doctor/files.hpp"
#include "doctor/firewall.hpp"
#include "doctor/host_names.hpp"
#include "doctor/kit_layers.hpp"
#include "doctor/listeners.hpp"
#include "doctor/login.hpp"
#include "doctor/proxy.hpp"
#include "doctor/revocation.hpp"
#include "doctor/tcp.hpp"

namespace fairlead::doctor {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr base::WallTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};

// files

struct FileCase {
  FileKind kind;
  uint32_t mode;
  uid_t owner;
  Status wanted;
};
class JudgeFiles : public testing::TestWithParam<FileCase> {};
INSTANTIATE_TEST_SUITE_P(Limits, JudgeFiles,
                         testing::Values(FileCase{FileKind::key, 0600, 7, Status::ok},
                                         FileCase{FileKind::key, 0400, 7, Status::ok},
                                         FileCase{FileKind::key, 0640, 7, Status::failed},
                                         FileCase{FileKind::key, 0604, 7, Status::failed},
                                         FileCase{FileKind::key, 0600, 8, Status::failed},
                                         FileCase{FileKind::other, 0644, 8, Status::ok},
                                         FileCase{FileKind::other, 0664, 7, Status::failed},
                                         FileCase{FileKind::other, 0646, 7, Status::failed},
                                         FileCase{FileKind::folder, 0755, 7, Status::ok},
                                         FileCase{FileKind::folder, 0775, 7, Status::failed},
                                         FileCase{FileKind::folder, 0757, 7, Status::failed}));

TEST_P(JudgeFiles, ByKindModeAndOwner) {
  const FileCase& given = GetParam();

  const Rows rows =
      judge_files({.kit = "/k", .found = {{"/k/f", given.kind, given.mode, given.owner}}, .user = 7});

  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.front().status, given.wanted);
  if (given.wanted == Status::failed) {
    EXPECT_THAT(rows.front().remedy, HasSubstr("/k/f"));
  }
}

TEST(JudgeFiles, OfAFolderThatCannotBeReadIsAFailureOfTheKit) {
  const Rows rows = judge_files({.kit = "/k", .error = "no"});

  EXPECT_EQ(rows.front().status, Status::failed);
  EXPECT_EQ(rows.front().code, ErrorCode::bad_configuration);
}

// certificates

struct LifeCase {
  base::Milliseconds since, left;
  Status wanted;
};
class JudgeCertificates : public testing::TestWithParam<LifeCase> {};
INSTANTIATE_TEST_SUITE_P(
    Limits, JudgeCertificates,
    testing::Values(LifeCase{24h * 368, 24h * 30, Status::ok},
                    LifeCase{24h * 368, 24h * 30 - 1ms, Status::warning},
                    LifeCase{24h * 398, 1ms, Status::warning}, LifeCase{24h * 398, 0ms, Status::failed},
                    LifeCase{0ms, 24h * 398, Status::ok}, LifeCase{-1ms, 24h * 398, Status::failed},
                    LifeCase{45min, 15min, Status::ok}, LifeCase{46min, 14min, Status::warning}));

TEST_P(JudgeCertificates, ByWhatIsLeft) {
  const Rows rows =
      judge_certificates({{"client.crt", kNow - GetParam().since, kNow + GetParam().left}}, kNow);

  EXPECT_EQ(rows.front().status, GetParam().wanted) << rows.front().detail;
  if (GetParam().wanted == Status::failed) {
    EXPECT_EQ(rows.front().code, ErrorCode::cannot_connect);
  }
}

// clock

const Validity kPast{"client.crt", kNow - 48h, kNow - 24h}, kFuture{"client.crt", kNow + 24h, kNow + 48h},
    kValid{"client.crt", kNow - 24h, kNow + 24h};

struct ClockCase {
  const char* name;
  std::vector<Validity> own;
  std::optional<Validity> server;
  std::optional<std::chrono::milliseconds> skew;
  Status wanted;
};
class JudgeClock : public testing::TestWithParam<ClockCase> {};
INSTANTIATE_TEST_SUITE_P(All, JudgeClock,
                         testing::Values(ClockCase{"Good", {kValid}, {}, {}, Status::ok},
                                         ClockCase{"AllPast", {kPast}, {}, {}, Status::failed},
                                         ClockCase{"AllFuture", {kFuture, kFuture}, {}, {}, Status::failed},
                                         ClockCase{"OneOfTwoPast", {kPast, kValid}, {}, {}, Status::ok},
                                         ClockCase{"ServersToo", {kPast}, kPast, {}, Status::failed},
                                         ClockCase{"ServersIsValid", {kPast}, kValid, {}, Status::ok},
                                         ClockCase{"OnlyServersPast", {kValid}, kPast, {}, Status::ok},
                                         ClockCase{"SmallSkew", {kValid}, kValid, 29'999ms, Status::ok},
                                         ClockCase{"Behind", {kValid}, kValid, 30'000ms, Status::warning},
                                         ClockCase{"Ahead", {kValid}, kValid, -30'000ms, Status::warning}),
                         [](const auto& test) { return test.param.name; });

TEST_P(JudgeClock, ByValiditiesAndSkew) {
  const ClockCase& given = GetParam();

  const Row row = judge_clock({kNow, given.own, given.server, given.skew});

  EXPECT_EQ(row.status, given.wanted) << row.detail;
  EXPECT_THAT(row.detail, HasSubstr("2030-06-01 00:00:00 UTC"));
}

TEST(JudgeClock, SaysInWhichDirectionItIsOff) {
  EXPECT_THAT(judge_clock({kNow, {kValid}, {}, 300s}).detail, HasSubstr("5 minutes behind the server's"));
  EXPECT_THAT(judge_clock({kNow, {kValid}, {}, -300s}).detail, HasSubstr("5 minutes ahead of the server's"));
}

TEST(SpanText, NamesTheLargestWholeUnit) {
  EXPECT_EQ(span_text(48h), "2 days");
  EXPECT_EQ(span_text(24h - 1s), "23 hours");
  EXPECT_EQ(span_text(-61s), "1 minute");
  EXPECT_EQ(span_text(999ms), "less than a second");
}

// configuration

TEST(JudgeConfiguration, WarnsOfEachNoteAndOfASimulation) {
  const Rows rows = judge_configuration(
      {.target = "site-1",
       .security = base::ConnectionSecurity::clear,
       .secure_train = false,
       .overrides = {{"log.level", "debug", config::Origin::environment, "FAIRLEAD_LOG__LEVEL"}},
       .notes = {{config::NoteLevel::warning, {}, "weaker"}}});

  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].status, Status::ok);
  EXPECT_THAT(rows[0].detail, HasSubstr("log.level=debug (FAIRLEAD_LOG__LEVEL)"));
  EXPECT_EQ(rows[1].detail, "weaker");
  EXPECT_THAT(rows[2].detail, HasSubstr("secure_train"));
}

// dns

TEST(JudgeName, ByWhatTheResolverSaid) {
  const NetAddress one{.text = "192.0.2.1:80", .ip = "192.0.2.1"}, two{.text = "[::1]:80", .ip = "::1"};

  EXPECT_EQ(judge_name({.host = "h", .addresses = {one, two}}).detail, "192.0.2.1, ::1");
  EXPECT_EQ(judge_name({.host = "h", .error = "unknown"}).status, Status::failed);
  EXPECT_EQ(judge_name({.host = "h"}).status, Status::failed);
  EXPECT_THAT(judge_name({.host = "h", .too_long = true}).remedy, HasSubstr("port 53"));
  EXPECT_EQ(judge_name({.host = "192.0.2.1", .addresses = {one}, .literal = true}).status, Status::ok);
}

TEST(LookUp, GivesAnAddressWithoutAsking) {
  const NameFacts facts = look_up("127.0.0.1", 8002, 10s);

  ASSERT_EQ(facts.addresses.size(), 1u);
  EXPECT_EQ(facts.addresses.front().text, "127.0.0.1:8002");
  EXPECT_TRUE(facts.literal);
}

// tcp

struct TcpCase {
  int error;
  const char* said;
};
class JudgeTcp : public testing::TestWithParam<TcpCase> {};
INSTANTIATE_TEST_SUITE_P(
    Errors, JudgeTcp,
    testing::Values(TcpCase{ECONNREFUSED, "nobody listens"}, TcpCase{ETIMEDOUT, "within 300 ms"},
                    TcpCase{EHOSTUNREACH, "no way there"}, TcpCase{ENETUNREACH, "no way there"},
                    TcpCase{EACCES, "firewall of this machine"}, TcpCase{EPERM, "firewall of this machine"},
                    TcpCase{ECONNRESET, "broke it off"}, TcpCase{EMFILE, "open files"}));

TEST_P(JudgeTcp, SaysWhatAnErrorUsuallyMeans) {
  const Rows rows = judge_tcp({{"192.0.2.1:80", GetParam().error, 0us}}, 300ms);

  EXPECT_EQ(rows.front().status, Status::failed);
  EXPECT_EQ(rows.front().code, ErrorCode::cannot_connect);
  EXPECT_THAT(rows.front().detail, HasSubstr(GetParam().said));
  EXPECT_NE(rows.front().remedy, "");
}

TEST(JudgeTcp, SaysHowLongItTook) {
  EXPECT_EQ(judge_tcp({{"192.0.2.1:80", 0, 999us}}, 300ms).front().detail, "connected in less than 1 ms");
  EXPECT_EQ(judge_tcp({{"192.0.2.1:80", 0, 1'000us}}, 300ms).front().detail, "connected in 1.0 ms");
}

TEST(JudgeTcp, WarnsOfAnAddressThatFailsBesideOneThatAnswers) {
  const Rows rows = judge_tcp({{"[2001:db8::1]:80", ENETUNREACH, 0us}, {"192.0.2.1:80", 0, 1'250us}}, 300ms);

  EXPECT_EQ(rows[0].status, Status::warning);
  EXPECT_EQ(rows[1].status, Status::ok);
  EXPECT_EQ(rows[1].detail, "connected in 1.2 ms");
}

// proxy

TEST(JudgeProxy, RepeatsNoPassword) {
  const Rows rows =
      judge_proxy({.variables = {{"HTTPS_PROXY", "http://u:can@ry@p:3128"}}, .direct_works = false});

  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].target, "HTTPS_PROXY=http://p:3128");
  EXPECT_EQ(rows[0].status, Status::warning);
}

TEST(JudgeProxy, SaysWhetherThereIsAWayThroughIt) {
  const base::Error denied{base::ErrorCode::cannot_connect, "denied", "ask", {}, "proxy_denied"};

  const Rows good = judge_proxy({.url = "http://p:3128", .server = "s:8002"});
  const Rows bad = judge_proxy({.url = "http://p:3128", .server = "s:8002", .error = denied});
  const Rows away = judge_proxy({.url = "http://p:3128", .server = "s:8002", .reached = false});

  EXPECT_EQ(good[0].status, Status::ok);
  EXPECT_EQ(good[0].detail, "connects this site to s:8002");
  EXPECT_EQ(bad[0].status, Status::failed);
  EXPECT_EQ(bad[0].detail, "denied");
  EXPECT_EQ(away[0].status, Status::not_reached);
}

TEST(JudgeProxy, PassesOverTheEnvironmentBesideOneOfTheKit) {
  const Rows rows = judge_proxy({.url = "http://p:3128",
                                 .server = "s:8002",
                                 .variables = {{"ALL_PROXY", "q:1"}},
                                 .direct_works = false});

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].status, Status::ok);
}

TEST(JudgeTcp, AsksForTheProxyWhereNoneListens) {
  const Rows rows = judge_tcp({{"192.0.2.1:3128", ECONNREFUSED, 0us}}, 300ms, FirstHop::proxy);

  EXPECT_EQ(rows[0].detail, "refused: no proxy listens there");
}

TEST(JudgeProxy, IsNoMatterWhenTheDirectWayWorks) {
  EXPECT_EQ(judge_proxy({.variables = {{"ALL_PROXY", "p:1"}}}).front().status, Status::ok);
  EXPECT_EQ(judge_proxy({}).front().detail, "no proxy is set");
}

TEST(ProxyVariables, AreThoseThatAreSet) {
  const auto found = proxy_variables({{"HTTPS_PROXY", "p"}, {"https_proxy", ""}, {"PATH", "/bin"}});

  EXPECT_THAT(found, testing::ElementsAre(testing::Pair("HTTPS_PROXY", "p")));
}

// login and echo

TEST(JudgeLogin, SaysWhatTheLinkProved) {
  node::LinkReport link;
  link.facts.confidential = link.facts.peer_verified = true;

  const Row row = judge_login({.target = "tcp://h:1", .endpoint = "site-1/doctor-1", .link = link});

  EXPECT_EQ(row.status, Status::ok);
  EXPECT_THAT(row.detail, HasSubstr("as site-1/doctor-1"));
  EXPECT_THAT(row.detail, HasSubstr("encrypted, server verified"));
}

TEST(JudgeLogin, KnowsWhatToDoAboutEachReason) {
  for (const char* reason : {"login_refused", "bad_chain", "certificate_expired", "certificate_revoked",
                             "wrong_project", "binding_mismatch", "disabled", "busy", "quota"}) {
    const Row row =
        judge_login({.target = "t", .error = base::Error{ErrorCode::cannot_connect, "no", "", "", reason}});

    EXPECT_EQ(row.code, ErrorCode::cannot_connect);
    EXPECT_EQ(row.remedy, login_remedy(reason));
    EXPECT_NE(row.remedy, "") << reason;
  }
}

TEST(JudgeLogin, KeepsTheHintOfAnUnknownReason) {
  const Row row =
      judge_login({.target = "t", .error = base::Error{ErrorCode::cannot_connect, "no", "hint", "", "x"}});

  EXPECT_EQ(row.remedy, "hint");
}

TEST(JudgeLogin, CountsSilenceAsATimeOut) {
  for (const char* reason : {"login_timeout", "timed_out"})
    EXPECT_EQ(
        judge_login({.target = "t", .error = base::Error{ErrorCode::cannot_connect, "no", "", "", reason}})
            .code,
        ErrorCode::timed_out);
}

TEST(JudgeEcho, ByTheAnswer) {
  EXPECT_EQ(judge_echo({.took = 150us}).detail, "round trip of 150 us");
  EXPECT_EQ(judge_echo({}).code, ErrorCode::timed_out);
  const base::Error late{ErrorCode::timed_out, "late"},
      refused{ErrorCode::refused, "no", "", "", "not_allowed"};
  EXPECT_EQ(judge_echo({.took = 150us, .error = late}).status, Status::failed);
  EXPECT_EQ(judge_echo({.took = 150us, .error = refused}).status, Status::ok);
  EXPECT_NE(judge_echo({.error = base::Error{ErrorCode::refused, "no"}}).remedy, "");
}

// listen

TEST(JudgeListener, ByErrorAndHolder) {
  const Holder other{5, "nginx", false}, own{6, "fairlead", true};

  EXPECT_EQ(judge_listener({"t", 80, 0, {}}).status, Status::ok);
  EXPECT_EQ(judge_listener({"t", 80, EADDRINUSE, own}).status, Status::ok);
  EXPECT_EQ(judge_listener({"t", 80, EADDRINUSE, other}).code, ErrorCode::failed);
  EXPECT_THAT(judge_listener({"t", 80, EADDRINUSE, other}).detail, HasSubstr("nginx (process 5)"));
  EXPECT_THAT(judge_listener({"t", 80, EADDRINUSE, {}}).detail, HasSubstr("may not see"));
  EXPECT_THAT(judge_listener({"t", 80, EACCES, {}}).remedy, HasSubstr("1024"));
  EXPECT_EQ(judge_listener({"t", 80, EADDRNOTAVAIL, {}}).code, ErrorCode::bad_configuration);
  EXPECT_EQ(judge_listener({"t", 80, EMFILE, {}}).status, Status::failed);
}

// host names

TEST(JudgeHostName, IsContentWithAnAddressOfThisMachine) {
  const NameFacts here{.host = "h", .addresses = {{.text = "", .ip = "192.0.2.9"}}},
      loopback{.host = "h", .addresses = {{.text = "", .ip = "127.0.1.1"}}};

  EXPECT_EQ(judge_host_name(here, {"192.0.2.9"}).status, Status::ok);
  EXPECT_EQ(judge_host_name(loopback, {}).status, Status::ok);
  EXPECT_EQ(judge_host_name(here, {"192.0.2.8"}).status, Status::warning);
  EXPECT_EQ(judge_host_name({.host = "h", .error = "unknown"}, {}).status, Status::warning);
}

// revocation

TEST(JudgeRevocation, ByAgeAndStrictness) {
  const crypto::RevocationFacts current{
      .issuer = "CN=r", .number = 3, .this_update = kNow - 48h, .next_update = kNow + 1ms},
      over{.issuer = "CN=r", .number = 3, .this_update = kNow - 48h, .next_update = kNow};

  EXPECT_EQ(judge_revocation({.file = "f", .lists = {current}, .strict = true, .now = kNow}).front().status,
            Status::ok);
  EXPECT_EQ(judge_revocation({.file = "f", .lists = {over}, .now = kNow}).front().status, Status::warning);
  EXPECT_EQ(judge_revocation({.file = "f", .lists = {over}, .strict = true, .now = kNow}).front().status,
            Status::failed);
  EXPECT_EQ(judge_revocation({.file = "f", .now = kNow}).front().status, Status::ok);
  EXPECT_EQ(judge_revocation({.file = "f", .strict = true, .now = kNow}).front().status, Status::failed);
  EXPECT_THAT(judge_revocation({.file = "f", .lists = {current}, .now = kNow}).front().detail,
              HasSubstr("2 days old"));
}

// firewall

TEST(FirewallRequest, NamesEveryAddressOnceAndTheWayIn) {
  const base::Json request = firewall_request({.own_host = "desk",
                                               .own_address = "192.0.2.7",
                                               .host = "server.example",
                                               .port = 8002,
                                               .addresses = {"192.0.2.1", "2001:db8::1"},
                                               .security = base::ConnectionSecurity::tls,
                                               .heartbeat = 10'500ms});

  EXPECT_EQ(request["from"].text(), "desk (192.0.2.7)");
  EXPECT_EQ(request["to"].dump(), R"(["server.example:8002","192.0.2.1:8002","[2001:db8::1]:8002"])");
  EXPECT_THAT(request["protocol"].text(), HasSubstr("TLS 1.2 or 1.3"));
  EXPECT_THAT(request["direction"].text(), HasSubstr("outbound only"));
  EXPECT_THAT(request["idle_timeout"].text(), HasSubstr("above 11 s"));
  EXPECT_THAT(firewall_text(request), HasSubstr("\n  tls inspection:  must be off"));
}

TEST(FirewallRequest, SaysOfAClearLinkThatItIsNoTls) {
  const base::Json request = firewall_request({.own_host = "desk",
                                               .own_address = "",
                                               .host = "192.0.2.1",
                                               .port = 1,
                                               .addresses = {"192.0.2.1"},
                                               .security = base::ConnectionSecurity::clear});

  EXPECT_EQ(request["from"].text(), "desk");
  EXPECT_EQ(request["to"].dump(), R"(["192.0.2.1:1"])");
  EXPECT_EQ(request["protocol"].text().find("TLS"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::doctor
