// How listeners and connections begin and end.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "given.hpp"

namespace {

using testing::HasSubstr;

class Lifecycle : public testing::TestWithParam<const char*> {
 protected:
  Project project;
  std::unique_ptr<Ends> make_ends() {
    const auto [listening, dialling] = GivenConfigs(GetParam(), project);
    return std::make_unique<Ends>(listening, dialling);
  }
};

INSTANTIATE_TEST_SUITE_P(Securities, Lifecycle, testing::Values("clear", "tls", "mtls"));

TEST_P(Lifecycle, SecondListenerIsToldTheAddressIsInUse) {
  const auto ends = make_ends();
  const fairlead_listener* first = ends->server.listen("127.0.0.1:0");
  ASSERT_NE(first, nullptr);

  const fairlead_listener* second = ends->server.listen(first->address());

  EXPECT_EQ(second, nullptr);
  EXPECT_EQ(ends->server.status(), FAIRLEAD_E_ADDRESS_IN_USE);
  EXPECT_THAT(ends->server.error(), HasSubstr(first->address()));
}

TEST_P(Lifecycle, EmptyHostTakesBothFamilies) {
  const auto ends = make_ends();

  ends->connect("127.0.0.1", "");
  const bool v4 = ends->both_open();
  ends->connect("[::1]", "");

  EXPECT_TRUE(v4);
  EXPECT_TRUE(ends->both_open());
  fairlead_peer peer;
  EXPECT_EQ(ends->listener->accepted.front().peer(peer), FAIRLEAD_OK);
  EXPECT_THAT(std::string(peer.remote_address.data, peer.remote_address.size),
              testing::StartsWith("127.0.0.1:"));
}

TEST_P(Lifecycle, NobodyListens) {
  const auto ends = make_ends();
  fairlead_listener* listener = ends->server.listen("127.0.0.1:0");
  const std::string address = listener->address();
  ends->server.close_listener(*listener);

  fairlead_conn* conn = ends->client.connect(address);

  ASSERT_NE(conn, nullptr);
  EXPECT_TRUE(ends->run([&] { return conn->closed == 1; }));
  EXPECT_EQ(conn->why, FAIRLEAD_E_REFUSED);
  EXPECT_EQ(conn->opened, 0);
}

TEST_P(Lifecycle, AbortBeforeOpenedIsSilentAfterwards) {
  const auto ends = make_ends();
  const fairlead_listener* listener = ends->server.listen("127.0.0.1:0");
  fairlead_conn* conn = ends->client.connect(listener->address());

  conn->close(FAIRLEAD_CLOSE_ABORT);
  for (int i = 0; i < 20; ++i) ends->loop.turn();

  EXPECT_EQ(conn->closed, 1);
  EXPECT_EQ(conn->opened, 0);
}

TEST_P(Lifecycle, DrainDeliversEverything) {
  const auto ends = make_ends();
  ends->connect();
  const std::string sent = pattern(6 << 20);
  ends->accepted->set_reading(false);
  ASSERT_EQ(ends->dialled->send({sent}), FAIRLEAD_OK);

  ends->dialled->close(FAIRLEAD_CLOSE_DRAIN);
  const fairlead_status late = ends->dialled->send({"late"}, 2);
  ends->accepted->set_reading(true);

  EXPECT_EQ(late, FAIRLEAD_E_CLOSED);
  EXPECT_TRUE(ends->run([&] { return ends->accepted->closed == 1 && ends->dialled->closed == 1; }));
  EXPECT_TRUE(ends->accepted->received == sent);
  EXPECT_EQ(ends->accepted->why, FAIRLEAD_E_CLOSED);
  EXPECT_EQ(ends->dialled->why, FAIRLEAD_E_CLOSED);
  ASSERT_EQ(ends->dialled->done.size(), 1u);
  EXPECT_EQ(ends->dialled->done[0].second, FAIRLEAD_OK);
}

TEST_P(Lifecycle, DrainWithUnreadInputStillDelivers) {
  const auto ends = make_ends();
  ends->connect();
  ends->dialled->set_reading(false);
  ends->accepted->queue(pattern(3 << 20));
  for (int i = 0; i < 20; ++i) ends->loop.turn();
  const std::string sent = pattern(2 << 20);
  ASSERT_EQ(ends->dialled->send({sent}), FAIRLEAD_OK);

  ends->dialled->close(FAIRLEAD_CLOSE_DRAIN);

  EXPECT_TRUE(ends->run([&] { return ends->accepted->closed == 1 && ends->dialled->closed == 1; }));
  EXPECT_TRUE(ends->accepted->received == sent);
}

TEST_P(Lifecycle, BothMayDrainAtOnce) {
  const auto ends = make_ends();
  ends->connect();
  ASSERT_EQ(ends->dialled->send({"one"}), FAIRLEAD_OK);
  ASSERT_EQ(ends->accepted->send({"two"}), FAIRLEAD_OK);

  ends->dialled->close(FAIRLEAD_CLOSE_DRAIN);
  ends->accepted->close(FAIRLEAD_CLOSE_DRAIN);

  EXPECT_TRUE(ends->run([&] { return ends->accepted->closed == 1 && ends->dialled->closed == 1; }));
}

TEST_P(Lifecycle, AbortEndsBothSidesAtOnceAndOnce) {
  const auto ends = make_ends();
  ends->connect();
  const std::string sent = pattern(32 << 20);
  ends->accepted->set_reading(false);
  ASSERT_EQ(ends->dialled->send({sent}), FAIRLEAD_OK);

  ends->dialled->close(FAIRLEAD_CLOSE_DRAIN);
  ends->dialled->close(FAIRLEAD_CLOSE_ABORT);
  ends->dialled->close(FAIRLEAD_CLOSE_ABORT);
  ends->accepted->set_reading(true);

  EXPECT_EQ(ends->dialled->closed, 1);
  ASSERT_EQ(ends->dialled->done.size(), 1u);
  EXPECT_EQ(ends->dialled->done[0].second, FAIRLEAD_E_CLOSED);
  EXPECT_TRUE(ends->run([&] { return ends->accepted->closed == 1; }));
}

TEST_P(Lifecycle, ReleasedPeerIsReportedLost) {
  const auto ends = make_ends();
  ends->connect();

  ends->dialled->close(FAIRLEAD_CLOSE_ABORT);
  ends->dialled->release();

  EXPECT_TRUE(ends->run([&] { return ends->accepted->closed == 1; }));
  EXPECT_TRUE(ends->accepted->why == FAIRLEAD_E_RESET || ends->accepted->why == FAIRLEAD_E_CLOSED);
}

TEST_P(Lifecycle, AcceptedConnectionsOutliveTheListener) {
  const auto ends = make_ends();
  ends->connect();

  ends->server.close_listener(*ends->listener);
  ends->dialled->queue("still here");

  EXPECT_TRUE(ends->run([&] { return ends->accepted->received == "still here"; }));
}

TEST_P(Lifecycle, KernelMayRefuseAnAcceptedConnection) {
  const auto ends = make_ends();
  ends->listener = ends->server.listen("127.0.0.1:0");
  ends->listener->refuse = true;

  fairlead_conn* conn = ends->client.connect(ends->listener->address());

  EXPECT_TRUE(ends->run([&] { return conn->closed == 1; }));
  EXPECT_TRUE(ends->listener->accepted.empty());
}

TEST_P(Lifecycle, ARefusedWatchEndsTheConnectionOnly) {
  const auto ends = make_ends();
  ends->listener = ends->server.listen("127.0.0.1:0");
  fairlead_conn* conn = ends->client.connect(ends->listener->address());
  ends->loop.refuse_watches_after = 1;  // the dialler's own registration comes first

  EXPECT_TRUE(ends->run([&] { return conn->closed == 1; }));
  ends->loop.refuse_watches_after = -1;
  ends->connect();

  EXPECT_TRUE(ends->both_open());
}

TEST_P(Lifecycle, AcceptingWithoutDescriptorsDoesNotSpin) {
  // UBSan opens a pipe when it first sees a class, so it must have seen them all while there are descriptors.
  GivenConnectedEnds(GetParam());
  const auto ends = make_ends();
  ends->listener = ends->server.listen("127.0.0.1:0");
  fairlead_conn* conn = ends->client.connect(ends->listener->address());
  ASSERT_TRUE(ends->run([&] { return !ends->loop.watches.empty(); }));
  ends->loop.turn();  // resolves and opens the dialler's socket
  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  const int lowest_free = ::dup(0);
  ::close(lowest_free);
  const rlimit none{static_cast<rlim_t>(lowest_free), old.rlim_max};

  ::setrlimit(RLIMIT_NOFILE, &none);
  const bool warned = ends->run([&] { return ends->server.log.find("cannot accept") != std::string::npos; });
  const int before = ends->loop.turns();
  for (const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
       std::chrono::steady_clock::now() < until;)
    ends->loop.turn(50);
  const int turns = ends->loop.turns() - before;
  ::setrlimit(RLIMIT_NOFILE, &old);

  EXPECT_TRUE(warned);
  EXPECT_LT(turns, 20);
  EXPECT_TRUE(ends->run([&] { return conn->opened == 1; }));
}

}  // namespace
