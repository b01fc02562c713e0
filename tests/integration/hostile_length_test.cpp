// N46: frames that announce a body which nobody may send. The process behind the port ends the connection and
// sets no memory aside for it, whether the peer has logged in or not.
#include <array>
#include <optional>

#include "base/assert.hpp"
#include "integration/given_deployment.hpp"
#include "support/hostile_client.hpp"

namespace fairlead::integration {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// Shadow memory, and what logins freed and a sanitizer keeps back; bodies would be 16 MiB each and more.
constexpr long kMostResidentKiB = 128 * 1024;
#else
constexpr long kMostResidentKiB = 64;
#endif
constexpr long kMostReservedKiB = 512;  // half of the smallest body that is too large after login
constexpr int kRounds = 12;

/// 4 GiB - 1, the least that is negative as int32_t, and one byte above what the state allows.
std::array<uint32_t, 3> hostile_lengths(uint32_t allowed) { return {0xFFFFFFFF, 0x80000000, allowed + 1}; }

/// A server process and frames that lie about their length.
class HostileLength : public testing::TestWithParam<const char*> {
 protected:
  HostileLength() : deployment_(project_of(GetParam())) {
    deployment_.start_server({"--log-level", "error"});
    auto kit = kit::Kit::open(deployment_.kit("site-1"), kit::VersionMemory::only_check);
    FAIRLEAD_ASSERT(kit.has_value());
    kit_.emplace(std::move(*kit));
  }

  support::HostileClient attacker() const {
    return {*kit_, *kit_, {.address = "tcp://127.0.0.1:" + deployment_.port()}};
  }

  /// The header of a frame, with a length that is not true.
  static base::Bytes header_with(base::Bytes frame, uint32_t length) {
    frame.resize(frame::kHeaderSize);
    base::store_be<uint32_t>(base::MutableByteView(frame).subspan(8), length);
    return frame;
  }

  void send_before_login(uint32_t length) {
    support::HostileClient stranger = attacker();
    ASSERT_TRUE(stranger.connect());
    base::Bytes hello(frame::kHeaderSize);
    frame::Header header;
    header.type = frame::FrameType::hello;
    frame::encode(header, hello);
    stranger.send(header_with(hello, length));
    EXPECT_TRUE(stranger.wait_for_close()) << length;
  }

  void send_after_login(uint32_t length) {
    support::HostileClient member = attacker();
    ASSERT_TRUE(member.log_in());
    member.send(header_with(member.next_message(member.honest_draft("server", "count")), length));
    EXPECT_TRUE(member.wait_for_close()) << length;
    EXPECT_EQ(member.verdict().told, base::Refusal::too_large) << length;
  }

  void send_all() {
    for (const uint32_t length : hostile_lengths(frame::kMaxBodyBeforeLogin)) send_before_login(length);
    for (const uint32_t length : hostile_lengths(frame::kMaxBody)) send_after_login(length);
  }

  GivenDeployment deployment_;
  std::optional<kit::Kit> kit_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, HostileLength, kSecurities, security_name);

TEST_P(HostileLength, N46CostsTheServerNoMemory) {
  send_all();  // the pools and arenas that any login fills
  send_all();
  const long resident = deployment_.server().memory("VmRSS"), most = deployment_.server().memory("VmPeak");

  for (int i = 0; i < kRounds; ++i) send_all();

  EXPECT_LT(deployment_.server().memory("VmRSS") - resident, kMostResidentKiB);
  EXPECT_LT(deployment_.server().memory("VmPeak") - most, kMostReservedKiB);
  EXPECT_EQ(deployment_.run("ping", "site-2", {"--to", "server", "-c", "1"}).code, 0);
}

}  // namespace
}  // namespace fairlead::integration
