/// One end of the plugin against a stranger, mtls unless said otherwise: each presents a good certificate,
/// and each trusts the other's root.
#pragma once
#include <string>

#include "stranger.hpp"

/// A listener that a stranger dials.
class ListenerWithStranger {
 public:
  /// `key` is the kind of the listener's key, as in paths::Draft.
  explicit ListenerWithStranger(const std::string& key = "P-256", const std::string& security = "mtls");

  /// Dials and runs until the listener has decided.
  void connect();
  fairlead_conn& accepted() { return listener->accepted.back(); }
  bool is_open() { return accepted().opened == 1 && accepted().closed == 0; }
  bool run(const std::function<bool()>& done) { return run_with(loop, stranger, done); }

  fairlead::paths::Path own, theirs;
  fairlead_loop loop;
  FakeHost host{loop, plugin()};
  fairlead_listener* listener = nullptr;
  Stranger stranger{Stranger::Side::client};
};

/// A dialler that finds a stranger listening.
class DiallerWithStranger {
 public:
  /// `key` is the kind of the stranger's key.
  explicit DiallerWithStranger(const std::string& key = "P-256");

  /// Dials and runs until the dialler has decided.
  void connect();
  bool is_open() const { return dialled->opened == 1 && dialled->closed == 0; }
  bool run(const std::function<bool()>& done) { return run_with(loop, stranger, done); }

  fairlead::paths::Path own, theirs;
  fairlead_loop loop;
  FakeHost host{loop, plugin()};
  fairlead_conn* dialled = nullptr;
  Stranger stranger{Stranger::Side::server};
  std::string address = stranger.listen();
};

/// Two strangers: what OpenSSL itself would agree on. True once both ends are open.
bool agree(Stranger& client, Stranger& server);

/// A good path of `side` whose leaf has a key of this kind.
fairlead::paths::Path good_path(fairlead::paths::Side side, const std::string& key = "P-256");
