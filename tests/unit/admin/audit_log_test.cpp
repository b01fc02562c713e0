#include "admin/audit_log.hpp"

#include "admin/state.hpp"
#include "crypto/digest.hpp"
#include "given.hpp"

namespace fairlead::admin {
namespace {

AuditEntry entry_number(int number) {
  return {.at = base::WallTime(base::Milliseconds(1000 + number)),
          .actor = "boss@example.com/cli-" + std::to_string(number),
          .role = "project_admin",
          .action = "kick",
          .target = "site-" + std::to_string(number),
          .outcome = "allowed"};
}

/// A log of five lines, and somebody who can write the file.
class TamperedAudit : public testing::Test {
 protected:
  TamperedAudit() {
    store::Database database = must(open_state(folder_.path()));
    for (int number = 1; number <= 5; ++number) head_ = must(AuditLog(database).append(entry_number(number)));
  }
  void tamper(const std::string& sql) {
    store::Database second = must(open_state(folder_.path()));
    const auto done = second.run(sql);
    ASSERT_TRUE(done.has_value()) << done.error().line();
  }
  AuditVerdict verdict() {
    store::Database database = must(open_state(folder_.path()));
    return must(AuditLog(database).verify());
  }
  void expect_broken(uint64_t seq, const std::string& why) {
    const AuditVerdict found = verdict();
    ASSERT_TRUE(found.broken.has_value());
    EXPECT_EQ(found.broken->seq, seq) << found.broken->why;
    EXPECT_NE(found.broken->why.find(why), std::string::npos) << found.broken->why;
  }

  support::TempDir folder_;
  AuditHead head_;
};

TEST(AuditLog, EmptyLogIsIntact) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));

  const AuditVerdict verdict = must(AuditLog(database).verify());

  EXPECT_FALSE(verdict.broken.has_value());
  EXPECT_EQ(verdict.head.seq, 0u);
}

TEST(AuditLog, NewestLinesComeInOrder) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));
  AuditLog log(database);
  for (int number = 1; number <= 5; ++number) must(log.append(entry_number(number)));

  const std::vector<AuditLine> lines = must(log.newest(2));

  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].seq, 4u);
  EXPECT_EQ(lines[1].seq, 5u);
  EXPECT_EQ(lines[1].entry.target, "site-5");
  EXPECT_EQ(lines[1].hash, must(log.head()).hash);
}

TEST(AuditLog, HashIsTheDocumentedOne) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));
  const AuditEntry entry{base::WallTime(base::Milliseconds(258)), "a", "b", "c", "", "de"};

  const AuditHead head = must(AuditLog(database).append(entry));

  const base::Bytes encoded = *base::from_hex(
      "464149524c45414431206175646974000000000000000000000000000000000000000000000000000000000000000000000000"
      "0000"
      "000001000000000000010200016100016200016300000002"
      "6465");
  EXPECT_EQ(base::hex(head.hash), base::hex(crypto::sha256({encoded})));
}

TEST(AuditLog, LineOfAFailedTransactionIsNotThere) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));
  AuditLog log(database);
  must(log.append(entry_number(1)));

  const auto failed = database.transact([&]() -> base::Status {
    FAIRLEAD_TRY(log.append(entry_number(2)));
    return base::fail(base::ErrorCode::failed, "no");
  });
  must(log.append(entry_number(3)));

  EXPECT_FALSE(failed.has_value());
  EXPECT_FALSE(must(log.verify()).broken.has_value());
  EXPECT_EQ(must(log.head()).seq, 2u);
}

TEST_F(TamperedAudit, UntouchedLogIsIntactAfterARestart) {
  const AuditVerdict found = verdict();

  EXPECT_FALSE(found.broken.has_value());
  EXPECT_EQ(found.head.hash, head_.hash);
}

TEST_F(TamperedAudit, RemovedFirstLineIsFound) {
  tamper("DELETE FROM audit WHERE seq = 1");

  expect_broken(1, "missing");
}

TEST_F(TamperedAudit, RemovedMiddleLineIsFound) {
  tamper("DELETE FROM audit WHERE seq = 3");

  expect_broken(3, "missing");
}

TEST_F(TamperedAudit, RemovedLastLineIsFound) {
  tamper("DELETE FROM audit WHERE seq = 5");

  expect_broken(5, "missing");
}

TEST_F(TamperedAudit, RemovedLineWithTheRestMovedUpIsFound) {
  tamper(
      "DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4;"
      "UPDATE audit SET seq = 4 WHERE seq = 5; UPDATE audit_head SET seq = 4");

  expect_broken(3, "changed");
}

TEST_F(TamperedAudit, EverythingRemovedIsFound) {
  tamper("DELETE FROM audit");

  expect_broken(1, "missing");
}

TEST_F(TamperedAudit, SwappedLinesAreFound) {
  tamper(
      "UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;"
      "UPDATE audit SET seq = 3 WHERE seq = 99");

  expect_broken(2, "changed");
}

TEST_F(TamperedAudit, InsertedLineIsFound) {
  tamper(
      "UPDATE audit SET seq = seq + 100 WHERE seq >= 3; UPDATE audit SET seq = seq - 99 WHERE seq >= 100;"
      "INSERT INTO audit SELECT 3, at_ms, actor, role, action, 'site-9', outcome, hash FROM audit WHERE seq "
      "= 2;"
      "UPDATE audit_head SET seq = 6");

  expect_broken(3, "changed");
}

TEST_F(TamperedAudit, LineAddedBehindTheEndIsFound) {
  tamper(
      "INSERT INTO audit SELECT 6, at_ms, actor, role, action, target, outcome, hash FROM audit WHERE seq = "
      "5");

  expect_broken(6, "changed");
}

TEST_F(TamperedAudit, LineBeforeTheFirstIsFound) {
  tamper(
      "INSERT INTO audit SELECT 0, at_ms, actor, role, action, target, outcome, hash FROM audit WHERE seq = "
      "1");

  expect_broken(0, "does not belong");
}

/// One column of line 3, or of the record of the end.
struct ChangedField {
  const char* name;
  const char* sql;
  uint64_t seq;
};
class ChangedAudit : public TamperedAudit, public testing::WithParamInterface<ChangedField> {};
INSTANTIATE_TEST_SUITE_P(
    Column, ChangedAudit,
    testing::Values(ChangedField{"Time", "UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 3", 3},
                    ChangedField{"Actor", "UPDATE audit SET actor = 'x' WHERE seq = 3", 3},
                    ChangedField{"Role", "UPDATE audit SET role = 'member' WHERE seq = 3", 3},
                    ChangedField{"Action", "UPDATE audit SET action = 'enable' WHERE seq = 3", 3},
                    ChangedField{"Target", "UPDATE audit SET target = 'site-4' WHERE seq = 3", 3},
                    ChangedField{"Outcome", "UPDATE audit SET outcome = 'not_allowed' WHERE seq = 3", 3},
                    ChangedField{"Hash", "UPDATE audit SET hash = zeroblob(32) WHERE seq = 3", 3},
                    ChangedField{"HashLength", "UPDATE audit SET hash = x'00' WHERE seq = 3", 3},
                    ChangedField{"Boundary",
                                 "UPDATE audit SET action = 'kicks', target = 'ite-3' WHERE seq = 3", 3},
                    ChangedField{"LongerThanTheEncoding",
                                 "UPDATE audit SET target = hex(zeroblob(40000)) WHERE seq = 3", 3},
                    ChangedField{"LastLine", "UPDATE audit SET target = 'site-4' WHERE seq = 5", 5},
                    ChangedField{"Head", "UPDATE audit_head SET hash = zeroblob(32)", 5},
                    ChangedField{"HeadBack",
                                 "UPDATE audit_head SET seq = 4, hash = "
                                 "(SELECT hash FROM audit WHERE seq = 4)",
                                 5},
                    ChangedField{"HeadForward", "UPDATE audit_head SET seq = 6", 6},
                    ChangedField{"HeadRemoved", "DELETE FROM audit_head", 5}),
    [](const auto& test) { return test.param.name; });

TEST_P(ChangedAudit, IsFound) {
  tamper(GetParam().sql);

  expect_broken(GetParam().seq, "");
}

TEST_F(TamperedAudit, NothingIsAddedToALogWithoutItsEnd) {
  tamper("DELETE FROM audit_head");
  store::Database database = must(open_state(folder_.path()));

  EXPECT_EQ(AuditLog(database).append(entry_number(6)).error().reason, "audit_broken");
}

TEST_F(TamperedAudit, RewrittenWholeItHasAnotherEnd) {
  std::filesystem::remove(folder_.path() / "server.db");
  store::Database database = must(open_state(folder_.path()));
  AuditLog forged(database);
  for (const int number : {1, 2, 4, 4, 5}) must(forged.append(entry_number(number)));

  EXPECT_FALSE(must(forged.verify()).broken.has_value());
  EXPECT_NE(must(forged.head()).hash, head_.hash);
}

}  // namespace
}  // namespace fairlead::admin
