// N56: text made to hang, crash or mislead a parser ends in one clean error, quickly and in little memory.
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "config/source_file.hpp"
#include "given.hpp"

namespace fairlead::config {
namespace {

constexpr size_t kFull = kMostSourceBytes;

std::string repeated(const std::string& piece, size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) out += piece;
  return out;
}

std::string alias_bomb() {
  std::string out = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i)
    out += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
           repeated("*a" + std::to_string(i - 1) + ", ", 9) + "x]\n";
  return out;
}

std::string stairs(int levels) {
  std::string out;
  for (int i = 0; i < levels; ++i) out += filled(static_cast<size_t>(i), ' ') + "a:\n";
  return out;
}

std::string many_keys(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "k" + std::to_string(i) + ": 1\n";
  return out;
}

double thread_milliseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Case {
  const char* name;
  std::string text;
  const char* says;
};

class HostileYaml : public testing::TestWithParam<Case> {};

TEST_P(HostileYaml, N56IsRefusedCleanlyWithin100Milliseconds) {
  const double before = thread_milliseconds();

  const std::string errors = errors_of(GetParam().text);

  EXPECT_LT(thread_milliseconds() - before, 100);
  EXPECT_TRUE(errors.starts_with("project.yml:")) << errors;
  EXPECT_NE(errors.find(GetParam().says), std::string::npos) << errors.substr(0, 600);
}

INSTANTIATE_TEST_SUITE_P(
    N56, HostileYaml,
    testing::Values(Case{"AliasBomb", alias_bomb(), "anchors (&name) are not allowed"},
                    Case{"SelfAlias", "a: &a [*a]\n", "aliases (*name) are not allowed"},
                    Case{"UnknownAlias", "a: *b\n", "not valid YAML"},
                    Case{"TenThousandDeep", repeated("[", 10000), "nested too deep"},
                    Case{"DeepMaps", repeated("{a: ", 10000), "nested too deep"},
                    Case{"DeepMixed", repeated("[{", 100000), "nested too deep"},
                    Case{"DeepFlowLines", repeated("[a,\n", 10000), "nested too deep"},
                    Case{"DeepDashes", "a: 1\nb:\n " + repeated("- ", 4000), "nested deeper than 16"},
                    Case{"DeepQuestions", repeated("? ", 4000), "nested deeper than 16"},
                    Case{"DeepColons", repeated(": ", 4000), "nested deeper than 16"},
                    Case{"Stairs", stairs(700), "nested deeper than 16"},
                    Case{"BigScalar", "a: " + filled(300 * 1024, 'x'), "larger than 256 KiB"},
                    Case{"LongLine", "a: " + filled(100 * 1024, 'x'), "longer than 16384 bytes"},
                    Case{"DuplicateKey", "name: a\nname: b\n", "duplicate key \"name\""},
                    Case{"UnknownKey", "nmae: a\n", "did you mean \"name\"?"},
                    Case{"ManyUnknownKeys", many_keys(5000), "more errors"},
                    Case{"ManyLines", repeated("a:\n", kFull / 3), "more than 20000 lines"},
                    Case{"ManyItems", "a: [" + repeated("b,\n", kFull / 4), "more than 20000 lines"},
                    Case{"TabIndentation", "a:\n\tb: 1\n", "a tab in the indentation"},
                    Case{"Nul", std::string("a: 1\nb: \0\n", 10), "a NUL character"},
                    Case{"ByteOrderMark",
                         "\xEF\xBB\xBF"
                         "a: 1\n",
                         "byte order mark"},
                    Case{"Utf16",
                         std::string("\xFF\xFE"
                                     "a\0",
                                     4),
                         "not valid UTF-8"},
                    Case{"OverlongUtf8", "a: \xC0\xAF\n", "not valid UTF-8"},
                    Case{"Surrogate", "a: \xED\xA0\x80\n", "not valid UTF-8"},
                    Case{"CutUtf8", "a: \xE2\x82", "not valid UTF-8"},
                    Case{"Escape", "a: \x1b[31m\n", "a control character"},
                    Case{"LoneCarriageReturns", repeated("\r", 1000), "a lone carriage return"},
                    Case{"PythonTag", "a: !!python/object/apply:os.system [ls]\n",
                         "tags (!name) are not allowed"},
                    Case{"OwnTag", "a: !secret b\n", "tags (!name) are not allowed"},
                    Case{"TagOnMap", "!!map\na: 1\n", "tags (!name) are not allowed"},
                    Case{"TagMarks", repeated("!", 10000), "not valid YAML"},
                    Case{"Anchors", repeated("&a ", 5000), "not valid YAML"},
                    Case{"MergeKey", "a: 1\n<<: {b: 2}\n", "merge keys (<<) are not allowed"},
                    Case{"ListAsKey", "? [a, b]\n: 1\n", "a key must be plain text"},
                    Case{"SecondDocument", "a: 1\n---\nb: 2\n", "a second document"},
                    Case{"DocumentAfterDots", "a: 1\n...\nb: 2\n", "a second document"},
                    Case{"Separators", repeated("---\n", 10000), "a second document"},
                    Case{"Comma", ",", "a second document or stray text"},
                    Case{"CommaAfterMap", "a: 1\n,\n", "not valid YAML"},
                    Case{"OpenBracketsColon", "[[:", "not valid YAML"},
                    Case{"Unfinished", "a: [1, 2\n", "not valid YAML"},
                    Case{"OpenQuote", "a: \"b\n", "this quote is never closed"},
                    Case{"OpenSingleQuote", "a: 'it''s\n", "this quote is never closed"},
                    Case{"OpenQuoteAfterEscape", "a: \"b\\\"\n", "this quote is never closed"},
                    Case{"BadIndentation", "a: 1\n b: 2\n", "not valid YAML"},
                    Case{"RootIsText", "hello\n", "must be a map"},
                    Case{"RootIsList", "- a\n", "must be a map"},
                    Case{"RootIsNull", "~\n", "the file is empty"}, Case{"Empty", "", "the file is empty"},
                    Case{"OnlyComment", "# nothing\n", "the file is empty"},
                    Case{"OnlyLineBreaks", repeated("\n", 10000), "the file is empty"}),
    [](const auto& test) { return std::string(test.param.name); });

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kMostKiB = 64 * 1024;  // red zones, shadow memory, and freed memory that is kept back
#else
constexpr long kMostKiB = 16 * 1024;
#endif

TEST(HostileYamlMemory, N56StaysBelow16MiB) {
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);

  errors_of(many_keys(19000));
  errors_of("a: [" + repeated("b,\n", 19000));
  errors_of(alias_bomb());

  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, kMostKiB);
}

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
  EXPECT_NE(errors_of(with_lines(kMostEntries + 1)).find("more than 20000 lines"), std::string::npos);
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
