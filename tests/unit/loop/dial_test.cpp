#include "loop/dial.hpp"

#include <netinet/in.h>

#include "loop/host_port.hpp"
#include "unit/loop/given_loop.hpp"

namespace fairlead::support {
namespace {

/// A TCP socket bound to loopback, listening or only holding its port.
class LoopbackSocket {
 public:
  explicit LoopbackSocket(bool is_listening) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    void* raw = &address;
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_, static_cast<sockaddr*>(raw), size), 0);
    if (is_listening) {
      EXPECT_EQ(::listen(fd_, 8), 0);
    }
    EXPECT_EQ(::getsockname(fd_, static_cast<sockaddr*>(raw), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~LoopbackSocket() { ::close(fd_); }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;
  std::string port() const { return std::to_string(port_); }

 private:
  int fd_;
  uint16_t port_ = 0;
};

class Dialling : public GivenLoop {
 protected:
  base::Result<int> dial(const std::string& host_port) {
    base::Result<int> answer = -1;
    const auto dialing = loop::dial(*loop, host_port, [&](base::Result<int> result) {
      answer = std::move(result);
      loop->stop();
    });
    run();
    return answer;
  }
};

TEST_F(Dialling, ReachesAListenerByAddress) {
  const LoopbackSocket listener(true);

  const auto fd = dial("127.0.0.1:" + listener.port());

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  EXPECT_EQ(::close(*fd), 0);
}

TEST_F(Dialling, ReachesAListenerByName) {
  const LoopbackSocket listener(true);

  const auto fd = dial("localhost:" + listener.port());

  ASSERT_TRUE(fd.has_value()) << fd.error().line();
  EXPECT_EQ(::close(*fd), 0);
}

TEST_F(Dialling, TellsWhatARefusingPortDid) {
  const LoopbackSocket holder(false);

  const auto fd = dial("127.0.0.1:" + holder.port());

  ASSERT_FALSE(fd.has_value());
  EXPECT_EQ(fd.error().code, base::ErrorCode::cannot_connect);
  EXPECT_EQ(fd.error().reason, "refused");
  EXPECT_NE(fd.error().text.find("127.0.0.1:" + holder.port() + ": Connection refused"), std::string::npos);
}

TEST_F(Dialling, TellsThatANameIsUnknown) {
  const auto fd = dial("no-such-host.invalid:80");

  ASSERT_FALSE(fd.has_value());
  EXPECT_EQ(fd.error().code, base::ErrorCode::cannot_connect);
  EXPECT_NE(fd.error().text.find("no-such-host.invalid"), std::string::npos);
}

TEST_F(Dialling, AnswersABadAddressLater) {
  const auto fd = dial("127.0.0.1");

  ASSERT_FALSE(fd.has_value());
  EXPECT_EQ(fd.error().code, base::ErrorCode::cannot_connect);
}

TEST_F(Dialling, IsSilentOnceCancelled) {
  const LoopbackSocket listener(true);
  bool answered = false;
  auto by_address = loop::dial(*loop, "127.0.0.1:" + listener.port(), [&](auto) { answered = true; });
  auto by_name = loop::dial(*loop, "localhost:" + listener.port(), [&](auto) { answered = true; });
  by_address.reset();
  loop->at_turn_end([&] { by_name.reset(); });
  const auto end = loop->after(std::chrono::milliseconds(30), [&] { loop->stop(); });

  run();

  EXPECT_FALSE(answered);
}

TEST_F(Dialling, MayBeDestroyedInItsAnswer) {
  const LoopbackSocket listener(true);
  std::unique_ptr<loop::Dialing> dialing;
  dialing = loop::dial(*loop, "127.0.0.1:" + listener.port(), [&](base::Result<int> fd) {
    EXPECT_TRUE(fd.has_value());
    ::close(*fd);
    dialing.reset();
    loop->stop();
  });

  run();

  EXPECT_EQ(dialing, nullptr);
}

TEST(HostPort, ReadsNamesAndBothKindsOfAddress) {
  EXPECT_EQ(loop::HostPort::parse("a.example:80")->host, "a.example");
  EXPECT_EQ(loop::HostPort::parse("[::1]:65535")->host, "::1");
  EXPECT_EQ(loop::HostPort::parse("[::1]:65535")->port, 65535);
}

TEST(HostPort, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", ":", "a", "a:", ":1", "a:0", "a:65536", "a:+1", "a:1x", "::1:80", "[]:1", "[::1]"})
    EXPECT_FALSE(loop::HostPort::parse(text).has_value()) << text;
}

}  // namespace
}  // namespace fairlead::support
