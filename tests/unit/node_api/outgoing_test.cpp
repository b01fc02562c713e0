#include <gtest/gtest.h>

#include "node/c_api_message.hpp"

namespace fairlead::node {
namespace {

fairlead_text text(std::string_view view) { return {view.data(), view.size()}; }

/// A message that can be used; each test spoils one thing.
class OutgoingMessage : public testing::Test {
 protected:
  OutgoingMessage() {
    raw_.struct_size = sizeof(raw_);
    raw_.to = text("site-1");
    raw_.topic = text("train");
    raw_.slices = slices_.data();
    raw_.slice_count = static_cast<uint32_t>(slices_.size());
  }
  bool is_refused() { return !take_outgoing(raw_).has_value(); }

  const std::string one_ = "ab", two_ = "c";
  const std::array<fairlead_bytes, 2> slices_{
      {{base::as_bytes(one_).data(), 2}, {base::as_bytes(two_).data(), 1}}};
  fairlead_outgoing raw_{};
};

TEST_F(OutgoingMessage, GathersItsSlices) {
  EXPECT_EQ(base::as_text(take_outgoing(raw_)->payload.bytes), "abc");
}

TEST_F(OutgoingMessage, MayGoToEveryone) {
  raw_.to = text("*");
  EXPECT_FALSE(is_refused());
}

TEST_F(OutgoingMessage, NeedsAnEndpoint) {
  raw_.to = text("a/b/c");
  EXPECT_TRUE(is_refused());
}

TEST_F(OutgoingMessage, NeedsATopic) {
  raw_.topic = text("");
  EXPECT_TRUE(is_refused());
}

TEST_F(OutgoingMessage, TakesTheLongestTopicAndNoLonger) {
  const std::string longest(255, 't'), longer(256, 't');

  raw_.topic = text(longest);
  EXPECT_FALSE(is_refused());
  raw_.topic = text(longer);
  EXPECT_TRUE(is_refused());
}

TEST_F(OutgoingMessage, RefusesATopicThatTheGateWouldRefuse) {
  raw_.topic = text("two\nlines");
  EXPECT_TRUE(is_refused());
}

TEST_F(OutgoingMessage, TakesTheLargestHeadersAndNoLarger) {
  const std::string largest(12288 - 6 - 1, 'v'), larger(12288 - 6, 'v');
  fairlead_header header{text("n"), text(largest)};
  raw_.headers = &header;
  raw_.header_count = 1;

  EXPECT_FALSE(is_refused());
  header.value = text(larger);
  EXPECT_TRUE(is_refused());
}

TEST_F(OutgoingMessage, TakesTheLargestPayloadAndNoLarger) {
  const base::Bytes room((16u << 20) + 1);
  fairlead_bytes slice{room.data(), 16u << 20};
  raw_.slices = &slice;
  raw_.slice_count = 1;

  EXPECT_FALSE(is_refused());
  slice.size += 1;
  EXPECT_TRUE(is_refused());
}

TEST_F(OutgoingMessage, RefusesAHeaderTwice) {
  const std::array<fairlead_header, 2> twice{{{text("a"), text("1")}, {text("a"), text("2")}}};
  raw_.headers = twice.data();
  raw_.header_count = 2;

  EXPECT_TRUE(is_refused());
}

TEST_F(OutgoingMessage, RefusesAReservedHeader) {
  const fairlead_header reserved{text("fairlead-error"), text("x")};
  raw_.headers = &reserved;
  raw_.header_count = 1;

  EXPECT_TRUE(is_refused());
}

TEST_F(OutgoingMessage, PromisesItsContentOnWish) {
  EXPECT_FALSE(take_outgoing(raw_)->content_sha256.has_value());
  raw_.flags = FAIRLEAD_ATTACH_DIGEST;
  EXPECT_TRUE(take_outgoing(raw_)->content_sha256.has_value());
}

TEST_F(OutgoingMessage, GivesLentMemoryBackOnceTheLastSliceIsGone) {
  int returned = 0;
  raw_.slice_count = 1;
  raw_.release = [](void* count) { ++*static_cast<int*>(count); };
  raw_.release_arg = &returned;

  {
    const base::Result<Outgoing> taken = take_outgoing(raw_);
    EXPECT_EQ(taken->payload.bytes.data(), slices_[0].data);
    EXPECT_EQ(returned, 0);
  }

  EXPECT_EQ(returned, 1);
}

TEST_F(OutgoingMessage, KeepsTheCallersMemoryAloneWhenRefused) {
  int returned = 0;
  raw_.topic = text("");
  raw_.release = [](void* count) { ++*static_cast<int*>(count); };
  raw_.release_arg = &returned;

  EXPECT_TRUE(is_refused());

  EXPECT_EQ(returned, 0);
}

}  // namespace
}  // namespace fairlead::node
