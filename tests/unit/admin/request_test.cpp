#include "admin/request.hpp"

#include <gtest/gtest.h>

namespace fairlead::admin {
namespace {

base::Result<Request> parse(Action action, std::string_view text) {
  return parse_request(action, base::as_bytes(text));
}

TEST(AdminRequest, NameIsTaken) {
  EXPECT_EQ(parse(Action::kick, R"({"name":"site-1"})")->name, "site-1");
  EXPECT_EQ(parse(Action::disable, R"({"name":"a+b@c.example"})")->name, "a+b@c.example");
}

TEST(AdminRequest, NothingAndEmptyObjectAreTheSame) {
  EXPECT_TRUE(parse(Action::sessions, ""));
  EXPECT_TRUE(parse(Action::drain, "{}"));
}

TEST(AdminRequest, LimitsOfAudit) {
  EXPECT_EQ(parse(Action::audit, "")->limit, 50u);
  EXPECT_EQ(parse(Action::audit, R"({"limit":1})")->limit, 1u);
  EXPECT_EQ(parse(Action::audit, R"({"limit":1000,"verify":true})")->limit, 1000u);
  EXPECT_FALSE(parse(Action::audit, R"({"limit":0})"));
  EXPECT_FALSE(parse(Action::audit, R"({"limit":1001})"));
  EXPECT_FALSE(parse(Action::audit, R"({"limit":-1})"));
}

struct BadRequest {
  const char* name;
  Action action;
  std::string payload;
};
class BadAdminRequest : public testing::TestWithParam<BadRequest> {};
INSTANTIATE_TEST_SUITE_P(
    Payload, BadAdminRequest,
    testing::Values(BadRequest{"NoName", Action::kick, "{}"}, BadRequest{"NoPayload", Action::kick, ""},
                    BadRequest{"EmptyName", Action::kick, R"({"name":""})"},
                    BadRequest{"NumberAsName", Action::kick, R"({"name":1})"},
                    BadRequest{"ListAsName", Action::disable, R"({"name":["site-1"]})"},
                    BadRequest{"NullAsName", Action::enable, R"({"name":null})"},
                    BadRequest{"UnknownMember", Action::kick, R"({"name":"site-1","force":true})"},
                    BadRequest{"RoleOfItsOwn", Action::kick, R"({"name":"site-1","role":"project_admin"})"},
                    BadRequest{"TwoNames", Action::kick, R"({"name":"site-1","name":"site-2"})"},
                    BadRequest{"EndpointAsName", Action::kick, R"({"name":"site-1/app"})"},
                    BadRequest{"Everyone", Action::kick, R"({"name":"*"})"},
                    BadRequest{"PathAsName", Action::disable, R"({"name":"../x"})"},
                    BadRequest{"ControlInName", Action::disable, R"({"name":"a\nb"})"},
                    BadRequest{"ZeroInName", Action::disable, R"({"name":"a\u0000"})"},
                    BadRequest{"LongName", Action::disable, "{\"name\":\"" + std::string(256, 'a') + "\"}"},
                    BadRequest{"NameForSessions", Action::sessions, R"({"name":"site-1"})"},
                    BadRequest{"LimitForKick", Action::kick, R"({"name":"site-1","limit":1})"},
                    BadRequest{"TextAsLimit", Action::audit, R"({"limit":"5"})"},
                    BadRequest{"FractionAsLimit", Action::audit, R"({"limit":5.5})"},
                    BadRequest{"TextAsVerify", Action::audit, R"({"verify":"yes"})"},
                    BadRequest{"VerifyForDrain", Action::drain, R"({"verify":true})"},
                    BadRequest{"List", Action::sessions, "[]"}, BadRequest{"Text", Action::sessions, "\"x\""},
                    BadRequest{"NotJson", Action::sessions, "{"},
                    BadRequest{"Behind", Action::sessions, "{} x"},
                    BadRequest{"NotUtf8", Action::kick, "{\"name\":\"\xff\"}"},
                    BadRequest{"TooLong", Action::sessions, std::string(4097, ' ')}),
    [](const auto& test) { return test.param.name; });

TEST_P(BadAdminRequest, IsRefusedInFewWords) {
  const auto parsed = parse(GetParam().action, GetParam().payload);

  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().reason, "malformed");
  EXPECT_EQ(parsed.error().code, base::ErrorCode::refused);
  EXPECT_LT(parsed.error().line().size(), 700u);
}

TEST(AdminRequest, LongestPayloadIsRead) {
  const std::string start = R"({"name":"site-1"})";

  EXPECT_TRUE(parse(Action::kick, start + std::string(4096 - start.size(), ' ')));
}

TEST(AdminRequest, UnknownMemberIsNotEchoedWhole) {
  const auto parsed = parse(Action::kick, "{\"" + std::string(4000, '\x7f') + "\":1}");

  EXPECT_LT(parsed.error().text.size(), 500u);
}

}  // namespace
}  // namespace fairlead::admin
