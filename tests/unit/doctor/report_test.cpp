#include "doctor/report.hpp"

#include <gmock/gmock.h>

namespace fairlead::doctor {
namespace {

using base::ErrorCode;

Report with(Rows rows) {
  Report report;
  report.add(std::move(rows));
  return report;
}

TEST(Report, WithoutAFailureEndsWithZero) {
  EXPECT_EQ(with({ok("a", "t", "d"), warning("b", "t", "d", "r")}).exit_code(), 0);
}

TEST(Report, EndsWithTheCodeOfItsFirstFailure) {
  const Report report = with({failed(ErrorCode::bad_configuration, "a", "t", "d", "r"),
                              failed(ErrorCode::cannot_connect, "b", "t", "d", "r")});

  EXPECT_EQ(report.exit_code(), 4);
  EXPECT_EQ(report.first_failure()->component, "a");
}

TEST(Report, PassesAComponentThatIsThereAndDidNotFail) {
  const Report report = with({ok("good", "t", "d"),
                              warning("odd", "t", "d", "r"),
                              failed(ErrorCode::failed, "bad", "t", "d", "r"),
                              ok("bad", "u", "d"),
                              {"unreached", "t", Status::not_reached}});

  EXPECT_TRUE(report.passed("good"));
  EXPECT_TRUE(report.passed("odd"));
  EXPECT_FALSE(report.passed("bad"));
  EXPECT_FALSE(report.passed("unreached"));
  EXPECT_FALSE(report.passed("absent"));
}

TEST(Report, ReplacesAComponentInItsPlace) {
  Report report = with({ok("a", "1", ""), ok("b", "1", ""), ok("b", "2", ""), ok("c", "1", "")});

  report.replace("b", {ok("b", "3", "")});

  ASSERT_EQ(report.rows().size(), 3u);
  EXPECT_EQ(report.rows()[1].target, "3");
}

TEST(Report, GivesEachRemedyOnceAndThoseOfFailuresFirst) {
  const Report report =
      with({warning("a", "t", "d", "later"), failed(ErrorCode::failed, "b", "t", "d", "now"),
            failed(ErrorCode::failed, "c", "t", "d", "now"), ok("d", "t", "d")});

  using Pair = std::pair<std::string, std::string>;
  EXPECT_THAT(report.remedies(), testing::ElementsAre(Pair{"b", "now"}, Pair{"a", "later"}));
}

TEST(Report, WritesItsRowsAsJson) {
  const Report report =
      with({ok("a", "t", "d"), {"b", "-", Status::not_reached, "needs a"}, warning("c", "t", "d", "r")});

  EXPECT_EQ(report.to_json().dump(),
            R"([{"component":"a","target":"t","status":"ok","detail":"d"},)"
            R"({"component":"b","target":"-","status":"not reached","detail":"needs a"},)"
            R"({"component":"c","target":"t","status":"warning","detail":"d","remedy":"r"}])");
}

}  // namespace
}  // namespace fairlead::doctor
