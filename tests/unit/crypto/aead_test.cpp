#include "crypto/aead.hpp"

#include <gtest/gtest.h>

namespace fairlead::crypto {
namespace {

using base::Bytes;
using base::ByteView;
using base::hex;
using base::Sequence;

Bytes unhex(std::string_view text) { return base::from_hex(text).value(); }

/// Test case 16 of "The Galois/Counter Mode of Operation", the source of NIST's vectors.
const char* const kKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
const char* const kIv = "cafebabefacedbaddecaf888";
const char* const kHeader = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
const char* const kPlain =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5"
    "aa0de657"
    "ba637b39";
const char* const kCipherText =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e63"
    "93ba7a0a"
    "bcc9f662";
const char* const kTag = "76fc6ece0f4e1768cddf8853bb2d551b";

LaneCipher cipher(AeadUse use, std::string_view iv = kIv) { return {use, unhex(kKey), unhex(iv)}; }

struct Sealed {
  Bytes content;
  Tag tag;
};

Sealed seal(LaneCipher& with, uint64_t sequence, ByteView header, std::vector<ByteView> parts) {
  size_t total = 0;
  for (const ByteView part : parts) total += part.size();
  Sealed out{Bytes(total), {}};
  out.tag = with.seal(Sequence(sequence), header, parts, out.content);
  return out;
}

TEST(LaneCipher, SealsAsTheNistVectorSays) {
  LaneCipher protect = cipher(AeadUse::protect);
  const Sealed sealed = seal(protect, 0, unhex(kHeader), {unhex(kPlain)});
  EXPECT_EQ(hex(sealed.content), kCipherText);
  EXPECT_EQ(hex(sealed.tag), kTag);
}

TEST(LaneCipher, PartsAreSealedAsOne) {
  const Bytes plain = unhex(kPlain);
  LaneCipher protect = cipher(AeadUse::protect);
  const ByteView view(plain);
  const Sealed sealed =
      seal(protect, 0, unhex(kHeader), {view.first(7), {}, view.subspan(7, 20), view.subspan(27)});
  EXPECT_EQ(hex(sealed.content), kCipherText);
  EXPECT_EQ(hex(sealed.tag), kTag);
}

TEST(LaneCipher, OpensTheNistVectorInPlace) {
  LaneCipher open = cipher(AeadUse::open);
  Bytes content = unhex(kCipherText);
  EXPECT_TRUE(open.open(Sequence(0), unhex(kHeader), content, unhex(kTag)));
  EXPECT_EQ(hex(content), kPlain);
}

TEST(LaneCipher, NonceIsIvXorSequenceInItsLastEightBytes) {
  LaneCipher protect = cipher(AeadUse::protect);
  LaneCipher by_hand = cipher(AeadUse::protect, "cafebabefbccd8a9dbccff8f");
  const Sealed at_sequence = seal(protect, 0x0102030405060707, unhex(kHeader), {unhex(kPlain)});
  const Sealed expected = seal(by_hand, 0, unhex(kHeader), {unhex(kPlain)});
  EXPECT_NE(hex(at_sequence.tag), kTag);
  EXPECT_EQ(at_sequence.tag, expected.tag);
  EXPECT_EQ(at_sequence.content, expected.content);
}

TEST(LaneCipher, EveryBitOfASealedFrameCounts) {
  LaneCipher protect = cipher(AeadUse::protect);
  LaneCipher open = cipher(AeadUse::open);
  const Bytes header = unhex(kHeader);
  const Sealed sealed = seal(protect, 5, header, {base::as_bytes("payload")});
  for (size_t bit = 0; bit < (header.size() + sealed.content.size() + sealed.tag.size()) * 8; ++bit) {
    Bytes frame = header;
    base::append(frame, sealed.content);
    base::append(frame, sealed.tag);
    frame[bit / 8] = static_cast<uint8_t>(frame[bit / 8] ^ (1U << (bit % 8)));
    const base::MutableByteView all(frame);
    const auto content = all.subspan(header.size(), sealed.content.size());
    ASSERT_FALSE(open.open(Sequence(5), all.first(header.size()), content, all.last(kAeadTagSize))) << bit;
    ASSERT_EQ(base::to_bytes(content), Bytes(content.size(), 0)) << "plaintext must not survive a bad tag";
  }
  Bytes content = sealed.content;
  EXPECT_TRUE(open.open(Sequence(5), header, content, sealed.tag)) << "failures leave the context usable";
}

TEST(LaneCipher, OtherSequenceOrTagLengthIsRefused) {
  LaneCipher protect = cipher(AeadUse::protect);
  LaneCipher open = cipher(AeadUse::open);
  const Sealed sealed = seal(protect, 5, {}, {base::as_bytes("payload")});
  Bytes content = sealed.content;
  EXPECT_FALSE(open.open(Sequence(6), {}, content, sealed.tag));
  content = sealed.content;
  EXPECT_FALSE(open.open(Sequence(5), {}, content, ByteView(sealed.tag).first(12)));
  content = sealed.content;
  EXPECT_FALSE(open.open(Sequence(5), {}, content, {}));
  content = sealed.content;
  Bytes longer(sealed.tag.begin(), sealed.tag.end());
  longer.push_back(0);
  EXPECT_FALSE(open.open(Sequence(5), {}, content, longer));
}

TEST(LaneCipher, MacAuthenticatesEveryPart) {
  LaneCipher protect = cipher(AeadUse::protect);
  LaneCipher open = cipher(AeadUse::open);
  const std::vector<ByteView> parts = {base::as_bytes("header"), base::as_bytes("block"),
                                       base::as_bytes("body")};
  const Tag tag = protect.tag(Sequence(1), parts);
  EXPECT_TRUE(open.check(Sequence(1), parts, tag));
  EXPECT_FALSE(open.check(Sequence(2), parts, tag));
  for (size_t i = 0; i < parts.size(); ++i) {
    auto changed = parts;
    changed[i] = base::as_bytes("other");
    EXPECT_FALSE(open.check(Sequence(1), changed, tag)) << i;
  }
  EXPECT_TRUE(open.check(Sequence(1), std::vector<ByteView>{base::as_bytes("headerblockbody")}, tag))
      << "the parts delimit themselves or not at all";
}

TEST(LaneCipher, MacAndSealNeverMeet) {
  LaneCipher protect = cipher(AeadUse::protect);
  LaneCipher open = cipher(AeadUse::open);
  const Bytes header = unhex(kHeader);
  Sealed sealed = seal(protect, 1, header, {base::as_bytes("body")});
  EXPECT_FALSE(open.check(Sequence(1), std::vector<ByteView>{header, sealed.content}, sealed.tag));
  const Bytes body = base::to_bytes("body");
  const Tag tag = protect.tag(Sequence(2), std::vector<ByteView>{header, body});
  Bytes content = body;
  EXPECT_FALSE(open.open(Sequence(2), header, content, tag));
}

TEST(LaneCipher, EmptyContent) {
  LaneCipher protect = cipher(AeadUse::protect);
  LaneCipher open = cipher(AeadUse::open);
  Bytes none;
  const Tag sealed = protect.seal(Sequence(0), base::as_bytes("h"), {}, none);
  EXPECT_TRUE(open.open(Sequence(0), base::as_bytes("h"), none, sealed));
  const Tag tag = protect.tag(Sequence(1), {});
  EXPECT_TRUE(open.check(Sequence(1), {}, tag));
}

TEST(LaneCipher, MovesWithItsKey) {
  LaneCipher first = cipher(AeadUse::protect);
  LaneCipher second = std::move(first);
  EXPECT_EQ(hex(seal(second, 0, unhex(kHeader), {unhex(kPlain)}).tag), kTag);
}

TEST(LaneCipherDeath, OneContextServesOneDirection) {
  LaneCipher protect = cipher(AeadUse::protect);
  EXPECT_DEATH(protect.check(Sequence(0), {}, Tag{}), "assertion failed");
  LaneCipher open = cipher(AeadUse::open);
  EXPECT_DEATH(open.tag(Sequence(0), {}), "assertion failed");
  EXPECT_DEATH(LaneCipher(AeadUse::open, Bytes(16), Bytes(12)), "assertion failed");
}

/// Parent and child would use the same nonces for different frames. Each death test runs in a child of
/// fork().
TEST(LaneCipherDeath, N50_OfAParentEndsTheChildThatUsesIt) {
  LaneCipher protect = cipher(AeadUse::protect), open = cipher(AeadUse::open);
  const std::string why = "was forked .* tried to use a lane of its parent";
  Bytes none;

  EXPECT_DEATH(protect.tag(Sequence(0), {}), why);
  EXPECT_DEATH(protect.seal(Sequence(0), {}, {}, none), why);
  EXPECT_DEATH(open.check(Sequence(0), {}, Tag{}), why);
  EXPECT_DEATH(open.open(Sequence(0), {}, none, Tag{}), why);
}

TEST(LaneCipherDeath, N50_CanBeMadeInAChild) {
  const LaneCipher of_parent = cipher(AeadUse::protect);

  EXPECT_EXIT(
      {
        LaneCipher own = cipher(AeadUse::protect);
        std::exit(hex(seal(own, 0, unhex(kHeader), {unhex(kPlain)}).tag) == kTag ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace fairlead::crypto
