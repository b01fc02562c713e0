#include "frame/message_headers.hpp"

#include <functional>

#include "frame/tlv.hpp"
#include "frames.hpp"

namespace fairlead::frame {
namespace {

using base::Bytes;
using base::Refusal;

Refusal decode_changed(const std::function<void(MessageHeaders&)>& change) {
  MessageHeaders headers = request_headers();
  change(headers);
  return refusal_of(decode_message_headers(portable(headers)));
}

TEST(MessageHeaders, ReadsBackEveryField) {
  const Bytes user = encode_user_headers({{"b", "2"}, {"a", "1"}});
  MessageHeaders sent = request_headers();
  sent.kind = MessageKind::reply;
  sent.correlation = MessageId{9};
  sent.deadline_ms = 1500;
  sent.content_sha256 = base::Digest{8};
  sent.lowest_unanswered = 77;
  sent.user_headers = user;
  const Bytes block = portable(sent);

  const auto read = decode_message_headers(block);

  ASSERT_TRUE(read);
  EXPECT_EQ(read->to, sent.to);
  EXPECT_EQ(read->topic, sent.topic);
  EXPECT_EQ(read->from, sent.from);
  EXPECT_EQ(read->id, sent.id);
  EXPECT_EQ(read->total_length, sent.total_length);
  EXPECT_EQ(read->kind, sent.kind);
  EXPECT_EQ(read->correlation, sent.correlation);
  EXPECT_EQ(read->deadline_ms, sent.deadline_ms);
  EXPECT_EQ(read->content_sha256, sent.content_sha256);
  EXPECT_EQ(read->lowest_unanswered, sent.lowest_unanswered);
  EXPECT_EQ(base::hex(read->user_headers), base::hex(user));
  EXPECT_EQ(base::hex(read->portable), base::hex(block));
}

TEST(MessageHeaders, N44_LeavesCredentialsOutOfThePortablePart) {
  Bytes block;
  append_credentials(block, "site-1", Bytes{1, 2}, Bytes{3});
  const Bytes rest = portable(request_headers());
  base::append(block, rest);

  const auto read = decode_message_headers(block);

  ASSERT_TRUE(read);
  EXPECT_EQ(read->client_name, "site-1");
  EXPECT_EQ(base::hex(read->token), "0102");
  EXPECT_EQ(base::hex(read->token_signature), "03");
  EXPECT_EQ(base::hex(read->portable), base::hex(rest));
}

TEST(MessageHeaders, RefusesABlockWithoutAnyRequiredField) {
  const Bytes whole = portable(request_headers());
  TlvReader reader(whole);
  for (base::ByteView before = reader.rest(); !before.empty(); before = reader.rest()) {
    ASSERT_TRUE(reader.next());
    const size_t at = whole.size() - before.size(), end = whole.size() - reader.rest().size();
    Bytes without(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at));
    base::append(without, base::ByteView(whole).subspan(end));
    EXPECT_EQ(refusal_of(decode_message_headers(without)), Refusal::bad_headers) << "field at " << at;
  }
}

TEST(MessageHeaders, N45_RefusesAZeroLengthName) {
  Bytes block;
  append_credentials(block, "", Bytes{1}, Bytes{1});
  base::append(block, portable(request_headers()));

  EXPECT_EQ(refusal_of(decode_message_headers(block)), Refusal::bad_headers);
}

TEST(MessageHeaders, RefusesKindsThatDoNotExist) {
  EXPECT_EQ(decode_changed([](auto& h) { h.kind = MessageKind{0}; }), Refusal::bad_headers);
  EXPECT_EQ(decode_changed([](auto& h) { h.kind = MessageKind{4}; }), Refusal::bad_headers);
}

TEST(MessageHeaders, AsksForACorrelationOnRepliesAndOnlyThere) {
  EXPECT_EQ(decode_changed([](auto& h) { h.kind = MessageKind::reply; }), Refusal::bad_headers);
  EXPECT_EQ(decode_changed([](auto& h) { h.correlation = MessageId{1}; }), Refusal::bad_headers);
}

TEST(MessageHeaders, TakesEveryoneAsReceiverOnly) {
  EXPECT_EQ(decode_changed([](auto& h) { h.to = "*"; }), Refusal{});
  EXPECT_EQ(decode_changed([](auto& h) { h.from = "*"; }), Refusal::bad_headers);
}

TEST(MessageHeaders, RefusesAddressesThatAreNone) {
  for (const std::string_view bad : {"site 1", "/site-1", "site-1/", "a//b", "site\n", "s\xC3\xA9"}) {
    EXPECT_EQ(decode_changed([&](auto& h) { h.from = bad; }), Refusal::bad_headers) << bad;
    EXPECT_EQ(decode_changed([&](auto& h) { h.to = bad; }), Refusal::bad_headers) << bad;
  }
}

TEST(MessageHeaders, HoldsTheLimitOfNames) {
  const std::string most(320, 'a'), more(321, 'a');

  EXPECT_EQ(decode_changed([&](auto& h) { h.from = h.to = most; }), Refusal{});
  EXPECT_EQ(decode_changed([&](auto& h) { h.from = more; }), Refusal::bad_headers);
  EXPECT_EQ(decode_changed([&](auto& h) { h.to = more; }), Refusal::bad_headers);
}

TEST(MessageHeaders, HoldsTheLimitOfTopics) {
  const std::string most(255, 't'), more(256, 't');

  EXPECT_EQ(decode_changed([&](auto& h) { h.topic = most; }), Refusal{});
  EXPECT_EQ(decode_changed([&](auto& h) { h.topic = more; }), Refusal::bad_headers);
  EXPECT_EQ(decode_changed([&](auto& h) { h.topic = ""; }), Refusal::bad_headers);
}

TEST(MessageHeaders, TakesUtf8TopicsWithoutControlCharacters) {
  for (const std::string_view good : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "a b"})
    EXPECT_EQ(decode_changed([&](auto& h) { h.topic = good; }), Refusal{}) << good;
  for (const std::string_view bad : {"\x01", "\x7F", "\xC2\x85", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                                     "\xF4\x90\x80\x80", "\xF0\x80\x80\x80", "\xC3", "\x80", "\xC3(", "\xFF"})
    EXPECT_EQ(decode_changed([&](auto& h) { h.topic = bad; }), Refusal::bad_headers) << bad;
}

TEST(UserHeaders, ComeBackSorted) {
  const Bytes encoded = encode_user_headers({{"b", "2"}, {"a", ""}});

  const auto read = decode_user_headers(encoded);

  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (UserHeaders{{"a", ""}, {"b", "2"}}));
}

TEST(UserHeaders, AreRefusedUnlessStrict) {
  for (const std::string_view bad : {"000162000000000001610000000000",  // unsorted
                                     "00016100000000000161000000003f",  // repeated, trailing
                                     "0001610000000000016100000000",    // repeated
                                     "000000000000",                    // no name
                                     "00016100000002ff",                // value longer than the rest
                                     "00016100000002",                  // value longer than nothing
                                     "000161", "00016100",              // no length of a value
                                     "0002610000"}) {                   // cut off
    const Bytes encoded = *base::from_hex(bad);
    EXPECT_EQ(refusal_of(decode_user_headers(encoded)), Refusal::bad_headers) << bad;
    EXPECT_EQ(decode_changed([&](auto& h) { h.user_headers = encoded; }), Refusal::bad_headers) << bad;
  }
}

}  // namespace
}  // namespace fairlead::frame
