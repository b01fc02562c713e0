#include "app/output.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "config/diagnostics.hpp"

namespace fairlead::app {
namespace {

const base::Error kError{
    base::ErrorCode::cannot_connect, "cannot connect\nto x", "start it", {}, "login_refused"};

TEST(Report, PrintsOneLineForPeople) {
  std::ostringstream out, err;

  const int code = report(kError, {out, err, Form::text});

  EXPECT_EQ(code, 2);
  EXPECT_EQ(err.str(), "fairlead: cannot connect to x; start it\n");
  EXPECT_EQ(out.str(), "");
}

TEST(Report, PrintsOneObjectForMachines) {
  std::ostringstream out, err;

  report(kError, {out, err, Form::json});

  EXPECT_EQ(out.str(), R"({"schema_version":1,"status":"error","error":{"code":"cannot_connect",)"
                       R"("message":"cannot connect\nto x","hint":"start it","reason":"login_refused"}})"
                       "\n");
}

TEST(Report, PrintsEveryErrorOfAFileOnceForPeopleAndTheFirstForMachines) {
  config::Diagnostics diagnostics("p.yml", "a: 1\nb: 2\n");
  diagnostics.error({1, 4}, "odd");
  diagnostics.error({2, 4}, "even");
  std::ostringstream out, err;

  const int code = report(diagnostics, {out, err, Form::json});

  EXPECT_EQ(code, 4);
  EXPECT_EQ(err.str(), diagnostics.print());
  EXPECT_EQ(base::Json::parse(out.str())->operator[]("error")["message"].text(),
            "p.yml:1:4: odd (and 1 more error)");
}

TEST(Report, PutsThePositionIntoTheMessage) {
  std::ostringstream out, err;

  const int code =
      report({base::ErrorCode::bad_configuration, "bad key", "", "p.yml:3:1"}, {out, err, Form::json});

  EXPECT_EQ(code, 4);
  EXPECT_EQ(base::Json::parse(out.str())->operator[]("error")["message"].text(), "p.yml:3:1: bad key");
}

TEST(Succeed, WrapsTheData) {
  std::ostringstream out, err;

  EXPECT_EQ(succeed(base::Json::object({{"bytes", 3}}), {out, err, Form::json}), 0);

  EXPECT_EQ(out.str(), "{\"schema_version\":1,\"status\":\"ok\",\"data\":{\"bytes\":3}}\n");
}

TEST(Succeed, IsSilentForPeople) {
  std::ostringstream out, err;

  succeed(base::Json::object(), {out, err, Form::text});

  EXPECT_EQ(out.str() + err.str(), "");
}

TEST(Base64, FollowsTheVectorsOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

TEST(IsUtf8, AcceptsWellFormedText) { EXPECT_TRUE(is_utf8("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80")); }

TEST(IsUtf8, RefusesWhatIsNotText) {
  EXPECT_FALSE(is_utf8("\xff"));
  EXPECT_FALSE(is_utf8("\xc3"));
  EXPECT_FALSE(is_utf8("\xc0\x80"));
  EXPECT_FALSE(is_utf8("\xe0\x80\x80"));
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));
}

TEST(SetContent, TakesBase64ForBytesThatAreNoText) {
  base::Json object = base::Json::object();

  set_content(object, "\xff");

  EXPECT_EQ(object.dump(), R"({"base64":"/w=="})");
}

}  // namespace
}  // namespace fairlead::app
