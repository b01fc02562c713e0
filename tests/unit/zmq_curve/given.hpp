/// What the tests of this room start from: CURVE keys, and two instances of the plugin that talk to each
/// other.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "../tcp_tls/fake_host.hpp"
#include "keys.hpp"

/// The two keys of a project and one that nobody knows.
struct Keys {
  zmq_curve::KeyPair server = zmq_curve::fresh_key_pair(), site = zmq_curve::fresh_key_pair(),
                     stranger = zmq_curve::fresh_key_pair();
};
std::string raw(const zmq_curve::PublicKey& key);

FakeConfig listening_config(const std::string& security, const zmq_curve::KeyPair& own);
FakeConfig dialling_config(const std::string& security, const zmq_curve::KeyPair& own,
                           const zmq_curve::PublicKey& server);

/// A listening and a dialling instance on one loop; the listener knows the site's key.
class Ends {
 public:
  explicit Ends(const std::string& security, const Keys& keys = {});
  Ends(const std::string& security, const FakeConfig& listening, const FakeConfig& dialling,
       const Keys& keys);
  /// Listens, dials and runs until the dialling end is open or closed and so is what the listener accepted.
  void connect();
  void listen();
  fairlead_conn* dial();
  bool run(const std::function<bool()>& done) { return loop.run_until(done); }
  bool both_open() const;
  int port() const;

  fairlead_loop loop;
  FakeHost server, client;
  fairlead_listener* listener = nullptr;
  fairlead_conn* dialled = nullptr;
  fairlead_conn* accepted = nullptr;
};

/// A connected TCP descriptor to a port of the loopback; -1 when nobody listens. Blocking, closed by the
/// caller.
int tcp_to(int port);

/// Each level of security.
class EachSecurity : public testing::TestWithParam<const char*> {};
