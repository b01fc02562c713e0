#include "auth/link_rules.hpp"

#include "crypto/digest.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::ConnectionSecurity;
using base::MessageSecurity;
using base::Refusal;

constexpr uint8_t kGood = 1 | 8;  // confidential, trusted plugin

ObservedLink link(uint8_t bits, std::string_view binding = "b") { return {bits, base::to_bytes(binding)}; }

TEST(LinkLevel, FollowsTheTable) {
  const struct {
    ObservedLink own, peer;
    MessageSecurity level;
    const char* why;
  } table[] = {
      {link(kGood), link(kGood), MessageSecurity::mac, "both ends agree"},
      {link(15), link(15), MessageSecurity::mac, "mtls"},
      {link(8), link(kGood), MessageSecurity::seal, "own end is clear"},
      {link(kGood), link(8), MessageSecurity::seal, "peer's end is clear: a proxy ends TLS"},
      {link(1), link(kGood), MessageSecurity::seal, "own plugin is not trusted"},
      {link(kGood), link(1), MessageSecurity::seal, "peer's plugin is not trusted"},
      {link(kGood, "a"), link(kGood, "b"), MessageSecurity::seal, "two connections, not one"},
      {link(kGood, "b"), link(kGood, "bb"), MessageSecurity::seal, "a prefix is not equal"},
      {link(kGood, ""), link(kGood, ""), MessageSecurity::seal, "nothing is equal to nothing"},
      {link(kGood, ""), link(kGood), MessageSecurity::seal, "own end has no binding"},
      {link(kGood), link(kGood, ""), MessageSecurity::seal, "peer has no binding"},
      {link(0, ""), link(0, ""), MessageSecurity::seal, "clear"},
  };
  for (const auto& row : table) EXPECT_EQ(link_level(row.own, row.peer), row.level) << row.why;
}

TEST(LinkLevel, IsRaisedByAnyWish) {
  const auto level = [](MessageSecurity own, MessageSecurity peer) {
    return lane_level(own, peer, link(kGood), link(kGood));
  };

  EXPECT_EQ(level(MessageSecurity::automatic, MessageSecurity::automatic), MessageSecurity::mac);
  EXPECT_EQ(level(MessageSecurity::mac, MessageSecurity::automatic), MessageSecurity::mac);
  EXPECT_EQ(level(MessageSecurity::seal, MessageSecurity::mac), MessageSecurity::seal);
  EXPECT_EQ(level(MessageSecurity::mac, MessageSecurity::seal), MessageSecurity::seal);
}

TEST(LinkLevel, IsNotLoweredByAWish) {
  EXPECT_EQ(lane_level(MessageSecurity::mac, MessageSecurity::mac, link(0), link(0)), MessageSecurity::seal);
}

TEST(OwnLink, FollowsTheTable) {
  const struct {
    End end;
    ConnectionSecurity configured;
    bool confidential, peer_verified, self_proven, enough;
  } table[] = {
      {End::client, ConnectionSecurity::clear, false, false, false, true},
      {End::server, ConnectionSecurity::clear, false, false, false, true},
      {End::client, ConnectionSecurity::tls, true, true, false, true},
      {End::client, ConnectionSecurity::tls, true, false, false, false},
      {End::client, ConnectionSecurity::tls, false, true, true, false},
      {End::server, ConnectionSecurity::tls, true, false, true, true},
      {End::server, ConnectionSecurity::tls, false, true, true, false},
      {End::client, ConnectionSecurity::mtls, true, true, true, true},
      {End::client, ConnectionSecurity::mtls, false, true, true, false},
      {End::client, ConnectionSecurity::mtls, true, false, true, false},
      {End::client, ConnectionSecurity::mtls, true, true, false, false},
      {End::server, ConnectionSecurity::mtls, true, true, true, true},
      {End::server, ConnectionSecurity::mtls, false, true, true, false},
      {End::server, ConnectionSecurity::mtls, true, false, true, false},
      {End::server, ConnectionSecurity::mtls, true, true, false, false},
  };
  for (size_t i = 0; i < std::size(table); ++i) {
    const auto& row = table[i];
    base::LinkFacts facts;
    facts.confidential = row.confidential;
    facts.peer_verified = row.peer_verified;
    facts.self_proven = row.self_proven;
    EXPECT_EQ(check_own_link(row.end, row.configured, facts).has_value(), row.enough) << "row " << i;
  }
}

TEST(SameLink, IsAskedForInMtlsOnly) {
  base::LinkFacts facts;
  facts.channel_binding = {1};
  const base::Digest login{};

  EXPECT_TRUE(check_same_link(ConnectionSecurity::tls, facts, link(0), {login, ""}));
  EXPECT_TRUE(check_same_link(ConnectionSecurity::clear, facts, link(0), {login, ""}));
  EXPECT_EQ(refusal_of(check_same_link(ConnectionSecurity::mtls, facts, link(0), {login, ""})),
            Refusal::binding_mismatch);
}

TEST(SameLink, N15_AsksForOneBindingAndOneCertificate) {
  base::LinkFacts facts;
  facts.channel_binding = base::to_bytes("b");
  facts.peer_certificate_der = {1, 2, 3};
  const base::Digest shown = crypto::sha256({facts.peer_certificate_der});
  const auto check = [&](const ObservedLink& peer, const base::Digest& login) {
    return refusal_of(check_same_link(ConnectionSecurity::mtls, facts, peer, {login, "site-1"}));
  };

  EXPECT_EQ(check(link(15), shown), Refusal{});
  EXPECT_EQ(check(link(15, "c"), shown), Refusal::binding_mismatch);
  EXPECT_EQ(check(link(15), base::Digest{1}), Refusal::binding_mismatch);
}

/// A link by bare keys: its two keys are what both ends must have seen, and the peer's must be the login's.
class LinkByKeys : public testing::Test {
 protected:
  LinkByKeys() {
    facts_.confidential = facts_.peer_verified = facts_.self_proven = facts_.trusted_plugin = true;
    facts_.peer_key = base::to_bytes("p");
    facts_.key_pair = base::to_bytes("op");
    facts_.key_owners = {"site-1", "site-7"};
  }
  Refusal check(const ObservedLink& peer, std::string_view name) const {
    return refusal_of(check_same_link(ConnectionSecurity::mtls, facts_, peer, {base::Digest{}, name}));
  }

  base::LinkFacts facts_;
};

TEST_F(LinkByKeys, N68_IsOfWhoASignedStatementGivesTheKeyTo) {
  EXPECT_EQ(check(link(15, "op"), "site-1"), Refusal{});
  EXPECT_EQ(check(link(15, "op"), "site-7"), Refusal{});
  EXPECT_EQ(check(link(15, "op"), "site-2"), Refusal::binding_mismatch);
}

TEST_F(LinkByKeys, MustHaveBeenSeenAlikeByBothEnds) {
  EXPECT_EQ(check(link(15, "ox"), "site-1"), Refusal::binding_mismatch);
  EXPECT_EQ(check(link(15, ""), "site-1"), Refusal::binding_mismatch);
}

TEST_F(LinkByKeys, NeedsBothKeys) {
  facts_.key_pair.clear();

  EXPECT_EQ(check(link(15, ""), "site-1"), Refusal::binding_mismatch);
}

/// A plugin that reports a certificate too is judged by the certificate.
TEST_F(LinkByKeys, DoesNotStandInForACertificate) {
  facts_.peer_certificate_der = {1, 2, 3};

  EXPECT_EQ(check(link(15, "op"), "site-1"), Refusal::binding_mismatch);
}

TEST_F(LinkByKeys, GivesMacWhenBothSawTheSameKeys) {
  EXPECT_EQ(link_level(observe(facts_), link(15, "op")), MessageSecurity::mac);
  EXPECT_EQ(link_level(observe(facts_), link(15, "ox")), MessageSecurity::seal);
}

TEST(ObservedLink, CarriesWhatTheTransportProved) {
  base::LinkFacts facts = mtls_link(World().server);
  EXPECT_EQ(observe(facts).bits, 15);
  facts.trusted_plugin = false;
  EXPECT_EQ(observe(facts).bits, 7);
  EXPECT_EQ(observe(facts).binding, facts.channel_binding);
}

}  // namespace
}  // namespace fairlead::auth
