// N56 end to end: text made to hang, crash or mislead a parser, given to each command that reads YAML. One
// clean error at its place, soon, in little memory, and nothing is left behind.
#include <algorithm>

#include "integration/given_deployment.hpp"
#include "support/hostile_texts.hpp"

namespace fairlead::integration {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSlower = 20;  // sanitizers: time and memory of their own
#else
constexpr int kSlower = 1;
#endif
constexpr std::chrono::microseconds kMostTime = std::chrono::milliseconds(100) * kSlower;
constexpr long kMostGrowthKiB = 16L * 1024 * kSlower;

using support::repeated;

std::string alias_bomb() {
  std::string out = "log.level: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i)
    out += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
           repeated("*a" + std::to_string(i - 1) + ", ", 9) + "x]\n";
  return out;
}

/// The keys are ones that a local file knows; a project file's own complaints come beside.
struct HostileText {
  const char* name;
  std::string text;
  const char* said;  ///< LINE:COL: and how the text begins
};
const HostileText kHostileTexts[] = {
    {"AliasBomb", alias_bomb(), ":1:12: anchors (&name) are not allowed"},
    {"SelfAlias", "log.level: &a [*a]\n", ":1:12: anchors (&name) are not allowed"},
    {"TenThousandDeep", repeated("[", 10000), ":1:65: more than 64 open brackets"},
    {"DeepDashes", "a: 1\nb:\n " + repeated("- ", 4000), ":3:32: nested deeper than 16 levels"},
    {"BigScalar", "log.level: " + repeated("x", 300 * 1024), ":1:1: cannot read"},
    {"DuplicateKey", "log.level: info\nlog.level: info\n", ":2:1: duplicate key \"log.level\""},
    {"UnknownKey", "\nlog.levle: info\n", ":2:1: unknown "},
    {"TabIndentation", "log:\n\tlevel: info\n", ":2:1: a tab in the indentation"},
    {"Nul", std::string("a: 1\nb: \0\n", 10), ":2:4: a NUL character"},
    {"ByteOrderMark",
     "\xEF\xBB\xBF"
     "a: 1\n",
     ":1:1: the file starts with a byte order mark"},
    {"PythonTag", "log.level: !!python/object/apply:os.system [ls]\n", ":1:12: tags (!name) are not allowed"},
    {"SecondDocument", "log.level: info\n---\nb: 2\n", ":2:1: a second document"},
    {"OpenBracketsColon", "[[:", ":1:3: not valid YAML"},
};

/// Every path below a folder, files with their sizes.
std::vector<std::string> listing(const fs::path& folder) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    all.push_back(entry.path().string() +
                  (entry.is_regular_file() ? " " + std::to_string(entry.file_size()) : ""));
  std::sort(all.begin(), all.end());
  return all;
}

class HostileFile : public testing::TestWithParam<HostileText> {
 protected:
  /// Runs a command with a file that is merely wrong, for comparison, and then with the hostile one. `place`
  /// must be as it was before.
  void expect_clean_refusal(const fs::path& file, const Words& command, const fs::path& place) {
    support::write_text(file, "no_such_key: 1\n");
    const Finished plain = fairlead(command);
    EXPECT_EQ(plain.code, 4) << plain.err;
    support::write_text(file, GetParam().text);
    const auto before = listing(place);

    const Finished done = fairlead(command);

    EXPECT_EQ(done.code, 4) << done.err;
    EXPECT_EQ(done.out, "");
    EXPECT_TRUE(done.err.starts_with(file.string() + ":")) << done.err.substr(0, 600);
    EXPECT_NE(done.err.find(file.string() + GetParam().said), std::string::npos) << done.err.substr(0, 600);
    EXPECT_LT(done.err.size(), 64u * 1024);
    EXPECT_LT(done.processor - plain.processor, kMostTime);
    EXPECT_LT(done.peak_kib - plain.peak_kib, kMostGrowthKiB);
    EXPECT_EQ(listing(place), before);
  }
};
INSTANTIATE_TEST_SUITE_P(N56, HostileFile, testing::ValuesIn(kHostileTexts),
                         [](const auto& test) { return test.param.name; });

TEST_P(HostileFile, N56AsProjectOfCheck) {
  const support::TempDir folder;
  const fs::path file = folder.path() / "project.yml";

  expect_clean_refusal(file, {"config", "check", file.string()}, folder.path());
}

TEST_P(HostileFile, N56AsProjectOfProvision) {
  const support::TempDir folder;
  const fs::path file = folder.path() / "project.yml", workspace = folder.path() / "w";

  expect_clean_refusal(file, {"provision", file.string(), "-w", workspace.string(), "--no-passphrase"},
                       folder.path());
}

TEST_P(HostileFile, N56AsLocalFileOfTheServersKit) {
  const GivenDeployment deployment(project_of("mtls"));
  const fs::path kit = deployment.kit("server");

  expect_clean_refusal(kit / "local" / "fairlead.yml",
                       {"server", "-k", kit.string(), "--set", "listen.port=0"}, kit);
}

/// Every form that the reader's own tests know, in the program.
class EveryHostileForm : public testing::TestWithParam<support::HostileText> {};
INSTANTIATE_TEST_SUITE_P(N56, EveryHostileForm, testing::ValuesIn(support::hostile_texts()),
                         [](const auto& test) { return test.param.name; });

TEST_P(EveryHostileForm, N56IsRefusedWithin100MillisecondsAnd16MiB) {
  const support::TempDir folder;
  const std::string file = (folder.path() / "project.yml").string();
  support::write_text(file, "no_such_key: 1\n");
  const Finished plain = fairlead({"config", "check", file});
  support::write_text(file, GetParam().text);

  const Finished done = fairlead({"config", "check", file});

  EXPECT_EQ(done.code, 4) << done.err.substr(0, 600);
  EXPECT_EQ(done.out, "");
  EXPECT_TRUE(done.err.starts_with(file + ":")) << done.err.substr(0, 600);
  EXPECT_NE(done.err.find(GetParam().says), std::string::npos) << done.err.substr(0, 600);
  EXPECT_LT(done.processor - plain.processor, kMostTime);
  EXPECT_LT(done.peak_kib - plain.peak_kib, kMostGrowthKiB);
}

}  // namespace
}  // namespace fairlead::integration
