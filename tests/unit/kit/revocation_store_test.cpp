#include "kit/revocation_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/given_project.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::kit {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using support::read_text;
using support::write_text;
namespace fs = std::filesystem;

class Revocations : public testing::Test {
 protected:
  Revocations() {
    fs::create_directories(folder() / "local");
    fs::permissions(folder() / "local", fs::perms::owner_all);
  }
  fs::path folder() const { return project_.kit("server.example.com"); }
  Kit kit() const {
    auto kit = Kit::open(folder());
    EXPECT_TRUE(kit.has_value());
    return std::move(*kit);
  }
  RevocationStore store() const {
    auto store = RevocationStore::open(kit());
    EXPECT_TRUE(store.has_value()) << store.error().line();
    return std::move(*store);
  }
  std::string list(long number, const std::vector<fs::path>& revoked = {}) const {
    return support::project_revocation_list(project_.workspace() / "demo", number, revoked);
  }
  /// Replaces the file as a whole, like `mv`.
  void put(const std::string& content) const {
    const fs::path beside = folder() / "local" / "new";
    write_text(beside, content);
    fs::rename(beside, folder() / "local" / "crl.pem");
  }
  static uint64_t number(const RevocationStore& store) {
    return store.lists().empty() ? 0 : store.lists().facts().front().number;
  }

  support::GivenProject project_;
  base::WallTime now_ = base::SystemClock().wall();
};

TEST_F(Revocations, HasNoneWithoutAFile) {
  RevocationStore store = this->store();

  const RevocationLook look = store.look(now_);

  EXPECT_FALSE(look.changed);
  EXPECT_FALSE(look.error.has_value());
  EXPECT_TRUE(store.lists().empty());
}

TEST_F(Revocations, ReadsANewFileOnce) {
  RevocationStore store = this->store();
  put(list(7));

  const RevocationLook first = store.look(now_), second = store.look(now_);

  EXPECT_TRUE(first.changed);
  EXPECT_FALSE(first.error.has_value()) << first.error->line();
  EXPECT_FALSE(second.changed);
  EXPECT_EQ(number(store), 7u);
}

TEST_F(Revocations, ReadsAFileThatWasReplacedOrRewritten) {
  RevocationStore store = this->store();
  put(list(1));
  store.look(now_);

  put(list(2));
  EXPECT_TRUE(store.look(now_).changed);
  write_text(store.file(), list(3));
  EXPECT_TRUE(store.look(now_).changed);

  EXPECT_EQ(number(store), 3u);
}

TEST_F(Revocations, KeepsWhatIsInForceAcrossRestarts) {
  {
    RevocationStore store = this->store();
    put(list(7));
    store.look(now_);
  }
  fs::remove(folder() / "local" / "crl.pem");

  RevocationStore again = store();
  const RevocationLook look = again.look(now_);

  EXPECT_EQ(number(again), 7u);
  EXPECT_FALSE(look.changed);
}

TEST_F(Revocations, RefusesALowerNumber) {
  RevocationStore store = this->store();
  put(list(7));
  store.look(now_);
  put(list(6));

  const RevocationLook look = store.look(now_);

  EXPECT_FALSE(look.changed);
  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->reason, "crl_older");
  EXPECT_NE(look.error->text.find("number 6"), std::string::npos) << look.error->text;
  EXPECT_NE(look.error->text.find("number 7"), std::string::npos) << look.error->text;
  EXPECT_EQ(number(store), 7u);
}

TEST_F(Revocations, RefusesALowerNumberAfterARestart) {
  {
    RevocationStore store = this->store();
    put(list(7));
    store.look(now_);
  }
  put(list(6));
  RevocationStore again = store();

  const RevocationLook look = again.look(now_);

  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->reason, "crl_older");
  EXPECT_EQ(number(again), 7u) << "the list of the former run is in force";
}

TEST_F(Revocations, AcceptsTheSameNumber) {
  RevocationStore store = this->store();
  put(list(7));
  store.look(now_);
  put(list(7, {project_.kit("site-1")}));

  EXPECT_TRUE(store.look(now_).changed);
}

TEST_F(Revocations, SaysOnceWhatIsWrongWithAFile) {
  RevocationStore store = this->store();
  put("nonsense");

  const RevocationLook first = store.look(now_), second = store.look(now_);
  const RevocationLook later = store.look(now_ + hours(1));

  ASSERT_TRUE(first.error.has_value());
  EXPECT_EQ(first.error->reason, "crl_malformed");
  EXPECT_EQ(first.error->origin, (folder() / "local" / "crl.pem").string() + ":1:1");
  EXPECT_FALSE(second.error.has_value());
  EXPECT_FALSE(later.error.has_value());
}

TEST_F(Revocations, SaysAgainWhenTheFileIsWrongAfterAChange) {
  RevocationStore store = this->store();
  put("nonsense");
  store.look(now_);
  put("nonsense");

  EXPECT_TRUE(store.look(now_).error.has_value());
}

TEST_F(Revocations, RefusesTheListOfAnotherProject) {
  const support::GivenProject other;
  RevocationStore store = this->store();
  put(list(1));
  store.look(now_);
  put(support::project_revocation_list(other.workspace() / "demo", 9, {}));

  const RevocationLook look = store.look(now_);

  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->reason, "crl_bad_signature");
  EXPECT_EQ(number(store), 1u);
}

TEST_F(Revocations, TakesAListOfTheFutureWhenItsTimeComes) {
  RevocationStore store = this->store();
  const base::WallTime early = now_ - hours(2);  // lists are from an hour ago
  put(list(4));

  const RevocationLook look = store.look(early);
  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->reason, "crl_not_yet_valid");
  EXPECT_FALSE(store.look(early + seconds(29)).changed);

  EXPECT_TRUE(store.look(now_).changed);
}

TEST_F(Revocations, ReadsNoFileThatOthersMayWrite) {
  RevocationStore store = this->store();
  put(list(1));
  ASSERT_EQ(::chmod(store.file().c_str(), 0666), 0);

  const RevocationLook look = store.look(now_);

  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->reason, "kit_unsafe_mode");
}

TEST_F(Revocations, FollowsNoLink) {
  RevocationStore store = this->store();
  write_text(project_.folder() / "elsewhere", list(1));
  fs::create_symlink(project_.folder() / "elsewhere", store.file());

  const RevocationLook look = store.look(now_);

  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->reason, "kit_symlink");
}

TEST_F(Revocations, SaysThatAFileIsGone) {
  RevocationStore store = this->store();
  put(list(1));
  store.look(now_);
  fs::remove(store.file());

  const RevocationLook look = store.look(now_);

  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->reason, "crl_missing");
  EXPECT_EQ(number(store), 1u);
}

TEST_F(Revocations, PutsAListIntoForceEvenWhenItCannotBeKept) {
  RevocationStore store = this->store();
  fs::create_directory(folder() / "state" / "crl.pem");  // no file can take its place
  put(list(5));

  const RevocationLook look = store.look(now_);

  EXPECT_TRUE(look.changed);
  ASSERT_TRUE(look.error.has_value());
  EXPECT_EQ(look.error->reason, "kit_state");
  EXPECT_EQ(number(store), 5u);
}

TEST_F(Revocations, DoesNotOpenWithAKeptListThatCannotBeRead) {
  (void)kit();  // makes state/
  write_text(folder() / "state" / "crl.pem", "nonsense");

  const auto store = RevocationStore::open(kit());

  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().reason, "kit_state");
}

TEST_F(Revocations, KeepsNoTemporaryFile) {
  RevocationStore store = this->store();
  put(list(5));
  store.look(now_);

  for (const auto& entry : fs::directory_iterator(folder() / "state"))
    EXPECT_EQ(entry.path().filename().string().find("tmp"), std::string::npos) << entry.path();
  EXPECT_EQ(read_text(folder() / "state" / "crl.pem"), store.lists().pem());
}

}  // namespace
}  // namespace fairlead::kit
