// Sites that reach the server only through an outbound proxy, with real proxies: what works through each.
#include "integration/outbound_proxy.hpp"

#include <csignal>

#include "integration/relay.hpp"
#include "support/scripted_peer.hpp"

namespace fairlead::integration {
namespace {

const std::string kLogin = std::string(OutboundProxy::kUser) + ":" + OutboundProxy::kPassword;

/// A deployment whose site-1 uses a proxy by its own settings.
class OutboundProxyTest : public testing::Test {
 protected:
  explicit OutboundProxyTest(const std::string& security = "mtls") : deployment_(project_of(security)) {
    deployment_.start_server({"--echo"});
    put_secret(site(), "corp", kLogin + "\n");
  }

  fs::path site() const { return deployment_.kit("site-1"); }
  /// Arguments that lead through this proxy.
  static Words through(const std::string& url, const Words& more = {}) {
    Words words{"--set", "proxy=" + url};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static Words with_login(const std::string& url) {
    return through(url, {"--set", "proxy_credentials=corp"});
  }
  Finished request(const Words& options, const std::string& host = "localhost") const {
    Words words{"--to",   "server",  "--topic", "t",
                "--data", "through", "--set",   "connect_to=tcp://" + host + ":" + deployment_.port()};
    words.insert(words.end(), options.begin(), options.end());
    return deployment_.run("request", "site-1", words);
  }

  GivenDeployment deployment_;
};

struct Way {
  const char* name;
  ProxyType type;
};
class EachProxy : public OutboundProxyTest, public testing::WithParamInterface<std::tuple<const char*, Way>> {
 protected:
  EachProxy() : OutboundProxyTest(std::get<0>(GetParam())), proxy_(std::get<1>(GetParam()).type) {}
  Words way() const { return with_login(proxy_.url()); }

  OutboundProxy proxy_;
};
INSTANTIATE_TEST_SUITE_P(
    Tcp, EachProxy,
    testing::Combine(kSecurities,
                     testing::Values(Way{"Squid", ProxyType::squid},
                                     Way{"SquidWithLogin", ProxyType::squid_with_login},
                                     Way{"SquidWithDigest", ProxyType::squid_with_digest},
                                     Way{"SquidWithNtlm", ProxyType::squid_with_ntlm},
                                     Way{"Tinyproxy", ProxyType::tinyproxy},
                                     Way{"TinyproxyWithLogin", ProxyType::tinyproxy_with_login},
                                     Way{"Microsocks", ProxyType::microsocks},
                                     Way{"MicrosocksWithLogin", ProxyType::microsocks_with_login})),
    [](const auto& one) { return std::string(std::get<0>(one.param)) + std::get<1>(one.param).name; });

TEST_P(EachProxy, LetsRequestsThroughAndStandsInTheWay) {
  const Finished there = request(way());
  proxy_.stop();
  const Finished gone = request(way());

  EXPECT_EQ(there.out, "through") << there.err;
  expect_refused(gone, 2, "through the proxy " + proxy_.url());
}

TEST_P(EachProxy, MayComeBack) {
  Words options = way();
  options.insert(options.end(), {"--set", "heartbeat_interval=200ms", "--set",
                                 "connect_to=tcp://localhost:" + deployment_.port()});
  const auto client = deployment_.start_client("site-1", options);
  proxy_.stop();
  ASSERT_TRUE(client->wait_for_error("client.disconnected")) << client->errors();

  proxy_.start();

  EXPECT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();
}

class WithLogin : public OutboundProxyTest, public testing::WithParamInterface<ProxyType> {
 protected:
  static void expect_clean(const Finished& done) {
    // The password, and the forms in which it goes to the proxy or to libcurl.
    for (const char* canary : {"canary", "c2l0ZS11c2Vy", "%2D"})
      EXPECT_EQ((done.out + done.err).find(canary), std::string::npos) << done.out << done.err;
  }

  OutboundProxy proxy_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Proxy, WithLogin,
                         testing::Values(ProxyType::squid_with_login, ProxyType::squid_with_digest,
                                         ProxyType::tinyproxy_with_login, ProxyType::microsocks_with_login));

TEST_P(WithLogin, AsksASiteWithoutCredentials) {
  const Finished done = request(through(proxy_.url()));

  expect_refused(done, 2, "none are configured");
  EXPECT_NE(done.err.find("proxy_credentials"), std::string::npos) << done.err;
}

TEST_P(WithLogin, RefusesAWrongPasswordThatNobodySees) {
  put_secret(site(), "corp", std::string(OutboundProxy::kUser) + ":canary-that-is-wrong");

  for (const char* format : {"text", "json"}) {
    const Finished done =
        request(through(proxy_.url(), {"--set", "proxy_credentials=corp", "-v", "--log-format", format}));

    EXPECT_EQ(done.code, 2) << done.err;
    EXPECT_NE(done.err.find("does not take the credentials"), std::string::npos) << done.err;
    expect_clean(done);
  }
}

TEST_P(WithLogin, IsNotAskedAgainAndAgain) {
  put_secret(site(), "corp", std::string(OutboundProxy::kUser) + ":wrong");
  Words words{"client"};
  for (const std::string& word : deployment_.site("site-1")) words.push_back(word);
  for (const std::string& word : with_login(proxy_.url())) words.push_back(word);

  const Finished done = fairlead(words);

  EXPECT_EQ(done.code, 2) << done.err;
  EXPECT_NE(done.err.find("does not take the credentials"), std::string::npos) << done.err;
}

TEST_F(OutboundProxyTest, SaysWhatToAskAProxyForThatDeniesThePort) {
  const OutboundProxy proxy(ProxyType::squid_that_denies);

  const Finished done = request(through(proxy.url()));

  expect_refused(done, 2, "403");
  EXPECT_NE(done.err.find("allow CONNECT to localhost:" + deployment_.port()), std::string::npos) << done.err;
}

TEST_F(OutboundProxyTest, SaysThatAProxyDidNotReachTheServer) {
  const OutboundProxy squid(ProxyType::squid), socks(ProxyType::microsocks);
  deployment_.stop_server();

  expect_refused(request(through(squid.url())), 2, "503");
  expect_refused(request(through(socks.url())), 2, "did not get there");
}

TEST_F(OutboundProxyTest, ChecksTheServersNameAllTheSame) {
  const OutboundProxy proxy(ProxyType::squid);
  deployment_.restart_server({"--echo", "--set", "listen.host=0.0.0.0"});

  const Finished done = request(through(proxy.url()), "127.0.0.2");

  expect_refused(done, 2, "cannot trust");
}

TEST_F(OutboundProxyTest, LeavesTheEnvironmentsProxiesAlone) {
  const ReservedPort nobody;
  const OutboundProxy proxy(ProxyType::squid);
  const std::string dead = "http://127.0.0.1:" + nobody.number;
  const RunningProcess::Options misled{.environment = {"http_proxy=" + dead, "HTTP_PROXY=" + dead,
                                                       "https_proxy=" + dead, "all_proxy=" + dead,
                                                       "ALL_PROXY=" + dead, "no_proxy=*", "NO_PROXY=*"}};
  Words words{"request"};
  for (const std::string& word : deployment_.site("site-1")) words.push_back(word);
  for (const char* word : {"--to", "server", "--topic", "t", "--data", "x"}) words.emplace_back(word);
  Words by_proxy = words, by_dead_proxy = words;
  for (const std::string& word : through(proxy.url())) by_proxy.push_back(word);
  for (const std::string& word : through(dead)) by_dead_proxy.push_back(word);

  const Finished direct = fairlead(words, misled), ours = fairlead(by_proxy, misled),
                 never_past = fairlead(by_dead_proxy, misled);

  EXPECT_EQ(direct.out, "x") << direct.err;
  EXPECT_EQ(ours.out, "x") << ours.err;
  expect_refused(never_past, 2, "through the proxy " + dead);
}

TEST_F(OutboundProxyTest, StopsWaitingForAProxyThatNeverAnswers) {
  const ListeningPort silent = open_port();

  const Finished done =
      request(through("http://127.0.0.1:" + silent.number,
                      {"--set", "connect_timeout=300ms", "--set", "handshake_timeout=300ms"}));

  expect_refused(done, 2, "through the proxy http://127.0.0.1:" + silent.number);
}

TEST_F(OutboundProxyTest, RefusesAnswersOfWhatIsNoProxy) {
  const support::ScriptedPeer garbage({{.answers = {"SSH-2.0-OpenSSH_9.2\r\n\r\n"}}});
  const support::ScriptedPeer::Script says_too_much{.answers = {"HTTP/1.1 200 OK\r\n"},
                                                    .endless = "X-More: more\r\n"};
  const support::ScriptedPeer endless({says_too_much});

  expect_refused(request(through("http://127.0.0.1:" + garbage.port())), 2, "what answers is no HTTP proxy");
  expect_refused(request(through("socks5://127.0.0.1:" + garbage.port())), 2, "no SOCKS5 proxy");
  expect_refused(request(through("http://127.0.0.1:" + endless.port())), 2, "longer than 32 KiB");
}

TEST_F(OutboundProxyTest, MayBeLeftWhileItKeepsAClientWaiting) {
  const support::ScriptedPeer silent({{.answers = {""}, .end = support::ScriptedPeer::Script::End::waits}});
  Words words{"client"};
  for (const std::string& word : deployment_.site("site-1")) words.push_back(word);
  for (const std::string& word : through("http://127.0.0.1:" + silent.port())) words.push_back(word);
  const auto client = start_fairlead(words);
  for (int i = 0; i < 2000 && silent.received().empty(); ++i)
    client->read_line(std::chrono::milliseconds(10));
  ASSERT_NE(silent.received(), "");

  client->signal(SIGTERM);

  EXPECT_NE(client->finish(std::chrono::seconds(5)).code, -1) << client->errors();
  EXPECT_TRUE(silent.has_lost_one());
}

TEST_F(OutboundProxyTest, NeedsASecretThatIsThere) {
  const Finished missing = request(through("http://127.0.0.1:1", {"--set", "proxy_credentials=other"}));
  fs::permissions(site() / "local" / "secrets" / "corp", fs::perms(0644));
  const Finished open = request(with_login("http://127.0.0.1:1"));

  expect_refused(missing, 4, "install -d -m 700");
  expect_refused(open, 4, "chmod 600");
}

TEST(ProxyOfAKit, IsUsedUnlessTheSiteSaysOtherwise) {
  const OutboundProxy proxy(ProxyType::squid_with_login);
  std::string project = project_of("mtls");
  const std::string site = "{name: site-1, ";
  project.insert(project.find(site) + site.size(),
                 "proxy: {url: '" + proxy.url() + "', credentials: corp}, ");
  GivenDeployment deployment(project);
  deployment.start_server({"--echo"});
  const Words ask{"--to", "server", "--topic", "t", "--data", "x"};
  Words direct = ask;
  direct.insert(direct.end(), {"--set", "proxy=none"});

  const Finished without_secret = deployment.run("request", "site-1", ask);
  const Finished past_it = deployment.run("request", "site-1", direct);
  put_secret(deployment.kit("site-1"), "corp", kLogin);
  const Finished by_it = deployment.run("request", "site-1", ask);

  expect_refused(without_secret, 4, "local/secrets/corp");
  EXPECT_EQ(past_it.out, "x") << past_it.err;
  EXPECT_EQ(by_it.out, "x") << by_it.err;
}

TEST(ProxyOfAKit, TakesANewPasswordOnReload) {
  OutboundProxy proxy(ProxyType::tinyproxy_with_login);
  GivenDeployment deployment(project_of("mtls"));
  deployment.start_server({"--echo"});
  put_secret(deployment.kit("site-1"), "corp", kLogin);
  const auto client =
      deployment.start_client("site-1", {"--set", "proxy=" + proxy.url(), "--set", "proxy_credentials=corp",
                                         "--set", "heartbeat_interval=200ms"});
  put_secret(deployment.kit("site-1"), "corp", "nobody:wrong");
  client->signal(SIGHUP);
  ASSERT_TRUE(client->wait_for_error("client.reloaded")) << client->errors();

  proxy.stop();
  proxy.start();

  EXPECT_TRUE(client->wait_for_error("does not take the credentials")) << client->errors();
}

}  // namespace
}  // namespace fairlead::integration
