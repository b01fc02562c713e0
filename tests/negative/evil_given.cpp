#include "negative/evil_given.hpp"

#include "base/assert.hpp"
#include "build_paths.hpp"
#include "config/shipped_transports.hpp"

namespace fairlead::negative {
namespace {

std::string project_text(const EvilProject& wanted) {
  return "api_version: 3\nname: evil\nconnection_security: " + wanted.security +
         "\nmessage_security: " + wanted.message_security +
         "\nparticipants:\n"
         "- name: server\n  type: server\n  org: o\n  host_names: [127.0.0.1]\n"
         "  listeners: [{port: 8002, scheme: evil}, {port: 8004, scheme: tcp}]\n"
         "  transports: {evil: {" +
         wanted.server_options +
         "}}\n"
         "- name: site-1\n  type: client\n  org: o\n"
         "  connect_to: {host: 127.0.0.1, port: 8002, scheme: evil}\n"
         "  transports: {evil: {" +
         wanted.site_options +
         "}}\n"
         "- {name: site-2, type: client, org: o, connect_to: {host: 127.0.0.1, port: 8004}}\n";
}

}  // namespace

void GivenEvil::given(const EvilProject& wanted) {
  const std::filesystem::path plugins = std::filesystem::path(FAIRLEAD_BINARY_DIR) / "tests/evil/plugins";
  provision::ProvisionOptions options;
  options.plugins = {{config::kTcpPlugin, plugins / "tcp_tls.so"}, {"org.example.evil", plugins / "evil.so"}};
  const auto made = project_.try_provision(project_text(wanted), std::move(options));
  ASSERT_TRUE(made.has_value()) << made.error().line();
  auto kit = kit::Kit::open(project_.kit("site-1"), kit::VersionMemory::only_check);
  ASSERT_TRUE(kit.has_value()) << kit.error().line();
  site_1_.emplace(std::move(*kit));
}

void GivenEvil::start_server() { server_.emplace(project_.kit("server")); }

std::string GivenEvil::address(const std::string& scheme) const {
  const std::string log = server_->log().text();
  const size_t at = log.find(scheme + "://");
  FAIRLEAD_ASSERT(at != std::string::npos);
  return log.substr(at, log.find_first_of(" \n", at) - at);
}

std::unique_ptr<support::LiveClient> GivenEvil::start_site() {
  return std::make_unique<support::LiveClient>(project_.kit("site-1"), address("evil"));
}

std::unique_ptr<support::HostileClient> GivenEvil::start_frames() {
  auto client = std::make_unique<support::HostileClient>(
      *site_1_, *site_1_, support::HostileClient::Options{.address = address("evil")});
  if (!client->log_in()) throw std::runtime_error("an honest login failed:\n" + server_->log().text());
  return client;
}

void GivenEvil::send(support::HostileClient& client, int count) {
  for (int i = 0; i < count; ++i) client.send(client.next_message(client.honest_draft("server", "count")));
}

void GivenEvil::expect_others_are_served() {
  support::LiveClient other(project_.kit("site-2"), address("tcp"));
  ASSERT_TRUE(other.wait_ready().has_value()) << other.log().text();
  const auto reply = other.request("server", "count", "are you there?");
  EXPECT_TRUE(reply.has_value()) << reply.error().line();
}

void GivenEvil::expect_logged(base::Refusal code) {
  EXPECT_GE(server_->refused(code), 1u) << base::name(code) << "\n" << server_->log().text();
  EXPECT_TRUE(server_->log().has_line({"link.refused", base::name(code)}));
  EXPECT_EQ(server_->log().text().find("a payload that nobody may see"), std::string::npos);
}

}  // namespace fairlead::negative
