/// GivenAttack: a live server, a hostile client with site-1's kit and the four things that every attack must
/// leave.
#pragma once
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "support/given_project.hpp"
#include "support/hostile_client.hpp"
#include "support/live_server.hpp"

namespace fairlead::negative {

/// Parameter: how the whole project is connected, as for project_text().
class GivenAttack : public testing::TestWithParam<const char*> {
 protected:
  /// `set`: settings of the server, as with --set.
  explicit GivenAttack(std::vector<std::string> set = {});

  /// A client with this kit for link and login.
  std::unique_ptr<support::HostileClient> client(const kit::Kit& kit, const std::string& app = "hostile");
  /// The same, logged in.
  std::unique_ptr<support::HostileClient> logged_in();

  /// The attack was refused with this code (to whom the peer was told `told`, when it was told at all),
  /// nothing was handled, an honest client is served, and the log has the reason and no secret.
  void expect_refused(support::HostileClient& attacker, base::Refusal code);
  void expect_harmless(base::Refusal code);

  /// A message to the handler that counts.
  auth::Draft draft(support::HostileClient& from) { return from.honest_draft("server", "count"); }
  bool is_mtls() const { return std::string_view(GetParam()).ends_with("mtls"); }

  support::GivenProject project_;
  kit::Kit site_1_, site_2_;
  support::LiveServer server_;
};

/// A project that is connected over tcp or zmq with a connection security ("mtls", "zmq_mtls"), over "unix"
/// sockets, or whose attackers come through the standard input of a command ("exec") to a server on tcp in
/// clear.
std::string project_text(const std::string& way, const std::string& name = "attacked");
kit::Kit open_kit(const std::filesystem::path& path);

/// Name of a test's parameter.
inline std::string security_name(const testing::TestParamInfo<const char*>& info) { return info.param; }
inline const auto kWays =
    testing::Values("clear", "tls", "mtls", "zmq_clear", "zmq_tls", "zmq_mtls", "unix", "exec");
inline const auto kWaysForCrowds = testing::Values("clear", "tls", "mtls", "zmq_clear", "zmq_tls", "zmq_mtls",
                                                   "unix");  ///< a process for each is too much

}  // namespace fairlead::negative
