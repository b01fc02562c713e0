#include "base/names.hpp"

#include <gtest/gtest.h>

namespace fairlead::base {
namespace {

bool allowed(ParticipantType type, std::string_view text) {
  return check_participant_name(type, text).has_value();
}

TEST(ParticipantName, PlainNames) {
  for (const auto type : {ParticipantType::client, ParticipantType::service, ParticipantType::server}) {
    for (const std::string& good :
         {std::string("site-1"), std::string("a"), std::string("A.b_c-9"), std::string(255, 'a')})
      EXPECT_TRUE(allowed(type, good)) << good;
    for (const std::string& bad :
         {std::string(), std::string(256, 'a'), std::string("a b"), std::string("a/b"), std::string("a@b"),
          std::string("s\xc3\xa9"), std::string("a\0b", 3)})
      EXPECT_FALSE(allowed(type, bad)) << bad;
  }
}

TEST(ParticipantName, ServerIsReservedInAnyCase) {
  for (const char* text : {"server", "SERVER", "Server"}) {
    EXPECT_FALSE(allowed(ParticipantType::client, text));
    EXPECT_FALSE(allowed(ParticipantType::service, text));
    EXPECT_TRUE(allowed(ParticipantType::server, text));
  }
  EXPECT_TRUE(allowed(ParticipantType::client, "server2"));
}

TEST(ParticipantName, AdminsLookLikeMailAddresses) {
  for (const char* good : {"ann@pie.org", "a.b+c%d_e-f@x-y.z", "a@b"})
    EXPECT_TRUE(allowed(ParticipantType::admin, good)) << good;
  for (const char* bad : {"ann", "@pie", "ann@", "a@b@c", "a b@c", "a@b_c", ""})
    EXPECT_FALSE(allowed(ParticipantType::admin, bad)) << bad;
}

TEST(ParticipantTypes, NamesRoundTrip) {
  for (const auto type :
       {ParticipantType::server, ParticipantType::client, ParticipantType::admin, ParticipantType::service})
    EXPECT_EQ(parse_participant_type(name(type)), type);
  for (const char* text : {"", "Client", "relay", "overseer"})
    EXPECT_FALSE(parse_participant_type(text)) << text;
}

TEST(Endpoints, ParseIntoParticipantAndApp) {
  const auto plain = Endpoint::parse("site-1");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->participant(), "site-1");
  EXPECT_EQ(plain->app(), "");
  const auto app = Endpoint::parse("ann@pie.org/trainer");
  ASSERT_TRUE(app);
  EXPECT_EQ(app->participant(), "ann@pie.org");
  EXPECT_EQ(app->app(), "trainer");
  EXPECT_EQ(app->text(), "ann@pie.org/trainer");
}

TEST(Endpoints, RefuseWhatIsNone) {
  for (const std::string& text :
       {std::string(), std::string("/"), std::string("a/"), std::string("/a"), std::string("a/b/c"),
        std::string("a b"), "a/" + std::string(65, 'x'), std::string("a/b@c"), std::string("*")})
    EXPECT_FALSE(Endpoint::parse(text)) << text;
  EXPECT_TRUE(Endpoint::parse("a/" + std::string(64, 'x')));
}

TEST(Endpoints, CoverThemselvesAndWhatIsBelow) {
  const Endpoint site = *Endpoint::parse("site-1");
  EXPECT_TRUE(site.covers("site-1"));
  EXPECT_TRUE(site.covers("site-1/app"));
  EXPECT_FALSE(site.covers("site-10"));
  EXPECT_FALSE(site.covers("site-"));
  EXPECT_FALSE(site.covers("Site-1"));
  EXPECT_FALSE(Endpoint::parse("site-1/app")->covers("site-1"));
  EXPECT_FALSE(Endpoint().covers("")) << "nothing covers nothing";
  EXPECT_TRUE(Endpoint().empty());
}

}  // namespace
}  // namespace fairlead::base
