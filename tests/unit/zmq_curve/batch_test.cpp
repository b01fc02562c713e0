// Several frames in one packet: what it looks like, what is refused, and who keeps what.
#include "batch.hpp"

#include "stranger.hpp"
#include "window.hpp"

namespace {

using namespace zmq_curve;  // NOLINT(google-build-using-namespace)
using testing::ElementsAre;

void add(Batch& batch, std::string_view frame) {
  const fairlead_bytes slice{reinterpret_cast<const uint8_t*>(frame.data()), frame.size()};
  batch.add({&slice, 1}, frame.size());
}

/// A packet of these frames.
zmq::message_t batch_of(std::initializer_list<std::string_view> frames) {
  Batch batch;
  for (const std::string_view frame : frames) add(batch, frame);
  return batch.packet();
}

std::vector<std::string> frames_of(const zmq::message_t& packet) {
  std::vector<std::string> frames;
  for (size_t at = kDataHeader; at < packet.size(); at += kFrameHeader + frames.back().size()) {
    const auto frame = frame_at(bytes_of(packet), at);
    frames.emplace_back(frame.begin(), frame.end());
  }
  return frames;
}

TEST(Batches, ArePacketsOfFramesBehindTheirSizes) {
  const zmq::message_t packet = batch_of({"ab", "c"});

  EXPECT_EQ(packet.to_string(), std::string("\6\0\0\0\2ab\0\0\0\1c", 12));
  EXPECT_EQ(kind_of(bytes_of(packet)), Kind::kBatch);
  EXPECT_EQ(frames_in(bytes_of(packet)), 2u);
  EXPECT_THAT(frames_of(packet), ElementsAre("ab", "c"));
}

TEST(Batches, SayHowLargeTheyWouldBe) {
  Batch batch;
  EXPECT_TRUE(batch.empty());

  for (const std::string& frame : {std::string("ab"), std::string(300, 'x')}) {
    const size_t said = batch.size_with(frame.size());
    add(batch, frame);
    EXPECT_EQ(batch.packet().size(), said);
  }
  EXPECT_EQ(batch.frames(), 2u);
  batch.clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_TRUE(batch.has_room(kLargestBatch - kDataHeader - kFrameHeader));
  EXPECT_FALSE(batch.has_room(kLargestBatch - kDataHeader - kFrameHeader + 1));
}

TEST(Batches, JoinTheSlicesOfAFrame) {
  const fairlead_bytes slices[] = {
      {reinterpret_cast<const uint8_t*>("ab"), 2}, {}, {reinterpret_cast<const uint8_t*>("c"), 1}};
  Batch batch;

  batch.add(slices, 3);

  EXPECT_THAT(frames_of(batch.packet()), ElementsAre("abc"));
}

TEST(Batches, AnythingElseIsNone) {
  for (const std::string& bytes :
       {std::string("\6", 1), std::string("\6\0\0\0", 4), std::string("\6\0\0\0\0", 5),
        std::string("\6\0\0\0\0\0\0\0\1a", 10), std::string("\6\0\0\0\2a", 6), std::string("\6\0\0\0\1ab", 7),
        std::string("\6\0\0\0\1a\0\0\0", 9), std::string("\6\0\0\0\1a\0\0\0\0", 10),
        std::string("\6\xff\xff\xff\xff?", 6)})
    EXPECT_FALSE(kind_of({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}))
        << testing::PrintToString(bytes);
}

TEST_P(EachSecurity, SmallMessagesOfOneTurnLeaveTogetherInOrder) {
  Ends ends(GetParam());
  ends.connect();
  ASSERT_TRUE(ends.both_open());
  std::vector<std::string> sent;
  sent.reserve(102);
  for (size_t i = 0; i < 100; ++i) sent.push_back(std::to_string(i) + std::string(i * 3, '.'));
  sent.emplace_back(kLargestBatch, 'x');  // too large to be in one
  sent.emplace_back("and on");

  for (const std::string& one : sent) ASSERT_EQ(ends.dialled->send({one}), FAIRLEAD_OK);

  EXPECT_TRUE(ends.run([&] { return ends.accepted->messages.size() == sent.size(); }));
  EXPECT_EQ(ends.accepted->messages, sent);
}

using Batched = AcceptedStranger;

TEST_F(Batched, FramesLeaveInOnePacket) {
  for (const char* const frame : {"a", "b", "c"}) ASSERT_EQ(conn_->send({frame}), FAIRLEAD_OK);

  zmq::message_t packet;
  ASSERT_TRUE(stranger_->hears(Kind::kBatch, &packet));
  EXPECT_THAT(frames_of(packet), ElementsAre("a", "b", "c"));
}

TEST_F(Batched, FramesWaitWhileTheKernelDoesNotRead) {
  conn_->pause_at = 1;
  stranger_->send(batch_of({"a", "b", "c"}));
  stranger_->send(data_of("d"));
  for (const char* const all : {"a", "ab"}) {
    conn_->pause_at = std::string_view(all).size();
    conn_->set_reading(true);
    ASSERT_TRUE(receives(all));
    turn_often();
    EXPECT_EQ(conn_->received, all);
  }

  read_again();

  EXPECT_TRUE(ends_.run([&] { return conn_->received.size() == 4; }));
  EXPECT_THAT(conn_->messages, ElementsAre("a", "b", "c", "d"));
}

TEST_F(Batched, FramesThatWaitArriveBeforeTheEnd) {
  conn_->pause_at = 1;
  stranger_->send(batch_of({"a", "b"}));
  stranger_->send(end_packet());
  ASSERT_TRUE(receives("a"));
  turn_often();
  EXPECT_EQ(conn_->closed, 0);

  read_again();

  EXPECT_TRUE(ends_.run([&] { return conn_->closed == 1; }));
  EXPECT_EQ(conn_->received, "ab");
}

TEST_F(Batched, FramesAreNotHeardOnceTheKernelLeaves) {
  conn_->pause_at = 1;
  stranger_->send(batch_of({"a", "b"}));
  ASSERT_TRUE(receives("a"));

  conn_->close(FAIRLEAD_CLOSE_DRAIN);
  ASSERT_TRUE(stranger_->hears(Kind::kEnd));
  stranger_->send(end_packet());

  EXPECT_TRUE(ends_.run([&] { return conn_->closed == 1; }));
  EXPECT_EQ(conn_->received, "a");
}

/// Many tiny frames cost memory as many small messages do, and the window says so.
TEST_F(Batched, EachFrameCountsAgainstTheWindow) {
  conn_->pause_at = 1;
  Batch batch;
  for (uint64_t cost = 0; cost <= kFirstWindow; cost += cost_of(0)) add(batch, "x");

  for (const char* const text : {"taken", "held"}) stranger_->send(data_of(text));
  stranger_->send(batch.packet());

  EXPECT_TRUE(is_closed_for("more than it was given room for"));
}

TEST_F(Batched, TheSenderCountsEachFrameToo) {
  ends_.connect();
  ASSERT_TRUE(ends_.both_open());
  ends_.accepted->pause_at = 1;
  ASSERT_EQ(ends_.dialled->send({"read"}), FAIRLEAD_OK);
  ASSERT_TRUE(ends_.run([&] { return ends_.accepted->received == "read"; }));

  ASSERT_EQ(ends_.dialled->send({std::string(kFirstWindow / 2, 'x')}), FAIRLEAD_OK);
  size_t frames = 2;
  while (ends_.dialled->send({"x"}) == FAIRLEAD_OK) ++frames;
  turn_often();
  EXPECT_EQ(ends_.accepted->closed, 0) << ends_.accepted->detail;
  ends_.accepted->pause_at = SIZE_MAX;
  ends_.accepted->set_reading(true);

  EXPECT_TRUE(ends_.run([&] { return ends_.accepted->messages.size() == frames; })) << frames;
}

/// Credits come back for all frames of a packet: a stream of batches never stands still.
TEST_F(Batched, CreditsCoverEachFrame) {
  ends_.connect();
  ASSERT_TRUE(ends_.both_open());
  size_t sent = 0;
  const auto some_more = [&] {
    while (sent < 5000 && ends_.dialled->send({std::string(50, 'x')}) == FAIRLEAD_OK) ++sent;
    return ends_.accepted->messages.size() == 5000;
  };

  EXPECT_TRUE(ends_.run(some_more)) << sent << " sent, " << ends_.accepted->messages.size() << " arrived";
}

}  // namespace
