// "fairlead.peers/1": whose bare keys are proved, and what the kernel makes of a link by such a key.
#include "fairlead/peers.h"

#include "unit/plugin/given_plugin.hpp"

namespace fairlead::support {
namespace {

class Peers : public GivenPlugin {
 protected:
  Peers() {
    script.reconfigure = [](void*, const fairlead_config*, fairlead_error*) {
      return fairlead_status{FAIRLEAD_OK};
    };
    credentials_.curve_public = {9};
    credentials_.peer_keys = {{"site-1", {1}}, {"site-2", {2}}, {"site-7", {1}}};
    know();
  }
  void know() { ASSERT_TRUE(instance->reconfigure(credentials_, {})); }
  const fairlead_peers& table() const {
    return *static_cast<const fairlead_peers*>(
        script.host->extension(script.host->ctx, FAIRLEAD_PEERS_EXTENSION));
  }
  std::string listed() const {
    std::string names;
    table().each(
        script.host->ctx,
        [](void* arg, fairlead_text name, fairlead_bytes key) {
          *static_cast<std::string*>(arg) +=
              std::string(name.data, name.size) + std::to_string(key.data[0]) + " ";
        },
        &names);
    return names;
  }
  base::LinkFacts facts_with(base::Bytes key, uint32_t security) {
    key_ = std::move(key);
    script.peer_facts.security = security;
    script.peer_facts.public_key = {key_.data(), key_.size()};
    connect();
    return connection->facts();
  }

  plugin::LinkCredentials credentials_;
  base::Bytes key_;
};

constexpr uint32_t kProved =
    FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED | FAIRLEAD_SEC_SELF_PROVEN;

TEST_F(Peers, AreListedAsTheCredentialsSay) { EXPECT_EQ(listed(), "site-11 site-22 site-71 "); }

TEST_F(Peers, TellOfAChangeFromTheLoop) {
  connect();
  int changes = 0;
  const auto count = [](void* arg) { ++*static_cast<int*>(arg); };
  table().notify(script.host->ctx, count, &changes);

  int of_nothing = -1, inside = -1;
  const auto same = loop->after(std::chrono::nanoseconds(0), [this] { know(); });
  run_turns(3);
  of_nothing = changes;
  credentials_.peer_keys.pop_back();
  const auto other = loop->after(std::chrono::nanoseconds(0), [&] {
    know();
    inside = changes;
  });
  run_turns(3);

  EXPECT_EQ(of_nothing, 0);
  EXPECT_EQ(inside, 0);
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(listed(), "site-11 site-22 ");
}

TEST_F(Peers, TellNobodyWhoDoesNotListen) {
  connect();
  int changes = 0;
  table().notify(
      script.host->ctx, [](void* arg) { ++*static_cast<int*>(arg); }, &changes);
  table().notify(script.host->ctx, nullptr, nullptr);

  credentials_.peer_keys.clear();
  const auto other = loop->after(std::chrono::nanoseconds(0), [this] { know(); });
  run_turns(3);

  EXPECT_EQ(changes, 0);
}

TEST_F(Peers, OwnAKeyThatWasProved) {
  const base::LinkFacts facts = facts_with({1}, kProved);

  EXPECT_EQ(facts.peer_key, base::Bytes{1});
  EXPECT_EQ(facts.key_owners, (std::vector<std::string>{"site-1", "site-7"}));
  EXPECT_EQ(facts.key_pair, (base::Bytes{1, 9}));
  EXPECT_TRUE(facts.channel_binding.empty());
}

TEST_F(Peers, OwnNoKeyThatNobodyVerified) {
  EXPECT_TRUE(facts_with({1}, FAIRLEAD_SEC_CONFIDENTIAL).key_owners.empty());
}

TEST_F(Peers, OwnNoKeyThatNoStatementGivesThem) { EXPECT_TRUE(facts_with({3}, kProved).key_owners.empty()); }

TEST_F(Peers, WithoutAKeyOfOurOwnThereIsNoPair) {
  credentials_.curve_public.clear();
  know();

  EXPECT_TRUE(facts_with({1}, kProved).key_pair.empty());
}

/// A receiver that wants no more has taken what it was lent all the same: it comes back once.
TEST_F(Peers, AMessageThatIsNotWantedComesBackOnce) {
  struct Stops : RecordedEvents {
    plugin::RxAnswer rx_message(base::Slice) override { return plugin::RxAnswer::stop; }
  } stops;
  connection = std::move(*instance->connect(*loop, "there:1", stops));
  in_callback([this] { script.host->opened(script.conn); });
  const base::Bytes bytes(10);
  int returned = 0;
  fairlead_status answer = FAIRLEAD_OK;

  in_callback([&] {
    answer = script.host->rx_message(
        script.conn, {bytes.data(), bytes.size()}, [](void* count) { ++*static_cast<int*>(count); },
        &returned);
  });

  EXPECT_EQ(answer, FAIRLEAD_AGAIN);
  EXPECT_EQ(returned, 1);
}

}  // namespace
}  // namespace fairlead::support
