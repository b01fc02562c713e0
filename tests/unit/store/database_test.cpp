#include "store/database.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "support/given_project.hpp"

namespace fairlead::store {
namespace {

constexpr Schema kSchema{
    .application_id = 0x54455354,
    .version = 2,
    .sql = "CREATE TABLE thing(id INTEGER PRIMARY KEY, name TEXT NOT NULL, data BLOB NOT NULL) STRICT"};

/// A private folder with at most one database in it.
struct GivenFolder {
  std::filesystem::path file() const { return folder.path() / "things.db"; }
  base::Result<Database> open(const Schema& schema = kSchema) const { return Database::open(file(), schema); }
  Database must_open() const {
    auto opened = open();
    if (!opened.has_value()) ADD_FAILURE() << opened.error().line();
    return std::move(opened.value());
  }

  support::TempDir folder;
};

base::Status put(Database& database, int64_t id, const std::string& name) {
  FAIRLEAD_TRY(Statement insert, database.prepare("INSERT INTO thing VALUES(?, ?, ?)"));
  return insert.execute({id, name, base::to_bytes("data of " + name)});
}

std::vector<std::string> names(Database& database) {
  std::vector<std::string> found;
  auto select = database.prepare("SELECT name FROM thing ORDER BY id");
  if (!select.has_value()) return {select.error().reason};
  const auto read = select->each({}, [&](const Row& row) {
    found.push_back(row.text(0));
    return base::Status{};
  });
  if (!read.has_value()) found.push_back(read.error().reason);
  return found;
}

std::string reason_of(const base::Result<Database>& opened) {
  return opened.has_value() ? "opened" : opened.error().reason;
}

TEST(Database, KeepsValuesOfEachKind) {
  const GivenFolder given;
  Database database = given.must_open();
  const std::string odd("with\0 zero and 'quote'", 22);
  ASSERT_TRUE(
      database.prepare("INSERT INTO thing VALUES(?, ?, ?)")->execute({int64_t{-7}, odd, base::Bytes{}}));

  auto select = database.prepare("SELECT id, name, data FROM thing");
  int rows = 0;
  ASSERT_TRUE(select->each({}, [&](const Row& row) {
    ++rows;
    EXPECT_EQ(row.integer(0), -7);
    EXPECT_EQ(row.text(1), odd);
    EXPECT_TRUE(row.bytes(2).empty());
    return base::Status{};
  }));

  EXPECT_EQ(rows, 1);
}

TEST(Database, StatementsRunAgain) {
  const GivenFolder given;
  Database database = given.must_open();
  auto insert = database.prepare("INSERT INTO thing VALUES(?, ?, ?)");

  for (int64_t id = 1; id <= 3; ++id) ASSERT_TRUE(insert->execute({id, std::to_string(id), base::Bytes{1}}));

  EXPECT_EQ(names(database), (std::vector<std::string>{"1", "2", "3"}));
}

TEST(Database, IsThereAgainWhenOpenedLater) {
  const GivenFolder given;
  {
    Database database = given.must_open();
    ASSERT_TRUE(put(database, 1, "kept"));
  }

  Database again = given.must_open();

  EXPECT_EQ(names(again), std::vector<std::string>{"kept"});
}

TEST(Database, SurvivesAProcessThatIsKilledRightAfterACommit) {
  const GivenFolder given;
  const pid_t child = ::fork();
  if (child == 0) {
    auto database = given.open();
    if (database.has_value() && put(*database, 1, "committed").has_value()) ::raise(SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  Database again = given.must_open();

  EXPECT_EQ(names(again), std::vector<std::string>{"committed"});
}

TEST(Database, FailedTransactionLeavesNothing) {
  const GivenFolder given;
  Database database = given.must_open();

  const auto failed = database.transact([&]() -> base::Status {
    FAIRLEAD_TRY(put(database, 1, "first"));
    return base::fail(base::ErrorCode::failed, "enough");
  });

  EXPECT_EQ(failed.error().text, "enough");
  EXPECT_TRUE(names(database).empty());
  EXPECT_FALSE(database.is_in_transaction());
}

TEST(Database, InnerTransactionIsPartOfTheOuterOne) {
  const GivenFolder given;
  Database database = given.must_open();

  const auto failed = database.transact([&]() -> base::Status {
    FAIRLEAD_TRY(database.transact([&] { return put(database, 1, "inner"); }));
    return base::fail(base::ErrorCode::failed, "outer");
  });

  EXPECT_FALSE(failed.has_value());
  EXPECT_TRUE(names(database).empty());
}

TEST(Database, ErrorOfARowEndsTheResult) {
  const GivenFolder given;
  Database database = given.must_open();
  ASSERT_TRUE(put(database, 1, "a"));
  ASSERT_TRUE(put(database, 2, "b"));

  int rows = 0;
  const auto stopped = database.prepare("SELECT id FROM thing")->each({}, [&](const Row&) -> base::Status {
    ++rows;
    return base::fail(base::ErrorCode::failed, "stop");
  });

  EXPECT_EQ(stopped.error().text, "stop");
  EXPECT_EQ(rows, 1);
}

TEST(Database, ConstraintIsAConflict) {
  const GivenFolder given;
  Database database = given.must_open();
  ASSERT_TRUE(put(database, 1, "a"));

  EXPECT_EQ(put(database, 1, "b").error().reason, "state_conflict");
}

TEST(Database, FilesAreForTheirOwnerOnly) {
  const GivenFolder given;
  Database database = given.must_open();
  ASSERT_TRUE(put(database, 1, "a"));

  for (const auto& entry : std::filesystem::directory_iterator(given.folder.path())) {
    struct stat facts {};
    ASSERT_EQ(::stat(entry.path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST(Database, FullDiskIsSaidSoAndLosesNothing) {
  const GivenFolder given;
  Database database = given.must_open();
  ASSERT_TRUE(put(database, 1, "before"));
  ASSERT_TRUE(database.run("PRAGMA max_page_count=4"));

  const auto full = put(database, 2, std::string(100'000, 'x'));
  ASSERT_TRUE(database.run("PRAGMA max_page_count=1000"));

  EXPECT_EQ(full.error().reason, "state_full");
  EXPECT_EQ(full.error().code, base::ErrorCode::failed);
  EXPECT_FALSE(full.error().hint.empty());
  EXPECT_TRUE(put(database, 3, "after"));
  EXPECT_EQ(names(database), (std::vector<std::string>{"before", "after"}));
}

TEST(Database, FullDiskInTheMiddleOfATransactionUndoesAllOfIt) {
  const GivenFolder given;
  Database database = given.must_open();
  ASSERT_TRUE(database.run("PRAGMA max_page_count=4"));

  const auto full = database.transact([&]() -> base::Status {
    FAIRLEAD_TRY(put(database, 1, "small"));
    return put(database, 2, std::string(100'000, 'x'));
  });

  EXPECT_EQ(full.error().reason, "state_full");
  EXPECT_TRUE(names(database).empty());
  EXPECT_TRUE(put(database, 3, "next"));
}

TEST(Database, SecondProcessIsRefused) {
  const GivenFolder given;
  Database database = given.must_open();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(reason_of(given.open()) == "state_busy" ? 0 : 1);
  int status = 0;

  ASSERT_EQ(::waitpid(child, &status, 0), child);

  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(DatabasePlace, FolderThatOthersMayEnterIsRefused) {
  const GivenFolder given;
  ASSERT_EQ(::chmod(given.folder.path().c_str(), 0750), 0);

  const auto opened = given.open();

  EXPECT_EQ(reason_of(opened), "state_unsafe_mode");
  EXPECT_EQ(opened.error().hint, "type: chmod 700 " + given.folder.path().string());
}

TEST(DatabasePlace, FileThatOthersMayReadIsRefused) {
  const GivenFolder given;
  given.must_open();
  ASSERT_EQ(::chmod(given.file().c_str(), 0604), 0);

  const auto opened = given.open();

  EXPECT_EQ(reason_of(opened), "state_unsafe_mode");
  EXPECT_EQ(opened.error().origin, given.file().string() + ":1:1");
}

TEST(DatabasePlace, SymbolicLinkIsRefused) {
  const GivenFolder given, other;
  other.must_open();
  std::filesystem::create_symlink(other.file(), given.file());

  EXPECT_EQ(reason_of(given.open()), "state_not_writable");
}

TEST(DatabasePlace, MissingFolderIsRefused) {
  const GivenFolder given;

  EXPECT_EQ(reason_of(Database::open(given.folder.path() / "absent" / "a.db", kSchema)),
            "state_not_writable");
}

TEST(DatabaseContent, FileThatIsNoDatabaseIsRefused) {
  const GivenFolder given;
  given.must_open();
  support::write_text(given.file(), std::string(8192, 'x'));

  const auto opened = given.open();

  EXPECT_EQ(reason_of(opened), "state_corrupt");
  EXPECT_EQ(opened.error().code, base::ErrorCode::bad_configuration);
}

TEST(DatabaseContent, DamagedPageIsFoundWhenItIsOpened) {
  const GivenFolder given;
  {
    Database database = given.must_open();
    for (int64_t id = 1; id <= 200; ++id) ASSERT_TRUE(put(database, id, std::string(200, 'n')));
  }
  std::string content = support::read_text(given.file());
  ASSERT_GT(content.size(), 5u * 4096);
  content.replace(3 * 4096, 4096, std::string(4096, '\x55'));
  support::write_text(given.file(), content);

  EXPECT_EQ(reason_of(given.open()), "state_corrupt");
}

TEST(DatabaseContent, TruncatedFileIsRefused) {
  const GivenFolder given;
  {
    Database database = given.must_open();
    for (int64_t id = 1; id <= 200; ++id) ASSERT_TRUE(put(database, id, std::string(200, 'n')));
  }
  std::filesystem::resize_file(given.file(), std::filesystem::file_size(given.file()) - 2 * 4096);

  EXPECT_EQ(reason_of(given.open()), "state_corrupt");
}

TEST(DatabaseContent, NewerVersionIsRefused) {
  const GivenFolder given;
  given.must_open();
  Schema older = kSchema;
  older.version = 1;

  const auto opened = given.open(older);

  EXPECT_EQ(reason_of(opened), "state_newer");
  EXPECT_NE(opened.error().text.find("format 2"), std::string::npos) << opened.error().text;
}

TEST(DatabaseContent, DatabaseOfAnotherProgramIsRefused) {
  const GivenFolder given;
  given.must_open();
  Schema other = kSchema;
  other.application_id = 1;

  EXPECT_EQ(reason_of(given.open(other)), "state_foreign");
}

TEST(DatabaseContent, TriggersOfAPreparedFileDoNotRun) {
  const GivenFolder given;
  {
    Database database = given.must_open();
    ASSERT_TRUE(database.run("CREATE TRIGGER gone AFTER INSERT ON thing BEGIN DELETE FROM thing; END"));
  }
  Database database = given.must_open();

  ASSERT_TRUE(put(database, 1, "stays"));

  EXPECT_EQ(names(database), std::vector<std::string>{"stays"});
}

TEST(DatabaseContent, MissingTableIsDamage) {
  const GivenFolder given;
  Database database = given.must_open();
  ASSERT_TRUE(database.run("DROP TABLE thing"));

  EXPECT_EQ(database.prepare("SELECT id FROM thing").error().reason, "state_corrupt");
}

}  // namespace
}  // namespace fairlead::store
