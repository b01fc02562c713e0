#include "kit/privacy.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tampering.hpp"

namespace fairlead::kit {
namespace {

using support::GivenProject;

constexpr const char* kSimulated = R"(api_version: 3
name: demo
secure_train: false
participants:
- {name: server.example.com, type: server, org: o}
- {name: site-1, type: client, org: o}
)";

class Privacy : public testing::Test {
 protected:
  std::filesystem::path file() const { return project_.kit("site-1") / "local" / kPrivacyFile; }
  base::Result<std::string> read(const GivenProject& project) const {
    auto kit = Kit::open(project.kit("site-1"), VersionMemory::only_check);
    EXPECT_TRUE(kit.has_value());
    return read_privacy(*kit);
  }
  std::string reason() const {
    const auto text = read(project_);
    return text ? "read" : text.error().reason;
  }

  GivenProject project_;
};

TEST_F(Privacy, IsEmptyForASiteThatHasNone) { EXPECT_EQ(read(project_).value(), ""); }

TEST_F(Privacy, IsReadAsItStands) {
  const std::string text = "{ \"default_scope\": \"public\" }\n";
  support::write_text(file(), text);

  EXPECT_EQ(read(project_).value(), text);
}

TEST_F(Privacy, IsLeftOutWithoutSecureTrain) {
  const GivenProject simulated(kSimulated);
  support::write_text(simulated.kit("site-1") / "local" / kPrivacyFile, "this is not even looked at");

  EXPECT_EQ(read(simulated).value(), "");
}

TEST_F(Privacy, RefusesWhatIsNoJsonObject) {
  for (const char* wrong : {"", "{", "[]", "\"text\"", "{\"a\":1,\"a\":2}"}) {
    support::write_text(file(), wrong);
    EXPECT_EQ(reason(), "kit_privacy") << wrong;
  }
}

TEST_F(Privacy, RefusesAFileThatOthersMayWrite) {
  support::write_text(file(), "{}");
  ASSERT_EQ(::chmod(file().c_str(), 0666), 0);

  EXPECT_EQ(reason(), "kit_unsafe_mode");
}

TEST_F(Privacy, RefusesALink) {
  support::write_text(project_.folder() / "elsewhere.json", "{}");
  std::filesystem::create_symlink(project_.folder() / "elsewhere.json", file());

  EXPECT_EQ(reason(), "kit_symlink");
}

TEST_F(Privacy, RefusesMoreThanOneMebibyte) {
  support::write_text(file(), "{\"a\":\"" + std::string(1024 * 1024, 'x') + "\"}");

  EXPECT_NE(reason(), "read");
}

}  // namespace
}  // namespace fairlead::kit
