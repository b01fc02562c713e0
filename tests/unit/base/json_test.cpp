#include "base/json.hpp"

#include <gtest/gtest.h>

namespace fairlead::base {
namespace {

TEST(JsonText, KeepsTheOrderOfMembers) {
  Json value;
  value.set("z", 1).set("a", "text").set("list", Json::array({true, Json(), 2.5}));
  value.set("z", 2);
  EXPECT_EQ(value.dump(), R"({"z":2,"a":"text","list":[true,null,2.5]})");
  const auto read = Json::parse(value.dump());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->dump(), value.dump());
}

TEST(JsonText, IndentsWhenAsked) {
  Json value;
  value.set("a", Json::array({1}));
  EXPECT_EQ(value.dump(2), "{\n  \"a\": [\n    1\n  ]\n}");
  EXPECT_EQ(Json::object().dump(2), "{}");
  EXPECT_EQ(Json::array().dump(2), "[]");
}

TEST(JsonValues, FallBackWhenOfAnotherType) {
  const Json value = Json::parse(R"({"n":7,"s":"x","b":true,"d":1.5})").value();
  EXPECT_EQ(value["n"].integer(), 7);
  EXPECT_EQ(value["n"].number(), 7.0);
  EXPECT_EQ(value["n"].text("other"), "other");
  EXPECT_EQ(value["s"].text(), "x");
  EXPECT_EQ(value["s"].integer(-1), -1);
  EXPECT_TRUE(value["b"].boolean());
  EXPECT_EQ(value["d"].number(), 1.5);
  EXPECT_TRUE(value["missing"].is_null());
  EXPECT_TRUE(value["n"]["deeper"].is_null());
  EXPECT_TRUE(value["n"].items().empty());
}

TEST(JsonParse, RefusesWhatACarefulReaderRefuses) {
  const std::string deep = std::string(65, '[') + std::string(65, ']');
  for (const std::string& text : {std::string(), std::string("{"), std::string(R"({"a":1,"a":2})"),
                                  std::string("[1,]"), std::string("1 2"), std::string("{'a':1}"),
                                  std::string("nul"), std::string("18446744073709551615"), deep})
    EXPECT_FALSE(Json::parse(text)) << text;
  EXPECT_TRUE(Json::parse(std::string(64, '[') + std::string(64, ']')));
}

TEST(JsonParse, DuplicateKeyIsRefusedAlsoWhenItsFirstValueIsNull) {
  EXPECT_FALSE(Json::parse(R"({"a":null,"a":2})"));
}

TEST(JsonParse, SaysWhere) {
  const auto read = Json::parse("[1, x]");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text.find("byte 5"), std::string::npos) << read.error().text;
}

TEST(Quote, EscapesAndReplacesInvalidUtf8) {
  EXPECT_EQ(quote("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
  EXPECT_EQ(quote("\xff"), "\"\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace fairlead::base
