#include "kit/delegated.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "support/fake_clock.hpp"
#include "tampering.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::flip_one_bit;
using support::read_text;
using support::reason_to_refuse;
using support::write_text;

std::string project_with(const std::string& security) {
  return "api_version: 3\nname: demo\nconnection_security: " + security +
         "\nparticipants:\n"
         "- {name: server, type: server, org: o, fed_learn_port: 8002}\n"
         "- {name: site-1, type: client, org: o}\n"
         "- {name: site-2, type: client, org: o}\n"
         "- {name: service-1, type: service, org: o}\n"
         "- {name: admin@o.example, type: admin, org: o, role: lead}\n";
}

uint32_t mode_of(const fs::path& path) {
  struct stat facts {};
  EXPECT_EQ(::lstat(path.c_str(), &facts), 0) << path;
  return facts.st_mode & 07777;
}

struct DelegatedKitTest : ::testing::Test {
  base::Result<crypto::Delegation> make(const DelegationOrder& order, const std::string& from = "site-1") {
    auto site = Kit::open(project.kit(from), VersionMemory::only_check);
    EXPECT_TRUE(site) << from;
    return make_delegated_kit(*site, order, clock, random);
  }
  fs::path must_make(const std::string& name = "made", const std::string& from = "site-1") {
    DelegationOrder mine = order();
    mine.endpoint = from + "/sensor";
    mine.folder = project.folder() / name;
    const auto made = make(mine, from);
    EXPECT_TRUE(made) << made.error().line();
    return mine.folder;
  }
  DelegationOrder order() const {
    return {"site-1/sensor", {"round/*", "metrics"}, 1h, {7}, project.folder() / "made"};
  }
  /// Refused for what was asked, and nothing is left behind.
  void expect_bad(const DelegationOrder& wrong, const std::string& text, const std::string& from = "site-1") {
    const auto made = make(wrong, from);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().code, base::ErrorCode::bad_arguments);
    EXPECT_NE(made.error().line().find(text), std::string::npos) << made.error().line();
    EXPECT_FALSE(fs::exists(project.folder() / "made"));
  }

  base::SystemClock clock;
  base::SystemRandom random;
  support::GivenProject project{project_with("tls")};
};

TEST_F(DelegatedKitTest, OpensAsTheHoldersOwn) {
  const auto kit = Kit::open(must_make());

  ASSERT_TRUE(kit) << kit.error().line();
  ASSERT_NE(kit->delegation(), nullptr);
  EXPECT_EQ(kit->delegation()->content.endpoint, "site-1/sensor");
  EXPECT_EQ(kit->delegation()->content.topics, (std::vector<std::string>{"metrics", "round/*"}));
  EXPECT_EQ(kit->delegation()->content.spki, kit->key().public_key().spki());
  EXPECT_EQ(kit->delegation()->content.audience, base::Digest{7});
  EXPECT_EQ(kit->expires(), kit->delegation()->content.expires);
  EXPECT_EQ(kit->settings().name, "site-1");
  EXPECT_TRUE(kit->leaf().uri_names().empty());
}

TEST_F(DelegatedKitTest, IsOneOfAService) {
  const auto kit = Kit::open(must_make("made", "service-1"));

  ASSERT_TRUE(kit) << kit.error().line();
  EXPECT_EQ(kit->settings().type, base::ParticipantType::service);
}

TEST_F(DelegatedKitTest, ParticipantsKitIsNone) {
  EXPECT_EQ(Kit::open(project.kit("site-1"))->delegation(), nullptr);
}

TEST_F(DelegatedKitTest, HoldsNoKeyOfTheSite) {
  const fs::path made = must_make();
  const std::string key = read_text(project.kit("site-1") / "startup/client.key");

  for (const auto& entry : fs::recursive_directory_iterator(made))
    if (entry.is_regular_file()) {
      EXPECT_EQ(read_text(entry.path()).find(key), std::string::npos) << entry.path();
    }
  EXPECT_FALSE(fs::exists(made / "startup/client.key"));
}

TEST_F(DelegatedKitTest, IsReadableByItsOwnerOnly) {
  const fs::path made = must_make();

  for (const char* folder : {"", "startup", "delegation", "local"}) EXPECT_EQ(mode_of(made / folder), 0700u);
  for (const auto& entry : fs::directory_iterator(made / "delegation"))
    EXPECT_EQ(mode_of(entry.path()), 0600u);
}

TEST_F(DelegatedKitTest, LeavesNothingElseBehind) {
  must_make();

  for (const auto& entry : fs::directory_iterator(project.folder()))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".made")) << entry.path();
}

TEST_F(DelegatedKitTest, NeverReplacesWhatIsThere) {
  const fs::path there = project.folder() / "made";
  fs::create_directory(there);

  const auto made = make(order());

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, "folder_exists");
  EXPECT_TRUE(fs::is_empty(there));
}

TEST_F(DelegatedKitTest, TakesAlongHowTheSiteFindsItsServer) {
  write_text(project.kit("site-1") / "local/fairlead.yml", "connect_to: tcp://127.0.0.1:9\n");

  const fs::path made = must_make();

  EXPECT_EQ(read_text(made / "local/fairlead.yml"), "connect_to: tcp://127.0.0.1:9\n");
}

TEST_F(DelegatedKitTest, IsNotMadeForAnotherEndpoint) {
  for (const char* endpoint : {"site-1", "site-2/sensor", "server"}) {
    DelegationOrder wrong = order();
    wrong.endpoint = endpoint;
    expect_bad(wrong, "not an endpoint below this site");
  }
}

TEST_F(DelegatedKitTest, IsNotMadeForTopicsThatCannotBeDelegated) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {{{}, "0 topics"},
                                                                    {{""}, "cannot be delegated"},
                                                                    {{"*"}, "cannot be delegated"},
                                                                    {{"a", "a"}, "named twice"},
                                                                    {{"admin/kick"}, "cannot be delegated"}};
  for (const auto& [topics, text] : cases) {
    DelegationOrder wrong = order();
    wrong.topics = topics;
    expect_bad(wrong, text);
  }
}

TEST_F(DelegatedKitTest, IsNotMadeForMoreThanADay) {
  DelegationOrder wrong = order();
  wrong.life = 24h + 1ms;
  expect_bad(wrong, "from 1s to 24h");
  wrong.life = 999ms;
  expect_bad(wrong, "from 1s to 24h");
}

TEST_F(DelegatedKitTest, IsNotMadeBeyondTheEndOfTheSitesCertificate) {
  auto site = Kit::open(project.kit("site-1"), VersionMemory::only_check);
  support::FakeClock late;
  late.set_wall(site->leaf().not_after() - 30min);

  const auto made = make_delegated_kit(*site, order(), late, random);

  ASSERT_FALSE(made);
  EXPECT_NE(made.error().line().find("ends before the delegation"), std::string::npos);
}

TEST_F(DelegatedKitTest, IsNotMadeFromAnyOtherKit) {
  expect_bad(order(), "of type admin", "admin@o.example");
  expect_bad(order(), "of type server", "server");
  auto delegated = Kit::open(must_make("first"));

  const auto made = make_delegated_kit(*delegated, order(), clock, random);

  ASSERT_FALSE(made);
  EXPECT_NE(made.error().line().find("was delegated itself"), std::string::npos);
}

TEST_F(DelegatedKitTest, IsNotMadeForAMutualLink) {
  const support::GivenProject mutual(project_with("mtls"));
  auto site = Kit::open(mutual.kit("site-1"));

  const auto made = make_delegated_kit(*site, order(), clock, random);

  ASSERT_FALSE(made);
  EXPECT_NE(made.error().line().find("mtls"), std::string::npos);
}

TEST_F(DelegatedKitTest, DoesNotOpenForAMutualLink) {
  const support::GivenProject mutual(project_with("mtls"));
  const fs::path made = must_make();
  fs::copy(made / "delegation", mutual.kit("site-1") / "delegation", fs::copy_options::recursive);
  fs::remove(mutual.kit("site-1") / "startup/client.key");

  EXPECT_EQ(reason_to_refuse(mutual.kit("site-1")), "kit_bad_delegation");
}

TEST_F(DelegatedKitTest, DoesNotOpenForAnAdministrator) {
  const fs::path admin = project.kit("admin@o.example");
  fs::copy(must_make() / "delegation", admin / "delegation", fs::copy_options::recursive);
  fs::remove(admin / "startup/client.key");

  EXPECT_EQ(reason_to_refuse(admin), "kit_bad_delegation");
}

TEST_F(DelegatedKitTest, DoesNotOpenWithAKeyOfTheSite) {
  const fs::path made = must_make();
  fs::copy(project.kit("site-1") / "startup/client.key", made / "startup/client.key");

  EXPECT_EQ(reason_to_refuse(made), "kit_extra_file");
}

TEST_F(DelegatedKitTest, DoesNotOpenWithoutOneOfItsFiles) {
  const fs::path made = must_make();
  for (const char* file : {"delegation/delegate.crt", "delegation/delegate.key", "delegation/delegation.bin",
                           "delegation/delegation.sig", "startup/client.crt", "startup/fairlead.json"}) {
    const fs::path kept = project.folder() / "kept";
    fs::rename(made / file, kept);
    EXPECT_EQ(reason_to_refuse(made), "kit_missing_file") << file;
    fs::rename(kept, made / file);
  }
  EXPECT_EQ(reason_to_refuse(made), "opened");
}

TEST_F(DelegatedKitTest, DoesNotOpenWithAFileTooMany) {
  const fs::path made = must_make();
  write_text(made / "delegation/notes", "");

  EXPECT_EQ(reason_to_refuse(made), "kit_extra_file");
}

TEST_F(DelegatedKitTest, DoesNotOpenChanged) {
  const std::pair<const char*, const char*> cases[] = {{"delegation/delegation.bin", "kit_bad_delegation"},
                                                       {"delegation/delegation.sig", "kit_bad_delegation"},
                                                       {"startup/fairlead.json", "kit_changed"},
                                                       {"startup/manifest.json", "kit_bad_signature"}};
  for (const auto& [file, reason] : cases) {
    const fs::path made = must_make("changed");
    flip_one_bit(made / file);
    EXPECT_EQ(reason_to_refuse(made), reason) << file;
    fs::remove_all(made);
  }
}

TEST_F(DelegatedKitTest, DoesNotOpenWithTheDelegationOfAnotherSite) {
  const fs::path made = must_make(), other = must_make("other", "site-2");
  fs::remove_all(made / "delegation");
  fs::copy(other / "delegation", made / "delegation", fs::copy_options::recursive);

  EXPECT_EQ(reason_to_refuse(made), "kit_bad_delegation");
}

TEST_F(DelegatedKitTest, DoesNotOpenWithTheKeyOfAnotherHolder) {
  const fs::path made = must_make(), other = must_make("other");
  support::put_in_place_of(other / "delegation/delegate.key", made / "delegation/delegate.key");
  EXPECT_EQ(reason_to_refuse(made), "kit_key_mismatch");
  support::put_in_place_of(other / "delegation/delegate.crt", made / "delegation/delegate.crt");
  EXPECT_EQ(reason_to_refuse(made), "kit_key_mismatch");
}

TEST_F(DelegatedKitTest, DoesNotOpenWithAKeyThatOthersCanRead) {
  const fs::path made = must_make();
  ::chmod((made / "delegation/delegate.key").c_str(), 0640);

  EXPECT_EQ(reason_to_refuse(made), "kit_unsafe_mode");
}

}  // namespace
}  // namespace fairlead::kit
