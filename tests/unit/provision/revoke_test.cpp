// What `cert revoke` does to a workspace, and what later runs make of it.
#include "provision/revoke.hpp"

#include <gmock/gmock.h>

#include "crypto/crl.hpp"
#include "kit/kit.hpp"
#include "scenarios.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using crypto::RevocationReason;
using provision::KitChange;
using provision::RevokeReport;
using testing::HasSubstr;

/// A provisioned project and what is revoked in it.
class Revoke : public testing::Test {
 protected:
  static constexpr const char* kServer = "server.example.com";

  base::Result<RevokeReport> try_revoke(const std::string& name, provision::RevokeOptions options = {}) {
    if (options.workspace.empty()) options.workspace = project_.workspace();
    options.name = name;
    return provision::revoke(options, clock_);
  }
  RevokeReport revoke(const std::string& name, provision::RevokeOptions options = {}) {
    auto report = try_revoke(name, std::move(options));
    EXPECT_TRUE(report.has_value()) << report.error().line();
    return report ? std::move(*report) : RevokeReport{};
  }
  RevokeReport refresh(std::optional<std::chrono::seconds> life = {}) {
    provision::RevokeOptions options;
    options.next_update = life;
    return revoke("", std::move(options));
  }
  crypto::RevocationLists lists() {
    const auto kit = kit::Kit::open(project_.kit(kServer));
    EXPECT_TRUE(kit.has_value());
    auto read = crypto::RevocationLists::read(base::as_bytes(read_text(folder() / "crl.pem")), kit->root(),
                                              {}, clock_.now);
    EXPECT_TRUE(read.has_value()) << read.error().line();
    return read ? std::move(*read) : crypto::RevocationLists();
  }
  crypto::Certificate leaf(const std::string& name) { return kit::Kit::open(project_.kit(name))->leaf(); }
  bool is_on_list(const crypto::Certificate& certificate) {
    const auto kit = kit::Kit::open(project_.kit(kServer));
    return lists().revokes(certificate, kit->root());
  }
  fs::path folder() const { return project_.workspace() / "demo"; }
  fs::path state() const { return folder() / "state"; }

  StoppedClock clock_;
  GivenProject project_{kSmallProject, clock_};
};

TEST_F(Revoke, NamesTheCertificateOnTheList) {
  const RevokeReport report = revoke("site-1");

  EXPECT_TRUE(report.issued);
  EXPECT_EQ(report.number, 1u);
  EXPECT_EQ(report.count, 1u);
  EXPECT_EQ(report.file, folder() / "crl.pem");
  EXPECT_TRUE(is_on_list(leaf("site-1")));
  EXPECT_FALSE(is_on_list(leaf("site-2")));
}

TEST_F(Revoke, OfAServerTakesItsTokenSignerToo) {
  const RevokeReport report = revoke(kServer);

  const auto kit = kit::Kit::open(project_.kit(kServer));
  EXPECT_EQ(report.count, 2u);
  EXPECT_TRUE(is_on_list(kit->leaf()));
  EXPECT_TRUE(is_on_list(*kit->token_certificate()));
}

TEST_F(Revoke, KeepsWhatWasRevokedBefore) {
  revoke("site-1");

  const RevokeReport report = revoke("site-2");

  EXPECT_EQ(report.number, 2u);
  EXPECT_EQ(report.count, 2u);
  EXPECT_TRUE(is_on_list(leaf("site-1")));
  EXPECT_TRUE(is_on_list(leaf("site-2")));
}

TEST_F(Revoke, TakesEveryCertificateThatHasNotExpired) {
  const crypto::Certificate first = leaf("site-1");
  clock_.now += std::chrono::days(398 - 29);
  project_.provision(kSmallProject);

  const RevokeReport report = revoke("site-1");

  EXPECT_EQ(report.count, 2u);
  EXPECT_TRUE(is_on_list(first));
  EXPECT_TRUE(is_on_list(leaf("site-1")));
}

TEST_F(Revoke, LeavesOutWhatHadExpiredButNeverUsesItsKeyAgain) {
  const fs::path before = project_.kit("site-1");
  clock_.now += std::chrono::days(399);

  const RevokeReport report = revoke("site-1");
  project_.provision(kSmallProject);

  EXPECT_EQ(report.revoked.size(), 1u);
  EXPECT_EQ(report.count, 0u);
  EXPECT_NE(read_text(before / "startup/client.key"),
            read_text(project_.kit("site-1") / "startup/client.key"));
}

TEST_F(Revoke, KeepsAnEntryAfterItsCertificateHasExpired) {
  const crypto::Certificate revoked = leaf("site-1");
  revoke("site-1");
  clock_.now += std::chrono::days(399);

  refresh();

  EXPECT_TRUE(is_on_list(revoked));
}

TEST_F(Revoke, LastsAsLongAsTheRootUnlessShortened) {
  const auto root = kit::Kit::open(project_.kit(kServer))->root();

  EXPECT_EQ(revoke("site-1").next_update, root.not_after());
  EXPECT_EQ(refresh(std::chrono::days(30)).next_update, clock_.now + std::chrono::days(30));
  EXPECT_EQ(refresh(std::chrono::days(3650)).next_update, clock_.now + std::chrono::days(3650));
  EXPECT_EQ(refresh(std::chrono::days(9999)).next_update, root.not_after());
}

TEST_F(Revoke, RefreshesTheListWithALaterEndAndTheNextNumber) {
  provision::RevokeOptions options;
  options.next_update = std::chrono::days(30);
  const RevokeReport first = revoke("site-1", std::move(options));
  clock_.now += std::chrono::days(20);

  const RevokeReport second = refresh(std::chrono::days(30));

  EXPECT_EQ(second.number, first.number + 1);
  EXPECT_GT(second.next_update, first.next_update);
  EXPECT_EQ(second.this_update, clock_.now);
  EXPECT_TRUE(second.revoked.empty());
  EXPECT_TRUE(is_on_list(leaf("site-1")));
}

TEST_F(Revoke, RefreshMakesTheFirstListForAStrictProject) {
  const RevokeReport report = refresh();

  EXPECT_EQ(report.number, 1u);
  EXPECT_EQ(report.count, 0u);
}

TEST_F(Revoke, AgainChangesNothingAndNeedsNoPassphrase) {
  revoke("site-1");
  const auto before = files_below(project_.workspace());
  provision::RevokeOptions options;
  options.passphrase = [](provision::PassphraseNeed) -> base::Result<base::Secret> {
    return base::fail(base::ErrorCode::internal, "nobody may ask");
  };

  const RevokeReport report = revoke("site-1", std::move(options));

  EXPECT_FALSE(report.issued);
  EXPECT_TRUE(report.revoked.empty());
  EXPECT_EQ(report.number, 1u);
  EXPECT_EQ(files_below(project_.workspace()), before);
}

TEST_F(Revoke, RefusesANameThatWasNeverIssued) {
  const auto before = files_below(project_.workspace());

  const auto near = try_revoke("site1"), far = try_revoke("elsewhere");

  ASSERT_FALSE(near.has_value() || far.has_value());
  EXPECT_EQ(near.error().reason, "never_issued");
  EXPECT_EQ(base::exit_code(near.error().code), 4);
  EXPECT_EQ(near.error().hint, "did you mean site-1?");
  EXPECT_THAT(far.error().hint, HasSubstr("project file"));
  EXPECT_EQ(files_below(project_.workspace()), before);
}

TEST_F(Revoke, WithTheWrongPassphraseWritesNothing) {
  provision::ProvisionOptions encrypted = passphrase("right");
  encrypted.workspace = project_.folder() / "encrypted";
  ASSERT_TRUE(project_.try_provision(kSmallProject, encrypted).has_value());
  const auto before = files_below(encrypted.workspace);
  provision::RevokeOptions options;
  options.workspace = encrypted.workspace;
  options.passphrase = passphrase("wrong").passphrase;

  const auto report = try_revoke("site-1", options);

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "root_key_passphrase");
  EXPECT_EQ(files_below(encrypted.workspace), before);
}

TEST_F(Revoke, IsALineOfItsOwnInTheLedger) {
  provision::RevokeOptions options;
  options.reason = RevocationReason::key_compromise;
  revoke("site-1", std::move(options));

  const auto ledger = provision::read_ledger(state());

  ASSERT_TRUE(ledger.has_value()) << ledger.error().line();
  EXPECT_EQ(ledger->newest_list, 1u);
  EXPECT_TRUE(ledger->is_revoked(leaf("site-1")));
  EXPECT_FALSE(ledger->is_revoked(leaf("site-2")));
  EXPECT_THAT(read_text(state() / "ledger.jsonl"), HasSubstr("\"reason\":\"keyCompromise\""));
  EXPECT_TRUE(ledger->all_revoked("site-1"));
  EXPECT_FALSE(ledger->all_revoked("site-2"));
  EXPECT_FALSE(ledger->all_revoked("nobody"));
}

TEST_F(Revoke, IsPutRightByTheNextRunWhenTheListWasNotWritten) {
  revoke("site-1");
  fs::remove(state() / "crl.pem");
  fs::remove(folder() / "crl.pem");

  const RevokeReport report = revoke("site-1");

  EXPECT_TRUE(report.issued);
  EXPECT_EQ(report.number, 2u) << "number 1 may be in use somewhere";
  EXPECT_TRUE(is_on_list(leaf("site-1")));
}

TEST_F(Revoke, IsPutRightByTheNextRunWhenTheCopyWasNotWritten) {
  revoke("site-1");
  const std::string list = read_text(folder() / "crl.pem");
  write_text(folder() / "crl.pem", "half");

  const RevokeReport report = revoke("site-1");

  EXPECT_FALSE(report.issued);
  EXPECT_EQ(read_text(folder() / "crl.pem"), list);
}

TEST_F(Revoke, RefusesALedgerWhoseEndIsMissing) {
  const std::string before = read_text(state() / "ledger.jsonl");
  revoke("site-1");
  write_text(state() / "ledger.jsonl", before);

  const auto again = try_revoke("site-2");
  const auto provisioned = project_.try_provision(kSmallProject);

  ASSERT_FALSE(again.has_value() || provisioned.has_value());
  EXPECT_EQ(again.error().reason, "ledger");
  EXPECT_EQ(provisioned.error().reason, "ledger");
}

TEST_F(Revoke, RefusesALostLedger) {
  fs::remove(state() / "ledger.jsonl");

  const auto provisioned = project_.try_provision(kSmallProject);

  ASSERT_FALSE(provisioned.has_value());
  EXPECT_EQ(provisioned.error().reason, "ledger");
}

TEST_F(Revoke, GivesTheParticipantANewKeyAtTheNextProvisioning) {
  const fs::path old = project_.kit("site-1");
  const crypto::Certificate revoked = leaf("site-1");
  revoke("site-1");

  project_.provision(kSmallProject);

  EXPECT_EQ(project_.report().kits[1].why, "certificate revoked: new key");
  EXPECT_THAT(project_.report().warnings, testing::Contains(HasSubstr("certificate of site-1 is revoked")));
  EXPECT_NE(read_text(old / "startup/client.key"), read_text(project_.kit("site-1") / "startup/client.key"));
  EXPECT_FALSE(is_on_list(leaf("site-1")));
  EXPECT_TRUE(is_on_list(revoked));
  EXPECT_EQ(project_.report().kits[2].change, KitChange::kept);
}

TEST_F(Revoke, GivesAServerTwoNewKeys) {
  const fs::path old = project_.kit(kServer) / "startup";
  revoke(kServer);

  project_.provision(kSmallProject);

  const fs::path fresh = project_.kit(kServer) / "startup";
  EXPECT_NE(read_text(old / "server.key"), read_text(fresh / "server.key"));
  EXPECT_NE(read_text(old / "token.key"), read_text(fresh / "token.key"));
}

TEST_F(Revoke, LetsTheNewCertificateBeRevokedInTurn) {
  revoke("site-1");
  project_.provision(kSmallProject);
  const fs::path second = project_.kit("site-1");

  const RevokeReport report = revoke("site-1");
  project_.provision(kSmallProject);

  EXPECT_EQ(report.revoked.size(), 1u);
  EXPECT_EQ(report.count, 2u);
  EXPECT_NE(read_text(second / "startup/client.key"),
            read_text(project_.kit("site-1") / "startup/client.key"));
}

TEST_F(Revoke, EndsTheWarningAboutAParticipantThatWasRemoved) {
  revoke("site-2");

  project_.provision(with("  - name: site-2\n    type: client\n    org: south\n", ""));

  EXPECT_TRUE(project_.report().warnings.empty());
}

TEST_F(Revoke, AsksWhichProjectWhenThereAreSeveral) {
  project_.provision(with("name: demo", "name: other"));
  provision::RevokeOptions named;
  named.project = "other";

  const auto unclear = try_revoke("site-1");
  const RevokeReport report = revoke("site-1", std::move(named));

  ASSERT_FALSE(unclear.has_value());
  EXPECT_THAT(unclear.error().hint, HasSubstr("demo, other"));
  EXPECT_EQ(report.project, "other");
  EXPECT_FALSE(fs::exists(folder() / "crl.pem"));
}

TEST_F(Revoke, RefusesAFolderWithoutAProject) {
  provision::RevokeOptions empty;
  empty.workspace = project_.folder() / "nothing";

  const auto report = try_revoke("site-1", empty);

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(base::exit_code(report.error().code), 4);
  EXPECT_FALSE(fs::exists(empty.workspace));
}

}  // namespace
}  // namespace fairlead::support
