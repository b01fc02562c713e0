// A server process whose memory is limited, and sites that fill it with messages which they do not finish.
#include <optional>

#include "base/assert.hpp"
#include "integration/given_deployment.hpp"
#include "support/hostile_client.hpp"

namespace fairlead::integration {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kMostGrowthKiB = 1024 * 1024;  // a sanitizer keeps freed memory back
#else
constexpr long kMostGrowthKiB = (64 + 16) * 1024;  // the limit, and a turn's worth of reading above it
#endif
constexpr size_t kHoarders = 8, kUnfinished = 12u << 20;  // 96 MiB in all

class MemoryLimit : public testing::TestWithParam<const char*> {
 protected:
  MemoryLimit() : deployment_(project_of(GetParam())) {
    deployment_.start_server({"--echo", "--set", "memory_limit=64MiB", "--log-level", "error"});
    auto kit = kit::Kit::open(deployment_.kit("site-1"), kit::VersionMemory::only_check);
    FAIRLEAD_ASSERT(kit.has_value());
    kit_.emplace(std::move(*kit));
  }
  /// A site that has sent all of a large message but its end, as far as the server reads it.
  std::unique_ptr<support::HostileClient> hoarder(size_t number) const {
    auto made = std::make_unique<support::HostileClient>(
        *kit_, *kit_,
        support::HostileClient::Options{.address = "tcp://127.0.0.1:" + deployment_.port(),
                                        .app = "hoarder-" + std::to_string(number),
                                        .patience = std::chrono::milliseconds(300)});
    EXPECT_TRUE(made->log_in());
    auth::Draft large = made->honest_draft("server", "large");
    large.payload = base::move_to_slice(base::Bytes(kUnfinished + frame::kMaxBody, 'x'));
    const base::Bytes message = made->next_message(std::move(large));
    made->send(base::ByteView(message).first(message.size() - frame::kMaxBody / 2));
    made->wait_for_close();  // its patience: this sends
    return made;
  }

  GivenDeployment deployment_;
  std::optional<kit::Kit> kit_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, MemoryLimit, kSecurities, security_name);

TEST_P(MemoryLimit, HoldsAgainstUnfinishedMessagesAndHonestSitesAreServed) {
  const long before = deployment_.server().memory("VmRSS");

  std::vector<std::unique_ptr<support::HostileClient>> hoarders;
  for (size_t i = 0; i < kHoarders; ++i) hoarders.push_back(hoarder(i));

  EXPECT_LT(deployment_.server().memory("VmRSS") - before, kMostGrowthKiB);
  EXPECT_GT(deployment_.server().memory("VmRSS") - before, 30 * 1024);
  for (int i = 0; i < 3; ++i) {
    const Finished done =
        deployment_.run("request", "site-2", {"--to", "server", "--topic", "t", "--data", "hello"});
    EXPECT_EQ(done.out, "hello") << done.err;
  }
}

TEST_P(MemoryLimit, IsRefusedBelowItsLeast) {
  expect_refused(
      fairlead({"server", "-k", deployment_.kit("server").string(), "--set", "memory_limit=63MiB"}), 4,
      "memory_limit");
}

}  // namespace
}  // namespace fairlead::integration
