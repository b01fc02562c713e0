#include "node/revocation_watch.hpp"

#include <gtest/gtest.h>

#include "support/given_project.hpp"
#include "support/live_server.hpp"
#include "support/manual_loop.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::node {
namespace {

using namespace std::chrono_literals;
using crypto::CrlRules;
namespace fs = std::filesystem;

/// A kit's lists on a manual loop, and how often they changed.
class Watch : public testing::Test {
 protected:
  Watch() { clock_.set_wall(base::SystemClock().wall()); }

  void provision(const std::string& rules) {
    project_.emplace(rules + std::string(support::kSmallProject));
    auto kit = kit::Kit::open(project_->kit("server.example.com"));
    ASSERT_TRUE(kit.has_value()) << kit.error().line();
    kit_.emplace(std::move(*kit));
  }
  void start(ListsAre lists = ListsAre::expected) {
    auto made = RevocationWatch::make(*kit_, lists, loop_, log_);
    ASSERT_TRUE(made.has_value()) << made.error().line();
    watch_ = std::move(*made);
    watch_->start([this] { ++changes_; });
  }
  void put(const std::string& content) {
    const fs::path local = kit_->path() / "local";
    fs::create_directories(local);
    support::write_text(local / "new", content);
    fs::rename(local / "new", local / "crl.pem");
  }
  void open(const std::string& participant) {
    project_.emplace();
    auto kit = kit::Kit::open(project_->kit(participant));
    ASSERT_TRUE(kit.has_value()) << kit.error().line();
    kit_.emplace(std::move(*kit));
  }
  std::string list_of(long number, const std::vector<std::string>& revoked) {
    std::vector<fs::path> kits;
    kits.reserve(revoked.size());
    for (const std::string& name : revoked) kits.push_back(project_->kit(name));
    return support::project_revocation_list(project_->workspace() / "demo", number, kits);
  }
  std::string list(long number, std::chrono::minutes life = 48h) {
    return support::project_revocation_list(project_->workspace() / "demo", number, {}, life);
  }
  size_t lines_with(const std::string& event) const {
    const std::string all = log_.text();
    size_t count = 0;
    for (size_t at = all.find(event); at != std::string::npos; at = all.find(event, at + 1)) ++count;
    return count;
  }
  crypto::TrustAnchor anchor() const { return watch_->anchor(*kit_); }

  support::FakeClock clock_;
  support::ManualLoop loop_{clock_};
  support::CapturingLog log_;
  std::optional<support::GivenProject> project_;
  std::optional<kit::Kit> kit_;
  std::unique_ptr<RevocationWatch> watch_;
  int changes_ = 0;
};

TEST_F(Watch, ReadsAtTheStart) {
  provision("");
  put(list(3));

  start();

  ASSERT_EQ(anchor().revoked.facts().size(), 1u);
  EXPECT_EQ(anchor().revoked.facts().front().number, 3u);
  EXPECT_EQ(changes_, 0) << "nothing was in force before";
}

TEST_F(Watch, TellsOnceOfANewList) {
  provision("");
  start();
  loop_.advance(3s);
  put(list(1));

  loop_.advance(1s);
  loop_.advance(3s);

  EXPECT_EQ(changes_, 1);
  EXPECT_TRUE(log_.has_line({"crl.in_force", "number=1", "revoked=0"})) << log_.text();
}

TEST_F(Watch, SaysOnceWhatIsWrongWithAFile) {
  provision("");
  start();
  put("nonsense");

  loop_.advance(1h);

  EXPECT_EQ(changes_, 0);
  EXPECT_EQ(lines_with("crl.refused"), 1u) << log_.text();
  EXPECT_TRUE(log_.has_line({"crl.refused", "local/crl.pem", "crl_malformed", "do="})) << log_.text();
}

TEST_F(Watch, WarnsAboutAStaleListAtTheStartAndDaily) {
  provision("");
  put(list(1, -30min));

  start();
  EXPECT_EQ(lines_with("crl.stale"), 1u) << log_.text();
  loop_.advance(23h);
  EXPECT_EQ(lines_with("crl.stale"), 1u);
  loop_.advance(2h);

  EXPECT_EQ(lines_with("crl.stale"), 2u);
}

TEST_F(Watch, WarnsWhenAListGoesStale) {
  provision("");
  put(list(1, 48h));
  start();
  loop_.advance(47h);
  EXPECT_EQ(lines_with("crl.stale"), 0u) << log_.text();

  loop_.advance(2h);

  EXPECT_EQ(lines_with("crl.stale"), 1u);
}

TEST_F(Watch, WarnsAServerWithoutAListUnderStrictRulesOnly) {
  provision("");
  start();
  EXPECT_EQ(lines_with("crl.none"), 0u);
  EXPECT_EQ(anchor().crl, CrlRules::lenient);

  provision("crl: strict\n");
  start();

  EXPECT_EQ(lines_with("crl.none"), 1u) << log_.text();
  EXPECT_EQ(anchor().crl, CrlRules::strict);
}

TEST_F(Watch, IsStrictWithAClientOnlyWhenItHasLists) {
  provision("crl: strict\n");
  start(ListsAre::optional);
  EXPECT_EQ(anchor().crl, CrlRules::lenient);
  EXPECT_EQ(lines_with("crl.none"), 0u);

  put(list(1));
  loop_.advance(1s);

  EXPECT_EQ(anchor().crl, CrlRules::strict);
}

TEST_F(Watch, SaysThatAListNamesThisNodeItself) {
  open("site-1");
  start(ListsAre::optional);
  put(list_of(1, {"site-1"}));

  loop_.advance(3s);

  EXPECT_EQ(lines_with("crl.own_certificate"), 1u) << log_.text();
  EXPECT_TRUE(log_.has_line({"crl.own_certificate", "certificate=identity", "CN=site-1", "do="}))
      << log_.text();
}

TEST_F(Watch, SaysNothingOfItselfWhenAListNamesOthers) {
  open("site-1");
  put(list_of(1, {"site-2", "server.example.com"}));

  start(ListsAre::optional);
  loop_.advance(25h);

  EXPECT_EQ(lines_with("crl.own_certificate"), 0u) << log_.text();
}

TEST_F(Watch, SaysAtEachStartAndDailyThatThisNodeIsRevoked) {
  open("server.example.com");
  put(list_of(1, {"server.example.com"}));
  start();
  EXPECT_EQ(lines_with("crl.own_certificate"), 1u) << log_.text();
  fs::remove(kit_->path() / "local" / "crl.pem");

  start();
  EXPECT_EQ(lines_with("crl.own_certificate"), 2u) << "what is kept in state/ counts";
  loop_.advance(25h);

  EXPECT_EQ(lines_with("crl.own_certificate"), 3u);
}

TEST_F(Watch, LooksAtTheCertificatesOfANewKit) {
  open("site-2");
  put(list_of(1, {"site-1"}));
  start(ListsAre::optional);
  EXPECT_EQ(lines_with("crl.own_certificate"), 0u);
  const auto other = kit::Kit::open(project_->kit("site-1"));
  ASSERT_TRUE(other.has_value());

  watch_->use(*other);
  loop_.advance(2s);

  EXPECT_EQ(lines_with("crl.own_certificate"), 1u) << log_.text();
}

TEST_F(Watch, SaysThatTheTokenSignerIsRevoked) {
  open("server.example.com");
  put(support::project_revocation_list_of(project_->workspace() / "demo", 1, {*kit_->token_certificate()}));

  start();

  EXPECT_EQ(lines_with("crl.own_certificate"), 1u) << log_.text();
  EXPECT_TRUE(log_.has_line({"crl.own_certificate", "certificate=token"})) << log_.text();
}

}  // namespace
}  // namespace fairlead::node
