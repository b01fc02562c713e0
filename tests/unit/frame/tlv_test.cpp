#include "frame/tlv.hpp"

#include "frame/field_set.hpp"
#include "frames.hpp"

namespace fairlead::frame {
namespace {

using base::Bytes;
using base::Refusal;

constexpr FieldRule kRules[] = {{1, 2, 4}, {3, 0, 8, Presence::optional}};

Bytes from(std::string_view digits) { return *base::from_hex(digits); }

Refusal read(std::string_view digits) { return refusal_of(read_field_set(from(digits), kRules)); }

TEST(Tlv, ReadsFieldsInOrderThenNothing) {
  const Bytes block = from("0001000201020003000109");
  TlvReader reader(block);

  EXPECT_EQ(reader.next().value()->type, 1);
  EXPECT_EQ(reader.next().value()->value.size(), 1u);
  EXPECT_FALSE(reader.next().value().has_value());
}

TEST(Tlv, WritesTypeLengthValue) {
  Bytes out;
  append_tlv(out, 0x0102, from("aabb"));

  EXPECT_EQ(base::hex(out), "01020002aabb");
}

TEST(Tlv, ShowsWhatItHasNotRead) {
  const Bytes block = from("0001000201020003000109");
  TlvReader reader(block);
  static_cast<void>(reader.next());

  EXPECT_EQ(base::hex(reader.rest()), "0003000109");
}

TEST(FieldSet, TakesWhatTheTableAllows) {
  const Bytes block = from("0001000201020003000109");

  const auto fields = read_field_set(block, kRules);

  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->integer<uint16_t>(1), 0x0102);
  EXPECT_TRUE(fields->has(3));
}

TEST(FieldSet, TellsAnEmptyFieldFromAMissingOne) {
  EXPECT_TRUE(read_field_set(from("00010002010200030000"), kRules)->has(3));
  EXPECT_FALSE(read_field_set(from("000100020102"), kRules)->has(3));
}

TEST(FieldSet, N45_RefusesUnsortedFields) { EXPECT_EQ(read("0003000109000100020102"), Refusal::bad_headers); }
TEST(FieldSet, N45_RefusesRepeatedFields) {
  EXPECT_EQ(read("000100020102000100020102"), Refusal::bad_headers);
}
TEST(FieldSet, N45_RefusesAFieldLongerThanTheBlock) { EXPECT_EQ(read("000100030102"), Refusal::bad_headers); }
TEST(FieldSet, N45_RefusesTrailingBytes) { EXPECT_EQ(read("00010002010200"), Refusal::bad_headers); }
TEST(FieldSet, N45_RefusesAnUnknownFieldThatIsNotWhole) {
  for (const std::string_view rest : {"0999", "099900", "09990001", "0999000501"})
    EXPECT_EQ(read("000100020102" + std::string(rest)), Refusal::bad_headers) << rest;
}
TEST(FieldSet, RefusesAMissingField) { EXPECT_EQ(read("0003000109"), Refusal::bad_headers); }
TEST(FieldSet, RefusesAnEmptyBlockWhereFieldsAreRequired) { EXPECT_EQ(read(""), Refusal::bad_headers); }
TEST(FieldSet, RefusesAFieldBelowItsSize) { EXPECT_EQ(read("0001000101"), Refusal::bad_headers); }
TEST(FieldSet, TakesAFieldOfItsLargestSize) { EXPECT_EQ(read("0001000401020304"), Refusal{}); }
TEST(FieldSet, RefusesAFieldAboveItsSize) { EXPECT_EQ(read("000100050102030405"), Refusal::bad_headers); }
TEST(FieldSet, IgnoresAnUnknownField) { EXPECT_EQ(read("0001000201020999000101"), Refusal{}); }
TEST(FieldSet, N45_RefusesAnUnknownCriticalField) {
  EXPECT_EQ(read("0001000201028999000101"), Refusal::bad_headers);
}

}  // namespace
}  // namespace fairlead::frame
