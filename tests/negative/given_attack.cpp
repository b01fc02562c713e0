#include "negative/given_attack.hpp"

#include <stdexcept>

#include "base/assert.hpp"
#include "support/ways.hpp"

namespace fairlead::negative {

namespace {

/// Sockets of every server of this process: each takes a number that is free.
std::string socket_folder() {
  static const support::TempDir folder;
  return folder.path().string();
}

}  // namespace

std::string project_text(const std::string& way, const std::string& name) {
  return "api_version: 3\nname: " + name + "\n" + support::connection_of(way, socket_folder()) +
         "participants:\n"
         "- {name: server, type: server, org: o, fed_learn_port: 8002, host_names: [127.0.0.1]}\n"
         "- {name: site-1, type: client, org: o, connect_to: 127.0.0.1}\n"
         "- {name: site-2, type: client, org: o, connect_to: 127.0.0.1}\n"
         "- {name: admin@o.example, type: admin, org: o, role: project_admin}\n";
}

kit::Kit open_kit(const std::filesystem::path& path) {
  auto kit = kit::Kit::open(path, kit::VersionMemory::only_check);
  FAIRLEAD_ASSERT(kit.has_value());
  return std::move(*kit);
}

GivenAttack::GivenAttack(std::vector<std::string> set)
    : project_(project_text(GetParam())),
      site_1_(open_kit(project_.kit("site-1"))),
      site_2_(open_kit(project_.kit("site-2"))),
      server_(project_.kit("server"), std::move(set)) {}

std::unique_ptr<support::HostileClient> GivenAttack::client(const kit::Kit& kit, const std::string& app) {
  support::HostileClient::Options options{.address = server_.address(), .app = app};
  if (std::string_view(GetParam()) == "exec") {
    options.address = "exec" + options.address.substr(options.address.find("://"));
    options.transport_options = {{"command", "/usr/bin/socat - TCP:%h:%p"}};
  }
  return std::make_unique<support::HostileClient>(kit, kit, std::move(options));
}

std::unique_ptr<support::HostileClient> GivenAttack::logged_in() {
  auto made = client(site_1_);
  if (!made->log_in()) throw std::runtime_error("an honest login failed:\n" + server_.log().text());
  return made;
}

void GivenAttack::expect_refused(support::HostileClient& attacker, base::Refusal code) {
  const support::Verdict& verdict = attacker.wait_for_verdict();
  EXPECT_TRUE(verdict.told == code || verdict.closed)
      << "told " << (verdict.told ? base::name(*verdict.told) : "nothing") << ", expected "
      << base::name(code);
  const std::string secret = base::hex(attacker.session().current.token).substr(0, 32);
  EXPECT_EQ(server_.log().text().find(secret), std::string::npos);
  expect_harmless(code);
}

void GivenAttack::expect_harmless(base::Refusal code) {
  EXPECT_GE(server_.refused(code), 1u) << base::name(code) << "\n" << server_.log().text();
  EXPECT_EQ(server_.handled(), 0u);
  EXPECT_TRUE(server_.log().has_line({"link.refused", base::name(code)}));
  EXPECT_EQ(server_.log().text().find("a payload that nobody may see"), std::string::npos);
  const auto honest = client(site_2_, "honest");
  EXPECT_TRUE(honest->log_in());
  EXPECT_TRUE(honest->is_still_served());
}

}  // namespace fairlead::negative
