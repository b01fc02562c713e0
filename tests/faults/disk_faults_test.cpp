// X8: whatever call to the disk fails, or is the last one, a workspace holds what it held before or what the
// command makes of it, and the next run puts right what is left.
#include <gmock/gmock.h>

#include <csignal>

#include "faults/given_faults.hpp"
#include "kit/kit.hpp"

namespace fairlead::faults {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

constexpr unsigned kMostCalls = 1000;
/// The program's own day is today: certificates made so long ago are due for renewal.
constexpr auto kAlmostALife = std::chrono::days(390);

base::WallTime today() { return base::SystemClock().wall(); }

/// Runs a command again and again, and each time another of its calls goes wrong.
class DiskFaults : public testing::TestWithParam<Fault> {
 protected:
  /// What every run starts from.
  fs::path before() const { return folder_.path() / "before"; }
  /// Where it happens.
  fs::path now() const { return folder_.path() / "now"; }
  fs::path project() const { return now() / "w/demo"; }

  DiskFaults() { fs::create_directory(before()); }

  void start_over() {
    fs::remove_all(now());
    fs::copy(before(), now(), fs::copy_options::recursive);
  }

  std::string workspace() const { return (now() / "w").string(); }
  Words provision_words() const { return {"provision", "project.yml", "-w", workspace(), "--no-passphrase"}; }

  /// A killed program said nothing. Else what failed is named, with the reason; only tidying up may fail in
  /// silence.
  void expect_told(const Outcome& outcome) {
    if (GetParam() == Fault::kill) {
      EXPECT_EQ(outcome.finished.code, 128 + SIGKILL);
      return;
    }
    if (outcome.call == "unlink" && outcome.finished.code == 0) return;
    EXPECT_EQ(outcome.finished.code, 1) << outcome.finished.err;
    EXPECT_THAT(outcome.finished.err, HasSubstr(outcome.path.filename().string()));
    EXPECT_THAT(outcome.finished.err, AnyOf(HasSubstr("No space left"), HasSubstr("Input/output error")));
  }

  /// `judge` looks at the result of a plain run that follows each of the failed ones.
  template <class Judge>
  void at_each_call(const Words& words, const Judge& judge) {
    for (unsigned at = 1;; ++at) {
      ASSERT_LT(at, kMostCalls) << "it never gets through";
      start_over();
      const Outcome outcome = run_with_fault(now(), words, GetParam(), at);
      SCOPED_TRACE("call " + std::to_string(at) + ": " + outcome.call + " " + outcome.path.string());
      if (outcome.call.empty()) {
        EXPECT_EQ(outcome.finished.code, 0) << outcome.finished.err;
        return;
      }
      expect_told(outcome);
      if (fs::exists(project())) expect_sound(project());
      expect_old_kits_untouched(before(), now());

      const Outcome plain = run_with_fault(now(), words, GetParam(), 0);
      judge(plain.finished);

      expect_sound(project());
      expect_no_leftovers(now());
      expect_old_kits_untouched(before(), now());
      if (HasFailure()) return;
    }
  }

  support::TempDir folder_;
};
INSTANTIATE_TEST_SUITE_P(X8, DiskFaults, testing::Values(Fault::kill, Fault::one_call, Fault::full_disk),
                         fault_name);

TEST_P(DiskFaults, LeaveAFirstProvisioningUndoneOrDone) {
  write_project(before(), "project.yml", "");

  at_each_call(provision_words(), [&](const support::Finished& plain) {
    EXPECT_EQ(plain.code, 0) << plain.err;
    EXPECT_TRUE(fs::exists(project() / "prod_00/server"));
    EXPECT_FALSE(fs::exists(project() / "prod_01"));
  });
}

TEST_P(DiskFaults, LeaveAnotherParticipantOutOrIn) {
  provision(before(), "", today());
  write_project(before(), "project.yml", kSite);

  at_each_call(provision_words(), [&](const support::Finished& plain) {
    EXPECT_EQ(plain.code, 0) << plain.err;
    EXPECT_TRUE(fs::exists(project() / "prod_01/site-1"));
    EXPECT_FALSE(fs::exists(project() / "prod_02"));
  });
}

TEST_P(DiskFaults, LeaveCertificatesOldOrRenewed) {
  provision(before(), "", today() - kAlmostALife);
  write_project(before(), "project.yml", "");

  at_each_call(provision_words(), [&](const support::Finished& plain) {
    EXPECT_EQ(plain.code, 0) << plain.err;
    EXPECT_EQ(support::read_text(project() / "prod_00/server/startup/server.key"),
              support::read_text(project() / "prod_01/server/startup/server.key"));
    EXPECT_FALSE(fs::exists(project() / "prod_02"));
  });
}

TEST_P(DiskFaults, LeaveARevocationUndoneOrDone) {
  provision(before(), kSite, today());

  at_each_call({"cert", "revoke", "site-1", "-w", workspace(), "--no-passphrase"},
               [&](const support::Finished& plain) {
                 EXPECT_EQ(plain.code, 0) << plain.err;
                 EXPECT_THAT(plain.err, HasSubstr(" 1 revoked"));
                 EXPECT_EQ(support::read_text(project() / "crl.pem"),
                           support::read_text(project() / "state/crl.pem"));
               });
}

TEST_P(DiskFaults, LeaveARefreshedListOldOrNew) {
  provision(before(), kSite, today());
  const Words refresh{"cert", "revoke", "--refresh", "--no-passphrase", "-w"};
  Words first = refresh, again = refresh;
  first.push_back((before() / "w").string());
  again.push_back(workspace());
  ASSERT_EQ(run_with_fault(before(), first, GetParam(), 0).finished.code, 0);

  at_each_call(again, [&](const support::Finished& plain) {
    EXPECT_EQ(plain.code, 0) << plain.err;
    EXPECT_EQ(support::read_text(project() / "crl.pem"), support::read_text(project() / "state/crl.pem"));
  });
}

TEST_P(DiskFaults, LeaveADelegatedKitOutOrWhole) {
  provision(before(), kSite, today());
  const fs::path made = now() / "sensor";

  at_each_call({"token", "delegate", "-k", (project() / "prod_00/site-1").string(), "--as", "site-1/sensor",
                "--topics", "t", "-o", made.string()},
               [&](const support::Finished& plain) {
                 // A whole kit that a killed run left is not written over.
                 EXPECT_TRUE(plain.code == 0 || plain.err.find("is there already") != std::string::npos)
                     << plain.err;
                 EXPECT_TRUE(GetParam() == Fault::kill || plain.code == 0) << plain.err;
                 const auto kit = kit::Kit::open(made, kit::VersionMemory::only_check);
                 EXPECT_TRUE(kit.has_value()) << kit.error().line();
               });
}

}  // namespace
}  // namespace fairlead::faults
