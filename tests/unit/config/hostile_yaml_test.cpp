// N56: text made to hang, crash or mislead a parser ends in one clean error. How soon, and in how much
// memory, is measured on the program.
#include <sys/stat.h>

#include "config/source_file.hpp"
#include "given.hpp"
#include "support/hostile_texts.hpp"

namespace fairlead::config {
namespace {

constexpr size_t kFull = kMostSourceBytes;

using support::hostile_texts;
using support::repeated;

class HostileYaml : public testing::TestWithParam<support::HostileText> {};

TEST_P(HostileYaml, N56IsRefusedCleanly) {
  const std::string errors = errors_of(GetParam().text);

  EXPECT_TRUE(errors.starts_with("project.yml:")) << errors;
  EXPECT_NE(errors.find(GetParam().says), std::string::npos) << errors.substr(0, 600);
}

INSTANTIATE_TEST_SUITE_P(N56, HostileYaml, testing::ValuesIn(hostile_texts()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(YamlLimits, AcceptsSixteenLevelsAndRefusesSeventeen) {
  const auto nested = [](int lists) {
    return project_with("builders: " + repeated("[", static_cast<size_t>(lists)) +
                        repeated("]", static_cast<size_t>(lists)));
  };
  EXPECT_EQ(errors_of(nested(14)), "");
  EXPECT_EQ(errors_of(nested(15)), "");  // the root is the sixteenth level
  EXPECT_NE(errors_of(nested(16)).find("nested deeper than 16 levels"), std::string::npos);
}

TEST(YamlLimits, AcceptsAFileOf256KiBAndRefusesOneByteMore) {
  const ScratchDir scratch;
  const auto sized = [&](size_t size) {
    std::string text = project_with("");
    while (text.size() < size) text += "#" + std::string(std::min<size_t>(99, size - text.size() - 1), '-');
    return text;
  };
  const auto with_breaks = [&](size_t size) {
    std::string text = sized(size);
    for (size_t i = project_with("").size() + 99; i < text.size(); i += 100) text[i] = '\n';
    return text;
  };

  EXPECT_TRUE(read_project(scratch.write("a", with_breaks(kFull - 1))).project);
  EXPECT_TRUE(read_project(scratch.write("b", with_breaks(kFull))).project);
  EXPECT_FALSE(read_project(scratch.write("c", with_breaks(kFull + 1))).project);
}

TEST(YamlLimits, AcceptsLinesOf16KiB) {
  const auto with_line = [](size_t size) { return project_with("#" + filled(size - 1, '-')); };
  EXPECT_EQ(errors_of(with_line(kMostLineBytes - 1)), "");
  EXPECT_EQ(errors_of(with_line(kMostLineBytes)), "");
  EXPECT_NE(errors_of(with_line(kMostLineBytes + 1)), "");
}

TEST(YamlLimits, AcceptsTwentyThousandLines) {
  const auto with_lines = [](size_t lines) { return repeated("#\n", lines - 10) + project_with("") + "#\n"; };
  EXPECT_EQ(errors_of(with_lines(kMostEntries - 1)), "");
  EXPECT_EQ(errors_of(with_lines(kMostEntries)), "");
  EXPECT_NE(errors_of(with_lines(kMostEntries + 1)).find("more than 12000 lines"), std::string::npos);
}

TEST(YamlFile, RefusesWhatIsNoReadableFile) {
  const ScratchDir scratch;
  EXPECT_NE(
      read_project(scratch.path("missing.yml")).diagnostics.print().find("missing.yml:1:1: cannot read"),
      std::string::npos);
  EXPECT_NE(read_project(scratch.path("")).diagnostics.print().find("it is a directory"), std::string::npos);
  EXPECT_NE(read_project("/dev/zero").diagnostics.print().find("not a regular file"), std::string::npos);
}

TEST(YamlFile, DoesNotWaitForAPipe) {
  const ScratchDir scratch;
  ASSERT_EQ(::mkfifo(scratch.path("pipe").c_str(), 0600), 0);

  EXPECT_NE(read_project(scratch.path("pipe")).diagnostics.print().find("not a regular file"),
            std::string::npos);
}

}  // namespace
}  // namespace fairlead::config
