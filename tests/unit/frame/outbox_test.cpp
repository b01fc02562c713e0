#include "frame/outbox.hpp"

#include "frames.hpp"

namespace fairlead::frame {
namespace {

std::string sent(std::span<const base::ByteView> slices) {
  std::string out;
  for (const base::ByteView slice : slices) out += base::as_text(slice);
  return out;
}

class OutboxTest : public ::testing::Test {
 protected:
  void append(std::string_view text) { outbox_.append(base::as_bytes(text)); }

  HeapBlocks memory_;
  Outbox outbox_{memory_};
};

TEST_F(OutboxTest, SendsInTheOrderOfCalls) {
  append("a");
  outbox_.add(base::copy_to_slice(base::as_bytes("b")));
  append("c");

  EXPECT_EQ(sent(outbox_.begin_send(10)), "abc");
}

TEST_F(OutboxTest, MergesWhatIsContiguous) {
  append("ab");
  append("cd");

  EXPECT_EQ(outbox_.begin_send(10).size(), 1u);
}

TEST_F(OutboxTest, HoldsAddedSlicesWithoutACopy) {
  const base::Slice payload = base::copy_to_slice(base::as_bytes("payload"));
  outbox_.add(payload);

  EXPECT_EQ(outbox_.begin_send(1)[0].data(), payload.bytes.data());
  EXPECT_FALSE(payload.owner.is_only());
  outbox_.end_send();
  EXPECT_TRUE(payload.owner.is_only());
}

TEST_F(OutboxTest, SkipsEmptySlices) {
  outbox_.add({});

  EXPECT_TRUE(outbox_.empty());
}

TEST_F(OutboxTest, CountsWaitingAndFlyingBytes) {
  append("abc");
  static_cast<void>(outbox_.begin_send(1));
  append("de");

  EXPECT_EQ(outbox_.waiting_bytes(), 2u);
  EXPECT_EQ(outbox_.bytes(), 5u);
  outbox_.end_send();
  EXPECT_EQ(outbox_.bytes(), 2u);
}

TEST_F(OutboxTest, TakesAtMostTheGivenNumberOfSlices) {
  for (const char* text : {"a", "b", "c"}) outbox_.add(base::copy_to_slice(base::as_bytes(text)));

  EXPECT_EQ(sent(outbox_.begin_send(2)), "ab");
  outbox_.end_send();
  EXPECT_EQ(sent(outbox_.begin_send(2)), "c");
}

TEST_F(OutboxTest, PutsAnUntakenFlightBackInFront) {
  for (const char* text : {"a", "b", "c"}) outbox_.add(base::copy_to_slice(base::as_bytes(text)));
  static_cast<void>(outbox_.begin_send(2));
  append("d");
  outbox_.undo_send();

  EXPECT_FALSE(outbox_.in_flight());
  EXPECT_EQ(outbox_.waiting_bytes(), 4u);
  EXPECT_EQ(sent(outbox_.begin_send(9)), "abcd");
}

TEST_F(OutboxTest, PutsAWholeFlightBackInFrontOfNewSlices) {
  append("ab");
  static_cast<void>(outbox_.begin_send(9));
  append("cd");
  outbox_.undo_send();

  EXPECT_EQ(sent(outbox_.begin_send(9)), "abcd");
}

TEST_F(OutboxTest, NeverWritesIntoAFlight) {
  append("ab");
  const auto flight = outbox_.begin_send(9);
  append("cd");

  EXPECT_EQ(sent(flight), "ab");
}

TEST_F(OutboxTest, UsesItsBlockAgain) {
  append("ab");
  append("cd");

  EXPECT_EQ(memory_.taken, 1u);
}

TEST_F(OutboxTest, TakesALargerBlockWhenNeeded) { EXPECT_EQ(outbox_.room(1u << 20).size(), 1u << 20); }

TEST_F(OutboxTest, KeepsNoMemoryWhenEverythingIsSent) {
  append("ab");
  static_cast<void>(outbox_.begin_send(1));
  outbox_.end_send();
  append("cd");

  EXPECT_EQ(memory_.taken, 2u);
}

TEST_F(OutboxTest, ForgetsEverythingOnClear) {
  append("ab");
  static_cast<void>(outbox_.begin_send(1));
  append("cd");
  outbox_.clear();

  EXPECT_EQ(outbox_.bytes(), 0u);
  EXPECT_TRUE(outbox_.empty());
  EXPECT_FALSE(outbox_.in_flight());
}

/// A data frame with this much body, as bytes.
base::Bytes frame_of(uint8_t fill, size_t body) {
  Header header = data_header();
  header.body_size = static_cast<uint32_t>(body);
  base::Bytes bytes(header.frame_size(), fill);
  encode(header, base::MutableByteView(bytes).first(kHeaderSize));
  return bytes;
}

base::Bytes bytes_of(std::span<const base::ByteView> slices) { return base::to_bytes(sent(slices)); }

/// Small frames lie in one slice of the arena, one behind the other.
TEST_F(OutboxTest, GivesOneFrameAtATimeWhereOneIsAskedFor) {
  const base::Bytes first = frame_of('a', 10), second = frame_of('b', 0);
  outbox_.append(first);
  outbox_.append(second);

  EXPECT_EQ(bytes_of(outbox_.begin_frame()), first);
  outbox_.end_send();
  EXPECT_EQ(bytes_of(outbox_.begin_frame()), second);
  outbox_.end_send();
  EXPECT_TRUE(outbox_.empty());
}

TEST_F(OutboxTest, GathersTheSlicesOfOneFrame) {
  const base::Bytes whole = frame_of('c', 100), next = frame_of('d', 5);
  const base::ByteView bytes(whole);
  outbox_.append(bytes.first(kHeaderSize));
  outbox_.add(base::copy_to_slice(bytes.subspan(kHeaderSize, 100)));
  outbox_.append(bytes.last(kTagSize));
  outbox_.append(next);

  const auto slices = outbox_.begin_frame();

  EXPECT_EQ(slices.size(), 3u);
  EXPECT_EQ(bytes_of(slices), whole);
  outbox_.end_send();
  EXPECT_EQ(bytes_of(outbox_.begin_frame()), next);
}

TEST_F(OutboxTest, AFrameThatWasNotTakenComesAgain) {
  const base::Bytes first = frame_of('a', 10), second = frame_of('b', 20);
  outbox_.append(first);
  outbox_.append(second);
  static_cast<void>(outbox_.begin_frame());

  outbox_.undo_send();

  EXPECT_EQ(outbox_.waiting_bytes(), first.size() + second.size());
  EXPECT_EQ(bytes_of(outbox_.begin_frame()), first);
  outbox_.end_send();
  EXPECT_EQ(bytes_of(outbox_.begin_frame()), second);
}

TEST_F(OutboxTest, BytesThatAreNoFrameGoAsOneMessage) {
  append("no frame begins like this, however long it goes on");
  append("and on");

  EXPECT_EQ(sent(outbox_.begin_frame()), "no frame begins like this, however long it goes onand on");
  outbox_.end_send();
  EXPECT_TRUE(outbox_.empty());
}

TEST_F(OutboxTest, FrameThatEndsTooEarlyGoesAsItIs) {
  const base::Bytes whole = frame_of('a', 10);
  const base::ByteView cut = base::ByteView(whole).first(whole.size() - 1);
  outbox_.append(cut);

  EXPECT_EQ(bytes_of(outbox_.begin_frame()), base::to_bytes(cut));
}

}  // namespace
}  // namespace fairlead::frame
