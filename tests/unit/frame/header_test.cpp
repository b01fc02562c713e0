#include "frame/header.hpp"

#include <functional>

#include "frames.hpp"

namespace fairlead::frame {
namespace {

using base::Refusal;

Refusal decode_changed(Header header, const std::function<void(Header&)>& change) {
  change(header);
  return refusal_of(decode_header(encoded(header), kAfterLogin));
}

TEST(FrameHeader, LaysOutEveryFieldBigEndian) {
  Header header = data_header();
  header.block_size = 0x0203;
  header.body_size = 0x00040506;

  EXPECT_EQ(base::hex(encoded(header)),
            "464c440106030203000405060000000701020304050607080000000300000009a1a2a3a4a5a6a7a8");
}

TEST(FrameHeader, ReadsBackWhatItWrote) {
  const Header header = data_header();

  const auto read = decode_header(encoded(header), kAfterLogin);

  ASSERT_TRUE(read);
  EXPECT_EQ(encoded(*read), encoded(header));
}

TEST(FrameHeader, RefusesEveryOtherMagic) {
  base::Bytes bytes = encoded(data_header());
  for (size_t i = 0; i < 4; ++i) {
    base::Bytes changed = bytes;
    changed[i] ^= 1;
    EXPECT_EQ(refusal_of(decode_header(changed, kAfterLogin)), Refusal::malformed) << i;
  }
}

TEST(FrameHeader, RefusesFewerBytesThanAHeader) {
  const base::Bytes bytes = encoded(data_header());

  EXPECT_EQ(refusal_of(decode_header(base::ByteView(bytes).first(39), kAfterLogin)), Refusal::malformed);
}

TEST(FrameHeader, RefusesTypesThatDoNotExist) {
  Header control = data_header();
  control.flags = 0;
  control.stream = {};
  for (const Header& header : {data_header(), control, hello_header()})
    for (const int type : {0, 2, 14, 255})
      EXPECT_EQ(decode_changed(header, [&](Header& h) { h.type = static_cast<FrameType>(type); }),
                Refusal::malformed)
          << type;
}

TEST(FrameHeader, RefusesReservedFlags) {
  for (const int flag : {16, 64, 128})
    EXPECT_EQ(decode_changed(data_header(), [&](Header& h) { h.flags = static_cast<uint8_t>(flag); }),
              Refusal::malformed)
        << flag;
}

TEST(FrameHeader, N48_RefusesPreLoginFramesThatClaimALane) {
  for (const FrameType type : {FrameType::hello, FrameType::login, FrameType::lane_invite})
    EXPECT_EQ(decode_changed(hello_header(),
                             [&](Header& h) {
                               h.type = type;
                               h.lane = base::LaneId(1);
                             }),
              Refusal::malformed)
        << static_cast<int>(type);
}

TEST(FrameHeader, N48_RefusesUntaggedFramesWithAnySessionField) {
  const Header hello = hello_header();

  EXPECT_EQ(decode_changed(hello, [](Header& h) { h.flags = kSealed; }), Refusal::malformed);
  EXPECT_EQ(decode_changed(hello, [](Header& h) { h.flags = kFirst; }), Refusal::malformed);
  EXPECT_EQ(decode_changed(hello, [](Header& h) { h.sequence = base::Sequence(1); }), Refusal::malformed);
  EXPECT_EQ(decode_changed(hello, [](Header& h) { h.epoch = base::Epoch(1); }), Refusal::malformed);
  EXPECT_EQ(decode_changed(hello, [](Header& h) { h.stream = base::StreamId(1); }), Refusal::malformed);
  EXPECT_EQ(decode_changed(hello, [](Header& h) { h.session_prefix = 1; }), Refusal::malformed);
  EXPECT_EQ(decode_changed(hello, [](Header& h) { h.block_size = 1; }), Refusal::malformed);
}

TEST(FrameHeader, AllowsTheServersDirectionBeforeLogin) {
  EXPECT_EQ(decode_changed(hello_header(), [](Header& h) { h.flags = kServerToClient; }), Refusal{});
}

TEST(FrameHeader, N29_RefusesLaneFramesWithoutALane) {
  for (const int type : {5, 6, 7, 8, 9, 10, 11, 12})
    EXPECT_EQ(decode_changed(hello_header(), [&](Header& h) { h.type = static_cast<FrameType>(type); }),
              Refusal::malformed)
        << type;
}

TEST(FrameHeader, LetsAnErrorTravelWithAndWithoutALane) {
  EXPECT_EQ(decode_changed(hello_header(), [](Header& h) { h.type = FrameType::error; }), Refusal{});
  EXPECT_EQ(decode_changed(hello_header(),
                           [](Header& h) {
                             h.type = FrameType::error;
                             h.lane = base::LaneId(1);
                           }),
            Refusal{});
}

TEST(FrameHeader, RefusesMessageFieldsOnControlFrames) {
  Header ping = data_header();
  ping.type = FrameType::ping;
  ping.flags = 0;
  ping.stream = {};

  EXPECT_EQ(decode_changed(ping, [](Header&) {}), Refusal{});
  EXPECT_EQ(decode_changed(ping, [](Header& h) { h.flags = kFirst; }), Refusal::malformed);
  EXPECT_EQ(decode_changed(ping, [](Header& h) { h.flags = kLast; }), Refusal::malformed);
  EXPECT_EQ(decode_changed(ping, [](Header& h) { h.flags = kCompact; }), Refusal::malformed);
  EXPECT_EQ(decode_changed(ping, [](Header& h) { h.stream = base::StreamId(1); }), Refusal::malformed);
  EXPECT_EQ(decode_changed(ping, [](Header& h) { h.block_size = 4; }), Refusal::malformed);
}

TEST(FrameHeader, RefusesASealedLaneOpen) {
  Header open = data_header();
  open.type = FrameType::lane_open;
  open.flags = 0;
  open.stream = {};

  EXPECT_EQ(decode_changed(open, [](Header&) {}), Refusal{});
  EXPECT_EQ(decode_changed(open, [](Header& h) { h.flags = kSealed; }), Refusal::malformed);
}

TEST(FrameHeader, N46_HoldsTheBodyCapExactly) {
  EXPECT_EQ(decode_changed(data_header(), [](Header& h) { h.body_size = kMaxBody - 1; }), Refusal{});
  EXPECT_EQ(decode_changed(data_header(), [](Header& h) { h.body_size = kMaxBody; }), Refusal{});
  EXPECT_EQ(decode_changed(data_header(), [](Header& h) { h.body_size = kMaxBody + 1; }), Refusal::too_large);
  EXPECT_EQ(decode_changed(data_header(), [](Header& h) { h.body_size = 0x80000000; }), Refusal::too_large);
  EXPECT_EQ(decode_changed(data_header(), [](Header& h) { h.body_size = UINT32_MAX; }), Refusal::too_large);
}

TEST(FrameHeader, N45_HoldsTheBlockCapExactly) {
  EXPECT_EQ(decode_changed(data_header(), [](Header& h) { h.block_size = kMaxBlock; }), Refusal{});
  EXPECT_EQ(decode_changed(data_header(), [](Header& h) { h.block_size = kMaxBlock + 1; }),
            Refusal::too_large);
  EXPECT_EQ(decode_changed(data_header(), [](Header& h) { h.block_size = UINT16_MAX; }), Refusal::too_large);
}

TEST(FrameHeader, N46_HoldsTheSmallerCapBeforeLogin) {
  Header login = hello_header();
  login.type = FrameType::login;
  login.body_size = kMaxBodyBeforeLogin + 1;

  EXPECT_EQ(refusal_of(decode_header(encoded(login), Limits{})), Refusal::too_large);
}

TEST(FrameDecode, FindsThePartsOfAFrame) {
  Header header = data_header();
  header.block_size = 3;
  header.body_size = 5;
  base::Bytes buffer = whole(header);
  buffer.push_back(0xEE);

  const auto decoded = decode(buffer, kAfterLogin);

  ASSERT_TRUE(decoded && decoded->complete);
  EXPECT_EQ(decoded->frame.header_bytes.data(), buffer.data());
  EXPECT_EQ(decoded->frame.block.data(), buffer.data() + 40);
  EXPECT_EQ(decoded->frame.body.data(), buffer.data() + 43);
  EXPECT_EQ(decoded->frame.tag.data(), buffer.data() + 48);
  EXPECT_EQ(decoded->frame.tag.size(), kTagSize);
  EXPECT_EQ(decoded->needed, 64u);
}

TEST(FrameDecode, GivesNoTagBeforeLogin) {
  base::Bytes buffer = whole(hello_header());

  const auto decoded = decode(buffer, kAfterLogin);

  ASSERT_TRUE(decoded && decoded->complete);
  EXPECT_TRUE(decoded->frame.tag.empty());
}

TEST(FrameDecode, N35_IsIncompleteAtEveryTruncation) {
  Header header = data_header();
  header.block_size = 3;
  header.body_size = 5;
  base::Bytes buffer = whole(header);
  for (size_t size = 0; size < buffer.size(); ++size) {
    const auto decoded = decode(base::MutableByteView(buffer).first(size), kAfterLogin);
    ASSERT_TRUE(decoded) << size;
    EXPECT_FALSE(decoded->complete) << size;
    EXPECT_EQ(decoded->needed, size < kHeaderSize ? kHeaderSize : buffer.size()) << size;
  }
}

TEST(FrameDecode, TellsAForeignProtocolByItsFirstByte) {
  base::Bytes request = base::to_bytes("G");

  EXPECT_EQ(refusal_of(decode(request, kAfterLogin)), Refusal::malformed);
}

TEST(FrameDecode, N46_RefusesBeforeTheBodyIsThere) {
  Header header = data_header();
  header.body_size = UINT32_MAX;
  base::Bytes buffer = encoded(header);

  EXPECT_EQ(refusal_of(decode(buffer, kAfterLogin)), Refusal::too_large);
}

}  // namespace
}  // namespace fairlead::frame
