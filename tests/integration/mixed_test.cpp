// One server, two sites that come by different transports: their messages are routed between them.
#include <array>

#include "integration/given_deployment.hpp"
#include "integration/relay.hpp"

namespace fairlead::integration {
namespace {

/// One way to the server: what its listener speaks, what the site does, and how the site's local file helps.
struct Way {
  const char *name, *listener, *security, *scheme;
};
constexpr std::array kWays = {
    Way{"clear", "tcp", "clear", "tcp"},  Way{"tls", "tcp", "tls", "tcp"},
    Way{"mtls", "tcp", "mtls", "tcp"},    Way{"zmq_clear", "zmq", "clear", "zmq"},
    Way{"zmq_tls", "zmq", "tls", "zmq"},  Way{"zmq_mtls", "zmq", "mtls", "zmq"},
    Way{"unix", "unix", "clear", "unix"}, Way{"exec", "tcp", "clear", "exec"},
};

using Pair = std::tuple<size_t, size_t>;

class Mixed : public testing::TestWithParam<Pair> {
 protected:
  Mixed() : deployment_(project()) {
    const std::string folder = deployment_.folder().string();
    for (const char* name : {"server", "site-1", "site-2"})
      support::write_text(deployment_.kit(name) / "local" / "fairlead.yml",
                          "transports:\n  unix: {directory: \"" + folder + "\"}\n  exec: {command: \"" +
                              tool("socat") + " - TCP:%h:%p\"}\n");
    server_ = start_fairlead({"server", "-k", kit("server")});
    EXPECT_EQ(read_json(*server_)["event"].text(), "ready") << server_->errors();
  }

  static const Way& first() { return kWays.at(std::get<0>(GetParam())); }
  static const Way& second() { return kWays.at(std::get<1>(GetParam())); }
  std::string kit(const std::string& name) const { return deployment_.kit(name).string(); }
  /// A request between the sites while the other one answers.
  void expect_answer(const std::string& from, const std::string& to) const {
    const auto other = start_fairlead({"client", "-k", kit(to), "--echo"});
    ASSERT_EQ(read_json(*other)["event"].text(), "ready") << other->errors();

    const Finished done =
        fairlead({"request", "-k", kit(from), "--to", to, "--topic", "t", "--data", "across"});

    EXPECT_EQ(done.out, "across") << done.err;
  }

  const ReservedPort first_port_, second_port_;
  GivenDeployment deployment_;
  std::unique_ptr<RunningProcess> server_;

 private:
  std::string project() const {
    const auto listener = [](const Way& way, const std::string& port) {
      return "{port: " + port + ", scheme: " + way.listener + ", connection_security: " + way.security +
             ", host: 127.0.0.1}";
    };
    const auto site = [](const char* name, const Way& way, const std::string& port) {
      return std::string("- {name: ") + name +
             ", type: client, org: o, connect_to: {host: 127.0.0.1, port: " + port +
             ", scheme: " + way.scheme + ", connection_security: " + way.security + "}}\n";
    };
    return "api_version: 3\nname: mixed\nparticipants:\n"
           "- name: server\n  type: server\n  org: o\n  host_names: [127.0.0.1]\n  listeners: [" +
           listener(first(), first_port_.number) + ", " + listener(second(), second_port_.number) + "]\n" +
           site("site-1", first(), first_port_.number) + site("site-2", second(), second_port_.number);
  }
};
std::string pair_name(const testing::TestParamInfo<Pair>& info) {
  return std::string(kWays.at(std::get<0>(info.param)).name) + "_" + kWays.at(std::get<1>(info.param)).name;
}
INSTANTIATE_TEST_SUITE_P(EveryTwo, Mixed,
                         testing::Combine(testing::Range(size_t{0}, kWays.size()),
                                          testing::Range(size_t{0}, kWays.size())),
                         pair_name);

TEST_P(Mixed, SiteByTheFirstWayReachesTheOneByTheSecond) { expect_answer("site-1", "site-2"); }

}  // namespace
}  // namespace fairlead::integration
