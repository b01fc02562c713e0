#include "route/policy.hpp"

#include <gtest/gtest.h>

namespace fairlead::route {
namespace {

using Type = base::ParticipantType;

constexpr Party kServer{"server", Type::server}, kSite1{"site-1", Type::client},
    kSite2{"site-2", Type::client}, kAdmin{"a@b.c", Type::admin}, kService{"third-party", Type::service};

TEST(Policy, WithoutRulesLetsClientsReachServerAndEachOther) {
  const Policy policy({});

  EXPECT_TRUE(policy.allows(kSite1, kServer, "train"));
  EXPECT_TRUE(policy.allows(kSite1, kSite2, "train"));
  EXPECT_TRUE(policy.allows(kService, kSite1, "train"));
}

TEST(Policy, WithoutRulesKeepsClientsFromWritingToAdmins) {
  EXPECT_FALSE(Policy({}).allows(kSite1, kAdmin, "train"));
}

TEST(Policy, AdminTopicsComeFromAdminsOnlyWhateverTheRules) {
  const Policy policy({{"*", "*", {"*"}}});

  EXPECT_FALSE(policy.allows(kSite1, kServer, "admin/kick"));
  EXPECT_TRUE(policy.allows(kAdmin, kServer, "admin/kick"));
}

TEST(Policy, ServerMaySendAnything) { EXPECT_TRUE(Policy({{"a", "b", {"c"}}}).allows(kServer, kSite1, "x")); }

TEST(Policy, RulesReplaceTheBuiltInOnes) {
  const Policy policy({{"site-1", "server", {"train", "eval/*"}}});

  EXPECT_TRUE(policy.allows(kSite1, kServer, "train"));
  EXPECT_TRUE(policy.allows(kSite1, kServer, "eval/loss"));
  EXPECT_FALSE(policy.allows(kSite1, kServer, "other"));
  EXPECT_FALSE(policy.allows(kSite2, kServer, "train"));
  EXPECT_FALSE(policy.allows(kSite1, kSite2, "train"));
}

TEST(Policy, RulesMayNameTypes) {
  const Policy policy({{"client", "service", {"*"}}});

  EXPECT_TRUE(policy.allows(kSite1, kService, "x"));
  EXPECT_FALSE(policy.allows(kService, kSite1, "x"));
}

}  // namespace
}  // namespace fairlead::route
