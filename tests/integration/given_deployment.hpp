/// GivenDeployment: a project provisioned by the real program, and its server and sites as real processes.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "support/given_project.hpp"
#include "support/running_process.hpp"
#include "support/ways.hpp"

namespace fairlead::integration {

namespace fs = std::filesystem;
using support::Finished;
using support::RunningProcess;
using Words = std::vector<std::string>;

/// Path of the program under test.
fs::path program();
/// Path of a tool of this machine.
std::string tool(const std::string& name);

/// `fairlead` with these arguments, to its end.
Finished fairlead(Words arguments, const RunningProcess::Options& options = {});
/// The same, running.
std::unique_ptr<RunningProcess> start_fairlead(Words arguments);
/// The words of `fairlead ARGUMENTS` as a process whose wall clock is off by this ("+600s", "-100d");
/// time-outs and pauses keep the true time. Not through `faketime` itself: that waits for the program as its
/// child, which would outlive a test that ends it. AddressSanitizer would refuse to be loaded behind it.
Words at_other_time(const std::string& offset, Words arguments);
/// The next line of a process as JSON; null when there is none.
base::Json read_json(RunningProcess& process);
/// `data` of a command that ended well with --json.
base::Json data_of(const Finished& finished);

using support::connection_of;
/// server, site-1, site-2, all connected in this way: a connection security over tcp, over zmq ("zmq_mtls"),
/// or the name of a transport that proves nothing ("unix", "exec", the command being socat to a server on tcp
/// in clear).
std::string project_of(const std::string& way);

/// What a refusal on the command line must be: this exit code, nothing on stdout, one line with this text and
/// a hint on stderr (`fairlead: ...; hint`, or FILE:LINE:COL: in front when a file is to blame), no secret.
void expect_refused(const Finished& finished, int code, const std::string& text);

/// A provisioned project with at most one running server.
class GivenDeployment {
 public:
  explicit GivenDeployment(const std::string& project, const Words& provision_options = {});

  fs::path kit(const std::string& participant) const { return kits_ / participant; }
  /// WORKSPACE/PROJECT.
  fs::path workspace() const { return kits_.parent_path(); }
  const fs::path& folder() const noexcept { return folder_.path(); }

  /// Provisions again in the same workspace; the folder with the kits that are new.
  fs::path provision_again(const std::string& project);
  /// Puts the startup folder of another kit into the place of this participant's.
  void replace_startup(const std::string& participant, const fs::path& from) const;
  /// Puts a revocation list into a participant's kit, like an administrator: as a whole.
  void put_list(const std::string& participant, const std::string& content) const;
  /// A list of this project's root.
  std::string list(long number, const std::vector<fs::path>& revoked_kits,
                   std::chrono::minutes life = std::chrono::hours(24)) const;

  /// Starts the server on a free port and waits until it is ready.
  void start_server(const Words& more = {});
  /// The same with the port of the former one.
  void restart_server(const Words& more = {});
  RunningProcess& server() { return *server_; }
  /// Ends the server in order; its last line.
  base::Json stop_server();
  const std::string& port() const noexcept { return port_; }
  /// Where a site dials: SCHEME://127.0.0.1:PORT.
  std::string address() const { return address_at(port_); }
  std::string address_at(const std::string& port) const { return scheme_ + "://127.0.0.1:" + port; }

  /// "-k KIT --set connect_to=..." of a site, for this server.
  Words site(const std::string& name, const std::string& host = "127.0.0.1") const;
  /// A one-shot command of a site: run("request", "site-1", {"--to", ...}).
  Finished run(const std::string& command, const std::string& name, const Words& more) const;
  /// A running `client` of a site, ready.
  std::unique_ptr<RunningProcess> start_client(const std::string& name, const Words& more = {}) const;
  /// A running `listen --jsonl` of a site, ready.
  std::unique_ptr<RunningProcess> start_listener(const std::string& name, const std::string& topic,
                                                 const Words& more = {}) const;

 private:
  fs::path provision(const std::string& project, const Words& options);
  /// What the kits' local files must say for the project's transport.
  void set_transport_up(const std::string& project);

  support::TempDir folder_;
  fs::path kits_;
  std::string scheme_ = "tcp";  ///< of the sites: the server's first listener's, but for exec
  std::string port_ = "0";
  std::unique_ptr<RunningProcess> server_;
};

/// Parameter: connection security of the whole project, or another way for project_of().
class EachSecurity : public testing::TestWithParam<const char*> {
 protected:
  EachSecurity() : deployment_(project_of(GetParam())) { deployment_.start_server(server_options()); }
  /// What the server of every test here answers with.
  Words server_options() const {
    return {"--echo", "--inbox", deployment_.folder().string(), "--broadcast", "announce"};
  }

  GivenDeployment deployment_;
};
inline const auto kSecurities = testing::Values("clear", "tls", "mtls");
/// The ways in which the server speaks the sites' scheme.
inline const auto kOtherSchemes = testing::Values("unix", "zmq_clear", "zmq_tls", "zmq_mtls");
inline const auto kOtherTransports = testing::Values("unix", "exec", "zmq_clear", "zmq_tls", "zmq_mtls");
inline std::string security_name(const testing::TestParamInfo<const char*>& info) { return info.param; }

}  // namespace fairlead::integration
