// CURVE keys and statements: which kit gets which, and what a later run keeps.
#include <gmock/gmock.h>

#include "kit/curve_files.hpp"
#include "kit/kit.hpp"
#include "support/given_project.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
using support::GivenProject;
using testing::HasSubstr;

std::string project(const std::string& more = "", const std::string& server = ", scheme: zmq") {
  return "api_version: 3\nname: works\nparticipants:\n- {name: server, type: server, org: o" + server +
         "}\n- {name: site-1, type: client, org: o, scheme: zmq}\n" + more;
}
const std::string kSecond = "- {name: site-2, type: client, org: o, scheme: zmq}\n";

kit::Kit open(const GivenProject& given, const std::string& name) {
  return std::move(*kit::Kit::open(given.kit(name), kit::VersionMemory::only_check));
}

TEST(CurveProvision, GivesEachSideItsPairAndWhatItMustKnowOfTheOther) {
  const GivenProject given(project());

  const kit::Kit server = open(given, "server"), site = open(given, "site-1");
  const auto peers = kit::read_peer_statements(given.kit("server"), *server.root().public_key(), "works",
                                               base::SystemClock().wall());

  ASSERT_TRUE(server.curve() != nullptr && site.curve() != nullptr && site.server_curve() != nullptr);
  EXPECT_EQ(*site.server_curve(), server.curve()->public_key);
  EXPECT_EQ(server.server_curve(), nullptr);
  EXPECT_EQ(peers.keys, (std::vector<kit::PeerKey>{{"site-1", site.curve()->public_key}}));
  EXPECT_TRUE(peers.refused.empty());
}

TEST(CurveProvision, GivesAKitWithoutAZmqEndpointNothing) {
  const GivenProject given(
      project("- {name: other, type: client, org: o}\n", ", listeners: [{port: 1}, {port: 2, scheme: zmq}]"));

  EXPECT_EQ(open(given, "other").curve(), nullptr);
  EXPECT_FALSE(fs::exists(given.kit("other") / "startup" / "server.curve"));
}

TEST(CurveProvision, AddingASiteChangesNoOtherKit) {
  GivenProject given(project());
  const auto before = open(given, "site-1").curve()->public_key;

  given.provision(project(kSecond));

  for (const KitReport& kit : given.report().kits)
    EXPECT_EQ(kit.change, kit.name == "site-2" ? KitChange::created : KitChange::kept) << kit.name << kit.why;
  EXPECT_TRUE(fs::exists(given.report().kits.back().statement));
  EXPECT_EQ(open(given, "site-1").curve()->public_key, before);
  EXPECT_EQ(*open(given, "site-2").server_curve(), open(given, "server").curve()->public_key);
}

TEST(CurveProvision, KeysGoOnWhenAKitChanges) {
  GivenProject given(project());
  const auto site = open(given, "site-1").curve()->public_key;
  const auto server = open(given, "server").curve()->public_key;

  given.provision(project("", ", scheme: zmq, host_names: [other.example]"));

  EXPECT_EQ(open(given, "server").curve()->public_key, server);
  EXPECT_EQ(open(given, "site-1").curve()->public_key, site);
  EXPECT_TRUE(fs::exists(given.kit("server") / "local" / "peers" / "site-1.curve"));
}

TEST(CurveProvision, ANewServerKeyReachesEverySite) {
  GivenProject given(project());
  const auto before = open(given, "server").curve()->public_key;
  fs::remove_all(given.kit("server"));

  given.provision(project());

  EXPECT_NE(open(given, "server").curve()->public_key, before);
  EXPECT_EQ(*open(given, "site-1").server_curve(), open(given, "server").curve()->public_key);
}

TEST(CurveProvision, RefusesWhatCannotWork) {
  GivenProject given(project());

  const auto nobody_listens = given.try_provision(project("", ""));
  const auto stays = given.try_provision(
      project("- {name: site-2, type: client, org: o, scheme: zmq, key_custody: site}\n"));

  ASSERT_FALSE(nobody_listens);
  EXPECT_THAT(nobody_listens.error().line(), HasSubstr("no zmq listener"));
  ASSERT_FALSE(stays);
  EXPECT_THAT(stays.error().line(), HasSubstr("carries no CURVE key"));
}

/// Damage to a kit's CURVE files, and what opening it says.
class CurveDamage : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return given_.kit("site-1") / "startup" / name; }
  void put(const std::string& name, const fs::path& from) const {
    fs::copy_file(from, file(name), fs::copy_options::overwrite_existing);
  }
  std::string reason() const {
    const auto kit = kit::Kit::open(given_.kit("site-1"), kit::VersionMemory::only_check);
    return kit ? "" : kit.error().reason;
  }

  GivenProject given_{project(kSecond)};
};

TEST_F(CurveDamage, OfTheSecretKeyIsFound) {
  put("curve.key", given_.kit("site-2") / "startup" / "curve.key");
  EXPECT_EQ(reason(), "kit_key_mismatch");
}

TEST_F(CurveDamage, OfTheLengthIsFound) {
  support::write_text(file("curve.pub"), "short");
  EXPECT_EQ(reason(), "kit_bad_key");
}

TEST_F(CurveDamage, OfTheModeIsFound) {
  fs::permissions(file("curve.key"), fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(reason(), "kit_unsafe_mode");
}

TEST_F(CurveDamage, OfTheServersStatementIsFound) {
  put("server.curve", given_.kit("site-1").parent_path() / "site-2.curve");
  EXPECT_EQ(reason(), "kit_changed");
}

TEST_F(CurveDamage, AMissingFileIsFound) {
  fs::remove(file("curve.key"));
  EXPECT_EQ(reason(), "kit_missing_file");
}

/// Statements in local/peers that are none.
class PeerStatements : public CurveDamage {
 protected:
  kit::PeerStatements read(base::WallTime now = base::SystemClock().wall()) const {
    const kit::Kit server = open(given_, "server");
    return kit::read_peer_statements(given_.kit("server"), *server.root().public_key(), "works", now);
  }
  fs::path peers() const { return given_.kit("server") / "local" / "peers"; }
};

TEST_F(PeerStatements, OfAnotherRootCountForNothing) {
  const GivenProject foreign(project());
  fs::copy_file(foreign.kit("server") / "local" / "peers" / "site-1.curve", peers() / "site-1.curve",
                fs::copy_options::overwrite_existing);

  EXPECT_EQ(read().keys.size(), 1u);
  ASSERT_EQ(read().refused.size(), 1u);
  EXPECT_THAT(read().refused.front(), HasSubstr("site-1.curve"));
}

TEST_F(PeerStatements, ThatAreOverCountForNothing) {
  EXPECT_TRUE(read(base::SystemClock().wall() + std::chrono::hours(24 * 366 * 11)).keys.empty());
}

TEST_F(PeerStatements, BehindALinkCountForNothing) {
  fs::rename(peers() / "site-2.curve", peers().parent_path() / "site-2.curve");
  fs::create_symlink(peers().parent_path() / "site-2.curve", peers() / "site-2.curve");

  EXPECT_TRUE(read().keys.empty());
  EXPECT_FALSE(read().refused.empty());
}

TEST_F(PeerStatements, UnderAnotherFileNameCountAllTheSame) {
  fs::rename(peers() / "site-2.curve", peers() / "whatever.curve");

  EXPECT_EQ(read().keys.size(), 2u);
}

}  // namespace
}  // namespace fairlead::provision
