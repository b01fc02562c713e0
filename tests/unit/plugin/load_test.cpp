#include <elf.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <thread>

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

struct OtherElf {
  const char* name;
  std::streamoff offset;
  char byte;
  const char* found;
};
class LoadingOtherElf : public Loading, public testing::WithParamInterface<OtherElf> {};

TEST_P(LoadingOtherElf, N62IsRefused) {
  const fs::path file = given("whole");
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(GetParam().offset)
      .put(GetParam().byte);

  EXPECT_EQ(refusal(file), "NOT_ELF");
  EXPECT_NE(last.text.find(GetParam().found), std::string::npos) << last.text;
}
INSTANTIATE_TEST_SUITE_P(
    Header, LoadingOtherElf,
    testing::Values(OtherElf{"Magic", 0, 'X', "not a shared object (ELF)"},
                    OtherElf{"Class", EI_CLASS, ELFCLASS32, "not a 64-bit"},
                    OtherElf{"ByteOrder", EI_DATA, ELFDATA2MSB, "little-endian"},
                    OtherElf{"Machine", offsetof(Elf64_Ehdr, e_machine), EM_386, "ELF number 3, expected"},
                    OtherElf{"Type", offsetof(Elf64_Ehdr, e_type), ET_EXEC, "ELF type 2, expected 3"}),
    [](const auto& one) { return one.param.name; });

/// Lets a link name one file and then the other, as fast as it can.
class Swapper {
 public:
  Swapper(fs::path link, const fs::path& one, const fs::path& other) : link_(std::move(link)) {
    fs::create_symlink(one, link_);
    thread_ = std::thread([this, one, other] {
      while (!is_over_) {
        point_to(other);
        point_to(one);
      }
    });
  }
  ~Swapper() {
    is_over_ = true;
    thread_.join();
  }

 private:
  void point_to(const fs::path& file) const {
    const fs::path fresh = link_.string() + ".new";
    fs::create_symlink(file, fresh);
    fs::rename(fresh, link_);
  }

  fs::path link_;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

TEST_F(Loading, N62FileSwappedMeanwhileIsLoadedAsItWasHashedOrRefused) {
  const fs::path good = given("whole"), bad = given("whole_twin");
  const std::string expected = plugin::PluginFile::read(good)->sha256;
  const Swapper swapper(folder / "swapped.so", good, bad);
  int refused = 0;

  for (int i = 0; i < 1000; ++i) {
    const auto loaded = plugin::load({folder / "swapped.so", expected, false}, log);
    refused += loaded ? 0 : 1;
    if (loaded)
      EXPECT_EQ((*loaded)->id(), "org.example.whole");
    else
      EXPECT_EQ(loaded.error().reason, "DIGEST_MISMATCH");
  }

  EXPECT_GT(refused, 0);
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

  const auto found = registry.need("nowhere", {{"org.example.none", config::kTransportAbi}}, log);

  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().reason, "NOT_FOUND");
}

}  // namespace
}  // namespace fairlead::support
