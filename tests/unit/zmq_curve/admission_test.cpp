// Who gets in and who does not: keys, mechanisms, greetings, floods, and what happens when the door keeper
// dies.
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "canary.hpp"
#include "given.hpp"
#include "stranger.hpp"
#include "zap.hpp"

namespace {

using testing::HasSubstr;
using zmq_curve::KeyPair;
using zmq_curve::PublicKey;

std::unique_ptr<Ends> GivenEndsWith(const KeyPair& own, const PublicKey& server, const Keys& keys) {
  return std::make_unique<Ends>("mtls", listening_config("mtls", keys.server),
                                dialling_config("mtls", own, server), keys);
}

/// A clear listener with another value of one option.
std::unique_ptr<Ends> listening_with(const std::string& option, int64_t value) {
  const Keys keys;
  FakeConfig listening = listening_config("clear", keys.server);
  listening.numbers[option] = value;
  auto ends = std::make_unique<Ends>("clear", listening,
                                     dialling_config("clear", keys.site, keys.server.public_key), keys);
  ends->listen();
  return ends;
}

TEST(Admission, N66_AnUnknownKeyIsRefused) {
  const Keys keys;
  const auto ends = GivenEndsWith(keys.stranger, keys.server.public_key, keys);

  ends->connect();

  EXPECT_EQ(ends->dialled->opened, 0);
  EXPECT_EQ(ends->dialled->why, FAIRLEAD_E_PEER_AUTH);
  EXPECT_THAT(ends->dialled->detail, HasSubstr("refused our CURVE key"));
  EXPECT_TRUE(ends->listener->accepted.empty());
}

TEST(Admission, AServerWithAnotherKeyIsRefused) {
  const Keys keys;
  const auto ends = GivenEndsWith(keys.site, keys.stranger.public_key, keys);

  ends->connect();

  EXPECT_EQ(ends->dialled->opened, 0);
  EXPECT_EQ(ends->dialled->why, FAIRLEAD_E_PEER_AUTH);
}

TEST(Admission, AKeyThatIsTakenAwayEndsItsConnections) {
  const Keys keys;
  Ends ends("mtls", keys);
  ends.connect();
  ASSERT_TRUE(ends.both_open());

  ends.server.know_peers({});

  EXPECT_TRUE(ends.run([&] { return ends.accepted->closed == 1 && ends.dialled->closed == 1; }));
  EXPECT_EQ(ends.accepted->why, FAIRLEAD_E_PEER_AUTH);
}

TEST(Admission, AKeyThatIsStillKnownKeepsItsConnections) {
  for (const char* const security : {"tls", "mtls"}) {
    const Keys keys;
    Ends ends(security, keys);
    ends.connect();
    ASSERT_TRUE(ends.both_open());
    std::map<std::string, std::string> known{{raw(keys.stranger.public_key), "site-9"}};
    if (security == std::string("mtls")) known.emplace(raw(keys.site.public_key), "site-1");

    ends.server.know_peers(known);
    ends.loop.turn();
    ASSERT_EQ(ends.dialled->send({"still here"}), FAIRLEAD_OK);

    EXPECT_TRUE(ends.run([&] { return ends.accepted->received == "still here"; })) << security;
  }
}

TEST(Admission, AKeyThatIsAddedMayConnectWithoutARestart) {
  const Keys keys;
  const auto ends = GivenEndsWith(keys.stranger, keys.server.public_key, keys);
  ends->connect();
  ASSERT_EQ(ends->dialled->opened, 0);

  ends->server.know_peers({{raw(keys.stranger.public_key), "site-9"}});
  ends->loop.turn();
  ends->connect();

  EXPECT_TRUE(ends->both_open()) << ends->dialled->detail;
}

/// A canary with a handler that does what `judge` says, on a socket that is set up like a listener's.
class Canary : public testing::Test {
 protected:
  Canary() : host_(loop_, fairlead_transport_v1), socket_(context_, zmq::socket_type::router) {
    zmq_curve::set_option(socket_, ZMQ_CURVE_SERVER, 1, "curve_server");
    zmq_curve::set_option(socket_, ZMQ_CURVE_SECRETKEY, keys_.server.secret.bytes(), "curve_secretkey");
    socket_.set(zmq::sockopt::zap_domain, "fairlead");
    socket_.set(zmq::sockopt::linger, 0);
  }
  void enforce_domain() { zmq_curve::set_option(socket_, 93, 1, "zap_enforce_domain"); }
  void prove(const std::function<void()>& serve) {
    zmq_curve::prove_that_strangers_are_refused(context_, socket_, keys_.server.public_key, serve);
  }

  Keys keys_;
  fairlead_loop loop_;
  FakeHost host_;
  zmq::context_t context_;
  zmq::socket_t socket_;
};

TEST_F(Canary, IsContentWhenStrangersAreRefused) {
  zmq_curve::ZapHandler handler(context_, host_.table(), &loop_, [](const PublicKey&) { return false; });

  EXPECT_NO_THROW(prove([&] { handler.serve(); }));
}

TEST_F(Canary, N66_CatchesAMissingHandler) { EXPECT_THROW(prove(nullptr), fairlead::transport::Error); }

TEST_F(Canary, N66_CatchesAMissingHandlerBehindAnEnforcedDomain) {
  enforce_domain();

  EXPECT_THROW(prove(nullptr), fairlead::transport::Error);
}

TEST_F(Canary, N66_CatchesAHandlerThatLetsEverybodyIn) {
  zmq_curve::ZapHandler handler(context_, host_.table(), &loop_, [](const PublicKey&) { return true; });

  EXPECT_THROW(prove([&] { handler.serve(); }), fairlead::transport::Error);
}

/// What a handler that takes every key answers to a request.
std::string zap_status(const std::vector<std::string>& request) {
  fairlead_loop loop;
  FakeHost host(loop, fairlead_transport_v1);
  zmq::context_t context;
  zmq_curve::ZapHandler handler(context, host.table(), &loop, [](const PublicKey&) { return true; });
  zmq::socket_t asking(context, zmq::socket_type::req);
  asking.connect(zmq_curve::kZapEndpoint);
  for (size_t i = 0; i < request.size(); ++i)
    asking.send(zmq::buffer(request[i]),
                i + 1 < request.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  std::vector<std::string> answer;
  zmq::message_t part;
  EXPECT_TRUE(loop.run_until([&] { return zmq_curve::receive(asking, part); }));
  for (answer.push_back(part.to_string()); part.more(); answer.push_back(part.to_string()))
    EXPECT_TRUE(zmq_curve::receive(asking, part));
  return answer.size() == 6 ? answer[2] : "";
}

TEST(ZapHandler, RefusesWhatIsNoRequestWhoeverMayConnect) {
  const auto good = zmq_curve::zap_request("1", PublicKey{});
  auto other_domain = good, plain = good, longer = good;
  other_domain[2] = "global";
  plain[5] = "PLAIN";
  longer.resize(40, "more");

  EXPECT_EQ(zap_status(good), "200");
  for (const auto& bad : {other_domain, plain, longer, {"1.0"}}) EXPECT_EQ(zap_status(bad), "400");
}

/// The first descriptor that a listener has watched is its ZAP handler's.
TEST(Admission, N66_TheDoorClosesWithinASecondOfItsKeepersDeath) {
  Ends ends("mtls");
  ends.listen();
  for (int i = 0; i < 5; ++i) ends.loop.turn(20);
  const auto died = std::chrono::steady_clock::now();

  ends.loop.watches.front().events = 0;
  const bool told =
      ends.run([&] { return ends.server.log.find("no longer listening") != std::string::npos; });
  const bool closed = ends.run([&] {
    const int fd = tcp_to(ends.port());
    if (fd >= 0) ::close(fd);
    return fd < 0;
  });

  EXPECT_TRUE(told && closed);
  EXPECT_LT(std::chrono::steady_clock::now() - died, std::chrono::milliseconds(1000));
}

/// What a test writes by hand, and whether the listener hung up.
bool is_hung_up_on(int port, const std::string& greeting, Ends& ends) {
  const int fd = tcp_to(port);
  EXPECT_GE(fd, 0);
  EXPECT_EQ(::send(fd, greeting.data(), greeting.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(greeting.size()));
  const bool ended = ends.run([&] {
    char bytes[512];
    const ssize_t got = ::recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN);
  });
  ::close(fd);
  return ended;
}

std::string zmtp3_greeting(const std::string& mechanism) {
  std::string greeting("\xff\0\0\0\0\0\0\0\x01\x7f\x03\0", 12);
  greeting += mechanism;
  greeting.resize(64, '\0');
  return greeting;
}

TEST(Admission, N68_OtherMechanismsAreRefusedAtACurveListener) {
  Ends ends("tls");
  ends.listen();

  for (const char* mechanism : {"NULL", "PLAIN", "GSSAPI", ""})
    EXPECT_TRUE(is_hung_up_on(ends.port(), zmtp3_greeting(mechanism), ends)) << mechanism;
  EXPECT_TRUE(ends.listener->accepted.empty());
}

TEST(Admission, N69_OldGreetingsAreRefusedAtACurveListener) {
  Ends ends("tls");
  ends.listen();

  EXPECT_TRUE(is_hung_up_on(ends.port(),
                            std::string("\x01\x00"
                                        "a message of version 1",
                                        24),
                            ends));
  EXPECT_TRUE(is_hung_up_on(
      ends.port(), std::string("\xff\0\0\0\0\0\0\0\x01\x7f\x01\x05\x00\x00", 14) + std::string(64, 'x'),
      ends));
  EXPECT_TRUE(ends.listener->accepted.empty());
}

/// A command that announces two gigabytes, where the handshake's first one should be.
TEST(Admission, N69_OversizedCommandsEndTheConnection) {
  for (const char* security : {"clear", "tls"}) {
    Ends ends(security);
    ends.listen();
    const std::string mechanism = security == std::string("clear") ? "NULL" : "CURVE";
    const std::string huge("\x06\0\0\0\0\x80\0\0\0", 9);

    EXPECT_TRUE(is_hung_up_on(ends.port(), zmtp3_greeting(mechanism) + huge + std::string(4096, 'x'), ends))
        << security;
  }
}

TEST(Admission, N67_AThousandRawConnectionsDoNotKeepAnHonestOneOut) {
  Ends ends("mtls");
  ends.listen();
  std::vector<int> raw_ones;
  for (int i = 0; i < 1000; ++i)
    if (const int fd = tcp_to(ends.port()); fd >= 0) raw_ones.push_back(fd);

  ends.connect();

  EXPECT_TRUE(ends.both_open()) << ends.dialled->detail;
  for (const int fd : raw_ones) ::close(fd);
}

TEST(Admission, BeyondTheMostPeersConnectionsAreHungUp) {
  const auto given = listening_with("max_peers", 3);
  Ends& ends = *given;
  for (int i = 0; i < 3; ++i) ends.connect();

  const fairlead_conn* fourth = ends.dial();

  EXPECT_TRUE(ends.run([&] { return fourth->closed == 1; }));
  EXPECT_TRUE(ends.both_open());
}

TEST(Admission, WhoNeverBeginsAHandshakeIsHungUpSooner) {
  const auto given = listening_with("handshake", 100'000'000);
  Ends& ends = *given;
  const auto began = std::chrono::steady_clock::now();

  EXPECT_TRUE(is_hung_up_on(ends.port(), "", ends));

  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(4));
}

TEST(Admission, WhoSaidHelloStays) {
  Ends ends("clear");
  ends.connect();
  ASSERT_TRUE(ends.both_open());
  const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds(600);

  EXPECT_TRUE(ends.run([&] { return std::chrono::steady_clock::now() > later; }));

  EXPECT_TRUE(ends.both_open() && ends.accepted->closed == 0);
}

TEST(Admission, WhoNeverSaysHelloIsHungUp) {
  const auto given = listening_with("handshake", 100'000'000);
  Ends& ends = *given;
  Stranger silent(ends);

  EXPECT_TRUE(silent.connects());
  EXPECT_TRUE(silent.is_hung_up_on());
}

}  // namespace
