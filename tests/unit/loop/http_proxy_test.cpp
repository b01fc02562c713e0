#include <cstdio>
#include <fstream>

#include "unit/loop/proxy_given.hpp"

namespace fairlead::support {
namespace {

using End = Script::End;
const std::string kAgreed = "HTTP/1.1 200 Connection established\r\n\r\n";
const std::string kAsksBasic =
    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"r\"\r\n"
    "Content-Length: 0\r\n\r\n";
const std::string kAsksBasicAndCloses =
    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"r\"\r\n"
    "Connection: close\r\nProxy-Connection: close\r\nContent-Length: 2\r\n\r\nno";

class HttpProxy : public ThroughAProxy {};

TEST_F(HttpProxy, GivesTheSocketBehindWhichTheTunnelIs) {
  const ScriptedPeer peer({{.answers = {kAgreed + "first bytes"}, .end = End::waits}});

  const auto fd = dial(proxy_at("http", peer.port()));

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  std::array<char, 64> room{};
  const ssize_t got = ::recv(*fd, room.data(), room.size(), 0);
  EXPECT_EQ(std::string(room.data(), static_cast<size_t>(std::max<ssize_t>(got, 0))), "first bytes");
  EXPECT_NE(::fcntl(*fd, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(*fd, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_TRUE(peer.received().starts_with("CONNECT server.example:8002 HTTP/1.1\r\n")) << peer.received();
  ::close(*fd);
}

TEST_F(HttpProxy, TellsNothingOfOursUnasked) {
  const ScriptedPeer peer({{.answers = {kAgreed}}});

  const auto fd = dial(proxy_at("http", peer.port(), "user:canary"), "[::1]:8002");

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  EXPECT_TRUE(peer.received().starts_with("CONNECT [::1]:8002 HTTP/1.1\r\n")) << peer.received();
  EXPECT_EQ(peer.received().find("Proxy-Authorization"), std::string::npos) << peer.received();
  ::close(*fd);
}

TEST_F(HttpProxy, GetsTheCredentialsThatItAsksFor) {
  const ScriptedPeer peer({{.answers = {kAsksBasic, kAgreed}, .end = End::waits}});

  const auto fd = dial(proxy_at("http", peer.port(), "user:50%41:x"));

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  EXPECT_NE(peer.received().find("Proxy-Authorization: Basic dXNlcjo1MCU0MTp4\r\n"), std::string::npos)
      << peer.received();
  ::close(*fd);
}

TEST_F(HttpProxy, GetsThemOnASecondConnectionWhenItCloses) {
  const ScriptedPeer peer({{.answers = {kAsksBasicAndCloses}}, {.answers = {kAgreed}, .end = End::waits}});

  const auto fd = dial(proxy_at("http", peer.port(), "user:password"));

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  EXPECT_NE(peer.received().find("Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n"), std::string::npos);
  ::close(*fd);
}

TEST_F(HttpProxy, SaysWhichSchemesItOffersWithoutCredentials) {
  const std::string asks =
      "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n"
      "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\nContent-Length: 0\r\n\r\n";

  const base::Error error = refused("http", {.answers = {asks}});

  EXPECT_EQ(error.reason, "proxy_needs_credentials");
  EXPECT_EQ(error.code, base::ErrorCode::cannot_connect);
  EXPECT_NE(error.text.find("it offers Digest, NTLM"), std::string::npos) << error.text;
  EXPECT_NE(error.hint.find("proxy_credentials"), std::string::npos) << error.hint;
}

TEST_F(HttpProxy, RefusesCredentialsWithoutRepeatingThem) {
  const Script twice{.answers = {kAsksBasic, kAsksBasic}, .end = End::waits};

  const base::Error error = refused("http", twice, "user:canary");

  EXPECT_EQ(error.reason, "proxy_refused_credentials");
  EXPECT_EQ(error.line().find("canary"), std::string::npos) << error.line();
  EXPECT_EQ(error.line().find("dXNlcj"), std::string::npos) << error.line();
}

TEST_F(HttpProxy, MayRefuseCredentialsLikeAServer) {
  const Script as_tinyproxy{.answers = {kAsksBasic, "HTTP/1.0 401 Unauthorized\r\n\r\n"}};

  const base::Error error = refused("http", as_tinyproxy, "user:canary");

  EXPECT_EQ(error.reason, "proxy_refused_credentials");
}

TEST_F(HttpProxy, WithNegotiateAloneWantsATicket) {
  const std::string asks = "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";

  const base::Error error = refused("http", {.answers = {asks}, .end = End::waits}, "user:password");

  EXPECT_EQ(error.reason, "proxy_refused_credentials");
  EXPECT_NE(error.hint.find("kinit"), std::string::npos) << error.hint;
}

TEST_F(HttpProxy, AsksForATicketByALoneColon) {
  const std::string asks = "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";
  const Script again_and_again{.answers = {asks, asks, asks}, .end = End::waits};

  const base::Error error = refused("http", again_and_again, ":");

  EXPECT_EQ(error.reason, "proxy_refused_credentials");
  EXPECT_NE(error.text.find("it offers Negotiate"), std::string::npos) << error.text;
}

struct Answer {
  const char* name;
  Script script;
  const char *reason, *text;
  friend void PrintTo(const Answer& one, std::ostream* to) { *to << one.name; }
};
class HttpProxyAnswer : public HttpProxy, public testing::WithParamInterface<Answer> {};
const std::string kLine(1000, 'x');

INSTANTIATE_TEST_SUITE_P(
    Each, HttpProxyAnswer,
    testing::Values(
        Answer{"Forbidden",
               {.answers = {"HTTP/1.1 403 Forbidden here\r\n\r\n"}},
               "proxy_denied",
               "\"HTTP/1.1 403 Forbidden here\""},
        Answer{"Moved",
               {.answers = {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"}},
               "proxy_denied",
               "302"},
        Answer{"BadGateway", {.answers = {"HTTP/1.1 502 Bad Gateway\r\n\r\n"}}, "proxy_cannot_reach", "502"},
        Answer{"Unavailable", {.answers = {"HTTP/1.0 503 No\r\n\r\n"}}, "proxy_cannot_reach", "503"},
        Answer{"Timeout", {.answers = {"HTTP/1.1 504 Late\r\n\r\n"}}, "proxy_cannot_reach", "504"},
        Answer{"Garbage",
               {.answers = {"SSH-2.0-OpenSSH_9.2\r\n\r\n"}},
               "proxy_bad_answer",
               "SSH-2.0-OpenSSH_9.2"},
        Answer{"Binary",
               {.answers = {std::string("\x16\x03\x01\x00\n\n", 6)}},
               "proxy_bad_answer",
               "no HTTP proxy"},
        Answer{"OldHttp", {.answers = {"hello\n"}}, "proxy_bad_answer", "hello"},
        Answer{"NoStatus", {.answers = {"HTTP/1.1 twohundred OK\r\n\r\n"}}, "proxy_bad_answer", ""},
        Answer{"Silence", {.answers = {""}}, "proxy_bad_answer", "Proxy CONNECT aborted"},
        Answer{"ManyLines",
               {.answers = {"HTTP/1.1 200 OK\r\n"}, .endless = "X-Line: " + kLine + "\r\n"},
               "proxy_bad_answer",
               "longer than 32 KiB"},
        Answer{"OneLine",
               {.answers = {"HTTP/1.1 200 OK\r\nX-Line: "}, .endless = kLine},
               "proxy_bad_answer",
               ""},
        Answer{"FirstLine", {.answers = {"HTTP/1.1 200 "}, .endless = kLine}, "proxy_bad_answer", ""},
        Answer{"ManyAnswers",
               {.answers = {""}, .endless = "HTTP/1.1 100 Continue\r\n\r\n"},
               "proxy_bad_answer",
               ""},
        Answer{"Escapes", {.answers = {"HTTP/1.1 403 \x1b[2J\xff\r\n\r\n"}}, "proxy_denied", "403 ?[2J?\""}),
    [](const auto& one) { return std::string(one.param.name); });

TEST_P(HttpProxyAnswer, IsToldInWords) {
  const base::Error error = refused("http", GetParam().script);

  EXPECT_EQ(error.reason, GetParam().reason) << error.line();
  EXPECT_EQ(error.code, base::ErrorCode::cannot_connect);
  EXPECT_NE(error.text.find(GetParam().text), std::string::npos) << error.text;
  EXPECT_NE(error.text.find("server.example:8002 through the proxy http://127.0.0.1:"), std::string::npos)
      << error.text;
}

TEST_F(HttpProxy, HintsWhatToAskFor) {
  const base::Error error = refused("http", {.answers = {"HTTP/1.1 403 Forbidden\r\n\r\n"}});

  EXPECT_NE(error.hint.find("allow CONNECT to server.example:8002"), std::string::npos) << error.hint;
}

TEST_F(HttpProxy, GetsNoHostThatIsNone) {
  const ScriptedPeer peer({{.answers = {kAgreed}}});

  for (const char* host :
       {"a b:1", "a\r\nX: y:1", "a/b:1", "user@host:1", "a#:1", "a?b:1", "a%41:1", "\xc3\xa4:1"}) {
    const auto answer = dial(proxy_at("http", peer.port()), host);

    ASSERT_FALSE(answer.has_value()) << host;
    EXPECT_EQ(answer.error().code, base::ErrorCode::cannot_connect);
  }
  EXPECT_EQ(peer.received(), "");
}

TEST_F(HttpProxy, WhoseNameIsUnknownIsNamed) {
  auto made = loop::Proxy::make("http://no-such-proxy.invalid:3128", {});
  ASSERT_TRUE(made.has_value());

  const auto answer = dial(std::make_shared<const loop::Proxy>(std::move(*made)));

  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().reason, "proxy_unknown_host");
  EXPECT_NE(answer.error().text.find("no-such-proxy.invalid"), std::string::npos) << answer.error().text;
}

TEST_F(HttpProxy, IsReachedByItsName) {
  const ScriptedPeer peer({{.answers = {kAsksBasicAndCloses}}, {.answers = {kAgreed}, .end = End::waits}});
  auto made = loop::Proxy::make("http://localhost:" + peer.port(), secret_of("a:b"));
  ASSERT_TRUE(made.has_value());

  const auto fd = dial(std::make_shared<const loop::Proxy>(std::move(*made)));

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  ::close(*fd);
}

TEST_F(HttpProxy, HearsNothingMoreOnceCancelled) {
  const ScriptedPeer peer({{.answers = {""}, .end = End::waits}});
  bool answered = false;
  auto dialing = loop::dial_through(*loop, proxy_at("http", peer.port()), "server.example:8002",
                                    [&](auto) { answered = true; });
  std::unique_ptr<loop::Timer> look;
  std::function<void()> cancel_when_asked = [&] {
    if (peer.received().empty()) {
      look = loop->after(std::chrono::milliseconds(2), cancel_when_asked);
      return;
    }
    dialing.reset();
    loop->stop();
  };
  look = loop->after(std::chrono::milliseconds(2), cancel_when_asked);

  run();

  EXPECT_FALSE(answered);
  EXPECT_TRUE(peer.has_lost_one());
}

TEST_F(HttpProxy, MayBeGivenUpBeforeItIsReached) {
  const ScriptedPeer peer({{.answers = {kAgreed}}});
  bool answered = false;
  auto dialing = loop::dial_through(*loop, proxy_at("http", peer.port()), "server.example:8002",
                                    [&](auto) { answered = true; });
  dialing.reset();

  run_turns(20);

  EXPECT_FALSE(answered);
}

TEST_F(HttpProxy, MayBeGivenUpInItsAnswer) {
  const ScriptedPeer peer({{.answers = {kAgreed}, .end = End::waits}});
  std::unique_ptr<loop::Dialing> dialing;
  dialing = loop::dial_through(*loop, proxy_at("http", peer.port()), "server.example:8002",
                               [&](base::Result<int> fd) {
                                 ASSERT_TRUE(fd.has_value());
                                 ::close(*fd);
                                 dialing.reset();
                                 loop->stop();
                               });

  run();

  EXPECT_EQ(dialing, nullptr);
}

/// How often the heap of this process holds these bytes.
size_t copies_on_the_heap(base::ByteView wanted) {
  std::ifstream maps("/proc/self/maps"), memory("/proc/self/mem", std::ios::binary);
  size_t found = 0;
  for (std::string line; std::getline(maps, line);) {
    if (!line.ends_with("[heap]")) continue;
    const size_t begin = std::stoull(line, nullptr, 16);
    const size_t end = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
    // What is read goes into pages of its own, or it would find itself.
    base::Secret pages(end - begin);
    const std::string_view text = base::as_text(pages.expose());
    memory.seekg(static_cast<std::streamoff>(begin));
    for (base::MutableByteView rest = pages.expose_mutable(); !rest.empty(); rest = rest.subspan(4096)) {
      std::array<char, 4096> page{};
      memory.read(page.data(), page.size());
      base::copy(base::as_bytes({page.data(), page.size()}), rest);
      base::wipe({static_cast<uint8_t*>(static_cast<void*>(page.data())), page.size()});
    }
    for (size_t at = text.find(base::as_text(wanted)); at != std::string_view::npos;
         at = text.find(base::as_text(wanted), at + 1))
      ++found;
  }
  return found;
}

TEST_F(HttpProxy, LeavesNoPasswordInMemory) {
  // A password that is nowhere but in secrets: made there, byte by byte.
  base::Secret credentials(120);
  const base::MutableByteView bytes = credentials.expose_mutable();
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>('a' + (i * i * 7 + i) % 23);
  bytes[4] = ':';
  // Its end: the front of memory that was given back is used by malloc itself.
  const base::Secret end(credentials.expose().last(24));
  const Script takes_it{.answers = {kAsksBasic, kAgreed}, .end = End::waits};
  const ScriptedPeer peer({takes_it});
  auto made = loop::Proxy::make("http://127.0.0.1:" + peer.port(), std::move(credentials));
  ASSERT_TRUE(made.has_value());

  const auto fd = dial(std::make_shared<const loop::Proxy>(std::move(*made)));

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  EXPECT_NE(peer.received().find("Proxy-Authorization: Basic "), std::string::npos);
  EXPECT_EQ(copies_on_the_heap(end.expose()), 0u);
  ::close(*fd);
}

TEST(Proxy, ReadsUrlsOfBothKinds) {
  EXPECT_EQ(loop::Proxy::make("http://proxy:3128", {})->url(), "http://proxy:3128");
  EXPECT_EQ(loop::Proxy::make("socks5://[::1]:1080", {})->url(), "socks5://[::1]:1080");
}

TEST(Proxy, RefusesOtherUrlsWithoutRepeatingThem) {
  for (const char* url : {"", "http://canary", "https://canary:1", "canary://p:1", "http://canary:0"}) {
    const auto made = loop::Proxy::make(url, {});
    ASSERT_FALSE(made.has_value()) << url;
    EXPECT_EQ(made.error().code, base::ErrorCode::bad_configuration);
    EXPECT_EQ(made.error().line().find("canary"), std::string::npos) << made.error().line();
  }
}

}  // namespace
}  // namespace fairlead::support
