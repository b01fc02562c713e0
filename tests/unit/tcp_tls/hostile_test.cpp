// Peers that do not speak TLS: garbage and silence, through a raw socket.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "given.hpp"

namespace {

/// A listening instance and a stranger's blocking socket connected to it.
class Hostile : public testing::Test {
 protected:
  Hostile() {
    EXPECT_EQ(server.create(listening_config("mtls", project.authority, project.server)), FAIRLEAD_OK);
    listener = server.listen("127.0.0.1:0");
    const std::string address = listener->address();
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    stranger = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(stranger, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    EXPECT_TRUE(loop.run_until([&] { return !listener->accepted.empty(); }));
  }
  ~Hostile() override { ::close(stranger); }

  fairlead_conn& accepted() { return listener->accepted.front(); }
  void say(std::string_view bytes) {
    EXPECT_EQ(::send(stranger, bytes.data(), bytes.size(), MSG_NOSIGNAL), bytes.size());
  }
  bool ends() {
    return loop.run_until([&] { return accepted().closed == 1; });
  }

  Project project;
  fairlead_loop loop;
  FakeHost server{loop, plugin()};
  fairlead_listener* listener = nullptr;
  int stranger = -1;
};

TEST_F(Hostile, GarbageIsAProtocolError) {
  say("GET / HTTP/1.1\r\nHost: example\r\n\r\n");

  EXPECT_TRUE(ends());
  EXPECT_EQ(accepted().why, FAIRLEAD_E_PROTOCOL);
  EXPECT_EQ(accepted().opened, 0);
}

TEST_F(Hostile, RandomBytesAreAProtocolError) {
  say(pattern(70'000));

  EXPECT_TRUE(ends());
  EXPECT_EQ(accepted().why, FAIRLEAD_E_PROTOCOL);
}

TEST_F(Hostile, TruncatedHandshakeIsAProtocolError) {
  say(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
  ::shutdown(stranger, SHUT_WR);

  EXPECT_TRUE(ends());
  EXPECT_EQ(accepted().why, FAIRLEAD_E_PROTOCOL);
}

TEST_F(Hostile, SilentVisitorIsNoFault) {
  ::shutdown(stranger, SHUT_WR);

  EXPECT_TRUE(ends());
  EXPECT_EQ(accepted().why, FAIRLEAD_E_CLOSED);
}

TEST_F(Hostile, OthersAreServedMeanwhile) {
  say(pattern(100));
  FakeHost client(loop, plugin());
  ASSERT_EQ(client.create(dialling_config("mtls", project.authority, &project.site)), FAIRLEAD_OK);

  fairlead_conn* conn = client.connect(listener->address());

  EXPECT_TRUE(loop.run_until([&] { return conn->opened == 1 && listener->accepted.back().opened == 1; }));
}

}  // namespace
