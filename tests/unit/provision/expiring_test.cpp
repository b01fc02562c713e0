#include "provision/expiring.hpp"

#include <gmock/gmock.h>

#include <set>

#include "provision/revoke.hpp"
#include "scenarios.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using provision::ExpiryReport;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr std::chrono::days kMonth(30);

/// A workspace that was provisioned when its clock stood still.
class Expiring : public testing::Test {
 protected:
  ExpiryReport look(const fs::path& path, std::chrono::seconds within = kMonth) {
    auto report = provision::find_expiring(path, within, clock_.now);
    EXPECT_TRUE(report.has_value()) << report.error().line();
    return report ? std::move(*report) : ExpiryReport{};
  }
  static std::set<std::string> names(const ExpiryReport& report) {
    std::set<std::string> found;
    for (const auto& one : report.ending) found.insert(one.name + " " + one.certificate);
    return found;
  }

  StoppedClock clock_;
  GivenProject project_{kSmallProject, clock_};
};

TEST_F(Expiring, FindsNothingWhileEverythingIsFresh) {
  const ExpiryReport report = look(project_.workspace());

  EXPECT_TRUE(report.ending.empty());
  EXPECT_EQ(report.kits, 5u);
  EXPECT_EQ(report.certificates, 7u) << "5 identities, 1 token signer, and one root for all";
}

TEST_F(Expiring, CountsFromTheDayOnWhichThePeriodBegins) {
  const fs::path kit = project_.kit("admin@example.com");
  clock_.now += std::chrono::days(60) - std::chrono::milliseconds(1);
  EXPECT_TRUE(look(kit).ending.empty());

  clock_.now += std::chrono::milliseconds(1);

  const ExpiryReport report = look(kit);
  ASSERT_EQ(report.ending.size(), 1u);
  EXPECT_EQ(report.ending[0].name, "admin@example.com");
  EXPECT_EQ(report.ending[0].type, "admin");
  EXPECT_EQ(report.ending[0].certificate, "identity");
  EXPECT_EQ(report.ending[0].days_left, 30);
  EXPECT_EQ(report.ending[0].file, kit / "startup/client.crt");
  EXPECT_EQ(report.expired, 0u);
}

TEST_F(Expiring, CountsWhatIsOver) {
  clock_.now += std::chrono::days(90);

  const ExpiryReport report = look(project_.workspace());

  EXPECT_THAT(names(report), ElementsAre("admin@example.com identity"));
  EXPECT_EQ(report.expired, 1u);
  EXPECT_EQ(report.ending[0].days_left, 0);
  clock_.now += std::chrono::milliseconds(1);
  EXPECT_EQ(look(project_.workspace()).ending[0].days_left, -1);
}

TEST_F(Expiring, FindsTokenSignersAndTheRoot) {
  const ExpiryReport report = look(project_.kit("server.example.com"), std::chrono::days(3650));

  EXPECT_THAT(names(report), UnorderedElementsAre("server.example.com identity", "server.example.com token"));
  EXPECT_THAT(names(look(project_.kit("server.example.com"), std::chrono::days(3653))),
              UnorderedElementsAre("server.example.com identity", "server.example.com token",
                                   "server.example.com root"));
}

TEST_F(Expiring, FindsIssuingCertificatesAndCustomOnes) {
  const fs::path startup = project_.kit("site-1") / "startup";
  write_text(startup / "client.crt",
             read_text(startup / "client.crt") +
                 read_text(project_.kit("server.example.com") / "startup/server.crt"));
  write_text(startup / "customRootCA.pem", read_text(project_.kit("site-2") / "startup/client.crt"));

  const ExpiryReport report = look(project_.kit("site-1"), std::chrono::days(400));

  EXPECT_THAT(names(report), ElementsAre("site-1 custom_ca", "site-1 identity", "site-1 issuing"));
}

TEST_F(Expiring, PutsTheFirstToEndInFront) {
  const ExpiryReport report = look(project_.workspace(), std::chrono::days(400));

  ASSERT_EQ(report.ending.size(), 6u);
  EXPECT_EQ(report.ending.front().name, "admin@example.com");
}

TEST_F(Expiring, LooksAtTheNewestKitOfEachParticipantOnly) {
  clock_.now += std::chrono::days(398 - 29);
  project_.provision(kSmallProject);

  EXPECT_TRUE(look(project_.workspace()).ending.empty());
  EXPECT_TRUE(look(project_.workspace() / "demo").ending.empty());
  EXPECT_FALSE(look(project_.workspace() / "demo/prod_00").ending.empty()) << "named by itself it counts";
}

TEST_F(Expiring, ForgetsWhatIsRevoked) {
  ASSERT_TRUE(provision::revoke({.workspace = project_.workspace(), .name = "admin@example.com"}, clock_));
  clock_.now += std::chrono::days(100);

  EXPECT_TRUE(look(project_.workspace()).ending.empty());
}

TEST_F(Expiring, IsNotSilencedByAForeignList) {
  GivenProject other(kSmallProject, clock_);
  ASSERT_TRUE(provision::revoke({.workspace = other.workspace(), .name = "admin@example.com"}, clock_));
  fs::copy(other.workspace() / "demo/crl.pem", project_.workspace() / "demo/crl.pem");
  clock_.now += std::chrono::days(100);

  EXPECT_THAT(names(look(project_.workspace())), ElementsAre("admin@example.com identity"));
}

TEST_F(Expiring, TakesAnyFolderOfKits) {
  const fs::path folder = project_.folder() / "deployed/here";
  fs::create_directories(folder);
  fs::copy(project_.kit("site-1"), folder / "one", fs::copy_options::recursive);
  fs::copy(project_.kit("site-2"), folder / "two", fs::copy_options::recursive);
  fs::create_directory_symlink(project_.kit("service-1"), folder / "link");

  const ExpiryReport report = look(project_.folder() / "deployed", std::chrono::days(400));

  EXPECT_THAT(names(report), ElementsAre("site-1 identity", "site-2 identity"));
}

TEST_F(Expiring, RefusesAPathWithoutAnyKit) {
  fs::create_directory(project_.folder() / "empty");

  for (const fs::path& path :
       {project_.folder() / "empty", project_.folder() / "nowhere", project_.folder() / "project.yml"}) {
    const auto report = provision::find_expiring(path, kMonth, clock_.now);
    ASSERT_FALSE(report.has_value()) << path;
    EXPECT_EQ(report.error().reason, "kit_not_found");
    EXPECT_EQ(base::exit_code(report.error().code), 4);
  }
}

TEST_F(Expiring, RefusesWhatCannotBeReadRatherThanLeaveItOut) {
  write_text(project_.kit("site-1") / "startup/client.crt", "nonsense");

  const auto report = provision::find_expiring(project_.workspace(), kMonth, clock_.now);

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "kit_bad_certificate");
}

}  // namespace
}  // namespace fairlead::support
