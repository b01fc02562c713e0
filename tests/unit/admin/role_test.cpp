#include "admin/role.hpp"

#include <gtest/gtest.h>

namespace fairlead::admin {
namespace {

constexpr Reach kNo = Reach::nobody, kOrg = Reach::own_org, kAll = Reach::everybody;

TEST(AdminRole, TableIsTheDocumentedOne) {
  struct Line {
    Role role;
    Reach sessions, kick, disable, enable, drain, reload, audit;
  };
  constexpr Line kTable[] = {{Role::none, kNo, kNo, kNo, kNo, kNo, kNo, kNo},
                             {Role::member, kOrg, kNo, kNo, kNo, kNo, kNo, kNo},
                             {Role::lead, kOrg, kOrg, kNo, kNo, kNo, kNo, kNo},
                             {Role::org_admin, kOrg, kOrg, kOrg, kOrg, kNo, kNo, kNo},
                             {Role::project_admin, kAll, kAll, kAll, kAll, kAll, kAll, kAll}};

  for (const Line& line : kTable) {
    EXPECT_EQ(reach(line.role, Action::sessions), line.sessions) << name(line.role);
    EXPECT_EQ(reach(line.role, Action::kick), line.kick) << name(line.role);
    EXPECT_EQ(reach(line.role, Action::disable), line.disable) << name(line.role);
    EXPECT_EQ(reach(line.role, Action::enable), line.enable) << name(line.role);
    EXPECT_EQ(reach(line.role, Action::drain), line.drain) << name(line.role);
    EXPECT_EQ(reach(line.role, Action::reload), line.reload) << name(line.role);
    EXPECT_EQ(reach(line.role, Action::audit), line.audit) << name(line.role);
  }
}

TEST(AdminRole, OnlyExactTextsNameARole) {
  EXPECT_EQ(role_named("project_admin"), Role::project_admin);
  for (const char* text : {"", "Project_Admin", "project_admin ", "admin", "root", "none"})
    EXPECT_EQ(role_named(text), Role::none) << text;
}

TEST(AdminRole, RoleOfAnythingButAnAdministratorIsNone) {
  auth::Session session;
  session.role = "project_admin";

  for (const auto type :
       {base::ParticipantType::client, base::ParticipantType::service, base::ParticipantType::server}) {
    session.type = type;
    EXPECT_EQ(role_of(session), Role::none);
  }
  session.type = base::ParticipantType::admin;
  EXPECT_EQ(role_of(session), Role::project_admin);
}

TEST(AdminRole, TopicsNameActions) {
  EXPECT_EQ(action_of("admin/kick"), Action::kick);
  for (const char* topic : {"kick", "admin/", "admin/Kick", "admin/kick/", "xadmin/kick", ""})
    EXPECT_EQ(action_of(topic), std::nullopt) << topic;
}

}  // namespace
}  // namespace fairlead::admin
