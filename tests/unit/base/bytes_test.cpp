#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace fairlead::base {
namespace {

TEST(BigEndian, StoresAndLoadsEveryWidth) {
  Bytes out;
  append_be(out, uint8_t{0x01});
  append_be(out, uint16_t{0x0203});
  append_be(out, uint32_t{0x04050607});
  append_be(out, uint64_t{0x08090a0b0c0d0e0f});
  EXPECT_EQ(hex(out), "0102030405060708090a0b0c0d0e0f");
  Reader reader(out);
  EXPECT_EQ(reader.integer<uint8_t>(), 0x01);
  EXPECT_EQ(reader.integer<uint16_t>(), 0x0203);
  EXPECT_EQ(reader.integer<uint32_t>(), 0x04050607u);
  EXPECT_EQ(reader.integer<uint64_t>(), 0x08090a0b0c0d0e0fu);
  EXPECT_TRUE(reader.finished());
}

TEST(Reader, RemembersWhatWasMissing) {
  const Bytes three = {1, 2, 3};
  Reader reader(three);
  EXPECT_EQ(reader.integer<uint32_t>(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_TRUE(reader.bytes(1).empty()) << "nothing comes after a failure";
  EXPECT_EQ(reader.integer<uint8_t>(), 0);
  EXPECT_FALSE(reader.finished());
}

TEST(Reader, IsFinishedOnlyAtTheEnd) {
  const Bytes two = {1, 2};
  Reader reader(two);
  reader.integer<uint8_t>();
  EXPECT_TRUE(reader.ok());
  EXPECT_FALSE(reader.finished());
  EXPECT_EQ(reader.rest().size(), 1u);
}

TEST(Counted, RoundTrips) {
  Bytes out;
  append_counted(out, as_bytes("name"));
  append_counted(out, {});
  EXPECT_EQ(hex(out), "00046e616d650000");
  Reader reader(out);
  EXPECT_EQ(as_text(reader.counted()), "name");
  EXPECT_TRUE(reader.counted().empty());
  EXPECT_TRUE(reader.finished());
}

TEST(Counted, LengthBeyondTheEndIsMissing) {
  const Bytes lies = {0, 5, 'a', 'b'};
  Reader reader(lies);
  EXPECT_TRUE(reader.counted().empty());
  EXPECT_FALSE(reader.ok());
  EXPECT_DEATH(
      {
        Bytes out;
        append_counted(out, Bytes(65536));
      },
      "assertion failed");
}

TEST(Hex, RoundTripsAndRefuses) {
  EXPECT_EQ(hex(Bytes{0x00, 0x7f, 0xff}), "007fff");
  EXPECT_EQ(from_hex("007fFF"), (Bytes{0x00, 0x7f, 0xff}));
  EXPECT_EQ(from_hex(""), Bytes{});
  for (const char* text : {"0", "0g", " 00", "0x00", "-1"}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Equal, ComparesContentAndLength) {
  EXPECT_TRUE(equal({}, {}));
  EXPECT_TRUE(equal(as_bytes("ab"), to_bytes("ab")));
  EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("a")));
  EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("ac")));
}

TEST(Copy, GoesToTheFront) {
  Bytes to = {9, 9, 9};
  copy(as_bytes("a"), to);
  copy({}, to);
  EXPECT_EQ(to, (Bytes{'a', 9, 9}));
}

}  // namespace
}  // namespace fairlead::base
