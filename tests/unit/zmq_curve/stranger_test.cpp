// What a peer may do that keeps to ZeroMQ's rules and not to ours.
#include "stranger.hpp"

#include "window.hpp"

namespace {

using testing::HasSubstr;
using zmq_curve::credit_packet;
using zmq_curve::end_packet;
using zmq_curve::hello;
using zmq_curve::Kind;
using zmq_curve::welcome;

/// Messages that libzmq reads ahead and that no credit answers: to who is gone it would break the connection.
constexpr int kUnderWay = 20;

TEST_F(AcceptedStranger, IsHungUpOnForWhatIsNoPacket) {
  stranger_->send(zmq::message_t(std::string("?")));

  EXPECT_TRUE(is_closed_for("no packet"));
  EXPECT_TRUE(stranger_->is_hung_up_on());
}

TEST_F(AcceptedStranger, IsHungUpOnForAMessageOfSeveralParts) {
  stranger_->send_parts(data_of("a"));

  EXPECT_TRUE(is_closed_for("no packet"));
}

TEST_F(AcceptedStranger, GreetsOnce) {
  stranger_->send(hello());

  EXPECT_TRUE(is_closed_for("out of turn"));
}

TEST_F(AcceptedStranger, WelcomesNobody) {
  stranger_->send(welcome());

  EXPECT_TRUE(is_closed_for("out of turn"));
}

TEST_F(AcceptedStranger, SendsNothingAfterItsEnd) {
  conn_->pause_at = 1;
  for (const char* const text : {"a", "b"}) stranger_->send(data_of(text));
  stranger_->send(end_packet());
  stranger_->send(data_of("c"));

  EXPECT_TRUE(is_closed_for("after the peer's end"));
}

TEST_F(AcceptedStranger, IsReadToTheEndWhenItWent) {
  conn_->pause_at = 1;
  for (const char* const text : {"a", "b"}) stranger_->send(data_of(text));
  stranger_->send(end_packet());
  ASSERT_TRUE(receives("a"));
  stranger_->leave();
  turn_often();

  read_again();

  EXPECT_TRUE(ends_.run([&] { return conn_->closed == 1; }));
  EXPECT_EQ(conn_->received, "ab");
  EXPECT_EQ(conn_->why, FAIRLEAD_E_CLOSED);
}

TEST_F(AcceptedStranger, IsReadInOrderWhenReadingGoesOn) {
  conn_->pause_at = 1;
  for (const char* const text : {"a", "b"}) stranger_->send(data_of(text));
  ASSERT_TRUE(receives("a"));
  for (int i = 0; i < 5; ++i) ends_.loop.turn(10);
  stranger_->send(data_of("c"));
  wait_for_input(ends_.loop);

  read_again();

  EXPECT_TRUE(ends_.run([&] { return conn_->received.size() == 3; }));
  EXPECT_EQ(conn_->received, "abc");
}

TEST_F(AcceptedStranger, SendsNoMoreThanItWasGivenRoomFor) {
  conn_->pause_at = 1;
  for (int i = 0; i < 3; ++i) stranger_->send(data_of(std::string(zmq_curve::kFirstWindow * 2 / 3, 'x')));

  EXPECT_TRUE(is_closed_for("more than it was given room for"));
}

TEST_F(AcceptedStranger, TakesNoMoreThanItWasSent) {
  stranger_->send(credit_packet({1, zmq_curve::kFirstWindow}));

  EXPECT_TRUE(is_closed_for("a credit that cannot be"));
}

TEST_F(AcceptedStranger, SendsNoMessageAboveTheLargest) {
  stranger_->send(data_of(std::string(1114112 + 1024, 'x')));

  EXPECT_TRUE(ends_.run([&] { return conn_->closed == 1; }));
  EXPECT_EQ(conn_->received, "");
}

TEST_F(AcceptedStranger, IsHeardNoMoreOnceTheKernelLeaves) {
  conn_->close(FAIRLEAD_CLOSE_DRAIN);
  ASSERT_TRUE(stranger_->hears(Kind::kEnd));
  stranger_->send(data_of("too late"));
  stranger_->send(end_packet());

  EXPECT_TRUE(ends_.run([&] { return conn_->closed == 1; }));
  EXPECT_EQ(conn_->received, "");
  EXPECT_EQ(conn_->why, FAIRLEAD_E_CLOSED);
}

/// Who said goodbye has a second to go, and no new beginning meanwhile.
TEST_F(AcceptedStranger, CannotComeBackOnAConnectionThatEnded) {
  stranger_->send(end_packet());
  ASSERT_TRUE(stranger_->hears(Kind::kEnd));

  stranger_->send(hello());

  EXPECT_TRUE(stranger_->is_hung_up_on());
  EXPECT_EQ(ends_.listener->accepted.size(), 1u);
}

TEST_F(AcceptedStranger, KeepsItsRoutingId) {
  Stranger first(ends_, "twin");
  first.send(hello());
  ASSERT_TRUE(first.hears(Kind::kWelcome));
  fairlead_conn& conn = ends_.listener->accepted.back();
  Stranger second(ends_, "twin");
  second.send(hello());
  ASSERT_TRUE(second.connects());
  ends_.connect();

  first.send(data_of("still here"));

  EXPECT_TRUE(ends_.run([&] { return conn.received == "still here" || conn.closed == 1; }));
  EXPECT_EQ(conn.received, "still here");
  EXPECT_EQ(ends_.listener->accepted.size(), 3u);
}

TEST_F(AcceptedStranger, IsReadToItsLastMessageWhenItIsLost) {
  for (int i = 0; i < kUnderWay; ++i) stranger_->send(data_of("x"));
  stranger_->leave();
  wait_for_input(ends_.loop);

  EXPECT_TRUE(ends_.run([&] { return conn_->closed == 1; }));
  EXPECT_EQ(conn_->received, std::string(kUnderWay, 'x'));
  EXPECT_EQ(conn_->why, FAIRLEAD_E_RESET);
}

TEST(Strangers, AreNobodyBeforeTheirHello) {
  Ends ends("clear");
  ends.listen();
  Stranger stranger(ends);

  stranger.send(data_of("too early"));
  stranger.send(hello());
  stranger.send(data_of("in time"));

  ASSERT_TRUE(stranger.hears(Kind::kWelcome));
  const fairlead_conn& conn = ends.listener->accepted.front();
  EXPECT_TRUE(ends.run([&] { return conn.received == "in time" || conn.closed == 1; }));
  EXPECT_EQ(conn.received, "in time");
}

TEST(Strangers, WhomTheKernelRefusesAreHungUpOn) {
  Ends ends("clear");
  ends.listen();
  ends.listener->refuse = true;
  Stranger stranger(ends);

  stranger.send(hello());

  EXPECT_TRUE(stranger.is_hung_up_on());
  EXPECT_TRUE(ends.listener->accepted.empty());
}

/// A dialling end whose listener is a stranger.
class DialledStranger : public testing::Test {
 protected:
  DialledStranger() { conn_ = stranger_.hears_hello(); }
  bool is_closed_for(const char* what) {
    const bool closed = ends_.run([&] { return conn_->closed == 1; });
    EXPECT_EQ(conn_->why, FAIRLEAD_E_PROTOCOL);
    EXPECT_THAT(conn_->detail, HasSubstr(what));
    return closed;
  }
  void welcome_it() {
    stranger_.send(welcome());
    ASSERT_TRUE(ends_.run([&] { return conn_->opened == 1; }));
  }

  Ends ends_{"clear"};
  StrangeListener stranger_{ends_};
  fairlead_conn* conn_ = nullptr;
};

TEST_F(DialledStranger, SendsNothingBeforeItsWelcome) {
  stranger_.send(data_of("too early"));

  EXPECT_TRUE(is_closed_for("out of turn"));
  EXPECT_EQ(conn_->opened, 0);
}

TEST_F(DialledStranger, AnswersWithAWelcomeAlone) {
  stranger_.send(hello());

  EXPECT_TRUE(is_closed_for("out of turn"));
  EXPECT_EQ(conn_->opened, 0);
}

TEST_F(DialledStranger, WelcomesOnce) {
  welcome_it();

  stranger_.send(welcome());

  EXPECT_TRUE(is_closed_for("out of turn"));
}

TEST_F(DialledStranger, IsHungUpOnForAMessageOfSeveralParts) {
  welcome_it();

  stranger_.send_parts(data_of("a"));

  EXPECT_TRUE(is_closed_for("several parts"));
}

TEST_F(DialledStranger, IsSentNothingBeforeItsWelcome) {
  fairlead_peer peer{};

  EXPECT_EQ(conn_->send({"too early"}), FAIRLEAD_AGAIN);
  EXPECT_EQ(conn_->peer(peer), FAIRLEAD_E_CLOSED);
}

TEST_F(DialledStranger, IsSentNothingAboveTheLargestMessage) {
  welcome_it();

  EXPECT_EQ(conn_->send({std::string(1114113, 'x')}), FAIRLEAD_E_TOO_LARGE);
  EXPECT_EQ(conn_->send({std::string(1114112, 'x')}), FAIRLEAD_OK);
}

TEST_F(DialledStranger, IsSentNothingOnceTheKernelLeaves) {
  welcome_it();

  conn_->close(FAIRLEAD_CLOSE_DRAIN);
  EXPECT_EQ(conn_->send({"too late"}), FAIRLEAD_E_CLOSED);
  conn_->close(FAIRLEAD_CLOSE_ABORT);
  EXPECT_EQ(conn_->send({"too late"}), FAIRLEAD_E_CLOSED);
}

}  // namespace
