/// Whose CURVE keys may connect: a copy of what the kernel's "fairlead.peers/1" gives, renewed when it
/// changes.
#pragma once
#include <fairlead/peers.h>

#include <fairlead/transport.hpp>
#include <functional>
#include <set>

#include "keys.hpp"

namespace zmq_curve {

/// [home]
class PeerKeys {
 public:
  /// Without the extension no key is known.
  explicit PeerKeys(const fairlead_host& host);
  ~PeerKeys();
  PeerKeys(const PeerKeys&) = delete;
  PeerKeys& operator=(const PeerKeys&) = delete;
  bool knows(const PublicKey& key) const { return known_.contains(key); }
  /// `changed` runs after each change, when knows() tells of it.
  void on_change(std::function<void()> changed);

 private:
  void read();

  const fairlead_host& host_;
  const fairlead_peers* table_;
  std::set<PublicKey> known_;
  std::function<void()> changed_;
};

}  // namespace zmq_curve
