#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "build_paths.hpp"
#include "plugin/plugin_file.hpp"
#include "unit/plugin/given_plugin.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;

/// A private folder with copies of fixtures, so that a test may spoil them.
class Loading : public ::testing::Test {
 protected:
  Loading() {
    std::string pattern = ::testing::TempDir() + "fairlead-load-XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~Loading() override { fs::remove_all(folder); }

  fs::path given(const std::string& fixture) const {
    fs::path copy = folder / (fixture + ".so");
    fs::copy_file(fs::path(FAIRLEAD_BINARY_DIR) / "tests" / "fixtures" / (fixture + ".so"), copy);
    fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
    return copy;
  }
  std::string refusal(const fs::path& file, const std::string& sha256 = "") {
    auto loaded = plugin::load({file, sha256, false}, log);
    if (loaded) return "";
    last = loaded.error();
    return last.reason;
  }

  fs::path folder;
  RecordingLog log;
  base::Error last;
};

TEST_F(Loading, AWholePluginLoads) {
  const auto loaded = plugin::load({given("whole"), "", true}, log);

  ASSERT_TRUE(loaded.has_value()) << loaded.error().line();
  EXPECT_EQ((*loaded)->id(), "org.example.whole");
  EXPECT_EQ((*loaded)->schemes(), std::vector<std::string>{"whole"});
  EXPECT_TRUE((*loaded)->is_trusted_link());
}

TEST_F(Loading, APinnedPluginLoads) {
  const fs::path file = given("whole");

  EXPECT_EQ(refusal(file, plugin::PluginFile::read(file)->sha256), "");
}

TEST_F(Loading, TwoPluginsDoNotMixUp) {
  const auto first = plugin::load({given("whole"), "", false}, log);
  const auto second = plugin::load({given("whole_twin"), "", false}, log);

  EXPECT_EQ((*first)->id(), "org.example.whole");
  EXPECT_EQ((*second)->id(), "org.example.twin");
}

TEST_F(Loading, RefusesAMissingFile) { EXPECT_EQ(refusal(folder / "nothing.so"), "NOT_FOUND"); }

TEST_F(Loading, RefusesAFolder) { EXPECT_EQ(refusal(folder), "NOT_FOUND"); }

TEST_F(Loading, RefusesAFileThatOthersMayChange) {
  const fs::path file = given("whole");
  ASSERT_EQ(::chmod(file.c_str(), 0620), 0);

  EXPECT_EQ(refusal(file), "UNSAFE_PERMISSIONS");
}

TEST_F(Loading, RefusesAFolderThatOthersMayChange) {
  const fs::path file = given("whole");
  ASSERT_EQ(::chmod(folder.c_str(), 0777), 0);

  EXPECT_EQ(refusal(file), "UNSAFE_PERMISSIONS");
}

TEST_F(Loading, RefusesAnotherDigest) {
  EXPECT_EQ(refusal(given("whole"), std::string(64, '0')), "DIGEST_MISMATCH");
  EXPECT_NE(last.text.find(std::string(64, '0')), std::string::npos);
}

TEST_F(Loading, RefusesATextFile) {
  std::ofstream(folder / "text.so") << "hello";

  EXPECT_EQ(refusal(folder / "text.so"), "NOT_ELF");
}

TEST_F(Loading, RefusesEveryTruncation) {
  const fs::path file = given("whole");
  const uintmax_t size = fs::file_size(file);

  for (uintmax_t kept = 0; kept < size; kept += 97) {
    const fs::path part = folder / "part.so";
    fs::copy_file(file, part, fs::copy_options::overwrite_existing);
    fs::resize_file(part, kept);
    EXPECT_EQ(refusal(part), "NOT_ELF") << kept;
  }
}

TEST_F(Loading, RefusesALibraryThatIsNoTransport) {
  EXPECT_EQ(refusal(given("not_a_transport")), "NOT_A_TRANSPORT");
}

TEST_F(Loading, RefusesAnotherMajor) {
  EXPECT_EQ(refusal(given("other_major")), "OTHER_MAJOR");
  EXPECT_NE(last.text.find("fairlead_transport_v2"), std::string::npos);
  EXPECT_EQ(refusal(given("other_major_field")), "OTHER_MAJOR");
}

TEST_F(Loading, RefusesABadTable) {
  EXPECT_EQ(refusal(given("bad_magic")), "BAD_MAGIC");
  EXPECT_EQ(refusal(given("short_table")), "SHORT_TABLE");
  EXPECT_EQ(refusal(given("needs_newer_kernel")), "NEEDS_NEWER_KERNEL");
  EXPECT_EQ(refusal(given("missing_slot")), "MISSING_SLOT");
  EXPECT_EQ(refusal(given("bad_descriptor")), "BAD_DESCRIPTOR");
  EXPECT_EQ(refusal(given("bad_default")), "BAD_DESCRIPTOR");
}

TEST_F(Loading, TellsWhyCreateFailed) {
  const auto loaded = plugin::load({given("create_failed"), "", false}, log);
  ASSERT_TRUE(loaded.has_value());

  const auto created = (*loaded)->create({}, {});

  ASSERT_FALSE(created.has_value());
  EXPECT_EQ(created.error().reason, "CREATE_FAILED");
  EXPECT_NE(created.error().text.find("option depth is never right"), std::string::npos);
}

TEST_F(Loading, LogsOneLineForARefusal) {
  refusal(given("bad_magic"));

  EXPECT_EQ(log.lines.size(), 1u);
  EXPECT_EQ(log.count("plugin.refused why=BAD_MAGIC"), 1u);
}

TEST_F(Loading, ErrorsEndTheCommandAsBadConfiguration) {
  refusal(folder / "nothing.so");

  EXPECT_EQ(base::exit_code(last.code), 4);
}

TEST_F(Loading, SecondPluginForASchemeIsRefused) {
  plugin::Registry registry;
  ASSERT_TRUE(registry.add(std::move(*plugin::load({given("whole"), "", false}, log))).has_value());

  const auto second = registry.add(std::move(*plugin::load({given("whole_twin"), "", false}, log)));

  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, "DUPLICATE_SCHEME");
}

TEST_F(Loading, RegistryNamesTheFolderOfAnUnknownScheme) {
  plugin::Registry registry;

  const auto found = registry.need("nowhere", {{"org.example.none", "", false}}, log);

  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().reason, "NOT_FOUND");
}

}  // namespace
}  // namespace fairlead::support
