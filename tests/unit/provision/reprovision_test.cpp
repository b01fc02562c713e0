// Later runs keep what earlier runs made.
#include <gmock/gmock.h>

#include "kit/kit.hpp"
#include "provision/ledger.hpp"
#include "scenarios.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using provision::KitChange;
using testing::HasSubstr;

TEST(Reprovision, ThatChangesNothingMakesNothing) {
  GivenProject project;
  const auto before = files_below(project.workspace());

  project.provision(kSmallProject);

  EXPECT_FALSE(project.report().made.has_value());
  EXPECT_EQ(files_below(project.workspace()), before);
  EXPECT_EQ(project.kit("site-1"), project.workspace() / "demo/prod_00/site-1");
}

TEST(Reprovision, NeedsNoPassphraseWhenNothingChanges) {
  GivenProject project;
  provision::ProvisionOptions options = passphrase("secret");
  options.workspace = project.folder() / "second";
  ASSERT_TRUE(project.try_provision(kSmallProject, options).has_value());
  options.passphrase = nullptr;

  EXPECT_TRUE(project.try_provision(kSmallProject, options).has_value());
}

TEST(Reprovision, WithAnotherParticipantTouchesNoOtherKit) {
  GivenProject project;
  const auto before = files_below(project.workspace() / "demo/prod_00");

  project.provision(with_another_client());

  EXPECT_EQ(files_below(project.workspace() / "demo/prod_00"), before);
  EXPECT_EQ(project.kit("site-3"), project.workspace() / "demo/prod_01/site-3");
  EXPECT_EQ(project.kit("site-1"), project.workspace() / "demo/prod_00/site-1");
  for (const auto& [name, content] : files_below(project.workspace() / "demo/prod_01"))
    EXPECT_THAT(name, testing::StartsWith("site-3/"));
  EXPECT_TRUE(kit::Kit::open(project.kit("site-3")).has_value());
}

TEST(Reprovision, OfAChangedParticipantKeepsItsKeysAndCertificate) {
  GivenProject project;
  const fs::path first = project.kit("site-1") / "startup";

  project.provision(with("org: north", "org: north\n    message_security: seal"));

  const fs::path second = project.kit("site-1") / "startup";
  EXPECT_NE(first, second);
  for (const char* name : {"client.crt", "client.key", "rootCA.pem"})
    EXPECT_EQ(read_text(first / name), read_text(second / name)) << name;
  EXPECT_EQ(project.report().kits[1].why, "message_security, expected_message_security");
  EXPECT_EQ(project.report().kits[2].change, KitChange::kept);
}

TEST(Reprovision, GivesAChangedKitAHigherVersionOfTheSameKit) {
  GivenProject project;
  const auto first = kit::Kit::open(project.kit("site-1"));

  project.provision(with("org: north", "org: west"));

  const auto second = kit::Kit::open(project.kit("site-1"));
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(first->settings().kit_id, second->settings().kit_id);
  EXPECT_GT(second->settings().kit_version, first->settings().kit_version);
  EXPECT_EQ(first->leaf().organization(), "north");
  EXPECT_EQ(second->leaf().organization(), "west");
}

TEST(Reprovision, WithAnotherHostNameKeepsTheServersKey) {
  GivenProject project;
  const fs::path first = project.kit("server.example.com") / "startup";

  project.provision(with("[localhost,", "[localhost, other.example.com,"));

  const auto kit = kit::Kit::open(project.kit("server.example.com"));
  ASSERT_TRUE(kit.has_value());
  EXPECT_THAT(kit->leaf().dns_names(), testing::Contains("other.example.com"));
  EXPECT_EQ(read_text(first / "server.key"), read_text(kit->path() / "startup/server.key"));
  EXPECT_EQ(read_text(first / "token.key"), read_text(kit->path() / "startup/token.key"));
  EXPECT_EQ(project.report().kits[1].change, KitChange::kept);
}

TEST(Reprovision, IgnoresHowTheProjectFileIsLaidOut) {
  GivenProject project(with("participants:", "connection_security: mtls\nparticipants:"));

  project.provision(with("participants:", "\n# moved\n\nconnection_security: mtls\nparticipants:"));

  EXPECT_FALSE(project.report().made.has_value());
}

TEST(Reprovision, RenewsCertificatesThatEndSoonForTheSameKeys) {
  StoppedClock clock;
  GivenProject project(kSmallProject, clock);
  const fs::path first = project.kit("site-1") / "startup";
  clock.now += std::chrono::days(398 - 29);

  project.provision(kSmallProject);

  const auto kit = kit::Kit::open(project.kit("site-1"));
  ASSERT_TRUE(kit.has_value());
  EXPECT_EQ(kit->leaf().not_after(), clock.now + std::chrono::days(398));
  EXPECT_EQ(read_text(first / "client.key"), read_text(kit->path() / "startup/client.key"));
  EXPECT_EQ(project.report().kits[1].why, "certificate renewed");
}

TEST(Reprovision, WarnsOfParticipantsThatWereRemoved) {
  GivenProject project;

  project.provision(with("  - name: site-2\n    type: client\n    org: south\n", ""));

  ASSERT_EQ(project.report().warnings.size(), 1u);
  EXPECT_THAT(project.report().warnings[0], HasSubstr("site-2 is no longer in the project"));
}

TEST(Reprovision, RefusesADamagedKit) {
  GivenProject project;
  const fs::path file = project.kit("site-1") / "startup/fairlead.json";
  write_text(file, read_text(file) + " ");

  const auto report = project.try_provision(kSmallProject);

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "kit_changed");
  EXPECT_THAT(report.error().hint, HasSubstr("delete"));
}

TEST(Reprovision, RecordsEveryCertificateInAChainedLedger) {
  GivenProject project;
  const fs::path state = project.workspace() / "demo/state";

  project.provision(with_another_client());

  const std::string ledger = read_text(state / "ledger.jsonl");
  EXPECT_EQ(std::count(ledger.begin(), ledger.end(), '\n'), 7);  // 5 kits, 1 token signer, site-3
  EXPECT_TRUE(provision::verify_ledger(state).has_value());
}

TEST(Reprovision, NoticesALedgerWithARemovedLine) {
  GivenProject project;
  const fs::path state = project.workspace() / "demo/state";
  std::string ledger = read_text(state / "ledger.jsonl");
  const size_t first = ledger.find('\n') + 1;
  write_text(state / "ledger.jsonl", ledger.substr(0, first) + ledger.substr(ledger.find('\n', first) + 1));

  const auto report = project.try_provision(with_another_client());

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "ledger");
}

}  // namespace
}  // namespace fairlead::support
