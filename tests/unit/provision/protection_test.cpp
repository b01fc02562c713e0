// The root key's passphrase, the lock, and what a failure leaves behind.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "kit/descriptor.hpp"
#include "kit/kit.hpp"
#include "scenarios.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A project in its own workspace whose root key is encrypted with "right".
struct GivenPassphrase {
  GivenProject project;
  provision::ProvisionOptions options = passphrase("right");
  GivenPassphrase() {
    options.workspace = project.folder() / "encrypted";
    EXPECT_TRUE(project.try_provision(kSmallProject, options).has_value());
  }
  auto run(provision::PassphraseSource source) {
    options.passphrase = std::move(source);
    return project.try_provision(with_another_client(), options);
  }
};

TEST(RootKey, IsEncryptedWithAPassphrase) {
  const GivenPassphrase given;

  const std::string key = read_text(given.options.workspace / "demo/state/rootCA.key");

  EXPECT_THAT(key, HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
  EXPECT_TRUE(given.project.report().warnings.empty());
}

TEST(RootKey, OpensWithTheRightPassphrase) {
  GivenPassphrase given;

  const auto report = given.run(passphrase("right").passphrase);

  ASSERT_TRUE(report.has_value()) << report.error().line();
  EXPECT_TRUE(kit::Kit::open(given.project.kit("site-3")).has_value());
}

TEST(RootKey, RefusesTheWrongPassphraseAndWritesNothing) {
  GivenPassphrase given;
  const auto before = files_below(given.options.workspace);

  const auto report = given.run(passphrase("wrong").passphrase);

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "root_key_passphrase");
  EXPECT_EQ(base::exit_code(report.error().code), 4);
  EXPECT_EQ(files_below(given.options.workspace), before);
}

TEST(RootKey, RefusesToBeOpenedWithoutAPassphrase) {
  GivenPassphrase given;

  const auto report = given.run(nullptr);

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "root_key_passphrase");
}

TEST(RootKey, WithoutPassphraseIsWarnedOfOnEachUse) {
  GivenProject project;
  EXPECT_THAT(project.report().warnings, testing::Contains(HasSubstr("not encrypted")));

  project.provision(with_another_client());

  EXPECT_THAT(project.report().warnings, testing::Contains(HasSubstr("not encrypted")));
}

TEST(RootKey, IsInNoKit) {
  const GivenProject project;
  const std::string key = read_text(project.workspace() / "demo/state/rootCA.key");

  for (const auto& [name, content] : files_below(project.workspace() / "demo/prod_00"))
    EXPECT_NE(content, key) << name;
}

TEST(Lock, RefusesASecondRunAndNamesTheFile) {
  GivenProject project;
  const fs::path lock = project.workspace() / "demo/.lock";
  const kit::Descriptor held(::open(lock.c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::flock(held.get(), LOCK_EX | LOCK_NB), 0);

  const auto report = project.try_provision(with_another_client());

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "workspace_locked");
  EXPECT_THAT(report.error().text, HasSubstr(lock.string()));
}

/// Files can not grow beyond a limit while this lives: the nearest thing to a full disk.
class FilesStaySmall {
 public:
  explicit FilesStaySmall(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FilesStaySmall() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FilesStaySmall(const FilesStaySmall&) = delete;
  FilesStaySmall& operator=(const FilesStaySmall&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(FailedWrite, LeavesTheOldKitsAlone) {
  GivenProject project;
  const auto before = files_below(project.workspace());
  std::string yaml = with_another_client();
  write_text(project.folder() / "project.yml", yaml);

  // The kit's certificates fit, its manifest does not.
  const auto report = [&] {
    const FilesStaySmall full(1500);
    return project.try_provision(yaml);
  }();

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(base::exit_code(report.error().code), 1);
  EXPECT_EQ(files_below(project.workspace()), before);
}

TEST(FailedWrite, IsRepairedByTheNextRun) {
  GivenProject project;
  {
    const FilesStaySmall full(1500);
    ASSERT_FALSE(project.try_provision(with_another_client()).has_value());
  }

  project.provision(with_another_client());

  EXPECT_TRUE(kit::Kit::open(project.kit("site-3")).has_value());
}

TEST(FailedWrite, LeftoversOfACrashAreReplaced) {
  GivenProject project;
  std::error_code error;
  fs::create_directories(project.workspace() / "demo/.prod.tmp/site-3", error);
  write_text(project.workspace() / "demo/.prod.tmp/site-3/half", "half");

  project.provision(with_another_client());

  EXPECT_TRUE(kit::Kit::open(project.kit("site-3")).has_value());
}

}  // namespace
}  // namespace fairlead::support
