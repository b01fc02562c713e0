#include "admin/disabled_table.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "admin/state.hpp"
#include "given.hpp"

namespace fairlead::admin {
namespace {

const Disabled kEntry{"site-1",       "north",    "", base::WallTime(base::Milliseconds(77)),
                      "boss@a/cli-1", "org_admin"};

base::Status nothing_else() { return {}; }
base::Status refusing() { return base::fail(base::ErrorCode::failed, "not recorded"); }

TEST(DisabledTable, KnowsWhoIsDisabled) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));
  DisabledTable table = must(DisabledTable::load(database));

  ASSERT_TRUE(table.disable(kEntry, nothing_else));

  EXPECT_TRUE(table.is_disabled("site-1"));
  EXPECT_FALSE(table.is_disabled("site-10"));
  EXPECT_FALSE(table.is_disabled("Site-1"));
  EXPECT_FALSE(table.is_disabled(""));
}

TEST(DisabledTable, EnableTakesItBack) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));
  DisabledTable table = must(DisabledTable::load(database));
  ASSERT_TRUE(table.disable(kEntry, nothing_else));

  ASSERT_TRUE(table.enable("site-1", nothing_else));
  ASSERT_TRUE(table.enable("nobody", nothing_else));

  EXPECT_FALSE(table.is_disabled("site-1"));
  EXPECT_FALSE(must(DisabledTable::load(database)).is_disabled("site-1"));
}

TEST(DisabledTable, SurvivesAKillRightAfterTheCall) {
  const support::TempDir folder;
  const pid_t child = ::fork();
  if (child == 0) {
    store::Database database = must(open_state(folder.path()));
    DisabledTable table = must(DisabledTable::load(database));
    if (table.disable(kEntry, nothing_else).has_value()) ::raise(SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  store::Database database = must(open_state(folder.path()));
  const DisabledTable table = must(DisabledTable::load(database));

  const Disabled* found = table.find("site-1");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->org, "north");
  EXPECT_EQ(found->at, kEntry.at);
  EXPECT_EQ(found->by, "boss@a/cli-1");
  EXPECT_EQ(found->by_role, "org_admin");
}

TEST(DisabledTable, NothingChangesWhenTheLineAlongsideFails) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));
  DisabledTable table = must(DisabledTable::load(database));
  ASSERT_TRUE(table.disable(kEntry, nothing_else));
  Disabled other = kEntry;
  other.name = "site-2";

  EXPECT_FALSE(table.disable(other, refusing).has_value());
  EXPECT_FALSE(table.enable("site-1", refusing).has_value());

  EXPECT_TRUE(table.is_disabled("site-1"));
  EXPECT_FALSE(table.is_disabled("site-2"));
  EXPECT_TRUE(must(DisabledTable::load(database)).is_disabled("site-1"));
  EXPECT_FALSE(must(DisabledTable::load(database)).is_disabled("site-2"));
}

TEST(DisabledTable, NothingChangesWhenTheDiskIsFull) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));
  DisabledTable table = must(DisabledTable::load(database));
  ASSERT_TRUE(database.run("PRAGMA max_page_count=1"));
  Disabled large = kEntry;
  large.org = std::string(20'000, 'o');

  const auto failed = table.disable(large, nothing_else);

  EXPECT_EQ(failed.error().reason, "state_full");
  EXPECT_FALSE(table.is_disabled("site-1"));
}

TEST(DisabledTable, TableThatWasTakenOutOfTheFileIsNotAnEmptyOne) {
  const support::TempDir folder;
  store::Database database = must(open_state(folder.path()));
  ASSERT_TRUE(database.run("DROP TABLE disabled"));

  const auto loaded = DisabledTable::load(database);

  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().reason, "state_corrupt");
}

}  // namespace
}  // namespace fairlead::admin
