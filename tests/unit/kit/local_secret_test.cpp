#include "kit/local_secret.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/given_project.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

class ProxySecret : public testing::Test {
 protected:
  ProxySecret() {
    fs::create_directory(folder());
    fs::permissions(folder(), fs::perms(0700));
    write("user:password\n");
  }
  fs::path folder() const { return project_.kit("site-1") / "local" / "secrets"; }
  fs::path file() const { return folder() / "corp"; }
  void write(const std::string& content) const {
    support::write_text(file(), content);
    fs::permissions(file(), fs::perms(0600));
  }
  base::Result<base::Secret> read(const std::string& name = "corp") const {
    const auto kit = Kit::open(project_.kit("site-1"), VersionMemory::only_check);
    EXPECT_TRUE(kit.has_value());
    return read_proxy_secret(*kit, name);
  }
  /// The content without its line's end, or the reason of the refusal.
  std::string outcome(const std::string& content) const {
    write(content);
    const auto secret = read();
    if (secret) return std::string(base::as_text(secret->expose()));
    EXPECT_EQ(secret.error().code, base::ErrorCode::bad_configuration);
    EXPECT_EQ(secret.error().line().find("canary"), std::string::npos) << secret.error().line();
    return secret.error().reason;
  }

  support::GivenProject project_;
};

TEST_F(ProxySecret, IsOneLine) {
  EXPECT_EQ(outcome("user:password"), "user:password");
  EXPECT_EQ(outcome("user:password\n"), "user:password");
  EXPECT_EQ(outcome("user:password\r\n"), "user:password");
  EXPECT_EQ(outcome("user:pass:word %41\n"), "user:pass:word %41");
  EXPECT_EQ(outcome(":\n"), ":");
}

TEST_F(ProxySecret, IsNotShownWhenItsFormIsWrong) {
  for (const std::string wrong :
       {"", "\n", "canary", ":canary", "canary:x\ny", "canary:x\n\n", "canary:\tx", "canary:\x7f"})
    EXPECT_EQ(outcome(wrong), "kit_secret") << wrong;
  EXPECT_EQ(outcome(std::string("canary:x\0y", 10)), "kit_secret");
}

TEST_F(ProxySecret, HasAtMostOneKibibyte) {
  EXPECT_EQ(outcome("u:" + std::string(1021, 'x')).size(), 1023u);
  EXPECT_EQ(outcome("u:" + std::string(1022, 'x')).size(), 1024u);
  EXPECT_EQ(outcome("u:" + std::string(1023, 'x')), "kit_secret");
}

TEST_F(ProxySecret, IsForItsOwnerAlone) {
  ::chmod(file().c_str(), 0640);
  const auto open_file = read();
  ::chmod(file().c_str(), 0600);
  ::chmod(folder().c_str(), 0750);
  const auto open_folder = read();

  ASSERT_FALSE(open_file);
  EXPECT_EQ(open_file.error().reason, "kit_unsafe_mode");
  EXPECT_EQ(open_file.error().hint, "type: chmod 600 " + file().string());
  ASSERT_FALSE(open_folder);
  EXPECT_EQ(open_folder.error().reason, "kit_unsafe_mode");
  EXPECT_EQ(open_folder.error().hint, "type: chmod 700 " + folder().string());
}

TEST_F(ProxySecret, IsNotReadThroughALink) {
  write("user:password");
  fs::rename(file(), folder() / "other");
  fs::create_symlink("other", file());

  const auto secret = read();

  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().reason, "kit_symlink");
}

TEST_F(ProxySecret, SaysHowToMakeOne) {
  const auto secret = read("missing");

  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().reason, "kit_secret");
  EXPECT_NE(secret.error().hint.find("install -d -m 700 " + folder().string()), std::string::npos);
  EXPECT_TRUE(secret.error().origin.starts_with((folder() / "missing").string())) << secret.error().origin;
}

TEST_F(ProxySecret, LeadsNowhereElse) {
  for (const char* name : {"", ".", "..", "../fairlead.yml", "a/b", "/etc/passwd"}) {
    const auto secret = read(name);
    ASSERT_FALSE(secret) << name;
    EXPECT_EQ(secret.error().reason, "kit_secret") << name;
  }
}

}  // namespace
}  // namespace fairlead::kit
