// A nonce is used once: what stands on the wire while many threads send and keys are renewed.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "frame/header.hpp"
#include "integration/relay.hpp"
#include "support/given_project.hpp"
#include "support/live_client.hpp"

namespace fairlead {
namespace {

constexpr size_t kThreads = 64, kAfterRenewal = 200;
/// All threads together: several times what may wait for a connection, so that each end stops reading.
constexpr size_t kLarge = 128 << 10;
constexpr std::string_view kProject =
    "api_version: 3\nname: nonces\nconnection_security: clear\nparticipants:\n"
    "- {name: server, type: server, org: o, fed_learn_port: 8002, host_names: [127.0.0.1]}\n"
    "- {name: site-1, type: client, org: o, connect_to: 127.0.0.1}\n";

/// A key is one of a session, lane, direction and epoch.
using Key = std::tuple<uint64_t, uint32_t, bool, uint32_t>;
using Nonces = std::map<Key, std::set<uint64_t>>;

/// The frames of one direction of one connection.
void collect(const std::string& wire, Nonces& nonces) {
  base::Bytes bytes = base::to_bytes(wire);
  base::MutableByteView rest = bytes;
  while (!rest.empty()) {
    const auto decoded = frame::decode(rest, {frame::kMaxBlock, frame::kMaxBody});
    ASSERT_TRUE(decoded.has_value());
    if (!decoded->complete) return;  // the connection is still there
    const frame::Header& header = decoded->frame.header;
    const Key key{header.session_prefix, header.lane.value, header.has(frame::kServerToClient),
                  header.epoch.value};
    if (header.lane.value != 0) {
      EXPECT_TRUE(nonces[key].insert(header.sequence.value).second)
          << "lane " << header.lane.value << ", epoch " << header.epoch.value << ", sequence "
          << header.sequence.value << " twice";
    }
    rest = rest.subspan(header.frame_size());
  }
}

/// Round trips of all threads until the keys were renewed, and some more under the new ones; how many failed.
size_t exchange_across_renewal(support::LiveClient& client) {
  std::atomic<size_t> failed = 0;
  std::atomic<bool> enough = false;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (size_t sent = 0, renewed = 0; !enough; ++sent) {
        const std::string payload(sent < 2 ? kLarge : 100, 'x');
        const auto reply = client.request("server", "fairlead/ping", payload, std::chrono::seconds(60));
        if (!reply || *reply != payload) ++failed;
        if (i == 0 && client.log().has_line({"client.renewed"})) ++renewed;
        if (failed > 0 || renewed > kAfterRenewal) enough = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return failed;
}

TEST(Nonces, N50_AreUsedOnceByManyThreadsAcrossARenewal) {
  const support::GivenProject project(kProject);
  support::LiveServer server(project.kit("server"), {"token_lifetime=4s"});
  integration::Relay relay({.target = server.port()});
  support::LiveClient client(project.kit("site-1"), "tcp://127.0.0.1:" + relay.port());
  ASSERT_TRUE(client.wait_ready()) << client.log().text();

  const size_t failed = exchange_across_renewal(client);

  Nonces nonces;
  collect(relay.from_clients(), nonces);
  collect(relay.from_server(), nonces);
  EXPECT_EQ(failed, 0u) << client.log().text();
  EXPECT_GE(nonces.size(), 4u) << "keys of two directions and epochs, or of more where it takes long";
  for (const auto& [key, sequences] : nonces)
    EXPECT_EQ(*sequences.rbegin() - *sequences.begin() + 1, sequences.size()) << "every frame was seen";
}

}  // namespace
}  // namespace fairlead
