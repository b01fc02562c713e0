#include "crypto/delegation.hpp"

#include <functional>

#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using base::Refusal;
using std::chrono::hours;

struct DelegationTest : ::testing::Test {
  Delegation content() const {
    Delegation delegation;
    delegation.kid = site.public_key().key_id();
    delegation.issued = kNow;
    delegation.expires = kNow + hours(1);
    delegation.audience = {7};
    delegation.endpoint = "site-1/sensor";
    delegation.spki = holder.public_key().spki();
    delegation.topics = {"metrics", "round/*"};
    return delegation;
  }
  Refusal decode_changed(const std::function<void(Delegation&)>& change) const {
    Delegation delegation = content();
    change(delegation);
    const auto read = decode_delegation(encode(delegation));
    return read ? Refusal{} : read.error();
  }
  Refusal verify(const SignedDelegation& signed_one, const PrivateKey& key) const {
    const auto read = verify_delegation(signed_one, key.public_key());
    return read ? Refusal{} : read.error();
  }

  PrivateKey site = make_key(), holder = make_key();
  SignedDelegation made = must(sign_delegation(content(), site));
};

TEST_F(DelegationTest, ReadsBackWhatWasSigned) {
  const auto read = verify_delegation(made, site.public_key());

  ASSERT_TRUE(read);
  EXPECT_EQ(encode(*read), made.delegation);
  EXPECT_EQ(read->endpoint, "site-1/sensor");
  EXPECT_EQ(read->topics, (std::vector<std::string>{"metrics", "round/*"}));
  EXPECT_EQ(read->expires, kNow + hours(1));
  EXPECT_EQ(read->spki, holder.public_key().spki());
}

TEST_F(DelegationTest, N47RefusesTheSignatureOfAnybodyElse) {
  EXPECT_EQ(verify(made, holder), Refusal::bad_chain);
  SignedDelegation unsigned_one = made;
  unsigned_one.signature.clear();
  EXPECT_EQ(verify(unsigned_one, site), Refusal::bad_chain);
}

TEST_F(DelegationTest, RefusesAKeyIdThatIsNotTheSites) {
  Delegation of_another = content();
  of_another.kid[0] ^= 1;
  const base::Bytes bytes = encode(of_another);
  const SignedDelegation signed_one{bytes, must(site.sign("FAIRLEAD1 delegation", bytes))};

  EXPECT_EQ(verify(signed_one, site), Refusal::bad_chain);
}

TEST_F(DelegationTest, RefusesASignatureUnderAnotherLabel) {
  const SignedDelegation signed_one{made.delegation, must(site.sign("FAIRLEAD1 token", made.delegation))};

  EXPECT_EQ(verify(signed_one, site), Refusal::bad_chain);
}

TEST_F(DelegationTest, RefusesEveryFlippedBit) {
  for (size_t bit = 0; bit < made.delegation.size() * 8; ++bit) {
    SignedDelegation changed = made;
    changed.delegation[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_NE(verify(changed, site), Refusal{}) << "bit " << bit;
  }
}

TEST_F(DelegationTest, RefusesEveryTruncation) {
  Delegation one_topic = content();
  one_topic.topics.resize(1);
  const base::Bytes whole = encode(one_topic);
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode_delegation(base::ByteView(whole).first(size))) << size;
}

TEST_F(DelegationTest, RefusesAnotherMagicAndUnknownFlags) {
  for (const size_t at : {0u, 3u, 4u, 5u}) {
    base::Bytes changed = made.delegation;
    changed[at] ^= 1;
    EXPECT_FALSE(decode_delegation(changed)) << at;
  }
}

TEST_F(DelegationTest, RefusesTimesThatAreNone) {
  EXPECT_EQ(decode_changed([](Delegation& d) { d.expires = d.issued; }), Refusal::malformed);
  EXPECT_EQ(decode_changed([](Delegation& d) { d.expires = d.issued - hours(1); }), Refusal::malformed);
  EXPECT_EQ(decode_changed([](Delegation& d) { d.issued = base::WallTime(hours(-1)); }), Refusal::malformed);
}

TEST_F(DelegationTest, RefusesAnEndpointThatIsNone) {
  for (const char* endpoint : {"", "/sensor", "site-1/", "site-1/a/b", "site 1/a"})
    EXPECT_EQ(decode_changed([&](Delegation& d) { d.endpoint = endpoint; }), Refusal::malformed) << endpoint;
}

TEST_F(DelegationTest, RefusesToNameNoKey) {
  EXPECT_EQ(decode_changed([](Delegation& d) { d.spki.clear(); }), Refusal::malformed);
}

TEST_F(DelegationTest, RefusesNoTopicsUnsortedOnesAndRepeatedOnes) {
  EXPECT_EQ(decode_changed([](Delegation& d) { d.topics.clear(); }), Refusal::malformed);
  EXPECT_EQ(decode_changed([](Delegation& d) { d.topics = {"b", "a"}; }), Refusal::malformed);
  EXPECT_EQ(decode_changed([](Delegation& d) { d.topics = {"a", "a"}; }), Refusal::malformed);
}

TEST_F(DelegationTest, TakesThirtyTwoTopicsAndNotOneMore) {
  const auto of = [&](int count) {
    return decode_changed([&](Delegation& d) {
      d.topics.clear();
      for (int i = 0; i < count; ++i) d.topics.push_back("topic-" + std::to_string(100 + i));
    });
  };

  EXPECT_EQ(of(32), Refusal{});
  EXPECT_EQ(of(33), Refusal::malformed);
}

TEST_F(DelegationTest, TakesAtMost4096Bytes) {
  const auto with_last_topic = [&](size_t size) {
    Delegation delegation = content();
    delegation.topics.clear();
    for (int i = 0; i < 15; ++i) delegation.topics.push_back(std::string(249, 'a') + std::to_string(100 + i));
    delegation.topics.push_back(std::string(size, 'b'));
    return encode(delegation);
  };
  const size_t fits = kMaxDelegation - with_last_topic(0).size();

  EXPECT_TRUE(decode_delegation(with_last_topic(fits)));
  EXPECT_FALSE(decode_delegation(with_last_topic(fits + 1)));
}

TEST_F(DelegationTest, DelegatesNoTopicOfAdministrationAndNotEverything) {
  for (const char* topic : {"", "*", "admin/kick", "admin/*", "a\nb", "a\x7F"})
    EXPECT_FALSE(is_delegable(topic)) << topic;
  EXPECT_TRUE(is_delegable(std::string(255, 'a')));
  EXPECT_FALSE(is_delegable(std::string(256, 'a')));
  for (const char* topic : {"a", "a*", "administration", "fairlead/ping"}) EXPECT_TRUE(is_delegable(topic));
  EXPECT_EQ(decode_changed([](Delegation& d) { d.topics = {"admin/kick"}; }), Refusal::malformed);
}

TEST_F(DelegationTest, SignsNothingThatNobodyWouldTake) {
  Delegation empty = content();
  empty.topics.clear();

  EXPECT_FALSE(sign_delegation(empty, site));
}

}  // namespace
}  // namespace fairlead::crypto
