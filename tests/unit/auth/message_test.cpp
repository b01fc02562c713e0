#include "auth/message.hpp"

#include "given.hpp"

namespace fairlead::auth {
namespace {

TEST(Message, IsComposedOfWhatTheSenderDecided) {
  Draft draft = a_draft("hello");
  draft.deadline_ms = 1500;
  draft.user_headers = {{"b", "2"}, {"a", "1"}};

  const Message message = compose(std::move(draft));

  EXPECT_EQ(message.headers.from, kSite);
  EXPECT_EQ(message.headers.total_length, 5u);
  EXPECT_EQ(message.headers.deadline_ms, 1500u);
  EXPECT_EQ(frame::decode_user_headers(message.headers.user_headers)->front().first, "a");
  EXPECT_EQ(message.headers.portable.data(), message.block.bytes.data());
}

TEST(Message, TakesThePayloadWithoutACopy) {
  Draft draft = a_draft("hello");
  const uint8_t* payload = draft.payload.bytes.data();

  EXPECT_EQ(compose(std::move(draft)).first.bytes.data(), payload);
}

TEST(Message, JoinsItsSlices) {
  Message message = a_message("ab");
  message.rest.push_back(base::copy_to_slice(base::as_bytes("cd")));

  EXPECT_EQ(message.payload_size(), 4u);
  EXPECT_EQ(base::to_text(message.payload()), "abcd");
}

TEST(Message, KeepsTheEncodingOfADraftThatNobodyWouldTake) {
  Draft draft = a_draft();
  draft.topic = "";

  EXPECT_FALSE(compose(std::move(draft)).headers.portable.empty());
}

}  // namespace
}  // namespace fairlead::auth
