// N58 end to end: host names and names of servers at their limits. What is accepted carries a real login.
#include <optional>

#include "base/assert.hpp"
#include "integration/given_deployment.hpp"
#include "support/hostile_client.hpp"

namespace fairlead::integration {
namespace {

/// A host name of this many characters, in labels of at most 32.
std::string host_of_size(size_t size) {
  std::string host;
  for (; size > 32; size -= 32) host += std::string(31, 'h') + ".";
  return host + std::string(size, 'x');
}

std::string project_with(const std::string& security, const std::string& server, const std::string& hosts) {
  return "api_version: 3\nname: works\nconnection_security: " + security +
         "\nparticipants:\n- {name: " + server +
         ", type: server, org: o, fed_learn_port: 8002,\n   host_names: [" + hosts +
         "]}\n- {name: site-1, type: client, org: o, connect_to: 127.0.0.1}\n";
}

/// `config check` and `provision` of a project that must be refused at a place.
void expect_refused_by_both(const std::string& project, const std::string& place, const std::string& said) {
  const support::TempDir folder;
  const fs::path file = folder.path() / "project.yml", workspace = folder.path() / "w";
  support::write_text(file, project);

  for (const Finished& done :
       {fairlead({"config", "check", file.string()}),
        fairlead({"provision", file.string(), "-w", workspace.string(), "--no-passphrase"})}) {
    EXPECT_EQ(done.code, 4) << done.err;
    EXPECT_TRUE(done.err.starts_with(file.string() + place)) << done.err;
    EXPECT_NE(done.err.find(said), std::string::npos) << done.err;
  }
  EXPECT_FALSE(fs::exists(workspace));
}

TEST(HostNames, N58NameOf256CharactersIsRefused) {
  expect_refused_by_both(project_with("tls", "server", host_of_size(256)), ":6:17: ", "at most 255");
}

TEST(HostNames, N58LabelOf64CharactersIsRefused) {
  expect_refused_by_both(project_with("tls", "server", "ok.example.com, " + std::string(64, 'a') + ".com"),
                         ":6:33: ", "longer than 63");
}

TEST(HostNames, N58ServerNameOf256CharactersIsRefused) {
  expect_refused_by_both(project_with("tls", std::string(256, 's'), "localhost"), ":5:10: ", "255");
}

TEST(HostNames, N58AddressThatIsNoneIsRefused) {
  expect_refused_by_both(project_with("tls", "server", "127.0.0.256"), ":6:17: ", "not an IPv4 address");
  expect_refused_by_both(project_with("tls", "server", "'fe80::zz'"), ":6:17: ", "not an IPv6 address");
}

/// A running server with long names, and clients that look for one of them in its certificate.
class LongNames : public testing::TestWithParam<const char*> {
 protected:
  void serve(const std::string& server, const std::string& hosts, const std::string& listen = "127.0.0.1") {
    deployment_.emplace(project_with(GetParam(), server, hosts));
    process_ = start_fairlead({"server", "-k", deployment_->kit(server).string(), "--set", "listen.port=0",
                               "--set", "listen.host=" + listen, "--echo"});
    const auto listeners = read_json(*process_)["listeners"].items();
    ASSERT_EQ(listeners.size(), 1u) << process_->errors();
    address_ = listeners.front().text();
    auto kit = kit::Kit::open(deployment_->kit("site-1"), kit::VersionMemory::only_check);
    FAIRLEAD_ASSERT(kit.has_value());
    kit_.emplace(std::move(*kit));
  }
  /// site-1 as the program runs it.
  Finished request(const std::string& address) const {
    return fairlead({"request", "-k", deployment_->kit("site-1").string(), "--to", "server", "--topic", "t",
                     "--data", "hello", "--set", "connect_to=" + address});
  }
  /// A login over a link that accepts only a certificate for this host name.
  bool logs_in_under(const std::string& host) const {
    support::HostileClient client(*kit_, *kit_, {.address = address_, .server_host = host});
    return client.log_in() && client.is_still_served();
  }

  std::optional<GivenDeployment> deployment_;
  std::unique_ptr<RunningProcess> process_;
  std::string address_;
  std::optional<kit::Kit> kit_;
};
INSTANTIATE_TEST_SUITE_P(N58, LongNames, testing::Values("tls", "mtls"), security_name);

TEST_P(LongNames, N58HostNameOf255CharactersCarriesALogin) {
  serve("server", host_of_size(255) + ", 127.0.0.1");

  EXPECT_TRUE(logs_in_under(host_of_size(255)));
  EXPECT_FALSE(logs_in_under(host_of_size(254)));
}

TEST_P(LongNames, N58LabelOf63CharactersCarriesALogin) {
  const std::string host = std::string(63, 'a') + ".com";
  serve("server", host + ", 127.0.0.1");

  EXPECT_TRUE(logs_in_under(host));
  EXPECT_FALSE(logs_in_under(host.substr(1)));
}

TEST_P(LongNames, N58AddressesOfBothFamiliesCarryALogin) {
  serve("server", "127.0.0.1, '::1'", "::");
  const std::string port = address_.substr(address_.rfind(':') + 1);

  EXPECT_EQ(request("tcp://127.0.0.1:" + port).out, "hello");
  EXPECT_EQ(request("tcp://[::1]:" + port).out, "hello");
  EXPECT_FALSE(logs_in_under("127.0.0.2"));
  EXPECT_FALSE(logs_in_under("::2"));
}

TEST_P(LongNames, N58ServerNameOf65CharactersWorksByItsAlternativeName) {
  const std::string name = host_of_size(65);
  serve(name, "127.0.0.1");

  EXPECT_EQ(request(address_).out, "hello");
  EXPECT_TRUE(logs_in_under(name));
  EXPECT_FALSE(logs_in_under(name.substr(0, 64)));
}

TEST_P(LongNames, N58ServerNameOf255CharactersWorksByItsAlternativeName) {
  const std::string name = host_of_size(255);
  serve(name, "127.0.0.1");

  EXPECT_EQ(request(address_).out, "hello");
  EXPECT_TRUE(logs_in_under(name));
}

TEST_P(LongNames, N58ShortenedCommonNameIsNoName) {
  const std::string name = host_of_size(255);
  serve(name, "127.0.0.1");

  EXPECT_EQ(kit_->settings().server_name, name);
  EXPECT_FALSE(logs_in_under(crypto::common_name_of(name)));
}

}  // namespace
}  // namespace fairlead::integration
