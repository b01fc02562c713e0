#include "unit/loop/proxy_given.hpp"

namespace fairlead::support {
namespace {

using End = Script::End;
/// RFC 1928: version 5, and the method that was chosen.
const std::string kNoLogin("\x05\x00", 2), kLogin("\x05\x02", 2), kNoMethod("\x05\xff", 2);
/// RFC 1929.
const std::string kWelcome("\x01\x00", 2), kUnwelcome("\x01\x01", 2);

std::string reply(char code) {
  return std::string("\x05", 1) + code + std::string("\x00\x01\x7f\x00\x00\x01\x1f\x42", 8);
}

class SocksProxy : public ThroughAProxy {};

TEST_F(SocksProxy, GivesTheSocketBehindWhichTheTunnelIs) {
  const ScriptedPeer peer({{.answers = {kNoLogin, reply(0) + "first bytes"}, .end = End::waits}});

  const auto fd = dial(proxy_at("socks5", peer.port()));

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  std::array<char, 64> room{};
  const ssize_t got = ::recv(*fd, room.data(), room.size(), 0);
  EXPECT_EQ(std::string(room.data(), static_cast<size_t>(std::max<ssize_t>(got, 0))), "first bytes");
  ::close(*fd);
}

TEST_F(SocksProxy, GetsTheNameUnresolved) {
  const ScriptedPeer peer({{.answers = {kNoLogin, reply(0)}, .end = End::waits}});

  const auto fd = dial(proxy_at("socks5", peer.port()), "no-such-host.invalid:8002");

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  EXPECT_NE(peer.received().find(std::string("\x05\x01\x00\x03\x14", 5) + "no-such-host.invalid\x1f\x42"),
            std::string::npos);
  ::close(*fd);
}

TEST_F(SocksProxy, GetsTheCredentialsThatItAsksFor) {
  const ScriptedPeer peer({{.answers = {kLogin, kWelcome, reply(0)}, .end = End::waits}});

  const auto fd = dial(proxy_at("socks5", peer.port(), "user:p%41:w"));

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  EXPECT_NE(peer.received().find("\x01\x04user\x06p%41:w"), std::string::npos);
  ::close(*fd);
}

TEST_F(SocksProxy, RefusesCredentialsWithoutRepeatingThem) {
  const base::Error error = refused("socks5", {.answers = {kLogin, kUnwelcome}}, "user:canary");

  EXPECT_EQ(error.reason, "proxy_refused_credentials") << error.line();
  EXPECT_EQ(error.line().find("canary"), std::string::npos) << error.line();
}

TEST_F(SocksProxy, WantsCredentialsThatThereAreNot) {
  const base::Error error = refused("socks5", {.answers = {kNoMethod}});

  EXPECT_EQ(error.reason, "proxy_needs_credentials") << error.line();
}

struct Answer {
  const char* name;
  std::vector<std::string> answers;
  const char* reason;
  friend void PrintTo(const Answer& one, std::ostream* to) { *to << one.name; }
};
class SocksProxyAnswer : public SocksProxy, public testing::WithParamInterface<Answer> {};

INSTANTIATE_TEST_SUITE_P(
    Each, SocksProxyAnswer,
    testing::Values(Answer{"GeneralFailure", {kNoLogin, reply(1)}, "proxy_cannot_reach"},
                    Answer{"NotAllowed", {kNoLogin, reply(2)}, "proxy_denied"},
                    Answer{"NetworkUnreachable", {kNoLogin, reply(3)}, "proxy_cannot_reach"},
                    Answer{"HostUnreachable", {kNoLogin, reply(4)}, "proxy_cannot_reach"},
                    Answer{"ConnectionRefused", {kNoLogin, reply(5)}, "proxy_cannot_reach"},
                    Answer{"TimeToLive", {kNoLogin, reply(6)}, "proxy_cannot_reach"},
                    Answer{"NoSuchCommand", {kNoLogin, reply(7)}, "proxy_denied"},
                    Answer{"NoSuchAddressType", {kNoLogin, reply(8)}, "proxy_denied"},
                    Answer{"UnknownReply", {kNoLogin, reply(9)}, "proxy_denied"},
                    Answer{"OtherVersion", {std::string("\x04\x5a\x00\x00", 4)}, "proxy_bad_answer"},
                    Answer{"Http", {"HTTP/1.1 400 Bad Request\r\n\r\n"}, "proxy_bad_answer"},
                    Answer{"Silence", {""}, "proxy_bad_answer"},
                    Answer{"HalfAReply", {kNoLogin, "\x05"}, "proxy_bad_answer"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST_P(SocksProxyAnswer, IsToldInWords) {
  const base::Error error = refused("socks5", {.answers = GetParam().answers});

  EXPECT_EQ(error.reason, GetParam().reason) << error.line();
  EXPECT_EQ(error.code, base::ErrorCode::cannot_connect);
  EXPECT_NE(error.text.find("server.example:8002 through the proxy socks5://127.0.0.1:"), std::string::npos)
      << error.text;
}

TEST_F(SocksProxy, ThatNobodyRunsIsUnreachable) {
  std::string port;
  { port = ScriptedPeer(std::vector<Script>(1)).port(); }

  const auto answer = dial(proxy_at("socks5", port));

  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().reason, "proxy_unreachable");
  EXPECT_NE(answer.error().text.find("Connection refused"), std::string::npos) << answer.error().text;
}

TEST(Proxy, HoldsCredentialsToWhatSocksCanCarry) {
  const auto makes = [](const std::string& text) {
    return loop::Proxy::make("socks5://p:1", secret_of(text)).has_value();
  };
  const std::string longest(255, 'x');

  EXPECT_TRUE(makes(longest + ":" + longest));
  EXPECT_FALSE(makes(longest + "x:" + longest));
  EXPECT_FALSE(makes(longest + ":" + longest + "x"));
  EXPECT_FALSE(makes(":"));
  EXPECT_FALSE(makes("nobody"));
}

}  // namespace
}  // namespace fairlead::support
