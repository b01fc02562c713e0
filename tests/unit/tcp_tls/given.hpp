/// What the tests of this room start from: the loaded plugin, a project's certificates, two connected ends.
#pragma once
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "certificates.hpp"
#include "fake_host.hpp"

/// The table of build/plugins/tcp_tls.so.
const fairlead_transport& plugin();

FakeConfig clear_config();
FakeConfig listening_config(const std::string& security, const Authority& trusted, const Identity& own);
FakeConfig dialling_config(const std::string& security, const Authority& trusted,
                           const Identity* own = nullptr);

/// One project: its authority, the server's and a site's identity.
struct Project {
  Authority authority{"project root"};
  Identity server = authority.issue({.common_name = "server", .purposes = "serverAuth"});
  Identity site = authority.issue({.common_name = "site-1", .names = "", .purposes = "clientAuth"});
};

/// A listening and a dialling instance on one loop.
class Ends {
 public:
  Ends(const FakeConfig& listening, const FakeConfig& dialling);
  /// Listens, dials `host` and runs until both ends are open or closed. `host` is written as in an address.
  void connect(const std::string& host = "127.0.0.1", const std::string& listen_host = "127.0.0.1");
  bool both_open() const;
  bool run(const std::function<bool()>& done) { return loop.run_until(done); }

  fairlead_loop loop;
  FakeHost server, client;
  fairlead_listener* listener = nullptr;
  fairlead_conn* dialled = nullptr;
  fairlead_conn* accepted = nullptr;
};

/// Two ends of one project with the given security, connected.
std::unique_ptr<Ends> GivenConnectedEnds(const std::string& security, const std::string& host = "127.0.0.1");
/// The configurations of a project's two ends.
std::pair<FakeConfig, FakeConfig> GivenConfigs(const std::string& security, const Project& project);

/// `size` bytes that differ from place to place.
std::string pattern(size_t size);
