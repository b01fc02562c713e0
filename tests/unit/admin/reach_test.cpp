// Whom an administrator's role lets them reach.
#include "admin/admin_service.hpp"
#include "given.hpp"

namespace fairlead::admin {
namespace {

using base::Refusal;

/// Administrators of `north`, and participants of two organisations.
class Roles : public testing::TestWithParam<const char*>, protected GivenService {
 protected:
  Roles() {
    log_in({"site-1", "north"});
    log_in({"site-2", "south"});
    log_in({"site-3", ""});
  }
  bool may(const char* action, const std::string& name) {
    const bool done = reason_of(ask_for(actor_, action, name)) == "done";
    return done;
  }
  auth::Session& actor_ = log_in(an_admin(GetParam()));
};
INSTANTIATE_TEST_SUITE_P(All, Roles, testing::Values("member", "lead", "org_admin", "nobody_knows", ""));

TEST_P(Roles, OtherOrganisationsAreOutOfReach) {
  for (const char* action : {"kick", "disable", "enable"})
    for (const char* name : {"site-2", "site-3", "never-seen"})
      EXPECT_EQ(reason_of(ask_for(actor_, action, name)), "not_allowed") << action << " " << name;

  EXPECT_TRUE(node.ended.empty());
  EXPECT_FALSE(is_disabled("site-2"));
}

TEST_P(Roles, AuditReloadAndDrainAreForProjectAdmins) {
  EXPECT_EQ(reason_of(ask(actor_, "audit")), "not_allowed");
  EXPECT_EQ(reason_of(ask(actor_, "reload")), "not_allowed");
  EXPECT_EQ(reason_of(ask(actor_, "drain")), "not_allowed");

  EXPECT_EQ(node.drains + node.reloads, 0);
  EXPECT_EQ(last_line(), actor_.endpoint.text() + " " + GetParam() + " drain  not_allowed");
}

TEST_P(Roles, RefusalIsRecordedWithItsTarget) {
  EXPECT_EQ(reason_of(ask_for(actor_, "kick", "site-2")), "not_allowed");

  EXPECT_EQ(last_line(), actor_.endpoint.text() + " " + GetParam() + " kick site-2 not_allowed");
}

TEST_P(Roles, SessionsShowOnlyTheirOrganisation) {
  const auto answer = ask(actor_, "sessions");

  if (role_named(GetParam()) == Role::none) {
    EXPECT_EQ(reason_of(answer), "not_allowed");
    return;
  }
  ASSERT_TRUE(answer.has_value());
  const base::Json& listed = (*answer)["sessions"];
  for (const base::Json& one : listed.items()) EXPECT_EQ(one["org"].text(), "north");
  EXPECT_EQ(listed.items().size(), 2u);
}

TEST_P(Roles, OwnOrganisationIsInReachByRole) {
  const Role role = role_named(GetParam());

  EXPECT_EQ(may("kick", "site-1"), role >= Role::lead);
  log_in({"site-1", "north"});
  EXPECT_EQ(may("disable", "site-1"), role >= Role::org_admin);
  EXPECT_EQ(is_disabled("site-1"), role >= Role::org_admin);
  EXPECT_EQ(may("enable", "site-1"), role >= Role::org_admin);
  EXPECT_FALSE(is_disabled("site-1"));
}

TEST(Ranks, SessionThatIsNoAdministratorsMayNothing) {
  GivenService given;
  const auth::Session& client =
      given.log_in({"site-1/x", "north", "project_admin", base::ParticipantType::client});

  for (const char* action : {"sessions", "drain", "audit"})
    EXPECT_EQ(reason_of(given.ask(client, action)), "not_allowed") << action;
  EXPECT_EQ(reason_of(given.ask_for(client, "kick", "site-2")), "not_allowed");
}

TEST(Ranks, AdministratorWithoutOrganisationReachesNobodyWithoutOne) {
  GivenService given;
  const auth::Session& lead = given.log_in({"l@a", "", "lead", base::ParticipantType::admin});
  given.log_in({"site-1", ""});

  EXPECT_EQ(reason_of(given.ask_for(lead, "kick", "site-1")), "not_allowed");
  EXPECT_TRUE(must(given.ask(lead, "sessions"))["sessions"].items().empty());
}

TEST(Ranks, HigherRoleOfTheSameOrganisationIsOutOfReach) {
  GivenService given;
  const auth::Session& lead = given.log_in(an_admin("lead"));
  const auth::Session& org_admin = given.log_in(an_admin("org_admin"));
  given.log_in(an_admin("project_admin"));

  EXPECT_EQ(reason_of(given.ask_for(lead, "kick", "org_admin@north.example")), "not_allowed");
  EXPECT_EQ(reason_of(given.ask_for(org_admin, "disable", "project_admin@north.example")), "not_allowed");
  EXPECT_EQ(reason_of(given.ask_for(org_admin, "kick", "lead@north.example")), "done");
}

TEST(Ranks, TwoSessionsThatDisagreeOnTheOrganisationAreOutOfReachOfBoth) {
  GivenService given;
  const auth::Session &north = given.log_in(an_admin("lead")),
                      &south = given.log_in(an_admin("lead", "south"));
  given.log_in({"site-1", "north"});
  given.log_in({"site-1/other", "south"});

  EXPECT_EQ(reason_of(given.ask_for(north, "kick", "site-1")), "not_allowed");
  EXPECT_EQ(reason_of(given.ask_for(south, "kick", "site-1")), "not_allowed");
}

TEST(Ranks, OrganisationIsRememberedWhileSomebodyIsDisabled) {
  GivenService given;
  given.log_in({"site-1", "north"});
  given.log_in({"site-2", "south"});
  ASSERT_TRUE(given.ask_for(given.log_in(an_admin("org_admin")), "disable", "site-1"));
  ASSERT_TRUE(given.ask_for(given.log_in(an_admin("org_admin", "south")), "disable", "site-2"));
  given.open();
  const auth::Session& org_admin = given.log_in(an_admin("org_admin"));

  EXPECT_EQ(reason_of(given.ask_for(org_admin, "enable", "site-2")), "not_allowed");
  EXPECT_EQ(reason_of(given.ask_for(org_admin, "enable", "site-1")), "done");
}

TEST(Ranks, OrgAdminDoesNotUndoWhatAProjectAdminDid) {
  GivenService given;
  given.log_in({"site-1", "north"});
  const auth::Session& org_admin = given.log_in(an_admin("org_admin"));
  const auth::Session& boss = given.log_in(an_admin("project_admin"));
  ASSERT_TRUE(given.ask_for(org_admin, "disable", "site-1"));
  ASSERT_TRUE(given.ask_for(boss, "disable", "site-1"));
  ASSERT_TRUE(given.ask_for(org_admin, "disable", "site-1"));

  EXPECT_EQ(reason_of(given.ask_for(org_admin, "enable", "site-1")), "not_allowed");
  EXPECT_TRUE(given.is_disabled("site-1"));
  EXPECT_EQ(reason_of(given.ask_for(boss, "enable", "site-1")), "done");
}

}  // namespace
}  // namespace fairlead::admin
