#include "auth/link_source.hpp"

#include "given.hpp"

namespace fairlead::auth {
namespace {

std::string source_of(World& world, const base::LinkFacts& facts) {
  return link_source(world.server_config().common, facts);
}

base::LinkFacts from(const std::string& address) {
  base::LinkFacts facts;
  facts.remote_address = address;
  return facts;
}

TEST(LinkSource, IsTheVerifiedNameOfMutualTls) {
  World world;
  base::LinkFacts one = mtls_link(world.site), other = mtls_link(world.site);
  one.remote_address = "192.0.2.1:1000";
  other.remote_address = "192.0.2.2:2000";

  EXPECT_EQ(source_of(world, one), "name site-1");
  EXPECT_EQ(source_of(world, other), source_of(world, one));
}

TEST(LinkSource, IsTheAddressWhenNothingWasVerified) {
  World world;
  base::LinkFacts facts = mtls_link(world.site);
  facts.remote_address = "192.0.2.1:1000";
  facts.peer_verified = false;

  EXPECT_EQ(source_of(world, facts), "192.0.2.1");
}

TEST(LinkSource, IsTheAddressWhenTheListenerAsksForNoCertificate) {
  World world;
  world.server_security = base::ConnectionSecurity::tls;
  base::LinkFacts facts = mtls_link(world.site);
  facts.remote_address = "192.0.2.1:1000";

  EXPECT_EQ(source_of(world, facts), "192.0.2.1");
}

TEST(LinkSource, LeavesThePortOut) {
  World world;

  EXPECT_EQ(source_of(world, from("192.0.2.1:1")), source_of(world, from("192.0.2.1:2")));
  EXPECT_NE(source_of(world, from("192.0.2.1:1")), source_of(world, from("192.0.2.2:1")));
}

TEST(LinkSource, CountsOneNetworkOfIpv6AsOne) {
  World world;

  EXPECT_EQ(source_of(world, from("[2001:db8:1:2::3]:4")),
            source_of(world, from("[2001:db8:1:2:ffff::1]:5")));
  EXPECT_NE(source_of(world, from("[2001:db8:1:2::3]:4")), source_of(world, from("[2001:db8:1:3::3]:4")));
}

TEST(LinkSource, TakesOtherAddressesAsTheyAre) {
  World world;

  EXPECT_EQ(source_of(world, from("queue-7")), "queue-7");
  EXPECT_EQ(source_of(world, from("")), "");
}

}  // namespace
}  // namespace fairlead::auth
