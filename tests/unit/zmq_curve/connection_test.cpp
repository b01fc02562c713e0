// One connection, both ends on one loop, real sockets: its beginning, its payload, its end.
#include <fairlead/transport.hpp>

#include "given.hpp"

namespace {

INSTANTIATE_TEST_SUITE_P(Zmq, EachSecurity, testing::Values("clear", "tls", "mtls"));

std::string pattern(size_t size) {
  std::string text(size, ' ');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + (i >> 8));
  return text;
}

TEST_P(EachSecurity, BothEndsOpen) {
  Ends ends(GetParam());

  ends.connect();

  EXPECT_TRUE(ends.both_open()) << ends.dialled->detail << ends.server.log;
}

TEST_P(EachSecurity, ProvesWhatTheLevelSays) {
  const Keys keys;
  const std::string security = GetParam();
  Ends ends(security, Keys{});
  ends.connect();
  ASSERT_TRUE(ends.both_open());
  fairlead_peer client{}, server{};

  EXPECT_EQ(ends.dialled->peer(client), FAIRLEAD_OK);
  EXPECT_EQ(ends.accepted->peer(server), FAIRLEAD_OK);

  const uint32_t all = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED | FAIRLEAD_SEC_SELF_PROVEN;
  const uint32_t one_way = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED;
  const uint32_t other_way = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_SELF_PROVEN;
  EXPECT_EQ(client.security, security == "clear" ? 0 : security == "tls" ? one_way : all);
  EXPECT_EQ(server.security, security == "clear" ? 0 : security == "tls" ? other_way : all);
  EXPECT_EQ(client.public_key.size, security == "clear" ? 0u : 32u);
  EXPECT_EQ(server.public_key.size, security == "clear" ? 0u : 32u);
  EXPECT_EQ(client.channel_binding.size + server.channel_binding.size, 0u);
  EXPECT_THAT(std::string(server.remote_address.data, server.remote_address.size),
              testing::StartsWith("127.0.0.1:"));
}

TEST_P(EachSecurity, MessagesOfEverySizeArriveWholeAndInOrder) {
  Ends ends(GetParam());
  ends.connect();
  ASSERT_TRUE(ends.both_open());
  ends.accepted->echo = true;
  std::vector<std::string> sent;
  for (const size_t size :
       std::initializer_list<size_t>{1, 2, 1024, 65'535, 65'536, 65'537, 1'048'576, 1'065'016})
    sent.push_back(pattern(size));

  for (const std::string& one : sent) ends.dialled->queue(one);
  const auto wake = [&] {
    ends.dialled->pump();
    ends.accepted->pump();
    return ends.dialled->messages.size() == sent.size();
  };

  EXPECT_TRUE(ends.run(wake)) << ends.dialled->messages.size() << ends.dialled->detail
                              << ends.accepted->detail;
  EXPECT_EQ(ends.accepted->messages, sent);
  EXPECT_EQ(ends.dialled->messages, sent);
}

TEST_P(EachSecurity, NoBytesAreSentAtOnce) {
  Ends ends(GetParam());
  ends.connect();

  EXPECT_EQ(ends.dialled->send({}, 7), FAIRLEAD_OK);

  EXPECT_THAT(ends.dialled->done, testing::ElementsAre(testing::Pair(7u, FAIRLEAD_OK)));
}

/// A reader that stops is not sent more than the window, and everything arrives once it reads again.
TEST_P(EachSecurity, ASlowReaderHoldsTheSenderBack) {
  Ends ends(GetParam());
  ends.connect();
  ASSERT_TRUE(ends.both_open());
  ends.accepted->pause_at = 1;
  const std::string one = pattern(100'000);
  size_t taken = 0;
  const auto fill = [&] {
    while (ends.dialled->send({one}) == FAIRLEAD_OK) ++taken;
    return ends.dialled->tx_ready == 0 && taken > 0;
  };
  ASSERT_TRUE(ends.run(fill));
  for (int i = 0; i < 50; ++i) ends.loop.turn(1);

  const size_t held = taken;
  ends.accepted->pause_at = SIZE_MAX;
  ends.accepted->set_reading(true);
  EXPECT_TRUE(ends.run([&] { return ends.accepted->messages.size() == taken; }));

  EXPECT_LE(held, 50u);  // 4 MiB and a little
  EXPECT_GE(ends.dialled->tx_ready, 1);
}

TEST_P(EachSecurity, DrainDeliversWhatWasSentBefore) {
  Ends ends(GetParam());
  ends.connect();
  ASSERT_EQ(ends.dialled->send({"last words"}), FAIRLEAD_OK);

  ends.dialled->close(FAIRLEAD_CLOSE_DRAIN);

  EXPECT_TRUE(ends.run([&] { return ends.dialled->closed == 1 && ends.accepted->closed == 1; }));
  EXPECT_EQ(ends.accepted->received, "last words");
  EXPECT_EQ(ends.accepted->why, FAIRLEAD_E_CLOSED);
  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_CLOSED);
}

TEST_P(EachSecurity, TheListenersEndDrainsToo) {
  Ends ends(GetParam());
  ends.connect();
  ASSERT_EQ(ends.accepted->send({"last words"}), FAIRLEAD_OK);

  ends.accepted->close(FAIRLEAD_CLOSE_DRAIN);

  EXPECT_TRUE(ends.run([&] { return ends.dialled->closed == 1 && ends.accepted->closed == 1; }));
  EXPECT_EQ(ends.dialled->received, "last words");
}

TEST_P(EachSecurity, AnAbortOfTheListenerEndsTheOtherEnd) {
  Ends ends(GetParam());
  ends.connect();

  ends.accepted->close(FAIRLEAD_CLOSE_ABORT);

  EXPECT_EQ(ends.accepted->closed, 1);
  EXPECT_TRUE(ends.run([&] { return ends.dialled->closed == 1; }));
  EXPECT_EQ(ends.dialled->why, FAIRLEAD_E_RESET);
}

TEST_P(EachSecurity, AnAbortOfTheDiallerIsSeenAsALoss) {
  Ends ends(GetParam());
  ends.connect();

  ends.dialled->close(FAIRLEAD_CLOSE_ABORT);

  EXPECT_TRUE(ends.run([&] { return ends.accepted->closed == 1; }));
  EXPECT_EQ(ends.accepted->why, FAIRLEAD_E_RESET);
}

TEST_P(EachSecurity, NobodyListens) {
  Ends ends(GetParam());
  ends.listen();
  const std::string address = ends.listener->address();
  ends.server.close_listener(*ends.listener);
  ASSERT_TRUE(ends.run([&] {
    const int fd = tcp_to(std::stoi(address.substr(address.rfind(':') + 1)));
    if (fd >= 0) ::close(fd);
    return fd < 0;
  }));

  const fairlead_conn* conn = ends.client.connect(address);

  EXPECT_TRUE(ends.run([&] { return conn->closed == 1; }));
  EXPECT_EQ(conn->why, FAIRLEAD_E_REFUSED);
  EXPECT_EQ(conn->opened, 0);
}

TEST_P(EachSecurity, ClosingTheListenerKeepsItsConnections) {
  Ends ends(GetParam());
  ends.connect();

  ends.server.close_listener(*ends.listener);
  ASSERT_EQ(ends.dialled->send({"still here"}), FAIRLEAD_OK);

  EXPECT_TRUE(ends.run([&] { return ends.accepted->received == "still here"; }));
}

TEST_P(EachSecurity, SecondListenerIsToldTheAddressIsInUse) {
  Ends ends(GetParam());
  ends.listen();

  const fairlead_listener* second = ends.server.listen(ends.listener->address());

  EXPECT_EQ(second, nullptr);
  EXPECT_EQ(ends.server.status(), FAIRLEAD_E_ADDRESS_IN_USE);
}

TEST_P(EachSecurity, ManyConnectionsShareAListener) {
  Ends ends(GetParam());
  ends.listen();
  std::vector<fairlead_conn*> all;
  all.reserve(20);
  for (int i = 0; i < 20; ++i) all.push_back(ends.dial());
  ASSERT_TRUE(
      ends.run([&] { return std::ranges::all_of(all, [](auto* conn) { return conn->opened == 1; }); }));

  for (size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i]->send({"from " + std::to_string(i)}), FAIRLEAD_OK);
  const auto heard = [&] {
    std::set<std::string> texts;
    for (const fairlead_conn& conn : ends.listener->accepted) texts.insert(conn.received);
    return texts.size() == all.size() && !texts.contains("");
  };

  EXPECT_TRUE(ends.run(heard));
}

}  // namespace
