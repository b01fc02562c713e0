#include "crypto/server_chain.hpp"

#include <openssl/obj_mac.h>

#include "pki.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::crypto {
namespace {

constexpr const char* kHost = "a.example";

CertificateProfile server_profile() {
  CertificateProfile profile = profile_of(CertificateUse::server, "server");
  profile.host_names = {kHost, "192.0.2.1", "2001:db8::1"};
  return profile;
}

class ServerChain : public testing::Test {
 protected:
  ServerFault judge(const Certificate& leaf, const std::string& host = kHost,
                    base::WallTime now = kNow) const {
    const std::vector<TrustAnchor> trusted{pki_.anchor()};
    return judge_server_chain(trusted, std::vector{leaf}, host, now).fault;
  }

  Pki pki_;
  Certificate leaf_ = pki_.issue(server_profile()).certificate;
};

TEST_F(ServerChain, IsGoodForEachHostItCarries) {
  for (const char* host : {kHost, "A.Example", "192.0.2.1", "2001:db8::1"})
    EXPECT_EQ(judge(leaf_, host), ServerFault::none) << host;
}

TEST_F(ServerChain, IsForNoOtherHost) {
  for (const char* host : {"b.example", "x.a.example", "example", "192.0.2.2", "server", ""})
    EXPECT_EQ(judge(leaf_, host), ServerFault::host) << host;
}

TEST_F(ServerChain, HasNoHostInItsCommonName) {
  CertificateProfile profile = server_profile();
  profile.name = "c.example";
  profile.host_names = {"192.0.2.1"};

  EXPECT_FALSE(carries_host(pki_.issue(profile).certificate, "c.example"));
}

TEST_F(ServerChain, MayHaveAWholeLabelForAWildcardAndNoPartOfOne) {
  CertificateProfile profile = server_profile();
  profile.host_names = {"*.a.example", "x*.b.example"};
  const Certificate leaf = pki_.issue(profile).certificate;

  EXPECT_TRUE(carries_host(leaf, "any.a.example"));
  EXPECT_FALSE(carries_host(leaf, "a.example"));
  EXPECT_FALSE(carries_host(leaf, "any.other.a.example"));
  EXPECT_FALSE(carries_host(leaf, "xy.b.example"));
}

TEST_F(ServerChain, OfAnotherRootIsUntrusted) {
  EXPECT_EQ(judge(Pki().issue(server_profile()).certificate), ServerFault::untrusted);
}

TEST_F(ServerChain, IsJudgedAtTheGivenTime) {
  EXPECT_EQ(judge(leaf_, kHost, kNow + kYear - std::chrono::seconds(1)), ServerFault::none);
  EXPECT_EQ(judge(leaf_, kHost, kNow + kYear + std::chrono::seconds(1)), ServerFault::expired);
  EXPECT_EQ(judge(leaf_, kHost, kNow - std::chrono::minutes(11)), ServerFault::not_yet_valid);
}

TEST_F(ServerChain, OfASiteIsNotAServers) {
  CertificateProfile profile = profile_of(CertificateUse::client, "site-1");
  profile.host_names = {kHost};

  EXPECT_EQ(judge(pki_.issue(profile).certificate), ServerFault::usage);
}

TEST_F(ServerChain, ThatIsRevokedIsRefused) {
  const base::Bytes list = support::revocation_list(
      pki_.root(), pki_.key(), {.this_update = kNow, .next_update = kNow + kYear, .revoked = {leaf_}});
  TrustAnchor anchor = pki_.anchor();
  anchor.revoked = must(RevocationLists::read(list, pki_.root(), {}, kNow));

  EXPECT_EQ(judge_server_chain(std::vector{anchor}, std::vector{leaf_}, kHost, kNow).fault,
            ServerFault::revoked);
}

TEST_F(ServerChain, MayLeadToAnyOfTheTrusted) {
  const Pki other;
  const std::vector<TrustAnchor> first{pki_.anchor(), other.anchor()}, last{other.anchor(), pki_.anchor()};
  const std::vector chain{leaf_};

  EXPECT_EQ(judge_server_chain(first, chain, kHost, kNow).fault, ServerFault::none);
  EXPECT_EQ(judge_server_chain(last, chain, kHost, kNow).fault, ServerFault::none);
  // What is wrong with it under the CA that made it counts, wherever that one stands.
  EXPECT_EQ(judge_server_chain(first, chain, kHost, kNow + 2 * kYear).fault, ServerFault::expired);
  EXPECT_EQ(judge_server_chain(last, chain, kHost, kNow + 2 * kYear).fault, ServerFault::expired);
}

TEST_F(ServerChain, OfNothingOrBeforeNobodyIsUntrusted) {
  EXPECT_EQ(judge_server_chain(std::vector{pki_.anchor()}, {}, kHost, kNow).fault, ServerFault::untrusted);
  EXPECT_EQ(judge_server_chain({}, std::vector{leaf_}, kHost, kNow).fault, ServerFault::untrusted);
}

TEST_F(ServerChain, IsIssuedByWhoSignedItNotByANamesake) {
  EXPECT_TRUE(is_issued_by(leaf_, pki_.root()));
  EXPECT_FALSE(is_issued_by(leaf_, Pki().root()));
  EXPECT_FALSE(is_issued_by(pki_.root(), leaf_));
  // Without the identifier of its issuer's key the name fits, and only the signature tells.
  const Pki namesake;
  const Certificate theirs = namesake.issue(server_profile()).certificate;
  const Certificate bare = with_extension(theirs, NID_authority_key_identifier, nullptr, namesake.key());
  EXPECT_TRUE(is_issued_by(bare, namesake.root()));
  EXPECT_FALSE(is_issued_by(bare, pki_.root()));
}

}  // namespace
}  // namespace fairlead::crypto
